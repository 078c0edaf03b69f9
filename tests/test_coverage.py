"""The coverage ledger agrees with the fixtures, and with the sources where they can be read."""

import csv
import io
from dataclasses import replace

import pytest
from django.conf import settings

from tests import ledger

FIXTURES = settings.BASE_DIR / "fixtures"
# The sources are not part of the project: where they do not lie beside it, no file is compared.
SOURCES = settings.BASE_DIR.parent / "shared/sources"
LEDGER = FIXTURES / "coverage.csv"

TITLE = ledger.Row("a.txt", "1", "news", "title", "yes", "title of the article", "news", "", "")
FIRST = ledger.Row(
    *("a.txt", "3+5", "news", "paragraph 1", "yes", "the trip", "trip", "trip-head", "trip-news")
)
SECOND = replace(FIRST, line="7", locator="paragraph 2", participations="")
FOOT = ledger.Row("a.txt", "8-9", "", "foot of the page", "no", "page furniture", "", "", "")
ROWS = [TITLE, FIRST, SECOND, FOOT]
TEXT = "Title\n\nThe trip\n \nended.\n\nIt went well.\nMore\nLess\n"


def fields(model, slug, **values):
    return {"model": f"timeline.{model}", "fields": {"slug": slug, **values}}


NEWS = fields("sourcedocument", "news")
TRIP = fields("trip", "trip", state="published")
HEAD = fields("participation", "trip-head", trip=["trip"])
CITATION = fields("citation", "trip-news", trip=["trip"], source=["news"], locator="paragraphs 1-2")
CHRONICLE = [NEWS, TRIP, HEAD, CITATION]


def at(index, **values):
    """The sound rows, one of them changed."""
    return [replace(row, **values) if row is ROWS[index] else row for row in ROWS]


def cited_at(locator):
    citation = {**CITATION["fields"], "locator": locator}
    return [NEWS, TRIP, HEAD, {**CITATION, "fields": citation}]


ALONE = [ledger.ill_written, ledger.out_of_order, ledger.told_twice, ledger.out_of_balance]
TOGETHER = [ledger.unknown, ledger.without_their_record, ledger.missing, ledger.misplaced]


def sentences(rows, chronicle=CHRONICLE):
    """What all checks say."""
    chronicle = ledger.Chronicle(chronicle)
    found = [*(check(rows) for check in ALONE), *(check(rows, chronicle) for check in TOGETHER)]
    return [sentence for each in (*found, ledger.uncited(chronicle)) for sentence in each]


