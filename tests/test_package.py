"""The data package: what is in it, that it is as it describes itself, and that it stays so."""

import csv
import io
import json
import tracemalloc
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.db import connection
from django.http import HttpResponse
from frictionless import Package

from tests import builders
from tests.answers import unpacked
from tests.chronicle import OLDEST_FIRST
from timeline import projection
from timeline.exchange.cells import unguard
from timeline.exchange.column import CODE_LISTS
from timeline.exchange.package import descriptor
from timeline.exchange.package.archive import pieces
from timeline.exchange.package.descriptor import FILE_OF
from timeline.exchange.package.tables import TABLES
from timeline.models import EDITED_MODELS, Correction, Meeting, Person, TimelineEntry, Trip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

PATH = "/data/package.zip"
TOLD = {  # the first column of each table of the chronicle
    "countries": "CU US VA VN",
    "organizations": "boeing gaza-board vietnam-airlines",
    "people": "biden-joe diaz-canel-miguel greer-jamieson parolin-pietro to-lam trump-donald",
    "sources": "annex communist-review information-2026 office-list",
    "tenures": "people/to-lam/1",
    "trips": "2024-us-cuba 2026-us",
    "legs": "trips/2024-us-cuba/1 trips/2024-us-cuba/2 trips/2026-us/1",
    "items": "agreements/2026-boeing-737-max/1",
    "corrections": "",
}


@pytest.fixture(scope="module")
def package(told, django_db_blocker):
    """The texts in it: {name: text}."""
    with django_db_blocker.unblock():
        content = b"".join(pieces())
    return unpacked(HttpResponse(content, content_type="application/zip"))


def rows(package, name):
    """The rows of one table as dictionaries, the first column being the key."""
    lines = io.StringIO(package[f"{name}.csv"].removeprefix("\ufeff"), newline="")
    return list(csv.DictReader(lines, strict=True))


def row(package, name, key):
    [found] = [row for row in rows(package, name) if key == next(iter(row.values()))]
    return {column: cell for column, cell in found.items() if cell}


def validated(content, folder):
    """What the library of the standard's own makers finds wrong with the archive."""
    with ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    report = Package(str(folder / "datapackage.json")).validate()
    return [
        (task.name, *error) for task in report.tasks for error in task.flatten(["type", "note"])
    ]


def test_its_files_are_these_and_none_tells_when_it_was_made(client):
    answer = client.get(PATH)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="timeline-data.zip"'
    with ZipFile(io.BytesIO(answer.getvalue())) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
    assert [entry.filename for entry in entries] == [
        *("codebook.vi.md", "codebook.en.md"),
        *(f"{table.name}.csv" for table in TABLES),
        "datapackage.json",
    ]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {ZIP_DEFLATED}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


def test_every_table_of_the_edit_side_is_in_it_after_those_it_refers_to():
    assert set(FILE_OF) == set(EDITED_MODELS)
    names = [table.model for table in TABLES]
    for table in TABLES:
        for column in table.columns:
            if column.refers_to:
                assert names.index(column.refers_to) <= names.index(table.model), column


def test_each_table_holds_what_is_public_and_no_other_row(package):
    found = {table.name: rows(package, table.name) for table in TABLES}
    keys = {name: " ".join(next(iter(r.values())) for r in found[name]) for name in TOLD}
    assert keys == TOLD
    records = [r["slug"] for kind in ("trips", "meetings", "agreements") for r in found[kind]]
    assert sorted(records) == sorted(OLDEST_FIRST)
    assert len(found["participations"]) == 15
    assert len(found["citations"]) == len(OLDEST_FIRST) + 2  # a contradiction, an office


def test_a_file_is_utf_8_with_a_mark_and_crlf_and_in_the_order_of_code_points(package):
    for table in TABLES:
        text = package[f"{table.name}.csv"]
        assert text.startswith(f"\ufeff{','.join(column.name for column in table.columns)}\r\n")
        assert text.endswith("\r\n")
        keys = [next(iter(r.values())) for r in rows(package, table.name)]
        if table.key == "id":  # .../2 stands before .../10
            keys = [(*key.split("/")[:-1], int(key.split("/")[-1])) for key in keys]
        assert all(one < other for one, other in pairwise(keys)), table.name
        if connection.vendor == "postgresql":  # wherever it runs, and not only where we do
            assert 'COLLATE "C"' in str(table.rows().order_by(*table.order).query)


def test_a_meeting_of_a_hidden_one_names_its_trip_alone(package):
    entry = TimelineEntry.objects.get(slug="2026-trump")
    assert row(package, "meetings", "2026-trump") == {
        "slug": "2026-trump",
        "title_vi": "President Trump",
        "title_en": "President Trump",
        "date_edtf": "2026-02-20",
        "earliest": "2026-02-20",
        "latest": "2026-02-20",
        "date_basis": "unknown",
        "verification": "unverified",
        "kind": "meeting",
        "mode": "in_person",
        "status": "held",
        "trip": "2026-us",
        "published_at": entry.published_at.isoformat(),
        "changed_at": entry.changed_at.isoformat(),
    }
    assert Meeting.objects.get(slug="2026-trump").part_of is not None


