"""The public CSV: one row per timeline entry, RFC 4180, UTF-8 with a byte order mark.

The columns are stable: new ones are added at the end. Everything comes from TimelineEntry.
"""

import csv
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from timeline.exchange.cells import guard
from timeline.exchange.column import Column, described
from timeline.models import Trip

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Vietnamese letters wrongly


def _column(name, definition, read=None):
    return Column(name, definition, read=read or (lambda entry: getattr(entry, name)))


def _of_record(name):
    """A column that trips, meetings and agreements have in common: here it means the same."""
    return replace(described(Trip, name), read=lambda entry: getattr(entry, name) or "")


def _moment(name, definition):
    return _column(name, definition, lambda entry: getattr(entry, name).isoformat())


def _list(name, definition):
    return _column(name, definition, lambda entry: getattr(entry, name).replace("\n", "; "))


OF_RECORDS = (
    *("date_edtf", "earliest", "latest", "date_basis", "verification"),
    *("title_vi", "title_en", "summary_vi", "summary_en"),
)
COLUMNS = (
    _column("kind", _("trip, meeting or agreement")),
    _column("slug", _("the public id, unique within its kind")),
    _column("type", _("the kind of trip, meeting or agreement, as a code")),
    _column("status", _("announced, held, postponed, cancelled or not_held; none for agreements")),
    _column("stage", _("how far an agreement had come, as a code; for agreements only")),
    *map(_of_record, OF_RECORDS),
    _column("place_vi", _("place in Vietnamese; the places of a trip are separated by “; ”")),
    _column("place_en", _("place in English; the places of a trip are separated by “; ”")),
    _column(
        "countries",
        _("ISO 3166-1 codes of the countries concerned, separated by “; ”"),
        lambda entry: entry.country_codes,
    ),
    _list("participants_vi", _("who took part, with office and role, in Vietnamese")),
    _list("participants_en", _("who took part, with office and role, in English")),
    _list("sources_vi", _("the sources that may be named, in Vietnamese")),
    _list("sources_en", _("the sources that may be named, in English")),
    _column(
        "trip",
        _("the slug of the trip it belongs to"),
        lambda entry: entry.trip.slug if entry.trip else "",
    ),
    _column("url", _("the address of its page"), lambda entry: entry.get_absolute_url()),
    _moment("published_at", _("when it was published (ISO 8601)")),
    _moment("changed_at", _("when what the public reads changed last (ISO 8601)")),
)


def rows(entries, origin, language):
    """Yield the header and a row per entry, as lists of guarded cells.

    `origin` (as in ``https://example.org``) begins the addresses of the pages in `language`.
    """
    yield [column.name for column in COLUMNS]
    for entry in entries:
        with override(language):
            cells = {column.name: str(column.read(entry)) for column in COLUMNS}
        cells["url"] = origin + cells["url"]
        yield [guard(cell) for cell in cells.values()]


class _Line:
    """A file for csv.writer that hands back each line instead of keeping it."""

    def write(self, line):
        return line


def lines(entries, origin, language):
    """Yield the file line by line, the header first and before anything is read."""
    return written(rows(entries, origin, language))


def written(rows):
    """Yield `rows` of guarded cells as the lines of a file."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow(row)
