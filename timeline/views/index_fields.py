"""The fields of the forms of indexes: what each takes, and what it says to nonsense."""

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from timeline import public, text
from timeline.filters import unknown_code

OTHER = "other"  # names that begin with no letter


class LetterField(forms.CharField):
    """A letter of the alphabet, with its mark and without a tone; or `other`."""

    def clean(self, value):
        value = super().clean(value)
        if value in ("", OTHER):
            return value
        letter = text.letter_of(text.sort_key(value))
        if not letter or text.sort_key(letter) != text.sort_key(value):
            raise forms.ValidationError(
                _("This is not a letter of the alphabet, as in A or Đ."), code="letter"
            )
        return letter


class CountryField(forms.CharField):
    """The code of a country that the timeline shows; cleans to its row or None."""

    def clean(self, value):
        value = super().clean(value)
        country = public.countries().filter(code=value).first() if value else None
        if value and country is None:
            raise forms.ValidationError(
                _("Nothing is known of such a country. Write its two-letter code, as in VN."),
                code="country",
            )
        return country


class Order(TextChoices):
    GIVEN = "given", _("by given name")
    FAMILY = "family", _("by family name")


class Grouping(TextChoices):
    LETTER = "letter", pgettext_lazy("index", "by letter")
    KIND = "kind", pgettext_lazy("index", "by kind")


def choice(codes):
    """A field for one of `codes`, or none."""
    return forms.ChoiceField(
        required=False, choices=codes.choices, error_messages=unknown_code(codes)
    )
