"""trips-colt.csv: what counts as Yes, who leads, which trips it has, and its form."""

import pytest
from django.db import transaction

from tests import builders
from tests.answers import rows
from tests.visit import CASES, EVENT, METHOST, METTHIRD, YES_OR_NO, write
from timeline import projection
from timeline.exchange.cells import unguard
from timeline.exchange.colt import rows as written
from timeline.exchange.colt.columns import COLUMNS
from timeline.models import (
    Citation,
    Meeting,
    Participation,
    Person,
    Trip,
    TripLeg,
)
from timeline.views.timeline import trips_csv

pytestmark = pytest.mark.django_db

ADDRESS = "/en/trips-colt.csv"
NAMES = [column.name for column in COLUMNS]


def table(client, query=""):
    return rows(client.get(f"{ADDRESS}{query}"))


def said(row, what="Yes"):
    """The columns of Yes and No in which `row` says `what`."""
    return [name for name in YES_OR_NO if row[name] == what]


@pytest.fixture(scope="module")
def written_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with projection.batch():
            write()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def visit(written_once, db):
    return Trip.objects.get()


def test_a_row_holds_what_the_records_know(client, visit):
    [row] = table(client)
    assert list(row) == NAMES
    assert {name: cell for name, cell in row.items() if cell} == {
        "TripID": "2026-us/1",
        "LeaderCountryISO": "VNM",
        "LeaderFullName": "Tô Lâm",
        "LeaderTitle": "General Secretary",
        "CountryVisited": "United States",
        "CountryVisitedISO": "USA",
        "CityVisited": "Washington",
        "TripYear": "2026",
        "TripStartDate": "2026-02-18",
        "TripEndDate": "2026-02-20",
        "TripDuration": "3",
        "AttendedMultilatEvent": "Yes",
        "NameMultilatEvent": "Session",
        "MetHostHoGS": "Yes",
        "HostHOGSName": "Donald Trump",
        "MetNonhostHOGS": "Yes",
        "NonhostHOGSNames": "President (IDN)",
        "SignedAgreement": "Yes",
        "PublicAddress": "Yes",
        "Notes": "It was short. Local days.",
        "SourceLink1": "https://example.org/news",
        "TripSlug": "2026-us",
        "LeaderSlug": "to-lam",
        "TripStatus": "held",
        "TripVerification": "unverified",
        "TripDateBasis": "unknown",
        "TripDateEDTF": "2026-02-18/2026-02-20",
        "TripDatePrecision": "interval",
        "TripEarliest": "2026-02-18",
        "TripLatest": "2026-02-20",
        "SourceNames": "News",
        "TripURL": "http://testserver/en/trips/2026-us/",
    }


def test_what_counts_and_what_leaves_a_cell_empty(client, visit):
    found = {}
    for name, (change, _expected) in CASES.items():
        with transaction.atomic():
            change()
            [row] = table(client)
            found[name] = said(row)
            assert said(row, "") == [cell for cell in YES_OR_NO if cell not in said(row)], name
            assert (row["HostHOGSName"] != "") == (METHOST in said(row)), name
            assert (row["NonhostHOGSNames"] != "") == (METTHIRD in said(row)), name
            transaction.set_rollback(True)
    assert found == {name: expected for name, (_change, expected) in CASES.items()}


def test_no_stands_of_a_trip_alone_that_was_never_made(client, visit):
    found = {}
    for status in ("announced", "postponed", "cancelled", "not_held"):
        Trip.objects.update(status=status, kind="multilateral")
        assert table(client) == [] == table(client, "?status=held")
        [row] = table(client, f"?status={status}")
        assert row["TripStatus"] == status
        found[status] = (said(row), said(row, "No"))
    assert found == {
        "announced": ([], []),
        "postponed": ([], []),
        "cancelled": ([], YES_OR_NO),
        "not_held": ([], YES_OR_NO),
    }


