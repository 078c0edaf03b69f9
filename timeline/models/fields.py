"""Fields that keep the text rules on every path: form, import, loaddata, bulk and update."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from timeline import edtf, text


def reason(error):
    """What `text.UnsafeText` says, in the language of the page."""
    return gettext(
        "character %(place)s is %(code)s, an invisible control character; delete it and type the "
        "text again"
    ) % {"place": error.place, "code": error.code}


class CleanText:
    """Stores NFC text and refuses invisible control characters with a sentence."""

    multiline = False

    def to_python(self, value):
        value = super().to_python(value)
        if not value or not isinstance(value, str):
            return value
        try:
            return text.normalize(value, multiline=self.multiline)
        except text.UnsafeText as error:
            raise ValidationError(
                _("%(field)s: %(reason)s."),
                code="unsafe_text",
                params={"field": self.verbose_name, "reason": reason(error)},
            ) from error

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))


class Line(CleanText, models.CharField):
    """One line of clean text; empty rather than NULL."""

    def __init__(self, *args, max_length=300, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)


class Text(CleanText, models.TextField):
    """Clean text of several lines; empty rather than NULL. `max_length` binds forms and imports."""

    multiline = True

    def __init__(self, *args, max_length=10_000, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        # As a CharField does, and a TextField leaves to its form; no part of the migrations.
        self.validators.append(MaxLengthValidator(max_length))


def validate_edtf(value):
    """The one validator of dates: raises ValidationError with the parser's own sentence."""
    try:
        edtf.parse(value)
    except edtf.EdtfError as error:
        language = "vi" if get_language() == "vi" else "en"
        raise ValidationError(error.sentence(language), code="edtf") from error


# Near the ends of the calendar a moment is none in some time zone: it could be stored, not read.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def validate_moment(value):
    """The one validator of moments: raises ValidationError outside of the years we can mean."""
    if not EARLIEST <= value < LATEST:
        raise ValidationError(
            _("Give a moment between the years %(first)s and %(last)s."),
            code="moment",
            params={"first": str(EARLIEST.year), "last": str(LATEST.year - 1)},
        )


class EdtfField(Line):
    """A date in the EDTF subset of `timeline.edtf`, stored in its canonical form."""

    default_validators = [validate_edtf]

    def __init__(self, *args, max_length=100, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)

    def get_prep_value(self, value):
        """A filter may ask for nonsense and finds nothing; writers have passed `canonical`."""
        value = super().get_prep_value(value)
        try:
            return str(edtf.parse(value)) if value else value
        except edtf.EdtfError:
            return value

    def canonical(self, value):
        """Return the canonical form of `value`; raises ValidationError when it is no date."""
        if value in (None, ""):
            return ""
        validate_edtf(value)
        return str(edtf.parse(value))


class CollatedKey(models.CharField):
    """An ASCII sort key that compares by code point on both databases, whatever the locale is."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def known_code(field, codes):
    """A constraint: the database refuses a value of `field` that is not one of `codes`."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": codes.values}),
        name=f"%(class)s_{field}_is_a_known_code",
        violation_error_message=format_lazy(
            _("{field} must be one of: {codes}."), field=field, codes=", ".join(codes.values)
        ),
    )


def http_url(field):
    """A constraint: the database refuses an address that is not http or https."""
    return models.CheckConstraint(
        condition=models.Q(**{field: ""})
        | models.Q(**{f"{field}__startswith": "http://"})
        | models.Q(**{f"{field}__startswith": "https://"}),
        name=f"%(class)s_{field}_is_http_or_https",
        violation_error_message=format_lazy(
            _("{field} must begin with https:// or http://."), field=field
        ),
    )


def ordered_bounds():
    """A constraint: a latest day never lies before the earliest; an open end is NULL."""
    return models.CheckConstraint(
        condition=models.Q(earliest__isnull=True)
        | models.Q(latest__isnull=True)
        | models.Q(latest__gte=models.F("earliest")),
        name="%(class)s_latest_is_not_before_earliest",
        violation_error_message=_("The latest day lies before the earliest day."),
    )
