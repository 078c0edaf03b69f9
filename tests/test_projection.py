"""The timeline shows the published records, what the public may see of them, and nothing else."""

import pytest
from django.db import transaction

from tests import builders
from tests.builders import published
from timeline import projection
from timeline.models import Citation, Meeting, Participation, Person, TimelineEntry, Trip

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return builders.source(title_vi="Tổng Bí thư thăm Hoa Kỳ")


def entry(kind="trip"):
    return TimelineEntry.objects.get(kind=kind)


def slugs(order="oldest_key"):
    return list(TimelineEntry.objects.order_by(order).values_list("slug", flat=True))


def everything():
    """All that the timeline holds, links included."""
    rows = TimelineEntry.objects.order_by("oldest_key")
    links = [list(rows.order_by("oldest_key", name).values_list(name)) for name in projection.LINKS]
    return list(rows.values()), links


def test_an_entry_holds_what_a_published_record_shows(source):
    """The trip of September 2024, as far as its entry goes."""
    us, boeing = builders.country("US"), builders.organization("Boeing", name_vi="Hãng Boeing")
    label = {"public_label_en": "Ministry report", "public_label_vi": "Báo cáo của Bộ"}
    report = builders.source("Secret", access="citation", **label)
    trip = builders.trip(
        title_vi="Tô Lâm tại New York",
        summary_en="He addressed the General Assembly.",
        kind="multilateral",
    )
    builders.leg(trip, "US", place_vi="Niu Oóc", place_en="New York")
    office = {"capacity_vi": "Tổng Bí thư, Chủ tịch nước", "capacity_en": "President"}
    builders.participation(
        trip,
        person=builders.person(aliases="To-Lam"),
        role="head",
        country=builders.country(),
        **office,
    )
    builders.participation(trip, organization=boeing, country=us, role="organiser")
    builders.participation(
        trip, country=us, role="host", capacity_en="Secretary of State", capacity_vi="Ngoại trưởng"
    )
    for cited in (source, report, builders.source("Secret plan", access="internal")):
        builders.citation(trip, source=cited)
    trip.state = "published"
    trip.save()
    shown = TimelineEntry.objects.values().get()
    for name in ("id", "oldest_key", "newest_key", "published_at", "changed_at", "digest"):
        shown.pop(name)
    assert shown == {
        "kind": "trip",
        "slug": "to-lam-in-new-york",
        "type": "multilateral",
        "status": "held",
        "stage": "",
        "verification": "unverified",
        "title_vi": "Tô Lâm tại New York",
        "title_en": "To Lam in New York",
        "summary_vi": "",
        "summary_en": "He addressed the General Assembly.",
        "date_edtf": "2024-09-21/2024-09-24",
        "date_basis": "unknown",
        "earliest": trip.earliest,
        "latest": trip.latest,
        "first_year": 2024,
        "last_year": 2024,
        "sources_differ": False,
        "place_vi": "Niu Oóc, Hoa Kỳ",
        "place_en": "New York, United States",
        "participants_vi": shown["participants_vi"],
        "participants_en": (
            "Boeing: organiser\n"
            "Tô Lâm (President): head of delegation\n"
            "Secretary of State (United States): host"
        ),
        "sources_vi": f"{source.title_vi}\n{label['public_label_vi']}",
        "sources_en": f"{source.title_en}\n{label['public_label_en']}",
        "country_codes": "US; VN",
        "search": shown["search"],
        "search_title": " to lam tai new york \n to lam in new york ",
        "trip_id": None,
    }
    for name in (
        "Hãng Boeing: ",
        "Tô Lâm (Tổng Bí thư, Chủ tịch nước): ",
        "Ngoại trưởng (Hoa Kỳ): ",
    ):
        assert name in shown["participants_vi"]
    for folded in ("to lam tai new york", "general assembly", "niu ooc", "to lam", "hang boeing"):
        assert f" {folded} " in shown["search"]
    links = {name: set(getattr(entry(), name).all()) for name in projection.LINKS}
    assert links == {
        "countries": {builders.country(), us},
        "people": set(Person.objects.all()),
        "organizations": {boeing},
    }


