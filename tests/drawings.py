"""Drawings of time for tests: as large as they may be, from rows that no database has."""

from dataclasses import dataclass

from django.http import QueryDict
from django.template import Context, Template

from timeline import edtf
from timeline.filters import TimelineFilter
from timeline.models import Agreement, Meeting, TimelineEntry, Trip
from timeline.shapes import bars, years

OVERVIEW = "{% load shapes %}{% years_overview spans trips filter %}"
SCHEDULE = "{% load shapes %}{% schedule trip meetings agreements %}"
RELATION = "{% load shapes %}{% relation_axis items 7 'To Cuba' 'From Cuba' %}"
TITLE = 'Trip <b>of</b> "Tô Lâm" & others '
# A date of every form that is drawn in its own way.
DATES = ("2024-01-02", "2024-02", "2023?", "[2024-03-01..2024-03-09]", "2024-05/..", "/2023-07-01")
STATUSES = ("held", "announced", "cancelled")


@dataclass
class Record:
    """What the geometry asks of a record."""

    date_edtf: str
    date_basis: str = "stated"
    status: str = "held"
    kind_of_record: str = "meeting"

    @property
    def date(self):
        return edtf.parse(self.date_edtf) if self.date_edtf else None


def trip(n, date, status="held", title=TITLE * 8):
    return TimelineEntry(
        kind="trip", slug=f"trip-{n}", title_vi=title, date_edtf=date, status=status
    )


def overview(spans, trips=(), query=""):
    chosen = TimelineFilter(QueryDict(query))
    assert chosen.is_valid()
    context = {"spans": spans, "trips": trips, "filter": chosen}
    return Template(OVERVIEW).render(Context(context))


def full_overview(query="", number=12_345, trips=bars.MOST):
    """Sixty columns with everything in them, and as many trips as are drawn."""
    spans = [
        (year, year + (nature == "one_of"), nature, kind, number)
        for year in range(1967, 2026)
        for nature in ("", "one_of", "about")
        for kind in years.KINDS
    ]
    dates = [f"{1967 + n % 59}-0{n % 9 + 1}~" for n in range(trips)]
    return overview(spans, [trip(n, date) for n, date in enumerate(dates)], query)


def schedule(days, statuses=STATUSES):
    meetings = [
        Meeting(slug=f"m-{n}", title_en=TITLE, date_edtf=day, status=statuses[n % len(statuses)])
        for n, day in enumerate(days)
    ]
    agreement = Agreement(slug="a", title_vi=TITLE, date_edtf="2024-09-22/2024-09-24")
    of = Trip(slug="t", title_en="Trip", date_edtf="2024-09-21/2024-09-27")
    context = {"trip": of, "meetings": meetings, "agreements": [agreement]}
    return Template(SCHEDULE).render(Context(context))


def full_schedule():
    days = [f"2024-09-2{n % 7 + 1}" for n in range(80)]
    return schedule([*days, *["[2024-09-21..2024-09-27]"] * 30, "2024-09", "2024-09-22~"])


def relation(items):
    return Template(RELATION).render(Context({"items": items}))


def full_relation():
    trips = [("in" if n % 2 else "out", trip(n, DATES[n % 6])) for n in range(bars.MOST)]
    level = Agreement(slug="l", title_en="Partnership", date_edtf="2023-09")
    return relation([*trips, ("level", level)])
