"""Cells that a spreadsheet must not run: guarded on the way out, given back on the way in.

A spreadsheet takes a cell for a formula by its first character (OWASP, "CSV Injection"). An
apostrophe in front makes it text. A text that begins with an apostrophe of its own gets another
one, so that `unguard(guard(cell)) == cell` for every text.
"""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
GUARD = "'"


def guard(cell: str) -> str:
    """Return `cell` with an apostrophe in front when a spreadsheet could run it."""
    return GUARD + cell if cell[:1] in FORMULA_STARTS or cell[:1] == GUARD else cell


def unguard(cell: str) -> str:
    """Return the text that `guard` was given; a text it would not have written stays as it is."""
    guarded = cell[:1] == GUARD and (cell[1:2] in FORMULA_STARTS or cell[1:2] == GUARD)
    return cell[1:] if guarded else cell
