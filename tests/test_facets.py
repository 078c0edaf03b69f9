"""Counts beside the timeline: each is the number of records that its link leads to."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict

from tests.answers import listed
from tests.chronicle import record, take_part
from timeline import projection
from timeline.facets import Facets, Period
from timeline.filters import TimelineFilter
from timeline.matches import Keys, Matches
from timeline.models import (
    Agreement,
    Country,
    Meeting,
    Organization,
    Person,
    TimelineEntry,
    Trip,
    TripLeg,
)
from timeline.views import narrowing

pytestmark = pytest.mark.django_db

DATES = [
    *("2024", "2024~", "2024-02", "2023-12-30/2024-01-02", "[2023-12-31,2025-01-01]", "2026-02-20"),
    *("../2022", "2027-05/..", "/2019", "2025/", "[2020..2022]", "2019/2028", "1986-12-15", ""),
]


@pytest.fixture(scope="module")
def varied(told):
    """Beside the chronicle: dates of every form, and trips to several countries."""
    with projection.batch():
        for number, written in enumerate(DATES):
            slug, status = f"varied-{number}", ["held", "postponed"][number % 2]
            row = record(Meeting, slug, f"Phiên họp {number}", written, status=status)
            take_part(row, "to-lam", country=["VN", "US", "CU"][number % 3])
            take_part(row, "biden-joe", "host", country="US")
        trip = record(Trip, "three-countries", "Three countries", "2027", status="announced")
        for order, code in enumerate(["US", "CU", "US", "JP"]):
            country = Country.objects.get(code=code)
            TripLeg.objects.create(trip=trip, order=order, country=country)
        take_part(record(Agreement, "of-nobody", "Của không ai", "2027"), organization="boeing")


QUERIES = [
    *("", "kind=meeting", "status=held", "country=US", "country=US&with=CU", "person=biden-joe"),
    *("organization=boeing", "from=2024&to=2024", "from=2020&to=2029", "from=2026", "to=../2022"),
    *("q=tô", "q=lam&country=VN&kind=meeting&from=2020", "q=phien&status=postponed&order=best"),
    *("dated=no", "dated=no&kind=meeting", "stage=negotiating", "stage=unknown&country=US"),
    *("kind=trip&status=announced", "country=VA&person=biden-joe", "q=zzyzx", "country=VN&with=US"),
    "from=2023-12-31&to=2024-01-01&country=US&person=to-lam&kind=meeting&order=newest",
]


@pytest.mark.usefixtures("varied")
@pytest.mark.parametrize("query", QUERIES)
def test_each_number_is_that_of_the_records_its_link_leads_to(client, query):
    answer = client.get("/en/", QueryDict(query))
    facets = answer.context["facets"]
    assert answer.context["count"] == len(listed(client, "/en/timeline.csv", QueryDict(query)))
    for facet in facets:
        for choice in facet.choices:
            if choice.is_chosen:  # its link takes it away
                assert choice.number == answer.context["count"]
                continue
            found = listed(client, "/en/timeline.csv", _asked(choice.url))
            assert len(found) == choice.number > 0, (facet.name, choice.url)
    values = dict(parse_qsl(query, keep_blank_values=True))
    for name in ("kind", "status", "stage", "country", "with", "person", "organization"):
        choices = [choice for facet in facets if facet.name == name for choice in facet.choices]
        chosen = [choice for choice in choices if choice.is_chosen]
        assert len(chosen) == (name in values), name
        assert all(f"{name}={values[name]}" not in choice.url for choice in chosen)


def _asked(url):
    return QueryDict(url.partition("?")[2])


def numbers(query=""):
    chosen = TimelineFilter(QueryDict(query))
    assert chosen.is_valid()
    return Facets(Matches(chosen))


@pytest.mark.usefixtures("varied")
def test_no_choice_that_leads_to_something_is_left_out():
    shown = numbers("q=lam")
    entries = TimelineEntry.objects.filter(search__contains=" lam")
    assert {row.code: row.number for row in shown.countries} == {
        code: entries.filter(countries__code=code).count()
        for code in entries.values_list("countries__code", flat=True)
        if code
    }
    assert dict(shown.kinds) == {
        kind: entries.filter(kind=kind).count() for kind in {entry.kind for entry in entries}
    }


@pytest.mark.usefixtures("varied")
def test_the_countries_beside_a_chosen_one_are_those_it_shares_records_with(client):
    facets = {facet.name: facet for facet in client.get("/en/?country=CU").context["facets"]}
    codes = [(choice.label.code, choice.number) for choice in facets["with"].choices]
    assert codes == [("US", 6), ("JP", 1), ("VN", 1)]
    assert "with" not in {facet.name for facet in client.get("/en/").context["facets"]}
    both = client.get("/en/?country=CU&with=US").context
    chips = [(row["name"], row["remove_url"]) for row in both["active_filters"]]
    assert chips == [("country", "/en/?country=US"), ("with", "/en/?country=CU")]


@pytest.mark.usefixtures("varied")
def test_beside_a_chosen_country_others_narrow_and_do_not_take_its_place(client):
    for query in ("country=CU", "country=CU&with=US", "country=CU&q=zzyzx"):
        facets = {facet.name: facet for facet in client.get(f"/en/?{query}").context["facets"]}
        [choice] = facets["country"].choices
        assert (choice.label.code, choice.is_chosen, facets["country"].more_url) == ("CU", True, "")
    html = client.get("/en/?country=CU&q=zzyzx&kind=trip").content.decode()
    assert html.count("<small></small></a>") == 2, "a chosen one without a hit has no number"
    assert "<small>0</small>" not in html


@pytest.mark.usefixtures("varied")
def test_every_record_is_in_a_year_or_without_a_date_and_has_a_status_or_a_stage(client):
    shown = client.get("/en/").context
    facets = {facet.name: facet for facet in shown["facets"]}
    undated = facets["period"].choices[-1]
    assert (undated.label, undated.url) == ("Without a date", "/en/?dated=no")
    told = f'<a href="/en/?dated=no">{undated.number} records without a date are not drawn.</a>'
    assert told in client.get("/en/").content.decode()
    dated = listed(client, "/en/timeline.csv", {"from": "0001"})
    assert undated.number + len(dated) == shown["count"]
    numbers = [choice.number for name in ("status", "stage") for choice in facets[name].choices]
    assert sum(numbers) == shown["count"]
    beside = numbers_of_stages(client.get("/en/?stage=negotiating"))
    assert beside == numbers_of_stages(client.get("/en/")), "another one takes its place"


def numbers_of_stages(answer):
    [stages] = [facet for facet in answer.context["facets"] if facet.name == "stage"]
    return [(choice.label, choice.number) for choice in stages.choices]


@pytest.mark.usefixtures("varied")
def test_a_choice_of_years_takes_the_place_of_what_has_no_date(client):
    shown = client.get("/en/?dated=no&kind=agreement").context
    [(name, label, value, url)] = [[*row.values()] for row in shown["active_filters"][:1]]
    assert (name, label, value, url) == ("dated", "Date", "without a date", "/en/?kind=agreement")
    *years, undated = next(facet for facet in shown["facets"] if facet.name == "period").choices
    assert (undated.is_chosen, undated.url) == (True, "/en/?kind=agreement")
    assert years and all("dated" not in choice.url for choice in years)
    *_years, undated = client.get("/en/?from=2024&to=2024").context["facets"][0].choices
    assert (undated.is_chosen, undated.url) == (False, "/en/?dated=no")


@pytest.mark.parametrize(
    ("query", "name"),
    [("with=US", "with"), ("country=US&with=US", "with"), ("country=US&with=ZZ", "with")],
)
@pytest.mark.usefixtures("varied")
def test_a_second_country_needs_a_first_and_another_one(client, query, name):
    answer = client.get("/en/", QueryDict(query))
    assert answer.status_code == 400
    assert list(answer.context["filter"].errors) == [name]


@pytest.mark.usefixtures("varied")
def test_spans_say_which_years_are_open_which_are_one_of_and_which_are_doubted(client):
    spans = numbers("q=phien&kind=meeting&from=1999").spans
    assert sorted(spans, key=str) == sorted(
        [
            *((2024, 2024, "", "meeting", 2), (2024, 2024, "about", "meeting", 1)),
            *((2023, 2024, "", "meeting", 1), (2023, 2025, "one_of", "meeting", 1)),
            (2026, 2026, "", "meeting", 1),
            *((None, 2022, "", "meeting", 1), (2027, None, "", "meeting", 1)),
            *((None, 2019, "", "meeting", 1), (2025, None, "", "meeting", 1)),
            *((2020, 2022, "one_of", "meeting", 1), (2019, 2028, "", "meeting", 1)),
            *((1986, 1986, "", "meeting", 1), (None, None, "", "meeting", 1)),
        ],
        key=str,
    )
    assert client.get("/en/?q=phien").context["spans"]


PERIODS = [
    ([], "", []),
    ([(None, None, 3)], "", []),
    ([(2024, 2024, 2), (2026, 2026, 1)], "", [(2024, 2024, 2, 0), (2026, 2026, 1, 0)]),
    ([(2024, 2025, 1), (2025, 2025, 1)], "", [(2024, 2024, 1, 0), (2025, 2025, 2, 0)]),
    ([(None, 2024, 1), (2025, None, 1)], "", [(2024, 2024, 1, 0), (2025, 2025, 1, 0)]),
    ([(1986, 1986, 1), (2013, 2014, 1)], "", [(1980, 1989, 1, 0), (2010, 2019, 1, 0)]),
    (
        [(1986, 1986, 1), (2013, 2014, 1)],
        "from=2013-05&to=2013",
        [(1980, 1989, 1, 0), (2010, 2019, 1, 0), (2013, 2013, 1, 1), (2014, 2014, 1, 1)],
    ),
    ([(1986, 1986, 1), (2013, 2014, 1)], "from=2013", [(1980, 1989, 1, 0), (2010, 2019, 1, 0)]),
    ([(1, 1, 1), (9999, 9999, 1)], "", [(1, 999, 1, 0), (9000, 9999, 1, 0)]),
]


@pytest.mark.parametrize(("spans", "query", "expected"), PERIODS)
def test_years_are_listed_by_wider_periods_when_they_are_many(spans, query, expected):
    facets = numbers(query)
    facets.spans = [(first, last, "", "trip", number) for first, last, number in spans]
    assert facets.periods == [Period(*period) for period in expected]


@pytest.mark.usefixtures("varied")
def test_a_long_list_shows_its_first_choices_and_the_chosen_one(client, monkeypatch):
    monkeypatch.setattr(narrowing, "SHOWN", 2)
    facets = {f.name: f for f in client.get("/en/?person=parolin-pietro").context["facets"]}
    people = [(row.label.slug, row.number, row.is_chosen) for row in facets["person"].choices]
    assert people == [
        *(("to-lam", 21, False), ("biden-joe", 15, False), ("parolin-pietro", 1, True)),
    ]
    assert facets["person"].more_url == "/en/people/"
    assert facets["kind"].more_url == facets["country"].more_url == ""


@pytest.mark.usefixtures("varied")
def test_the_form_offers_a_bounded_list_and_takes_everybody(client, monkeypatch):
    monkeypatch.setattr("timeline.facets.OFFERED", 1)
    page = client.get("/en/?person=parolin-pietro")
    assert page.status_code == 200
    select = page.content.decode().partition('<select name="person"')[2].partition("</select>")[0]
    assert 'value="parolin-pietro" selected' in select
    assert 2 <= select.count("<option") <= 4


@pytest.mark.usefixtures("varied")
def test_the_fewer_of_what_fits_and_what_does_not_are_kept():
    everybody = Matches(TimelineFilter(QueryDict("country=VN")))
    everybody.chosen.is_valid()
    total = TimelineEntry.objects.count()
    entries = TimelineEntry.objects.order_by("oldest_key")
    keys = [str(entry.pk) for entry in entries]
    for number in (0, 1, total // 2, total // 2 + 1, total - 1, total):
        found = Keys.of({*keys[:number]}, total)
        assert found.number == number
        assert found.are_others == (number > total / 2)
        assert len(found.keys) == min(number, total - number)
        fitting = TimelineEntry.objects.filter(found.condition)
        assert {str(entry.pk) for entry in fitting} == {*keys[:number]}
        assert found.keys == sorted(found.keys)


@pytest.mark.usefixtures("told")
def test_of_equally_many_the_first_in_the_alphabet_comes_first():
    Organization.objects.filter(slug="gaza-board").update(name_vi="Xưởng", name_en="Works")
    rows = Facets(Matches(TimelineFilter({}))).organizations
    alike = [row.slug for row in rows if row.number == 1 and row.slug != "boeing"]
    assert alike == ["vietnam-airlines", "gaza-board"]


@pytest.mark.usefixtures("varied")
def test_nothing_hidden_is_counted(client):
    before = [client.get(f"/en/?{query}").content for query in ("", "country=US", "q=lam")]
    hidden = record(Meeting, "not-yet", "Tô Lâm", "2024", state="draft")
    take_part(hidden, "to-lam", country="US")
    Person.objects.filter(slug="idle-person").update(name="Zzyzx")
    assert [client.get(f"/en/?{query}").content for query in ("", "country=US", "q=lam")] == before


@pytest.mark.usefixtures("varied")
def test_the_number_of_queries_is_bounded_whatever_is_asked(client, django_assert_max_num_queries):
    bounds = {"": 10, "q=lam": 12, QUERIES[-1]: 20}
    for query, most in bounds.items():
        with django_assert_max_num_queries(most):
            client.get("/en/", QueryDict(query))


def test_years_of_entries_are_those_of_their_bounds():
    """What the years are counted by is what the filter compares."""
    for entry in TimelineEntry.objects.all():
        assert entry.first_year == (entry.earliest and entry.earliest.year)
        assert entry.last_year == (entry.latest and entry.latest.year)
        assert entry.earliest is None or entry.earliest >= date(1, 1, 1)
