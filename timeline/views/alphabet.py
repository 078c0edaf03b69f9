"""Indexes: names in groups, by letter or by kind; of many names one group, and that in pages.

The order is that of the Vietnamese alphabet, which no collation of both databases has. So an index
reads the keys of all names, of which there are some thousands, and the rows of one page.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from timeline import text
from timeline.views.index_fields import OTHER
from timeline.views.page import show

MOST = 300  # names on one page


class Place(NamedTuple):
    """Where a row stands in an index: its keys, in the order in which they decide."""

    rank: int
    key: str
    slug: str
    pk: int
    letter: str
    kind: str = ""

    @classmethod
    def of(cls, pk, slug, key, *, kind="", rank=0):
        return cls(rank, key, slug, pk, text.letter_of(key) or OTHER, kind)


@dataclass(frozen=True)
class Group:
    """A letter or a kind with its number of names, and those of them that this page shows."""

    value: str
    label: str
    anchor: str
    count: int
    url: str
    rows: list
    is_chosen: bool


@dataclass(frozen=True)
class Index:
    """One page of an index; `is_whole` says that every name is on it."""

    groups: list[Group]
    total: int
    is_whole: bool
    all_url: str | None
    first_url: str | None
    previous_url: str | None
    next_url: str | None

    @property
    def shown(self):
        return [group for group in self.groups if group.rows]


class NoSuchPage(LookupError):
    """A page begins after a name that is not in this index."""


def arranged(places, form, fetch):
    """The `Index` that the valid `form` asks for; `fetch` gives {pk: row}."""
    places = [place for place in sorted(places) if form.lets_through(place)]
    counts = Counter(getattr(place, form.grouping) for place in places)
    chosen = form.cleaned_data.get(form.grouping) or None
    if chosen is None and len(places) > MOST:
        chosen = next(iter(counts))
    if chosen:
        places = [place for place in places if getattr(place, form.grouping) == chosen]
    start = _start(places, form.cleaned_data["after"])
    page = places[start : start + MOST]
    # What was withdrawn since the places were read is not there any more.
    rows = fetch([place.pk for place in page], form)
    page = [place for place in page if place.pk in rows]

    def url(**changes):
        return form.url(**{form.grouping: chosen, "after": None} | changes)

    return Index(
        groups=[
            Group(
                value=value,
                label=form.label_of(value),
                anchor=f"group-{number}",
                count=count,
                url=url(**{form.grouping: value}),
                rows=[rows[place.pk] for place in page if getattr(place, form.grouping) == value],
                is_chosen=value == chosen,
            )
            for number, (value, count) in enumerate(counts.items(), 1)
        ],
        total=sum(counts.values()),
        is_whole=len(places) == sum(counts.values()) <= MOST,
        all_url=url(**{form.grouping: None}) if chosen and sum(counts.values()) <= MOST else None,
        first_url=url() if start else None,
        previous_url=url(after=places[start - MOST - 1].slug) if start > MOST else None,
        next_url=url(after=places[start + MOST - 1].slug) if start + MOST < len(places) else None,
    )


def _start(places, after):
    """The number of places up to the one with the slug `after`."""
    if not after:
        return 0
    for number, place in enumerate(places, 1):
        if place.slug == after:
            return number
    raise NoSuchPage


def index_page(request, template, form, places, fetch):
    """Show an index; `places` gives its places for the valid form. Nonsense is told with 400."""
    index = None
    if form.is_valid():
        try:
            index = arranged(places(form), form, fetch)
        except NoSuchPage:
            form.add_error("after", _("There is no such page. Go back to the first one."))
    context = {"form": form, "index": index}
    if index is None:
        return show(request, template, context, status=400)
    return show(request, template, context, query=form.query())
