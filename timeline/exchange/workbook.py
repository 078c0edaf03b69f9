"""An XLSX file as a ZIP archive of XML parts, opened without trust (ECMA-376 Part 2).

Its directory is looked at before anything is unpacked, and no part is ever held as a whole.
"""

import os
import posixpath
import re
import struct
import tempfile
import zlib
from array import array
from contextlib import contextmanager
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from timeline.exchange.archive import check_directory, check_parts
from timeline.exchange.markup import MAX_TEXT, Visitor, check_prolog, walk
from timeline.exchange.refusal import UnreadableCell, UnreadableFile, neither, too_much

MAX_TEXTS = 850_000  # that cells share
MAX_OTHER = 500_000  # elements that only say how these texts look
MAX_ELEMENTS = 200_000  # of the parts that describe the sheet
# What reading a broken, encrypted or strangely packed archive raises.
BROKEN = (BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, LookupError)
BROKEN += (NotImplementedError, OverflowError, RuntimeError, UnicodeError, ValueError)

CONTENT_TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
# How a number is shown: the formats that need no description, and the letters of the others.
DATES = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}
TIMES = {18, 19, 20, 21, 45, 46, 47}
NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|general', re.I)


@contextmanager
def opened(file):
    """The Workbook that `file` holds; raises UnreadableFile where it, or what is read of it, is
    broken or may not be.
    """
    try:
        check_directory(file)
        with ZipFile(file) as archive, SharedTexts() as texts:
            check_parts(archive)
            yield Workbook(archive, texts)
    except (UnreadableFile, UnreadableCell):
        raise
    except BROKEN as error:
        raise neither() from error


class Workbook:
    """What has to be known of a workbook to read its one sheet."""

    def __init__(self, archive, texts):
        self.archive, self.texts = archive, texts
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    check_prolog(part)
        main = self._main_part()
        related = self._related(posixpath.dirname(main), posixpath.basename(main))
        found = self._elements(main, {"sheet", "workbookPr"})
        sheets = [attributes for name, attributes in found if name == "sheet"]
        if len(sheets) != 1:
            raise UnreadableFile(
                _(
                    "The workbook has %(sheets)s sheets, hidden ones among them. Leave the one to "
                    "import and delete the others."
                )
                % {"sheets": len(sheets)}
            )
        key = next(value for name, value in sheets[0].items() if name.endswith("relationships id"))
        self.sheet, kind = related[key]
        if kind != "worksheet":
            raise neither()
        self.begins_1904 = any(
            attributes.get("date1904") in ("1", "true")
            for name, attributes in found
            if name == "workbookPr"
        )
        parts = {kind: part for part, kind in related.values()}
        self.formats = self._formats(parts["styles"]) if "styles" in parts else []
        if "sharedStrings" in parts:
            self._visit(parts["sharedStrings"], texts)

    def open(self, part):
        return self.archive.open(part)

    def shown_as(self, style):
        """How the style of that number shows a number: "date", "time" or "" (as it is)."""
        return self.formats[int(style)] if self.formats else ""

    def _visit(self, part, visitor):
        with self.open(part) as source:
            for _block in walk(source, visitor):
                pass

    def _elements(self, part, names):
        found = Elements(names)
        self._visit(part, found)
        return found.elements

    def _main_part(self):
        """The name of the part that the others hang on."""
        [main] = [part for part, kind in self._related("", "").values() if kind == "officeDocument"]
        types = self._elements(CONTENT_TYPES, {"Override", "Default"})
        kinds = {
            attributes.get("PartName", "").lstrip("/").lower(): attributes["ContentType"]
            for name, attributes in types
        }
        if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds.values()):
            raise UnreadableFile(
                _("The workbook has macros. Save it as “Excel Workbook” (XLSX), without them.")
            )
        if kinds.get(main.lower(), kinds.get("")) != MAIN:
            raise neither()
        return main

    def _related(self, folder, name):
        """{id: (part, kind)} of what a part refers to within the workbook."""
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        related = {}
        for _name, attributes in self._elements(part, {"Relationship"}):
            if attributes.get("TargetMode") == "External":
                raise UnreadableFile(
                    _("The workbook takes something from another file. Paste the values as text.")
                )
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            kind = attributes["Type"].rpartition("/")[2]
            related[attributes["Id"]] = target.lstrip("/"), kind
        return related

    def _formats(self, part):
        """For each style, in order, what `shown_as` says of it."""
        found = self._elements(part, {"numFmt", "cellXfs", "/cellXfs", "xf"})
        codes, formats, is_in = {}, [], False
        for name, attributes in found:
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "xf" and is_in:
                number = int(attributes.get("numFmtId", 0))
                formats.append(shown_by(number, codes.get(number, "")))
            elif name != "xf":
                is_in = name == "cellXfs"
        return formats


class Elements(Visitor):
    """The elements of some names, with their attributes; "/name" is an end."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted, self.elements, self.seen = wanted, [], 0

    def start(self, name, attributes):
        self.seen += 1
        if self.seen > MAX_ELEMENTS:
            raise too_much()
        name = self.names[name]
        if name in self.wanted:
            self.elements.append((name, attributes))

    def end(self, name):
        name = f"/{self.names[name]}"
        if name in self.wanted:
            self.elements.append((name, {}))


class SharedTexts(Visitor):
    """The texts that cells share; they wait on disk. A too long one is None."""

    def __init__(self):
        super().__init__()
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        self.ends = array("Q", [0])
        self.text, self.is_phonetic, self.other = "", False, 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def __getitem__(self, number):
        if not 0 <= number < len(self.ends) - 1:
            raise IndexError(number)
        start, end = self.ends[number], self.ends[number + 1]
        text = os.pread(self.file.fileno(), end - start, start)
        return None if text == TOO_LONG else text.decode()

    def start(self, name, attributes):
        name = self.names[name]
        if name == "t":
            self.pieces.clear()
            self.is_in_text = True
        elif name == "si":
            self.text = ""
        else:
            self.is_phonetic = self.is_phonetic or name == "rPh"
            self.other += 1
            if self.other > MAX_OTHER:
                raise too_much()

    def end(self, name):
        name = self.names[name]
        if name == "t":
            self.is_in_text = False
            if not self.is_phonetic and len(self.text) <= MAX_TEXT:
                self.text += "".join(self.pieces)
        elif name == "si":
            if len(self.ends) > MAX_TEXTS:
                raise too_much()
            text = self.text.encode() if len(self.text) <= MAX_TEXT else TOO_LONG
            self.ends.append(self.ends[-1] + self.file.write(text))
        elif name == "rPh":
            self.is_phonetic = False
        elif name == "sst":
            self.file.flush()

    def has_too_long_text(self):
        """It is refused where a cell has it."""
        self.text = "".join(self.pieces)


TOO_LONG = b"\xff"  # no text in UTF-8


def shown_by(number, code):
    """ "date", "time" or "": how the number format of that number and code shows a number."""
    if number in DATES:
        return "date"
    if number in TIMES:
        return "time"
    letters = set(NO_LETTERS.sub("", code.partition(";")[0]).lower())
    if letters & {"h", "s"}:
        return "date" if letters & {"d", "y"} else "time"
    return "date" if letters & {"d", "m", "y"} else ""
