"""People, organisations and countries: what their pages tell, exactly, and how much of it."""

import gzip
from datetime import date
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests import crowd
from tests.chronicle import cite, record, take_part
from tests.markup import Page
from timeline import projection
from timeline.models import (
    Agreement,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
    Trip,
    TripLeg,
)
from timeline.portraits import acquaintance, offices, relations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

OF_TO_LAM = [
    *("2024-us-cuba", "2024-biden", "2024-diaz-canel", "2024-parolin"),
    *("2024-summit-of-the-future", "2026-us", "2026-trump"),
]


def slugs(rows):
    return [row.slug for row in rows]


def flat(items):
    """The slugs of the entries of an excerpt, in their order."""
    return [entry.slug for item in items for entry in (item["entry"], *item["parts"])]


def spans(rows, name):
    return [
        (getattr(row, name).natural_key()[0], row.times, row.first_year, row.last_year)
        for row in rows
    ]


# A person


def test_a_person_shows_offices_that_a_citable_source_proves(client):
    shown = client.get("/en/people/to-lam/").context
    [tenure] = shown["tenures"]
    assert tenure.title_en == shown["office"].title_en == "General Secretary"
    assert shown["office"].year is None  # it lasts
    assert [citation.source.slug for citation in tenure.public_citations] == ["office-list"]
    assert tenure.organization is None  # no entry shows that body


def test_offices_are_told_as_events_word_them(client):
    shown = client.get("/en/people/to-lam/").context
    assert [
        (row.title_en, row.times, row.first_year, row.last_year, url)
        for row, url in shown["wordings"]
    ] == [
        (
            *("General Secretary and President", 5, 2024, 2024),
            "/en/?q=%22General+Secretary+and+President%22&person=to-lam",
        ),
    ], "and not as General Secretary, which the office of these years says"
    office = client.get("/en/people/trump-donald/").context["office"]
    assert (office.title, office.year) == ("President of the United States", 2026)


@pytest.mark.parametrize(
    ("wording", "years", "told"),
    [
        (("general secretary",), (2013, 2014), []),
        (("General Secretary",), (2012, 2014), ["General Secretary"]),
        (("General Secretary",), (2013, 2015), ["General Secretary"]),
        (("General Secretary",), (None, None), []),
        (("Secretary",), (2013, 2014), ["Secretary"]),
        (("General Secretary of the Party and President",), (2013, 2014), [ANY]),
    ],
)
def test_a_wording_is_told_when_it_says_more_than_the_offices(wording, years, told):
    office = Tenure(
        title_en="General Secretary of the Party",
        earliest=date(2013, 5, 1),
        latest=date(2014, 1, 1),
    )
    with override("en"):
        rows = offices.beyond([offices.Wording("", *wording, 1, *years)], [office])
        assert [row.title for row in rows] == told


@pytest.mark.parametrize(
    ("country", "board", "basis", "latest"),
    [
        ("2025/2026-02-19", "2026-02-18/2026-02-20", "attested", "President"),
        ("2025/2026-02-19", "2026-02-18/2026-02-20", "appointed", "Chairman"),
        ("2025/..", "2026-02-18/2026-02-20", "appointed", "President"),
        ("2025/..", "2026-02-18/..", "appointed", "President"),
        ("2025/2026-02-17", "2026-02-18/2026-02-20", "attested", "Chairman"),
        ("", "2026-02-18/2026-02-20", "attested", "Chairman"),
    ],
)
def test_an_office_of_a_country_comes_before_one_of_the_same_days(
    client, country, board, basis, latest
):
    greer = Person.objects.get(slug="greer-jamieson")
    body = Organization.objects.get(slug="gaza-board")
    state = Country.objects.get(code="US")
    for title, dates, of in [
        ("President", country, {"country": state, "basis": basis}),
        ("Chairman", board, {"organization": body}),
    ]:
        tenure = Tenure.objects.create(person=greer, title_en=title, date_edtf=dates, **of)
        cite(tenure, "office-list", "Seen")
    assert client.get("/en/people/greer-jamieson/").context["office"].title == latest


