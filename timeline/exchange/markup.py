"""The XML parts of a workbook, walked through as a stream and without trust.

No part may have a document type, so that none can name other files or multiply itself, and none
can hold more of the memory than one tag of it.
"""

from xml.parsers import expat

from django.utils.translation import gettext as _

from timeline.exchange.refusal import MAX_CELL, UnreadableFile, neither, too_much

BLOCK = 65_536  # bytes
MAX_TAG = 1_000_000  # bytes of one
MAX_TEXT = MAX_CELL * 7  # characters of one; as many as its escapes could take
MAX_PROLOG = 65_536  # bytes before the first element
MAX_NAMES = 1_000  # of elements, that are kept
# Namespaces of ECMA-376, and of its strict variant; elements of others keep theirs in their names.
NAMESPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
}


class _Names(dict):
    """The name of each element without its namespace, where that is one of ours."""

    def __missing__(self, name):
        namespace, _space, local = name.rpartition(" ")
        known = local if namespace in NAMESPACES else name
        if len(self) < MAX_NAMES:
            self[name] = known
        return known


class Visitor:
    """What `walk` tells of the elements of a part, one method call for each tag.

    `names` gives the plain names of the elements. Text comes to `pieces`, wherever it stands; who
    wants it clears them where an element begins, and takes them where it ends.
    """

    is_in_text = False

    def __init__(self):
        self.names, self.pieces = _Names(), []

    def start(self, name, attributes):
        raise NotImplementedError

    def end(self, name):
        raise NotImplementedError

    def has_too_long_text(self):
        """A text grows beyond MAX_TEXT."""
        raise too_much()


def walk(part, visitor):
    """Tell `visitor` of the elements of `part`, a binary file; yield after each block of it."""
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = visitor.start, visitor.end
    parser.CharacterDataHandler = visitor.pieces.append
    read = 0
    while block := part.read(BLOCK):
        parser.Parse(block, False)
        read += len(block)
        if read - parser.CurrentByteIndex > MAX_TAG:
            raise too_much()
        if visitor.pieces and sum(map(len, visitor.pieces)) > MAX_TEXT:
            if visitor.is_in_text:
                visitor.has_too_long_text()
            visitor.pieces.clear()
        yield
    parser.Parse(b"", True)
    yield


def check_prolog(part):
    """Refuse `part`, which nobody reads, when it has a document type all the same."""
    parser, begun = _parser(), []
    parser.StartElementHandler = lambda *element: begun.append(element)
    try:
        parser.Parse(part.read(MAX_PROLOG), False)
    except expat.ExpatError:
        return
    if not begun:
        raise neither()


def _parser():
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*declared):
    raise UnreadableFile(
        _(
            "The workbook has a document type or entities in one of its parts, which no "
            "spreadsheet writes. Save the table as CSV."
        )
    )
