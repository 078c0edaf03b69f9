"""The coverage ledger fixtures/coverage.csv, and what is wrong with it, in sentences.

One row for each paragraph, heading, footnote, stamp, caption and side-bar item of every source
file: whether it is in scope and why, and what it gave. Every check takes rows, most of them the
chronicle too, and yields sentences, none when all is well. No database is needed.
"""

import csv
import io
import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass

COLUMNS = (
    *("file", "line", "document", "locator", "in_scope", "reason"),
    *("records", "participations", "citations"),
)
SUBJECTS = ("trip", "meeting", "agreement", "tenure")
LINES = re.compile(r"[1-9]\d*(-[1-9]\d*)?(\+[1-9]\d*(-[1-9]\d*)?)*")
PARAGRAPHS = re.compile(r"(.*)paragraphs (\d[\d, -]*(?: and \d[\d-]*)?)")
LONGEST_REASON = 60


@dataclass(frozen=True)
class Row:
    """A row of the ledger; the last three columns hold slugs with a blank between them."""

    file: str
    line: str
    document: str
    locator: str
    in_scope: str
    reason: str
    records: str
    participations: str
    citations: str

    @property
    def place(self):
        return f"{self.file} {self.line}"

    @property
    def numbers(self):
        """The physical lines: "13-16+18" is 13, 14, 15, 16 and 18."""
        return numbers(self.line)

    @property
    def given(self):
        return [*self.records.split(), *self.participations.split(), *self.citations.split()]


class Chronicle:
    """The rows of the fixtures by model and slug."""

    def __init__(self, rows):
        self.rows = {}
        for row in rows:
            model = row["model"].removeprefix("timeline.")
            self.rows.setdefault(model, {})[row["fields"].get("slug")] = row["fields"]

    @classmethod
    def of_folder(cls, folder):
        texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json")))
        return cls(row for text in texts for row in json.loads(text))

    def __getitem__(self, model):
        return self.rows.get(model, {})

    def records(self):
        """Slugs of what a paragraph tells of: trips, meetings, agreements and offices."""
        return {slug for model in SUBJECTS for slug in self[model]}

    def published(self):
        return {
            slug
            for model in SUBJECTS
            for slug, fields in self[model].items()
            if fields.get("state") == "published"
        }

    def subject(self, slug):
        """The record that the participation or citation of this slug belongs to."""
        fields = self["participation"].get(slug) or self["citation"].get(slug, {})
        return next((fields[name][0] for name in SUBJECTS if fields.get(name)), None)


