"""Merging: two people, bodies or sources that are one. What refers to the one moves to the other.

A merge is looked at first, and then written whole or not at all, as one act, which can be undone.
The row that stays takes what it has not got, and nothing of it is overwritten: where both have
something, what will be lost is told, and stays in the history of the row that goes.
"""

import copy
import hashlib
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import corrections, projection, protection, public, text, versions
from timeline.models import (
    EDITED_MODELS,
    RECORDS,
    Citation,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
)
from timeline.models.codes import Access
from timeline.rules.authorities import LIKELY

MAX_ROWS = 500  # that refer to the one that goes: each is saved by itself, and undoing takes longer
MAX_TOLD = 20  # of one kind of obstacle

# The columns with the names of a row; what goes of them becomes an alias.
NAMES = {Person: ("name", "name_latin"), Organization: ("name_vi", "name_en"), SourceDocument: ()}
FORMER = ("title_vi", "title_en", "number")  # by which others know a source
GOES_WITH = {"relation": "part_of_id", "accessed_on": "url"}  # and says nothing without it
OWN = ("slug", "order")  # every row has one of its own
OPENNESS = (Access.PUBLIC, Access.CITATION, Access.INTERNAL)

# By what two rows of one person or body are found that may say the same.
WHOLE = {Participation: ("trip", "meeting", "agreement"), Tenure: ("person",)}


class Fate(NamedTuple):
    """What becomes of one field, in words."""

    label: str
    after: str
    is_new: bool
    lost: str


def references(model):
    """The foreign keys of the edit side that lead to rows of `model`, as (model, field)."""
    return [
        (holder, field)
        for holder in EDITED_MODELS
        for field in holder._meta.concrete_fields
        if field.related_model is model
    ]


def referring(row, limit=None):
    """The rows of the edit side that refer to `row`, as [(row, field)]; `limit` of each kind."""
    found = []
    for holder, field in references(type(row)):
        related = [f.name for f in holder._meta.concrete_fields if f.is_relation]
        rows = holder.objects.filter(**{field.name: row}).select_related(*related).order_by("pk")
        found += [(one, field) for one in rows[:limit]]
    return found


def weight(row):
    """How many rows of the edit side refer to `row`."""
    return sum(
        holder.objects.filter(**{field.name: row}).count()
        for holder, field in references(type(row))
    )


