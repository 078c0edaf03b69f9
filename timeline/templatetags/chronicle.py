"""How the public pages word dates, languages, participants and amounts."""

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline import edtf
from timeline.models.bilingual import LANGUAGES, language_of
from timeline.models.codes import DateBasis

register = template.Library()


def page_language():
    return "vi" if get_language() == "vi" else "en"


@register.filter
def edtf_label(date):
    """The words for a date: `date` is EDTF text or a parsed date; nothing for an empty one."""
    if not date:
        return ""
    return (edtf.parse(date) if isinstance(date, str) else date).label(page_language())


@register.filter
def kind_in_words(entry):
    """`Trip · state visit`; of what has the kind of a meeting only `Letter or message`."""
    if entry.kind == entry.Kind.MEETING:
        return capfirst(entry.type_label)
    return f"{capfirst(entry.get_kind_display())} · {entry.type_label}"


@register.simple_tag
def edtf_examples():
    """One date of each form that the chronicle writes."""
    return edtf.FORMS


@register.simple_tag
def lang(row, name):
    """The attribute that marks `row`'s text `name` when the page's language does not have it."""
    if any(getattr(row, f"{name}_{language}") for language in LANGUAGES):
        language = language_of(row, name)
        if language != page_language():
            return format_html(' lang="{}"', language)
    return ""


@register.simple_tag
def language_note(row, *names):
    """A note that the first of the texts `names` that has no words in the page's language is shown
    in the other one; nothing when all of them have, or are empty.
    """
    for name in names:
        if lang(row, name):
            other = _("in Vietnamese") if page_language() == "en" else _("in English")
            return format_html(' <small class="language">{}</small>', other)
    return ""


@register.inclusion_tag("parts/when.html")
def when(row, under_trip=False):
    """The date of a dated row: its day as a numeral where it has one, else the honest words.

    `row` has `date_edtf`, `date`, and `date_basis` when it is a record or an entry. Under its trip
    a row without a day of its own need not repeat the days of the trip.
    """
    date = row.date
    within_trip = getattr(row, "date_basis", "") == DateBasis.WITHIN_TRIP
    numeral = "" if within_trip or date is None else _numeral(date)
    return {
        "date": date,
        "within_trip": within_trip,
        "under_trip": under_trip,
        "numeral": numeral,
        "month": edtf_label(f"{date.earliest:%Y-%m}") if numeral else "",
        "iso": str(date) if date and date.precision == "day" and not date.qualifier else "",
    }


def _numeral(date):
    """`19` for a plain day, `18–20` for plain days that last within one month, else nothing."""
    if date.precision == "day" and not date.qualifier:
        return str(date.earliest.day)
    if date.precision != "interval" or None in (date.earliest, date.latest):
        return ""
    [(start, end)] = date.spans
    plain = all(part.precision == "day" and not part.qualifier for part in (start, end))
    first, last = date.earliest, date.latest
    if not plain or (first.year, first.month) != (last.year, last.month):
        return ""
    return str(first.day) if first == last else f"{first.day}–{last.day}"


@register.filter
def participants(entry):
    """Who took part in an entry, as lines `name (office)`: once each, whatever the roles."""
    lines = entry.participants.splitlines()
    return list(dict.fromkeys(line.rpartition(": ")[0] for line in lines))


@register.filter
def by_role(participations):
    """[(role's label, [participation, ...]), ...] in the order in which the roles first appear."""
    groups = {}
    for row in participations:
        groups.setdefault(row.get_role_display(), []).append(row)
    return list(groups.items())


@register.filter
def by_day(rows):
    """[(first row, [row, ...]), ...]: rows of one date under it, those without a day last."""
    groups = {}
    for row in rows:
        unstated = row.date_basis == DateBasis.WITHIN_TRIP
        groups.setdefault((unstated, row.date_edtf), []).append(row)
    ordered = sorted(groups.items(), key=lambda group: group[0][0])
    return [(group[0], group) for _key, group in ordered]
