"""The geometry of the drawings of time: where what stands, and how much of it there may be."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as some

from tests.drawings import Record
from timeline import edtf
from timeline.filters import TimelineFilter
from timeline.shapes import axis as axes
from timeline.shapes import bars, years
from timeline.shapes.axis import Axis, Band
from timeline.shapes.overview import MOST, MOST_SPANS, Choice, Trips, overview
from timeline.templatetags.shapes import years_query

# A hundred days, so that a day is a percent.
HUNDRED = Axis(date(2024, 1, 1), date(2024, 4, 9))


def near(*numbers):
    return pytest.approx(numbers, abs=0.01)


# text: (begin, width, percent of it over which it fades in, and out), on HUNDRED
FADING = {
    "2024-01-11/2024-01-20": (10, 10, 0, 0),
    "2024-02": (31, 29, 50, 50),
    "2024-01/2024-03": (0, 91, 35, 35),
    "2024-02-01~/2024-02-20": (31, 20, 40, 0),
    "2024-02-01/2024-02-20?": (31, 20, 0, 40),
    "2024-02-19/2024-02": (49, 11, 0, 90),
    "2024-01-11/..": (10, 91, 0, 100),
    "../2024-01-10": (-1, 11, 90, 0),
    "2024-02-20/": (50, 51, 0, 100),
    "2023/2024-01-31": (-365, 396, 90, 0),
}


@pytest.mark.parametrize("text", FADING)
def test_a_bar_is_solid_where_the_date_is_sure(text):
    extent = bars.extent(edtf.parse(text), HUNDRED)
    [band] = extent.bands
    assert (band.x, band.width, extent.rises, extent.falls) == near(*FADING[text])
    assert not extent.one_of


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("[2024-01-11..2024-01-20]", [(10, 10)]),
        ("[2024-01-11..2024-01-15,2024-01-21..2024-01-22]", [(10, 5), (20, 2)]),
        ("[2024-02,2024-03]", [(31, 29), (60, 31)]),
    ],
)
def test_alternatives_are_spans_of_their_own(text, bands):
    extent = bars_of(text)
    assert [(band.x, band.width) for band in extent.bands] == [near(*band) for band in bands]
    assert (extent.one_of, extent.fades) == (True, False)


def bars_of(text):
    return bars.extent(edtf.parse(text), HUNDRED)


def test_some_time_within_the_trip_is_one_of_its_days_and_no_duration():
    whole = "2024-01-11/2024-01-20"
    [lasting, within] = bars.bars([Record(whole), Record(whole, "within_trip")], HUNDRED)
    assert (lasting.nature, within.nature) == ("exact", "oneof")
    assert lasting.extent.bands == within.extent.bands


RADIUS = bars.DOT / 2 / axes.ROOMY * 100
# text: (begin, width, nature), on ten years; a year is ten percent
TOO_SHORT = {
    "2020-06-30/2020-07-03": (5, 0, "dot"),
    "2020-01-01": (RADIUS, 0, "dot"),
    "2020-12-31": (10 - RADIUS, 0, "dot"),
    "2021-01-01": (10 + RADIUS, 0, "dot"),
    "2020-12-31/2021-01-01": (10, 0, "dot"),
    "2020-07": (5.4, 0, "empty-dot"),
    "2029-12-31/..": (100 - RADIUS, 0, "empty-dot"),
    "[2020-06-30..2020-07-03]": (5, 0, "empty-dot"),
    "2020": (0, 10, "fading"),
}


@pytest.mark.parametrize("text", TOO_SHORT)
def test_what_is_too_short_for_a_bar_is_a_dot_within_its_year(text):
    [bar] = bars.bars([Record(text)], axes.of_years(2020, 2029))
    band = bar.extent.within().band
    x, width, nature = TOO_SHORT[text]
    assert (band.x, band.width) == pytest.approx((x, width), abs=0.05)
    assert bar.nature == nature
    assert bars.fades([bar]) == ([(50, 50)] if nature == "fading" else [])


def test_dots_of_a_lane_do_not_touch_on_a_narrow_screen():
    records = [Record(f"2020-{month:02}-15") for month in range(1, 13)]
    drawn = bars.bars(records, axes.of_years(2020, 2029))
    assert {bar.nature for bar in drawn} == {"dot"}
    for one, other in pairwise([bar for bar in drawn if bar.lane == 0]):
        apart = other.extent.band.x - one.extent.band.x
        assert apart / 100 * axes.NARROW > bars.DOT


days = some.dates(date(2023, 6, 1), date(2024, 12, 1))


@given(some.lists(some.tuples(days, some.integers(0, 400)), max_size=60))
def test_bars_of_a_lane_never_touch_and_claim_no_other_days(spans):
    records = [
        Record(f"{first}/{first + timedelta(days)}" if days else f"{first}")
        for first, days in spans
    ]
    drawn = bars.bars(records, HUNDRED)
    for lane in range(bars.lanes(drawn)):
        bands = sorted((b.extent.band for b in drawn if b.lane == lane), key=lambda b: b.x)
        assert bands
        assert all(left.end < right.x for left, right in pairwise(bands))
    for bar in drawn:
        date, band = bar.record.date, bar.extent.band
        if not bar.extent.is_dots:
            assert (band.x, band.end) == near(
                HUNDRED.start(date.earliest), HUNDRED.end(date.latest)
            )


@given(some.integers(1, 9999), some.integers(0, 800), some.sampled_from(["years", "calendar"]))
def test_labels_never_collide_nor_leave_the_drawing(first, more, kind):
    if kind == "years":
        spans = [(first, min(first + more, 9999), "", "trip", 1)]
        labels = overview(spans).labels
    else:
        start = date(first, 3, 30)
        end = date.fromordinal(min(start.toordinal() + more * 7, date.max.toordinal()))
        labels = axes.calendar(Axis(start, end))
    narrow = [label for label in labels if label.always]
    assert narrow
    for shown, width in [(narrow, axes.NARROW), (labels, axes.ROOMY)]:
        boxes = [label.box(width) for label in shown]
        assert all(a[1] + axes.GAP <= b[0] for a, b in pairwise(boxes)), boxes
        assert boxes[0][0] >= -axes.EDGE and boxes[-1][1] <= width + axes.EDGE


@pytest.mark.parametrize(
    ("first", "last", "texts", "roomy"),
    [
        (1995, 2027, "1995 2000 2005 2010 2015 2020 2025", "2027"),
        (2019, 2028, "2020 2025 2028", "2019 2021 2022 2023 2024 2026 2027"),
    ],
)
def test_round_years_are_labelled(first, last, texts, roomy):
    labels = axes.calendar(axes.of_years(first, last))
    assert " ".join(label.place.text for label in labels if label.always) == texts
    assert " ".join(label.place.text for label in labels if not label.always) == roomy


@pytest.mark.parametrize(
    ("years", "narrow"),
    [
        ([2023, 2024], "2022 2023 2024 2025"),
        ([2024], "2023 2024 2025"),
        ([1, 9999], "1–999 5000–5999 9000–9999"),
        ([1998, 2027], "1998 2005 2010 2015 2020 2025"),
        ([2016, 2023], "2016 2020 2024"),
    ],
)
def test_an_axis_is_hardly_longer_than_its_records_and_names_their_first_year(years, narrow):
    labels = overview([(year, year, "", "trip", 1) for year in years]).labels
    assert " ".join(label.place.text for label in labels if label.always) == narrow


@given(some.integers(1990, 2020), some.integers(0, 30))
def test_a_year_is_named_in_the_middle_of_its_column(first, more):
    labels = overview([(first, first, "", "trip", 1), (first, first + more, "", "trip", 1)]).labels
    assert {label.anchor for label in labels} == {"middle"}
    assert all(label.x == label.place.band.middle for label in labels)


def counts(spans, **options):
    columns = overview(spans, **options).columns
    return {column.name: dict(column.counts) for column in columns}


# (first year, last year, nature, kind, number): what the columns tell of it
SURE_OR_PERHAPS = [
    ((2024, 2024, "", "trip", 3), {"2024": {"trip": 3}}),
    ((2023, 2024, "", "trip", 1), {"2023": {"trip": 1}, "2024": {"trip": 1}}),
    ((2023, 2024, "one_of", "trip", 1), {"2023": {"perhaps": 1}, "2024": {"perhaps": 1}}),
    ((2024, 2024, "one_of", "trip", 1), {"2024": {"trip": 1}}),
    ((2024, 2024, "about", "trip", 1), {"2024": {"perhaps": 1}}),
]


@pytest.mark.parametrize(("span", "expected"), SURE_OR_PERHAPS)
def test_what_was_in_a_year_for_sure_is_told_from_what_may_have_been(span, expected):
    assert counts([span]) == expected


def test_an_open_end_reaches_for_ever_and_only_its_known_year_is_sure():
    open_ended = [(2023, None, "", "agreement", 1), (None, 2022, "", "meeting", 1)]
    found = counts([*open_ended, (2020, 2020, "", "trip", 1), (2025, 2025, "", "trip", 1)])
    assert found["2023"] == {"agreement": 1}
    assert found["2024"] == {"perhaps": 1}
    assert found["2022"] == {"meeting": 1}
    assert found["2020"] == {"trip": 1, "perhaps": 1}


year = some.one_of(some.none(), some.integers(1, 9999))
span = some.tuples(
    year,
    year,
    some.sampled_from(["", "one_of", "about"]),
    some.sampled_from(years.KINDS),
    some.integers(1, 1000),
).map(lambda s: (min(s[0], s[1]), max(s[0], s[1]), *s[2:]) if s[0] and s[1] else s)


@given(some.lists(span, max_size=30), year, year)
def test_columns_are_bounded_and_count_what_their_filter_lists(spans, first, last):
    choice = Choice(first and date(first, 1, 1), last and date(last, 12, 31))
    drawn = overview(spans, choice=choice)
    dated = [span for span in spans if span[0] or span[1]]
    assert (drawn is None) == (not dated)
    if drawn is None:
        return
    assert len(drawn.columns) <= MOST
    assert len(drawn.spans) <= MOST_SPANS
    assert drawn.undated == sum(span[4] for span in spans if span not in dated)
    for column in [*drawn.columns, *drawn.spans]:
        assert column.total == sum(
            number
            for begins, ends, _nature, _kind, number in dated
            if (begins or 1) <= column.last and (ends or 9999) >= column.first
        )
        assert column.band.x >= 0 and column.band.end <= 100.01


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (2024, 2024, ["2024"]),
        (1950, 2026, ["1950–1959", "2020–2029"]),
        (1906, 2006, ["1900–1909", "2000–2009"]),
        (1000, 1999, ["1000–1099", "1900–1999"]),
        (1, 9999, ["1–999", "9000–9999"]),
    ],
)
def test_more_years_than_there_is_room_for_are_taken_together(first, last, names):
    ends = [(year, year, "", "trip", 1) for year in sorted({first, last})]
    assert list(counts(ends)) == names


def test_a_single_decade_is_no_choice():
    spans = [(2021, 2021, "", "trip", 1), (2024, 2024, "", "trip", 1)]
    assert overview(spans).spans == []
    assert len(overview([*spans, (2019, 2019, "", "trip", 1)]).spans) == 2


def test_a_chosen_decade_of_a_long_time_is_drawn_year_by_year():
    spans = [(year, year, "", "trip", 1) for year in (1900, 2012, 2015, 2026)]
    drawn = overview(spans, choice=Choice(date(2010, 1, 1), date(2019, 12, 31)))
    assert [column.name for column in drawn.columns] == ["2012", "2015"]
    assert all(column.is_chosen for column in drawn.columns)
    assert [(span.name, span.is_chosen) for span in drawn.spans][1:] == [
        ("2010–2019", True),
        ("2020–2029", False),
    ]


def heights(path):
    """The heights of the parts of a path `M... h...v<height>h...z`."""
    return [float(part.split("v")[1].split("h")[0]) for part in path.split("z") if part]


def test_columns_are_as_high_as_what_they_count_and_what_is_there_is_seen():
    spans = [
        (2020, 2020, "", "trip", 50),
        (2020, 2020, "", "meeting", 50),
        (2021, 2021, "", "trip", 25),
        (2022, 2022, "about", "trip", 10),
        (2023, 2023, "", "trip", 1),
    ]
    paths = {kind: heights(path) for kind, path in overview(spans).paths}
    assert paths == {"trip": [50, 25, years.LOWEST], "meeting": [50], "perhaps": [10]}


def test_the_chosen_days_are_marked_and_its_trips_have_an_axis_of_their_own():
    spans = [(2020, 2020, "", "trip", 1), (2029, 2029, "", "trip", 1)]
    trips = [Record("2020-02-01/2020-02-29"), Record("")]
    drawn = overview(spans, trips)
    assert (drawn.chosen, drawn.trips.labels, len(drawn.trips.bars)) == (None, [], 1)
    chosen = overview(spans, trips, Choice(date(2020, 2, 1), date(2020, 2, 29)))
    assert (chosen.chosen.x, chosen.chosen.width) == near(31 / 36.53, 29 / 36.53)
    assert [column.is_chosen for column in chosen.columns] == [False, False]
    assert [label.place.text for label in chosen.trips.labels if label.always][:2] == ["1", "6"]
    [bar] = chosen.trips.bars
    assert bar.extent.bands == (Band(0, 100),)


def test_more_trips_than_can_be_told_apart_are_not_drawn():
    spans, trips = [(2020, 2020, "", "trip", 1)], [Record("2020")] * (bars.MOST + 1)
    assert len(overview(spans, trips[1:]).trips.bars) == bars.MOST
    assert overview(spans, trips).trips == Trips([], [], are_too_many=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("query", ["", "kind=meeting", "country=US", "q=to+lam"])
def test_a_column_counts_what_its_link_lists(query):
    chosen = TimelineFilter(QueryDict(query))
    natures = {"[": "one_of", "~": "about", "?": "about"}
    spans = [
        (*years_of, natures.get(text[:1]) or natures.get(text[-1:], ""), kind, 1)
        for *years_of, text, kind in chosen.qs.values_list(
            "first_year", "last_year", "date_edtf", "kind"
        )
    ]
    drawn = overview(spans)
    assert drawn.columns
    for column in [*drawn.columns, *drawn.spans]:
        link = years_query(chosen, column).removeprefix("?")
        assert TimelineFilter(QueryDict(link)).qs.count() == column.total, link
