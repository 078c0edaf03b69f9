"""The rows of trips-colt.csv, made of what `public.trips_in_full` gives of each trip."""

from itertools import islice

from django.utils.translation import override

from timeline import public
from timeline.exchange.cells import guard
from timeline.exchange.colt.columns import COLUMNS
from timeline.exchange.colt.stays import stays_of
from timeline.exchange.public_csv import written

CHUNK = 200  # trips whose parts are in memory at a time


def lines(entries, origin, language):
    """Yield the file line by line; its texts are English, as COLT's are, in every language.

    `entries` are those of trips; `origin` begins the addresses of the pages in `language`.
    """
    return written(rows(entries, origin, language))


def rows(entries, origin, language):
    """Yield the header, and then the rows of each trip of `entries`, as lists of guarded cells."""
    yield [column.name for column in COLUMNS]
    entries = iter(entries)
    while slugs := [entry.slug for entry in islice(entries, CHUNK)]:
        trips = {trip.slug: trip for trip in public.trips_in_full(slugs)}
        for slug in slugs:
            if slug in trips:  # it may have been withdrawn since its entry was read
                yield from _rows_of(trips[slug], origin, language)


def _rows_of(trip, origin, language):
    with override(language):
        address = origin + trip.get_absolute_url()
    for stay in stays_of(trip):
        with override("en"):
            cells = [
                address if column.name == "TripURL" else str(column.read(stay))
                for column in COLUMNS
            ]
        yield [guard(cell) for cell in cells]
