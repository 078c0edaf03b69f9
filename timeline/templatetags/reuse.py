"""What pages say of themselves to machines, and where what they list is followed and reused."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, gettext

from timeline.feeds import calendar, json_ld
from timeline.feeds.subject import origin_of, site_name
from timeline.filters import PAGING
from timeline.models import TimelineEntry
from timeline.templatetags.chronicle import edtf_label

register = template.Library()

LONGEST = 200  # characters of a description
LOCALES = {"en": "en_GB", "vi": "vi_VN"}
# What a page may be about; "other" is the second one of a pair of countries.
OBJECTS = ("entry", "person", "organization", "country", "other", "source")
# Those of them that a filter chooses entries by: its name, and what it asks of an entry.
FILTERS = {
    "person": ("person", "people"),
    "organization": ("organization", "organizations"),
    "country": ("country", "countries"),
    "other": ("with", "countries"),
}
FILES = {
    "timeline_csv": "text/csv",
    "timeline_json": "application/json",
    "package": "application/zip",
}
PAGES = {
    "timeline": lambda: gettext("Trips, meetings and agreements"),
    "people": lambda: gettext("People"),
    "organizations": lambda: gettext("Organisations"),
    "countries": lambda: gettext("Countries"),
    "sources": lambda: gettext("Sources"),
    "data": lambda: gettext("Data and downloads"),
}


@register.simple_tag(takes_context=True)
def page_meta(context):
    """What the head of a page says of it; None of a page that has no address of its own."""
    if not context.get("canonical_path"):
        return None
    origin = origin_of(context["request"])
    alternates = {
        language["code"]: origin + language["url"] for language in context["language_urls"]
    }
    return {
        "title": _title(context),
        "description": Truncator(_description(context)).chars(LONGEST),
        "type": "article" if context.get("entry") else "website",
        "address": origin + context["canonical_path"],
        "picture": origin + static("timeline/card.png"),
        "is_indexed": _is_indexed(context.get("filter")),
        "feed": reverse("timeline_atom") + _followed(context)[1],
        "locale": LOCALES[get_language()],
        "other_locales": [LOCALES[code] for code in alternates if code != get_language()],
        "site": site_name(),
        # For readers of any other language.
        "alternates": alternates | {"x-default": alternates[settings.LANGUAGE_CODE]},
    }


def _is_indexed(chosen):
    """Whether search engines may list a page: of searches and combinations there is no end."""
    values = chosen.values() if chosen else {}
    return len(values) < 2 and values.keys().isdisjoint({"q", *PAGING})


def _title(context):
    """What the page is about: a row, a pair of countries, or what is filtered for."""
    if rows := _about(context):
        return " – ".join(map(str, rows))
    chosen = context.get("filter")
    values = [value for _name, _label, value in chosen.active()] if chosen else ()
    called = PAGES.get(context["request"].resolver_match.url_name, site_name)
    return " · ".join((called(), *map(str, values)))


def _about(context):
    return list(filter(None, map(context.get, OBJECTS)))


def _description(context):
    about = _about(context)
    if entry := context.get("entry"):
        facts = (capfirst(entry.type_label), edtf_label(entry.date), entry.place, entry.summary)
        return ". ".join(str(fact) for fact in facts if fact)
    if about and "source" not in context:
        sentence = gettext("Trips, meetings and agreements with %(name)s, and the source of each.")
        return sentence % {"name": " – ".join(map(str, about))}
    return gettext(
        "A chronicle of high-level diplomacy that shows the source behind each statement."
    )


@register.simple_tag(takes_context=True)
def structured_data(context):
    """The data block of a page about something, or nothing."""
    described = _described(context)
    if not described:
        return ""
    block = json_ld.Block(described)
    return format_html('<script type="application/ld+json">{}</script>', block)


def _described(context):
    if context.get("entry"):
        return _described_record(context)
    if "package" in context:
        files = [(media, reverse(name)) for name, media in FILES.items()]
        origin = origin_of(context["request"])
        return json_ld.of_everything(origin, site_name(), _description(context), files)
    if context.get("other"):  # a relation, for which the vocabulary has no word
        return None
    for name, describe in (
        ("person", lambda row, origin: json_ld.of_person(row, context["tenures"], origin)),
        ("organization", json_ld.of_organization),
        ("country", json_ld.of_country),
    ):
        if row := context.get(name):
            return describe(row, origin_of(context["request"]))
    return None


def _described_record(context):
    record = context["record"]
    return json_ld.of_record(
        record,
        origin_of(context["request"]),
        participations=context["participations"],
        sources=[citation.source for citation in context["support"].citations],
        places=context["legs"] or [record],
        wholes=[context["trip"], context["part_of"]],
    )


def _followed(context):
    """(entries, query) of what a page lists: what is filtered for, else the whole timeline."""
    if chosen := context.get("filter"):
        return context.get("matching"), chosen.query()
    entries, query = TimelineEntry.objects.all(), {}
    for name, (parameter, link) in FILTERS.items():
        if row := context.get(name):
            entries = entries.filter(**{link: row})
            query[parameter] = row.natural_key()[0]
    return entries, f"?{urlencode(query)}" if query else ""


@register.inclusion_tag("parts/follow.html", takes_context=True)
def follow(context):
    """Where the entries that a page lists can be followed and taken away, and in which forms."""
    entries, query = _followed(context)
    embedded = f"{query or '?'}{'&' if query else ''}embed=1"
    return {
        "left_out": calendar.what_is_left_out(*calendar.left_out(entries)),
        "embedded": settings.EMBED_ANCESTORS
        and origin_of(context["request"]) + reverse("timeline") + embedded,
        **{form: reverse(f"timeline_{form}") + query for form in ("atom", "ics", "json", "csv")},
    }
