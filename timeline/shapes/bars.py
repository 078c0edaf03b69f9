"""How a date is drawn as a bar: solid where it is sure, fading where it is not, dotted for one of.

A bar claims no day that its date does not: it lies between the first and the last possible day.
What would be too short to be seen is a dot, which has no length, empty when the day is not sure.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from timeline.shapes.axis import NARROW, ROOMY, Band

MOST = 60  # bars of one drawing
SMALLEST, SMALLEST_UNSURE = 1.6, 2.4  # percent
DOT = 9  # pixels
BETWEEN = 0.6  # percent between two bars of a lane
DOUBTED = 0.4  # of a bar, over which an end that is "about" or "probably" fades
STEP = 5  # percent to which fading is rounded: few gradients serve all bars

EXACT, DOT_OF_DAYS, FADING, ONE_OF, EMPTY_DOT = NATURES = (
    *("exact", "dot"),
    *("fading", "oneof", "empty-dot"),
)
HELD, PLANNED, DROPPED = "held", "planned", "dropped"
STATUSES = {
    "announced": PLANNED,
    "postponed": DROPPED,
    "cancelled": DROPPED,
    "not_held": DROPPED,
}


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a date lies on an axis.

    `bands` has one part, or the alternatives of a date that is one of several (`one_of`).
    `rises` and `falls` are the percent of it over which it fades in and out, 0 for a sharp end.
    The bands of dots have no width.
    """

    bands: tuple[Band, ...]
    one_of: bool = False
    rises: int = 0
    falls: int = 0

    @property
    def band(self):
        first, last = self.bands[0], self.bands[-1]
        return Band(first.x, last.end - first.x)

    @property
    def fades(self):
        return bool(self.rises or self.falls)

    @property
    def is_dots(self):
        return not any(band.width for band in self.bands)

    @property
    def room(self):
        """The band with what its dots take on a narrow screen."""
        radius = DOT / 2 / NARROW * 100 if self.is_dots else 0
        return Band(self.band.x - radius, self.band.width + 2 * radius)

    def within(self):
        """The same without what lies outside of the axis."""
        if self.is_dots:
            return self
        bands = (Band(max(b.x, 0), min(b.end, 100) - max(b.x, 0)) for b in self.bands)
        return replace(self, bands=tuple(band for band in bands if band.width > 0))


@dataclass(frozen=True, slots=True)
class Bar:
    """A record with its place in a drawing; lanes are counted from 0."""

    record: Any
    extent: Extent
    lane: int

    @property
    def status(self):
        return status_of(self.record)

    @property
    def nature(self):
        """How well its date is known, and whether there is room to show that by a bar."""
        is_exact = not (self.extent.one_of or self.extent.fades)
        if self.extent.is_dots:
            return DOT_OF_DAYS if is_exact else EMPTY_DOT
        return EXACT if is_exact else ONE_OF if self.extent.one_of else FADING


def is_one_of(record):
    """Whether a record happened on one day of several, rather than on all of them."""
    return record.date.precision == "set" or record.date_basis == "within_trip"


def status_of(record):
    """How sure it is that it took place: held, planned, or dropped; agreements have no status."""
    return STATUSES.get(getattr(record, "status", ""), HELD)


def bars(records, axis):
    """A `Bar` for each record that has a date; each has `date`, `date_basis`, maybe `status`."""
    dated = [record for record in records if record.date]
    extents = [_extent_of(record, axis) for record in dated]
    lanes = packed([extent.room for extent in extents])
    return [Bar(*each) for each in zip(dated, extents, lanes, strict=True)]


def _extent_of(record, axis):
    smallest = SMALLEST if status_of(record) == HELD else SMALLEST_UNSURE
    return extent(record.date, axis, one_of=is_one_of(record), smallest=smallest)


def extent(date, axis, *, one_of=False, smallest=SMALLEST):
    """The `Extent` of an EDTF date; `one_of` when it happened on one day of the span."""
    if date.precision == "set" or one_of:
        spans = date.spans if date.precision == "set" else ((date, date),)
        ends = [(span[0].earliest, span[-1].latest) for span in spans]
        return Extent(_seen(ends, axis, smallest), one_of=True)
    rises, falls = _fading(date, axis, _reach(date.earliest, date.latest, axis))
    if rises or falls:
        smallest = SMALLEST_UNSURE
    return Extent(_seen([(date.earliest, date.latest)], axis, smallest), rises=rises, falls=falls)


def _reach(earliest, latest, axis):
    """From the one day to the other; an open end lies beyond the axis."""
    start = axis.start(earliest) if earliest else min(0, axis.start(latest)) - 1
    end = axis.end(latest) if latest else max(100, axis.end(earliest)) + 1
    return Band(start, end - start)


def _fading(date, axis, band):
    """The percent of `band` before the date is sure to have begun, and after it may be over."""
    first, last = date.spans[0] if date.precision == "interval" else (date, date)
    begun = axis.start(first.latest if first else last.earliest)
    over = axis.end(last.earliest if last else first.latest)
    if first and last:  # as in 2024-05-19/2024-05, which is not over before the 19th
        begun, over = min(begun, axis.start(date.latest)), max(over, axis.end(date.earliest))
    rises = (begun - band.x) / band.width
    falls = (band.end - over) / band.width
    if first and first.qualifier:
        rises = max(rises, DOUBTED)
    if last and last.qualifier:
        falls = max(falls, DOUBTED)
    if rises + falls > 1:  # nothing in it is sure: let it show in the middle
        rises, falls = rises / (rises + falls), falls / (rises + falls)
    return tuple(round(part * 100 / STEP) * STEP for part in (rises, falls))


def _seen(ends, axis, smallest):
    """The bands of these first and last days, without width when none has at least `smallest`."""
    bands = [_reach(*days, axis) for days in ends]
    if any(band.width >= smallest for band in bands):
        return tuple(bands)
    return tuple(Band(point(*days, axis), 0) for days in ends)


def point(earliest, latest, axis):
    """The middle of some days, or the one that is known, as far within their years as a dot is."""
    known = [day for day in (earliest, latest) if day]
    x = sum(axis.start(day) + axis.end(day) for day in known) / 2 / len(known)
    years = axis.band(date(known[0].year, 1, 1), date(known[-1].year, 12, 31))
    radius = min(DOT / 2 / ROOMY * 100, years.width / 2)
    return min(max(x, years.x + radius), years.end - radius)


def packed(bands):
    """The lane of each of `bands`, in their order: as few lanes as do without overlaps."""
    ends, lanes_of = [], {}
    for n in sorted(range(len(bands)), key=lambda n: bands[n].x):
        band = bands[n]
        lane = next((i for i, end in enumerate(ends) if end + BETWEEN <= band.x), len(ends))
        ends[lane : lane + 1] = [band.end]
        lanes_of[n] = lane
    return [lanes_of[n] for n in range(len(bands))]


def lanes(bars):
    """How many lanes they take."""
    return max((bar.lane + 1 for bar in bars), default=0)


def occurring(drawn):
    """(natures, statuses) of some bars or marks, in the order in which a key has them."""
    natures, statuses = {each.nature for each in drawn}, {each.status for each in drawn}
    return [n for n in NATURES if n in natures], [s for s in (PLANNED, DROPPED) if s in statuses]


def fades(bars):
    """The different (rises, falls) of bars, each of which takes a gradient."""
    fading = [bar.extent for bar in bars if bar.nature == FADING]
    return sorted({(extent.rises, extent.falls) for extent in fading})
