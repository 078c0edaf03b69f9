"""What the timeline entry of one published record holds, all of it and nothing else.

A pure function of the record, of the citations the public may see, and of the people, bodies and
countries it shows. `timeline.projection` reads records for it and stores what it says.
"""

import hashlib
import json

from django.utils import timezone, translation

from timeline import text
from timeline.models import RECORDS, TimelineEntry
from timeline.models.bilingual import LANGUAGES
from timeline.models.codes import Stance, Verification


def trip_of(record):
    """The trip that a meeting or agreement belongs to."""
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
        trip = trip_of(record)
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
            "first_year": record.earliest and record.earliest.year,
            "last_year": record.latest and record.latest.year,
            "verification": record.verification,
            "country_codes": "; ".join(sorted(country.code for country in countries)),
            "oldest_key": oldest,
            "newest_key": newest,
            "published_at": record.published_at,
            "sources_differ": _sources_differ(record),
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
        self.columns["search_title"] = _lines([record.title_vi, record.title_en])
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
            [
                row.source.slug,
                *(getattr(row, name) for name in TOLD_OF_CITATION),
                # Only where there is one: what was told before there was such a column stands.
                *filter(None, [row.locator_vi]),
            ]
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
            texts += [row.person.name, row.person.name_latin, *row.person.aliases.splitlines()]
        if row.organization:
            body = row.organization
            texts += [body.name_vi, body.name_en, *body.aliases.splitlines()]
    for country in sorted(countries, key=lambda country: country.code):
        texts += [country.name_vi, country.name_en, *country.aliases.splitlines()]
    return _lines(texts)


def _lines(texts):
    """`texts` as they are searched, each on a line of its own that no phrase goes beyond."""
    return "\n".join(filter(None, dict.fromkeys(map(text.search_line, texts))))


def _sources_differ(record):
    """Whether the public reads that sources do not agree: one contradicts, or it is disputed."""
    return record.verification == Verification.DISPUTED or any(
        citation.stance == Stance.CONTRADICTS and citation.source.is_citable
        for citation in record.citations.all()
    )