def read(text):
    """The rows of the ledger; its columns are COLUMNS and nothing else."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", strict=True)
    assert tuple(reader.fieldnames) == COLUMNS
    return [Row(**row) for row in reader]


def numbers(text):
    """The numbers of a list such as "3, 5-7 and 9" or "3+5-7"."""
    spans = [(int(a), int(b or a)) for a, b in re.findall(r"(\d+)(?:-(\d+))?", text)]
    return [number for first, last in spans for number in range(first, last + 1)]


def places(locator):
    """The single places that the locator of a citation names, each as the ledger writes it.

    They stand one after the other with "; " between them; only paragraphs of one section are
    counted together: "title; section II, paragraphs 1 and 3-4".
    """
    for part in locator.split("; "):
        if together := PARAGRAPHS.fullmatch(part):
            yield from (f"{together[1]}paragraph {n}" for n in numbers(together[2]))
        else:
            yield part


def ill_written(rows):
    """A cell that says nothing, or not in the form of its column."""
    for row in rows:
        if not LINES.fullmatch(row.line) or row.numbers != sorted(set(row.numbers)):
            yield f"{row.place}: this is no line number or list of them"
        if row.in_scope not in ("yes", "no"):
            yield f"{row.place}: in_scope is yes or no, not {row.in_scope!r}"
        if not row.locator.strip():
            yield f"{row.place}: no locator"
        if not 0 < len(row.reason.strip()) <= LONGEST_REASON:
            yield f"{row.place}: the reason is a few words"
        for cell in (row.records, row.participations, row.citations):
            if cell.split(" ") != sorted(set(cell.split())) and cell:
                yield f"{row.place}: slugs are sorted, once each, a blank between them"


def out_of_order(rows):
    """The rows are sorted by file, then by their first line."""
    for before, row in itertools.pairwise(rows):
        if (row.file, row.numbers[:1]) <= (before.file, before.numbers[:1]):
            yield f"{row.place}: stands too late"


def told_twice(rows):
    """A line belongs to one row, and a locator to one row of its document."""
    lines = Counter((row.file, number) for row in rows for number in row.numbers)
    spots = Counter((row.file, row.document, row.locator) for row in rows)
    for (file, number), times in lines.items():
        if times > 1:
            yield f"{file} {number}: stands in {times} rows"
    for (file, document, locator), times in spots.items():
        if times > 1:
            yield f"{file} {document}, {locator}: {times} rows have this locator"


def out_of_balance(rows):
    """What is in scope gave something, and what is not gave nothing."""
    for row in rows:
        if row.in_scope == "yes" and not row.given:
            yield f"{row.place}: in scope, but it gave nothing"
        if row.in_scope == "no" and row.given:
            yield f"{row.place}: out of scope, but it gave {row.given[0]}"


def unknown(rows, chronicle):
    """Every slug stands in the fixtures, and in its own column."""
    documents = chronicle["sourcedocument"]
    for row in rows:
        columns = {
            "document": (row.document, documents),
            "record": (row.records, {*chronicle.records(), *documents}),
            "participation": (row.participations, chronicle["participation"]),
            "citation": (row.citations, chronicle["citation"]),
        }
        for name, (cell, known) in columns.items():
            for slug in cell.split():
                if slug not in known:
                    yield f"{row.place}: no {name} {slug}"


def without_their_record(rows, chronicle):
    """A row that lists a participation or a citation lists its record too."""
    for row in rows:
        for slug in (*row.participations.split(), *row.citations.split()):
            record = chronicle.subject(slug)
            if record and record not in row.records.split():
                yield f"{row.place}: {slug} without its record {record}"


def missing(rows, chronicle):
    """Everything of the chronicle that a source tells stands in the ledger."""
    listed = {slug for row in rows for slug in (row.document, *row.given)}
    for model in (*SUBJECTS, "sourcedocument", "participation", "citation"):
        for slug in sorted(chronicle[model].keys() - listed):
            yield f"{model} {slug}: no row of the ledger"


def misplaced(rows, chronicle):
    """A citation stands in the rows that its locator names, in its document, and in no others."""
    spots = {(row.document, row.locator): row for row in rows}
    listed = {}
    for row in rows:
        for slug in row.citations.split():
            listed.setdefault(slug, set()).add((row.document, row.locator))
    for slug, fields in chronicle["citation"].items():
        named = {(fields["source"][0], place) for place in places(fields.get("locator", ""))}
        for document, place in sorted(named - spots.keys()):
            yield f"citation {slug}: {document} has no {place!r}"
        for document, place in sorted(named & spots.keys() - listed.get(slug, set())):
            yield f"{spots[document, place].place}: citation {slug} names it and is not listed"
        for document, place in sorted(listed.get(slug, set()) - named):
            yield f"{spots[document, place].place}: citation {slug} is listed and does not name it"


def uncited(chronicle):
    """Every published record has a citation."""
    cited = {chronicle.subject(slug) for slug in chronicle["citation"]}
    for slug in sorted(chronicle.published() - cited):
        yield f"{slug}: published without a citation"


def uncovered(rows, files):
    """Of `files` (name: text), each line that is not blank belongs to a row, and no other."""
    told = {}
    for row in rows:
        told.setdefault(row.file, set()).update(row.numbers)
    for name in sorted(files.keys() | told.keys()):
        lines = enumerate(files.get(name, "").split("\n"), start=1)
        filled = {number for number, line in lines if line.strip()}
        for number in sorted(filled - told.get(name, set())):
            yield f"{name} {number}: no row"
        for number in sorted(told.get(name, set()) - filled):
            yield f"{name} {number}: the line is blank or not there"
