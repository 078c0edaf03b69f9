"""The offices of people: as tenures show them, and as published records word them."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Subquery, When

from timeline import public, text
from timeline.models import RECORDS, Participation, Person, Tenure
from timeline.models.bilingual import BilingualText
from timeline.models.codes import TenureBasis
from timeline.portraits.acquaintance import DATE, LAST_DATE, LATEST_FIRST, years

WORDINGS = 30  # of one person
# Of several offices the latest: of those that last the newest one, else by the end, and of those
# that end together the longest; an office without a date is last.
LATEST_TENURE = (
    Case(When(date_edtf="", then=1), default=0),
    F("latest").desc(nulls_first=True),
    Case(When(latest=None, then=F("earliest"))).desc(nulls_last=True),
    F("earliest").asc(nulls_last=True),
    *("title_en", "title_vi"),
)
UNWORDED = Q(capacity_vi="", capacity_en="")
OF_A_COUNTRY = {"country__isnull": False, "organization": None}


@dataclass(frozen=True)
class Wording:
    """An office as records word it, in so many of them, between two years or None."""

    title_vi: str
    title_en: str
    times: int
    first_year: int | None
    last_year: int | None

    title = BilingualText("title")


@dataclass(frozen=True)
class Office:
    """An office somebody has, or had in `year` when that is known to be over or was only seen."""

    title_vi: str
    title_en: str
    year: int | None

    title = BilingualText("title")


def wordings(person):
    """The offices of `person` as published records word them, in the order of their first use."""
    rows = (
        public.participations()
        .filter(~UNWORDED, person=person)
        .order_by()
        .values("capacity_vi", "capacity_en")
        .annotate(times=Count("pk"), first=Min(DATE), last=Max(LAST_DATE))
        .order_by(LATEST_FIRST, "capacity_en", "capacity_vi")[:WORDINGS]
    )
    return [
        Wording(row["capacity_vi"], row["capacity_en"], row["times"], *years(row))
        for row in sorted(rows, key=lambda row: row["first"] or date.max)
    ]


def beyond(wordings, tenures):
    """Those of `wordings` that no tenure of as many years begins with, word by word."""
    return [row for row in wordings if not any(_tells(tenure, row) for tenure in tenures)]


def _tells(tenure, wording):
    said = text.words(wording.title)
    return (
        text.words(tenure.title)[: len(said)] == said
        and (not tenure.earliest or tenure.earliest.year <= (wording.first_year or MAXYEAR))
        and (not tenure.latest or tenure.latest.year >= (wording.last_year or MINYEAR))
    )


def _beside_an_office_of_a_country():
    """A condition on tenures: an office of a country was held at the end of it, or seen since.

    When offices overlap, the President is not introduced as the chairman of a board.
    """
    until = Q(latest=None) | Q(latest__gte=OuterRef("latest"))
    seen = Q(basis=TenureBasis.ATTESTED, latest__gte=OuterRef("earliest"))
    of_state = public.tenures().filter(person=OuterRef("person"), **OF_A_COUNTRY)
    return ~Q(**OF_A_COUNTRY) & Exists(of_state.exclude(date_edtf="").filter(until | seen))


def latest(people):
    """{key: the latest `Office`} of those of `people`, keys, who have one; three queries.

    A tenure comes before a wording, which is looked for only where there is no tenure.
    """
    theirs = public.tenures().filter(person=OuterRef("pk"))
    outshone = Case(When(_beside_an_office_of_a_country(), then=1), default=0)
    tenures = theirs.order_by(outshone, *LATEST_TENURE)
    worded = (
        public.participations()
        .filter(~UNWORDED, person=OuterRef("pk"))
        .order_by(DATE.desc(nulls_last=True), "capacity_en", "capacity_vi")
    )
    keys = (
        Person.objects.filter(pk__in=people)
        .annotate(tenure=Subquery(tenures.values("pk")[:1]))
        .annotate(worded=Case(When(tenure=None, then=Subquery(worded.values("pk")[:1]))))
        .values_list("pk", "tenure", "worded")
    )
    found = {pk: (tenure, wording) for pk, tenure, wording in keys}
    of_tenures = Tenure.objects.in_bulk([tenure for tenure, _wording in found.values() if tenure])
    of_records = Participation.objects.select_related(*RECORDS).in_bulk(
        [wording for _tenure, wording in found.values() if wording]
    )
    held = {pk: of_tenures.get(tenure) for pk, (tenure, _wording) in found.items()}
    seen = {pk: of_records.get(wording) for pk, (_tenure, wording) in found.items()}
    return {pk: _held(tenure) for pk, tenure in held.items() if tenure} | {
        pk: _seen(participation) for pk, participation in seen.items() if participation
    }


def _held(tenure):
    return Office(tenure.title_vi, tenure.title_en, tenure.latest and tenure.latest.year)


def _seen(participation):
    record = participation.subject
    day = record.latest or record.earliest
    return Office(participation.capacity_vi, participation.capacity_en, day and day.year)
