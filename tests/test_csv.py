"""The public CSV: its form, its columns, its guard, and what it reads."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.answers import listed, rows
from tests.chronicle import NEWEST_FIRST, OLDEST_FIRST, SECRETS
from timeline.exchange.cells import unguard
from timeline.exchange.public_csv import COLUMNS, lines
from timeline.models import Meeting, TimelineEntry, Trip
from timeline.views.timeline import timeline_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

NAMES = (
    "kind slug type status stage date_edtf earliest latest date_basis verification "
    "title_vi title_en summary_vi summary_en place_vi place_en countries "
    "participants_vi participants_en sources_vi sources_en trip url published_at changed_at"
)


def test_the_file_is_utf_8_with_a_mark_and_crlf(client):
    answer = client.get("/en/timeline.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="timeline.csv"'
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbfkind,slug,type,")
    assert content.endswith(b"\r\n")
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert len(records) == 1 + len(OLDEST_FIRST)
    assert {len(record) for record in records} == {len(COLUMNS)}
    assert content.count(b"\r\n") == len(records)


def test_the_columns_stand_in_their_documented_order(client):
    answer = client.get("/en/timeline.csv")
    assert list(rows(answer)[0]) == [column.name for column in COLUMNS] == NAMES.split()
    for language in ("en", "vi"):
        page = client.get(f"/{language}/data/")
        assert [column.name for column in page.context["columns"]] == NAMES.split()
        for name in NAMES.split():
            assert f"<code>{name}</code>" in page.content.decode()


def test_a_row_holds_what_the_entry_shows(client):
    by_slug = {row["slug"]: row for row in rows(client.get("/vi/timeline.csv"))}
    trump = by_slug["2026-trump"]
    assert {name: trump[name] for name in NAMES.split()[:10]} == {
        "kind": "meeting",
        "slug": "2026-trump",
        "type": "meeting",
        "status": "held",
        "stage": "",
        "date_edtf": "2026-02-20",
        "earliest": "2026-02-20",
        "latest": "2026-02-20",
        "date_basis": "unknown",
        "verification": "unverified",
    }
    assert trump["countries"] == "US"
    assert trump["participants_en"] == (
        "Tô Lâm (General Secretary): participant; "
        "Donald Trump (President of the United States): host"
    )
    assert trump["sources_en"] == "Information document on the trip of 2026"
    assert trump["trip"] == "2026-us"
    assert trump["url"] == "http://testserver/vi/meetings/2026-trump/"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", trump["changed_at"])
    assert by_slug["2026-us"]["trip"] == ""
    assert by_slug["2024-us-cuba"]["place_en"] == "New York, United States; New York, Cuba"
    assert by_slug["trade-negotiations"]["latest"] == by_slug["gaza-charter"]["earliest"] == ""


def test_both_languages_have_the_same_rows_but_for_the_address(client):
    english, vietnamese = (rows(client.get(f"/{code}/timeline.csv")) for code in ("en", "vi"))
    for one, other in zip(english, vietnamese, strict=True):
        assert one.pop("url").replace("/en/", "/vi/") == other.pop("url")
    assert english == vietnamese


def test_the_order_is_kept_and_pages_are_refused(client):
    assert listed(client, "/en/timeline.csv", {"order": "newest"}) == NEWEST_FIRST
    cursor = TimelineEntry.objects.first().oldest_key
    for name in ("after", "before"):
        answer = client.get("/en/timeline.csv", {name: cursor})
        assert (answer.status_code, answer.content) == (
            400,
            f"{name}: This list has no pages.\n".encode(),
        )


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "+84 24", "-1", "@SUM", "'s", "＝1", 'a "b", c', "Đặng; Tô\u2028Lâm"]
)
def test_a_formula_is_guarded_and_comes_back(client, title):
    Trip.objects.filter(slug="2026-us").update(
        title_en=title, summary_en=f"{title}\n{title}\n", summary_vi="a\r\nb"
    )
    [row] = [row for row in rows(client.get("/en/timeline.csv")) if row["slug"] == "2026-us"]
    assert unguard(row["title_en"]) == title
    assert unguard(row["summary_en"]) == f"{title}\n{title}"
    assert row["title_en"][0] not in "=+-@＝＋－＠"


def test_it_reads_the_timeline_and_nothing_else(client):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/en/timeline.csv?q=lam&from=2024&kind=meeting&order=newest").getvalue()
    tables = set(re.findall(r'"(\w+)"(?= |\Z)', queries[0]["sql"].partition(" FROM ")[2]))
    assert len(queries) == 1
    assert {name for name in tables if name.startswith("timeline_")} == {"timeline_timelineentry"}


def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries):
    for number in range(120):
        Meeting.objects.create(slug=f"call-{number}", title_en="Call", state="published")
    with django_assert_num_queries(1):
        assert len(rows(client.get("/en/timeline.csv"))) == len(OLDEST_FIRST) + 120


def test_the_first_line_leaves_before_anything_is_read(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        lines = iter(client.get("/en/timeline.csv").streaming_content)
        assert next(lines) + next(lines) == f"\ufeff{','.join(NAMES.split())}\r\n".encode()


def test_asking_for_the_head_reads_no_rows(rf, django_assert_num_queries):
    """A server may run through the content of an answer whose body it does not send."""
    with django_assert_num_queries(0):
        answer = timeline_csv(rf.head("/en/timeline.csv"))
        assert answer.getvalue().count(b"\r\n") == 1
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")


def test_nothing_unpublished_is_in_it(client):
    text = client.get("/en/timeline.csv").getvalue().decode()
    assert [secret for secret in SECRETS if secret in text] == []


def test_chosen_entries_are_written_the_same_way(client):
    chosen = TimelineEntry.objects.filter(kind="trip").select_related("trip")
    written = "".join(lines(chosen, "http://testserver", "en"))
    assert written.encode() == client.get("/en/timeline.csv?kind=trip").getvalue()
