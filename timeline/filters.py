"""The one place that turns a query string into a queryset of timeline entries.

A value that makes no sense is an error beside its field, and then there are no entries at all: it
never means "everything". Parameters that are not known here are ignored.
"""

from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter, FilterSet, ModelChoiceFilter

from timeline import edtf, public
from timeline.expressions import key_set
from timeline.filter_form import (
    DateField,
    FilterForm,
    LinkedField,
    NoPageField,
    Order,
    SearchField,
)
from timeline.models import TimelineEntry
from timeline.models.codes import Stage, Status
from timeline.search import Search

LONGEST_SEARCH = 200  # characters
PAGING = ("after", "before")
OF_PERIOD = ("from", "to")
OF_TIME = (*OF_PERIOD, "dated")
UNKNOWN_COUNTRY = {
    "invalid_choice": _("Nothing is known of such a country. Write its two-letter code, as in VN.")
}
DATE_INPUT = forms.TextInput(attrs={"placeholder": "2013-07"})


def unknown_code(codes):
    """The messages of a field that takes one of `codes`."""
    sentence = format_lazy(
        _("There is no such choice; there are: {codes}."), codes=", ".join(codes)
    )
    return {"invalid_choice": sentence}


class OfEntry:
    """A filter that asks entries themselves."""

    def keys(self, value):
        """The keys of the entries that fit, as a set of texts."""
        return key_set(self.filter(TimelineEntry.objects.all(), value))


class OfLinks:
    """A filter that asks what entries are linked to, by the name `field_name`."""

    def filter(self, entries, value):
        if not value:
            return entries
        return entries.filter(pk__in=self._links(value).values("timelineentry"))

    def keys(self, value):
        return key_set(self._links(value), "timelineentry")

    def _links(self, value):
        links = getattr(TimelineEntry, self.field_name).through.objects
        return links.filter(**{value._meta.model_name: value})


class CodeFilter(OfEntry, ChoiceFilter):
    """Entries with a code."""


class LinkedFilter(OfLinks, ModelChoiceFilter):
    """Entries that a country, person or organisation has a part in, whatever others have."""

    field_class = LinkedField


class SearchFilter(OfEntry, Filter):
    """Entries that contain every word and phrase."""

    field_class = SearchField

    def filter(self, entries, value):
        return entries.filter(self.parent.search.condition) if value else entries


class FromFilter(OfEntry, Filter):
    """Entries that may touch the date or what follows it; an open end reaches for ever."""

    field_class = DateField

    def filter(self, entries, value):
        return entries.filter(in_period(value, None)) if value else entries


class ToFilter(OfEntry, Filter):
    """Entries that may touch the date or what precedes it; an open end reaches for ever."""

    field_class = DateField

    def filter(self, entries, value):
        return entries.filter(in_period(None, value)) if value else entries


def in_period(first, last):
    """The condition on entries that may touch the time from `first` to `last`, dates or None.

    What has no date is in no period, however long it is; without any, all fits.
    """
    condition = ~Q(date_edtf="") if first or last else Q()
    if first and first.earliest:
        condition &= Q(latest__isnull=True) | Q(latest__gte=first.earliest)
    if last and last.latest:
        condition &= Q(earliest__isnull=True) | Q(earliest__lte=last.latest)
    return condition


class DatedFilter(CodeFilter):
    """Entries without a date, which no period has."""

    def filter(self, entries, value):
        return entries.filter(date_edtf="") if value else entries


class CursorFilter(Filter):
    """The place where a page begins or ends; `paging` applies it."""

    field_class = forms.CharField

    def filter(self, entries, value):
        return entries


