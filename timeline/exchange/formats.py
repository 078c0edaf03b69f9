"""The two formats of the admin's exchange: CSV and XLSX, guarded on the way out and in.

Both are read strictly: what cannot be read for certain is refused with a sentence, never guessed.
"""

import csv
import io
import zipfile
from datetime import date, datetime

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from timeline.exchange.cells import guard, unguard

MAX_ROWS = 2_000  # a preview saves them all, and on SQLite the other writers wait for it
MAX_COLUMNS = 100
MAX_PARTS = 200  # files in the ZIP that an XLSX is
MAX_UNPACKED = 50_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed; a real workbook stays below 50
DELIMITERS = ",;\t"


class UnreadableFile(ValueError):
    """The file is not what it says, or too much; the message says what to do."""


class GuardedCSV(CSV):
    """RFC 4180 in UTF-8, with a byte order mark so that Excel reads Vietnamese."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self):
        return True

    def get_read_mode(self):
        return "rb"

    def get_title(self):
        return "CSV"

    def export_data(self, dataset, **kwargs):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(dataset.headers)
        writer.writerows([guard(str(cell)) for cell in row] for row in dataset)
        return out.getvalue().encode("utf-8-sig")

    def create_dataset(self, in_stream, **kwargs):
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                _("The file is not UTF-8. In Excel choose “CSV UTF-8” when you save it.")
            ) from error
        heading = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=heading.count)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            return read(lines)
        except csv.Error as error:
            raise UnreadableFile(
                _("Line %(line)s is not CSV: %(reason)s.")
                % {"line": lines.line_num, "reason": error}
            ) from error


class GuardedXLSX(XLSX):
    """A workbook of one sheet in which every cell is text."""

    def get_title(self):
        return "XLSX"

    def export_data(self, dataset, **kwargs):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("timeline")
        sheet.freeze_panes = "A2"
        for row in (dataset.headers, *dataset):
            sheet.append([text_cell(sheet, guard(str(value))) for value in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def create_dataset(self, in_stream):
        refuse_bomb(in_stream)
        try:
            book = load_workbook(io.BytesIO(in_stream), read_only=True)
            sheets = book.worksheets
        except Exception as error:  # openpyxl lets errors of every kind through
            raise UnreadableFile(_("This is not an XLSX workbook.")) from error
        if len(sheets) != 1:
            raise UnreadableFile(
                _("The workbook has %s sheets. Leave the one to import and delete the others.")
                % len(sheets)
            )
        sheet = sheets[0]
        if (sheet.max_row or 0) > MAX_ROWS + 1:
            raise UnreadableFile(too_many_rows())
        if (sheet.max_column or 0) > MAX_COLUMNS:
            raise UnreadableFile(too_many_columns())
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)
        return read([plain_value(cell) for cell in row] for row in rows)


def text_cell(sheet, value):
    """A cell that a spreadsheet shows as it is: `2013-07` stays text and no date."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def plain_value(cell):
    """The text of a cell, or a date; a formula or an error is refused."""
    if cell.data_type in ("f", "e"):
        raise UnreadableFile(
            _("The cell %s holds a formula or an error. Paste its value as text.") % cell.coordinate
        )
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, (date, datetime)) else "" if value is None else str(value)


def read(lines):
    """Make a dataset of `lines`: the heading, then rows of the same width, cells unguarded."""
    lines = iter(lines)
    headers = [str(name).strip() for name in trimmed(next(lines, []))]
    if not headers:
        raise UnreadableFile(_("The file is empty: its first row has to name the columns."))
    if len(headers) > MAX_COLUMNS:
        raise UnreadableFile(too_many_columns())
    if doubled := sorted({name for name in headers if headers.count(name) > 1}):
        raise UnreadableFile(_("A column appears twice: %s.") % ", ".join(map(str, doubled)))
    dataset = tablib.Dataset(headers=headers)
    blanks = 0
    for number, line in enumerate(lines, start=2):
        row = trimmed(line)
        if not row:
            blanks += 1
            continue
        if len(row) > len(headers) or blanks:
            raise UnreadableFile(
                _("Row %s has no heading above one of its cells, or follows an empty row.") % number
            )
        if len(dataset) == MAX_ROWS:
            raise UnreadableFile(too_many_rows())
        row += [""] * (len(headers) - len(row))
        if any("\0" in cell for cell in row if isinstance(cell, str)):
            raise UnreadableFile(_("Row %s holds a NUL character.") % number)
        dataset.append([unguard(cell) if isinstance(cell, str) else cell for cell in row])
    return dataset


def trimmed(line):
    """`line` without the empty cells at its end, which spreadsheets add."""
    line = list(line)
    while line and line[-1] in ("", None):
        line.pop()
    return line


def refuse_bomb(data):
    """Look at the ZIP directory before anything is unpacked; raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(_("This is not an XLSX workbook.")) from error
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data):
        raise UnreadableFile(
            _("The workbook unpacks to far more than a table of records. Export it again as CSV.")
        )


def too_many_rows():
    return _("The file has more than %s rows. Split it.") % MAX_ROWS


def too_many_columns():
    return _("The file has more than %s columns.") % MAX_COLUMNS


FORMATS = [GuardedCSV, GuardedXLSX]