@pytest.mark.parametrize(
    ("changes", "differ"),
    [
        ({}, False),
        ({"stance": "confirms"}, False),
        ({"stance": "contradicts"}, True),
        ({"stance": "contradicts", "access": "internal"}, False),
        ({"verification": "disputed"}, True),
    ],
)
def test_an_entry_says_whether_the_sources_differ(source, changes, differ):
    trip = published(builders.trip, "To Lam in New York", source)
    other = builders.source("Another", access=changes.get("access", "public"))
    builders.citation(trip, source=other, stance=changes.get("stance", "reports"))
    Trip.objects.update(verification=changes.get("verification", "verified"))
    assert entry().sources_differ is differ


ORDER = [  # (kind, date, slug) as the timeline shows them, oldest first
    ("trip", "../2023", "until-2023"),  # an open start stands where its end is
    ("trip", "2024", "trip-of-the-year"),
    ("meeting", "2024-01", "in-january"),
    ("meeting", "2024-01-01", "new-year"),
    ("trip", "2024-09-21/..", "trip-with-open-end"),
    ("trip", "2024-09-21/2024-09-24", "trip"),
    ("meeting", "2024-09-21/2024-09-24", "session"),
    ("agreement", "2024-09-21/2024-09-24", "agreement"),
    ("meeting", "2024-09-21", "a-meeting"),
    ("meeting", "2024-09-21", "b-meeting"),
    ("agreement", "2024-09-21", "a-agreement"),
    ("meeting", "[2026-02-19..2026-02-20]", "one-of-two-days"),
    ("trip", "", "undated-trip"),
    ("meeting", "", "undated-meeting"),
]


@pytest.fixture
def chronicle(source):
    # Not in the order of the table: only the keys can put them there.
    for kind, date, slug in sorted(ORDER, key=lambda row: row[2]):
        build = getattr(builders, kind)
        published(build, slug, source, slug=slug, date_edtf=date)


def test_the_oldest_come_first_and_the_undated_last(chronicle):
    assert slugs() == [slug for _kind, _date, slug in ORDER]


def test_the_newest_come_first_and_the_undated_still_last(chronicle):
    assert slugs("newest_key") == [
        *("one-of-two-days", "trip-with-open-end", "trip", "session", "agreement"),
        *("a-meeting", "b-meeting", "a-agreement", "trip-of-the-year", "in-january", "new-year"),
        *("until-2023", "undated-trip", "undated-meeting"),
    ]


def test_a_part_links_to_its_trip_while_both_are_published(source):
    trip = builders.trip()
    builders.citation(trip, source=source)
    published(builders.meeting, "Talks", source, trip=trip)
    published(builders.agreement, "Purchase", source, trip=trip)

    def linked():
        parts = TimelineEntry.objects.exclude(kind="trip")
        return set(parts.values_list("slug", "trip__slug"))

    assert linked() == {("talks", None), ("purchase", None)}
    Trip.objects.update(state="published")
    assert linked() == {("talks", trip.slug), ("purchase", trip.slug)}
    Trip.objects.update(slug="2024-new-york")
    assert linked() == {("talks", "2024-new-york"), ("purchase", "2024-new-york")}
    Trip.objects.update(state="withdrawn")
    assert linked() == {("talks", None), ("purchase", None)}


def test_a_link_to_a_trip_comes_and_goes_without_a_change_of_the_part(source):
    trip = builders.trip()
    part = published(builders.meeting, "Talks", source, trip=trip)
    before = TimelineEntry.objects.values().get(slug=part.slug)
    Trip.objects.update(state="published")
    after = TimelineEntry.objects.values().get(slug=part.slug)
    assert after | {"trip_id": None} == before


TOLD_CHANGES = {
    "the locator": lambda trip: Citation.objects.update(locator="II.1.2"),
    "the statement": lambda trip: Citation.objects.update(statement_en="It says so."),
    "another citation": lambda trip: builders.citation(trip, source=builders.source("Further")),
    "the purpose": lambda trip: Trip.objects.update(purpose_en="To address the Assembly."),
    "who invited": lambda trip: builders.leg(trip, "US", invited_by_en="The United Nations"),
}


