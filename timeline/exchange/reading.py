"""A file of records taken apart: CSV or XLSX, told by its content, into rows of plain cells.

Both are read strictly and once, in bounded memory: what cannot be read for certain is refused with
a sentence that names row and column, never guessed.
"""

import pickle
import tempfile
from contextlib import closing

from django.utils.translation import gettext as _

from timeline.exchange import reading_csv, reading_xlsx
from timeline.exchange.cells import GUARD, take
from timeline.exchange.refusal import (
    MAX_CELL,
    MAX_COLUMNS,
    UnreadableCell,
    UnreadableFile,
    neither,
    too_long,
    too_many_columns,
    too_many_rows,
)

__all__ = ["Table", "UnreadableFile", "read"]

HEAD = 1000  # bytes in which a binary file shows itself
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OLE = b"\xd0\xcf\x11\xe0"  # what Excel wrote until 2003, and writes around an encrypted workbook
ZIP = b"PK\x03\x04"


def read(file, max_rows=None):
    """Read `file`, a seekable binary file; return its Table. Raises UnreadableFile.

    `max_rows` bounds the rows below the heading.
    """
    table = Table()
    try:
        with closing(_rows(file, max_rows)) as rows:
            table.fill(rows, max_rows)
    except UnreadableCell as error:
        table.close()
        raise error.as_sentence(table.headers) from error
    except BaseException:
        table.close()
        raise
    return table


class Table:
    """The rows of a file. They wait on disk, and go when the table is closed.

    `headers` are the names of the columns. A row is (number, cells): the number that a spreadsheet
    shows beside it, and for each column a text ("" for a blank cell), a `datetime` for a date cell
    of a workbook, or None for the marker that clears.
    """

    def __init__(self):
        self.headers = []
        self._length = 0
        self._rows = tempfile.TemporaryFile()  # noqa: SIM115

    def __len__(self):
        return self._length

    def __iter__(self):
        position = 0  # our own, so that several can go through the rows at once
        for _turn in range(self._length):
            self._rows.seek(position)
            row = pickle.load(self._rows)  # what `fill` wrote, in a file without a name
            position = self._rows.tell()
            yield row

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._rows.close()

    def fill(self, rows, max_rows):
        """Take the heading and the other `rows`; refuse what is no table of records."""
        first, names = next(rows, (1, []))
        self.headers = headings(_trimmed(names) if first == 1 else [])
        width, expected = len(self.headers), 2
        for number, cells in rows:
            cells = _trimmed(cells)
            if not cells:
                continue  # an empty row; refused when another follows
            if number != expected:
                raise UnreadableFile(
                    _("Row %(row)s is empty, and rows follow it. Delete it.") % {"row": expected}
                )
            expected += 1
            if len(cells) > width:
                raise UnreadableCell(number, len(cells) - 1, _("this column has no heading."))
            if self._length == max_rows:
                raise too_many_rows(max_rows)
            text = _check(number, cells)
            if GUARD in text or "[" in text:  # most rows have nothing to take out of a cell
                cells = [take(cell) if type(cell) is str else cell for cell in cells]
            pickle.dump((number, cells + [""] * (width - len(cells))), self._rows)
            self._length += 1
        if not self._length:
            raise UnreadableFile(_("The file has no rows below its heading."))


def headings(names):
    """The names of the columns; raises UnreadableFile when they are not clear."""
    _check(1, names)
    names = [str(name).strip() for name in names]
    if not names:
        raise UnreadableFile(_("The file is empty: its first row has to name the columns."))
    if len(names) > MAX_COLUMNS:
        raise too_many_columns()
    if "" in names:
        raise UnreadableCell(1, names.index(""), _("this column has no heading."))
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableFile(_("A column appears twice: %s.") % ", ".join(doubled)[:200])
    return names


def _rows(file, max_rows):
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(ZIP):
        return reading_xlsx.rows(file, max_rows)
    if head.startswith(OLE):
        raise UnreadableFile(
            _(
                "The workbook is encrypted, or in the format of Excel 97. Save it as “Excel "
                "Workbook” (XLSX), without a password."
            )
        )
    if head.startswith(UTF_16):
        raise UnreadableFile(
            _("The file is UTF-16, not UTF-8. In Excel choose “CSV UTF-8” when you save it.")
        )
    if b"\0" in head:
        raise neither()
    return reading_csv.rows(file)


def _trimmed(cells):
    """`cells` without the blank ones at the end, which spreadsheets add."""
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return cells[:end]


def _check(number, cells):
    """Return the text of all cells together; where it is none, ask which cell it is and refuse."""
    text = "".join(cell for cell in cells if type(cell) is str)
    if "\0" not in text and len(text) <= MAX_CELL:
        try:
            text.encode()
            return text
        except UnicodeEncodeError:
            pass
    for place, cell in enumerate(map(str, cells)):
        if len(cell) > MAX_CELL:
            raise too_long(number, place)
        if "\0" in cell:
            raise UnreadableCell(number, place, _("the cell holds a NUL character."))
        if any("\ud800" <= character <= "\udfff" for character in cell):
            raise UnreadableCell(
                number,
                place,
                _("a byte is not UTF-8. In Excel choose “CSV UTF-8” when you save the file."),
            )
    return text
