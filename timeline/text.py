"""Pure text rules: what may be stored, how it is searched, sorted and turned into an address.

Nothing here imports Django. Stored text is NFC (Unicode Standard Annex 15); search text is
folded so that ``to lam`` finds ``Tô Lâm`` and ``dang`` finds ``Đặng`` on every database.
"""

import re
import unicodedata

# Explicit directional formatting characters (Unicode Standard Annex 9, sections 2.1-2.5).
# They make a stored text read differently from its bytes, so they are refused.
BIDI_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS = re.compile(r"[\n\t]+")
# With the overrides, the control characters and surrogates (Cc and Cs) but LF and TAB.
UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{BIDI_OVERRIDES}]")

WORD = re.compile(r"[^\W_]+")

# The Vietnamese alphabet orders the marked letters after their plain ones (TCVN 6909).
LETTER_MARKS = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}  # breve, circumflex, horn
TONE_MARKS = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
GAP = "!"  # between two words of a sort key: before all letters, and after the end of the name


class _Plain(dict):
    """What folding leaves of each character, by its code point; made when it is first met."""

    def __missing__(self, code):
        character = chr(code)
        marked = unicodedata.combining(character)
        # Neither letter has a decomposition.
        self[code] = None if marked else "d" if character in "đð" else character
        return self[code]


PLAIN = _Plain()


class UnsafeText(ValueError):
    """A text holds a character that cannot be stored: the one at `place`, with the name `code`."""

    def __init__(self, place: int, character: str):
        self.place = place
        self.code = f"U+{ord(character):04X}"
        super().__init__(
            f"character {place} is {self.code}, an invisible control character; delete it and "
            "type the text again"
        )


def normalize(text: str, *, multiline: bool = False) -> str:
    """Return `text` in NFC with ``\\n`` line ends and without blanks at its ends.

    Raises UnsafeText for control characters, surrogates and directional overrides. Line breaks
    and tabs are kept in multiline text only; a single line turns them into a space.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if not multiline:
        text = BREAKS.sub(" ", text)
    if found := UNSAFE.search(text):
        raise UnsafeText(found.start() + 1, found[0])
    return text.strip()


def fold(text: str) -> str:
    """Return `text` without case, tone marks and other diacritics, ``đ`` as ``d``.

    The eth ``ð`` counts as ``d`` too: old Vietnamese typefaces put it where ``đ`` belongs. Case is
    folded before and after the compatibility mapping, which makes capitals of signs like ``℡``
    (Unicode Standard, section 3.13, D146).
    """
    folded = unicodedata.normalize("NFD", text).casefold()
    folded = unicodedata.normalize("NFKD", folded).casefold()
    return " ".join(unicodedata.normalize("NFKD", folded).translate(PLAIN).split())


def words(text: str) -> list[str]:
    """Return the folded words of `text`: what is neither letter nor digit parts two words."""
    return WORD.findall(fold(text))


def search_line(text: str) -> str:
    """Return `text` as it is searched: its words with a blank before, between and after them.

    So ``" to lam"`` finds the beginning of a word and ``" to lam "`` whole ones; empty for no word.
    """
    found = words(text)
    return f" {' '.join(found)} " if found else ""


def slugify(text: str, max_length: int = 200) -> str:
    """Return an ASCII address made of `text`: ``Đặng Hoàng Giang`` becomes ``dang-hoang-giang``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:max_length].rstrip("-")


def sort_key(text: str) -> str:
    """Return an ASCII key that sorts Vietnamese names by letters first and tone marks after.

    The key compares by code point, so both databases sort alike without any collation.
    """
    letters, tones = [], []
    for character in unicodedata.normalize("NFD", text.casefold()):
        if character in TONE_MARKS and tones:
            tones[-1] = TONE_MARKS[character]
        elif character in LETTER_MARKS and letters and letters[-1] != GAP:
            letters[-1] = letters[-1][0] + LETTER_MARKS[character]
        elif character == "đ":
            letters.append("d1")
            tones.append("0")
        elif character.isascii() and character.isalnum():
            letters.append(character + "0")
            tones.append("0")
        elif not unicodedata.combining(character) and letters and letters[-1] != GAP:
            letters.append(GAP)
    return f"{''.join(letters).rstrip(GAP)} {''.join(tones)}"


def letter_of(key: str) -> str:
    """Return the letter that a `sort_key` begins with, as in ``đ``; empty for any other sign."""
    if not key[:1].isalpha():
        return ""
    if key.startswith("d1"):
        return "đ"
    marks = {number: mark for mark, number in LETTER_MARKS.items()}
    return unicodedata.normalize("NFC", key[0] + marks.get(key[1], ""))


def given_name_first(name: str, sort_name: str = "") -> str:
    """Return a person's name turned round to its given name: ``Trọng Nguyễn Phú``.

    `sort_name` tells what the family name is: before a comma (``Trump, Donald``), else the name is
    written family name first, as in Vietnamese, and its last word is what people are called by.
    """
    family, comma, given = (sort_name or name).partition(",")
    if comma and given.strip():
        return f"{given.strip()} {family.strip()}"
    *others, last = (sort_name or name).replace(",", " ").split() or [""]
    return " ".join([last, *others])