@pytest.mark.parametrize("change", TOLD_CHANGES.values(), ids=TOLD_CHANGES)
def test_what_only_the_page_of_a_record_tells_moves_its_time_of_change(source, change):
    trip = published(builders.trip, "To Lam in New York", source)
    before = TimelineEntry.objects.get().changed_at
    change(trip)
    assert TimelineEntry.objects.get().changed_at > before
    assert list(projection.differences()) == []


HIDDEN_CHANGES = {
    "an internal note": lambda trip: Citation.objects.update(note="ask the archive"),
    "an internal citation": lambda trip: builders.citation(
        trip, source=builders.source("Secret", access="internal")
    ),
    "the author of a source": lambda trip: trip.citations.get().source.save(),
    "a draft in the trip": lambda trip: builders.meeting(trip=trip),
    "another person": lambda trip: builders.person("Lương Cường"),
    "saving without a change": lambda trip: trip.save(),
}


@pytest.mark.parametrize("change", HIDDEN_CHANGES.values(), ids=HIDDEN_CHANGES)
def test_what_the_public_cannot_see_changes_no_byte_of_an_entry(source, change):
    trip = published(builders.trip, "To Lam in New York", source)
    before = everything()
    change(trip)
    assert everything() == before


SHOWN_CHANGES = {
    "a title": lambda trip: Trip.objects.update(title_vi="Thăm"),
    "a date": lambda trip: Trip.objects.update(date_edtf="2024-09"),
    "a person's name": lambda trip: Person.objects.update(name="Tô Lâm (Hưng Yên)"),
    "a person's other names": lambda trip: Person.objects.update(aliases="General To Lam"),
    "a country's name": lambda trip: type(builders.country()).objects.update(name_en="America"),
    "a source's title": lambda trip: type(builders.source()).objects.update(title_en="News"),
    "an office": lambda trip: Participation.objects.update(capacity_en="President"),
    "one more leg": lambda trip: builders.leg(trip, "CU"),
    "no participant": lambda trip: Participation.objects.all().delete(),
    "a closed source": lambda trip: builders.citation(
        trip, source=builders.source(access="citation", public_label_en="Report")
    ),
}


@pytest.mark.parametrize("change", SHOWN_CHANGES.values(), ids=SHOWN_CHANGES)
def test_what_the_public_sees_changes_the_entry_and_its_time(source, change):
    trip = published(builders.trip, "To Lam in New York", source)
    builders.leg(trip)
    builders.participation(trip)
    before = entry()
    change(trip)
    after = entry()
    assert after.changed_at > before.changed_at
    assert after.published_at == before.published_at
    assert list(projection.differences()) == []


def test_a_row_touches_the_records_that_show_it_and_no_others(source):
    trip, deal = builders.trip(), builders.agreement()
    talks = builders.meeting("Talks", country=builders.country("CU"))
    builders.meeting("Shows nobody")
    leg, item = builders.leg(trip, "US"), builders.item(deal)
    boeing, lam = builders.organization("Boeing"), builders.person()
    seller = builders.participation(deal, organization=boeing, country=builders.country("LA"))
    head = builders.participation(talks, person=lam, country=builders.country("US"))
    builders.participation(trip, person=lam)
    cited = builders.citation(deal, source=source)
    office = builders.tenure(person=lam)
    of_office = builders.citation(office, source=source)
    trip_key, talks_key = ("trip", trip.slug), ("meeting", talks.slug)
    deal_key = ("agreement", deal.slug)
    touched = [
        *((row, {trip_key}) for row in (trip, leg)),
        *((row, {talks_key}) for row in (talks, head, builders.country("CU"))),
        *((row, {deal_key}) for row in (deal, item, boeing, seller, cited, source)),
        (builders.country("LA"), {deal_key}),
        (builders.country("US"), {trip_key, talks_key}),
        (lam, {trip_key, talks_key}),
        *((row, set()) for row in (office, of_office, builders.country("VN"))),
    ]
    for row, records in touched:
        assert projection.touched_by(row) == records, row


