"""What leaves comes back unchanged: every text, in every column, of every table."""

import io
import unicodedata
from contextlib import contextmanager

import pytest
from django.db import models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests import builders
from timeline.exchange.cells import guard
from timeline.exchange.columns import COLUMNS
from timeline.exchange.intake import Intake, take_in
from timeline.exchange.leaving import Leaving
from timeline.exchange.reading import read
from timeline.exchange.report import UNCHANGED
from timeline.exchange.writing import CSV, FORMATS, XLSX
from timeline.models import Correction, Trip
from timeline.models.fields import Line, Text

NFC = "Nguyễn Phú Trọng, Thủ đô Hà Nội"
HOSTILE = [
    *("=1+1", "+84", "-1", "@SUM(A1)", "'", "''x", "'=1", "＝1+1", '=HYPERLINK("http://x")'),
    *("[clear]", " [Clear] ", "'[clear]", "[clear] x", "NULL", "None", "nan", "#N/A", "TRUE"),
    *("007", "2013-07", "1-2", "1e5", "3/4", "12345678901234567890", "0x1F", ".5", "1,5", "50%"),
    *(
        '"',
        '""',
        'a"b',
        "a;b",
        "a,b",
        "a\tb",
        "a\nb",
        "a\n\nb\n",
        "a\rb",
        "sep=;",
        "{a}",
        "<b>&amp;",
    ),
    *("_x0041_", "_x005F_x0041_", "_x000D_", "x005F_", "_x0041_x0042_", "\\n", "\\", "%00"),
    *(
        NFC,
        unicodedata.normalize("NFD", NFC),
        "\u0301a",
        "😀👩‍👩‍👧‍👦🇻🇳",
        "\ufeff",
        "\u200bx",
        "\u2028",
        "ﬁ",
    ),
    *("x" * 9_000, "Việt Nam; " * 800, "=" * 300),
]
# What XML cannot hold, or reads as something else, beside what begins or ends an escape of it.
PIECES = (
    "_x0041_",
    "_x000D",
    "_",
    "x000A_",
    "\r",
    "\n",
    "\t",
    "\x01",
    "\x0b",
    "\x7f",
    "\ufffe",
    "\uffff",
)
ANY = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from([*PIECES, *"'=[];,\"a\u0301"]), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)


def file_of(known, rows):
    return io.BytesIO(b"".join(known.pieces(rows)))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
@example([("_x0041\r", "_x0041\x0b")])
def test_every_text_is_read_as_it_was_written(texts):
    rows = [["slug", "name", "aliases"], *(["to-lam", *pair] for pair in texts)]
    for known in FORMATS:
        file = file_of(known, rows)
        with read(file) as table:
            assert [table.headers, *(cells for _number, cells in table)] == rows
            assert [number for number, _cells in table] == [*range(2, len(rows) + 1)]
        assert file_of(known, rows).getvalue() == file.getvalue()


@settings(max_examples=30, deadline=None)
@given(st.lists(ANY, min_size=1, max_size=10))
def test_another_reader_of_workbooks_finds_the_same_texts(texts):
    """Only guarded; the escapes of ECMA-376 Part 1, 22.9.2.19 it leaves to who asks."""
    file = file_of(XLSX, [["slug", "name"], *(["x", text] for text in texts)])
    found = [row[1].value for row in load_workbook(file).active.iter_rows(min_row=2)]
    assert [unescape(text or "") for text in found] == [guard(text) for text in texts]


# Through the database


def texts_of(model):
    """The columns of `model` that hold whatever somebody wrote."""
    fields = [model._meta.get_field(name) for name in COLUMNS[model]]
    free = [f for f in fields if type(f) in (Line, Text) and not f.choices]
    return [field for field in free if not any("regex" in vars(v) for v in field.validators)]


def correction():
    trip = builders.trip()
    builders.citation(trip)
    return builders.correction(trip)


def make(draw):
    """One row of each table with hostile texts, and others that they need."""
    for model, build in (builders.ROWS | {Correction: correction}).items():
        row = build()
        for field in texts_of(model):
            text = field.to_python(draw(st.sampled_from(HOSTILE)))[: field.max_length].strip()
            setattr(row, field.name, text or "x")
        row.save()
        raw(model).update(version=1)


def raw(model):
    """The rows of `model` without versions, history and the rest that a change brings along."""
    return models.QuerySet(model)


def exported(known, user):
    return {model: file_of(known, Leaving(model.objects.all(), user)) for model in COLUMNS}


def taken_in(model, user, file):
    """Import `file` whole; the counts of the rows."""
    with read(file) as table, published_meanwhile(model):
        intake = Intake(model, user, correction={"is_minor": True})
        report, _run = take_in(intake, table, commit=True)
    refused = [(row.key, row.refusals) for row in report.rows["refused"]]
    assert (report.sentences, refused) == ([], []), model
    return report.counts


@contextmanager
def published_meanwhile(model):
    """A correction is of what the public reads; the other files come in before that."""
    if model is not Correction:
        yield
        return
    raw(Trip).update(state="published", published_at=timezone.now())
    yield
    raw(Trip).update(state="draft", published_at=None)


@pytest.mark.django_db
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), known=st.sampled_from(FORMATS))
def test_what_leaves_every_table_comes_back_unchanged(petra, data, known):
    with transaction.atomic():
        make(data.draw)
        files = exported(known, petra)
        for model, file in files.items():
            assert taken_in(model, petra, file).keys() == {UNCHANGED}
        # Set anew
        for model in files:
            for field in texts_of(model):  # a blank cell would leave what is there
                raw(model).exclude(**{field.name: ""}).update(**{field.name: "x"})
            taken_in(model, petra, files[model])
            raw(model).update(version=1)
        assert differing(exported(known, petra), files) == []
        # Into an empty database
        for model in reversed(files):
            raw(model)._raw_delete("default")
            model.history.all().delete()
        for model, file in files.items():
            taken_in(model, petra, file)
        assert differing(exported(known, petra), files) == []
        transaction.set_rollback(True)


def differing(files, others):
    """The tables whose files are not the same to the byte."""
    return [model for model in files if files[model].getvalue() != others[model].getvalue()]


@pytest.mark.django_db
def test_a_machine_that_takes_letters_apart_changes_nothing(eli):
    """Some programs write each tone mark as a character of its own (NFD)."""
    builders.person(NFC, aliases="Trọng\nLú")
    model = builders.models.Person
    content = exported(CSV, eli)[model].getvalue().decode()
    apart = unicodedata.normalize("NFD", content)
    assert apart != content
    assert taken_in(model, eli, io.BytesIO(apart.encode())) == {UNCHANGED: 1}
