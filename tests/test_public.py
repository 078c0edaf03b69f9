"""What the public pages show, what they leave out, and what they cost."""

from datetime import UTC, datetime
from string import ascii_uppercase

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.chronicle import cite, record, take_part
from timeline import projection
from timeline.models import (
    Agreement,
    AgreementItem,
    Country,
    Meeting,
    Organization,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
    Trip,
    TripLeg,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def names(rows):
    return [getattr(row, "slug", None) or row.code for row in rows]


def test_a_trip_shows_its_published_parts_in_order(client):
    shown = client.get("/en/trips/2026-us/").context
    assert shown["record"].slug == shown["entry"].slug == "2026-us"
    assert names(shown["meetings"]) == [
        *("2026-senators", "2026-signing-ceremony", "2026-gaza-opening"),
        *("2026-greer", "2026-trump"),
    ]
    assert names(shown["agreements"]) == ["2026-boeing-737-max", "2026-signings"]
    assert [leg.country.code for leg in shown["legs"]] == ["US"]
    assert [row.person.slug for row in shown["participations"]] == ["to-lam"]


def test_a_record_shows_the_citable_sources_alone(client):
    shown = client.get("/en/trips/2026-us/").context
    assert [citation.source.slug for citation in shown["support"].citations] == [
        *("annex", "information-2026"),
    ]
    for citation in shown["support"].citations:
        assert not hasattr(citation, "note")
        assert not hasattr(citation.source, "number") or citation.source.number == ""


def test_two_statements_of_one_source_count_as_one_source(client):
    cite(Trip.objects.get(slug="2026-us"), "annex", "More", locator="II.3")
    support = client.get("/en/trips/2026-us/").context["support"]
    assert len(support.citations) == 3
    assert support.sources == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("meetings/2026-greer", {"trip": "2026-us", "part_of": "2026-gaza-opening"}),
        ("meetings/2026-trump", {"trip": "2026-us", "part_of": None}),
        ("meetings/gaza-membership-letter", {"trip": None, "part_of": None}),
        (
            "agreements/2026-boeing-737-max",
            {"trip": "2026-us", "meeting": "2026-signing-ceremony", "part_of": "2026-signings"},
        ),
    ],
)
def test_a_record_names_what_it_belongs_to_when_that_is_published(client, path, expected):
    shown = client.get(f"/en/{path}/").context
    found = {name: shown[name] and shown[name].slug for name in expected}
    assert found == expected


def test_a_part_whose_trip_is_withdrawn_stands_alone(client):
    Trip.objects.filter(slug="2026-us").update(state="withdrawn")
    assert client.get("/en/meetings/2026-greer/").context["trip"] is None
    assert client.get("/en/trips/2026-us/").status_code == 404


def test_a_session_shows_its_sidelines_and_a_set_its_members(client):
    assert names(client.get("/en/meetings/2026-gaza-opening/").context["parts"]) == ["2026-greer"]
    ceremony = client.get("/en/meetings/2026-signing-ceremony/").context
    assert names(ceremony["agreements"]) == ["2026-boeing-737-max", "2026-signings"]
    assert names(client.get("/en/agreements/2026-signings/").context["parts"]) == [
        "2026-boeing-737-max"
    ]
    items = client.get("/en/agreements/2026-boeing-737-max/").context["items"]
    assert [(item.quantity, item.description_en) for item in items] == [(50, "aircraft")]


def test_a_country_that_no_entry_shows_is_not_named(client):
    Person.objects.filter(slug="trump-donald").update(country=Country.objects.get(code="FR"))
    answer = client.get("/en/people/trump-donald/")
    assert answer.context["person"].country is None
    assert "France" not in answer.content.decode()


def test_the_sources_are_listed_with_the_number_of_their_statements(client):
    sources = client.get("/en/sources/").context["sources"]
    assert [(row.slug, row.statement_count) for row in sources] == [
        *(("annex", 1), ("communist-review", 10), ("information-2026", 8), ("office-list", 1)),
    ]


def test_a_closed_source_shows_its_label_and_what_it_says(client):
    shown = client.get("/en/sources/information-2026/").context
    source = shown["source"]
    assert str(source) == "Information document on the trip of 2026"
    hidden = ("number", "issuer", "author", "signatory", "marking", "date", "url", "archive_url")
    assert {getattr(source, name) for name in hidden} == {"", None}
    assert {citation.record.slug for citation in shown["statements"]} == {
        *("2026-us", "2026-senators", "2026-signing-ceremony", "2026-gaza-opening"),
        *("2026-greer", "2026-trump", "2026-signings", "2026-boeing-737-max"),
    }


def test_an_open_source_shows_its_details_but_no_hidden_whole(client):
    source = client.get("/en/sources/communist-review/").context["source"]
    assert source.url == "https://www.tapchicongsan.org.vn"
    annex = client.get("/en/sources/annex/").context["source"]
    assert (annex.whole, annex.relation_label) == (None, "")
    whole = SourceDocument.objects.get(slug="communist-review")
    SourceDocument.objects.filter(slug="annex").update(part_of=whole)
    annex = client.get("/en/sources/annex/").context["source"]
    assert (annex.whole.slug, annex.relation_label) == ("communist-review", "attachment to")


def test_a_source_tells_what_it_says_about_published_records_alone(client):
    cite(Meeting.objects.get(slug="draft-meeting"), "annex", "Zzyzx")
    cite(Tenure.objects.get(person__slug="hidden-person"), "annex", "Zzyzx")
    shown = client.get("/en/sources/annex/").context
    assert [citation.record.slug for citation in shown["statements"]] == ["2026-us"]
    [of_office] = client.get("/en/sources/office-list/").context["statements"]
    assert (of_office.record, of_office.tenure.person.slug) == (None, "to-lam")


