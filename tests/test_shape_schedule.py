"""The days of a trip: what stands on a day, lasts, is counted, or is told in words alone."""

from collections import Counter

import pytest

from tests.drawings import Record
from timeline.shapes import axis as axes
from timeline.shapes import schedule

TRIP = Record("2024-09-21/2024-09-27", kind_of_record="trip")
ANY = "[2024-09-21..2024-09-27]"
CELLS = [
    # its days: marks of each row of a cell, (bands, number) of each capsule, bars
    (["2024-09-22"], [[1]], [], 0),
    (["2024-09-22"] * 5, [[2, 2, 1]], [], 0),
    (["2024-09-22", "2024-09-24"], [[1], [1]], [], 0),
    (["2024-09-22", ANY, ANY], [[1]], [(1, 2)], 0),
    (["[2024-09-21,2024-09-27]"] * 3, [], [(2, 3)], 0),
    (["2024-09-22/2024-09-23", "2024-09-24"], [[1]], [], 1),
]


@pytest.mark.parametrize(("dates", "cells", "capsules", "lasting"), CELLS)
def test_days_have_marks_and_possible_days_a_number(dates, cells, capsules, lasting):
    drawn = schedule.schedule(TRIP, [Record(text) for text in dates])
    assert [list(Counter(m.row for m in cell.marks).values()) for cell in drawn.cells] == cells
    found = [(len(c.bands), sum(t.number for t in c.tallies)) for c in drawn.capsules]
    assert found == capsules
    assert len(drawn.bars) == lasting
    assert len(drawn.days) == 7


def test_what_happened_on_one_of_several_days_is_counted_by_kind_and_status():
    parts = [Record(ANY), Record(ANY, status="announced"), Record(ANY, status="announced")]
    parts.append(Record(ANY, status="", kind_of_record="agreement"))
    [capsule] = schedule.schedule(TRIP, parts).capsules
    assert [(t.kind, t.status, t.number, t.dx) for t in capsule.tallies] == [
        ("meeting", "held", 1, -1),
        ("meeting", "planned", 2, 0),
        ("agreement", "held", 1, 1),
    ]
    assert capsule.x == 50
    for part in parts:
        part.date_edtf = "[2024-09-26..2024-09-27]"
    [capsule] = schedule.schedule(TRIP, parts).capsules
    half = 3 * schedule.TALLY / 2 / axes.NARROW * 100
    assert capsule.x == 100 - half, "within a narrow drawing"


def test_a_date_without_days_has_no_place_among_the_days():
    texts = ["2024-09", "2024", "2024-09-22~", "2024-09-22?", "2024-09-22/..", "[2024-09,2024-10]"]
    unsure = [Record(text) for text in texts]
    agreement = Record("2024-09", status="", kind_of_record="agreement")
    assert schedule.schedule(TRIP, [*unsure, agreement]) is None
    drawn = schedule.schedule(TRIP, [agreement, *unsure, Record("2024-09-23"), Record("2023")])
    assert (len(drawn.marks), drawn.bars, drawn.left_out) == (1, [], 1)
    assert drawn.unstated == [("agreement", 1), ("meeting", len(unsure))]


def test_the_table_has_the_days_that_are_known_before_those_of_which_one_is_meant():
    texts = [ANY, "2024-09", "2024-09-25", "2024-09-22/2024-09-24", "2024-09-21"]
    lines = schedule.schedule(TRIP, [Record(text) for text in texts]).lines
    assert [str(line.date) for line in lines] == [*reversed(texts[2:]), ANY, "2024-09"]


@pytest.mark.parametrize(
    ("trip", "dates"),
    [
        ("2024-09-21", ["2024-09-21"]),
        ("2024-09", ["2024-09"]),
        ("", [""]),
        ("2024-09-21/2024-09-27", []),
        ("2024-09-21/2024-09-27", ["", "2023"]),
        ("2024-01-01/2024-12-31", ["2024-09-21"]),
    ],
)
def test_a_trip_whose_days_tell_nothing_has_no_schedule(trip, dates):
    assert schedule.schedule(Record(trip), [Record(text) for text in dates]) is None


def test_a_schedule_is_bounded_and_says_what_it_leaves_out():
    parts = [Record("2024-09-22")] * 200 + [Record(""), Record("2025")]
    drawn = schedule.schedule(TRIP, parts)
    assert (len(drawn.marks), drawn.undated, drawn.left_out) == (schedule.MOST, 1, 81 + 1 - 1)
    assert [(line.meetings, line.agreements) for line in drawn.lines] == [(schedule.MOST, 0)]
