"""A trip's days as columns, with a mark for each of its meetings and agreements.

What happened on a day stands in its column, and what lasted some days is a bar. What happened on
one of several days is counted in a capsule over all of them. A date that does not state its days
has no place among them: how many records have such a one, is said in words.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from timeline.shapes import axis as axes
from timeline.shapes import bars as bars_of
from timeline.shapes.axis import NARROW, Axis, Band

MARK = 16  # pixels, and the width of a mark in a drawing of any width
TALLY = 32  # pixels: a mark and a number
MOST_DAYS = 62
MOST = 120  # marks and bars


@dataclass(frozen=True, slots=True)
class Mark:
    """A record in a cell: so many marks right of its middle, in a row of the drawing."""

    record: Any
    dx: float
    row: int
    nature: str = bars_of.EXACT

    @property
    def kind(self):
        return self.record.kind_of_record

    @property
    def status(self):
        return bars_of.status_of(self.record)


@dataclass(frozen=True, slots=True)
class Cell:
    """The marks of a day, in rows round the middle of its `band`."""

    band: Band
    marks: list[Mark]

    @property
    def rows(self):
        return self.marks[-1].row + 1


@dataclass(frozen=True, slots=True)
class Tally:
    """So many records of a kind and a status, `dx` tallies right of the middle of a capsule."""

    kind: str
    status: str
    number: int
    dx: float
    nature: str = bars_of.ONE_OF


@dataclass(frozen=True, slots=True)
class Capsule:
    """The days of which one is meant, and around `x` what happened on one of them."""

    bands: tuple[Band, ...]
    x: float
    tallies: list[Tally]

    @property
    def band(self):
        return Band(self.bands[0].x, self.bands[-1].end - self.bands[0].x)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: how many meetings and agreements have this date."""

    date: Any
    meetings: int
    agreements: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """`bars` stand below the `rows` of cells, and `capsules` below them.

    `unstated` are (kind, number) of the records whose date does not state days.
    """

    axis: Axis
    days: list[Band]
    labels: list
    cells: list[Cell]
    rows: int
    bars: list
    capsules: list[Capsule]
    lines: list[Line]
    unstated: list[tuple[str, int]]
    undated: int
    left_out: int

    @property
    def marks(self):
        """The marks and the tallies."""
        marks = [mark for cell in self.cells for mark in cell.marks]
        return marks + [tally for capsule in self.capsules for tally in capsule.tallies]


def schedule(trip, parts):
    """The `Schedule` of a trip and its meetings and agreements, in the order of the timeline.

    None for a trip of one day, one whose days nobody knows, and one with nothing to show. Each
    record has `date`, `date_basis` and `kind_of_record`.
    """
    dated = [part for part in parts if part.date]
    stated = [part for part in dated if _states_days(part.date)]
    axis = _days_of(trip, stated)
    shown = [part for part in stated if axis and _touches(part.date, axis)][:MOST]
    if not shown:
        return None
    unstated = [p for p in dated if not _states_days(p.date) and _touches(p.date, axis)]
    single = [part for part in shown if part.date.precision == "day"]
    one_of = [part for part in shown if bars_of.is_one_of(part) and part not in single]
    lasting = [part for part in shown if part not in single and part not in one_of]
    cells = [_cell(*day, axis) for day in _by_date(single)]
    return Schedule(
        axis=axis,
        days=[place.band for place in axes.days(axis)],
        labels=axes.calendar(axis),
        cells=cells,
        rows=max((cell.rows for cell in cells), default=0),
        bars=bars_of.bars(lasting, axis),
        capsules=[_capsule(*days, axis) for days in _by_date(one_of)],
        lines=_lines([*single, *lasting], one_of, unstated),
        unstated=list(Counter(part.kind_of_record for part in unstated).items()),
        undated=len(parts) - len(dated),
        left_out=len(dated) - len(shown) - len(unstated),
    )


def _days_of(trip, parts):
    """From the first to the last day that the trip or one of its parts names."""
    dates = [record.date for record in (trip, *parts)]
    named = [date for date in dates if date and names_days(date)]
    starts = [date.earliest for date in named if date.earliest]
    ends = [date.latest for date in named if date.latest]
    if not (starts and ends):
        return None
    axis = Axis(min(starts), max(*ends, min(starts)))
    return axis if 2 <= axis.days <= MOST_DAYS else None


def names_days(date):
    """Whether a date, an end of it or one of its alternatives is a day."""
    return date.precision == "day" or any(
        part.precision == "day" for span in date.spans for part in span if part
    )


def _states_days(date):
    """Whether a date says by its days alone when it was, without "about" or "probably"."""
    ends = [end for span in date.spans for end in span] or [date]
    return all(end and end.precision == "day" and not end.qualifier for end in ends)


def _touches(date, axis):
    before = date.latest and date.latest < axis.first
    after = date.earliest and date.earliest > axis.last
    return not (before or after)


def _by_date(parts):
    """[(date, [record, ...])] in the order of the records."""
    dates = {}
    for part in parts:
        dates.setdefault(part.date, []).append(part)
    return list(dates.items())


def _lines(*groups):
    """The lines of the table: those of a group after those of the one before."""
    lines = []
    for group in groups:
        in_order = sorted(group, key=lambda part: part.date.earliest or part.date.latest)
        for date, parts in _by_date(in_order):
            agreements = sum(1 for part in parts if part.kind_of_record == "agreement")
            lines.append(Line(date, len(parts) - agreements, agreements))
    return lines


def _cell(date, parts, axis):
    """As many marks in each row as do not touch on a narrow screen, one at least."""
    band = axis.band(date.earliest, date.latest)
    fitting = max(int(band.width / 100 * NARROW / MARK), 1)
    marks = []
    for start in range(0, len(parts), fitting):
        together = parts[start : start + fitting]
        middle = (len(together) - 1) / 2
        marks += [Mark(part, n - middle, start // fitting) for n, part in enumerate(together)]
    return Cell(band, marks)


def _capsule(date, parts, axis):
    """One number for each kind and status, so that no mark seems to stand on a day."""
    bands = bars_of.extent(date, axis, one_of=True).within().bands
    numbers = Counter((part.kind_of_record, bars_of.status_of(part)) for part in parts)
    middle = (len(numbers) - 1) / 2
    tallies = [Tally(*each, numbers[each], n - middle) for n, each in enumerate(numbers)]
    half = len(tallies) * TALLY / 2 / NARROW * 100
    x = (bands[0].x + bands[-1].end) / 2
    return Capsule(bands, min(max(x, half), 100 - half), tallies)
