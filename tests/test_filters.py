"""What each filter finds, and that what makes no sense finds nothing and says so."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from tests.answers import listed
from tests.chronicle import NEWEST_FIRST, OLDEST_FIRST, TRIP_2024
from timeline.filters import TimelineFilter, WholeListFilter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

PATHS = [f"/{language}/{name}" for language in ("en", "vi") for name in ("", "timeline.csv")]
AGREEMENTS = ["comprehensive-strategic-partnership", "trade-negotiations", "resolution-2803"]
AGREEMENTS += ["2026-boeing-737-max", "2026-signings", "gaza-charter"]
UNDATED = {"gaza-charter"}

GOOD = {
    "": OLDEST_FIRST,
    "q=&from=&kind=&person=": OLDEST_FIRST,
    "colour=blue": OLDEST_FIRST,
    "order=oldest": OLDEST_FIRST,
    "order=newest": NEWEST_FIRST,
    "q=to lam biden": ["2024-biden"],
    "q=TÔ LÂM BIDEN": ["2024-biden"],
    "q=dang son": ["2026-us"],
    "q=Parolin": ["2024-parolin"],
    "q=100%25": [],
    "kind=trip": ["2024-us-cuba", "2026-us"],
    "kind=agreement": AGREEMENTS,
    "status=announced": ["2024-diaz-canel"],
    "status=cancelled": [],
    "stage=negotiating": ["trade-negotiations"],
    "stage=negotiating&status=held": [],
    "dated=no": ["gaza-charter"],
    "dated=no&kind=trip": [],
    "country=US&with=CU": ["2024-us-cuba"],
    "country=CU&with=US&kind=meeting": [],
    "country=CU": ["2024-us-cuba", "2024-diaz-canel"],
    "person=trump-donald": ["2026-trump"],
    "person=to-lam&kind=trip": ["2024-us-cuba", "2026-us"],
    "organization=boeing": ["2026-boeing-737-max"],
    "from=2024-09&to=2024-09": [*TRIP_2024, "gaza-membership-letter"],
    "from=2026-02-20&order=newest": [
        "2026-trump",
        "2026-us",
        "2026-senators",
        "trade-negotiations",
    ],
}

BAD = {
    "q=%00": "q",
    "q=a%07b": "q",
    "q=%CC%81": "q",
    "q=_": "q",
    "q=\\": "q",
    "q=%22+%25+%22": "q",
    f"q={'x' * 201}": "q",
    "q=a&q=b": "q",
    "from=yesterday": "from",
    "from=2023-02-29": "from",
    "from=%00": "from",
    "from=" + "9" * 10_000: "from",
    "to=2024-13": "to",
    "to=9" * 10: "to",
    "from=2026&to=2024": "to",
    "from=2024-09-22&to=2024-09-21": "to",
    "kind=visit": "kind",
    "kind=trip&kind=trip": "kind",
    "kind=TRIP": "kind",
    "status=published": "status",
    "status=draft": "status",
    "stage=held": "stage",
    "dated=yes": "dated",
    "dated=no&from=2024": "dated",
    "dated=no&to=2024/..": "dated",
    "country=ZZ": "country",
    "country=JP": "country",
    "country=vn": "country",
    "country=Vietnam": "country",
    "country=%00": "country",
    "person=never-existed": "person",
    "person=hidden-person": "person",
    "person=idle-person": "person",
    "person=1": "person",
    "person=%00": "person",
    "organization=never-existed": "organization",
    "organization=hidden-body": "organization",
    "organization=boeing&organization=gaza-board": "organization",
    "order=random": "order",
    "order=oldest_key": "order",
    "with=US": "with",
    "country=US&with=US": "with",
    "country=US&with=FR": "with",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", GOOD)
def test_a_filter_finds_what_fits_in_order(client, path, query):
    assert client.get(path, QueryDict(query)).status_code == 200
    assert listed(client, path, QueryDict(query)) == GOOD[query]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", BAD)
def test_nonsense_is_refused_beside_its_field_and_lists_nothing(client, path, query):
    answer = client.get(path, QueryDict(query))
    assert answer.status_code == 400
    if path.endswith(".csv"):
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.content.decode().startswith(f"{BAD[query]}: ")
        assert answer.content.count(b"\n") == 1
    else:
        assert list(answer.context["filter"].errors) == [BAD[query]]
        assert listed(client, path, QueryDict(query)) == []
        for slug in OLDEST_FIRST:
            assert f"/{slug}/" not in answer.content.decode()


def test_refusals_are_told_in_the_language_of_the_page(client):
    texts = [client.get(f"/{code}/timeline.csv?country=ZZ").content for code in ("en", "vi")]
    assert texts[0] == (
        b"country: Nothing is known of such a country. Write its two-letter code, as in VN.\n"
    )
    assert texts[1] != texts[0]


@pytest.mark.parametrize("name", list(TimelineFilter.base_filters))
@pytest.mark.parametrize(
    "value",
    ["\0", "\0a", "x" * 10_000, "9" * 400, "-1", "1e400", "\ufffd", "\U0001f600", "'; --", "[]"],
)
@pytest.mark.parametrize("path", PATHS[:2])
def test_no_value_of_any_parameter_breaks_a_page(client, path, name, value):
    answer = client.get(path, {name: value})
    assert answer.status_code == 400 or (name == "q" and answer.status_code == 200)
    assert listed(client, path, {name: value}) == []


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%FF", "%", "%C0%80"])
def test_bytes_that_are_no_text_break_nothing(client, raw):
    for name in TimelineFilter.base_filters:
        answer = client.get("/en/", QUERY_STRING=f"{name}={raw}")
        assert answer.status_code == 400, name


@pytest.mark.parametrize("name", ["person", "organization"])
def test_somebody_hidden_is_refused_like_somebody_who_never_was(client, name):
    hidden = {"person": "hidden-person", "organization": "hidden-body"}[name]
    answers = [client.get("/en/timeline.csv", {name: slug}) for slug in (hidden, "never-was")]
    assert answers[0].content == answers[1].content
    pages = [client.get("/en/", {name: slug}).content.decode() for slug in (hidden, "never-was")]
    assert pages[0].replace(hidden, "*") == pages[1].replace("never-was", "*")


# Nobody knows since when it was written: it may be from any day before.
LETTER = "gaza-membership-letter"
OVERLAPS = [
    ("2023", "2023", ["comprehensive-strategic-partnership", LETTER]),
    ("2023-09-30", "2023-10", ["comprehensive-strategic-partnership", LETTER]),
    ("2023-10", "2023", [LETTER]),
    ("", "0001", [LETTER]),
    ("9999", "", ["trade-negotiations"]),
    ("2025-03-31", "2025-03-31", [LETTER]),
    ("2025-04-01", "2025-04-01", ["trade-negotiations", LETTER]),
    (
        "[2025-11-17,2025-12-24]",
        "2025-11-16/2025-11-17",
        ["trade-negotiations", "resolution-2803", LETTER],
    ),
    ("2025-11-18/..", "../2025-12", ["trade-negotiations", LETTER]),
]


@pytest.mark.parametrize(("first", "last", "expected"), OVERLAPS)
def test_a_period_finds_what_may_overlap_it(client, first, last, expected):
    assert listed(client, "/en/timeline.csv", {"from": first, "to": last}) == expected


@pytest.mark.parametrize("query", ["from=../2024", "to=2024/..", "from=0001", "to=9999"])
def test_a_period_without_bounds_still_leaves_out_what_has_no_date(client, query):
    found = listed(client, "/en/timeline.csv", QueryDict(query))
    assert found == [slug for slug in OLDEST_FIRST if slug not in UNDATED]


def test_one_of_some_days_is_found_on_each_of_them_and_not_outside(client):
    for day, expected in [("2024-09-20", []), ("2024-09-23", ["2024-biden", "2024-diaz-canel"])]:
        query = {"from": day, "to": day, "kind": "meeting"}
        found = listed(client, "/en/", query)
        assert found == [*expected, "gaza-membership-letter"]


def test_the_form_offers_what_leads_to_something(client):
    form = client.get("/vi/").context["filter"].form
    with override("vi"):
        offered = {
            name: [value for value, _label in form.fields[name].choices]
            for name in ("country", "person", "organization")
        }
    assert [str(value) for value in offered["country"]] == ["", "CU", "US", "VA", "VN"]
    assert [str(value) for value in offered["person"]] == [
        *("", "biden-joe", "diaz-canel-miguel", "greer-jamieson", "parolin-pietro"),
        *("to-lam", "trump-donald"),
    ]
    assert [str(value) for value in offered["organization"]] == [
        *("", "gaza-board", "boeing", "vietnam-airlines")
    ]


def test_a_filter_that_is_not_valid_never_yields_entries():
    for kind in (TimelineFilter, WholeListFilter):
        assert list(kind(QueryDict("kind=visit")).qs) == []
        assert kind(QueryDict("kind=trip")).qs.count() == 2


def test_links_ask_for_the_same_again():
    chosen = TimelineFilter(QueryDict("person=to-lam&q= Tô  Lâm &from=2024&x=y&order=newest"))
    assert chosen.query() == "?q=T%C3%B4++L%C3%A2m&from=2024&person=to-lam&order=newest"
    assert chosen.query(person=None, q=None) == "?from=2024&order=newest"
    assert [name for name, _label, _value in chosen.active()] == ["q", "from", "person"]


def test_a_period_and_the_lack_of_a_date_take_each_others_place():
    of_2024 = TimelineFilter(QueryDict("from=2024&kind=trip"))
    assert of_2024.query(dated="no") == "?kind=trip&dated=no"
    undated = TimelineFilter(QueryDict("dated=no&stage=signed"))
    assert undated.query(to="2024") == "?stage=signed&to=2024"
    assert undated.query(kind="agreement") == "?dated=no&stage=signed&kind=agreement"
    assert undated.query(dated=None) == "?stage=signed"
    with override("en"):
        assert [value for *_names, value in undated.active()] == ["without a date", "signed"]