def test_of_a_closed_source_there_is_the_label_and_of_an_open_one_what_is_public(package):
    assert row(package, "sources", "information-2026") == {
        "slug": "information-2026",
        "access": "citation",
        "public_label_vi": "Tài liệu thông tin về chuyến công tác năm 2026",
        "public_label_en": "Information document on the trip of 2026",
    }
    assert row(package, "sources", "annex") == {  # to an internal letter
        "slug": "annex",
        "access": "public",
        "title_vi": "Annex on Gaza",
        "title_en": "Annex on Gaza",
        "title_is_supplied": "0",
        "kind": "other",
        "language": "vi",
        "is_held": "1",
    }


def test_a_citation_of_an_office_leads_to_it_and_an_office_to_no_hidden_body(package):
    assert row(package, "tenures", "people/to-lam/1") == {
        "id": "people/to-lam/1",
        "person": "to-lam",
        "title_en": "General Secretary",
        "date_edtf": "2024-08-03/..",
        "earliest": "2024-08-03",
        "basis": "attested",
    }
    assert row(package, "citations", "people/to-lam/1/1") == {
        "id": "people/to-lam/1/1",
        "source": "office-list",
        "tenure": "people/to-lam/1",
        "statement_en": "Elected in August 2024",
        "stance": "reports",
    }
    assert row(package, "citations", "trips/2026-us/1") == {
        "id": "trips/2026-us/1",
        "source": "annex",
        "trip": "2026-us",
        "statement_en": "Another day",
        "stance": "contradicts",
    }


def test_offices_are_numbered_alike_in_their_table_and_in_citations(client):
    biden = Person.objects.get(slug="biden-joe")
    source = builders.source("A list of offices")
    for year in ("2021/2025", "2009/2017", ""):
        office = builders.tenure(person=biden, title_en=f"Office {year or 0}", date_edtf=year)
        builders.citation(office, source=source, statement_en=f"Said of {year or 0}")
        builders.citation(office, source=source, statement_en="Said twice")
        builders.tenure(person=biden, title_en="Not shown by any source", date_edtf=year)
    package = unpacked(client.get(PATH))
    offices = {r["id"]: r["date_edtf"] for r in rows(package, "tenures")}
    said = {r["id"]: (r["tenure"], r["statement_en"]) for r in rows(package, "citations")}
    assert offices == {
        "people/biden-joe/1": "",
        "people/biden-joe/2": "2009/2017",
        "people/biden-joe/3": "2021/2025",
        "people/to-lam/1": "2024-08-03/..",
    }
    for key, year in list(offices.items())[:3]:
        assert said[f"{key}/1"] == (key, f"Said of {year or 0}")
        assert said[f"{key}/2"] == (key, "Said twice")


@pytest.mark.parametrize(
    "name", ["legs", "items", "participations", "citations", "corrections", "tenures"]
)
def test_a_part_does_not_show_its_slug(name):
    """It is made of what the row said first, and keeps it: of a person or source since hidden."""
    [table] = [table for table in TABLES if table.name == name]
    assert "slug" not in [column.name for column in table.columns]


def test_it_keeps_its_own_description(client, tmp_path):
    Trip.objects.filter(slug="2026-us").update(title_en="=HYPERLINK(1)", summary_en="a\nb, “c”")
    builders.correction(Trip.objects.get(slug="2026-us"))
    assert validated(client.get(PATH).getvalue(), tmp_path) == []


BROKEN = {  # file: (what stands in it, what is put there, the problem)
    "people.csv": ("to-lam,", "To Lam,", "constraint-error"),
    "trips.csv": ("2026-02-18,2026", "18.2.2026,2026", "type-error"),
    "legs.csv": ("2024-us-cuba/2", "2024-us-cuba/1", "primary-key"),
    "meetings.csv": (",2026-us,", ",2025-us,", "foreign-key"),
    "agreements.csv": (",signed,", ",sealed,", "constraint-error"),
    "participations.csv": ("\r\n", ",,\r\n", "extra-label"),
}


def test_what_is_not_as_it_is_described_is_found(package, tmp_path):
    """That the check above is one."""
    changed = io.BytesIO()
    with ZipFile(changed, "w") as archive:
        for name, text in package.items():
            right, wrong, _problem = BROKEN.get(name, ("", "", ""))
            assert right in text
            archive.writestr(name, text.replace(right, wrong, 1) if right else text)
    problems = {found[:2] for found in validated(changed.getvalue(), tmp_path)}
    assert problems >= {
        (name.removesuffix(".csv"), problem) for name, (_, _, problem) in BROKEN.items()
    }


def test_a_formula_is_guarded_and_comes_back(client):
    Trip.objects.filter(slug="2026-us").update(title_en="=HYPERLINK(1)")
    cell = row(unpacked(client.get(PATH)), "trips", "2026-us")["title_en"]
    assert (cell, unguard(cell)) == ("'=HYPERLINK(1)", "=HYPERLINK(1)")


