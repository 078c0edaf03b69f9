"""The fields of the filters: what each takes, what it offers, and what it says to nonsense."""

import re
from contextlib import suppress
from datetime import date

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from timeline import edtf, public, text

# The keys of `projection.sort_keys`: a day or UNDATED, the end of the span, the kind, the slug.
CURSOR = re.compile(r"([0-9]{8})\.[0-9]{8}\.[0-2]\.[-a-zA-Z0-9_]{1,200}")
UNDATED = 99999999


class Order(TextChoices):
    OLDEST = "oldest", _("oldest first")
    NEWEST = "newest", _("newest first")


class SearchField(forms.CharField):
    """Words to look for, in any case and with or without tone marks."""

    def clean(self, value):
        value = super().clean(value)
        try:
            words = text.fold(text.normalize(value))
        except text.UnsafeText as error:
            raise forms.ValidationError(
                _("The search has an invisible control character in it. Type it again."),
                code="unsafe_text",
            ) from error
        if value and not words:
            raise forms.ValidationError(
                _("There is no letter or digit to search for."), code="nothing"
            )
        return value


class DateField(forms.CharField):
    """A day, month, year or any other EDTF date; cleans to `edtf.Edtf` or None."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            return edtf.parse(value)
        except edtf.EdtfError as error:
            raise forms.ValidationError(
                _("This is not a date. Write for example 2024-09-22, 2024-09 or 2024."),
                code="edtf",
            ) from error


class OfferedByName(ModelChoiceIterator):
    def __iter__(self):
        yield "", self.field.empty_label
        for row in public.by_name(self.field.queryset):
            yield self.choice(row)


class ByNameField(ModelChoiceField):
    """Offers countries or organisations in the order of their names in the page's language."""

    iterator = OfferedByName


class NoPageField(forms.CharField):
    """Stands for a page cursor where there are no pages."""

    def clean(self, value):
        if value:
            raise forms.ValidationError(_("This list has no pages."), code="no_pages")
        return ""


class FilterForm(forms.Form):
    """The fields of the filters, and what one value alone cannot get wrong."""

    def clean(self):
        cleaned = super().clean()
        for name in self.fields:
            if len(self.data.getlist(name)) > 1:
                self.add_error(name, _("Give this once, not several times."))
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first.earliest and last.latest and last.latest < first.earliest:
            self.add_error("to", _("This date lies before the one the period begins with."))
        return cleaned

    def clean_after(self):
        return self._cursor("after")

    def clean_before(self):
        cursor = self._cursor("before")
        if cursor and self.data.get("after"):
            raise forms.ValidationError(_("A page comes after a place or before it, not both."))
        return cursor

    def _cursor(self, name):
        cursor = self.cleaned_data[name]
        if cursor and not is_cursor(cursor, newest=self.data.get("order") == Order.NEWEST):
            raise forms.ValidationError(
                _("There is no such page. Go back to the first one."), code="cursor"
            )
        return cursor


def is_cursor(cursor, *, newest):
    """Whether `cursor` has the shape of a key in that order, whose entry may be gone by now."""
    if not (match := CURSOR.fullmatch(cursor)):
        return False
    day = int(match[1])
    if day == UNDATED:
        return True
    if newest:
        day = UNDATED - 1 - day
    with suppress(ValueError):
        date(day // 10_000, day // 100 % 100, day % 100)
        return True
    return False
