"""What a date says for certain: nothing that is about, probable, or one of several days."""

from datetime import date

from timeline.edtf import Edtf


def first_day(when: Edtf | None) -> date | None:
    """The day on which `when` began, if its text names that day and casts no doubt on it."""
    return _day(_end(when, 0))


def last_day(when: Edtf | None) -> date | None:
    """The day on which `when` ended, if its text names that day and casts no doubt on it."""
    return _day(_end(when, -1))


def first_year(when: Edtf | None) -> int | None:
    """The year in which `when` began, if there is only one that it can be."""
    if when and when.precision == "set":  # whose dates are never doubtful
        return only_year(when)
    start = _end(when, 0)
    return start.earliest.year if start and not start.qualifier else None


def only_year(when: Edtf | None) -> int | None:
    """The year of everything in `when`, if there is only one that it can be."""
    if not (when and when.earliest and when.latest) or doubts(when):
        return None
    return when.latest.year if when.earliest.year == when.latest.year else None


def doubts(when: Edtf | None) -> list[str]:
    """What the qualifiers of `when` say of it or of one of its ends (EDTF, level 1)."""
    text = str(when or "")
    named = {"uncertain": "?%", "approximate": "~%"}
    return [doubt for doubt, signs in named.items() if {*signs} & {*text}]


def _end(when, which):
    """The date at one end of `when`, None where there is none; a set has several of each."""
    if when is None or when.precision == "set":
        return None
    return when.spans[0][which] if when.precision == "interval" else when


def _day(end):
    return end.earliest if end and end.precision == "day" and not end.qualifier else None
