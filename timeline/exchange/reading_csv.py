"""The rows of a CSV file (RFC 4180, UTF-8), read strictly: nothing is guessed.

Cells are separated by commas or by semicolons, as the heading has it; lines end with CR, LF or
both. A byte that is not UTF-8 comes as a lone surrogate, which `reading` refuses with its place.
"""

import io
import re

from django.utils.translation import gettext as _

from timeline.exchange.refusal import MAX_CELL, UnreadableCell, UnreadableFile, too_long

LONGEST_ROW = 1_000_000  # characters
CLOSED = r'"([^"]*+(?:""[^"]*+)*+)"'
CELLS = {mark: re.compile(rf'(?:{CLOSED}|([^"{mark}\r\n]*+))({mark}|\r\n?|\n|\Z)') for mark in ",;"}


def rows(file):
    """Yield (number, cells) for each row of `file`, a binary file that stands at its beginning."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        separator = None
        for number, written in enumerate(_written_rows(text), start=1):
            separator = separator or _separator(written)
            if '"' in written:
                cells = _quoted_cells(written, separator, number)
            else:
                cells = written.rstrip("\r\n").split(separator)
            if len(written) >= LONGEST_ROW:
                raise _too_long_row(number, cells)
            yield number, cells
    finally:
        text.detach()  # else it would close the file, which is not ours


def _written_rows(text):
    """Yield the rows as they are written: a line, or several while a quotation mark is open."""
    while line := text.readline(LONGEST_ROW):
        yield _to_the_closing_mark(line, text) if line.count('"') % 2 else line


def _to_the_closing_mark(line, text):
    lines, length = [line], len(line)
    while length < LONGEST_ROW and (line := text.readline(LONGEST_ROW - length)):
        lines.append(line)
        length += len(line)
        if line.count('"') % 2:
            break
    return "".join(lines)


def _separator(heading):
    """A comma or a semicolon: what stands in the heading outside of quotation marks."""
    bare = re.sub(CLOSED, "", heading.rstrip("\r\n"))
    found = [mark for mark in CELLS if mark in bare]
    if len(found) == 2 or (not found and re.search(r"[^\w .-]", bare)):
        shown = heading.strip()[:60].encode(errors="replace").decode()
        raise UnreadableFile(
            _(
                "The first row has to name the columns, separated by commas or by semicolons (not "
                "both, and nothing else). It is: “%(row)s”."
            )
            % {"row": shown}
        )
    return found[0] if found else ","


def _quoted_cells(written, separator, number):
    cells, end = [], 0
    while match := CELLS[separator].match(written, end):
        quoted, plain, mark = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if mark != separator:
            return cells
        end = match.end()
    if written[end] != '"' or re.compile(CLOSED).match(written, end):
        reason = _(
            "a quotation mark stands where none may. Put the whole cell in quotation marks, and "
            "write those within it twice."
        )
    elif len(written) < LONGEST_ROW:
        reason = _("a quotation mark is opened here and never closed.")
    else:
        reason = _(
            "the cell has more than %(limit)s characters, or its quotation mark is never closed."
        ) % {"limit": MAX_CELL}
    raise UnreadableCell(number, len(cells), reason)


def _too_long_row(number, cells):
    for place, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            return too_long(number, place)
    return UnreadableFile(
        _("Row %(row)s has more than %(limit)s characters.") % {"row": number, "limit": LONGEST_ROW}
    )
