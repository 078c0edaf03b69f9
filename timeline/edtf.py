"""Honest dates: a small subset of the Extended Date/Time Format, named in English and Vietnamese.

The format is ISO 8601-2:2019 in the profile of the Library of Congress,
https://www.loc.gov/standards/datetime/ - level 0, and these features of levels 1 and 2:

=============  ================================================  =================================
form           text                                              section of the specification
=============  ================================================  =================================
date           ``2024`` ``2024-09`` ``2024-09-22``               level 0, Date
qualified      ``2024?`` uncertain ``2013-07~`` approximate      level 1, Qualification of a date
               ``2013-07%`` both                                 (complete)
interval       ``2026-02-18/2026-02-20`` lasts from-to           level 0, Time Interval
... qualified  ``2024-05~/2024-07?``                             level 1, Extended Interval (L1)
... open       ``2024-09-21/..`` ``../2024-09-21``               level 1, Extended Interval (L1)
... unknown    ``2024-09-21/`` ``/2024-09-21``                   level 1, Extended Interval (L1)
one of a set   ``[2026-02-19..2026-02-20]`` ``[2024,2026]``      level 2, Set representation
=============  ================================================  =================================

Everything else is refused: seasons, ``X``, times, years beyond 0001-9999, all-of sets ``{}``, open
sets ``[..b]``. The only way to write a value is the canonical way, so its text identifies it.
"""

import re
import reprlib
import unicodedata
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import chain, pairwise

from timeline.edtf_error import EXAMPLES, EXAMPLES_VI, LANGUAGES, EdtfError

MAX_LENGTH = 100  # characters: a list of nine days, far more than any interval
# A date of each form.
FORMS = (
    *("2024-09-22", "2013-07", "2013", "2024-09-22~", "2013-07?", "2026-02-18/2026-02-20"),
    *("[2026-02-19..2026-02-20]", "2026-01-22/..", "/2024-09-27"),
)
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)")
_PHRASES = {  # in the order of LANGUAGES
    "year": ("{a.year}", "năm {a.year}"),
    "month": ("{month} {a.year}", "tháng {a.month} năm {a.year}"),
    "day": ("{a.day} {month} {a.year}", "ngày {a.day} tháng {a.month} năm {a.year}"),
    "?": ("probably {}", "có lẽ {}"),
    "~": ("about {}", "khoảng {}"),
    "%": ("probably about {}", "có lẽ khoảng {}"),
    "interval": ("from {} to {}", "từ {} đến {}"),
    "interval in a month": (
        "{a.day}-{b.day} {month} {a.year}",
        "từ {a.day} đến {b.day} tháng {a.month} năm {a.year}",
    ),
    "open start": ("until {}", "đến {}"),
    "open end": ("from {} on", "từ {} trở đi"),
    "unknown start": ("until {}, beginning unknown", "đến {}, không rõ ngày bắt đầu"),
    "unknown end": ("from {}, end unknown", "từ {}, không rõ ngày kết thúc"),
    "set of year": ("one of the years from {} to {}", "một trong các năm từ {} đến {}"),
    "set of month": ("one of the months from {} to {}", "một trong các tháng từ {} đến {}"),
    "set of day": ("one of the days from {} to {}", "một trong các ngày từ {} đến {}"),
    "set in a month": (
        "one of {a.day}-{b.day} {month} {a.year}",
        "một trong các ngày {a.day}-{b.day} tháng {a.month} năm {a.year}",
    ),
    "or": ("either {} or {}", "{} hoặc {}"),
}


