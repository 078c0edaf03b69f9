"""The rows of a workbook of one sheet (ECMA-376 Part 1, SpreadsheetML), read as a stream.

Nothing is kept but the row at hand: shared texts wait on disk. Formulas, errors and whatever a
spreadsheet has made of a text beyond recognition are refused with their place.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from timeline.exchange.markup import MAX_TEXT, Visitor, walk
from timeline.exchange.refusal import (
    MAX_COLUMNS,
    UnreadableCell,
    UnreadableFile,
    neither,
    too_long,
    too_many_columns,
    too_much,
)
from timeline.exchange.workbook import opened

MAX_EMPTY = 1_200_000  # cells and rows without a value, which some programs write
MAX_OTHER = 500_000  # elements that say nothing to us
LAST_COLUMN = 16_384
PRECISE = 10**15  # a spreadsheet keeps 15 digits of a number
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
DIMENSION = re.compile(r"[A-Z]+[0-9]+:([A-Z]+)([0-9]+)")


def rows(file, max_rows):
    """Yield (number, cells) for each row that the one sheet of `file` holds."""
    with opened(file) as book, book.open(book.sheet) as part:
        sheet = Sheet(book, max_rows)
        try:
            for _block in walk(part, sheet):
                yield from sheet.rows
                sheet.rows.clear()
        except UnreadableCell:
            yield from sheet.rows  # the heading may be among them, which names the column
            raise


class Sheet(Visitor):
    """The cells of a worksheet; complete rows stand in `rows`."""

    def __init__(self, book, max_rows):
        super().__init__()
        self.book, self.max_rows = book, max_rows
        self.rows, self.cells = [], []
        self.number, self.place, self.places = 0, -1, {}
        self.kind, self.style, self.value = "n", "0", ""
        self.is_phonetic = False
        self.empty, self.other = 0, 0

    def start(self, name, attributes):
        name = self.names[name]
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":
            self.pieces.clear()
            self.is_in_text = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._refuse(_("the cell holds a formula. Paste its value as text."))
        elif name == "dimension":
            self._check_dimension(attributes.get("ref", ""))
        elif name == "mergeCell":
            raise UnreadableFile(
                _("The cells %(cells)s are merged. Part them, so that each row has its own.")
                % {"cells": attributes.get("ref", "")[:20]}
            )
        elif name != "is":
            self.is_phonetic = self.is_phonetic or name == "rPh"
            self.other += 1
            if self.other > MAX_OTHER:
                raise too_much()

    def end(self, name):
        name = self.names[name]
        if name == "c":
            self._end_cell()
        elif name == "v" or name == "t":
            self.is_in_text = False
            if (name == "t") is (self.kind == "inlineStr") and not self.is_phonetic:
                self.value += "".join(self.pieces)
                if len(self.value) > MAX_TEXT:
                    self.has_too_long_text()
        elif name == "row":
            if self.cells:
                self.rows.append((self.number, self.cells))
            else:
                self._count_empty()
        elif name == "rPh":
            self.is_phonetic = False

    def has_too_long_text(self):
        raise too_long(self.number, self.place)

    def _start_row(self, attributes):
        number = int(attributes.get("r", self.number + 1))
        if number <= self.number:
            raise neither()
        self.number, self.cells, self.place = number, [], -1

    def _start_cell(self, attributes):
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            if (place := self.places.get(letters)) is None:
                place = self.places[letters] = place_of(letters)
        else:
            place = self.place + 1
        if not self.place < place < LAST_COLUMN:
            raise neither()
        self.place, self.value = place, ""
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")

    def _end_cell(self):
        value = self._read(self.value) if self.value else ""
        if value == "":
            self._count_empty()
            return
        if self.place >= MAX_COLUMNS:
            raise too_many_columns()
        if self.place > len(self.cells):
            self.cells += [""] * (self.place - len(self.cells))
        self.cells.append(value)

    def _count_empty(self):
        self.empty += 1
        if self.empty > MAX_EMPTY:
            raise too_much()

    def _check_dimension(self, reference):
        match = DIMENSION.fullmatch(reference)
        if match is None:
            return
        columns, rows = place_of(match[1]) + 1, int(match[2])
        if columns > MAX_COLUMNS or (self.max_rows and rows > self.max_rows + 1):
            raise UnreadableFile(
                _(
                    "The sheet says that it has %(rows)s rows and %(columns)s columns, which is "
                    "too much. Delete the empty ones below and beside the table, or split it."
                )
                % {"rows": rows, "columns": columns}
            )

    def _refuse(self, reason):
        raise UnreadableCell(self.number, self.place, reason)

    def _read(self, written):
        if self.kind == "s":
            text = self.book.texts[int(written)]
            if text is None:
                self.has_too_long_text()
            return self._unescaped(text)
        if self.kind in ("inlineStr", "str"):
            return self._unescaped(written)
        if self.kind == "b":
            return "FALSE" if written == "0" else "TRUE"
        if self.kind == "e":
            self._refuse(_("the cell holds an error. Type its value as text."))
        if self.kind == "d":
            return datetime.fromisoformat(written).replace(tzinfo=None)
        shown = self.book.shown_as(self.style)
        if shown == "time":
            self._refuse(_("the spreadsheet made a time of this cell. Format the column as text."))
        return self._moment(written) if shown == "date" else self._number(written)

    def _unescaped(self, text):
        if "_x" not in text:
            return text
        text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._refuse(_("the cell holds half a character."))

    def _number(self, written):
        """The text of a number, as a spreadsheet shows it."""
        if len(written) <= 15 and written.isascii() and written.isdigit():
            return str(int(written))
        try:
            value = float(Decimal(written))
        except (InvalidOperation, OverflowError):
            value = PRECISE
        if not abs(value) < PRECISE:
            self._refuse(
                _(
                    "the spreadsheet made a number of this cell and keeps only 15 of its digits. "
                    "Format the column as text, type it anew."
                )
            )
        return format(Decimal(f"{value:.15g}"), "f")

    def _moment(self, written):
        try:
            days = float(written)
            if self.book.begins_1904:
                days += 1462
            if not 1 <= days < 2_958_466 or 60 <= days < 61:
                raise ValueError(days)
        except ValueError:
            self._refuse(_("the cell holds a date that there is not. Format the column as text."))
        # Day 60 would be 29 February 1900, which a spreadsheet takes for a day and nobody else.
        first = datetime(1899, 12, 31 if days < 60 else 30)
        return first + timedelta(seconds=round(days * 86_400))


def place_of(letters):
    """The place (from 0) of the column with these letters, as AB; one beyond all for no such."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        return LAST_COLUMN
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