def test_it_is_the_same_to_the_byte_whoever_asks_until_something_public_changes(client):
    first = client.get(PATH).getvalue()
    projection.rebuild()
    Meeting.objects.filter(slug="draft-meeting").update(title_en="Zzyzx again")
    again = client.get(PATH, headers={"Accept-Language": "vi", "Host": "localhost"}).getvalue()
    assert again == first
    Person.objects.filter(slug="to-lam").update(aliases="To Lam")
    changed = client.get(PATH).getvalue()
    assert changed != first
    versions = {description(content)["version"] for content in (first, again, changed)}
    assert len(versions) == 2


def description(content):
    with ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("datapackage.json"))


def test_the_version_begins_with_the_day_of_the_last_change(client):
    said = description(client.get(PATH).getvalue())
    last = TimelineEntry.objects.latest("changed_at").changed_at
    assert said["created"] == last.isoformat()
    assert said["version"].startswith(f"{last.year}.{last.month}.{last.day}+")
    assert f"<dd>{last.year}.{last.month}.{last.day} " in client.get("/en/data/").content.decode()


def test_where_there_is_nothing_public_yet_the_package_says_so():
    content = descriptor.package([], changed_at=None)
    assert "created" not in content
    assert content["version"].startswith("0.0.0+")


def test_a_licence_is_named_where_the_settings_have_one_and_invented_nowhere(client, settings):
    answers = []
    for settings.DATA_LICENSE in ([], ["CC-BY-4.0", "ODbL-1.0"]):
        content = client.get(PATH).getvalue()
        book = unpacked(client.get(PATH))["codebook.en.md"]
        page = client.get("/en/data/").content.decode()
        answers.append((description(content).get("licenses"), book, page))
    (none, book, page), (both, book_with, page_with) = answers
    assert none is None
    assert "Licence: not stated." in book
    assert "<dd>not stated</dd>" in page
    assert both == [{"name": "CC-BY-4.0"}, {"name": "ODbL-1.0"}]
    assert "Licence: CC-BY-4.0, ODbL-1.0." in book_with
    assert "<dd>CC-BY-4.0, ODbL-1.0</dd>" in page_with


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_codebook_has_every_column_and_every_code_of_a_column(package, language):
    book = package[f"codebook.{language}.md"]
    for table in TABLES:
        part = book.partition(f"\n## {table.name}.csv\n")[2].partition("\n## ")[0]
        for column in table.columns:
            assert f"\n| `{column.name}` | " in part
    used = {column.codes for table in TABLES for column in table.columns} - {None}
    assert {codes.__name__ for codes in CODE_LISTS.values()} - {c.__name__ for c in used} == {
        "State"
    }
    for codes in used:
        part = book.partition(f"\n### {codes.__name__}\n")[2].partition("\n### ")[0]
        for code in codes.values:
            assert f"\n| `{code}` | " in part


def test_the_page_lists_the_tables_with_their_rows(client, package):
    page = client.get("/vi/data/").content.decode()
    assert f'<a href="{PATH}" download>timeline-data.zip</a>' in page
    for table in TABLES:
        count = len(rows(package, table.name))
        assert f'<code>{table.name}.csv</code></th><td class="number">{count}</td>' in page


def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries):
    trip = Trip.objects.get(slug="2026-us")
    for number in range(20):
        meeting = builders.meeting(
            f"Call {number}", slug=f"c-{number}", trip=trip, state="published"
        )
        builders.citation(meeting, source=trip.citations.first().source)
    with django_assert_num_queries(1 + len(TABLES)):
        assert len(rows(unpacked(client.get(PATH)), "meetings")) == 10 + 20


def test_the_first_piece_leaves_before_anything_is_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert next(pieces()).startswith(b"PK\x03\x04")


def test_asking_for_the_head_reads_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.head(PATH)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")


def copies(count):
    """Write a correction `count` times, past the models, which would take minutes."""
    names = [f.column for f in Correction._meta.concrete_fields if f.column not in ("id", "slug")]
    table, *columns = map(connection.ops.quote_name, [Correction._meta.db_table, *names])
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
            f"WHERE n < {count}) INSERT INTO {table} (slug, {', '.join(columns)}) "
            f"SELECT '{count}-' || n, {', '.join(columns)} FROM {table}, numbers "
            "WHERE slug = 'one'"
        )


def test_the_memory_it_takes_does_not_grow_with_the_rows():
    builders.correction(Trip.objects.get(slug="2026-us"), slug="one", note_vi="đ" * 300)
    peaks = []
    for count in (1_000, 5_000):
        copies(count)
        list(pieces())  # what is made once and kept is not what is measured
        tracemalloc.start()
        sizes = [len(piece) for piece in pieces()]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(sizes) < 100_000
    assert peaks[1] < 1.2 * peaks[0]
