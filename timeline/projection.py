"""The only place that writes `TimelineEntry`; `timeline.projected` says what is in an entry.

A projection is a pure function of published records, the citations the public may see, and the
people, bodies and countries they show. It is written in the transaction of the change it follows;
`rebuild` makes it anew and `differences` compares it with what a rebuild would write.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Q

from timeline.models import (
    RECORDS,
    Country,
    Organization,
    Person,
    SourceDocument,
    TimelineEntry,
)
from timeline.projected import Wanted, trip_of
from timeline.writers import wait_for_turn

LINKS = ("countries", "people", "organizations")
COLUMNS = [field.name for field in TimelineEntry._meta.concrete_fields if not field.primary_key]
CHUNK = 500

# Where a record shows a row that it does not own.
SHOWN_THROUGH = {
    Person: {kind: ["participations__person"] for kind in RECORDS},
    Organization: {kind: ["participations__organization"] for kind in RECORDS},
    SourceDocument: {kind: ["citations__source"] for kind in RECORDS},
    Country: {
        "trip": ["participations__country", "legs__country"],
        "meeting": ["participations__country", "country"],
        "agreement": ["participations__country"],
    },
}

_waiting: ContextVar[set | None] = ContextVar("records_waiting_for_projection", default=None)


def touched_by(*rows):
    """The records, as a set of (kind, slug), whose entry may depend on `rows`, all of one model."""
    if not rows:
        return set()
    model = type(rows[0])
    if model in RECORDS.values():
        return {(row.kind_of_record, row.slug) for row in rows}
    if model in SHOWN_THROUGH:
        return {
            (kind, slug)
            for kind, paths in SHOWN_THROUGH[model].items()
            for slug in RECORDS[kind]
            .objects.filter(Q(*((f"{path}__in", rows) for path in paths), _connector=Q.OR))
            .values_list("slug", flat=True)
        }
    touched = set()
    for kind, record in RECORDS.items():
        keys = {getattr(row, f"{kind}_id", None) for row in rows} - {None}
        if keys:
            slugs = record.objects.filter(pk__in=keys).values_list("slug", flat=True)
            touched |= {(kind, slug) for slug in slugs}
    return touched


@contextmanager
def batch():
    """One transaction in which each touched record is projected once, at the end.

    Outside a batch every single save projects at once; both end with the same entries. A batch
    inside another one is undone alone, and projected with the other.
    """
    if _waiting.get() is not None:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        token = _waiting.set(set())
        try:
            yield
            waiting = _waiting.get()
        finally:
            _waiting.reset(token)
        _write(waiting)


def refresh(records):
    """Bring the entries of `records`, a set of (kind, slug), up to date in this transaction."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting |= records
    elif records:
        with transaction.atomic():
            _write(records)


def rebuild():
    """Make the projection anew; entries that are right already are left as they are."""
    with transaction.atomic():
        wait_for_turn()
        _write(_everything())


def differences():
    """Yield (kind, slug, sentence) for each entry that a rebuild would change."""
    for kind, slugs in by_kind(_everything()).items():
        for slug, entry, wanted in compare(kind, slugs):
            if wanted is None and entry is not None:
                yield kind, slug, "stands in the timeline and is not published"
            elif wanted is not None and entry is None:
                yield kind, slug, "is published and missing from the timeline"
            elif wanted is not None and (names := wanted.differing(entry)):
                yield kind, slug, f"differs in {', '.join(names)}"


def _everything():
    published = {
        (kind, slug)
        for kind, model in RECORDS.items()
        for slug in model.objects.published().values_list("slug", flat=True)
    }
    return published | set(TimelineEntry.objects.values_list("kind", "slug"))


def by_kind(records):
    """{kind: slugs} of a set of (kind, slug), in the order in which records hold each other."""
    slugs = defaultdict(set)
    for kind, slug in records:
        slugs[kind].add(slug)
    return {kind: slugs[kind] for kind in RECORDS}


def in_chunks(slugs):
    """Yield `slugs` in order, as lists that a query can take."""
    slugs = sorted(slugs)
    for start in range(0, len(slugs), CHUNK):
        yield slugs[start : start + CHUNK]


def _write(records):
    todo = by_kind(records)
    for kind in RECORDS:
        for chunk in in_chunks(todo[kind]):
            fresh, changed = [], []
            for _slug, entry, wanted in compare(kind, chunk):
                if wanted is None:
                    if entry is not None:
                        entry.delete()
                elif entry is None:
                    fresh.append((wanted.entry(), wanted))
                elif wanted.correct(entry):
                    changed.append((entry, wanted))
            _store(fresh)
            _store(changed, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
            if kind == "trip":  # what belongs to a new one can link to it now
                slugs = [entry.slug for entry, _wanted in fresh]
                for part in ("meeting", "agreement"):
                    parts = RECORDS[part].objects.published().filter(trip__slug__in=slugs)
                    todo[part].update(parts.values_list("slug", flat=True))


def _store(pairs, **options):
    """Write the entries of `pairs` (entry, wanted) and their links, each with one statement."""
    TimelineEntry.objects.bulk_create([entry for entry, _wanted in pairs], **options)
    for name in LINKS:
        field = TimelineEntry._meta.get_field(name)
        through, entry_id, row_id = (
            field.remote_field.through,
            f"{field.m2m_field_name()}_id",
            f"{field.m2m_reverse_field_name()}_id",
        )
        missing = []
        for entry, wanted in pairs:
            there, keys = wanted.linked(entry, name), wanted.links[name]
            missing += [through(**{entry_id: entry.pk, row_id: key}) for key in keys - there]
            if there - keys:
                gone = {entry_id: entry.pk, f"{row_id}__in": there - keys}
                through.objects.filter(**gone).delete()
        through.objects.bulk_create(missing)


def compare(kind, slugs):
    """Yield (slug, entry or None, `Wanted` or None) for the records of one kind with `slugs`."""
    for chunk in in_chunks(slugs):
        records = {record.slug: record for record in _published(kind, chunk)}
        entries = {
            entry.slug: entry
            for entry in TimelineEntry.objects.filter(kind=kind, slug__in=chunk).prefetch_related(
                *LINKS
            )
        }
        trips = {record.trip.slug for record in records.values() if trip_of(record)}
        trip_keys = dict(
            TimelineEntry.objects.filter(kind="trip", slug__in=trips).values_list("slug", "pk")
        )
        for slug in chunk:
            record = records.get(slug)
            yield slug, entries.get(slug), record and Wanted(record, trip_keys)


def _published(kind, slugs):
    """The published records with everything that an entry shows, in a fixed number of queries."""
    records = (
        RECORDS[kind]
        .objects.published()
        .filter(slug__in=slugs)
        .prefetch_related(
            "participations__person",
            "participations__organization",
            "participations__country",
            "citations__source",
            "corrections",
        )
    )
    if kind == "trip":
        return records.prefetch_related("legs__country")
    if kind == "meeting":
        return records.select_related("trip", "country")
    return records.select_related("trip").prefetch_related("items")
