"""Dates that do not agree with other dates, or with what is said about them.

Two dates disagree when they share no day; an open end, or no date at all, shares every day.
"""

from django.db.models import F, Q

from timeline.models import RECORDS, Agreement, Meeting, TripLeg
from timeline.models.codes import DateBasis
from timeline.rules.registry import ERROR, WARNING, rule

CHILDREN = ((TripLeg, "trip"), (Agreement, "trip"), (Agreement, "part_of"), (Meeting, "part_of"))


def disjoint(model, other):
    """The rows of `model` that share no day with the row that their field `other` names."""
    after = Q(earliest__gt=F(f"{other}__latest"))
    before = Q(latest__lt=F(f"{other}__earliest"))
    return model.objects.filter(after | before).select_related(other).order_by("slug")


@rule(
    "child-within-parent",
    ERROR,
    "a leg or agreement shares a day with its trip, a side-meeting with its session, "
    "a member with its set",
)
def child_within_parent():
    for model, name in CHILDREN:
        for row in disjoint(model, name):
            parent = getattr(row, name)
            yield (
                row,
                f"{row.date_edtf} lies outside {parent.date_edtf}, "
                f"the date of {parent._meta.model_name} {parent.slug}",
            )


@rule(
    "agreement-at-its-meeting",
    ERROR,
    "an agreement shares a day with the meeting where it was signed",
)
def agreement_at_its_meeting():
    for row in disjoint(Agreement, "meeting"):
        yield (
            row,
            f"is dated {row.date_edtf}, and meeting {row.meeting.slug}, "
            f"where it was signed, {row.meeting.date_edtf}",
        )


@rule(
    "basis-fits-date",
    WARNING,
    "a record with a date says how it is known, one without a date does not, "
    "and only what belongs to a trip is dated by it",
)
def basis_fits_date():
    unknown = Q(date_basis=DateBasis.UNKNOWN)
    for model in RECORDS.values():
        for row in model.objects.filter(unknown ^ Q(date_edtf="")).order_by("slug"):
            if row.date_edtf:
                yield row, f"has the date {row.date_edtf} of unknown basis"
            else:
                yield row, f"has no date, and yet the basis of a date: {row.date_basis}"
    for model in (Meeting, Agreement):
        alone = model.objects.filter(date_basis=DateBasis.WITHIN_TRIP, trip=None)
        for row in alone.order_by("slug"):
            yield row, f"has the basis {DateBasis.WITHIN_TRIP} and belongs to no trip"


RULES = (child_within_parent, agreement_at_its_meeting, basis_fits_date)