def test_a_visit_that_is_called_multilateral_is_one(client, visit):
    Meeting.objects.update(trip=None)
    for trip_kind, leg_kind, expected in [
        *(("multilateral", "unknown", [EVENT]), ("unknown", "multilateral", [EVENT])),
        *(
            ("multilateral", "state_visit", []),
            ("unknown", "unknown", []),
            ("several", "other", []),
        ),
    ]:
        Trip.objects.update(kind=trip_kind)
        TripLeg.objects.update(kind=leg_kind)
        [row] = table(client)
        assert (said(row), row["NameMultilatEvent"]) == (expected, ""), (trip_kind, leg_kind)
    Trip.objects.update(kind="multilateral")
    TripLeg.objects.update(kind="unknown")
    builders.leg(visit, "CU", order=2)
    assert [said(row) for row in table(client)] == [[], []]


def test_each_leg_has_what_happened_in_its_country(client, visit):
    builders.leg(visit, "CU", order=2)
    america, cuba = table(client)
    assert (said(america), said(cuba)) == (YES_OR_NO, [])
    assert [row["TripID"] for row in (america, cuba)] == ["2026-us/1", "2026-us/2"]
    assert [row["CountryVisitedISO"] for row in (america, cuba)] == ["USA", "CUB"]
    builders.leg(visit, "US", order=3)
    assert [said(row) for row in table(client)] == [[], [], []]


def test_a_leg_among_several_has_no_days_but_its_own(client, visit):
    builders.leg(visit, "CU", order=2, date_edtf="2026-02-20")
    found = [
        [row[name] for name in ("TripYear", "TripStartDate", "TripEndDate", "LegDateEDTF")]
        for row in table(client)
    ]
    assert found == [["2026", "", "", ""], ["2026", "2026-02-20", "2026-02-20", "2026-02-20"]]
    Trip.objects.update(date_edtf="2025-12-30/2026-02-20")
    assert [row["TripYear"] for row in table(client)] == ["", "2026"]
    Trip.objects.update(date_edtf="2026-02~/2026-02-20")
    assert [row["TripYear"] for row in table(client)] == ["", "2026"]
    assert {row["TripDateQualifier"] for row in table(client)} == {"approximate"}


def test_one_of_several_days_is_not_a_day(client, visit):
    Trip.objects.update(date_edtf="[2026-02-19..2026-02-20]")
    [row] = table(client)
    cells = {name: cell for name, cell in row.items() if name[:7] in ("TripDat", "TripYea")}
    assert cells == {
        "TripYear": "2026",
        "TripDateBasis": "unknown",
        "TripDateEDTF": "[2026-02-19..2026-02-20]",
        "TripDatePrecision": "set",
        "TripDateQualifier": "",
    }
    assert row["TripStartDate"] == row["TripEndDate"] == row["TripDuration"] == ""
    assert (row["TripEarliest"], row["TripLatest"]) == ("2026-02-19", "2026-02-20")


def test_a_trip_without_legs_has_a_row_without_a_place(client, visit):
    TripLeg.objects.all().delete()
    [row] = table(client)
    assert (row["TripID"], row["TripStartDate"]) == ("2026-us", "2026-02-18")
    assert row["CountryVisited"] == row["CountryVisitedISO"] == row["CityVisited"] == ""


def test_each_leader_has_a_row_and_so_has_a_trip_without_any(client, visit):
    heads = Participation.objects.filter(role="head")
    laos = builders.country("LA")
    other = builders.participation(
        visit, role="head", country=laos, capacity_en="Minister", order=9
    )
    names = ("TripID", "LeaderCountryISO", "LeaderFullName", "LeaderTitle", "LeaderSlug")
    assert [[row[name] for name in names] for row in table(client)] == [
        ["2026-us/1/1", "VNM", "Tô Lâm", "General Secretary", "to-lam"],
        ["2026-us/1/2", "LAO", "", "Minister", ""],
    ]
    assert [said(row) for row in table(client)] == [YES_OR_NO, []]
    other.delete()
    heads.update(role="inviter")
    assert [[row[name] for name in names] for row in table(client)] == [
        ["2026-us/1", "", "", "", ""]
    ]


def test_a_name_in_another_script_is_given_in_latin_letters(client, visit):
    Person.objects.filter(slug="to-lam").update(name="蘇林", name_latin="To Lam")
    assert [row["LeaderFullName"] for row in table(client)] == ["To Lam"]