@dataclass(frozen=True, slots=True)
class Edtf:
    """One date, interval or one-of set, as read by `parse`; ``str()`` is its canonical text.

    `earliest` and `latest` bound it strictly, both days included; None is an open or unknown end.
    They are never stretched for ``?`` or ``~``, which the specification leaves without a size.
    `precision` is year, month, day, interval or set. `qualifier` is "", "?", "~" or "%"; that of an
    interval is the one its dated ends share, else "". `spans` holds what an interval lasts, or the
    alternatives of a set, as (first, last) or (only,).
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: str
    qualifier: str = ""
    spans: tuple[tuple["Edtf | None", ...], ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return self.text

    def label(self, language: str) -> str:
        """Name the value for readers of "en" or "vi"; ValueError for any other language."""
        if language not in LANGUAGES:
            raise ValueError(f"no labels in {language!r}, only in {' and '.join(LANGUAGES)}")
        if self.precision == "interval":
            return _label_interval(self, language)
        if self.precision == "set":
            *others, last = (_label_span("set", span, language) for span in self.spans)
            return _say("or", language, ", ".join(others), last) if others else last
        plain = _say(self.precision, language, a=self.earliest)
        return _say(self.qualifier, language, plain) if self.qualifier else plain


def _say(phrase: str, language: str, *names: str, a: date = date.min, b: date = date.min) -> str:
    template = _PHRASES[phrase][LANGUAGES.index(language)]
    return template.format(*names, a=a, b=b, month=MONTHS[a.month - 1])


def _label_interval(interval: Edtf, language: str) -> str:
    [(start, end)] = interval.spans
    if start and end:
        return _label_span("interval", (start, end), language)
    why = "open" if ".." in interval.text else "unknown"
    missing = "end" if start else "start"
    return _say(f"{why} {missing}", language, _label_end(start or end, language))


def _label_span(kind: str, span: tuple[Edtf, ...], language: str) -> str:
    """Name a span of an interval or a set; unqualified days of one month name it once."""
    first, last = span[0], span[-1]
    if first == last:
        return first.label(language)
    a, b = first.earliest, last.earliest
    plain_days = all(end.precision == "day" and not end.qualifier for end in span)
    if plain_days and (a.year, a.month) == (b.year, b.month):
        return _say(f"{kind} in a month", language, a=a, b=b)
    phrase = f"set of {first.precision}" if kind == "set" else kind
    return _say(phrase, language, *(_label_end(end, language) for end in span))


def _label_end(end: Edtf, language: str) -> str:
    """Name one end of a span: Vietnamese then says "từ 21 tháng 9", without "ngày"."""
    return end.label(language).removeprefix("ngày ")


def parse(text: str) -> Edtf:
    """Read EDTF text, blanks around it aside; EdtfError when it is outside the subset above."""
    if not isinstance(text, str):
        raise EdtfError("no text", shown=_shortened(text), type=type(text).__name__)
    given, text = text, text.strip()
    if len(text) > MAX_LENGTH:
        raise EdtfError("too long", shown=_shortened(given), length=MAX_LENGTH)
    try:
        return _read(text)
    except EdtfError as error:
        raise EdtfError(
            "no date",
            shown=_shortened(given),
            reason=error.sentence,
            advice=partial(_advice, text),
        ) from None


def _shortened(value: object) -> str:
    """The repr of any value in about 60 characters, with unprintable ones escaped."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = 60
    return short.repr(value)


@lru_cache(maxsize=4096)  # a row asks for its date several times
def _read(text: str) -> Edtf:
    if text.startswith("{"):
        raise EdtfError("several")
    if text.startswith("["):
        return _read_set(text)
    return _read_interval(text) if "/" in text else _read_date(text)


def _read_date(text: str) -> Edtf:
    """Level 0, Date, with the qualifier of level 1; a day that the calendar does not have fails."""
    match = _DATE.fullmatch(text)
    if not text:
        raise EdtfError("missing")
    if not match:
        raise EdtfError("form")
    year, month, day = (int(digits) if digits else None for digits in match.groups()[:3])
    if year == 0:
        raise EdtfError("year")
    if month is not None and not 1 <= month <= 12:
        season = month in range(21, 42)  # levels 1 and 2
        raise EdtfError("season") if season else EdtfError("month", month=month)
    last = monthrange(year, month or 12)[1]
    if day is not None and not 1 <= day <= last:
        raise EdtfError("day", day=day, month=month, year=year, name=MONTHS[month - 1])
    return Edtf(
        text,
        earliest=date(year, month or 1, day or 1),
        latest=date(year, month or 12, day or last),
        precision="day" if day else "month" if month else "year",
        qualifier=match[4],
    )


def _read_interval(text: str) -> Edtf:
    """Level 0, Time Interval, and level 1, Extended Interval (L1).

    ``2024-05/2024`` begins some day of May and ends some day of that year: right, as some reading
    is possible. It is reversed when none is, its first possible day being after its last. Equal
    ends mean that it began and ended then; they stand as written and read as the one date.
    """
    start, end = (None if part in ("", "..") else _read_date(part) for part in text.split("/", 1))
    dated = [part for part in (start, end) if part]
    if not dated:
        raise EdtfError("ends")
    if len(dated) == 2 and start.earliest > end.latest:
        raise EdtfError("reversed")
    qualifiers = {part.qualifier for part in dated}
    return Edtf(
        text,
        earliest=start.earliest if start else None,
        latest=end.latest if end else None,
        precision="interval",
        qualifier=qualifiers.pop() if len(qualifiers) == 1 else "",
        spans=((start, end),),
    )


