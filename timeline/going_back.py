"""Going back: a row and its parts as they once were, a deleted row, an act that is undone.

Each is a plan first, to be looked at, and then written whole or not at all, as an act of its own.
What was published is not: an earlier version brings its text back, and never its state.
"""

from collections import defaultdict
from itertools import chain

from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from timeline import corrections, protection, versions
from timeline.models import EDITED_MODELS, PARTS, RECORDS, Correction
from timeline.models.record import OF_PUBLICATION

MAX_ROWS = 500  # of one plan: each is checked and written like any other


class Plan:
    """What has to be written: {(model, id): the version to bring back, or None to delete}."""

    def __init__(self, wanted, obstacles=()):
        self.found = stored_rows(wanted)
        self.wanted = {
            row: version for row, version in wanted.items() if self._differs(row, version)
        }
        self._obstacles = list(obstacles)

    def _differs(self, row, version):
        stored = self.found[row]
        if stored is None or version is None:
            return (stored is None) != (version is None)
        fields = (f for f in versions.written_fields(row[0]) if f.name not in OF_PUBLICATION)
        return any(getattr(stored, f.attname) != getattr(version, f.attname) for f in fields)

    def changes(self):
        """What would change, in words, as `versions.RowChange`."""
        now = last_versions(row for row in self.wanted if self.found[row])
        then = {row: version for row, version in self.wanted.items() if version}
        return versions.compare(now, then, without=OF_PUBLICATION)

    def obstacles(self, user):
        """Why `user` cannot do this, as sentences."""
        sentences = list(self._obstacles)
        if len(self.wanted) > MAX_ROWS:
            sentence = _("This would write %(rows)s rows; more than %(most)s are too many at once.")
            return [sentence % {"rows": len(self.wanted), "most": MAX_ROWS}]
        for (model, key), version in self.wanted.items():
            stored = self.found[model, key]
            action = "delete" if version is None else "change" if stored else "add"
            right = f"{action}_{model._meta.model_name}"
            if not user.has_perm(f"timeline.{right}"):
                sentences.append(_("You may not do this: it takes the right “%s”.") % right)
            if stored is not None and protection.is_locked(user, stored):
                sentences.append(protection.locked_sentence(stored))
        sentences += [
            _("“%s” would go as well, or be without what it refers to.") % other
            for other in self._left_over()
        ]
        return list(dict.fromkeys(sentences))

    def _left_over(self):
        """The rows that need, or belong to, what is to be deleted, and are not in the plan."""
        going = [row for row, version in self.wanted.items() if version is None]
        collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=())
        for model in dict.fromkeys(model for model, _key in going):
            collector.collect([self.found[row] for row in going if row[0] is model])
        there = {*collector.protected, *chain.from_iterable(collector.data.values())}
        planned = {self.found[row] for row in going}
        return sorted((row for row in there if row not in planned and is_edited(row)), key=str)

    def shown_records(self):
        """The published records that this changes: of which rows are parts now, or are to be."""
        keys = defaultdict(set)
        for (model, key), version in self.wanted.items():
            for kind, record in RECORDS.items():
                for row in (self.found[model, key], version):
                    found = key if model is record else getattr(row, f"{kind}_id", None)
                    keys[record].add(found)
        return [
            row
            for model in keys
            for row in model.objects.published().filter(pk__in=keys[model] - {None})
        ]

    def carry_out(self, user, **correction):
        """Write it all; raises ValidationError with sentences when something cannot be."""
        if sentences := self.obstacles(user):
            raise ValidationError(sentences)
        touched = set()
        rows = self._in_order()
        for row in reversed([row for row in rows if self.wanted[row] is None]):
            stored = self.found[row]
            if row[0] in RECORDS.values():
                protection.refuse_deletion(stored)
            stored.delete()
            touched |= self._told_of(stored)
        for row in rows:
            if self.wanted[row] is not None:
                touched |= self._bring_back(row, user)
        protection.refuse_incomplete(touched)
        corrections.tell(touched, **correction)

    def _told_of(self, row):
        """The records of which the public is told that `row` has changed."""
        return protection.touched_by(row) if protection.is_of_a_record(type(row)) else set()

    def _in_order(self):
        """The rows, each behind those it refers to.

        What is there comes before what is not: it may hold a value that only one row can have.
        """
        order = {model: number for number, model in enumerate(EDITED_MODELS)}
        rows, seen = [], set()

        def place(row):
            if row in seen or row not in self.wanted:
                return
            seen.add(row)
            for field in row[0]._meta.concrete_fields:
                if field.related_model is row[0]:
                    place((row[0], getattr(self.wanted[row] or self.found[row], field.attname)))
            rows.append(row)

        for row in sorted(self.wanted, key=lambda row: (order[row[0]], self.found[row] is None)):
            place(row)
        return rows

    def _bring_back(self, row, user):
        instance = self.wanted[row].instance
        instance._state.adding = self.found[row] is None
        try:
            instance.derive()
            instance.full_clean()
        except ValidationError as error:
            name = f"{row[0]._meta.verbose_name} “{instance.natural_key()[0]}”"
            raise ValidationError([f"{name}: {text}" for text in error.messages]) from error
        protection.refuse_showing(user, instance)
        instance.save()
        return self._told_of(instance)