def test_what_sources_show_of_an_office_does_not_read_as_a_term(client):
    page = client.get("/en/people/to-lam/").content.decode()
    assert "Seen in sources: from 3 August 2024 on" in " ".join(page.split())
    assert "attested" not in page
    Tenure.objects.filter(person__slug="to-lam").update(basis="appointed")
    page = client.get("/en/people/to-lam/").content.decode()
    assert "Seen in sources:" not in page
    assert "(appointed: the dates are known)" in page


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (["2021/2023", "2022/2024"], 1),
        (["2021/..", "2022/2024"], 0),
        (["2021/..", "2024/.."], 1),
        (["2026-02-18/2026-02-20", "2026-01/2026-02-20"], 1),
        (["", "1999"], 1),
        (["", "../1999"], 1),
    ],
)
def test_the_latest_office(client, dates, latest):
    greer = Person.objects.get(slug="greer-jamieson")
    for number, days in enumerate(dates):
        tenure = Tenure.objects.create(person=greer, title_en=f"Office {number}", date_edtf=days)
        cite(tenure, "office-list", "Seen")
    office = client.get("/en/people/greer-jamieson/").context["office"]
    assert office.title == f"Office {latest}"


def test_whom_a_person_met(client):
    """In meetings that were held, where both were present: no letters, no drafts."""
    opening = Meeting.objects.get(slug="2026-gaza-opening")
    take_part(opening, "to-lam")
    take_part(opening, "trump-donald", "chair")
    take_part(opening, "greer-jamieson", "subject")
    letter = Meeting.objects.get(slug="gaza-membership-letter")
    take_part(letter, "to-lam", "recipient")
    take_part(letter, "trump-donald", "sender")
    shown = client.get("/en/people/to-lam/").context
    assert [
        (row.person.slug, row.times, row.first.slug, row.last.slug) for row, _url in shown["met"]
    ] == [
        ("trump-donald", 2, "2026-gaza-opening", "2026-trump"),
        ("parolin-pietro", 1, "2024-parolin", "2024-parolin"),
        ("biden-joe", 1, "2024-biden", "2024-biden"),
    ]
    url = "/en/?q=%22Donald+Trump%22&kind=meeting&person=to-lam"
    assert shown["met"][0][1] == url
    listed = client.get(url)
    assert listed.status_code == 200


def test_where_a_person_went_and_whom_a_person_received(client):
    shown = client.get("/en/people/to-lam/").context
    assert [(s.country.code, s.trips, s.first_year, s.last_year) for s in shown["visited"]] == [
        *(("US", 2, 2024, 2026), ("CU", 1, 2024, 2024)),
    ]
    assert slugs(shown["trips"].entries) == ["2026-us", "2024-us-cuba"]
    assert shown["received"].entries == []
    take_part(Trip.objects.get(slug="2024-us-cuba"), "diaz-canel-miguel", "inviter")
    shown = client.get("/en/people/diaz-canel-miguel/").context
    assert (shown["trips"].entries, slugs(shown["received"].entries)) == ([], ["2024-us-cuba"])
    assert shown["visited"] == []


def test_other_names_say_where_they_are_found(client):
    Person.objects.filter(slug="to-lam").update(aliases="To Lam\nTô Lâm (1957)")
    parts = Participation.objects.filter(person__slug="to-lam")
    parts.filter(meeting__slug="2024-biden").update(name_as_recorded="To Lam")
    parts.filter(trip__slug="2024-us-cuba").update(name_as_recorded="To Lam")
    parts.filter(meeting__slug="2026-trump").update(name_as_recorded="Lam To")
    parts.filter(meeting__slug="draft-meeting").update(name_as_recorded="Zzyzx")
    names = client.get("/en/people/to-lam/").context["names"]
    assert [(name, record and record.slug) for name, record in names] == [
        *(("To Lam", "2024-biden"), ("Tô Lâm (1957)", None), ("Lam To", "2026-trump")),
    ]


def test_the_chronicle_of_a_person_with_the_parts_taken_in_it(client):
    shown = client.get("/en/people/to-lam/").context
    summary, excerpt = shown["summary"], shown["excerpt"]
    assert (summary.total, summary.first_year, summary.last_year) == (7, 2024, 2026)
    assert [told(kind) for kind in summary.kinds] == [
        ("Trips", 2, 2, "/en/?kind=trip&person=to-lam"),
        ("Meetings and calls", 5, 4, "/en/?kind=meeting&person=to-lam"),
    ]
    assert (excerpt.first, excerpt.between, flat(excerpt.last)) == ([], 0, OF_TO_LAM)
    offices = {entry.slug: [part.capacity for part in entry.offices] for entry in excerpt.entries}
    assert offices["2026-trump"] == ["General Secretary"]


