"""Attributes of the drawings of time: positions, heights and inks, for templates/shapes/ alone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import pgettext_lazy

from timeline.shapes import bars as bars_of

register = template.Library()

# Heights, in rem.
LANE, BAR = 0.875, 0.5625  # from one bar to the next, and of a bar
TALLY = 2  # a mark and a number
HEAD, ROW = 2.75, 1.375  # the names of the days, and a row of marks under them
AXIS = 2  # an axis with the years under it
LEVEL = 1.25  # from one lane of diamonds to the next

WEEKDAYS = [
    *(pgettext_lazy("weekday", "Mon"), pgettext_lazy("weekday", "Tue")),
    *(pgettext_lazy("weekday", "Wed"), pgettext_lazy("weekday", "Thu")),
    *(pgettext_lazy("weekday", "Fri"), pgettext_lazy("weekday", "Sat")),
    pgettext_lazy("weekday", "Sun"),
]


def _short(number):
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.filter
def percent(number):
    """`12.5%`: an attribute of SVG, which is the same in all languages."""
    return f"{_short(number)}%"


def rem(number):
    return f"{_short(number)}rem"


@register.filter
def lane(number):
    """Where the bars of a lane begin."""
    return rem(number * LANE)


@register.filter
def lane_middle(number):
    return rem(number * LANE + BAR / 2)


@register.filter
def row_middle(number):
    return rem(HEAD + (number + 0.5) * ROW)


@register.filter
def row(number):
    """Where a row below others begins."""
    return rem(number * ROW)


@register.filter
def level_lane(number):
    """Where a lane of diamonds begins."""
    return rem(number * LEVEL)


@register.filter
def marks(number):
    """The width of marks beside each other."""
    return rem(number)


@register.filter
def tallies(number):
    """The width of marks with numbers beside each other, to the middle of a mark."""
    return rem(number * TALLY - TALLY / 4)


@register.filter
def height_of_lanes(bars):
    return rem(bars_of.lanes(bars) * LANE)


@register.filter
def fades(bars):
    """The gradients that some bars take."""
    return bars_of.fades(bars)


@register.filter
def from_end(percent):
    return 100 - percent


# What tells kinds, dates and statuses from each other is in the drawing itself: the stylesheet
# only colours it.
EMPTY = mark_safe(' fill="none" stroke="currentColor"')
DASHED = mark_safe(' stroke-dasharray="3 2"')
KINDS = {
    "meeting": mark_safe(' fill-opacity="0.5"'),
    "agreement": EMPTY,
    "perhaps": EMPTY + DASHED,
}


@register.simple_tag
def ink_of_kind(kind):
    return KINDS.get(kind, "")


@register.simple_tag
def ink_of_mark(status, nature):
    """A full mark for what was held on a day; an empty one otherwise, dashed when announced."""
    if (status, nature) == (bars_of.HELD, bars_of.EXACT):
        return ""
    return EMPTY + DASHED if status == bars_of.PLANNED else EMPTY


@register.simple_tag
def ink_of_bar(bar, name):
    """The attributes of a bar or dot that say how it is filled; see `_inked`."""
    return _inked(bar.nature, bar.status, (bar.extent.rises, bar.extent.falls), name)


@register.simple_tag
def ink_of_whisker(level, name):
    """Those of the line over the possible days of a diamond."""
    fade = level.extent.rises, level.extent.falls
    return _inked(level.nature, bars_of.HELD, fade, name)


def _inked(nature, status, fade, name):
    """Dotted for one of several days, a gradient where it fades; an outline alone if not held."""
    dashes = DASHED if status == bars_of.PLANNED else ""
    if nature == bars_of.ONE_OF:
        return format_html(' fill="url(#{}-dots)" stroke="currentColor"{}', name, dashes)
    ink = format_html("url(#{}-{}-{})", name, *fade) if nature == bars_of.FADING else "currentColor"
    if status == bars_of.HELD and nature != bars_of.EMPTY_DOT:
        return "" if ink == "currentColor" else format_html(' fill="{}"', ink)
    return format_html(' fill="none" stroke="{}"{}', ink, dashes)


@register.filter
def key_of_bars(bars, name):
    """[(style, attributes of its sample)] that occur; nothing for exact dates alone."""
    _natures, statuses = bars_of.occurring(bars)
    styles = key_of_dates(bars, name)
    styles += [(status, _inked(bars_of.EXACT, status, None, name)) for status in statuses]
    return [] if [style for style, _sample in styles] == [bars_of.EXACT] else styles


@register.filter
def key_of_dates(bars, name):
    """The same for how the dates are known, and no more."""
    natures, _statuses = bars_of.occurring(bars)
    fade = next(iter(bars_of.fades(bars)), None)
    return [(nature, _inked(nature, bars_of.HELD, fade, name)) for nature in natures]


@register.filter
def key_of_marks(schedule):
    """[(kind, status, nature)]: a sample of each kind, then of what else there is to explain."""
    kinds = dict.fromkeys(mark.kind for mark in schedule.marks)
    samples = [(kind, bars_of.HELD, bars_of.EXACT) for kind in kinds]
    if schedule.capsules:
        samples.append(("meeting", bars_of.HELD, bars_of.ONE_OF))
    _natures, statuses = bars_of.occurring([*schedule.marks, *schedule.bars])
    return samples + [("meeting", status, bars_of.EXACT) for status in statuses]


@register.filter
def weekday(day):
    return WEEKDAYS[day.weekday()]