def test_a_batch_writes_the_same_entries_as_single_saves(source):
    def chronicle():
        trip = published(builders.trip, "To Lam in New York", source)
        meeting = published(builders.meeting, "Talks", source, trip=trip)
        builders.participation(meeting, country=builders.country("US"))
        Trip.objects.update(slug="new-york", title_vi="Thăm")
        builders.leg(trip)
        Person.objects.update(name="Lương Cường")

    def shown():
        rows, links = everything()
        changing = {"id", "trip_id", "published_at", "changed_at"}
        return [{k: v for k, v in row.items() if k not in changing} for row in rows], links

    with transaction.atomic():
        chronicle()
        single = shown()
        transaction.set_rollback(True)
    with projection.batch():
        chronicle()
        assert slugs() == []
    assert shown()[0] == single[0]
    assert list(projection.differences()) == []


def test_a_batch_that_fails_leaves_nothing_and_no_trace_in_the_next(source):
    trip = published(builders.trip, "To Lam in New York", source)
    before = everything()
    with pytest.raises(RuntimeError), projection.batch():
        Trip.objects.update(title_en="Lost")
        raise RuntimeError
    assert (everything(), Trip.objects.get().title_en) == (before, "To Lam in New York")
    trip.title_en = "Kept"
    trip.save()
    assert entry().title_en == "Kept"


def test_a_batch_in_a_batch_is_undone_alone(source):
    trip = published(builders.trip, "To Lam in New York", source)
    with projection.batch():
        Trip.objects.update(title_en="Outer")
        with pytest.raises(RuntimeError), projection.batch():
            Trip.objects.update(title_en="Inner", slug="inner")
            raise RuntimeError
        with projection.batch():
            Trip.objects.update(title_vi="Trong")
        assert entry().title_en == trip.title_en
    assert (slugs(), entry().title_en, entry().title_vi) == ([trip.slug], "Outer", "Trong")


def test_a_record_with_many_participants_takes_as_many_queries_as_one_with_two(
    source, django_assert_max_num_queries
):
    trip = published(builders.trip, "To Lam in New York", source)
    small = published(builders.meeting, "Talks", source, trip=trip)
    large = published(builders.meeting, "Reception", source, trip=trip)
    with projection.batch():
        for number in range(30):
            name = f"Guest {number}"
            country = builders.country("US" if number % 2 else "VN")
            builders.participation(large, person=builders.person(name), country=country)
            builders.citation(large, source=builders.source(name))
    for meeting in (small, large):
        meeting.title_en += " in New York"
        with django_assert_max_num_queries(25):
            meeting.save()


def test_a_rebuild_takes_the_same_queries_for_any_number_of_records(
    source, django_assert_max_num_queries
):
    with projection.batch():
        for number in range(30):
            published(builders.meeting, f"Meeting {number}", source)
    with django_assert_max_num_queries(40):
        assert list(projection.differences()) == []


@pytest.mark.parametrize("kind", projection.RECORDS)
def test_an_unsaved_value_moves_no_entry(source, kind):
    """Deleting a stale row takes away what the database had, whatever the row says in memory."""
    record = published(getattr(builders, kind), "Talks", source)
    record.slug = "another"
    record.delete()
    assert not TimelineEntry.objects.exists()


def test_a_stale_part_that_is_deleted_is_taken_from_where_it_was(source):
    ours = published(builders.meeting, "Talks", source)
    other = published(builders.meeting, "Reception", source)
    part = builders.participation(ours)
    stale = Participation.objects.get()
    stale.meeting = other
    stale.delete()
    assert part not in Participation.objects.all()
    assert [row.participants_en for row in TimelineEntry.objects.all()] == ["", ""]


def test_the_members_of_a_trip_outlive_nothing_they_belong_to(source):
    trip = published(builders.trip, "To Lam in New York", source)
    builders.leg(trip), builders.participation(trip)
    trip.delete()
    assert (slugs(), Participation.objects.count(), Citation.objects.count()) == ([], 0, 0)
    assert not Meeting.objects.exists()