class Merge:
    """`away` becomes one with `keep`: planned of what is stored now, written by `carry_out`."""

    def __init__(self, keep, away):
        self.keep, self.away, self.model = keep, away, type(keep)
        self.moves = referring(away, MAX_ROWS + 1)
        self.joined, self.notices, self._clashes = {}, [], []
        for holder, field in references(self.model):
            if holder in WHOLE:
                self._join(holder, field)
        self.result = self.model.objects.get(pk=keep.pk)
        fill(self.result, away)
        self._keep_names()
        self._notice()

    # What the merge will be

    def _join(self, holder, field):
        """Find the rows of which both have one, and that become one when nothing is lost by it."""
        moved = {row: copy.copy(row) for row, key in self.moves if key is field}
        for row in moved.values():
            setattr(row, field.attname, self.keep.pk)
        near = (
            Q(**{f"{name}__in": {getattr(row, f"{name}_id") for row in moved.values()} - {None}})
            for name in WHOLE[holder]
        )
        found = holder.objects.filter(Q(*near, _connector=Q.OR), **{field.name: self.keep})
        there = {place_of(row): row for row in found}
        for row, after in moved.items():
            twin = there.get(place_of(after))
            if twin is None:
                continue
            filled = copy.copy(twin)
            if differing := fill(filled, after):
                self._clash(row, [str(name.verbose_name) for name in differing])
            else:
                self.joined[row] = there[place_of(after)] = filled

    def _clash(self, row, names):
        words = {"row": describe(row), "names": ", ".join(names)}
        if isinstance(row, Tenure):
            told = _("Both have this office and differ in it (%(names)s), so both stay: %(row)s.")
            self.notices.append(told % words)
        else:
            told = _(
                "Both stand here in one role and differ (%(names)s): %(row)s. Mend that first."
            )
            self._clashes.append(told % words)

    def _keep_names(self):
        """Let the result have all names of both, and be no more open than the closer of the two."""
        if self.model is SourceDocument:
            self.result.access = max(self.keep.access, self.away.access, key=OPENNESS.index)
            return
        known = {text.fold(name) for name in self._names(self.result)}
        aliases = self.keep.aliases.splitlines()
        known |= {text.fold(name) for name in aliases}
        for name in [*self._names(self.away), *self.away.aliases.splitlines()]:
            if (folded := text.fold(name)) and folded not in known:
                known.add(folded)
                aliases.append(name)
        self.result.aliases = "\n".join(aliases)

    def _names(self, row):
        return [name for column in NAMES[self.model] if (name := getattr(row, column))]

    def _notice(self):
        are_two = LIKELY[self.model][2]
        if are_two and are_two(self.keep, self.away):
            told = _("Their countries, numbers or dates differ: look twice whether they are one.")
            self.notices.append(told)
        if self.model is SourceDocument:
            self._notice_of_sources()
        if public.shows(self.away):
            told = _("The public page %s will not be found any more.")
            self.notices.append(told % self.away.get_absolute_url())

    def _notice_of_sources(self):
        if self.keep.access != self.away.access:
            told = _("Their access differs: the stricter one counts afterwards, which is “%s”.")
            self.notices.append(told % self.result.get_access_display())
        if self.former and self._citations:
            told = _("The internal notes of the citations that move will hold: %s.")
            self.notices.append(told % self.former)
        cited = (
            Q(**{f"{name}__in": {getattr(row, f"{name}_id") for row in self._citations}})
            for name in (*RECORDS, "tenure")
        )
        cited = Q(*cited, _connector=Q.OR)
        if both := self.keep.citations.filter(cited).count():
            told = ngettext(
                "%(number)s citation of the one stands beside one of the other; both stay.",
                "%(number)s citations of the one stand beside some of the other; all stay.",
                both,
            )
            self.notices.append(told % {"number": both})

    @property
    def _citations(self):
        return [row for row, _field in self.moves if isinstance(row, Citation)]

    @property
    def former(self):
        """Title and number of the source that goes, as far as the other one has others."""
        values = (getattr(self.away, name) for name in FORMER)
        kept = {getattr(self.result, name) for name in FORMER}
        return ", ".join(value for value in dict.fromkeys(values) if value and value not in kept)

    def fields(self):
        """What becomes of the fields in which the two differ, as `Fate`s."""
        for field in versions.written_fields(self.model):
            after, *sides = (
                value_in_words(row, field) for row in (self.result, self.keep, self.away)
            )
            kept = {after}
            if field.name in (*NAMES[self.model], "aliases"):
                kept = {*self._names(self.result), *self.result.aliases.splitlines()}
            lost = [line for side in sides for line in side.splitlines() if line not in kept]
            if lost or after != sides[0]:
                yield Fate(str(field.verbose_name), after, after != sides[0], "\n".join(lost))

    def shown_records(self):
        """The published records of which the public may read something else afterwards."""
        rows = [row for row, _field in self.moves]
        if self.model is SourceDocument and self.result.access != self.keep.access:
            rows += self.keep.citations.select_related("trip", "meeting", "agreement")
        found = (protection.record_of(row) for row in rows)
        return list(dict.fromkeys(record for record in found if record and record.is_published))

    def mark(self):
        """A short text that changes with every row that this would read or write."""
        rows = [self.keep, self.away, *self.joined.values()]
        for row, _field in self.moves:
            rows += [row, protection.record_of(row)]
        seen = {(row._meta.model_name, row.pk, row.version) for row in rows if row}
        return hashlib.sha256(repr(sorted(seen)).encode()).hexdigest()[:16]

    # Why it cannot be

    def obstacles(self, user):
        """Why `user` cannot do this, as sentences."""
        if len(self.moves) > MAX_ROWS:
            told = _("More than %(number)s rows refer to “%(row)s”: let that one stay.")
            return [told % {"number": MAX_ROWS, "row": self.away}]
        if rights := self._rights_missing(user):
            told = _("You may not do this: it takes the right “%s”.")
            return [told % right for right in rights]
        rows = (self.keep, self.away, *(row for row, _field in self.moves))
        locked = (
            protection.locked_sentence(row) for row in rows if protection.is_locked(user, row)
        )
        sentences = [*bounded(locked), *bounded(self._clashes), *self._contradictions()]
        self.result.derive()
        try:
            self.result.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            sentences += error.messages
        return sentences

    def _rights_missing(self, user):
        name = self.model._meta.model_name
        needed = [f"change_{name}", f"delete_{name}"]
        needed += [f"change_{row._meta.model_name}" for row, _field in self.moves]
        needed += [f"delete_{row._meta.model_name}" for row in self.joined]
        needed = dict.fromkeys(needed)
        return [right for right in needed if not user.has_perm(f"timeline.{right}")]

    def _contradictions(self):
        keep, away = self.keep, self.away
        if self.model is Person and keep.wikidata_id and away.wikidata_id:
            told = _("These are two people: at Wikidata one is %(keep)s, the other %(away)s.")
            yield told % {"keep": keep.wikidata_id, "away": away.wikidata_id}
        if self.model is SourceDocument:
            if keep in wholes(away) or away in wholes(keep):
                yield _("One of the two belongs to the other: these are two documents.")
            if self.result.access == Access.INTERNAL:
                told = _("“%s” is published and rests on these two alone: withdraw it first.")
                yield from bounded(told % row for row in protection.resting_on(keep, away))

    # Writing it

    def carry_out(self, user, **correction):
        """Write it all; belongs into `own_turn`. ValidationError with sentences when it cannot be.

        What neither of the two showed the public, the two together do not show either.
        `correction` is what `corrections.tell` is told for each published record.
        """
        if sentences := self.obstacles(user):
            raise ValidationError(sentences)
        with projection.batch():
            shown = self.shown_records()
            for row, field in self.moves:
                if row in self.joined:
                    self._become_one(row, self.joined[row])
                else:
                    self._move(row, field, self.keep)
            self.away.delete()
            self.result.save()
            for record in shown:
                corrections.tell({(record.kind_of_record, record.slug)}, **correction)

    def _move(self, row, field, to):
        setattr(row, field.attname, to.pk)
        if field.related_model is SourceDocument and isinstance(row, Citation) and self.former:
            note = _("Recorded under: %s") % self.former
            row.note = "\n".join(filter(None, (row.note, note)))
        row.save()

    def _become_one(self, row, twin):
        twin.save()
        for part, field in referring(row):
            self._move(part, field, twin)
        row.delete()


