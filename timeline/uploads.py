"""What may be kept as the file of a source. Its content says what it is, never its name alone."""

import re
import secrets
import struct
import zlib
from lzma import LZMAError
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

MAX_SIZE = 50_000_000  # bytes
MAX_TEXT = 5_000_000  # bytes of a plain text, which is read as a whole
HEAD = 16  # bytes that tell a format
MAX_DIRECTORY = 1_000_000  # bytes of the list of parts of an office document
MAX_MEMBER = 1_000_000  # bytes that are read of one of its parts

OFFICE = "application/vnd.openxmlformats-officedocument."
# What a file of each ending is given out as: nothing that a browser runs.
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "webp": "image/webp",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain; charset=utf-8",
}
SAME_ENDINGS = {"jpeg": "jpg", "tiff": "tif"}
ENDINGS = ", ".join(kind.upper() for kind in TYPES)

SIGNATURES = [
    (rb"%PDF-", "pdf"),
    (rb"\xff\xd8\xff", "jpg"),
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"II\*\x00|MM\x00\*", "tif"),
    (rb"RIFF....WEBP", "webp"),
    (rb"PK\x03\x04", "zip"),
]
# The part that makes an office document one of its kind.
MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
# Macros, controls and embedded objects; what Excel writes of a printer ends in .bin as well.
PROGRAMS = re.compile(
    r"vbaProject|vbaData|activeX/|embeddings/.*\.bin$|^(Basic|Scripts)/|\.(exe|dll|jar|js|vbs)$",
    re.I,
)
MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml)\b", re.I)
NOT_TEXT = re.compile(r"[^\t\n\r\f\x20-\x7e\x85\xa0-\U0010ffff]")


class Quota(FileUploadHandler):
    """Drops what comes after the largest size that is taken, so that no upload fills the disk.

    The rest is larger than the limit still, and is refused with a sentence.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= MAX_SIZE else None

    def file_complete(self, file_size):
        return None


def check(file):
    """Return the ending, as in TYPES, of an uploaded `file`; ValidationError when it is refused."""
    if file.size > MAX_SIZE:
        limit = MAX_SIZE // 1_000_000
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    named = ending(file.name)
    if named not in TYPES:
        raise ValidationError(
            _("Files of this kind are not taken. Taken are: %(endings)s.") % {"endings": ENDINGS}
        )
    if sniff(file) != named:
        raise ValidationError(
            _(
                "What this file holds is not what its name says (%(ending)s), or it holds a "
                "program. Open it, and save it anew as one of: %(endings)s."
            )
            % {"ending": named.upper(), "endings": ENDINGS}
        )
    return named


def ending(name):
    """The ending of a file name in its usual form, "" when there is none."""
    found = PurePosixPath(name).suffix[1:].lower()
    return SAME_ENDINGS.get(found, found)


def stored_name(name):
    """A random name: the one that was given may tell what nobody should know, or what exists."""
    return f"{secrets.token_hex(16)}.{ending(name)}"


def sniff(file):
    """The ending that the content of `file` asks for, None for what is not taken."""
    file.seek(0)
    head = file.read(HEAD)
    kinds = [kind for signature, kind in SIGNATURES if re.match(signature, head, re.S)]
    if kinds == ["zip"]:
        kind = _kind_of_archive(file)
    elif kinds:
        kind = kinds[0]
    else:
        kind = "txt" if _is_text(file) else None
    file.seek(0)
    return kind


def _is_text(file):
    if file.size > MAX_TEXT:
        return False
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not (MARKUP.search(content) or NOT_TEXT.search(text))


# What reading a broken, encrypted or strangely packed archive raises.
BROKEN = (BadZipFile, LZMAError, zlib.error, struct.error)
BROKEN += (EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError)


def _kind_of_archive(file):
    """Of an office document without programs; nothing is unpacked but what names its kind."""
    if not _has_short_directory(file):
        return None
    try:
        with ZipFile(file) as archive:
            names = archive.namelist()
            if any(map(PROGRAMS.search, names)):
                return None
            if "mimetype" in names:
                return _kind_of_open_document(_member(archive, "mimetype"))
            content_types = _member(archive, "[Content_Types].xml")
    except BROKEN:
        return None
    if b"macroEnabled" in content_types:
        return None
    kinds = {kind for part, kind in MAIN_PARTS.items() if part in names}
    return kinds.pop() if len(kinds) == 1 else None


def _has_short_directory(file):
    """Whether the list of parts, which is read as a whole, is no larger than real ones are.

    It stands before the last record of the file (APPNOTE.TXT 4.3.16); the form for archives of
    more than 4 GB is for others.
    """
    file.seek(max(0, file.size - 2**16))
    tail = file.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or tail[max(0, start - 20) :].startswith(b"PK\x06\x07"):
        return False
    return int.from_bytes(tail[start + 12 : start + 16], "little") <= MAX_DIRECTORY


def _kind_of_open_document(media_type):
    kinds = {TYPES[kind].encode(): kind for kind in ("odt", "ods")}
    return kinds.get(media_type)


def _member(archive, name):
    if archive.getinfo(name).file_size > MAX_MEMBER:
        raise ValueError(name)
    with archive.open(name) as member:
        return member.read(MAX_MEMBER)
