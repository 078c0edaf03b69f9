"""The drawings of time on public pages: geometry of `timeline.shapes` with words and addresses."""

from django import template
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from timeline import edtf
from timeline.models.bilingual import language_of
from timeline.shapes import bars as bars_of
from timeline.shapes import overview as overviews
from timeline.shapes import relation as relations
from timeline.shapes import schedule as schedules
from timeline.templatetags.chronicle import lang
from timeline.templatetags.svg import AXIS, HEAD, LANE, LEVEL, ROW, rem

register = template.Library()

LONGEST_NAME = 100  # characters of a title, which the list under the drawing has in full


@register.inclusion_tag("shapes/years.html")
def years_overview(spans, trips, chosen):
    """The years of the filtered records as columns, and the trips as bars: see `overview`.

    `chosen` is the valid filter of the page, which says the chosen days and makes the links.
    """
    dates = chosen.form.cleaned_data
    first, last = dates["from"], dates["to"]
    choice = overviews.Choice(first and first.earliest, last and last.latest)
    return {
        "overview": overviews.overview(spans, trips, choice),
        "choice": choice,
        "chosen": chosen,
        "all_years": chosen.query(**{"from": None, "to": None}),
        "undated_query": chosen.query(dated="no"),
    }


@register.simple_tag
def years_query(chosen, span):
    """`?from=...&to=...` and the other filters, for some years of the overview."""
    return chosen.query(**{"from": f"{span.first:04}", "to": f"{span.last:04}"})


@register.inclusion_tag("shapes/schedule.html")
def schedule(trip, meetings, agreements):
    """The days of a trip with its meetings and agreements; see `schedules.schedule`."""
    drawn = schedules.schedule(trip, [*meetings, *agreements])
    if drawn is None:
        return {}
    days = edtf.parse(f"{drawn.axis.first}/{drawn.axis.last}")
    bars_y = HEAD + drawn.rows * ROW
    capsules_y = bars_y + bars_of.lanes(drawn.bars) * LANE
    return {
        "schedule": drawn,
        "days": days,
        "bars_y": rem(bars_y),
        "capsules_y": rem(capsules_y),
        "height": rem(capsules_y + len(drawn.capsules) * ROW + LANE / 2),
    }


@register.inclusion_tag("shapes/relation.html")
def relation_axis(items, more=0, above=None, below=None):
    """Trips in and out, and changes of the level, on one axis; see `relations.relation`."""
    items = list(items)
    drawn = relations.relation(items, more)
    if drawn is None:
        return {"undated": len(items)}
    axis_y = bars_of.lanes(drawn.above) * LANE
    levels_y = axis_y + AXIS
    below_y = levels_y + bars_of.lanes(drawn.levels) * LEVEL + (LANE / 2 if drawn.levels else 0)
    return {
        "relation": drawn,
        "above": above or _("Trips in"),
        "below": below or _("Trips out"),
        "axis_y": rem(axis_y),
        "levels_y": rem(levels_y),
        "below_y": rem(below_y),
        "height": rem(below_y + bars_of.lanes(drawn.below) * LANE),
    }


@register.simple_tag
def named(record):
    """The `<title>` of a bar or mark: what, when and whether, all in the language of its title."""
    language = language_of(record, "title")
    with override(language):
        words = [Truncator(record).chars(LONGEST_NAME), record.date.label(language)]
        if bars_of.status_of(record) != bars_of.HELD:
            words.append(record.get_status_display())
    return format_html("<title{}>{}</title>", lang(record, "title"), " · ".join(words))
