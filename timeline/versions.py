"""What a row and its parts were at any moment: told from their histories, in words."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from timeline.models import EDITED_MODELS, PARTS

MAX_VERSIONS = 2_000  # of each model on one page: the latest

# What no editor wrote, or every version has of its own.
DERIVED = {"id", "version", "created_at", "updated_at", "earliest", "latest"}


class FieldChange(NamedTuple):
    """One field in words; what was not there is empty."""

    label: str
    before: str
    after: str


class RowChange(NamedTuple):
    """One row that came (`+`), went (`-`) or was changed (`~`)."""

    what: str
    model: type
    name: str
    fields: list[FieldChange]

    @property
    def noun(self):
        return self.model._meta.verbose_name


class Act:
    """Versions that were written together: by whom, when, why, and what they changed."""

    def __init__(self, version):
        self.change_set = version.change_set
        self.user = version.history_user
        self.moment = version.history_date
        self.notes, self.rows = [], []

    def add(self, version, change):
        self.moment = version.history_date
        note = version.history_change_reason or ""
        if note and note not in self.notes:
            self.notes.append(note)
        if change is not None:
            self.rows.append(change)

    @property
    def note(self):
        """Why; the reason of the whole act when no row has one of its own."""
        ours = self.change_set.note if self.change_set else ""
        return "; ".join(self.notes) or ours


def written_fields(model):
    """The fields of `model` that somebody writes, in their order."""
    tracked = {field.name for field in model.history.model.tracked_fields}
    return [f for f in model._meta.concrete_fields if f.name in tracked and f.name not in DERIVED]


def versions_of(model, key, hidden=()):
    """The versions of a row and of all that ever were its parts, oldest first.

    `hidden` are models whose rows the reader may not see.
    """
    found = [*_newest(model.history.filter(id=key))]
    for part, field in PARTS[model].items():
        if part in hidden:
            continue
        ours = part.history.filter(**{f"{field}_id": key}).values("id")
        found += _newest(part.history.filter(id__in=ours))
    return sorted(found, key=_order)


def _newest(versions):
    versions = versions.select_related("history_user", "change_set", "change_set__user")
    return versions.order_by("-history_id")[:MAX_VERSIONS]


def _order(version):
    return version.history_date, EDITED_MODELS.index(model_of(version)), version.history_id


def model_of(version):
    return version.instance_type


def story(model, key, hidden=()):
    """The acts that changed a row or its parts, newest first."""
    versions = versions_of(model, key, hidden)
    names = Names(versions)
    acts, before = {}, {}
    for version in versions:
        row = model_of(version), version.id
        if not any(belongs(each, model, key) for each in (before.get(row), version)):
            before[row] = version  # a part that was somewhere else then
            continue
        act = acts.setdefault(version.change_set_id or (row, version.history_id), Act(version))
        gone = version.history_type == "-"
        change = difference(names, before.get(row), None if gone else version)
        act.add(version, change)
        before[row] = None if gone else version
    return sorted(acts.values(), key=lambda act: act.moment, reverse=True)


def belongs(version, model, key):
    """Whether a version is of the row `key` of `model` itself, or of what was a part of it then."""
    if version is None:
        return False
    field = PARTS[model].get(model_of(version))
    return version.id == key if field is None else getattr(version, f"{field}_id") == key


def state_at(model, key, moment: datetime | None = None, hidden=()):
    """{(model, id): version} of a row and its parts as they were after `moment`; None is now."""
    state = {}
    for version in versions_of(model, key, hidden):
        if moment is not None and version.history_date > moment:
            break
        row = model_of(version), version.id
        state.pop(row, None)
        if version.history_type != "-" and belongs(version, model, key):
            state[row] = version
    return state


def compare(before, after, without=()):
    """What leads from one state to another one, as changes of rows: the row itself, then parts.

    `without` are names of fields that are not told.
    """
    names = Names([*before.values(), *after.values()])
    rows = sorted({*before, *after}, key=lambda row: (EDITED_MODELS.index(row[0]), row[1]))
    changes = (difference(names, before.get(row), after.get(row), without) for row in rows)
    return [change for change in changes if change is not None]


def difference(names, before, after, without=()):
    """The change from one version of a row to another one, None when nothing was written."""
    if before is None and after is None:
        return None
    there = after or before
    fields = []
    for field in written_fields(model_of(there)):
        if field.name in without:
            continue
        old = names.words(field, getattr(before, field.attname)) if before else ""
        new = names.words(field, getattr(after, field.attname)) if after else ""
        if old != new:
            fields.append(FieldChange(str(field.verbose_name), old, new))
    if before and after and not fields:
        return None
    what = "~" if before and after else "+" if after else "-"
    return RowChange(what, model_of(there), names.of(there), fields)


class Names:
    """The words for the values of versions; rows that they refer to are read all at once."""

    def __init__(self, versions):
        keys = defaultdict(set)
        for version in versions:
            for field in written_fields(model_of(version)):
                if field.is_relation and (key := getattr(version, field.attname)):
                    keys[field.related_model].add(key)
        self.names = {
            model: {row.pk: str(row) for row in model.objects.filter(pk__in=found)}
            for model, found in keys.items()
        }

    def words(self, field, value):
        if value is None or value == "":
            return ""
        if field.is_relation:
            return self.names[field.related_model].get(value) or _("no longer there")
        return words(field, value)

    def of(self, version):
        """What a row was called: by its name or title, else by what it refers to."""
        model = model_of(version)
        for name in ("name", "name_en", "name_vi", "title_en", "title_vi"):
            if text := getattr(version, name, ""):
                return text
        fields = {field.name: field for field in model._meta.concrete_fields}
        who = fields.keys() & {"person", "organization", "country", "source"}
        parts = [self.words(fields[name], getattr(version, f"{name}_id")) for name in sorted(who)]
        parts += [getattr(version, name, "") for name in ("locator", "place_en", "unit", "note_en")]
        return ", ".join(part for part in parts if part) or version.slug


def words(field, value):
    """The value of a field that is no relation, as a person reads it."""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    return str(value)
