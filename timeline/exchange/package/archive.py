"""The archive itself, written piece by piece: neither the whole nor a whole table is in memory.

It is the same to the byte for as long as nothing public changes: every file has the same date and
rights, rows are in one order, and nothing depends on who asks, when, or in which language.
"""

import csv
import hashlib
import io
import json
from itertools import islice
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import Max

from timeline.exchange.cells import guard
from timeline.exchange.package import descriptor
from timeline.exchange.package.codebook import codebook
from timeline.exchange.package.table import CHUNK
from timeline.exchange.package.tables import TABLES
from timeline.exchange.public_csv import BYTE_ORDER_MARK
from timeline.exchange.values import Cell
from timeline.models import TimelineEntry
from timeline.models.bilingual import LANGUAGES

text_of = Cell(None).render  # a value is written alike in every column


def pieces():
    """Yield the archive in pieces; the first one leaves before the database is asked."""
    pipe = _Pipe()
    for _step in _written(pipe):
        if piece := pipe.taken():
            yield piece
    yield pipe.taken()


def _written(pipe):
    """Write the archive to `pipe`, and stop wherever something could be taken from it."""
    with ZipFile(pipe, "w") as archive:
        for language in LANGUAGES:
            archive.writestr(_named(f"codebook.{language}.md"), codebook(language))
        yield
        changed_at = last_change()
        resources = []
        for table in TABLES:
            size, digest = 0, hashlib.sha256()
            with archive.open(_named(f"{table.name}.csv"), "w") as file:
                for part in _csv(table):
                    size += file.write(part)
                    digest.update(part)
                    yield
            resources.append(descriptor.resource(table, size, digest.hexdigest()))
        content = descriptor.package(resources, changed_at)
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        archive.writestr(_named("datapackage.json"), text)


def last_change():
    """When what the public reads of a record changed last; None when there is no record."""
    return TimelineEntry.objects.aggregate(last=Max("changed_at"))["last"]


def _csv(table):
    """The rows of `table` as pieces of a CSV file: UTF-8, with the mark that Excel needs."""
    heads = [column.name for column in table.columns]
    yield BYTE_ORDER_MARK.encode() + _lines([heads])
    rows = table.values()
    while some := [[guard(text_of(value)) for value in row] for row in islice(rows, CHUNK)]:
        yield _lines(some)


def _lines(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _named(name):
    """The entry of a file in the archive, with the same date and rights whoever makes it."""
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # Unix, as the rights say
    entry.external_attr = 0o644 << 16
    return entry


class _Pipe:
    """A file for ZipFile that cannot be sought in, and hands on what was written to it."""

    def __init__(self):
        self.waiting = []

    def write(self, data):
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing is kept back."""

    def taken(self):
        data, self.waiting = b"".join(self.waiting), []
        return data