def test_sources_that_are_not_open_have_no_address(client, visit):
    talks = Meeting.objects.get(kind="talks")
    for access in ("public", "citation", "internal"):
        url = f"https://example.org/{access}"
        values = {"slug": access, "access": access, "url": url, "public_label_en": "A label"}
        builders.citation(talks, source=builders.source(access.title(), **values))
    [row] = table(client)
    assert [row[f"SourceLink{number}"] for number in (1, 2, 3)] == [
        *("https://example.org/news", "https://example.org/public", ""),
    ]
    assert row["SourceNames"] == "News; A label; Public"
    Citation.objects.filter(source__slug="public").update(
        meeting=Meeting.objects.get(kind="speech")
    )
    Meeting.objects.filter(kind="speech").update(status="announced")
    assert table(client)[0]["SourceLink2"] == ""  # it says nothing of this row


def test_the_filters_choose_whole_trips(client, visit):
    builders.leg(visit, "CU", order=2)
    other = builders.published(builders.trip, "Older", visit.citations.get().source, slug="older")
    builders.leg(other, "LA")
    builders.published(builders.meeting, "No trip", visit.citations.get().source, slug="older")
    asked = "|?country=CU|?country=LA|?order=newest|?to=2024|?kind=trip&person=to-lam|?q=older"
    assert [[row["TripID"] for row in table(client, query)] for query in asked.split("|")] == [
        ["older/1", "2026-us/1", "2026-us/2"],
        ["2026-us/1", "2026-us/2"],
        ["older/1"],
        ["2026-us/1", "2026-us/2", "older/1"],
        ["older/1"],
        ["2026-us/1", "2026-us/2"],
        ["older/1"],
    ]
    for query, sentence in {
        "?kind=meeting": "kind: This file holds trips alone.\n",
        "?after=x": "after: This list has no pages.\n",
        "?status=gone": "status: There is no such choice; there are: announced, held, postponed, "
        "cancelled, not_held.\n",
    }.items():
        answer = client.get(f"{ADDRESS}{query}")
        assert (answer.status_code, answer.content.decode()) == (400, sentence)


def test_the_file_is_utf_8_with_a_mark_and_crlf_and_its_texts_are_english(client, visit):
    Participation.objects.filter(role="head").update(capacity_vi="Tổng Bí thư")
    answer = client.get("/vi/trips-colt.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="trips-colt.csv"'
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbfTripID,LeaderCountryISO,")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    english = client.get(ADDRESS).getvalue()
    assert content.replace(b"/vi/", b"/en/") == english


def test_a_formula_is_guarded_and_comes_back(client, visit):
    Participation.objects.filter(role="head").update(capacity_en="=1+1")
    [row] = table(client)
    assert (row["LeaderTitle"], unguard(row["LeaderTitle"])) == ("'=1+1", "=1+1")


def test_the_number_of_queries_does_not_grow_with_the_trips(
    client, visit, django_assert_num_queries, monkeypatch
):
    with django_assert_num_queries(11):
        table(client)
    source = visit.citations.get().source
    for number in range(5):
        builders.leg(builders.published(builders.trip, "Older", source, slug=f"older-{number}"))
    with django_assert_num_queries(11):
        found = [row["TripID"] for row in table(client)]
    assert found == [*(f"older-{number}/1" for number in range(5)), "2026-us/1"]
    monkeypatch.setattr(written, "CHUNK", 2)
    assert [row["TripID"] for row in table(client)] == found


def test_the_first_line_leaves_before_anything_is_read(client, rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        lines = iter(client.get(ADDRESS).streaming_content)
        assert next(lines) + next(lines) == f"\ufeff{','.join(NAMES)}\r\n".encode()
        assert trips_csv(rf.head(ADDRESS)).getvalue().count(b"\r\n") == 1


def test_a_trip_that_is_withdrawn_meanwhile_is_not_in_it(visit):
    assert len(list(written.rows([visit], "", "en"))) == 2
    Trip.objects.update(state="withdrawn")
    assert len(list(written.rows([visit], "", "en"))) == 1