def test_filters_in_use_can_be_taken_away_one_by_one(client):
    shown = client.get("/en/?q=lam&person=to-lam&from=2024-09&order=newest").context
    assert [(f["name"], str(f["value"]), f["remove_url"]) for f in shown["active_filters"]] == [
        ("q", "lam", "/en/?from=2024-09&person=to-lam&order=newest"),
        ("from", "September 2024", "/en/?q=lam&person=to-lam&order=newest"),
        ("person", "Tô Lâm", "/en/?q=lam&from=2024-09&order=newest"),
    ]
    assert shown["count"] == 7
    assert shown["csv_url"] == "/en/timeline.csv?q=lam&from=2024-09&person=to-lam&order=newest"


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/en/?kind=trip&order=newest&x=1", "/vi/?kind=trip&order=newest"),
        ("/en/trips/2026-us/?x=1", "/vi/trips/2026-us/"),
        ("/en/countries/US/", "/vi/countries/US/"),
        ("/en/never/", "/vi/"),
    ],
)
def test_each_page_leads_to_itself_in_the_other_language(client, path, other):
    urls = client.get(path).context["language_urls"]
    assert [(entry["code"], entry["url"]) for entry in urls] == [
        ("en", other.replace("/vi/", "/en/")),
        ("vi", other),
    ]


def one_more_of_everything(number):
    """One more of all that a page could ask for one by one."""
    trip = Trip.objects.get(slug="2026-us")
    to_lam = Person.objects.get(slug="to-lam")
    slug, code = f"more-{number}", f"X{ascii_uppercase[number]}"
    with projection.batch():
        country = Country.objects.create(code=code, iso3=f"X{code}", name_vi=slug, name_en=slug)
        Person.objects.create(slug=slug, name=slug, country=country)
        TripLeg.objects.create(trip=trip, slug=slug, country=country)
        session = Meeting.objects.get(slug="2026-gaza-opening")
        within = {"trip": trip, "source": "annex"}
        meeting = record(
            Meeting, slug, slug, "2026-02-19", part_of=session, country=country, **within
        )
        whole = Agreement.objects.get(slug="2026-boeing-737-max")
        agreement = record(
            Agreement, slug, slug, "2026-02-18", meeting=session, part_of=whole, **within
        )
        AgreementItem.objects.create(agreement=agreement, slug=slug, description_en=slug)
        for row in (trip, session, whole, meeting, agreement):
            take_part(row, slug, "witness", country=code, organization="boeing")
            cite(row, "communist-review", slug)
        take_part(meeting, "to-lam", country="US")
        tenure = Tenure.objects.create(
            person=to_lam,
            slug=slug,
            title_en=slug,
            country=country,
            organization=Organization.objects.get(slug="boeing"),
        )
        cite(tenure, "office-list", slug)
        cite(tenure, "annex", slug)


QUERIES = {
    "/en/": 9,
    "/en/trips/2026-us/": 12,
    "/en/meetings/2026-gaza-opening/": 13,
    "/en/agreements/2026-boeing-737-max/": 14,
    "/en/people/": 6,
    "/en/people/to-lam/": 24,
    "/en/organizations/": 3,
    "/en/organizations/boeing/": 13,
    "/en/countries/": 2,
    "/en/countries/US/": 21,
    "/en/countries/US/VN/": 18,
    "/en/sources/": 2,
    "/en/sources/annex/": 7,
    "/en/data/": 2,
    "/en/timeline.csv": 1,
    "/data/package.zip": 14,
}


def queries_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        client.get(path).getvalue()
    return len(captured)


def test_the_number_of_queries_of_a_page_is_small_and_does_not_grow(client):
    one_more_of_everything(0)
    assert {path: queries_of(client, path) for path in QUERIES} == QUERIES
    for number in range(1, 6):
        one_more_of_everything(number)
    assert {path: queries_of(client, path) for path in QUERIES} == QUERIES


def test_a_later_page_costs_one_query_more(client, django_assert_num_queries):
    cursor = TimelineEntry.objects.get(slug="2024-biden").oldest_key
    for name in ("after", "before"):
        with django_assert_num_queries(QUERIES["/en/"] + 1):
            client.get("/en/", {name: cursor})


# What the public is told of a change


def test_a_correction_is_told_on_the_page_of_its_record(client):
    trip = Trip.objects.get(slug="2026-us")
    corrected_at = datetime(2026, 3, 1, 18, tzinfo=UTC)  # the second of March in Hanoi
    trip.corrections.create(note_en="The place was wrong.", corrected_at=corrected_at)
    trip.corrections.create(note_vi="Sai ngày.", corrected_at=corrected_at)
    english = client.get("/en/trips/2026-us/").content.decode()
    assert "Corrected on 2 March 2026: <span>The place was wrong.</span>" in english
    assert '<span lang="vi">Sai ngày.</span>' in english
    vietnamese = client.get("/vi/trips/2026-us/").content.decode()
    assert 'Đính chính ngày 2 tháng 3 năm 2026: <span lang="en">The place was' in vietnamese


def test_the_reason_of_a_withdrawal_is_read_only_when_it_is_marked(client):
    path = "/en/trips/2026-us/"
    trips = Trip.objects.filter(slug="2026-us")
    trips.update(state="withdrawn", withdrawn_reason="The visit was in 2025.")
    never = client.get("/en/trips/never-existed/")
    assert client.get(path).content == never.content
    trips.update(withdrawn_in_public=True)
    answer = client.get(path)
    assert answer.status_code == 410
    content = answer.content.decode()
    assert "The visit was in 2025." in content
    assert trips.get().title_en not in content
    assert path not in client.get("/en/").content.decode()