def _read_set(text: str) -> Edtf:
    """Level 2, Set representation: one member of ``[a,b]``, of ``[a..b]`` or of ``[a,b..c]``."""
    if not text.endswith("]"):
        raise EdtfError("bracket")
    items = text[1:-1].split(",")
    spans = tuple(tuple(_read_date(end) for end in item.split("..", 1)) for item in items)
    dates = list(chain(*spans))
    if any(member.qualifier for member in dates):
        raise EdtfError("qualified")
    if len(dates) < 2:
        raise EdtfError("one")
    if len({member.precision for member in dates}) > 1:
        raise EdtfError("precision")
    if any(one.earliest >= next_.earliest for one, next_ in pairwise(dates)):
        raise EdtfError("order")
    return Edtf(text, dates[0].earliest, dates[-1].latest, "set", spans=spans)


# What editors write (folded, lower case) and how EDTF writes it, applied in turn by `meant`.
_REPAIRS = [
    (r"^(?:about|circa|ca?\.|khoảng)\s*(.+)$", r"\1~"),
    (r"^([?~%])(.+)$", r"\2\1"),
    (r"\?~|~\?", "%"),
    (r"\bunknown\b", ""),  # EDTF 1.0 of 2012
    (r"\bopen\b", ".."),
    (r"(?<=\d)(?:t|\s)\s*\d\d?:\d\d.*$", ""),  # a time of day
    (r"\s*(?:–|—|\bto\b|đến)\s*", " - "),
    (r"\b(?:từ|from|ngày|tháng|năm)\s+", ""),
    *((rf"\b{name.lower()}\s+(?=\d{{4}})", f"{n} ") for n, name in enumerate(MONTHS, 1)),
    (r"^(\d\d?) ?- ?(\d\d?)[ /.-](\d\d?)[ /.-](\d{4})$", r"\4-\3-\1/\4-\3-\2"),
    (r"(?<![\d/.-])(\d\d?)[ /.-](\d\d?)[ /.-](\d{4})(?!\d)", r"\3-\2-\1"),
    (r"(?<![\d/.-])(\d\d?)[ /.-](\d{4})(?!\d)", r"\2-\1"),
    (r"(?<!\d)(\d{4})([/.-])(\d\d?)\2(\d\d?)(?!\d)", r"\1-\3-\4"),
    (r"(?<!\d)(\d{4})[/.](\d\d?)(?!\d)", r"\1-\2"),
    (r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3"),
    (r"(\d{4})-(1[3-9]|[23]\d)-(\d\d?)(?!\d)", r"\1-\3-\2"),
    (r"(?<!\d)(\d)(?!\d)", r"0\1"),
    (r"^(\d{3})[xu]$", r"\g<1>0/\g<1>9"),
    (r"(?:-(?:xx|uu))+$", ""),
    (r"^(.+) (?:or|hoặc) (.+)$", r"[\1,\2]"),
    (r"^([^][/]+)(?: - |\.\.)([^][/]+)$", r"\1/\2"),
    (r"(?<=\d)-(?=\d{4}(?!\d))", "/"),
    (r"\s+", ""),
]


def meant(text: str) -> list[Edtf]:
    """What an editor who wrote `text` probably means: a date, or an interval and the one-of set.

    Empty when nobody can tell. An interval is offered as both, as only the editor knows which.
    """
    if len(text) > MAX_LENGTH:
        return []
    text = unicodedata.normalize("NFKC", text).lower().strip()
    for pattern, replacement in _REPAIRS:
        text = re.sub(pattern, replacement, text)
    values = []
    with suppress(EdtfError):
        values.append(_read(text))
        values.append(_read(f"[{text.replace('/', '..')}]"))
    return values


def _advice(text: str, language: str) -> str:
    """Say how to write what the editor probably meant, or show an example of every form."""
    if language == "vi":
        phrase, joined, example = '{} nếu là "{}"', ", hoặc ", f"ví dụ: {EXAMPLES_VI}"
    else:
        phrase, joined, example = '{} for "{}"', ", or ", f"for example {EXAMPLES}"
    return (
        joined.join(phrase.format(value, value.label(language)) for value in meant(text)) or example
    )
