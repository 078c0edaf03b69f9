"""Trips between two countries on one axis of years: in above it, out below it.

What changed the level of the relation is a diamond in a lane of its own between them: empty when
its day is not known, with a line over its possible days. Beside it stands its year, and the
countries that not all of them are about.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from timeline.shapes import axis as axes
from timeline.shapes import bars as bars_of
from timeline.shapes.axis import CHARACTER, NARROW, Band
from timeline.shapes.bars import Bar, Extent

DIRECTIONS = ("in", "out", "level")
MOST_LEVELS = 12  # none of which may have room beside another one
MOST_COUNTRIES = 2  # that are named beside a diamond
DIAMOND = 16  # pixels, with the frame around it
SURE, UNSURE, DISPUTED = FORMS = ("sure", "unsure", "disputed")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    direction: str
    record: Any


@dataclass(frozen=True, slots=True)
class Relation:
    """Bars above and below the axis; `lines` has everything in the order of the dates."""

    above: list[Bar]
    below: list[Bar]
    levels: list["Level"]
    labels: list
    lines: list[Line]
    undated: int
    left_out: int

    @property
    def trips(self):
        return [*self.above, *self.below]

    @property
    def drawn(self):
        return [*self.trips, *self.levels]

    @property
    def forms(self):
        """The forms of diamonds that occur."""
        levels = self.levels
        found = {SURE: [each for each in levels if each.is_sure and not each.is_disputed]}
        found[UNSURE] = [each for each in levels if not each.is_sure]
        found[DISPUTED] = [each for each in levels if each.is_disputed]
        return [form for form in FORMS if found[form]]


@dataclass(frozen=True, slots=True)
class Level:
    """A diamond at `x` in a lane; its `text` begins or ends, by its `anchor`, beside `beside`."""

    record: Any
    extent: Extent
    x: float
    text: str
    beside: float
    anchor: str
    lane: int = 0

    @property
    def nature(self):
        return Bar(self.record, self.extent, self.lane).nature

    @property
    def is_sure(self):
        return self.nature in (bars_of.EXACT, bars_of.DOT_OF_DAYS)

    @property
    def has_whisker(self):
        return not (self.is_sure or self.extent.is_dots)

    @property
    def is_disputed(self):
        return getattr(self.record, "sources_differ", False)

    @property
    def room(self):
        """What it takes in its lane on a narrow screen, with its words."""
        band, radius = self.extent.band, _share(DIAMOND / 2)
        start, end = min(band.x, self.x - radius), max(band.end, self.x + radius)
        words = _share(_size(self.text))
        if self.anchor == "start":
            return Band(start, max(end, self.beside + words) - start)
        start = min(start, self.beside - words)
        return Band(start, end - start)


def relation(items, more=0):
    """The `Relation` of `items`: [(direction, record)]; None when none of them has a date.

    Each record has `date`, `date_basis`. `more` trips exist that are not among the items; of too
    many the latest are drawn.
    """
    dated = sorted((item for item in items if item[1].date), key=lambda item: _order(item[1].date))
    trips = [item for item in dated if item[0] != "level"]
    levels = [item for item in dated if item[0] == "level"]
    drawn = trips[-bars_of.MOST :] + levels[-MOST_LEVELS:]
    if not drawn:
        return None
    axis = axes.of_years(*axes.with_margin(*_years_of([record.date for _way, record in drawn])))
    of = {way: [record for each, record in drawn if each == way] for way in DIRECTIONS}
    return Relation(
        above=_upwards(bars_of.bars(of["in"], axis)),
        below=bars_of.bars(of["out"], axis),
        levels=_levels(of["level"], axis),
        labels=axes.labelled(list(axes.years(axis))),
        lines=[Line(*item) for item in sorted(drawn, key=lambda item: _order(item[1].date))],
        undated=len(items) - len(dated),
        left_out=more + len(dated) - len(drawn),
    )


def _upwards(bars):
    """The first lane is the lowest: trips stand on the axis."""
    top = bars_of.lanes(bars) - 1
    return [replace(bar, lane=top - bar.lane) for bar in bars]


def _levels(records, axis):
    countries = [set(_countries_of(record)) for record in records]
    shared = set.intersection(*countries) if countries else set()
    levels = [
        _level(record, axis, _names([code for code in _countries_of(record) if code not in shared]))
        for record in records
    ]
    lanes = bars_of.packed([level.room for level in levels])
    return [replace(level, lane=lane) for level, lane in zip(levels, lanes, strict=True)]


def _countries_of(record):
    return getattr(record, "country_codes", "").split("; ")


def _names(codes):
    return codes if len(codes) <= MOST_COUNTRIES else [*codes[:MOST_COUNTRIES], "…"]


def _level(record, axis, names):
    """The words right of it, or left of it, and over its line when neither side has room."""
    when = record.date
    extent = bars_of.extent(when, axis, one_of=bars_of.is_one_of(record)).within()
    x = bars_of.point(when.earliest, when.latest, axis)
    years = [str(day.year) if day else "" for day in (when.earliest, when.latest)]
    text = " ".join([*names, "–".join(dict.fromkeys(years))])
    words = _share(_size(text))
    if extent.band.end + words <= 100:
        return Level(record, extent, x, text, extent.band.end, "start")
    if extent.band.x >= words:
        return Level(record, extent, x, text, extent.band.x, "end")
    return Level(record, extent, x, text, x, "start" if x < 50 else "end")


def _size(text):
    return DIAMOND / 2 + len(text) * CHARACTER


def _share(pixels):
    """Percent of a narrow drawing."""
    return pixels / NARROW * 100


def _order(edtf):
    return edtf.earliest or edtf.latest, edtf.latest or date.max


def _years_of(dates):
    known = [day.year for edtf in dates for day in (edtf.earliest, edtf.latest) if day]
    return min(known), max(known)
