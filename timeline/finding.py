"""Why an entry was found, when the texts of its row on the page do not show it.

The entry itself tells: a text of it that the row leaves out, or else the line of its folded search
text that matched, which is another name or an office of somebody who took part.
"""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from timeline.models.bilingual import LANGUAGES
from timeline.search import mark, places

AROUND = 60  # characters on each side of what matched
ELLIPSIS = "…"


@dataclass(frozen=True)
class Finding:
    label: str
    excerpt: str  # HTML
    language: str  # of the excerpt; empty where it has none


def findings(entry, search, shown):
    """Why `entry` was found by those terms of `search` that none of the texts `shown` holds."""
    hidden = [term for term in search.terms if not any(places(text, [term]) for text in shown)]
    found = (_finding(entry, term) for term in hidden)
    return list(dict.fromkeys(filter(None, found)))


def _finding(entry, term):
    for label, language, text in _texts(entry):
        if matched := places(text, [term]):
            return Finding(label, _excerpt(text, matched), language)
    for line in entry.search.splitlines():
        if term.line in line:
            text = line.strip()
            label = _("Another name or office")
            return Finding(label, _excerpt(text, places(text, [term])), "")
    return None


def _texts(entry):
    """(what it is, language, text) of all that is kept as it was written."""
    labels = {"title": _("Title"), "place": _("Place"), "summary": _("Summary")}
    for name, label in labels.items():
        for language in LANGUAGES:
            yield label, language, getattr(entry, f"{name}_{language}")
    for language in LANGUAGES:
        for line in getattr(entry, f"participants_{language}").splitlines():
            yield _("Took part"), language, line


def _excerpt(text, matched):
    """`text` around the first match, whole words, with all in it that matched marked."""
    first, last = matched[0]
    start = 0 if first <= AROUND else text.find(" ", first - AROUND, first) + 1 or first
    end = len(text) if len(text) - last <= AROUND else text.rfind(" ", last, last + AROUND)
    end = last if end < 0 else end
    inside = [(a - start, b - start) for a, b in matched if a >= start and b <= end]
    before, after = ELLIPSIS if start else "", ELLIPSIS if end < len(text) else ""
    return format_html("{}{}{}", before, mark(text[start:end], inside), after)
