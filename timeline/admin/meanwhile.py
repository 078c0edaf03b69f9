"""What others changed while a form was open: no save overwrites it, and nothing typed is lost.

The form of a stored row says which version of the row it was made from. When another one is stored
by the time the form comes back, three versions are compared: the one that was read, the one that
is stored, the one that was typed. What only the others changed is taken over, what was typed stays,
and what both changed is shown with both, to choose. The next save then knows the stored version.
"""

from typing import NamedTuple

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.forms.models import model_to_dict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from timeline.admin.keys import is_key

VERSION = "read_version"
THEIRS = "theirs"  # the choice of what is stored, for one field
REMOVE = "remove_"  # begins the name of the checkbox that takes the file of a field away


class ReadVersion(forms.IntegerField):
    """The hidden number of the version that a form was made from; never a change by itself."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial, data):
        return False


class Difference(NamedTuple):
    """One field that others changed: in words, before, as stored, as typed (None: not touched)."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str | None
    choice: str  # the name of the checkbox that takes what is stored, "" where there is none


class Meanwhile:
    """What became of a row between the version that a form was made from and the stored one.

    `data` is what the form holds from here on. `typed` are the fields that were changed in it,
    `uploads` those of them with a file, which no page can hold for the next time.
    """

    def __init__(self, form):
        self.form = form
        self.row = form.instance
        self.data = form.data.copy()
        self.typed, self.uploads, self.differences = [], [], []
        versions = type(self.row).history.filter(id=self.row.pk).order_by("history_id")
        read = form.data.get(form.add_prefix(VERSION), "")
        known = versions.filter(version=int(read)) if is_key(read) else []
        self.read = (known and known.last()) or None
        after = {"history_id__gt": self.read.history_id} if self.read else {}
        self.later = list(versions.filter(**after).select_related("history_user")[:100])
        self._compare()
        self.data[form.add_prefix(VERSION)] = str(self.row.version)

    def _compare(self):
        fields = self.form.fields
        before = model_to_dict(self.read, fields) if self.read else self.form.initial
        for name, field in fields.items():
            if name not in self.form.initial:
                continue
            if isinstance(field, forms.FileField):
                self._compare_file(name, str(before[name] or ""))
                continue
            bound, stored = self.form[name], self.form.initial[name]
            typed = field.has_changed(before[name], bound.data)
            if typed:
                self.typed.append(name)
            if before[name] == stored or (typed and not field.has_changed(stored, bound.data)):
                continue
            if not typed:
                put(self.data, bound, stored)
            label, *values = str(field.label), before[name], stored
            words = [self._words(name, value) for value in values]
            mine = self._words(name, bound.data) if typed else None
            self.differences.append(Difference(name, label, *words, mine, choice_of(bound)))

    def _compare_file(self, name, before):
        """A file is the one of its name: it is given another name each time that it is stored."""
        bound, stored = self.form[name], str(self.form.initial[name] or "")
        upload, mine = bound.data, None
        if upload is not None:
            self.uploads.append(name)
            mine = upload.name
        elif is_ticked(self.form, f"{REMOVE}{name}"):
            mine = ""
        if mine is not None:
            self.typed.append(name)
        if before != stored:
            label = str(bound.field.label)
            self.differences.append(Difference(name, label, before, stored, mine, ""))

    def _words(self, name, value):
        if isinstance(value, list):  # the two inputs of a moment
            return " ".join(part for part in value if part)
        field = self.row._meta.get_field(name)
        if field.is_relation:
            key = str(value or "")
            found = field.related_model.objects.filter(pk=key) if is_key(key) else ()
            return str(found[0]) if found else ""
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return "" if value is None else str(value)

    @property
    def refuses(self):
        """Whether saving would have lost what somebody did."""
        return bool(self.typed or (self.differences and deleted(self.form)))

    @property
    def clashes(self):
        """The fields that both changed."""
        return [difference for difference in self.differences if difference.mine is not None]

    @property
    def sentence(self):
        if not self.later:
            return _("This form does not say which version it was made from.")
        return _("“%(row)s” has been changed since you opened it: %(by)s.") % {
            "row": self.row,
            "by": "; ".join(dict.fromkeys(signed(version) for version in self.later)),
        }


def signed(version):
    """Who made a version of a row, and when."""
    when = date_format(localtime(version.history_date), "j F Y H:i")
    return f"{version.history_user or '–'}, {when}"


def choice_of(bound):
    return f"{THEIRS}-{bound.html_name}"


def put(data, bound, value):
    """Let the form data hold `value` in the inputs of one field."""
    name, widget = bound.html_name, bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        for suffix, part, text in parts:
            data[f"{name}{suffix}"] = part.format_value(text) or ""
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    else:
        value = bound.field.prepare_value(value)
        if not hasattr(widget, "choices"):
            value = widget.format_value(value)
        data[name] = "" if value is None else str(value)


def is_ticked(form, name):
    return name in form.fields and form[name].data


def deleted(form):
    """Whether the row of a part is marked to be deleted."""
    return "DELETE" in form.fields and form.add_prefix("DELETE") in form.data


def told(context):
    """What the page tells of the changes of others, for each row that was not saved for them."""
    shown = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        shown += inline.formset.initial_forms
    found = [getattr(form, "meanwhile", None) for form in shown]
    return [meanwhile for meanwhile in found if meanwhile and meanwhile.refuses]


def typed(request, model):
    """What a form held that can no longer be stored, as [(label, text)], for the page to keep."""
    found = []
    for name, values in request.POST.lists():
        text = "\n".join(value for value in values if value.strip())
        if not text or name.startswith("_") or name.endswith(("_FORMS", VERSION, "token")):
            continue
        try:
            label = str(model._meta.get_field(name).verbose_name)
        except FieldDoesNotExist:
            label = name
        found.append((label, text))
    return found
