"""Files that would exhaust a machine, or that are not what they say; each made without effort."""

import io
import struct
import zipfile
from functools import partial

from openpyxl import Workbook

SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
RELATED = "xl/_rels/workbook.xml.rels"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
HEADING = f'<row r="1">{CELL.format("A1", "slug")}{CELL.format("B1", "name")}</row>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FETCHED = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
# 20 MB that hardly pack: they come again only after more than a ZIP looks back at.
NOISE = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(8_000)) * 320


def workbook(change=None, *, extra=(), level=1, method=zipfile.ZIP_DEFLATED):
    """A workbook whose parts `change` replaces: {name: function of the text of the part}."""
    book, out, packed = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["slug", "name"])
    book.active.append(["to-lam", "Tô Lâm"])
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in (change or {}):
                content = change[name](content.decode())
            new.writestr(name, content, compresslevel=level)
        for name, content in extra:
            new.writestr(name, content, method, compresslevel=level)
    return packed.getvalue()


def sheet(content, level=1):
    """A workbook whose sheet has these rows below the heading; at level 0 it is not packed."""
    text = f"<worksheet {MAIN}><sheetData>{HEADING}{content}</sheetData></worksheet>"
    return workbook({SHEET: lambda old: text}, level=level)


def with_document_type(part, declared, encoding="utf-8"):
    def changed(text):
        body = text.partition("?>")[2] if text.startswith("<?xml") else text
        return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'.encode(encoding)

    return workbook({part: changed})


def lying():
    """A workbook one part of which unpacks, its directory says, to 199 times what it is packed."""
    data = bytearray(workbook(extra=[("xl/a.xml", NOISE[:3_000_000])]))
    place = data.rindex(b"xl/a.xml") - 46
    [packed] = struct.unpack("<L", data[place + 20 : place + 24])
    data[place + 24 : place + 28] = struct.pack("<L", packed * 199)
    return bytes(data)


def doubled():
    """A workbook with two sheets of one name, of which one program reads the first."""
    return workbook(extra=[("xl/worksheets/sheet2.xml", "<x/>")]).replace(b"sheet2", b"sheet1")


def overlapping():
    """A workbook in which two entries of the directory are one and the same piece of the file."""
    data = bytearray(workbook(extra=[("xl/a.xml", NOISE[:9000]), ("xl/b.xml", NOISE[:9000])]))
    first, second = data.rindex(b"xl/a.xml") - 46, data.rindex(b"xl/b.xml") - 46
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def locked():
    """A workbook whose parts are marked as encrypted."""
    data = bytearray(workbook())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def row_of(cell, number):
    return "<row>" + cell * number + "</row>"


def shared(content, level=1):
    """A workbook whose row 2 has the first of the shared texts `content` as its name."""
    relation = '<Relationship Id="texts" Type="{}sharedStrings" Target="sharedStrings.xml"/>'
    related = relation.format(RELATIONS) + "</Relationships>"
    cell = '<row r="2"><c r="B2" t="s"><v>0</v></c></row>'
    return workbook(
        {
            RELATED: lambda text: text.replace("</Relationships>", related),
            SHEET: lambda text: (
                f"<worksheet {MAIN}><sheetData>{HEADING}{cell}</sheetData></worksheet>"
            ),
        },
        extra=[(TEXTS, f"<sst {MAIN}>{content}</sst>")],
        level=level,
    )


