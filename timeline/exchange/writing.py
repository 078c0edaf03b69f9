"""Rows of text as a file: CSV or XLSX, piece by piece, the same bytes for the same rows.

Whatever a cell holds, it stays text: guarded from being run, and in a workbook a string.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from timeline.exchange.cells import guard
from timeline.exchange.public_csv import BYTE_ORDER_MARK
from timeline.exchange.writing_xlsx import UnwritableText, as_workbook

__all__ = ["FORMATS", "Format", "UnwritableText"]

CHUNK = 500  # rows in a piece


@dataclass(frozen=True)
class Format:
    """A format of file. `pieces(rows)` makes it of rows of text, the heading first.

    Where `may_refuse`, that raises UnwritableText with a sentence before the first piece.
    """

    title: str
    extension: str
    content_type: str
    pieces: Callable
    may_refuse: bool = False


def as_csv(rows):
    """Yield the bytes of a CSV file: RFC 4180, in UTF-8 with the mark that Excel needs."""
    rows, start = iter(rows), BYTE_ORDER_MARK
    while chunk := list(islice(rows, CHUNK)):
        lines = io.StringIO(newline="")
        csv.writer(lines).writerows([guard(cell) for cell in row] for row in chunk)
        yield (start + lines.getvalue()).encode()
        start = ""


CSV = Format("CSV", "csv", "text/csv; charset=utf-8", as_csv)
XLSX = Format(
    "XLSX",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    as_workbook,
    may_refuse=True,
)
FORMATS = (CSV, XLSX)
