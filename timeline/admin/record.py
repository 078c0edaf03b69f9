"""What the pages of trips, meetings and agreements share."""

from django.contrib import admin, messages
from django.http import StreamingHttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from timeline.admin.base import EditedAdmin
from timeline.admin.capacity import WarnsOfCapacities
from timeline.admin.lists import RecordList
from timeline.admin.publication import Publication
from timeline.admin.steps import Steps
from timeline.exchange import public_csv
from timeline.models import TimelineEntry

TITLES = (
    None,
    {"fields": ["title_vi", "title_en", "slug"]},
)
DATE = (
    gettext_lazy("Date"),
    {"fields": [("date_edtf", "date_basis"), ("date_note_vi", "date_note_en")]},
)
SUMMARY = (gettext_lazy("Summary"), {"fields": ["summary_vi", "summary_en"]})
PUBLICATION = (
    gettext_lazy("Publication"),
    {
        "fields": [
            ("verification", "publish_at"),
            ("state_shown", "published_at", "withdrawn_reason"),
        ],
        "description": gettext_lazy(
            "The state changes through the buttons at the top of this page, never here."
        ),
    },
)


class RecordAdmin(Steps, RecordList, WarnsOfCapacities, Publication, EditedAdmin):
    """A trip, meeting or agreement: its state changes through the publication steps alone."""

    readonly_fields = ["state_shown", "published_at", "withdrawn_reason"]
    actions = [*Publication.actions, "download_timeline_csv"]

    def is_public(self, obj):
        return obj.is_published

    @admin.action(
        permissions=["view"], description=gettext_lazy("Download as timeline CSV (published only)")
    )
    def download_timeline_csv(self, request, queryset):
        entries = TimelineEntry.objects.filter(
            kind=self.opts.model_name,
            slug__in=queryset.order_by().values("slug"),
        )
        chosen, published = queryset.count(), entries.count()
        if published < chosen:
            sentence = _(
                "%(left_out)s of %(chosen)s chosen rows were left out: they are not published."
            ) % {"left_out": chosen - published, "chosen": chosen}
            self.message_user(request, sentence, messages.WARNING)
        if not published:
            return None
        origin = request.build_absolute_uri("/").rstrip("/")
        lines = public_csv.lines(entries.select_related("trip"), origin, get_language())
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="timeline.csv"'
        return response
