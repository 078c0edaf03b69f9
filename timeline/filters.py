"""The one place that turns a query string into a queryset of timeline entries.

A value that makes no sense is an error beside its field, and then there are no entries at all: it
never means "everything". Parameters that are not known here are ignored.
"""

from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter, FilterSet, ModelChoiceFilter

from timeline import edtf, public, text
from timeline.filter_form import (
    ByNameField,
    DateField,
    FilterForm,
    NoPageField,
    Order,
    SearchField,
)
from timeline.models import TimelineEntry
from timeline.models.codes import Status

LONGEST_SEARCH = 200  # characters
PAGING = ("after", "before")
DATE_INPUT = forms.TextInput(attrs={"placeholder": "2013-07"})


def unknown_code(codes):
    """The messages of a field that takes one of `codes`."""
    sentence = format_lazy(
        _("There is no such choice; there are: {codes}."), codes=", ".join(codes)
    )
    return {"invalid_choice": sentence}


class ByNameFilter(ModelChoiceFilter):
    field_class = ByNameField


class SearchFilter(Filter):
    """Entries that contain every word."""

    field_class = SearchField

    def filter(self, entries, value):
        for word in text.fold(value).split():
            entries = entries.filter(search__contains=word)
        return entries


class FromFilter(Filter):
    """Entries that may touch the date or what follows it; an open end reaches for ever."""

    field_class = DateField

    def filter(self, entries, value):
        if value is None:
            return entries
        if value.earliest:
            entries = entries.filter(Q(latest__isnull=True) | Q(latest__gte=value.earliest))
        return entries.exclude(date_edtf="")


class ToFilter(Filter):
    """Entries that may touch the date or what precedes it; an open end reaches for ever."""

    field_class = DateField

    def filter(self, entries, value):
        if value is None:
            return entries
        if value.latest:
            entries = entries.filter(Q(earliest__isnull=True) | Q(earliest__lte=value.latest))
        return entries.exclude(date_edtf="")


class CursorFilter(Filter):
    """The place where a page begins or ends; `paging` applies it."""

    field_class = forms.CharField

    def filter(self, entries, value):
        return entries


class TimelineFilter(FilterSet):
    """The filters of the timeline and of everything that is made of it."""

    q = SearchFilter(label=_("Search"), max_length=LONGEST_SEARCH)
    from_ = FromFilter(
        label=pgettext_lazy("date", "From"), max_length=edtf.MAX_LENGTH, widget=DATE_INPUT
    )
    to = ToFilter(label=pgettext_lazy("date", "To"), max_length=edtf.MAX_LENGTH, widget=DATE_INPUT)
    kind = ChoiceFilter(
        field_name="kind",
        label=_("Kind"),
        choices=TimelineEntry.Kind.choices,
        empty_label=_("Any kind"),
        error_messages=unknown_code(TimelineEntry.Kind),
    )
    status = ChoiceFilter(
        field_name="status",
        label=_("Status"),
        choices=Status.choices,
        empty_label=_("Any status"),
        error_messages=unknown_code(Status),
    )
    country = ByNameFilter(
        field_name="countries",
        label=_("Country"),
        queryset=lambda request: public.countries(),
        to_field_name="code",
        empty_label=_("Any country"),
        error_messages={
            "invalid_choice": _(
                "Nothing is known of such a country. Write its two-letter code, as in VN."
            )
        },
    )
    person = ModelChoiceFilter(
        field_name="people",
        label=_("Person"),
        queryset=lambda request: public.people(),
        to_field_name="slug",
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("There is no such person in the timeline.")},
    )
    organization = ByNameFilter(
        field_name="organizations",
        label=_("Organisation"),
        queryset=lambda request: public.organizations(),
        to_field_name="slug",
        empty_label=_("Any organisation"),
        error_messages={"invalid_choice": _("There is no such organisation in the timeline.")},
    )
    order = ChoiceFilter(
        label=_("Order"),
        choices=Order.choices,
        empty_label=None,
        error_messages=unknown_code(Order),
        method="in_order",
    )
    after = CursorFilter(widget=forms.HiddenInput, max_length=250)
    before = CursorFilter(widget=forms.HiddenInput, max_length=250)

    class Meta:
        model = TimelineEntry
        fields = []
        form = FilterForm

    def __init__(self, data):
        super().__init__(data, TimelineEntry.objects.order_by("oldest_key"))

    @classmethod
    def get_filters(cls):
        """`from` is a word of Python, so that its filter is declared as `from_`."""
        return {name.rstrip("_"): declared for name, declared in super().get_filters().items()}

    @property
    def key(self):
        """The column that holds the chosen order."""
        order = self.is_valid() and self.form.cleaned_data["order"]
        return f"{order or Order.OLDEST}_key"

    def in_order(self, entries, name, value):
        return entries.order_by(f"{value}_key")

    def filter_queryset(self, queryset):
        """The matching entries; none at all when any value makes no sense."""
        return super().filter_queryset(queryset) if self.is_valid() else queryset.none()

    def values(self):
        """{name: text} of what is set, canonical: a link made of it asks for the same again."""
        if not self.is_valid():
            return {}
        return {name: _as_text(value) for name, value in self.form.cleaned_data.items() if value}

    def query(self, **changes):
        """`?...` for these filters with `changes` (None takes one out), or the empty string."""
        values = {
            **{name: value for name, value in self.values().items() if name not in PAGING},
            **changes,
        }
        kept = {name: value for name, value in values.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def active(self):
        """(name, label, value to show) of each filter that is set; order and page are none."""
        names = [name for name in self.values() if name not in ("order", *PAGING)]
        return [(name, self.form.fields[name].label, self._shown(name)) for name in names]

    def _shown(self, name):
        value = self.form.cleaned_data[name]
        if isinstance(value, edtf.Edtf):
            return value.label("vi" if get_language() == "vi" else "en")
        if name == "kind":
            return TimelineEntry.Kind(value).label
        if name == "status":
            return Status(value).label
        return str(value)


def _as_text(value):
    return getattr(value, "code", None) or getattr(value, "slug", None) or str(value)


class WholeListFilter(TimelineFilter):
    """The same filters for a file, which has no pages: a page cursor is an error."""

    after = Filter()
    before = Filter()
    after.field_class = before.field_class = NoPageField


class TripListFilter(WholeListFilter):
    """The filters of a file of trips: those that took place, or those of the status asked for."""

    kind = ChoiceFilter(
        field_name="kind",
        label=_("Kind"),
        choices=[(TimelineEntry.Kind.TRIP, TimelineEntry.Kind.TRIP.label)],
        error_messages={"invalid_choice": _("This file holds trips alone.")},
    )

    def filter_queryset(self, queryset):
        """The matching trips, whole: a filter that one leg matches keeps the others too."""
        trips = super().filter_queryset(queryset).filter(kind=TimelineEntry.Kind.TRIP)
        asked = self.is_valid() and self.form.cleaned_data["status"]
        return trips if asked else trips.filter(status=Status.HELD)