class TimelineFilter(FilterSet):
    """The filters of the timeline and of everything that is made of it."""

    q = SearchFilter(label=_("Search"), max_length=LONGEST_SEARCH, widget=forms.SearchInput)
    from_ = FromFilter(
        label=pgettext_lazy("date", "From"), max_length=edtf.MAX_LENGTH, widget=DATE_INPUT
    )
    to = ToFilter(label=pgettext_lazy("date", "To"), max_length=edtf.MAX_LENGTH, widget=DATE_INPUT)
    dated = DatedFilter(
        label=_("Date"),
        choices=[("no", _("without a date"))],
        empty_label=_("Any date, or none"),
        error_messages=unknown_code(["no"]),
    )
    kind = CodeFilter(
        field_name="kind",
        label=_("Kind"),
        choices=TimelineEntry.Kind.choices,
        empty_label=_("Any kind"),
        error_messages=unknown_code(TimelineEntry.Kind),
    )
    status = CodeFilter(
        field_name="status",
        label=_("Status"),
        choices=Status.choices,
        empty_label=_("Any status"),
        error_messages=unknown_code(Status),
    )
    stage = CodeFilter(
        field_name="stage",
        label=_("Stage"),
        choices=Stage.choices,
        empty_label=_("Any stage"),
        error_messages=unknown_code(Stage),
    )
    country = LinkedFilter(
        field_name="countries",
        label=_("Country"),
        queryset=lambda request: public.countries(),
        to_field_name="code",
        empty_label=_("Any country"),
        error_messages=UNKNOWN_COUNTRY,
    )
    with_ = LinkedFilter(
        field_name="countries",
        label=_("Together with"),
        queryset=lambda request: public.countries(),
        to_field_name="code",
        empty_label=_("Any country"),
        error_messages=UNKNOWN_COUNTRY,
    )
    person = LinkedFilter(
        field_name="people",
        label=_("Person"),
        queryset=lambda request: public.people(),
        to_field_name="slug",
        empty_label=_("Anybody"),
        error_messages={"invalid_choice": _("There is no such person in the timeline.")},
    )
    organization = LinkedFilter(
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
        """`from` and `with` are words of Python: their filters are declared as `from_`, `with_`."""
        return {name.rstrip("_"): declared for name, declared in super().get_filters().items()}

    @cached_property
    def search(self):
        """What is searched for, by all that asks with this filter."""
        return Search(self.form.cleaned_data["q"] if self.is_valid() else "")

    @property
    def order_in_effect(self):
        """The chosen order: without a search, no match is better than another one."""
        order = self.is_valid() and self.form.cleaned_data["order"]
        return Order.OLDEST if not order or self._best_of_all(order) else Order(order)

    def _best_of_all(self, order):
        return order == Order.BEST and not self.search.terms

    @property
    def key(self):
        """The column that holds the chosen order."""
        return f"{self.order_in_effect}_key"

    def in_order(self, entries, name="order", value=None):
        """`entries` in the chosen order."""
        if self.order_in_effect == Order.BEST:
            entries = entries.annotate(best_key=self.search.best_key)
        return entries.order_by(self.key)

    def filter_queryset(self, queryset):
        """The matching entries; none at all when any value makes no sense."""
        return super().filter_queryset(queryset) if self.is_valid() else queryset.none()

    def entries(self):
        """The matching entries in no order."""
        return self.qs.order_by()

    def values(self):
        """{name: text} of what is set, canonical: a link made of it asks for the same again."""
        if not self.is_valid():
            return {}
        return {name: _as_text(value) for name, value in self.form.cleaned_data.items() if value}

    def query(self, **changes):
        """`?...` for these filters with `changes` (None takes one out), or the empty string.

        A period takes the place of "without a date", and the other way round.
        """
        values = {
            **{name: value for name, value in self.values().items() if name not in PAGING},
            **changes,
        }
        if values.get("dated") and any(values.get(name) for name in OF_PERIOD):
            replaced = OF_PERIOD if changes.get("dated") else ("dated",)
            values |= dict.fromkeys(replaced)
        if values.get("with") and not values.get("country"):
            values |= {"country": values["with"], "with": None}
        if values.get("order") == Order.BEST and not values.get("q"):
            values["order"] = None
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
        if isinstance(self.filters[name], CodeFilter):
            return str(dict(self.form.fields[name].choices)[value])
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

    kind = CodeFilter(
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
