"""The public CSV: one row per timeline entry, RFC 4180, UTF-8 with a byte order mark.

The columns are stable: new ones are added at the end. Everything comes from TimelineEntry.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from timeline.exchange.cells import guard

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Vietnamese letters wrongly


@dataclass(frozen=True)
class Column:
    """A column: its name, what it holds in the reader's language, and how it is got."""

    name: str
    definition: str
    read: Callable


def _plain(name, definition):
    return Column(name, definition, lambda entry: getattr(entry, name))


def _day(name, definition):
    return Column(name, definition, lambda entry: getattr(entry, name) or "")


def _moment(name, definition):
    return Column(name, definition, lambda entry: getattr(entry, name).isoformat())


def _list(name, definition):
    return Column(name, definition, lambda entry: getattr(entry, name).replace("\n", "; "))


COLUMNS = (
    _plain("kind", _("trip, meeting or agreement")),
    _plain("slug", _("the public id, unique within its kind")),
    _plain("type", _("the kind of trip, meeting or agreement, as a code")),
    _plain("status", _("announced, held, postponed, cancelled or not_held; none for agreements")),
    _plain("stage", _("how far an agreement had come, as a code; for agreements only")),
    _plain(
        "date_edtf", _("the date as the sources know it (EDTF); the authority for the next two")
    ),
    _day("earliest", _("the first possible day; empty when the beginning is open or unknown")),
    _day("latest", _("the last possible day; empty when the end is open or unknown")),
    _plain("date_basis", _("how the date is known, as a code")),
    _plain("verification", _("unverified, verified or disputed")),
    _plain("title_vi", _("title in Vietnamese")),
    _plain("title_en", _("title in English")),
    _plain("summary_vi", _("summary in Vietnamese")),
    _plain("summary_en", _("summary in English")),
    _plain("place_vi", _("place in Vietnamese; the places of a trip are separated by “; ”")),
    _plain("place_en", _("place in English; the places of a trip are separated by “; ”")),
    Column(
        "countries",
        _("ISO 3166-1 codes of the countries concerned, separated by “; ”"),
        lambda entry: entry.country_codes,
    ),
    _list("participants_vi", _("who took part, with office and role, in Vietnamese")),
    _list("participants_en", _("who took part, with office and role, in English")),
    _list("sources_vi", _("the sources that may be named, in Vietnamese")),
    _list("sources_en", _("the sources that may be named, in English")),
    Column(
        "trip", _("the slug of the trip it belongs to"), lambda e: e.trip.slug if e.trip else ""
    ),
    Column("url", _("the address of its page"), lambda entry: entry.get_absolute_url()),
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
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK
    for row in rows(entries, origin, language):
        yield writer.writerow(row)