def place_of(row):
    """What two rows of one person or body share that say the same, or clash in the database."""
    if isinstance(row, Tenure):
        return row.person_id, row.title_vi, row.title_en, row.date_edtf
    place = row.trip_id, row.meeting_id, row.agreement_id, row.role
    if row.person_id:
        return *place, row.person_id
    return *place, row.organization_id, row.country_id, row.capacity_vi, row.capacity_en


def fill(row, other):
    """Fill what is empty in `row` from `other`; return the fields in which both have their own."""
    differing = []
    for field in versions.written_fields(type(row)):
        ours, theirs = value_of(row, field), value_of(other, field)
        if field.name in OWN or is_empty(field, theirs) or ours == theirs:
            continue
        leader = GOES_WITH.get(field.name)
        follows = leader is None or getattr(row, leader) == getattr(other, leader)
        if is_empty(field, ours) and follows:
            setattr(row, field.attname, theirs)
        else:
            differing.append(field)
    return differing


def value_of(row, field):
    """The stored value: of a file, its name."""
    value = getattr(row, field.attname)
    return value.name if isinstance(value, FieldFile) else value


def is_empty(field, value):
    """A document that the one holds and the other only knows of is held."""
    return value in ("", None) or (field.name == "is_held" and not value)


def value_in_words(row, field):
    if field.is_relation:
        return str(getattr(row, field.name) or "")
    value = value_of(row, field)
    return "" if value is None else versions.words(field, value)


def wholes(source):
    """The documents that `source` belongs to, directly or by way of others."""
    found = []
    while source.part_of_id and source.part_of not in found:
        source = source.part_of
        found.append(source)
    return found


def describe(row):
    """A row with what it belongs to, in words."""
    subject = getattr(row, "subject", None)
    return f"{subject}: {row}" if subject else str(row)


def bounded(sentences):
    """The first of `sentences`, and how many more there are."""
    sentences = list(dict.fromkeys(sentences))
    more = len(sentences) - MAX_TOLD
    told = [_("And %(number)s more.") % {"number": more}] if more > 0 else []
    return sentences[:MAX_TOLD] + told
