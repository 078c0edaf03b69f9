"""What can be taken away, and what the columns and codes in it mean."""

from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.exchange.public_csv import COLUMNS
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
from timeline.views.page import public_page, show


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
    context = {
        "csv_url": reverse("timeline_csv"),
        "columns": COLUMNS,
        "code_lists": [
            {"column": column, "label": label, "codes": codes.choices}
            for column, label, codes in code_lists
        ],
    }
    return show(request, "data.html", context)
