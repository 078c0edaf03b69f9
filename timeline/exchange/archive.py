"""The directory of a ZIP archive, looked at before anything is unpacked."""

import os
import re
from zipfile import ZIP_DEFLATED, ZIP_STORED

from django.utils.translation import gettext as _

from timeline.exchange.refusal import UnreadableFile, neither, too_much

MAX_PARTS = 200
MAX_DIRECTORY = 100_000  # bytes of the list of the parts
MAX_UNPACKED = 300_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed; a real workbook stays below 50
SMALL = 1_000_000  # bytes of a part that may be packed as tightly as it can
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"  # the records that say where the directory is
END_SIZE, LOCATOR_SIZE, MAX_COMMENT = 22, 20, 65_535
HEADER_SIZE = 30  # of what stands in front of each part, without names
# Parts that do something, bring in what is not in the file, or are files of their own.
FOREIGN = re.compile(
    r"vbaproject|macrosheets/|dialogsheets/|activex/|externallinks/|embeddings/"
    r"|\.(zip|gz|7z|rar|jar|exe|docx?|xls[bmx]?|pptx?|od[pst])$",
    re.I,
)


def check_directory(file):
    """Refuse a directory that would itself fill the memory, of a ZIP archive."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_SIZE - MAX_COMMENT))
    tail = file.read()
    place = len(tail) - END_SIZE
    if not (tail[place:].startswith(END) and tail.endswith(b"\0\0")):
        place = tail.rfind(END)
    if place < 0 or len(tail) < place + END_SIZE:
        raise neither()
    is_64 = tail[max(0, place - LOCATOR_SIZE) : place].startswith(END_64)
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    if is_64 or length > MAX_DIRECTORY:
        raise too_much()


def check_parts(archive):
    """Refuse what is too much to unpack, lies over something else, or is no plain workbook."""
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise too_much()
    if any(part.file_size > max(SMALL, MAX_RATIO * part.compress_size) for part in parts):
        raise too_much()
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise neither()
    ends = [part.header_offset + HEADER_SIZE + part.compress_size for part in parts]
    nexts = [*(part.header_offset for part in parts[1:]), archive.start_dir]
    if any(end > following for end, following in zip(ends, nexts, strict=True)):
        raise too_much()
    for part in parts:
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise neither()
        if FOREIGN.search(part.filename):
            raise UnreadableFile(
                _(
                    "The workbook has macros, holds other files or takes values from them "
                    "(%(part)s). Copy the table into a new workbook, as values."
                )
                % {"part": part.filename[:60]}
            )
