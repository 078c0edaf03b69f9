"""Rows of text as a workbook of one sheet (ECMA-376 Part 1, SpreadsheetML).

Every cell is a string in the format “text”, and so is every cell that somebody fills in later: a
date such as 2013-07 stays what was typed.
"""

import re
from itertools import chain, count, islice
from tempfile import TemporaryFile
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from timeline.exchange.cells import guard
from timeline.exchange.refusal import letters_of

MAX_TEXT = 32_767  # UTF-16 code units in a cell; a longer text Excel would cut, or not open
MAX_ROWS = 1_048_576
SAMPLE = 50  # rows that tell how wide a column is shown
NARROWEST, WIDEST = 10, 50  # characters
CHUNK = 500  # rows that are written together
BLOCK = 65_536  # bytes
# What XML cannot hold, or would change; and an underscore that reads like an escape of these.
LOST = r"[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
ESCAPED = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}(?:_|{LOST}))|{LOST}")

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
TEXT, HEADING = 1, 2  # styles, by their place below; of a long text the first line is seen
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{SHEETML}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{SHEETML}.styles+xml"/>
<Override PartName="/{SHEET}" ContentType="{SHEETML}.worksheet+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
<sheets><sheet name="timeline" sheetId="1" r:id="rId1"/></sheets>
</workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>
</Relationships>""",
    "xl/styles.xml": f"""<styleSheet xmlns="{MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"
 applyAlignment="1"><alignment vertical="top"/></xf>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"
 applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}
BEGINNING = f"""<worksheet xmlns="{MAIN}">
<sheetViews><sheetView tabSelected="1" workbookViewId="0">
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>
<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>
<cols>%s</cols><sheetData>"""
COLUMN = f'<col min="%d" max="%d" width="%d" style="{TEXT}" customWidth="1"/>'
# Texts of digits are meant: no green corners, please.
END = """</sheetData><ignoredErrors>
<ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors></worksheet>"""


class UnwritableText(ValueError):
    """A text is too long for the cell of a workbook, or a row one too many; a sentence says it."""


def as_workbook(rows):
    """Yield the bytes of a workbook of `rows`, lists of texts, the heading first.

    It is made as a whole on disk before the first piece. Raises UnwritableText.
    """
    with TemporaryFile() as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, content in PARTS.items():
                archive.writestr(_entry(name), XML + content)
            with archive.open(_entry(SHEET), "w") as part:
                part.writelines(piece.encode() for piece in _sheet(iter(rows)))
        file.seek(0)
        while piece := file.read(BLOCK):
            yield piece


def _entry(name):
    """An entry of the archive that is the same whenever it is made."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _sheet(rows):
    """Yield the sheet as text."""
    sample = list(islice(rows, SAMPLE))
    headings = sample[0]
    columns = [
        COLUMN % (place, place, max(map(_width, cells)))
        for place, cells in enumerate(zip(*sample, strict=True), start=1)
    ]
    yield XML + BEGINNING % "".join(columns)
    numbered = zip(count(1), chain(sample, rows), strict=False)
    letters = [letters_of(place) for place in range(len(headings))]
    number = 0
    while chunk := list(islice(numbered, CHUNK)):
        yield "".join(_row(number, cells, headings, letters) for number, cells in chunk)
        number = chunk[-1][0]
    yield END % f"A1:{letters[-1]}{number}"


def _width(text):
    """How wide a column has to be for `text`; a long one need not be seen to its end."""
    longest = max(map(len, text.split("\n")))
    return min(max(longest + 2, NARROWEST), WIDEST)


def _row(number, cells, headings, letters):
    """A row as text. Blank cells are left out: they have the style of their column."""
    if number > MAX_ROWS:
        raise UnwritableText(_("A workbook holds no more than 1,048,576 rows. Export as CSV."))
    style = HEADING if number == 1 else TEXT
    written = []
    for letter, heading, cell in zip(letters, headings, cells, strict=True):
        if cell == "":
            continue
        text = guard(cell)
        if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
            raise UnwritableText(
                _(
                    "Row %(row)s, column “%(column)s”: the text of %(key)s is longer than the "
                    "32,767 characters that a cell of a workbook holds. Export as CSV."
                )
                % {"row": number, "column": heading, "key": cells[0]}
            )
        written.append(
            f'<c r="{letter}{number}" s="{style}" t="inlineStr">'
            f'<is><t xml:space="preserve">{_markup(text)}</t></is></c>'
        )
    return f'<row r="{number}">{"".join(written)}</row>'


def _markup(text):
    return escape(ESCAPED.sub(_escape, text))


def _escape(match):
    return f"_x{ord(match[0]):04X}_"
