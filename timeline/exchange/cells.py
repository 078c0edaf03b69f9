"""Cells that a spreadsheet must not run: guarded on the way out, given back on the way in.

A spreadsheet takes a cell for a formula by its first character (OWASP, "CSV Injection"). An
apostrophe in front makes it text. A text that begins with an apostrophe of its own gets another
one, and so does a text that reads like the marker which clears a cell, so that
`take(guard(cell)) == cell` for every text.
"""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
GUARD = "'"
CLEAR = "[clear]"  # in any case; a blank cell leaves what is stored as it is


def guard(cell: str) -> str:
    """Return `cell` with an apostrophe in front when a spreadsheet, or `take`, could misread it."""
    return GUARD + cell if _is_special(cell) else cell


def unguard(cell: str) -> str:
    """Return the text that `guard` was given; a text it would not have written stays as it is."""
    return cell[1:] if cell[:1] == GUARD and _is_special(cell[1:]) else cell


def take(cell: str) -> str | None:
    """Return what a cell of a file says: its text, or None when it is the marker that clears."""
    return None if _is_marker(cell) else unguard(cell)


def _is_special(cell):
    return cell[:1] in FORMULA_STARTS or cell[:1] == GUARD or _is_marker(cell)


def _is_marker(cell):
    return "[" in cell and cell.strip().lower() == CLEAR
