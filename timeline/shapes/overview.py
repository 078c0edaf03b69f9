"""The overview of the filtered records: their years, and their trips as bars below."""

from dataclasses import dataclass
from datetime import date

from timeline.shapes import axis as axes
from timeline.shapes import bars as bars_of
from timeline.shapes import years
from timeline.shapes.axis import Axis, Band
from timeline.shapes.years import Years

MOST = 60  # columns
MOST_SPANS = 20  # decades that are offered as links
STEPS = (1, 10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Overview:
    """`columns` has those that are not empty; `paths` is [(kind, what to draw of it)]."""

    step: int
    columns: list[Years]
    paths: list[tuple[str, str]]
    labels: list
    highest: axes.Label | None
    chosen: Band | None
    spans: list[Years]
    undated: int
    trips: "Trips"

    @property
    def kinds(self):
        """The kinds that occur, and PERHAPS when something is not sure."""
        return [kind for kind, _path in self.paths]


@dataclass(frozen=True, slots=True)
class Trips:
    """The trips as bars, on an axis of their own when a span is chosen."""

    bars: list
    labels: list
    are_too_many: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The days that the reader has chosen; None is an end that is open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self):
        return bool(self.first or self.last)

    def covers(self, first, last):
        """Whether the years from `first` to `last` lie within it."""
        after = self.first is None or self.first <= date(first, 1, 1)
        before = self.last is None or self.last >= date(last, 12, 31)
        return bool(self) and after and before


def overview(spans, trips=(), choice=Choice()):
    """The `Overview` of `spans`: [(first year, last year, nature, kind, number)].

    A year is None where the record is open or has no date. `nature` is "one_of" for one date of
    several, "about" for one that is doubted, else "". `trips` are records. None when there is no
    date at all.
    """
    spans = list(spans)
    dated = [span for span in spans if span[0] or span[1]]
    if not dated:
        return None
    known = [year for span in dated for year in span[:2] if year]
    whole = axes.with_margin(min(known), max(known))
    first, last = _shown(whole, choice)
    step = next(step for step in STEPS if last // step - first // step < MOST)
    axis = axes.of_years(*years.rounded(first, last, step))
    every = years.columns(dated, axis, step, choice)
    columns = [column for column in every if column.total]
    highest = max(columns, key=lambda column: column.total, default=None)
    return Overview(
        step=step,
        columns=columns,
        paths=years.paths(columns, highest),
        labels=_labels(every, step),
        highest=highest and axes.fitted_label(years.place(highest, str(highest.total))),
        chosen=_chosen(axis, choice),
        spans=_spans(dated, whole, step, choice),
        undated=sum(span[4] for span in spans) - sum(span[4] for span in dated),
        trips=_trips(list(trips), axis, choice),
    )


def _labels(every, step):
    """Names of columns, that of the first one with records among them."""
    places = [years.place(column, column.name, step) for column in every]
    first = next((n for n, column in enumerate(every) if column.total), None)
    return axes.labelled(places, kept=None if first is None else places[first])


def _shown(whole, choice):
    """All years; of more than there are columns for, only those that are chosen if they are few."""
    if whole[1] - whole[0] < MOST or not (choice.first and choice.last):
        return whole
    first, last = max(choice.first.year, whole[0]), min(choice.last.year, whole[1])
    return axes.with_margin(first, last) if 0 <= last - first < MOST else whole


def _chosen(axis, choice):
    """The chosen days as a band of the axis, None when none of them lies on it."""
    if not choice:
        return None
    band = axis.band(choice.first or axis.first, choice.last or axis.last)
    return band if band.width else None


def _spans(spans, whole, step, choice):
    """Decades or longer spans with something in them, to be chosen; none of a single one."""
    for longer in STEPS[1:]:
        first, last = years.rounded(*whole, longer)
        if (longer > step and (last - first) // longer < MOST_SPANS) or longer == STEPS[-1]:
            axis = axes.of_years(first, last)
            found = [span for span in years.columns(spans, axis, longer, choice) if span.total]
            return found if len(found) > 1 else []
    return []


def _trips(trips, axis, choice):
    """On the axis of the columns, or on the chosen days when their bars would be longer there."""
    if len(trips) > bars_of.MOST:
        return Trips([], [], are_too_many=True)
    closer = _closer(axis, choice)
    bars = bars_of.bars(trips, closer or axis)
    return Trips(bars, axes.calendar(closer) if closer and bars else [])


def _closer(axis, choice):
    """The chosen days as an axis, None when they are not fewer than those of `axis`."""
    if not choice:
        return None
    first = max(choice.first or axis.first, axis.first)
    last = min(choice.last or axis.last, axis.last)
    return Axis(first, last) if first <= last and (first, last) != (axis.first, axis.last) else None