def told(kind):
    return str(kind.label), kind.number, kind.held, kind.url


def test_meetings_are_counted_apart_from_letters_and_speeches(client):
    for slug, kind in [("2024-biden", "speech"), ("2024-parolin", "call")]:
        Meeting.objects.get(slug=slug).save()
        TimelineEntry.objects.filter(slug=slug).update(type=kind)
    answer = client.get("/en/people/to-lam/")
    [_trips, meetings] = answer.context["summary"].kinds
    url = "/en/?kind=meeting&person=to-lam"
    assert told(meetings) == ("Meetings and other events", 5, 4, url)
    assert [told(part) for part in meetings.parts] == [
        ("Meetings and calls", 4, 3, None),
        ("Other events and letters", 1, 1, None),
    ]
    page = Page(answer.content.decode())
    assert page.problems == []
    assert "Meetings and calls: 4 (3 took place)" in " ".join(answer.content.decode().split())
    TimelineEntry.objects.filter(kind="meeting").update(type="speech")
    [_trips, events] = client.get("/en/people/to-lam/").context["summary"].kinds
    assert told(events) == ("Other events and letters", 5, 4, url), "exactly what the link shows"


def test_a_part_is_told_by_its_role_and_office_and_not_when_it_is_none(client):
    take_part(Meeting.objects.get(slug="2026-signing-ceremony"), "greer-jamieson", country="US")
    page = " ".join(client.get("/en/people/greer-jamieson/").content.decode().split())
    assert "articipant" not in page
    letter = Meeting.objects.get(slug="gaza-membership-letter")
    take_part(letter, "to-lam", capacity="Chairman of it")
    page = " ".join(client.get("/en/people/to-lam/").content.decode().split())
    assert "Role: head of delegation, <span>General Secretary</span>" in page
    assert "Acting as: <span>Chairman of it</span>" in page
    assert "articipant" not in page


# An organisation


def test_an_organisation_shows_its_part_in_agreements_and_meetings(client):
    take_part(Meeting.objects.get(slug="2026-signing-ceremony"), organization="boeing")
    shown = client.get("/en/organizations/boeing/").context
    [planes] = shown["agreements"].entries
    assert [part.role for part in planes.offices] == ["seller"]
    [ceremony] = shown["meetings"].entries
    assert (ceremony.slug, ceremony.offices) == ("2026-signing-ceremony", [])
    assert flat(shown["excerpt"].last) == ["2026-signing-ceremony", "2026-boeing-737-max"]


def test_an_organisation_shows_who_acted_for_it_and_what_it_issued(client):
    board = Organization.objects.get(slug="gaza-board")
    parts = Participation.objects.filter(person__slug="trump-donald")
    parts.update(organization=board)
    with projection.batch():
        projection.refresh({("meeting", "2026-trump")})
    Tenure.objects.filter(title_en="General Secretary").update(organization=board)
    issued = SourceDocument.objects.filter(slug__in=("annex", "information-2026", "draft-source"))
    issued.update(issuer=board)
    answer = client.get("/en/organizations/gaza-board/")
    assert "Seen in sources: from 3 August 2024" in answer.content.decode()
    shown = answer.context
    assert spans(shown["actors"], "person") == [("trump-donald", 1, 2026, 2026)]
    assert [tenure.person.slug for tenure in shown["tenures"]] == ["to-lam"]
    assert slugs(shown["documents"]) == ["annex"], "the open one that something public cites"


# A country


def test_a_country_shows_both_directions(client):
    vietnam, america = (client.get(f"/en/countries/{code}/").context for code in ("VN", "US"))
    assert slugs(vietnam["journeys"].entries) == ["2026-us", "2024-us-cuba"]
    assert vietnam["visits"].entries == america["journeys"].entries == []
    assert slugs(america["visits"].entries) == ["2026-us", "2024-us-cuba"]
    assert [(way, row.slug) for way, row in america["drawing"].items] == [
        *(("in", "2026-us"), ("in", "2024-us-cuba")),
    ]
    assert america["drawing"].more == 0


