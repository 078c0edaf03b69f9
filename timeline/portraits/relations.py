"""What published records tell of countries: who travels where, who meets whom, which level.

All of it begins with public entries, which `timeline.public` narrows by what the edit side tells
of their records. The lists of entries are for the reader to cut; the others are bounded here.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce

from timeline import public
from timeline.models import Country, Person, TimelineEntry
from timeline.models.codes import AgreementKind, MeetingKind, Role, Status
from timeline.portraits.acquaintance import LATEST_FIRST, PRESENT, years

MOST = 30  # countries beside one, and pairs of people
Kind = TimelineEntry.Kind


@dataclass(frozen=True)
class Relation:
    """A country beside another one: in so many records, between two years or None."""

    country: Country
    times: int
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class Pair:
    """Two people of two countries who met `times` times, between two years or None."""

    one: Person
    other: Person
    times: int
    first_year: int | None
    last_year: int | None


def acting_for(country, prefix=""):
    """A condition on participations: for `country`, or by somebody of it when nothing is said."""
    said = Q(**{f"{prefix}country": country})
    unsaid = Q(**{f"{prefix}country": None, f"{prefix}person__country": country})
    return said | unsaid


def entries_of(*countries):
    """The entries that show all of `countries`."""
    entries = TimelineEntry.objects.all()
    for country in countries:
        entries = entries.filter(countries=country)
    return entries


def _led_by(country):
    heads = public.participations("trip").filter(trip__slug=OuterRef("slug"), role=Role.HEAD)
    return Exists(heads.filter(acting_for(country)))


def _reaching(country):
    return Exists(public.legs().filter(trip__slug=OuterRef("slug"), country=country))


def journeys(of, into=None):
    """The trips of delegations of the country `of`, or those of them that reach `into`."""
    trips = of.entries.filter(_led_by(of), kind=Kind.TRIP)
    return trips.filter(_reaching(into)) if into else trips


def visits(country):
    """The trips that reach `country` and are not its own."""
    return country.entries.filter(_reaching(country), ~_led_by(country), kind=Kind.TRIP)


def _setting_a_level(country, other=None):
    """A condition on entries: both countries, or this one and another, are parties to a level.

    A survey of relations has one party, and what a country does by itself has none.
    """
    parties = public.participations("agreement").filter(
        agreement__slug=OuterRef("slug"), role=Role.PARTY
    )
    theirs = parties.filter(country=country)
    others = parties.filter(country=other) if other else parties.exclude(country=country)
    named = others.filter(country__isnull=False)
    return Q(Exists(theirs), Exists(named), type=AgreementKind.PARTNERSHIP)


def levels(*countries):
    """The agreements that set or change the level of relations of two countries."""
    of_all = entries_of(*countries).filter(kind=Kind.AGREEMENT)
    return of_all.filter(_setting_a_level(*countries))


def agreements(*countries):
    """The other agreements."""
    of_all = entries_of(*countries).filter(kind=Kind.AGREEMENT)
    return of_all.exclude(_setting_a_level(*countries))


def meetings_in(country):
    place = public.records("meeting").filter(slug=OuterRef("slug"), country=country)
    return country.entries.filter(Exists(place), kind=Kind.MEETING)


def meetings_elsewhere(one, other):
    """The meetings of two countries that took place in a third one."""
    place = public.records("meeting").filter(slug=OuterRef("slug"), country__isnull=False)
    third = place.exclude(country__in=(one, other))
    return entries_of(one, other).filter(Exists(third), kind=Kind.MEETING)


def neighbours(country):
    """The countries that stand in records with `country`, the most frequent first; two queries."""
    links = TimelineEntry.countries.through.objects.filter(timelineentry__countries=country)
    rows = list(
        links.exclude(country=country)
        .values("country")
        .annotate(
            times=Count("pk"),
            first=Min(Coalesce("timelineentry__earliest", "timelineentry__latest")),
            last=Max(Coalesce("timelineentry__latest", "timelineentry__earliest")),
        )
        .order_by("-times", LATEST_FIRST, "country__code")[:MOST]
    )
    countries = public.countries().in_bulk([row["country"] for row in rows])
    return [
        Relation(countries[row["country"]], row["times"], *years(row))
        for row in rows
        if row["country"] in countries
    ]


def who_met_whom(one, other):
    """The pairs of people of two countries who met, the most frequent first; two queries."""
    theirs = "meeting__participations__"
    keys = ("person", f"{theirs}person")
    meetings = public.participations("meeting").filter(meeting__status=Status.HELD)
    together = meetings.exclude(meeting__kind=MeetingKind.CORRESPONDENCE).filter(
        acting_for(one),
        acting_for(other, theirs),
        **{f"{key}__isnull": False for key in keys},
        **{f"{prefix}role__in": PRESENT for prefix in ("", theirs)},
    )
    rows = list(
        together.order_by()
        .values(*keys)
        .annotate(
            times=Count("meeting", distinct=True),
            first=Min(Coalesce("meeting__earliest", "meeting__latest")),
            last=Max(Coalesce("meeting__latest", "meeting__earliest")),
        )
        .order_by("-times", LATEST_FIRST, *(f"{key}__sort_key" for key in keys), *keys)[:MOST]
    )
    people = public.people().in_bulk({row[key] for row in rows for key in keys})
    return [
        Pair(*(people[row[key]] for key in keys), row["times"], *years(row))
        for row in rows
        if len({row[key] for key in keys} & people.keys()) == 2  # nobody meets themselves
    ]
