"""A trip on which everything happened, and all that may change about it."""

from django.db.models import QuerySet

from tests import builders
from timeline.models import (
    Agreement,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    TripLeg,
)

EVENT, METHOST, METTHIRD = "AttendedMultilatEvent", "MetHostHoGS", "MetNonhostHOGS"
SIGNED, SPOKE = "SignedAgreement", "PublicAddress"
YES_OR_NO = [EVENT, METHOST, METTHIRD, SIGNED, SPOKE]


def write():
    """Each thing happened at an event of its own."""
    Country.objects.create(code="ID", iso3="IDN", name_vi="Indonesia", name_en="Indonesia")
    vietnam, america = builders.country("VN"), builders.country("US")
    lam, trump = builders.person("Tô Lâm"), builders.person("Donald Trump")
    open_one = builders.source("News", slug="news", url="https://example.org/news")
    trip = builders.published(
        builders.trip,
        "To Lam in the United States",
        open_one,
        slug="2026-us",
        date_edtf="2026-02-18/2026-02-20",
        summary_en="It was short.",
        date_note_en="Local days.",
    )
    leader = {"person": lam, "country": vietnam, "capacity_en": "General Secretary"}
    builders.participation(trip, role="head", **leader)
    builders.leg(trip, place_en="Washington")

    def event(kind, role="participant"):
        slug = {"slug": f"2026-{kind}", "kind": kind, "trip": trip, "country": america}
        row = builders.published(builders.meeting, kind.title(), open_one, **slug)
        builders.participation(row, role=role, order=2, **leader)
        return row

    president = {"person": trump, "country": america, "capacity_en": "President"}
    builders.participation(event("talks"), role="host", **president)
    indonesia = Country.objects.get(code="ID")
    builders.participation(event("meeting"), country=indonesia, capacity_en="President")
    body = builders.organization("United Nations", kind="international")
    builders.participation(event("session"), organization=body, role="organiser")
    event("speech", "speaker")
    signing = {"trip": trip, "meeting": event("ceremony", "witness"), "stage": "signed"}
    builders.published(builders.agreement, "Purchase", open_one, slug="purchase", **signing)


# Written past the models, because the timeline of meetings does not matter here and takes time.
def of_leader():
    return QuerySet(Participation).filter(meeting__isnull=False, person__slug="to-lam")


def of_others():
    return QuerySet(Participation).filter(meeting__isnull=False).exclude(person__slug="to-lam")


def head():
    return QuerySet(Participation).filter(role="head")


def agreements():
    return QuerySet(Agreement)


def set_all(rows, **values):
    return lambda: rows().update(**values)


def meetings(*kinds):
    return lambda: QuerySet(Meeting).filter(**({"kind__in": kinds} if kinds else {}))


def sign_without_a_ceremony():
    agreements().update(meeting=None)
    agreement = Agreement.objects.get()
    lam = Person.objects.get(slug="to-lam")
    builders.participation(agreement, person=lam, role="signatory")


def three_countries_without_a_body():
    QuerySet(Organization).update(kind="company")
    session = Meeting.objects.get(kind="session")
    for code in ("US", "CU"):
        builders.participation(session, country=builders.country(code))


# What is changed on that trip, and what is still known then: the rest is empty, and never No.
CASES = {
    "nothing": (lambda: None, YES_OR_NO),
    "announced": (set_all(meetings(), status="announced"), []),
    "called off": (set_all(meetings(), status="cancelled"), []),
    "by telephone": (set_all(meetings(), mode="phone"), []),
    "nobody knows how": (set_all(meetings(), mode="unknown"), []),
    "disputed": (set_all(meetings(), verification="disputed"), []),
    "not published": (set_all(meetings(), state="draft"), []),
    "of no trip": (set_all(meetings(), trip=None), []),
    "somewhere": (set_all(meetings(), country=None), []),
    "elsewhere": (lambda: meetings()().update(country=builders.country("CU")), []),
    "leader invited only": (set_all(of_leader, role="inviter"), []),
    "a member of the delegation": (
        lambda: of_leader().update(person=builders.person("Phan Văn Giang")),
        [],
    ),
    "leader without a name": (
        set_all(head, person=None),
        [],
    ),
    "leader of no country": (
        set_all(head, country=None),
        [EVENT, SIGNED, SPOKE],
    ),
    "they invited only": (set_all(of_others, role="inviter"), [SIGNED, SPOKE]),
    "they were compatriots": (
        lambda: of_others().update(country=builders.country("VN")),
        [EVENT, SIGNED, SPOKE],
    ),
    "they held other offices": (
        set_all(of_others, capacity_en="Vice President"),
        [EVENT, SIGNED, SPOKE],
    ),
    "they sat in ceremonies": (
        set_all(meetings("talks", "meeting"), kind="ceremony"),
        [EVENT, SIGNED, SPOKE],
    ),
    "a session of a company": (
        lambda: QuerySet(Organization).update(kind="company"),
        [METHOST, METTHIRD, SIGNED, SPOKE],
    ),
    "a session of three countries": (three_countries_without_a_body, YES_OR_NO),
    "leader heard a speech": (
        lambda: of_leader().filter(role="speaker").update(role="participant"),
        [EVENT, METHOST, METTHIRD, SIGNED],
    ),
    "handed over, or signed": (
        set_all(agreements, stage="signed_or_handed_over"),
        [EVENT, METHOST, METTHIRD, SPOKE],
    ),
    "a disputed agreement": (
        set_all(agreements, verification="disputed"),
        [EVENT, METHOST, METTHIRD, SPOKE],
    ),
    "a draft of an agreement": (
        set_all(agreements, state="draft"),
        [EVENT, METHOST, METTHIRD, SPOKE],
    ),
    "signed who knows where": (
        set_all(agreements, meeting=None),
        [EVENT, METHOST, METTHIRD, SPOKE],
    ),
    "signed by the leader": (sign_without_a_ceremony, YES_OR_NO),
    "a trip without legs": (lambda: TripLeg.objects.all().delete(), [EVENT, SIGNED, SPOKE]),
}
