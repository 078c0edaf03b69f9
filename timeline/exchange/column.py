"""A column of a file, and how it is made of a field of a model.

What the model field knows (its type, its codes, how long it may be) is taken from it, what it means
from `definitions.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from timeline.exchange.definitions import definition_of
from timeline.models import codes as code_lists

CODE_LISTS = {
    tuple(codes.values): codes
    for codes in vars(code_lists).values()
    if isinstance(codes, type) and issubclass(codes, models.TextChoices) and codes.choices
}
# The types of Frictionless Table Schema; a subclass stands before its parent.
TYPES = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.Field, "string"),
)


@dataclass(frozen=True)
class Column:
    """A column: its name, what it holds in the reader's language, and what its cells must be.

    `type` and `constraints` are those of Frictionless Table Schema 2. `codes` is the code list its
    cells are of, `refers_to` the model whose natural key they hold. `read` gets the value of a row.
    """

    name: str
    definition: str
    title: str = ""
    codes: type[models.TextChoices] | None = None
    refers_to: type[models.Model] | None = None
    type: str = "string"
    format: str = "default"
    required: bool = False
    unique: bool = False
    pattern: str = ""
    max_length: int | None = None
    minimum: int | None = None
    read: Callable | None = None

    @property
    def constraints(self):
        """What a checker can hold each cell to, as Frictionless names it."""
        possible = {
            "required": self.required or None,
            "unique": self.unique or None,
            "enum": self.codes and self.codes.values,
            "pattern": self.pattern or None,
            "maxLength": self.max_length,
            "minimum": self.minimum,
        }
        return {name: value for name, value in possible.items() if value is not None}


def described(model, name):
    """The column of the field `name` of `model`."""
    field = model._meta.get_field(name)
    of_key = {"refers_to": field.related_model} if field.is_relation else _of_value(field)
    return Column(
        name=name,
        definition=definition_of(model, name),
        title=field.verbose_name,
        type=next(word for kind, word in TYPES if isinstance(field, kind)),
        required=name == model.natural_key_field or not (field.blank or field.null),
        unique=field.unique,
        **of_key,
    )


def _of_value(field):
    """What `field`, which is no key to another table, says of its values."""
    patterns = [v.regex.pattern for v in field.validators if type(v) is RegexValidator]
    least = [v.limit_value for v in field.validators if isinstance(v, MinValueValidator)]
    return {
        "format": "uri" if isinstance(field, models.URLField) else "default",
        "pattern": _portable(patterns[-1]) if patterns else "",
        "max_length": field.max_length,
        "minimum": max(least, default=None),
        "codes": CODE_LISTS[tuple(code for code, _word in field.choices)]
        if field.choices
        else None,
    }


def _portable(pattern):
    """A pattern of the whole cell without what only Python knows, as XML Schema writes them."""
    return pattern.removeprefix(r"\A").removesuffix(r"\Z").replace("(?:", "(")
