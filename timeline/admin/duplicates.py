"""Rows that are there already: who adds or renames a person, body or source is asked once.

Two names are the same when their words are, without case, tone marks and punctuation; the words
of a person's name in any order. The folded `search` column narrows the rows down in the database,
one pass over one column for each name; only what has every word of the name is read and compared.
"""

from django import forms
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.admin.forms import EditedForm
from timeline.admin.widgets import reading
from timeline.models import Organization, Person, SourceDocument
from timeline.rules.offices import words

NAMES = {
    Person: ("name", "name_latin", "aliases"),
    Organization: ("name_vi", "name_en", "aliases"),
    SourceDocument: ("title_vi", "title_en"),
}
ANOTHER = {
    Person: gettext_lazy("This is somebody else"),
    Organization: gettext_lazy("This is another body"),
    SourceDocument: gettext_lazy("This is another document"),
}
MAX_NAMES = 20  # of one row that are looked for
MAX_WORDS = 10  # of one name that the database looks for
MAX_CANDIDATES = 500  # the shortest rows with these words: a name alone comes before longer ones
MAX_FOUND = 5


def key(model, name):
    """What two names that are the same share: a tuple of folded words."""
    found = words(name)
    return tuple(sorted(found)) if model is Person else found


def names(row, field):
    """The names in one field of `row`: an alias stands on each line."""
    return [name for name in getattr(row, field).splitlines() if words(name)]


def keys(row):
    model = type(row)
    return {key(model, name) for field in NAMES[model] for name in names(row, field)}


def namesakes(model, typed, but=None):
    """At most `MAX_FOUND` rows of `model`, the key `but` aside, that have a name of `typed`."""
    found = {}
    wanted = list(filter(None, dict.fromkeys(key(model, name) for name in typed)))
    for name in wanted[:MAX_NAMES]:
        for row in candidates(model, name, but):
            if name in keys(row):
                found.setdefault(row.pk, row)
        if len(found) >= MAX_FOUND:
            break
    return list(found.values())[:MAX_FOUND]


def candidates(model, name, but):
    rows = model.objects.exclude(pk=but)
    for word in sorted(set(name), key=len, reverse=True)[:MAX_WORDS]:
        rows = rows.filter(search__contains=word)
    return rows.order_by(Length("search"), "pk")[:MAX_CANDIDATES]


def describe(row):
    """`row` for a form that asks whether it is meant."""
    parts = (str(row), *DETAILS[type(row)](row))
    return {
        "key": row.pk,
        "name": str(row),
        "sentence": _("There is already %(row)s.") % {"row": ", ".join(filter(None, parts))},
        "address": reverse(f"admin:timeline_{row._meta.model_name}_change", args=[row.pk]),
        "take": _("Take this one"),
    }


def of_person(person):
    """The latest office: one that lasts, else the one that began last."""
    offices = sorted(
        person.tenures.all(), key=lambda office: (office.latest is None, str(office.earliest or ""))
    )
    return [offices[-1].title if offices else person.country and str(person.country)]


def of_organization(body):
    return [body.get_kind_display(), body.country and str(body.country)]


def of_source(source):
    return [source.get_kind_display(), source.date_edtf and reading(source.date_edtf)]


DETAILS = {Person: of_person, Organization: of_organization, SourceDocument: of_source}


class NamesakeForm(EditedForm):
    """Is refused once when a new name is somebody's already, until `is_another` is ticked."""

    asks = True  # whether the user may look at the rows that are there
    asked_beside = None  # the first field with a name that is there

    is_another = forms.BooleanField(
        required=False,
        help_text=gettext_lazy("Tick this, and save again, when the row that is there is not it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        model = type(self.instance)
        self.fields["is_another"].label = ANOTHER[model]
        address = reverse("hints:namesakes", args=[model._meta.model_name])
        if self.instance.pk:
            address = f"{address}?row={self.instance.pk}"
        for field in NAMES[model]:
            if field in self.fields:
                self.fields[field].widget.attrs["data-namesakes"] = address

    def clean(self):
        cleaned = super().clean()
        if self.asks:
            self.ask(cleaned)
        return cleaned

    def ask(self, cleaned):
        """Put what is there beside the field with its name; what this row was called is no news."""
        model, seen = type(self.instance), set()
        known = keys(self.instance) if self.instance.pk else set()
        for field in NAMES[model]:
            typed = str(cleaned.get(field) or "").splitlines()
            new = [name for name in typed if key(model, name) not in known]
            found = [row for row in namesakes(model, new, self.instance.pk) if row.pk not in seen]
            seen |= {row.pk for row in found}
            if found:
                self.asked_beside = self.asked_beside or field
            if found and not cleaned.get("is_another"):
                self.add_error(field, [link(describe(row)) for row in found])


def link(described):
    return format_html(
        '<a href="{address}" target="_blank" class="namesake" data-key="{key}" '
        'data-name="{name}" data-take="{take}">{sentence}</a>',
        **described,
    )


class AsksAboutNamesakes:
    """An admin page whose form is a `NamesakeForm`: the box to tick is there when it is needed."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.asks = self.has_view_permission(request)
        return form

    def render_change_form(self, request, context, **kwargs):
        page = context["adminform"]
        if beside := page.form.asked_beside:
            page.fieldsets = [
                (title, {**options, "fields": with_box(options["fields"], beside)})
                for title, options in page.fieldsets
            ]
        return super().render_change_form(request, context, **kwargs)


def with_box(fields, beside):
    """The `fields` of a fieldset, with `is_another` below the line that has the field `beside`."""
    lines = []
    for line in fields:
        lines.append(line)
        if line == beside or (isinstance(line, tuple) and beside in line):
            lines.append("is_another")
    return lines
