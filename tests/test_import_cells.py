"""What a cell of an imported file may hold: the same on both databases, and no more than a form."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from django.forms import modelform_factory

from tests import builders
from tests.taking import imported
from timeline import bulk
from timeline.models import Agreement, Meeting, Person, Trip, TripLeg

pytestmark = pytest.mark.django_db


def told(user, model, headers, row):
    """The refusals of the only row of a file, or what would be stored in its last column."""
    report, _run = imported(user, model, headers, row, commit=False)
    if refused := report.rows["refused"]:
        return [sentence for _column, sentence in refused[0].refusals]
    [row] = report.rows["new"] + report.rows["changed"]
    return next(change.new for change in row.changes if change.column == headers[-1])


def test_a_text_has_at_most_ten_thousand_characters(ada):
    headers = ["slug", "title_en", "summary_en"]
    assert told(ada, Meeting, headers, ["m", "Talks", "x" * 10_000]) == "x" * 10_000
    assert told(ada, Meeting, headers, ["m", "Talks", "x" * 10_001]) == [
        "Ensure this value has at most 10000 characters (it has 10001)."
    ]
    form_class = modelform_factory(Meeting, fields=["title_en", "summary_en"])
    form = form_class({"title_en": "Talks", "summary_en": "x" * 10_001})
    assert len(form.errors["summary_en"]) == 1


def test_numbers_are_digits_within_the_bounds_of_their_column(ada):
    builders.agreement(slug="deal", value_amount=7, value_currency="USD")
    for cell, value in {
        "37200000000": "37200000000",
        "1.50": "1.50",
        "1_000": ["“1_000” is no number."],
        "１２": ["“１２” is no number."],
        "٣": ["“٣” is no number."],
        "1e5": ["“1e5” is no number."],
        "NaN": ["“NaN” is no number."],
        "9" * 5000: [f"“{'9' * 60}” is no number."],
        "-1": ["Ensure this value is greater than or equal to 0."],
    }.items():
        assert told(ada, Agreement, ["slug", "value_amount"], ["deal", cell]) == value, cell
    place = [builders.trip().slug, builders.country("US").code]
    for cell, value in {
        "0": "0",
        "32767": "32767",
        "32768": ["Ensure this value is less than or equal to 32767."],
        "99999999": ["Ensure this value is less than or equal to 32767."],
        "-1": ["Ensure this value is greater than or equal to 0."],
        "1_000": ["“1_000” is no whole number."],
        "１２": ["“１２” is no whole number."],
        "1.0": ["“1.0” is no whole number."],
        "9" * 5000: [f"“{'9' * 60}” is no whole number."],
    }.items():
        headers = ["slug", "trip", "country", "order"]
        assert told(ada, TripLeg, headers, ["leg", *place, cell]) == value, cell


def test_every_offset_of_a_moment_can_be_stored(ada):
    builders.trip(slug="trip")
    for cell, moment in {
        "2026-02-20T09:00+07:00": datetime(2026, 2, 20, 2, tzinfo=UTC),
        "2026-02-20T09:00+07:00:30.5": datetime(2026, 2, 20, 1, 59, 29, 500_000, tzinfo=UTC),
        "2026-02-20T09:00+23:59": datetime(2026, 2, 19, 9, 1, tzinfo=UTC),
    }.items():
        report, run = imported(ada, Trip, ["slug", "publish_at"], ["trip", cell])
        assert run, report.rows["refused"]
        assert Trip.objects.get().publish_at == moment
    for cell in ("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"):
        assert told(ada, Trip, ["slug", "publish_at"], ["trip", cell]) == [
            "Give a moment between the years 1900 and 2199."
        ]


def test_what_the_database_says_stands_in_the_log_alone(ada, monkeypatch, caplog):
    def refuse(*_):
        raise DatabaseError("INSERT INTO secrets")

    monkeypatch.setattr(bulk, "_write", refuse)
    assert told(ada, Person, ["slug", "name"], ["to-lam", "Tô Lâm"]) == [
        "The database refuses this row; the log of the server says why."
    ]
    assert "The database refuses to-lam: INSERT INTO secrets" in caplog.text
