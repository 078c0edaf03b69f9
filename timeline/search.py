"""What a reader searches for: parsed into terms, asked of entries, ranked, and marked in texts.

Texts and terms are folded alike (`text.search_line`), so that case, tone marks, ``đ`` and the form
of Unicode make no difference, and both databases compare nothing but code points.
"""

import re
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

from django.db.models import Case, CharField, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.html import format_html

from timeline import text
from timeline.expressions import ByCodePoint

QUOTES = '"“”„«»＂'
PHRASE = re.compile(f"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
RANKED = 20  # terms that count for the order; with more the rank would need another digit
LONGEST_RANK = 1999


@dataclass(frozen=True)
class Term:
    """One word or phrase: `words` are folded, `shown` is what the reader typed."""

    words: tuple
    is_phrase: bool
    shown: str

    @property
    def line(self):
        """What a line of `TimelineEntry.search` holds where it matches.

        A word, or what is written as one (``COVID-19``), matches the beginning of words; a phrase
        matches whole ones.
        """
        return f" {' '.join(self.words)}{' ' if self.is_phrase else ''}"

    @property
    def whole(self):
        return f" {' '.join(self.words)} "

    def __str__(self):
        return f"“{self.shown}”" if self.is_phrase else self.shown

    def starts_at(self, number, words):
        """Whether it matches `words`, folded, from the one with this number on."""
        *others, last = self.words
        *found, end = words[number : number + len(self.words)]
        if found != others:
            return False
        return end == last if self.is_phrase else end.startswith(last)


def parse(query):
    """The terms of `query`, each once: phrases stand in quotes, a quote alone is none."""
    terms, place = [], 0
    for found in PHRASE.finditer(query):
        terms += map(_word, query[place : found.start()].split())
        terms.append(Term(tuple(text.words(found[1])), True, found[1].strip()))
        place = found.end()
    terms += map(_word, query[place:].split())
    return list({term.line: term for term in terms if term.words}.values())


def _word(typed):
    return Term(tuple(text.words(typed)), False, typed.strip(QUOTES))


def matching(terms):
    """The condition on entries that hold every one of `terms`."""
    return reduce(Q.__and__, (Q(search__contains=term.line) for term in terms), Q())


class Search:
    """A query of a reader and what it finds."""

    def __init__(self, query):
        self.terms = parse(query)

    @property
    def condition(self):
        """The condition on entries that hold every term."""
        return matching(self.terms)

    @cached_property
    def best_key(self):
        """One text key for each entry: the best match first, and the oldest of equal ones.

        It begins with four digits, which hold the rank the other way round.
        """
        terms = self.terms[:RANKED]
        together = f" {' '.join(word for term in terms for word in term.words)} "
        rank = reduce(
            add,
            (
                _points(300, search_title__contains=together),
                _points(100, search__contains=together),
                *(_points(12, search_title__contains=term.whole) for term in terms),
                *(_points(9, search_title__contains=term.line) for term in terms),
                *(_points(3, search__contains=term.whole) for term in terms),
            ),
        )
        digits = Cast(Value(LONGEST_RANK) - rank, CharField(max_length=4))
        key = Concat(digits, Value("."), F("oldest_key"), output_field=TextField())
        return ByCodePoint(key)

    def marked(self, shown):
        """The text `shown` as HTML, with ``<mark>`` around what it matches."""
        return mark(shown, places(shown, self.terms))


def places(shown, terms):
    """[(start, end)] of what `terms` match in the text `shown`, in order, each place once."""
    words = spans(shown)
    folded = [word for _start, _end, word in words]
    found = sorted(
        (words[number][0], words[number + len(term.words) - 1][1])
        for term in terms
        for number in range(len(words) - len(term.words) + 1)
        if term.starts_at(number, folded)
    )
    merged = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def mark(shown, marks):
    """The text `shown` as HTML, with ``<mark>`` around the places `marks`, which are in order."""
    parts, place = [], 0
    for start, end in marks:
        parts.append(format_html("{}<mark>{}</mark>", shown[place:start], shown[start:end]))
        place = end
    return reduce(add, [*parts, format_html("{}", shown[place:])])


def _points(number, **lookup):
    return Case(When(Q(**lookup), then=number), default=0, output_field=IntegerField())


class _Folded(dict):
    """What folding makes of each character within a word; made when it is first met."""

    def __missing__(self, character):
        self[character] = text.fold(f"a{character}a")[1:-1]
        return self[character]


FOLDED = _Folded()


def spans(shown):
    """[(start, end, word)] of the words of `shown`, folded, with their places in it.

    The words are those of `text.words`, whether its tone marks are characters of their own or not.
    """
    found, word, start, end = [], "", 0, 0
    for place, character in enumerate(f"{shown} "):
        pieces = FOLDED[character]
        if word and not pieces:  # a mark on the letter before it
            end = place + 1
        for piece in pieces:
            if piece.isalnum():
                word, start, end = word + piece, start if word else place, place + 1
            elif word:
                found.append((start, end, word))
                word = ""
    return found
