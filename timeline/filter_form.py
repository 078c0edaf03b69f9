"""The fields of the filters: what each takes, what it offers, and what it says to nonsense."""

import re
from contextlib import suppress
from datetime import date

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from timeline import edtf, text

# The keys of `projected.sort_keys`: a day or UNDATED, the end of the span, the kind, the slug.
# That of `Search.best_key` has a rank in front of it.
CURSOR = re.compile(r"(1[0-9]{3}\.)?([0-9]{8})\.[0-9]{8}\.[0-2]\.[-a-zA-Z0-9_]{1,200}")
UNDATED = 99999999


class Order(TextChoices):
    OLDEST = "oldest", _("oldest first")
    NEWEST = "newest", _("newest first")
    BEST = "best", _("best match first")


class SearchField(forms.CharField):
    """Words to look for, in any case and with or without tone marks."""

    def clean(self, value):
        value = super().clean(value)
        try:
            words = text.words(text.normalize(value))
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


class Offered(ModelChoiceIterator):
    def __iter__(self):
        yield "", self.field.empty_label
        for row in self.field.offered:
            yield self.field.prepare_value(row), f"{row} ({row.number})"


class LinkedField(ModelChoiceField):
    """A country, person or organisation: takes every public one, and offers those of `offered`.

    There may be ten thousand. A page says which it offers, each with its `number` of entries.
    """

    iterator = Offered
    offered = ()


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
        if cleaned.get("dated") and (first or last):
            self.add_error("dated", _("What has no date lies in no period. Leave out one of them."))
        if other := cleaned.get("with"):
            if not (country := self.data.get("country")):
                self.add_error("with", _("Choose the first of the two countries as well."))
            elif country == other.code:
                self.add_error("with", _("This is the same country once more. Choose another."))
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
        order = self.data.get("order")
        if order == Order.BEST and not self.cleaned_data.get("q"):
            order = Order.OLDEST
        if cursor and not is_cursor(cursor, order):
            raise forms.ValidationError(
                _("There is no such page. Go back to the first one."), code="cursor"
            )
        return cursor


def is_cursor(cursor, order):
    """Whether `cursor` has the shape of a key in that order, whose entry may be gone by now."""
    match = CURSOR.fullmatch(cursor)
    if not match or bool(match[1]) != (order == Order.BEST):
        return False
    day = int(match[2])
    if day == UNDATED:
        return True
    if order == Order.NEWEST:
        day = UNDATED - 1 - day
    with suppress(ValueError):
        date(day // 10_000, day // 100 % 100, day % 100)
        return True
    return False
