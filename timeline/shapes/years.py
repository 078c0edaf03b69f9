"""Years as columns, each as high as the number of records that touch it.

A column counts what the filter of its years lists. Records that are sure to have been in them
stand at its foot, by kind; those that may have been in them, or beside them, on top.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date

from timeline.shapes.axis import Band, Place

KINDS = ("trip", "meeting", "agreement")
PERHAPS = "perhaps"
ONE_OF, ABOUT = "one_of", "about"  # natures of a date, which else is ""
UNITS = 1000  # of the width of a column's drawing, which is 100 high
GUTTER = 0.18  # of a column
LOWEST = 2  # of 100: what is there is seen beside thousands


@dataclass(frozen=True, slots=True)
class Years:
    """Some years in a row, with what is in them: {kind: number}, and PERHAPS for what may be."""

    first: int
    last: int
    counts: Counter
    band: Band
    is_chosen: bool = False

    @property
    def name(self):
        """In figures: 2024, 1990–1999."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def total(self):
        return self.counts.total()

    @property
    def perhaps(self):
        return self.counts[PERHAPS]

    @property
    def numbers(self):
        """The counts in the order of KINDS, then those that are not sure."""
        return [self.counts[kind] for kind in (*KINDS, PERHAPS)]


def rounded(first, last, step):
    """The first and the last year of whole columns."""
    return max(first // step * step, MINYEAR), min(last // step * step + step - 1, MAXYEAR)


def columns(spans, axis, step, choice):
    """Each `Years` of `step` years on the axis: `spans` as in `overview`, all of them dated."""
    counts = _counted(spans, axis.first.year, axis.last.year, step)
    found = []
    for start in range(axis.first.year // step * step, axis.last.year + 1, step):
        first, last = rounded(start, start, step)
        band = axis.band(date(first, 1, 1), date(last, 12, 31))
        found.append(Years(first, last, counts[start], band, choice.covers(first, last)))
    return found


def _counted(spans, first, last, step):
    """{first year of a column: Counter of kinds}, of what touches it for sure or perhaps."""
    bins = range(first // step * step, last + 1, step)
    counts = {start: Counter() for start in bins}
    for begins, ends, nature, kind, number in spans:
        left, right = (year and year // step * step for year in (begins, ends))
        low = max(left if begins else bins[0], bins[0])
        high = min(right if ends else bins[-1], bins[-1])
        for start in range(low, high + 1, step):
            is_sure = _is_sure(start, left, right, nature)
            counts[start][kind if is_sure else PERHAPS] += number
    return counts


def _is_sure(start, left, right, nature):
    """Whether a record from the column `left` to that of `right` was in the column `start`.

    Of one with an open end only the other one is known.
    """
    if nature:
        return nature == ONE_OF and left == right
    return None not in (left, right) or start in (left, right)


def paths(columns, highest):
    """[(kind, path)] of the kinds that occur: all parts of one kind in one path, kinds stacked."""
    scale = 100 / highest.total if highest else 0
    parts = {kind: [] for kind in (*KINDS, PERHAPS)}
    for column in columns:
        foot, stretched = 100.0, max(1, LOWEST / (column.total * scale))
        x = (column.band.x + column.band.width * GUTTER / 2) * UNITS / 100
        width = column.band.width * (1 - GUTTER) * UNITS / 100
        for kind, path in parts.items():
            if number := column.counts[kind]:
                height = number * scale * stretched
                foot -= height
                path.append(f"M{x:.1f} {foot:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z")
    return [(kind, "".join(path)) for kind, path in parts.items() if path]


def place(column, text, step=1):
    """Where `text` labels a column."""
    return Place(column.first // step, date(column.first, 1, 1), text, column.band)