TOO_MUCH = "The workbook unpacks to far more than a table of records. Save the table as CSV."
TOO_MANY = "The file has more than 20000 rows. Split it."
TOO_WIDE = "The file has more than 100 columns."
TOO_LONG = "Row 2, column “name”: the cell has more than 100000 characters."
NEITHER = "This is neither a CSV file in UTF-8 nor an XLSX workbook."
FOREIGN = "The workbook has macros, holds other files or takes values from them (xl/"
DOCUMENT_TYPE = "The workbook has a document type"
XLSX = {
    "declared dimension": (
        lambda: workbook({SHEET: lambda text: text.replace("A1:B2", "A1:XFD1048576")}),
        "The sheet says that it has 1048576 rows and 16384 columns, which is too much.",
    ),
    "size": (lying, TOO_MUCH),
    "ratio": (lambda: workbook({SHEET: lambda text: text + " " * 60_000_000}), TOO_MUCH),
    "300 entries": (
        lambda: workbook(extra=[(f"xl/{number}.xml", "x") for number in range(300)]),
        TOO_MUCH,
    ),
    "3,000 entries": (
        lambda: workbook(
            extra=[(f"xl/worksheets/{number:030}.xml", "") for number in range(3_000)]
        ),
        TOO_MUCH,
    ),
    "a long directory": (
        lambda: workbook(extra=[(f"xl/{number:050000}.xml", "<x/>") for number in range(3)]),
        TOO_MUCH,
    ),
    "one name twice": (doubled, NEITHER),
    "packed in another way": (
        lambda: workbook(extra=[("xl/a.xml", "<x/>")], method=zipfile.ZIP_LZMA),
        NEITHER,
    ),
    "nested": (
        lambda: workbook(extra=[("xl/media/x.zip", workbook())]),
        FOREIGN,
    ),
    "overlapping": (overlapping, TOO_MUCH),
    "encrypted parts": (locked, NEITHER),
    "a million rows": (lambda: sheet(row_of("<c><v>1</v></c>", 1) * 1_000_000), TOO_MANY),
    "row 1048576": (
        lambda: sheet(f'<row r="1048576">{CELL.format("A1048576", "x")}</row>'),
        "Row 2 is empty, and rows follow it. Delete it.",
    ),
    "300,000 columns": (
        lambda: sheet(row_of("<c><v>1</v></c>", 300_000)),
        TOO_WIDE,
    ),
    "giant cell": (
        lambda: sheet(f'<row r="2">{CELL.format("B2", NOISE)}</row>'),
        TOO_LONG,
    ),
    "giant shared text": (lambda: shared(f"<si><t>{NOISE}</t></si>"), TOO_LONG),
    "giant tag": (lambda: sheet(f'<row x="{NOISE}"/>'), TOO_MUCH),
    "giant comment": (lambda: sheet(f"<!--{NOISE}-->"), TOO_MUCH),
    "deep nesting": (lambda: sheet("<x>" * 600_000, level=0), TOO_MUCH),
    "a billion laughs": (partial(with_document_type, SHEET, LAUGHS), DOCUMENT_TYPE),
    "external entity": (partial(with_document_type, RELATED, FETCHED), DOCUMENT_TYPE),
    "document type in a part that nobody reads": (
        partial(with_document_type, "docProps/core.xml", LAUGHS),
        DOCUMENT_TYPE,
    ),
    "document type in UTF-16": (
        partial(with_document_type, STYLES, LAUGHS, "utf-16"),
        DOCUMENT_TYPE,
    ),
    "xlsm by its type": (
        lambda: workbook(
            {
                "[Content_Types].xml": lambda text: text.replace(
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    MACROS,
                )
            }
        ),
        "The workbook has macros. Save it as “Excel Workbook” (XLSX), without them.",
    ),
    "xlsm by its program": (
        lambda: workbook(extra=[("xl/vbaProject.bin", b"\xd0\xcf")]),
        FOREIGN,
    ),
    "external link": (
        lambda: workbook(extra=[("xl/externalLinks/externalLink1.xml", "<x/>")]),
        FOREIGN,
    ),
    "cut off": (lambda: workbook()[:3000], NEITHER),
    "a ZIP of something else": (
        lambda: workbook({"_rels/.rels": lambda text: "<x/>"}),
        NEITHER,
    ),
    "Excel 97, or encrypted": (lambda: b"\xd0\xcf\x11\xe0" * 500, "The workbook is encrypted"),
}
CSV = {
    "a million lines": (lambda: b"slug\n" + b"x\n" * 1_000_000, TOO_MANY),
    "300,000 headings": (
        lambda: ",".join(f"c{number}" for number in range(300_000)).encode(),
        "Row 1 has more than 1000000 characters.",
    ),
    "300,000 cells": (
        lambda: b"slug,name\n" + b"x," * 300_000,
        "Row 2, column QATL: this column has no heading.",
    ),
    "giant cell": (lambda: b"slug,name\nx," + NOISE.encode(), TOO_LONG),
    "giant cell in quotation marks": (
        lambda: b'slug,name\nx,"' + NOISE.encode() + b'"',
        "Row 2, column “name”: the cell has more than 100000 characters",
    ),
    "unclosed quotation mark": (
        lambda: b'slug,name\nx,y\nx,"' + b"a\n" * 10_000,
        "Row 3, column “name”: a quotation mark is opened here and never closed.",
    ),
    "unclosed in 20 MB": (
        lambda: b'slug,name\nx,"' + b"a,b\n" * 5_000_000,
        "Row 2, column “name”: the cell has more than 100000 characters, or its quotation mark is",
    ),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), NEITHER),
    "no end of zeros": (lambda: bytes(20_000_000), NEITHER),
    "UTF-16": (lambda: "slug,name\nx,y".encode("utf-16"), "The file is UTF-16, not UTF-8."),
}
