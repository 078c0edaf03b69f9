"""The right title on the right day: capacities against the offices that people held."""

import re
from functools import lru_cache

from timeline import text
from timeline.models import Participation
from timeline.models.bilingual import LANGUAGES
from timeline.models.codes import Role
from timeline.models.person import tenures_on
from timeline.rules.registry import WARNING, rule

CHUNK = 500
# Before a title these words make another office of it, or none any more.
CHANGING = {"vice", "deputy", "former", "acting", "pho", "cuu", "nguyen", "quyen"}
FORMER = {"former", "cuu", "nguyen"}


@lru_cache(maxsize=10_000)
def words(title):
    """The folded words of `title`. Few wordings stand in many rows, and folding is slow."""
    return tuple(re.findall(r"\w+", text.fold(title)))


def holds(longer, shorter):
    """Whether the words `shorter` stand in `longer`, as that office and not as its deputy's."""
    return any(
        longer[start : start + len(shorter)] == shorter
        and (start == 0 or longer[start - 1] not in CHANGING)
        for start in range(len(longer) - len(shorter) + 1)
    )


def fits(capacity, title):
    """Whether two wordings can name the same office: one, folded, holds the other."""
    capacity, title = words(capacity), words(title)
    return bool(capacity and title) and (holds(capacity, title) or holds(title, capacity))


def is_former(row):
    """Whether the capacity of `row` is an office held before."""
    return any(
        {*words(getattr(row, f"capacity_{language}"))[:1]} & FORMER for language in LANGUAGES
    )


def fits_an_office(row, offices):
    """Whether the capacity of `row` can name one of `offices`, in one language at least."""
    return any(
        fits(getattr(row, f"capacity_{language}"), getattr(office, f"title_{language}"))
        for office in offices
        for language in LANGUAGES
    )


def offices_against(row):
    """The offices of the day of a participation when its capacity fits none of them, else None.

    The list is empty when no office of the person is recorded for that day.
    """
    if not row.person_id or row.role == Role.SPOUSE or not (row.capacity_vi or row.capacity_en):
        return None
    if not row.subject.date_edtf or is_former(row):
        return None
    offices = tenures_on(row.person, row.subject)
    return None if fits_an_office(row, offices) else offices


@rule(
    "capacity-fits-office",
    WARNING,
    "the capacity of a named person on a dated record is an office held on that day: in one of the "
    "languages one wording holds the other; a spouse and a former office are free",
)
def capacity_fits_office():
    rows = (
        Participation.objects.filter(person__isnull=False)
        .exclude(role=Role.SPOUSE)
        .exclude(capacity_vi="", capacity_en="")
        .select_related("person", "trip", "meeting", "agreement")
        .prefetch_related("person__tenures")
        .order_by("person__slug", "slug")  # so that a chunk reads the offices of few people
    )
    for row in rows.iterator(chunk_size=CHUNK):
        offices = offices_against(row)
        if offices is None:
            continue
        date = row.subject.date_edtf
        if not offices:
            yield row, f"no office of {row.person.name} is recorded for {date}"
        else:
            yield (
                row,
                f"“{row.capacity}” fits no office of {row.person.name} on {date}: "
                + "; ".join(f"“{office.title}”" for office in offices),
            )


RULES = (capacity_fits_office,)
