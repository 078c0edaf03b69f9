"""What published records tell of one person: journeys, company, spellings of the name.

All of it begins with public entries or with what `timeline.public` gives. Each answer is bounded
and takes a fixed number of queries, however long a career is.
"""

from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from timeline import public
from timeline.models import RECORDS, Country, Person, TimelineEntry
from timeline.models.codes import MeetingKind, Role, Status

MOST = 20  # people met
SPELLINGS = 100  # participations that are looked through
TRAVELLING = (Role.HEAD, Role.MEMBER, Role.SPOUSE, Role.PARTICIPANT)
ABSENT = (Role.INVITER, Role.SENDER, Role.RECIPIENT, Role.SUBJECT)
PRESENT = [role for role in Role if role not in ABSENT]
DATE = Coalesce(*(f"{kind}__{bound}" for kind in RECORDS for bound in ("earliest", "latest")))
LAST_DATE = Coalesce(*(f"{kind}__{bound}" for kind in RECORDS for bound in ("latest", "earliest")))
SLUG = Coalesce(*(f"{kind}__slug" for kind in RECORDS))
LATEST_FIRST = F("last").desc(nulls_last=True)


@dataclass(frozen=True)
class Acquaintance:
    """Somebody met `times` times; the first and the last of it are None when it has no date."""

    person: Person
    times: int
    first: TimelineEntry | None
    last: TimelineEntry | None


@dataclass(frozen=True)
class Stay:
    """A country that somebody travelled to, on so many trips, between two years or None."""

    country: Country
    trips: int
    first_year: int | None
    last_year: int | None


def encounters():
    """The links of people to the held meetings in which they were present; letters are none.

    It is asked link by link, by two keys, and so that no database makes a join of it: SQLite would
    begin with all meetings that there are, PostgreSQL with all participations.
    """
    present = (
        public.participations("meeting")
        .exclude(meeting__kind=MeetingKind.CORRESPONDENCE)
        .alias(kind=Value(TimelineEntry.Kind.MEETING.value))
        .filter(
            kind=OuterRef("timelineentry__kind"),
            meeting__slug=OuterRef("timelineentry__slug"),
            meeting__status=Status.HELD,
            person=OuterRef("person"),
            role__in=PRESENT,
        )
    )
    was_there = Case(When(Exists(present), then=True), default=False)
    return TimelineEntry.people.through.objects.alias(was_there=was_there).filter(was_there=True)


def met(person):
    """Whom `person` met, the most frequent first: `Acquaintance`s, three queries."""
    dated = ~Q(timelineentry__date_edtf="")
    company = (
        encounters()
        .filter(timelineentry__in=encounters().filter(person=person).values("timelineentry"))
        .exclude(person=person)
        .values("person")
        .annotate(
            times=Count("pk"),
            first=Min("timelineentry__oldest_key", filter=dated),
            last=Max("timelineentry__oldest_key", filter=dated),
        )
        .order_by("-times", LATEST_FIRST, "person__sort_key", "person__slug")
    )
    found = list(company[:MOST])
    people = public.people().in_bulk([row["person"] for row in found])
    keys = {row[name] for row in found for name in ("first", "last")} - {None}
    entries = TimelineEntry.objects.only(
        "kind", "slug", "title_vi", "title_en", "date_edtf", "oldest_key"
    ).filter(oldest_key__in=keys)
    by_key = {entry.oldest_key: entry for entry in entries}
    return [
        Acquaintance(
            people[row["person"]], row["times"], by_key.get(row["first"]), by_key.get(row["last"])
        )
        for row in found
        if row["person"] in people  # and not withdrawn since
    ]


def journeys(person, role_in=TRAVELLING):
    """The entries of the trips in which `person` had one of these roles."""
    theirs = public.participations("trip").filter(
        trip__slug=OuterRef("slug"), person=person, role__in=role_in
    )
    return person.entries.filter(Exists(theirs), kind=TimelineEntry.Kind.TRIP)


def visits_received(person):
    """The entries of the trips in which `person` had a part, but did not travel."""
    travelled = journeys(person).values("pk")
    return person.entries.filter(kind=TimelineEntry.Kind.TRIP).exclude(pk__in=travelled)


def visited(person):
    """The countries of the trips that `person` made, the most frequent first; two queries."""
    made = public.participations("trip").filter(
        person=person, role__in=TRAVELLING, trip=OuterRef("trip")
    )
    rows = list(
        public.legs()
        .filter(Exists(made), trip__status=Status.HELD)
        .order_by()
        .values("country")
        .annotate(
            trips=Count("trip", distinct=True),
            first=Min(Coalesce("trip__earliest", "trip__latest")),
            last=Max(Coalesce("trip__latest", "trip__earliest")),
        )
        .order_by("-trips", LATEST_FIRST, "country__code")
    )
    countries = public.countries().in_bulk([row["country"] for row in rows])
    return [
        Stay(countries[row["country"]], row["trips"], *years(row))
        for row in rows
        if row["country"] in countries
    ]


def years(row):
    """The years of `first` and `last`: only a year is certain of bounds that were made of dates."""
    return tuple(row[name] and row[name].year for name in ("first", "last"))


def spellings(person):
    """{name as a record has it: the first record that has it}, of the other names in use."""
    rows = (
        public.participations()
        .filter(person=person)
        .exclude(name_as_recorded="")
        .select_related(*RECORDS)
        .order_by(DATE.asc(nulls_last=True), SLUG, "pk")
    )
    found = {}
    for row in rows[:SPELLINGS]:
        found.setdefault(row.name_as_recorded, row)
    return {name: row.subject for name, row in found.items()}
