"""The HTML of forms is that of Django's own templates, written at a fraction of their cost."""

import re

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.forms.renderers import DjangoTemplates
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from timeline.rendering import Renderer

SCRIPT = "<script>alert(\"1 & '2'\")</script>"
CHOICES = [
    *(("", "---------"), ("a", SCRIPT), (7, 1234), (None, gettext_lazy("Date")), (SCRIPT, "b")),
    ("A group & more", [("c", mark_safe("<b>bold</b>")), ("d", SCRIPT)]),
]
VALUES = [None, "", "a", "7", 7, SCRIPT, mark_safe("&amp;"), gettext_lazy("Date"), True, "\n x\n"]
WIDGETS = [
    *(forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput()),
    *(forms.HiddenInput(), forms.PasswordInput(), forms.DateInput(), forms.TimeInput()),
    *(forms.SearchInput(), forms.CheckboxInput(), forms.Textarea(), forms.ClearableFileInput()),
    *(forms.NullBooleanSelect(), forms.SplitDateTimeWidget(), forms.MultipleHiddenInput()),
    *(forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES)),
    forms.RadioSelect(choices=CHOICES),
]
ATTRS = {
    "id": "id_x",
    "title": SCRIPT,
    "data-safe": mark_safe("&lt;"),
    "data-lazy": gettext_lazy("Date"),
    "maxlength": 300,
    "required": True,
    "disabled": False,
}


def differing(render):
    """What `render` makes of Django's templates and of our renderer, where they differ.

    Django's template of a choice leaves an empty line after each option.
    """
    theirs, ours = (
        re.sub(r"\n\s*\n", "\n", str(render(renderer)))
        for renderer in (DjangoTemplates(), Renderer())
    )
    return () if ours == theirs else (theirs, ours)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_widget(widget):
    for value in VALUES:
        if isinstance(widget, forms.SplitDateTimeWidget | forms.MultipleHiddenInput):
            value = [value, value]
        assert not differing(lambda way, value=value: widget.render("x<", value, ATTRS, way))


class Strange(forms.Form):
    """Sentences, labels and names that look like HTML."""

    required_css_class = "required"
    line = forms.CharField(label=SCRIPT, help_text="<em>help</em>")
    number = forms.IntegerField(label=mark_safe("<b>Number</b>"), initial=1234567)
    choice = forms.ChoiceField(label="", choices=CHOICES, widget=forms.RadioSelect)
    kept = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("data", [None, {}, {"line": SCRIPT, "number": SCRIPT, "choice": "e"}])
def test_a_form_with_its_labels_and_errors(data):
    def form(renderer):
        form = Strange(data, renderer=renderer)
        if data:
            form.add_error(None, SCRIPT)
        return form

    for way in ("as_div", "as_p", "as_ul", "as_table"):
        assert not differing(lambda renderer, way=way: getattr(form(renderer), way)())
    assert not differing(lambda renderer: form(renderer)["line"].label_tag(attrs={"class": SCRIPT}))
    assert not differing(lambda renderer: form(renderer)["choice"].legend_tag())
    assert not differing(lambda renderer: form(renderer).errors.as_ul())
    assert not differing(lambda renderer: form(renderer)["line"].errors)


@pytest.mark.django_db
def test_every_form_of_the_admin():
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_active=True)
    for model, options in admin.site._registry.items():
        form = options.get_form(request)
        assert not differing(lambda renderer, form=form: form(renderer=renderer)), model


def test_the_forms_of_the_site_are_written_by_it():
    assert isinstance(forms.Form().renderer, Renderer)
    assert Renderer().render("django/forms/errors/list/ul.html", {"errors": []}) == ""
