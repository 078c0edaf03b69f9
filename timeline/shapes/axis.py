"""What all drawings share: from dates to positions, and labels that never collide."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from itertools import pairwise

# The width in pixels that a drawing has at least: on a screen of 320 pixels, and from 700 on.
NARROW, ROOMY = 280, 640
MONTH = 8  # characters of the name of a month: Tháng 12
CHARACTER = 7.5  # pixels, of a label in small type; digits are narrower than that in every face
GAP = 8  # pixels between two labels
EDGE = 12  # pixels of the page's margin into which a label may reach, to stand under its column
# Each step is a part of the next: what is labelled where there is little room, is where there is
# more.
STEPS = (1, 5, 10, 50, 100, 500, 1000, 5000)
MONTH_STEPS = (1, 3, 6, 12, 60)
FEW_YEARS = 10
MOST_DAYS, MOST_MONTHS = 62, 36  # of an axis that is labelled by days, by months


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the width, in percent."""

    x: float
    width: float

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def end(self):
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from `first` to `last`, both included, spread evenly from 0 to 100."""

    first: date
    last: date

    @property
    def days(self):
        return self.last.toordinal() - self.first.toordinal() + 1

    def start(self, day):
        """Where `day` begins; outside of 0 to 100 for a day outside of the axis."""
        return (day.toordinal() - self.first.toordinal()) / self.days * 100

    def end(self, day):
        """Where `day` is over."""
        return self.start(day) + 100 / self.days

    def band(self, first, last):
        """The days from `first` to `last`, as far as they lie on the axis."""
        start, end = max(self.start(first), 0), min(self.end(last), 100)
        return Band(start, max(end - start, 0))


def of_years(first, last):
    """The axis of whole years."""
    return Axis(date(first, 1, 1), date(last, 12, 31))


def with_margin(first, last):
    """The years from `first` to `last`, with one more on both sides when they are few."""
    if last - first + 1 >= FEW_YEARS:
        return first, last
    return max(first - 1, MINYEAR), min(last + 1, MAXYEAR)


@dataclass(frozen=True, slots=True)
class Place:
    """What could be labelled: `number` counts days, months or years, so that steps are round.

    `text` is in figures, and empty for a month, whose name is a matter of language.
    """

    number: int
    day: date
    text: str
    band: Band

    @property
    def characters(self):
        return len(self.text) or MONTH


@dataclass(frozen=True, slots=True)
class Label:
    """Words under an axis, at `x` percent by their `anchor`; some only where there is room."""

    place: Place
    x: float
    anchor: str  # start, middle, end
    always: bool

    def box(self, width):
        """(left, right) in pixels of a drawing of that width."""
        size = self.place.characters * CHARACTER
        left = self.x / 100 * width - {"start": 0, "middle": size / 2, "end": size}[self.anchor]
        return left, left + size


def labelled(places, steps=STEPS, kept=None):
    """Labels for some of `places`, which are in order, and for the place `kept` in any case.

    None leaves the drawing by more than EDGE, and no two collide.
    """
    chosen = first = [fitted_label(kept)] if kept else []
    for width in (NARROW, ROOMY):
        known = {label.place.number for label in chosen}
        fitted = [fitted_label(place, width) for place in places if place.number not in known]
        for step in steps:
            regular = [
                label
                for label in fitted
                if label.place.number % step == 0
                and label.anchor == "middle"
                and _apart([label, *first], width)
            ]
            if _apart(_merged(chosen, regular), width):
                chosen = _merged(chosen, regular)
                break
        for end in (fitted[-1:], fitted[:1]):
            if _apart(_merged(chosen, end), width):
                chosen = _merged(chosen, end)
    return chosen


def fitted_label(place, width=NARROW):
    """In the middle of the band, or at an edge of the drawing that it would cross too far there."""
    x, half = place.band.middle, (place.characters * CHARACTER / 2 - EDGE) / width * 100
    if x < half:
        x, anchor = 0, "start"
    elif x > 100 - half:
        x, anchor = 100, "end"
    else:
        anchor = "middle"
    return Label(place, x, anchor, width == NARROW)


def _merged(labels, more):
    together = {label.place.number: label for label in (*more, *labels)}
    return [together[number] for number in sorted(together)]


def _apart(labels, width):
    boxes = sorted(label.box(width) for label in labels)
    return all(left[1] + GAP <= right[0] for left, right in pairwise(boxes))


def calendar(axis):
    """Labels for the days, the months or the years of an axis, by its length."""
    if axis.days <= MOST_DAYS:
        return labelled(list(days(axis)))
    if axis.days <= MOST_MONTHS * 31:
        return labelled(list(_months(axis)), MONTH_STEPS)
    return labelled(list(years(axis)))


def days(axis):
    """The days of an axis, to be labelled."""
    for number in range(axis.days):
        day = date.fromordinal(axis.first.toordinal() + number)
        yield Place(number, day, str(day.day), axis.band(day, day))


def _months(axis):
    first, last = (day.year * 12 + day.month - 1 for day in (axis.first, axis.last))
    starts = [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]
    for start, following in pairwise([*starts, None]):
        end = date.fromordinal(following.toordinal() - 1) if following else axis.last
        is_year = start.month == 1 and axis.first.year < axis.last.year
        number = start.year * 12 + start.month - 1
        yield Place(number, start, str(start.year) if is_year else "", axis.band(start, end))


def years(axis):
    """The years of an axis, to be labelled."""
    for year in range(axis.first.year, axis.last.year + 1):
        whole = axis.band(date(year, 1, 1), date(year, 12, 31))
        yield Place(year, date(year, 1, 1), str(year), whole)
