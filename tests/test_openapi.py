"""The JSON of the timeline, held to its own description by validators that are not ours."""

import re

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.chronicle import NEWEST_FIRST, OLDEST_FIRST, record
from timeline import projection
from timeline.exchange.public_csv import COLUMNS
from timeline.feeds import entries_json
from timeline.filters import TimelineFilter
from timeline.models import Meeting, TimelineEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

SITE = "http://testserver"


@pytest.fixture
def described(client):
    answer = client.get("/openapi.json")
    assert answer["Content-Type"] == "application/json"
    return answer.json()


@pytest.fixture
def faults(described):
    """What is wrong with an answer of timeline.json, as a list of sentences."""
    schema = described["components"]["schemas"]["Page"] | {"components": described["components"]}
    validator = OAS31Validator(schema, format_checker=oas31_format_checker)
    return lambda page: [f"{e.json_path}: {e.message}" for e in validator.iter_errors(page)]


def test_the_description_is_sound_and_the_same_in_every_language(client, described):
    OpenAPIV31SpecValidator(described).validate()
    for language in ("en", "vi"):
        again = client.get("/openapi.json", headers={"Accept-Language": language})
        assert again.json() == described


def test_every_address_and_every_filter_is_described(client, described):
    parameters = described["components"]["parameters"]
    assert {*parameters} == {"language", *TimelineFilter({}).form.fields}
    for path, operations in described["paths"].items():
        names = [ref["$ref"].rpartition("/")[2] for ref in operations["parameters"]]
        turned = set() if path.endswith(".json") else {"after", "before"}
        assert {*names} == {*parameters} - turned, path
        answers = operations["get"]["responses"]
        for language in parameters["language"]["schema"]["enum"]:
            address = path.replace("{language}", language)
            answer = client.get(address)
            assert [*answers["200"]["content"]] == [answer["Content-Type"].partition(";")[0]]
            refused = client.get(f"{address}?kind=war")
            assert str(refused.status_code) in answers
            assert [*answers["400"]["content"]] == [refused["Content-Type"].partition(";")[0]]
            assert ("304" in answers) == ("ETag" in answer)


def test_the_choices_of_a_filter_are_those_that_it_takes(described):
    for name in ("dated", "kind", "status", "stage", "order"):
        schema = described["components"]["parameters"][name]["schema"]
        choices = TimelineFilter({}).form.fields[name].choices
        assert schema["enum"] == [code for code, _label in choices if code], name


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_answers_are_as_described_and_have_nothing_more(client, described, faults, language):
    page = client.get(f"/{language}/timeline.json").json()
    assert faults(page) == []
    assert [row["slug"] for row in page["records"]] == OLDEST_FIRST
    schemas = described["components"]["schemas"]
    assert {*page} == {*schemas["Page"]["properties"]}
    for row in page["records"]:
        assert {*row} == {*schemas["Record"]["properties"]}
        assert row["date"] is None or {*row["date"]} == {*schemas["Date"]["properties"]}
    empty = client.get(f"/{language}/timeline.json?q=no+such+words").json()
    assert empty == {"count": 0, "next": None, "previous": None, "records": []}
    assert faults(empty) == []


def test_an_answer_that_is_not_as_described_is_noticed(client, faults):
    page = client.get("/en/timeline.json").json()
    first = page["records"][0]
    for name, wrong in {"kind": "war", "slug": "a b", "status": 1, "date": "2026"}.items():
        assert faults({**page, "records": [{**first, name: wrong}]}), name
    del first["title"]
    assert faults(page) == ["$.records[0]: 'title' is a required property"]


def test_nothing_of_the_table_is_missing(client):
    record = client.get("/en/timeline.json").json()["records"][0]
    columns = {re.sub("_(vi|en)$", "", column.name) for column in COLUMNS}
    of_date = {"date_edtf", "date_basis", "earliest", "latest"}
    assert columns - of_date <= {*record}


def test_a_record_tells_all_in_both_languages_and_keeps_its_date(client):
    rows = {row["slug"]: row for row in client.get("/vi/timeline.json").json()["records"]}
    trip, agreement, meeting = rows["2026-us"], rows["trade-negotiations"], rows["2024-biden"]
    assert trip["url"] == f"{SITE}/vi/trips/2026-us/"
    assert trip["title"] == {
        "vi": "Chuyến công tác dự phiên khai mạc Hội đồng Hòa bình về Gaza",
        "en": "Trip to the United States for the opening of the Board of Peace",
    }
    assert trip["summary"] == {
        "vi": "Tổng Bí thư Tô Lâm dự phiên khai mạc tại Đặng Sơn.",
        "en": None,
    }
    assert trip["sources_differ"] is True
    assert (trip["countries"], trip["people"]) == (["US", "VN"], ["to-lam"])
    assert trip["participants"]["en"] == ["Tô Lâm (General Secretary): head of delegation"]
    assert (agreement["status"], agreement["stage"]) == (None, "negotiating")
    assert agreement["date"] == {
        "edtf": "2025-04/..",
        "label": {"vi": "từ tháng 4 năm 2025 trở đi", "en": "from April 2025 on"},
        "precision": "interval",
        "earliest": "2025-04-01",
        "latest": None,
        "basis": "unknown",
    }
    assert meeting["date"]["precision"] == "set"
    assert (meeting["trip"], trip["trip"]) == ("2024-us-cuba", None)
    assert rows["gaza-charter"]["date"] is None
    assert rows["2026-boeing-737-max"]["organizations"] == ["boeing", "vietnam-airlines"]
    entry = TimelineEntry.objects.get(slug="2026-us")
    assert trip["changed_at"] == entry.changed_at.isoformat()


def test_the_pages_lead_through_all_records_and_back(client, monkeypatch):
    monkeypatch.setattr(entries_json, "SIZE", 4)
    address, found, pages = "/en/timeline.json?order=newest", [], []
    while address:
        pages.append(client.get(address.removeprefix(SITE)).json())
        found += [row["slug"] for row in pages[-1]["records"]]
        address = pages[-1]["next"]
    assert found == NEWEST_FIRST
    assert {page["count"] for page in pages} == {len(NEWEST_FIRST)}
    assert [bool(page["previous"]) for page in pages] == [False, True, True, True, True]
    before = client.get(pages[1]["previous"].removeprefix(SITE)).json()
    assert before["records"] == pages[0]["records"]


def test_a_page_costs_the_same_for_any_number(client, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/en/timeline.json?kind=meeting")
    with projection.batch():
        for number in range(entries_json.SIZE + 1):
            record(Meeting, f"call-{number}", "Call", "2027-05-01")
    with django_assert_num_queries(4):
        page = client.get("/en/timeline.json?kind=meeting").json()
    assert len(page["records"]) == entries_json.SIZE
    assert page["next"].startswith(f"{SITE}/en/timeline.json?kind=meeting&after=2027")
