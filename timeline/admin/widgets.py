"""The inputs of the admin's forms where Django's own do not fit."""

from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextInputWidget,
    AdminURLFieldWidget,
    AutocompleteSelect,
)
from django.db import models
from django.template import loader
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from timeline import edtf
from timeline.admin.keys import is_key
from timeline.models.fields import EdtfField

EXAMPLES = [  # one of each form of date
    *("2024-09-22", "2024-09", "2024", "2013-07~", "2013-07?"),
    *("2026-02-18/2026-02-20", "2024-08-03/..", "[2026-02-19..2026-02-20]"),
]


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
    """A choice by searching that shows a forged key as no choice, where Django's own breaks.

    It asks the database for the label of a key only when nobody has told it: `known` is one for
    all copies of this widget, which are the rows of an inline.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {}

    def optgroups(self, name, value, attrs=None):
        keys = [str(key) if is_key(str(key)) else "" for key in value]
        [key, *others] = keys or [""]
        if others or key not in self.known:
            return super().optgroups(name, keys, attrs)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        chosen = self.create_option(name, key, self.known[key], True, 1)
        return [(None, [*empty, chosen], 0)]


def remember_choices(form):
    """Tell the choices of `form` the labels of the rows that its instance refers to."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, Choice) and form.instance._meta.get_field(name).is_cached(
            form.instance
        ):
            row = getattr(form.instance, name)
            if row is not None:
                widget.known[str(row.pk)] = field.label_from_instance(row)


class Choices:
    """Every relation in `autocomplete_fields` is chosen by searching."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class EdtfInput(AdminTextInputWidget):
    """A date with its reading in words, which hints.js keeps up to date, and examples."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = dict(attrs or {})
        reading_id = f"{attrs.get('id', name)}_reading"
        attrs["data-reading"] = reverse("hints:date")
        attrs["aria-describedby"] = f"{attrs.get('aria-describedby', '')} {reading_id}".strip()
        context = {
            "field": super().render(name, value, attrs, renderer),
            "reading": reading(value) or "",
            "reading_id": reading_id,
            "examples": [(example, reading(example)) for example in EXAMPLES],
        }
        return loader.render_to_string("admin/timeline/edtf_input.html", context)


def reading(value):
    """The date `value` in words of the language of the page, None when it is no date."""
    language = "vi" if get_language() == "vi" else "en"
    try:
        return edtf.parse(value).label(language)
    except edtf.EdtfError:
        return None


FIELDS[EdtfField] = {"widget": EdtfInput}
