"""The only place that writes `TimelineEntry`, and the only place that decides what is in it.

A projection is a pure function of published records, the citations the public may see, and the
people, bodies and countries they show. It is written in the transaction of the change it follows;
`rebuild` makes it anew and `differences` compares it with what a rebuild would write.
"""

import hashlib
import json
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from timeline import text
from timeline.models import (
    RECORDS,
    Country,
    Organization,
    Person,
    SourceDocument,
    TimelineEntry,
)
from timeline.models.bilingual import LANGUAGES
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
        trips = {record.trip.slug for record in records.values() if _trip_of(record)}
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


def _trip_of(record):
    return getattr(record, "trip", None)


class Wanted:
    """What the entry of one published record has to hold: columns, links and the parent trip."""

    def __init__(self, record, trip_keys):
        self.record = record
        participations = list(record.participations.all())
        legs = list(record.legs.all()) if record.kind_of_record == "trip" else []
        countries = {row.country for row in (*participations, *legs) if row.country}
        if getattr(record, "country", None):
            countries.add(record.country)
        self.links = {
            "countries": {country.pk for country in countries},
            "people": {row.person_id for row in participations if row.person_id},
            "organizations": {row.organization_id for row in participations if row.organization_id},
        }
        trip = _trip_of(record)
        self.trip_key = trip_keys.get(trip.slug) if trip else None
        oldest, newest = sort_keys(record)
        self.columns = {
            "kind": record.kind_of_record,
            "slug": record.slug,
            "type": record.kind,
            "status": getattr(record, "status", ""),
            "stage": getattr(record, "stage", ""),
            "date_edtf": record.date_edtf,
            "date_basis": record.date_basis,
            "earliest": record.earliest,
            "latest": record.latest,
            "verification": record.verification,
            "country_codes": "; ".join(sorted(country.code for country in countries)),
            "oldest_key": oldest,
            "newest_key": newest,
            "published_at": record.published_at,
        }
        for language in LANGUAGES:
            with translation.override(language):
                self.columns |= {
                    f"title_{language}": getattr(record, f"title_{language}"),
                    f"summary_{language}": getattr(record, f"summary_{language}"),
                    f"place_{language}": "; ".join(_places(record, legs)),
                    f"participants_{language}": "\n".join(_participants(participations)),
                    f"sources_{language}": "\n".join(_sources(record)),
                }
        self.columns["search"] = _searchable(self.columns, participations, countries)
        self.columns["digest"] = _digest(record, legs)

    def entry(self):
        """The entry as it is made, when there is none yet."""
        first = self.columns["published_at"]
        return TimelineEntry(**self.columns, trip_id=self.trip_key, changed_at=first)

    def correct(self, entry):
        """Set what differs in `entry`, and say whether anything did.

        The time of change moves only with what the public can read.
        """
        names = self.differing(entry)
        for name, value in self.columns.items():
            setattr(entry, name, value)
        entry.trip_id = self.trip_key
        if names not in ([], ["trip"]):
            entry.changed_at = timezone.now()
        return bool(names)

    def linked(self, entry, name):
        """The keys of what `entry` is linked to by `name`, which `compare` has read already."""
        return {row.pk for row in getattr(entry, name).all()}

    def differing(self, entry):
        """The names of the columns and links in which `entry` is not as it should be."""
        names = [name for name, value in self.columns.items() if getattr(entry, name) != value]
        names += [name for name, keys in self.links.items() if self.linked(entry, name) != keys]
        return names + (["trip"] if entry.trip_id != self.trip_key else [])

    def differs(self, entry):
        """Whether the public would read something else of the record than `entry` has."""
        return self.differing(entry) not in ([], ["trip"])


def sort_keys(record):
    """The keys (oldest first, newest first): date, wider spans first, kind, slug; undated last.

    A date with an open beginning stands where its known end is.
    """
    rank = list(RECORDS).index(record.kind_of_record)
    anchor = record.earliest or record.latest
    if anchor is None:
        day = inverse = 99999999
    else:
        day = int(f"{anchor:%Y%m%d}")
        inverse = 99999998 - day
    narrowness = 99999999 - int(f"{record.latest:%Y%m%d}") if record.latest else 0
    tail = f"{narrowness:08}.{rank}.{record.slug}"
    return f"{day:08}.{tail}", f"{inverse:08}.{tail}"


def _places(record, legs):
    """Where it took place, without repetition: a meeting's place, or those of a trip's legs."""
    rows = legs or ([record] if hasattr(record, "place") else [])
    return dict.fromkeys(
        ", ".join(part for part in (row.place, str(row.country or "")) if part) for row in rows
    )


def _participants(participations):
    for row in participations:
        capacity = row.capacity if row.name != row.capacity else str(row.country or "")
        details = f" ({capacity})" if capacity and capacity != row.name else ""
        yield f"{row.name}{details}: {row.get_role_display()}"


def _sources(record):
    names = {
        citation.source.slug: citation.source.public_name
        for citation in record.citations.all()
        if citation.source.is_citable
    }
    return [names[slug] for slug in sorted(names)]


# What the page of a record tells beyond its entry: of the record, of its parts.
TOLD = (
    *("purpose_vi", "purpose_en", "date_note_vi", "date_note_en", "mode", "time_zone"),
    *("value_amount", "value_currency"),
)
TOLD_OF_LEG = ("order", "kind", "invited_by_vi", "invited_by_en", "date_edtf")
TOLD_OF_ITEM = ("order", "quantity", "unit", "description_vi", "description_en")
TOLD_OF_CITATION = ("locator", "statement_vi", "statement_en", "stance")
TOLD_OF_CORRECTION = ("corrected_at", "note_vi", "note_en")


def _digest(record, legs):
    """SHA-256 of what the page of `record` tells beyond its entry: a change of it is seen."""
    items = record.items.all() if record.kind_of_record == "agreement" else ()
    citations = [row for row in record.citations.all() if row.source.is_citable]
    told = [
        [getattr(record, name, None) for name in TOLD],
        [[getattr(row, name) for name in TOLD_OF_LEG] for row in legs],
        [[getattr(row, name) for name in TOLD_OF_ITEM] for row in items],
        [
            [row.source.slug, *(getattr(row, name) for name in TOLD_OF_CITATION)]
            for row in sorted(citations, key=lambda row: row.slug)
        ],
        [[getattr(row, name) for name in TOLD_OF_CORRECTION] for row in record.corrections.all()],
    ]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _searchable(columns, participations, countries):
    texts = [
        columns[f"{name}_{language}"]
        for name in ("title", "summary", "place")
        for language in LANGUAGES
    ]
    for row in participations:
        texts += [row.capacity_vi, row.capacity_en, row.name_as_recorded]
        if row.person:
            texts += [row.person.name, row.person.name_latin, row.person.aliases]
        if row.organization:
            texts += [row.organization.name_vi, row.organization.name_en, row.organization.aliases]
    for country in sorted(countries, key=lambda country: country.code):
        texts += [country.name_vi, country.name_en]
    return "\n".join(text.fold(part) for part in texts if part)
