"""Filters of the lists. What they offer is found without reading the rows."""

from datetime import date as day

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from timeline import edtf
from timeline.models.codes import State

MANY = 1_000  # a state with more rows is shown as having more
MAX_DECADES = 15  # what is older is one choice
SCHEDULED = "scheduled"
UNDATED = "none"
LEVELS = {len("2013"): 1, len("2013-07"): 2}  # of a choice, below the decades


class StateFilter(admin.SimpleListFilter):
    """The states as a row of links with the number of their rows; one of them is `scheduled`.

    There are no numbers beside a search or another filter, where each would be a search of its own.
    """

    title = gettext_lazy("state")
    parameter_name = "state__exact"
    template = "admin/timeline/state_filter.html"

    ROWS = {
        State.DRAFT: Q(state=State.DRAFT),
        State.REVIEW: Q(state=State.REVIEW),
        SCHEDULED: Q(state=State.PUBLISHED, published_at=None),
        State.PUBLISHED: Q(state=State.PUBLISHED, published_at__isnull=False),
        State.WITHDRAWN: Q(state=State.WITHDRAWN),
    }

    def lookups(self, request, model_admin):
        return [(str(state), state_label(state)) for state in self.ROWS]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in self.ROWS:
            raise IncorrectLookupParameters
        return queryset.filter(self.ROWS[self.value()])

    def choices(self, changelist):
        everything, *states = super().choices(changelist)
        yield everything
        others = changelist.get_filters_params().keys() - set(self.expected_parameters())
        for choice, condition in zip(states, self.ROWS.values(), strict=True):
            if not (others or changelist.query):
                rows = changelist.root_queryset.filter(condition).order_by().values("pk")
                choice["number"] = rows[: MANY + 1].count()
                choice["many"] = MANY if choice["number"] > MANY else None
            yield choice


def state_label(state):
    return _("scheduled") if state == SCHEDULED else State(state).label


class DateFilter(admin.SimpleListFilter):
    """Rows that may touch a decade, a year or a month; any EDTF text in the address, too.

    An interval that spans years is found in each of them, an open end reaches for ever, and what
    has no date is a choice of its own.
    """

    title = gettext_lazy("date")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        """The decades, the years of the one that is chosen, and the months of the year in it."""
        date, offered = self.chosen(), []
        for decade in decades(model_admin.model):
            offered.append(decade)
            if date and is_within(date, edtf.parse(decade[0])):
                offered += years(date)
        if date and self.value() not in dict(offered):
            offered.append((self.value(), label(date)))
        return [*offered, (UNDATED, _("no date"))]

    def choices(self, changelist):
        everything, *dates = super().choices(changelist)
        yield everything
        for choice, (value, _label) in zip(dates, self.lookup_choices, strict=True):
            yield {**choice, "level": LEVELS.get(len(value), 0)}

    def chosen(self):
        """The date that was asked for, or None."""
        if self.value() in (None, UNDATED):
            return None
        try:
            return edtf.parse(self.value())
        except edtf.EdtfError as error:
            raise IncorrectLookupParameters from error

    def queryset(self, request, queryset):
        if self.value() == UNDATED:
            return queryset.filter(earliest=None, latest=None)
        date = self.chosen()
        return queryset.filter(touches(date)) if date else queryset


def touches(date):
    """The condition that a dated row may touch `date`.

    The ends that are open are days here: beside “or there is none” SQLite would look up nearly
    every row by way of an index, where reading them all takes a fifth of the time.
    """
    condition = ~Q(date_edtf="")
    if date.latest:
        condition &= LessThanOrEqual(Coalesce("earliest", Value(day.min)), date.latest)
    if date.earliest:
        condition &= GreaterThanOrEqual(Coalesce("latest", Value(day.max)), date.earliest)
    return condition


def decades(model):
    """The decades from the newest date of `model` back to its oldest, as (EDTF, label)."""
    # Two steps into an index each, where asking for both at once reads all of it on SQLite.
    days = model.objects.filter(earliest__isnull=False).values_list("earliest", flat=True)
    ends = [days.order_by(order).first() for order in ("-earliest", "earliest")]
    if None in ends:
        return
    newest, oldest = (found.year // 10 * 10 for found in ends)
    offered = range(newest, oldest - 1, -10)[:MAX_DECADES]
    for decade in offered:
        yield f"{decade:04}/{decade + 9:04}", f"{decade}–{decade + 9}"
    if offered[-1] > oldest:
        yield f"../{offered[-1] - 1:04}", _("before %(year)s") % {"year": offered[-1]}


def is_within(date, decade):
    """Whether a date with two ends lies in `decade`, which may have no beginning."""
    if not (date.earliest and date.latest):
        return False
    return (decade.earliest or date.earliest) <= date.earliest and date.latest <= decade.latest


def years(date):
    """The years of the decade that `date` lies in, and the months of its year when it has one."""
    first = date.earliest.year // 10 * 10
    for year in range(first, first + 10):
        yield f"{year:04}", f"{year}"
        if date.earliest.year == date.latest.year == year:
            for month in range(1, 13):
                month = edtf.parse(f"{year:04}-{month:02}")
                yield month.text, label(month)


def label(date):
    return date.label("vi" if get_language() == "vi" else "en")