def test_a_trip_within_a_country_is_not_one_into_it(client):
    trip = record(Trip, "2025-hue", "Trip to Huế", "2025-05")
    TripLeg.objects.create(trip=trip, country=Country.objects.get(code="VN"))
    take_part(trip, "to-lam", "head")  # what country he acts for is not said: his own
    shown = client.get("/en/countries/VN/").context
    assert shown["visits"].entries == []
    assert slugs(shown["journeys"].entries) == ["2026-us", "2025-hue", "2024-us-cuba"]


def test_a_country_shows_meetings_there_agreements_and_levels_of_relations(client):
    america = Country.objects.get(code="US")
    for slug in ("2026-trump", "draft-meeting"):
        Meeting.objects.filter(slug=slug).update(country=america)
    for slug, kind in [
        ("comprehensive-strategic-partnership", "partnership"),
        ("trade-negotiations", "trade_agreement"),
    ]:
        Agreement.objects.filter(slug=slug).update(kind=kind)
        for code in ("US", "VN"):
            take_part(Agreement.objects.get(slug=slug), role="party", country=code)
    shown = client.get("/en/countries/US/").context
    assert slugs(shown["meetings"].entries) == ["2026-trump"]
    assert slugs(shown["agreements"].entries) == ["trade-negotiations"]
    assert slugs(shown["levels"].entries) == ["comprehensive-strategic-partnership"]


@pytest.mark.parametrize(
    "parts",
    [[("US", "party")], [("US", "subject"), ("VN", "party")], [("CU", "party"), ("US", "party")]],
)
def test_a_level_of_relations_is_one_of_two_parties(client, parts):
    partnership = Agreement.objects.get(slug="comprehensive-strategic-partnership")
    partnership.kind = "partnership"
    partnership.save()
    for code, role in [*parts, ("US", "observer"), ("VN", "observer")]:
        take_part(partnership, role=role, country=code)
    both = ("CU", "party") in parts
    for page, level in [("US", both), ("CU/US", both), ("US/VN", False), ("VN", False)]:
        if page == "CU/US" and not both:
            continue
        shown = client.get(f"/en/countries/{page}/").context
        found = {name: slugs(shown[name].entries) for name in ("levels", "agreements")}
        assert found["levels" if level else "agreements"] == [partnership.slug], page
        assert found["agreements" if level else "levels"] == [], page


def test_a_country_shows_its_people_bodies_and_neighbours(client):
    shown = client.get("/en/countries/US/").context
    assert [(person.slug, office and office.title) for person, office in shown["people"]] == [
        *(("biden-joe", None), ("greer-jamieson", None)),
        ("trump-donald", "President of the United States"),
    ]
    assert shown["organizations"] == []
    assert spans([row for row, _url in shown["neighbours"]], "country") == [
        *(("VN", 2, 2024, 2026), ("CU", 1, 2024, 2024)),
    ]
    assert [url for _row, url in shown["neighbours"]] == [
        *("/en/countries/US/VN/", "/en/countries/CU/US/"),
    ]


# Two countries


def test_two_countries_show_both_directions_and_who_met_whom(client):
    opening = Meeting.objects.get(slug="2026-gaza-opening")
    opening.country = Country.objects.get(code="CU")
    opening.save()
    take_part(opening, "to-lam", country="VN")
    take_part(opening, "greer-jamieson", country="US")
    take_part(opening, "biden-joe", "subject", country="US")
    partnership = Agreement.objects.get(slug="comprehensive-strategic-partnership")
    partnership.kind = "partnership"
    partnership.save()
    for code in ("VN", "US"):
        take_part(partnership, role="party", country=code)
    shown = client.get("/en/countries/US/VN/").context
    assert (shown["country"].code, shown["other"].code) == ("US", "VN")
    assert slugs(shown["inward"].entries) == ["2026-us", "2024-us-cuba"]
    assert shown["outward"].entries == shown["agreements"].entries == []
    assert slugs(shown["levels"].entries) == ["comprehensive-strategic-partnership"]
    assert slugs(shown["elsewhere"].entries) == ["2026-gaza-opening"]
    assert [(row.one.slug, row.other.slug, row.times) for row in shown["met"]] == [
        *(("trump-donald", "to-lam", 1), ("greer-jamieson", "to-lam", 1)),
        ("biden-joe", "to-lam", 1),
    ]
    assert [(way, row.slug) for way, row in shown["drawing"].items] == [
        *(("in", "2026-us"), ("in", "2024-us-cuba")),
        ("level", "comprehensive-strategic-partnership"),
    ]
    assert flat(shown["excerpt"].last) == [
        *("comprehensive-strategic-partnership", "2024-us-cuba", "2026-us", "2026-gaza-opening"),
    ]
    assert shown["summary"].url == "/en/?country=US&with=VN"


