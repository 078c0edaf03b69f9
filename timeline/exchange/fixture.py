"""JSON fixtures, read so that loading is an ordinary save.

`loaddata` and `seed` both come through here (SERIALIZATION_MODULES): every row is checked, passes
`save()` with its history, keeps what the fixture does not name, and is left alone when nothing
differs. Rows are known by their natural keys alone. An error names model, key and field; the
command adds the file.
"""

import json
from contextlib import contextmanager
from copy import copy

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import Serializer
from django.core.serializers.python import Deserializer as PythonDeserializer
from django.db import IntegrityError

from timeline.models import TimelineEntry
from timeline.models.base import Edited, naming

__all__ = ["Deserializer", "Serializer"]

REASON = "fixture"
PUBLICATION = (
    "state",
    "withdrawn_reason",
    "withdrawn_in_public",
)  # no form has them, a fixture may


class MissingReference(DeserializationError):
    """A row refers to one that is not there, or not yet."""


class Deserializer(PythonDeserializer):
    """Reads a JSON list of rows. With `keep_edits`, rows that an editor touched are left alone."""

    def __init__(self, stream_or_string, *, keep_edits=False, **options):
        super().__init__(_rows(stream_or_string), **options)
        self.keep_edits = keep_edits
        self.seen = set()
        self.untouched = {}  # model: nobody had ever written a row of it when this file came to it
        self.found = {}  # (model, key): the id a reference leads to

    def __iter__(self):
        """Yield the rows in the file's order; one that refers to a later row comes after it."""
        waiting = self.stream
        while waiting:
            postponed, reasons = [], []
            for row in waiting:
                try:
                    yield from self._handle_object(row)
                except MissingReference as reason:
                    postponed.append(row)
                    reasons.append(reason)
            if len(postponed) == len(waiting):
                raise reasons[0]
            waiting = postponed

    def _handle_object(self, row):
        if not (isinstance(row, dict) and "model" in row and isinstance(row.get("fields"), dict)):
            raise DeserializationError(f"a row has a model and fields, not {str(row)[:60]}")
        model = self._get_model_from_node(row["model"])
        if model is TimelineEntry:
            return  # what a dump says of the timeline follows from its other rows
        if not issubclass(model, Edited):
            yield from super()._handle_object(row)
            return
        key = row["fields"].get(model.natural_key_field)
        with naming_row(model, key):
            yield self.read(model, key, row)

    def read(self, model, key, row):
        fields = row["fields"]
        if not isinstance(key, str) or not key:
            raise ValueError(f"the row has no {model.natural_key_field}")
        if (model, key) in self.seen:
            raise ValueError("stands twice in this file")
        if "pk" in row:
            raise ValueError("a pk means something else in each database; dump without it")
        if unknown := fields.keys() - {field.name for field in model._meta.fields}:
            raise ValueError(f"unknown field: {', '.join(sorted(unknown))}")
        if self.keep_edits and not self.is_untouched(model) and edited_since_loading(model, key):
            return Kept(model, key)
        loaded = model()
        for name, value in fields.items():
            field = model._meta.get_field(name)
            with naming(field):
                value = (
                    self.reference(field, value) if field.is_relation else field.to_python(value)
                )
                setattr(loaded, field.attname, value)
        self.seen.add((model, key))
        return FixtureRow(loaded, fields)

    def is_untouched(self, model):
        if model not in self.untouched:
            self.untouched[model] = not model.history.exists()
        return self.untouched[model]

    def reference(self, field, value):
        """The id of the row whose natural key is `value`, a list of one text."""
        if value is None:
            return None
        model = field.related_model
        label = model._meta.label_lower
        if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], str)):
            raise ValueError(f"{field.name}: write the key of a {label} in brackets, not {value!r}")
        known = (model, value[0])
        if known not in self.found:
            try:
                self.found[known] = model.objects.get_by_natural_key(*value).pk
            except ObjectDoesNotExist as error:
                raise MissingReference(f"{field.name}: there is no {label} {value[0]}") from error
        return self.found[known]


class FixtureRow:
    """A row of a fixture that is saved like any other, or not at all when nothing differs."""

    deferred_fields = ()

    def __init__(self, loaded, named):
        self.object = loaded
        self.named = [loaded._meta.get_field(name) for name in named]
        self.outcome = None

    def save(self, save_m2m=True, using=None, **kwargs):
        with naming_row(type(self.object), self.object.natural_key()[0]):
            self.outcome = self.merge()
            if self.outcome != "unchanged":
                self.object._change_reason = REASON
                self.object.full_clean(validate_unique=False, validate_constraints=False)
                self.write(using)

    def write(self, using):
        """Save; when the database refuses, say it in the words of the constraint.

        Asking each constraint before each row would double the time of a seed.
        """
        try:
            self.object.save(using=using)
        except IntegrityError:
            self.object.validate_unique()
            self.object.validate_constraints()
            raise

    def merge(self):
        """Make `object` the stored row with the fixture's values; say what is to become of it."""
        stored = loaded_as(type(self.object), self.object.natural_key()[0])
        if stored is None:
            return "created"
        current = copy(stored)
        named = [f for f in self.named if f.editable or f.name in PUBLICATION]
        for field in named:
            setattr(current, field.attname, getattr(self.object, field.attname))
        current.derive()
        self.object = current
        same = all(getattr(stored, f.attname) == getattr(current, f.attname) for f in named)
        return "unchanged" if same else "updated"


class Kept:
    """A row that an editor changed or deleted since it was loaded, and that stays so."""

    deferred_fields = ()
    outcome = "kept"

    def __init__(self, model, key):
        self.object = model(**{model.natural_key_field: key})

    def save(self, **kwargs):
        """Nothing: the editor's work stands."""


def loaded_as(model, key):
    """The row with this key, else the one that a fixture loaded under it and somebody renamed."""
    name = model.natural_key_field
    stored = model.objects.filter(**{name: key}).first()
    if stored is not None:
        return stored
    loaded = model.history.filter(**{name: key}, history_change_reason=REASON)
    former = loaded.filter(id__in=model.objects.values("pk")).order_by("-history_id").first()
    return model.objects.get(pk=former.id) if former else None


def edited_since_loading(model, key):
    """Whether the last one to touch the row `key` was not a fixture (a deletion counts)."""
    last = model.history.filter(**{model.natural_key_field: key}).order_by("-history_id").first()
    if last is None:
        return False
    newest = model.history.filter(id=last.id).order_by("-history_id").first()
    return newest.history_change_reason != REASON


def _rows(stream_or_string):
    try:
        text = stream_or_string
        if not isinstance(text, (str, bytes)):
            text = text.read()
        rows = json.loads(text)
    except ValueError as error:
        raise DeserializationError(f"this is not JSON: {error}") from error
    if not isinstance(rows, list):
        raise DeserializationError("a fixture is a JSON list of rows")
    return rows


@contextmanager
def naming_row(model, key):
    """Say which row an error inside the block is about."""
    try:
        yield
    except (DeserializationError, ValidationError, ValueError, IntegrityError) as error:
        missing = isinstance(error, MissingReference)
        kind = MissingReference if missing else DeserializationError
        raise kind(f"{model._meta.label_lower} {key}: {_sentence(error)}") from error


def _sentence(error):
    if not isinstance(error, ValidationError):
        return str(error)
    if not hasattr(error, "message_dict"):
        return " ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
