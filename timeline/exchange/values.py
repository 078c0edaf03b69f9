"""How a value stands in a cell, and how a cell is read: strictly, as the model field has it."""

import re
from datetime import UTC, date, datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.models.fields import EdtfField

BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
WHOLE = re.compile(r"-?[0-9]{1,100}")
DECIMAL = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?")


class Cell:
    """A column of cells that hold the value of one model field."""

    def __init__(self, field):
        self.field = field

    def read(self, cell):
        """Return the value of `cell`, a text or a date; ValidationError when it is none of this."""
        if isinstance(cell, (date, datetime)):
            return self._read_date(cell)
        text = cell.strip()
        if isinstance(self.field, models.BooleanField):
            if text.lower() not in BOOLEANS:
                raise ValidationError(_("“%s” is neither 1 nor 0.") % text[:60])
            return BOOLEANS[text.lower()]
        if isinstance(self.field, models.DateTimeField):
            return self._within_bounds(read_moment(text))
        if isinstance(self.field, EdtfField):
            return self.field.canonical(text)
        if isinstance(self.field, (models.IntegerField, models.DecimalField)):
            return self._read_number(text)
        return self.field.to_python(text)

    def _read_number(self, text):
        """Digits and no more; Python would read 1_000 as well, and digits of other scripts.

        A whole number has the bounds of its column on every database: SQLite has none of its own.
        """
        is_whole = isinstance(self.field, models.IntegerField)
        if not (WHOLE if is_whole else DECIMAL).fullmatch(text):
            sentence = _("“%s” is no whole number.") if is_whole else _("“%s” is no number.")
            raise ValidationError(sentence % text[:60])
        number = self.field.to_python(text)
        if is_whole:
            kind = self.field.get_internal_type()
            lowest, highest = BaseDatabaseOperations.integer_field_ranges[kind]
            MinValueValidator(lowest)(number)
            MaxValueValidator(highest)(number)
        return number

    def _read_date(self, value):
        """A date cell of a workbook: right where the column holds one, and nowhere else."""
        if isinstance(self.field, models.DateTimeField) and isinstance(value, datetime):
            return self._within_bounds(of_this_site(value))
        if isinstance(self.field, models.DateField):
            if not isinstance(value, datetime):
                return value
            if value.time() == time.min:
                return value.date()
            sentence = _("“%s” has a time of day, and this column holds days.")
            raise ValidationError(sentence % value)
        raise ValidationError(
            _("The spreadsheet made a date of this cell. Format the column as text, type it anew.")
        )

    def _within_bounds(self, moment):
        """The moment in UTC: not every database takes every offset.

        Beyond the bounds a moment cannot even be shown.
        """
        self.field.run_validators(moment)
        return moment.astimezone(UTC)

    def cleared(self):
        """What the column holds when it is cleared; ValidationError when it cannot be empty."""
        if self.field.null:
            return None
        if self.field.blank and self.field.empty_strings_allowed and self.field.name != "slug":
            return ""
        raise ValidationError(_("This column cannot be cleared: every row needs it."))

    def render(self, value):
        """The text of a cell that holds `value`; of a relation, the row it leads to."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        return str(value)


class KeyCell(Cell):
    """A column of cells that name rows of another table by their natural keys."""

    def __init__(self, field):
        super().__init__(field)
        self.model = field.remote_field.model
        self.found = {}

    def look_up(self, cells):
        """Find the rows that `cells` name with one query; `read` then asks for none."""
        keys = {cell.strip() for cell in cells if isinstance(cell, str)} - {""}
        rows = self.model.objects.filter(**{f"{self.model.natural_key_field}__in": keys})
        self.found = {row.natural_key()[0]: row for row in rows}

    def read(self, cell):
        key = str(cell).strip()
        if key not in self.found:
            raise ValidationError(
                _("There is no %(model)s with the %(column)s “%(key)s”.")
                % {
                    "model": self.model._meta.verbose_name,
                    "column": self.model.natural_key_field,
                    "key": key[:200],
                }
            )
        return self.found[key]

    def render(self, value):
        return "" if value is None else value.natural_key()[0]


def cell_of(field):
    """The column of cells for a model field."""
    return KeyCell(field) if field.is_relation else Cell(field)


def read_moment(text):
    """Read an ISO 8601 date and time; without an offset it is in the site's time zone."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else of_this_site(moment)
    except (ValueError, OverflowError) as error:
        raise ValidationError(
            _("“%s” is no date and time; write for instance 2026-02-20T09:00+07:00.") % text[:60]
        ) from error


def of_this_site(moment):
    """`moment` in the site's time zone, where a clock that is changed skips or repeats an hour."""
    try:
        return from_current_timezone(moment)
    except ValidationError as error:
        raise ValidationError(
            _(
                "“%(moment)s” comes twice or not at all in the time zone %(zone)s: the clocks are "
                "changed there. Write it with its offset, for instance 2026-02-20T09:00+07:00."
            )
            % {
                "moment": moment.isoformat(" ", "minutes"),
                "zone": timezone.get_current_timezone(),
            }
        ) from error