def test_a_cut_list_is_in_the_order_of_keys_where_all_else_is_equal():
    vietnam, states = Country.objects.get(code="VN"), Country.objects.get(code="US")
    to_lam = Person.objects.get(slug="to-lam")
    with CaptureQueriesContext(connection) as asked:
        acquaintance.spellings(to_lam)
        relations.who_met_whom(vietnam, states)
    orders = [query["sql"].rpartition(" ORDER BY ")[2] for query in asked]
    of_parts, of_pairs = (order.partition(" LIMIT ")[0] for order in orders if " LIMIT " in order)
    assert of_parts.endswith('"timeline_participation"."id" ASC')
    assert of_pairs.endswith(" 1 ASC, 2 ASC")  # the keys of both


def test_a_pair_has_one_address_and_only_when_it_has_something_in_common(client):
    answer = client.get("/vi/countries/VN/US/?x=1")
    assert (answer.status_code, answer["Location"]) == (301, "/vi/countries/US/VN/")
    for path in ("VN/VN", "VA/VN", "FR/VN", "VN/FR", "VN/ZZ", "us/vn", "FR/JP", f"VN/{'a' * 999}"):
        assert client.get(f"/en/countries/{path}/").status_code == 404, path


# How much of it


def test_a_page_costs_the_same_for_fifteen_hundred_records_as_for_a_hundred(client):
    """In queries, and in size: of a person, of a body, of a country and of a pair."""
    pair = [Country.objects.get(code=code) for code in ("CU", "VN")]
    pages = ["people/to-lam", "organizations/crowd-00000", "countries/VN", "countries/CU/VN"]
    everybody = (
        Person.objects.get(slug="to-lam"),
        crowd.people(400, pair[0]),
        crowd.organizations(3, pair[0]),
        pair,
    )
    crowd.meetings(range(100), *everybody)
    few = [weigh(client, page) for page in pages]
    crowd.meetings(range(100, 1500), *everybody)
    many = [weigh(client, page) for page in pages]
    assert [queries for queries, _size in few] == [queries for queries, _size in many]
    assert max(queries for queries, _size in many) <= 30
    assert max(size for _queries, size in many) < 30_000
    shown = client.get("/en/people/to-lam/").context
    assert (len(shown["met"]), len(shown["wordings"])) == (20, 30 - 1)  # an office says that one
    assert (len(shown["excerpt"].entries), shown["excerpt"].between) == (20, 1507 - 20)
    shelf = client.get("/en/organizations/crowd-00000/").context["meetings"]
    more = "/en/?kind=meeting&organization=crowd-00000"
    assert (len(shelf.entries), shelf.more_url) == (20, more)


def weigh(client, page):
    """The number of queries of a page, and its size in bytes as it is sent."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/en/{page}/")
    assert answer.status_code == 200
    return len(captured), len(gzip.compress(answer.content))


def test_an_uncertain_date_gives_all_the_years_it_may_be(client):
    meeting = Meeting.objects.get(slug="2026-trump")
    Meeting.objects.filter(pk=meeting.pk).update(date_edtf="[2024,2026]", date_basis="stated")
    rows = client.get("/en/countries/US/VN/").context["met"]
    [pair] = [row for row in rows if {row.one.slug, row.other.slug} == {"to-lam", "trump-donald"}]
    assert (pair.first_year, pair.last_year) == (2024, 2026)


def test_nobody_meets_themselves(client):
    meeting = Meeting.objects.get(slug="2026-trump")
    to_lam, us = Person.objects.get(slug="to-lam"), Country.objects.get(code="US")
    Participation.objects.create(meeting=meeting, person=to_lam, country=us, role="speaker")
    rows = client.get("/en/countries/US/VN/").context["met"]
    assert rows
    assert [row for row in rows if row.one == row.other] == []
