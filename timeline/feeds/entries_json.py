"""The timeline as JSON, described for programs by `openapi.py`."""

from timeline.models.bilingual import LANGUAGES
from timeline.public import with_trips

SIZE = 100  # records in one answer


def readable(entries):
    """`entries` with all that `record` reads of them, in a fixed number of queries."""
    return with_trips(entries).prefetch_related("people", "organizations")


def record(entry, origin):
    """One entry. Texts are told in both languages, and null where there is none in a language."""
    return {
        "kind": entry.kind,
        "slug": entry.slug,
        "url": origin + entry.get_absolute_url(),
        "type": entry.type,
        "status": entry.status or None,
        "stage": entry.stage or None,
        "verification": entry.verification,
        "sources_differ": entry.sources_differ,
        "title": _both(entry, "title"),
        "summary": _both(entry, "summary"),
        "date": _date(entry),
        "place": _both(entry, "place"),
        "countries": [code for code in entry.country_codes.split("; ") if code],
        "people": sorted(person.slug for person in entry.people.all()),
        "organizations": sorted(body.slug for body in entry.organizations.all()),
        "participants": _lists(entry, "participants"),
        "sources": _lists(entry, "sources"),
        "trip": entry.trip.slug if entry.trip else None,
        "published_at": entry.published_at.isoformat(),
        "changed_at": entry.changed_at.isoformat(),
    }


def _both(entry, name):
    return {language: getattr(entry, f"{name}_{language}") or None for language in LANGUAGES}


def _lists(entry, name):
    return {
        language: [line for line in getattr(entry, f"{name}_{language}").split("\n") if line]
        for language in LANGUAGES
    }


def _date(entry):
    """The date as it is known, with its words and the days that bound it; None without one."""
    date = entry.date
    return date and {
        "edtf": str(date),
        "label": {language: date.label(language) for language in LANGUAGES},
        "precision": date.precision,
        "earliest": date.earliest and date.earliest.isoformat(),
        "latest": date.latest and date.latest.isoformat(),
        "basis": entry.date_basis,
    }