@pytest.fixture(scope="module")
def rows():
    return ledger.read(LEDGER.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def chronicle():
    return ledger.Chronicle.of_folder(FIXTURES)


@pytest.mark.parametrize("check", ALONE)
def test_the_ledger_is_well_written(check, rows):
    assert list(check(rows)) == []


@pytest.mark.parametrize("check", TOGETHER)
def test_the_ledger_and_the_fixtures_agree(check, rows, chronicle):
    assert list(check(rows, chronicle)) == []


def test_every_published_record_has_a_citation(chronicle):
    assert chronicle.published()
    assert list(ledger.uncited(chronicle)) == []


def test_the_file_is_written_as_the_csv_module_writes_it(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ledger.COLUMNS)
    writer.writerows([getattr(row, name) for name in ledger.COLUMNS] for row in rows)
    assert LEDGER.read_bytes() == out.getvalue().encode()


def test_every_line_of_the_sources_that_are_here_belongs_to_one_row(rows):
    files = {path.name: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.txt")}
    assert list(ledger.uncovered(rows if files else [], files)) == []


def test_a_sound_ledger_gives_no_sentence():
    assert sentences(ROWS) == []
    assert list(ledger.uncovered(ROWS, {"a.txt": TEXT})) == []


FAULTS = {
    "no number": (at(0, line="one"), "a.txt one: this is no line number or list of them"),
    "lines run back": (at(1, line="5+3"), "a.txt 5+3: this is no line number or list of them"),
    "scope": (at(3, in_scope="maybe"), "a.txt 8-9: in_scope is yes or no, not 'maybe'"),
    "no locator": (at(3, locator=""), "a.txt 8-9: no locator"),
    "no reason": (at(3, reason=" "), "a.txt 8-9: the reason is a few words"),
    "a whole sentence": (at(3, reason="word " * 20), "a.txt 8-9: the reason is a few words"),
    "two blanks": (
        at(0, records="news  trip"),
        "a.txt 1: slugs are sorted, once each, a blank between them",
    ),
    "order": ([TITLE, SECOND, FIRST, FOOT], "a.txt 3+5: stands too late"),
    "line twice": (at(2, line="7-8"), "a.txt 8: stands in 2 rows"),
    "locator twice": (
        [*ROWS, replace(TITLE, line="11")],
        "a.txt news, title: 2 rows have this locator",
    ),
    "empty": (at(0, records=""), "a.txt 1: in scope, but it gave nothing"),
    "out of scope": (at(0, in_scope="no"), "a.txt 1: out of scope, but it gave news"),
    "document": (at(0, document="olds"), "a.txt 1: no document olds"),
    "record": (at(0, records="news tripp"), "a.txt 1: no record tripp"),
    "participation": (
        at(1, participations="trip-head trip-tail"),
        "a.txt 3+5: no participation trip-tail",
    ),
    "citation": (at(1, citations="trip-news trip-olds"), "a.txt 3+5: no citation trip-olds"),
    "its record": (at(2, records="news"), "a.txt 7: trip-news without its record trip"),
    "participation nowhere": (
        at(1, participations=""),
        "participation trip-head: no row of the ledger",
    ),
    "not listed": (
        at(2, citations=""),
        "a.txt 7: citation trip-news names it and is not listed",
    ),
    "listed elsewhere": (
        at(0, records="news trip", citations="trip-news"),
        "a.txt 1: citation trip-news is listed and does not name it",
    ),
}


@pytest.mark.parametrize(("rows", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_ledger_is_told(rows, sentence):
    assert sentences(rows) == [sentence]


ADDED = {
    "record nowhere": (
        [*CHRONICLE, fields("meeting", "talk")],
        ["meeting talk: no row of the ledger"],
    ),
    "document nowhere": (
        [*CHRONICLE, fields("sourcedocument", "letter")],
        ["sourcedocument letter: no row of the ledger"],
    ),
    "published and uncited": (
        [*CHRONICLE, fields("agreement", "pact", state="published")],
        ["agreement pact: no row of the ledger", "pact: published without a citation"],
    ),
    "place not there": (
        cited_at("paragraphs 1-3"),
        ["citation trip-news: news has no 'paragraph 3'"],
    ),
    "no place": (
        cited_at(""),
        [
            "citation trip-news: news has no ''",
            "a.txt 3+5: citation trip-news is listed and does not name it",
            "a.txt 7: citation trip-news is listed and does not name it",
        ],
    ),
}


@pytest.mark.parametrize(("chronicle", "expected"), ADDED.values(), ids=ADDED)
def test_what_the_fixtures_have_and_the_ledger_has_not_is_told(chronicle, expected):
    assert sentences(ROWS, chronicle) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT + "New", "a.txt 10: no row"),
        (TEXT.replace("Less", ""), "a.txt 9: the line is blank or not there"),
    ],
)
def test_a_line_without_its_row_and_a_row_without_its_line_are_told(text, sentence):
    assert list(ledger.uncovered(ROWS, {"a.txt": text})) == [sentence]


def test_a_source_without_rows_and_rows_without_a_source_are_told():
    assert list(ledger.uncovered(ROWS[:1], {"b.txt": "One"})) == [
        "a.txt 1: the line is blank or not there",
        "b.txt 1: no row",
    ]


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        ("paragraph 1", ["paragraph 1"]),
        ("section II, paragraphs 1 and 3-4", [f"section II, paragraph {n}" for n in (1, 3, 4)]),
        ("paragraphs 2, 7 and 8", ["paragraph 2", "paragraph 7", "paragraph 8"]),
        ("title; section I, footnote 1", ["title", "section I, footnote 1"]),
    ],
)
def test_a_locator_names_the_places_of_the_ledger(locator, expected):
    assert list(ledger.places(locator)) == expected
