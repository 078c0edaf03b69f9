"""Citations, by themselves and on the page of what they are about."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin.base import EditedAdmin
from timeline.admin.part import PartInline
from timeline.models import Citation

PLACE = [("source", "stance"), ("locator", "locator_vi")]
STATEMENT = ["statement_vi", "statement_en", "note"]


class CitationInline(PartInline, admin.StackedInline):
    model = Citation
    fields = [*PLACE, *STATEMENT]
    autocomplete_fields = ["source"]


@admin.register(Citation)
class CitationAdmin(EditedAdmin):
    fieldsets = [
        (None, {"fields": [*PLACE, *STATEMENT, "slug"]}),
        (
            _("About"),
            {
                "fields": ["trip", "meeting", "agreement", "tenure"],
                "description": _("Choose exactly one of these."),
            },
        ),
    ]
    autocomplete_fields = ["source", "trip", "meeting", "agreement", "tenure"]
    search_fields = ["source__search", "slug"]
    list_display = ["slug", "subject", "source", "locator", "stance"]
    list_select_related = ["source", "trip", "meeting", "agreement", "tenure__person"]
    list_filter = ["stance"]
