"""The inputs of the admin's forms where Django's own do not fit."""

from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminURLFieldWidget,
    AutocompleteSelect,
)
from django.db import models
from django.utils.translation import gettext_lazy

from timeline.admin.exchange import is_key


class Moment(AdminSplitDateTime):
    """A day and a time whose two inputs have a name, where Django's own have words beside them."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, name in zip(
            self.widgets, (gettext_lazy("Date"), gettext_lazy("Time")), strict=True
        ):
            widget.attrs["aria-label"] = name

    def decompress(self, value):
        """What an address gives a new row is text: it is shown in the first input, as it came."""
        return [value, None] if isinstance(value, str) else super().decompress(value)


FIELDS = {
    models.DateTimeField: {"widget": Moment},
    models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
}


class Choice(AutocompleteSelect):
    """A choice by searching that shows a forged key as no choice, where Django's own breaks."""

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [key if is_key(str(key)) else "" for key in value], attrs)


class Choices:
    """Every relation in `autocomplete_fields` is chosen by searching."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
