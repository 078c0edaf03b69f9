"""Trips between two countries, and the levels of their relations: what stands where, how sure."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.drawings import Record
from timeline.shapes import axis as axes
from timeline.shapes import bars, relation
from timeline.shapes.axis import Band


def test_a_relation_has_trips_in_above_and_trips_out_below():
    came, went = Record("2013-07"), Record("2015-07-07/2015-07-10")
    level = Record("2023-09-10", kind_of_record="agreement", status="")
    drawn = relation.relation([("level", level), ("out", went), ("in", came), ("in", Record(""))])
    assert [bar.record for bar in drawn.above] == [came]
    assert [bar.record for bar in drawn.below] == [went]
    assert [level.record for level in drawn.levels] == [level]
    assert [line.direction for line in drawn.lines] == ["in", "out", "level"]
    assert (drawn.undated, drawn.left_out) == (1, 0)
    assert relation.relation([("in", Record(""))]) is None
    labels = relation.relation([("in", came)]).labels
    assert [label.place.text for label in labels] == ["2012", "2013", "2014"], "years, no months"


def test_a_relation_shows_the_latest_trips_and_stacks_those_of_one_time_on_the_axis():
    trips = [("in", Record(f"{year}")) for year in (*range(1901, 1961), 1960)]
    drawn = relation.relation(trips, more=3)
    assert (len(drawn.above), drawn.left_out) == (bars.MOST, 4)
    assert drawn.lines[0].record.date_edtf == "1902"
    lanes = {bar.record.date_edtf: bar.lane for bar in drawn.above}
    assert lanes["1902"] == bars.lanes(drawn.above) - 1, "the lowest lane is on the axis"


@dataclass
class Change(Record):
    """A change of the level between some countries."""

    country_codes: str = "US; VN"
    sources_differ: bool = False


def levels_of(*changes):
    return relation.relation([("level", change) for change in changes]).levels


# text: whether its day is known, whether a line shows its possible days, words
LEVELS = {
    "2023-09-10": (True, False, "2023"),
    "2023-09-10/2023-09-11": (True, False, "2023"),
    "2023-09": (False, False, "2023"),
    "2023": (False, True, "2023"),
    "2023-09-10~": (False, False, "2023"),
    "[2022,2024]": (False, True, "2022–2024"),
    "2023-09-10/..": (False, True, "2023–"),
}


@pytest.mark.parametrize("text", LEVELS)
def test_a_change_of_the_level_is_as_sure_as_its_date(text):
    known = Change("2001-01-01")
    last = Change("2030-01-01", sources_differ=True)
    drawn = relation.relation([("level", each) for each in (known, Change(text), last)])
    level = drawn.levels[1]
    assert (level.is_sure, level.has_whisker, level.text) == LEVELS[text]
    assert drawn.forms == ["sure", *([] if LEVELS[text][0] else ["unsure"]), "disputed"]


def test_the_diamond_of_an_open_span_stands_where_it_is_known():
    axis = axes.of_years(2001, 2030)
    open_end = levels_of(Change("2001-01-01"), Change("2023-07-01/.."), Change("2030-01-01"))[1]
    assert open_end.x == pytest.approx(axis.start(date(2023, 7, 1)), abs=0.1)
    assert open_end.extent.band.end == 100


def test_levels_with_several_countries_are_told_by_the_others():
    codes = ("JP; VN", "US; VN", "AU; BN; KH; VN", "VN")
    several = levels_of(*(Change("2023", country_codes=each) for each in codes))
    assert [level.text for level in several] == ["JP 2023", "US 2023", "AU BN … 2023", "2023"]
    pair = levels_of(Change("2013", country_codes="US; VN"), Change("2023"))
    assert [level.text for level in pair] == ["2013", "2023"]


def test_the_latest_levels_are_drawn_and_the_others_counted():
    items = [("level", Change(f"2023-{month:02}-{day:02}")) for month in (1, 2) for day in (1, 2)]
    drawn = relation.relation(items * 5)
    assert (len(drawn.levels), drawn.left_out) == (12, 8)
    assert {level.record.date_edtf for level in drawn.levels[:2]} == {"2023-01-02"}
    assert bars.lanes(drawn.levels) == 12


def test_words_stand_over_a_line_that_leaves_no_room_beside_it():
    [level] = levels_of(Change("[1995,2026]"))
    assert (level.extent.band.x, level.extent.band.end) == (0, 100)
    assert (level.x, level.beside) == pytest.approx((50, 50))
    assert level.text == "1995–2026"
    assert level.room == Band(0, 100)


@given(some.lists(some.tuples(some.dates(date(1995, 1, 1), date(2026, 1, 1)), some.booleans())))
def test_diamonds_and_their_words_never_collide_nor_leave_the_drawing(changes):
    items = [
        ("level", Change(f"{day.year}" if is_year else f"{day}", country_codes=f"{n:02}; VN"))
        for n, (day, is_year) in enumerate(changes)
    ]
    drawn = relation.relation(items)
    assert bool(drawn) == bool(items)
    if drawn is None:
        return
    assert len(drawn.levels) <= relation.MOST_LEVELS
    assert drawn.left_out == len(items) - len(drawn.levels)
    for lane in range(bars.lanes(drawn.levels)):
        rooms = sorted((each.room for each in drawn.levels if each.lane == lane), key=lambda b: b.x)
        assert rooms, "no lane is empty"
        assert all(one.end < other.x for one, other in pairwise(rooms))
        edge = axes.EDGE / axes.NARROW * 100
        assert rooms[0].x >= -edge and rooms[-1].end <= 100 + edge
