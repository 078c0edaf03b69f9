"""The part of the chronicle that a page of one person, body or country shows, and the way to all.

However long a chronicle is, its page shows so much of it and no more.
"""

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import public
from timeline.models import RECORDS
from timeline.models.codes import MeetingKind, Role, Status
from timeline.portraits.offices import UNWORDED
from timeline.views.grouping import under_trips

PLURALS = {
    "trip": _("Trips"),
    "meeting": _("Meetings and other events"),
    "agreement": _("Agreements"),
}
# Not all that is recorded with the kind of a meeting is one: there are letters and speeches too.
TALKED = {
    *(MeetingKind.MEETING, MeetingKind.TALKS, MeetingKind.COURTESY_CALL),
    *(MeetingKind.COMMUNITY, MeetingKind.CALL),
}
SHOWN = 20  # entries in one list
FIRST = 5  # of them, when there is no room for all


@dataclass(frozen=True)
class Kind:
    """So many entries, called by their `label`, all under `url`; perhaps told apart as `parts`.

    `held` is how many of them took place; agreements do not.
    """

    label: str
    number: int
    held: int
    url: str | None = None
    parts: tuple["Kind", ...] = ()

    @classmethod
    def of(cls, label, rows, *more):
        """Of rows {"status", "n"}."""
        held = sum(row["n"] for row in rows if row["status"] in ("", Status.HELD))
        return cls(label, sum(row["n"] for row in rows), held, *more)

    @classmethod
    def of_kind(cls, kind, rows, url):
        """Of meetings those that were any apart from the rest; the timeline shows only all."""
        if kind != "meeting":
            return cls.of(PLURALS[kind], rows, url)
        parts = [
            cls.of(label, these)
            for label, these in [
                (_("Meetings and calls"), [row for row in rows if row["type"] in TALKED]),
                (_("Other events and letters"), [row for row in rows if row["type"] not in TALKED]),
            ]
            if these
        ]
        if len(parts) == 1:
            return replace(parts[0], url=url)
        return cls.of(PLURALS[kind], rows, url, tuple(parts))


@dataclass(frozen=True)
class Summary:
    """How many entries there are, of which kinds, between which years (None: undated)."""

    total: int
    kinds: list[Kind]
    first_year: int | None
    last_year: int | None
    url: str

    @classmethod
    def of(cls, entries, **filters):
        """Of `entries`, which are those that `filters` let through in the timeline."""
        found = entries.order_by().values("kind", "type", "status")
        counted = found.annotate(n=Count("pk"), first=Min("first_year"), last=Max("last_year"))
        rows = list(counted)
        kinds = [
            Kind.of_kind(kind, these, timeline_url(kind=kind, **filters))
            for kind in PLURALS
            if (these := [row for row in rows if row["kind"] == kind])
        ]
        starts, ends = ([row[name] for row in rows] for name in ("first", "last"))
        return cls(
            total=sum(kind.number for kind in kinds),
            kinds=kinds,
            first_year=min(filter(None, starts), default=None),
            last_year=max(filter(None, [*starts, *ends]), default=None),
            url=timeline_url(**filters),
        )


@dataclass(frozen=True)
class Shelf:
    """The newest `entries` of a list; `more_url` leads to the others where there are any."""

    entries: list
    more_url: str | None

    @classmethod
    def of(cls, entries, **filters):
        found = list(public.with_trips(entries).order_by("newest_key")[: SHOWN + 1])
        return cls(found[:SHOWN], timeline_url(**filters) if len(found) > SHOWN else None)

    @property
    def oldest_first(self):
        return _in_order(self.entries)


@dataclass(frozen=True)
class Excerpt:
    """A chronicle in its order: its `first` entries, how many are left out, and its `last`.

    Each is {"entry", "parts", "trip"}: what follows its trip directly stands under it.
    """

    entries: list
    first: list
    between: int
    last: list

    @classmethod
    def of(cls, entries, total):
        entries = public.with_trips(entries)
        first = list(entries.order_by("oldest_key")[:FIRST])
        last = list(entries.order_by("newest_key")[:SHOWN])
        if total <= SHOWN:
            first = []
        last = _in_order(entry for entry in last[: SHOWN - len(first)] if entry not in first)
        between = total - len(first) - len(last)
        return cls([*first, *last], under_trips(first), between, under_trips(last))


def _in_order(entries):
    return sorted(entries, key=lambda entry: entry.oldest_key)


def timeline_url(**filters):
    return f"{reverse('timeline')}?{urlencode(filters)}"


def give_parts(row, *lists):
    """Let each entry in `lists` have `offices`: the parts that `row` took in its record; one query.

    `row` is a person or a body. To have been there, without an office, is no part.
    """
    entries = [entry for entries in lists for entry in entries]
    of_each = (
        Q(**{f"{kind}__slug__in": {entry.slug for entry in entries if entry.kind == kind}})
        for kind in RECORDS
    )
    parts = (
        public.participations()
        .filter(reduce(or_, of_each), **{row._meta.model_name: row})
        .exclude(UNWORDED, role=Role.PARTICIPANT)
        .select_related(*RECORDS, "person", "organization", "country")
    )
    taken = {}
    for part in parts:
        record = part.subject
        taken.setdefault((record.kind_of_record, record.slug), []).append(part)
    for entry in entries:
        entry.offices = taken.get((entry.kind, entry.slug), [])
