"""What can be taken away, and what the columns and codes in it mean."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.exchange.colt.columns import COLUMNS as COLT_COLUMNS
from timeline.exchange.package.archive import last_change, pieces
from timeline.exchange.package.descriptor import version
from timeline.exchange.package.tables import TABLES, row_counts
from timeline.exchange.public_csv import COLUMNS
from timeline.feeds import atom, calendar, entries_json
from timeline.models import TimelineEntry
from timeline.models.codes import (
    AgreementKind,
    DateBasis,
    MeetingKind,
    Stage,
    Status,
    Verification,
    VisitKind,
)
from timeline.snapshot import within_snapshot
from timeline.views.page import public_page, show

PACKAGE_NAME = "timeline-data.zip"


@public_page
def data(request):
    code_lists = [
        ("kind", _("Kinds of entries"), TimelineEntry.Kind),
        ("type", _("Kinds of trips"), VisitKind),
        ("type", _("Kinds of meetings"), MeetingKind),
        ("type", _("Kinds of agreements"), AgreementKind),
        ("status", _("Status"), Status),
        ("stage", _("Stages of an agreement"), Stage),
        ("date_basis", _("Bases of a date"), DateBasis),
        ("verification", _("Verification"), Verification),
    ]
    counts = row_counts()
    context = {
        "csv_url": reverse("timeline_csv"),
        "columns": COLUMNS,
        "package": {
            "url": reverse("package"),
            "name": PACKAGE_NAME,
            "version": version(last_change()),
            "licences": settings.DATA_LICENSE,
            "tables": [(table, counts[table.name]) for table in TABLES],
        },
        "page_size": entries_json.SIZE,
        "feed_size": atom.SIZE,
        "calendar_size": calendar.LONGEST,
        "colt_url": reverse("trips_csv"),
        "colt_columns": COLT_COLUMNS,
        "code_lists": [
            {"column": column, "label": label, "codes": codes.choices}
            for column, label, codes in code_lists
        ],
    }
    return show(request, "data.html", context)


@public_page
def package(request):
    """All that is public as tables, in one archive that is the same in every language."""
    return StreamingHttpResponse(
        within_snapshot(pieces()) if request.method == "GET" else (),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{PACKAGE_NAME}"'},
    )
