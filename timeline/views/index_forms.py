"""What an index can be asked for, what it says to nonsense, and the addresses of its pages.

A value that makes no sense is told with 400; parameters that are not known here are ignored.
"""

from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.filter_form import SearchField
from timeline.models.codes import OrganizationKind
from timeline.views.index_fields import OTHER, CountryField, Grouping, LetterField, Order, choice

LONGEST_NAME = 100  # characters


class IndexForm(forms.Form):
    """The fields of every index, and its addresses in their canonical form."""

    page = ""  # the name of its address
    orders = ()  # the choices of `by`
    grouping = "letter"  # the attribute of a place that it is grouped by

    letter = LetterField(required=False, max_length=10)
    q = SearchField(required=False, max_length=LONGEST_NAME, label=_("Name begins with"))
    after = forms.SlugField(
        required=False,
        max_length=200,
        error_messages={"invalid": _("There is no such page. Go back to the first one.")},
    )

    def clean(self):
        for name in self.fields:
            if len(self.data.getlist(name)) > 1:
                self.add_error(name, _("Give this once, not several times."))
        return self.cleaned_data

    @property
    def by(self):
        return self.cleaned_data.get("by") or self.default

    @property
    def default(self):
        return ""

    def lets_through(self, place):
        """Whether `place` is in the index, apart from the group that is chosen."""
        return True

    def finds(self, search):
        """Whether each word that is asked for begins a word of `search`, which is folded."""
        names = text.words(search) if self.wanted else ()
        return all(any(name.startswith(word) for name in names) for word in self.wanted)

    @cached_property
    def wanted(self):
        return text.words(self.cleaned_data["q"])

    def label_of(self, group):
        return _("0–9 and others") if group == OTHER else group.upper()

    def query(self, **changes):
        """`?...` for what is asked with `changes` (None takes one out), or the empty string."""
        values = {**self.cleaned_data, **changes}
        if values.get("by") == self.default:
            del values["by"]
        kept = {
            name: getattr(values[name], "code", values[name]) for name in values if values[name]
        }
        return f"?{urlencode(kept)}" if kept else ""

    def url(self, **changes):
        return reverse(self.page) + self.query(**changes)

    @property
    def start_url(self):
        return reverse(self.page)

    @property
    def narrowing(self):
        """The names of the fields that leave names out, apart from the groups of the index."""
        names = ("letter", "kind", "country", "q")
        return [name for name in names if self.cleaned_data.get(name) and name != self.grouping]

    @property
    def is_asked(self):
        """Whether anything is asked that leaves names out."""
        return bool(self.narrowing or self.cleaned_data.get(self.grouping))

    def limits(self):
        """What leaves names out: [{"label", "url" of the index without it}]."""
        return [
            {"label": self.shown(name), "url": self.url(**{name: None, "after": None})}
            for name in self.narrowing
        ]

    def shown(self, name):
        value = str(self.cleaned_data[name])
        return value.upper() if name == "letter" else value

    def kept(self):
        """(name, value) of what the box that looks for a name keeps."""
        return [
            (name, getattr(value, "code", value))
            for name, value in self.cleaned_data.items()
            if value and name not in ("q", "letter", "after")
        ]

    def switches(self):
        """The orders that can be chosen: [{"label", "url", "is_current"}]."""
        return [
            {
                "label": label,
                "url": self.url(by=value, after=None, letter=None),
                "is_current": value == self.by,
            }
            for value, label in self.orders
        ]


class PeopleForm(IndexForm):
    """People by given name, as Vietnamese readers expect, or by family name."""

    page = "people"
    orders = Order.choices

    by = choice(Order)
    country = CountryField(required=False, max_length=2)

    field_order = ("by", "letter", "country", "q", "after")

    @property
    def default(self):
        return Order.GIVEN if get_language() == "vi" else Order.FAMILY


class OrganizationsForm(IndexForm):
    """Organisations by letter or by kind; those of one kind, or of one country."""

    page = "organizations"
    orders = Grouping.choices
    default = Grouping.LETTER

    by = choice(Grouping)
    kind = choice(OrganizationKind)
    country = CountryField(required=False, max_length=2)

    field_order = ("by", "letter", "kind", "country", "q", "after")

    @property
    def grouping(self):
        return self.by

    def lets_through(self, place):
        other = "kind" if self.grouping == "letter" else "letter"
        wanted = self.cleaned_data[other]
        return not wanted or getattr(place, other) == wanted

    def shown(self, name):
        if name == "kind":
            return OrganizationKind(self.cleaned_data[name]).label
        return super().shown(name)

    def label_of(self, group):
        if self.grouping == "kind":
            return OrganizationKind(group).label
        return super().label_of(group)


class CountriesForm(IndexForm):
    page = "countries"

    field_order = ("letter", "q", "after")