def stored_rows(rows):
    """{(model, id): the stored row or None} of `rows`, with one query for each model."""
    keys = by_model(rows)
    found = {model: model.objects.in_bulk(keys[model]) for model in keys}
    return {(model, key): found[model].get(key) for model, key in rows}


def last_versions(rows):
    """{(model, id): the last version that was no deletion} of `rows`."""
    found = {}
    for model, keys in by_model(rows).items():
        written = model.history.filter(id__in=keys).exclude(history_type="-")
        found |= {(model, version.id): version for version in written.order_by("history_id")}
    return found


def by_model(rows):
    keys = defaultdict(list)
    for model, key in rows:
        keys[model].append(key)
    return keys


def is_edited(row):
    return type(row) in EDITED_MODELS


def to_moment(model, key, moment):
    """A row and its parts as they were after `moment`. What the public was told stays told.

    A part that belonged to another record then goes back to it.
    """
    now, then = versions.state_at(model, key), versions.state_at(model, key, moment)
    rows = {row for row in (*now, *then) if row[0] is not Correction}
    return Plan({row: then.get(row) or version_at(*row, moment) for row in rows})


def version_at(model, key, moment):
    """The version of a row after `moment`; None when it was not there."""
    versions_then = model.history.filter(id=key, history_date__lte=moment)
    last = versions_then.order_by("-history_id").first()
    return last if last is not None and last.history_type != "-" else None


def deleted_row(model, key):
    """A deleted row with all that belonged to it and went with it; None when there is none."""
    gone = model.history.filter(id=key).order_by("-history_id").first()
    if gone is None or gone.history_type != "-":
        return None
    wanted = {(model, gone.id): gone}
    if gone.change_set_id:
        for part, field in PARTS[model].items():
            with_it = part.history.filter(
                **{f"{field}_id": key}, history_type="-", change_set=gone.change_set_id
            )
            wanted |= {(part, version.id): version for version in with_it}
    return Plan(wanted)


def undone(change_set):
    """The rows of an act as they were before it; refused by those that changed since."""
    wanted, changed = {}, []
    for model in EDITED_MODELS:
        rows = {}
        for version in model.history.filter(change_set=change_set).order_by("history_id"):
            rows.setdefault(version.id, []).append(version)
        for key, written in rows.items():
            others = model.history.filter(id=key).order_by("-history_id")
            last = others.first()
            if last.pk != written[-1].pk:
                changed.append(last)
            before = others.filter(history_id__lt=written[0].history_id).first()
            gone = before is None or before.history_type == "-"
            if not (gone and model is Correction):  # what the public was told stays told
                wanted[model, key] = None if gone else before
    names = versions.Names(changed)
    sentence = _("Changed since then: %s.")
    return Plan(wanted, [sentence % names.of(version) for version in changed])
