"""JSON fixtures, read so that loading is an ordinary save.

`loaddata` and `seed` both come through here (SERIALIZATION_MODULES): every row is checked, passes
`save()` with its history, keeps what the fixture does not name, and is left alone when nothing
differs. An error names file, model, slug and field.
"""

import json

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.core.serializers.json import Serializer
from django.core.serializers.python import Deserializer as PythonDeserializer

from timeline.models.base import Edited

__all__ = ["Deserializer", "Serializer"]

REASON = "fixture"


class Deserializer(PythonDeserializer):
    """Reads a JSON list of rows. With `keep_edits`, rows that an editor touched are left alone."""

    def __init__(self, stream_or_string, *, keep_edits=False, **options):
        text = (
            stream_or_string
            if isinstance(stream_or_string, (str, bytes))
            else stream_or_string.read()
        )
        try:
            rows = json.loads(text)
        except ValueError as error:
            raise DeserializationError(f"this is not JSON: {error}") from error
        if not isinstance(rows, list):
            raise DeserializationError("a fixture is a JSON list of rows")
        super().__init__(rows, **options)
        self.keep_edits = keep_edits

    def _handle_object(self, obj):
        model = self._get_model_from_node(obj["model"])
        if not issubclass(model, Edited):
            yield from super()._handle_object(obj)
            return
        key = obj["fields"].get(model.natural_key_field)
        try:
            if not key:
                raise ValueError(f"the row has no {model.natural_key_field}")
            if unknown := obj["fields"].keys() - {field.name for field in model._meta.fields}:
                raise ValueError(f"unknown field: {', '.join(sorted(unknown))}")
            if self.keep_edits and edited_since_loading(model, key):
                yield Kept(model, key)
                return
            for row in super()._handle_object(obj):
                yield FixtureRow(row, obj["fields"])
        except (DeserializationError, ObjectDoesNotExist, ValidationError, ValueError) as error:
            raise DeserializationError(f"{obj['model']} {key}: {_sentence(error)}") from error


class FixtureRow(DeserializedObject):
    """A row of a fixture that is saved like any other, or not at all when nothing differs."""

    def __init__(self, row, named):
        super().__init__(row.object, row.m2m_data, row.deferred_fields)
        self.named = [self.object._meta.get_field(name) for name in named]
        self.outcome = None

    def save(self, save_m2m=True, using=None, **kwargs):
        model, loaded = type(self.object), self.object
        current = model.objects.filter(pk=loaded.pk).first() if loaded.pk else None
        if current is None:
            self.outcome = "created"
        else:
            for field in self.named:
                setattr(current, field.attname, getattr(loaded, field.attname))
            self.object = current
            stored = model.objects.get(pk=current.pk)
            if all(getattr(stored, f.attname) == getattr(current, f.attname) for f in self.named):
                self.outcome = "unchanged"
                return
            self.outcome = "updated"
        self.object._change_reason = REASON
        try:
            if not self.deferred_fields:
                self.object.full_clean(validate_unique=False, validate_constraints=True)
            self.object.save(using=using)
        except ValidationError as error:
            label, key = model._meta.label_lower, self.object.natural_key()[0]
            raise DeserializationError(f"{label} {key}: {_sentence(error)}") from error


class Kept:
    """A row that an editor changed or deleted since it was loaded, and that stays so."""

    deferred_fields = ()
    outcome = "kept"

    def __init__(self, model, key):
        self.object = model(**{model.natural_key_field: key})

    def save(self, **kwargs):
        """Nothing: the editor's work stands."""


def edited_since_loading(model, key):
    """Whether the last one to touch the row `key` was not a fixture (a deletion counts)."""
    last = model.history.filter(**{model.natural_key_field: key}).order_by("-history_id").first()
    if last is None:
        return False
    newest = model.history.filter(id=last.id).order_by("-history_id").first()
    return newest.history_change_reason != REASON


def _sentence(error):
    if isinstance(error, ValidationError):
        if hasattr(error, "message_dict"):
            return "; ".join(
                f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()
            )
        return " ".join(error.messages)
    return str(error.__cause__ or error) if isinstance(error, DeserializationError) else str(error)
