"""How a value stands in a cell, and how a cell is read: strictly, as the model field has it."""

from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.widgets import Widget

BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Cell(Widget):
    """A cell that holds the value of one model field."""

    def __init__(self, field):
        super().__init__()
        self.field = field

    def clean(self, value, row=None, **kwargs):
        """Return the value of the cell; ValidationError when it is none of this column."""
        if isinstance(value, (date, datetime)):
            return self.from_date(value)
        value = value.strip()
        if isinstance(self.field, models.BooleanField):
            if value.lower() not in BOOLEANS:
                raise ValidationError(_("“%s” is neither 1 nor 0.") % value[:60])
            return BOOLEANS[value.lower()]
        if isinstance(self.field, models.DateTimeField):
            return read_moment(value)
        value = self.field.to_python(value)
        if isinstance(self.field, models.DecimalField) and not value.is_finite():
            raise ValidationError(_("“%s” is no number.") % value)
        return value

    def from_date(self, value):
        """A date cell of a workbook: right where the column holds one, and nowhere else."""
        if isinstance(self.field, models.DateTimeField) and isinstance(value, datetime):
            return of_this_site(value)
        if isinstance(self.field, models.DateField):
            return value.date() if isinstance(value, datetime) else value
        raise ValidationError(
            _("The spreadsheet made a date of this cell. Format the column as text, type it anew.")
        )

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        return str(value)


class KeyCell(Cell):
    """A cell that names a row of another table by its natural key."""

    def __init__(self, field):
        super().__init__(field)
        self.model = field.remote_field.model
        self.found = {}

    def clean(self, value, row=None, **kwargs):
        key = str(value).strip()
        if key in self.found:
            return self.found[key]
        found = self.model.objects.filter(**{self.model.natural_key_field: key}).first()
        if found is None:
            raise ValidationError(
                _("There is no %(model)s with the %(column)s “%(key)s”.")
                % {
                    "model": self.model._meta.verbose_name,
                    "column": self.model.natural_key_field,
                    "key": key[:200],
                }
            )
        self.found[key] = found
        return found

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value.natural_key()[0]


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
