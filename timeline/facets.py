"""How many entries each choice of a filter would show, and how they lie in time.

A number is that of the entries which the link beside it leads to: it follows all filters but the
one that the choice would replace. Entries and their links are counted, and nothing else is read.
"""

from collections import Counter
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, Q

from timeline.expressions import Among
from timeline.filters import OF_TIME, in_period
from timeline.models import Country, Organization, Person, TimelineEntry

OFFERED = 100  # countries, people or organisations
UNITS = 20  # of time in one list
# "Probably" of any date, and "about" of a year, may be another year.
DOUBTED = (
    Q(date_edtf__contains="?")
    | Q(date_edtf__contains="%")
    | (Q(date_edtf__endswith="~") & ~Q(date_edtf__contains="-"))
)


class Group(NamedTuple):
    """How many entries have these columns: of them, with a one-of or a doubted date, or fitting."""

    kind: str
    status: str
    first_year: int | None
    last_year: int | None
    number: int
    one_of: int
    doubted: int
    in_period: int


class Period(NamedTuple):
    """The years `first` to `last`; `depth` says within how many wider ones it is listed."""

    first: int
    last: int
    number: int
    depth: int

    @property
    def name(self):
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


class Facets:
    """The numbers that go with `Matches` of a filter."""

    def __init__(self, matches):
        self.matches = matches
        self.values = matches.chosen.form.cleaned_data

    @cached_property
    def _groups(self):
        """[Group] of what fits the filters but those of its columns, in one question.

        Each number that is asked for here is a sum of some of them.
        """
        found = self.matches.but("kind", "status", *OF_TIME)
        undated = Q(date_edtf="") if self.values["dated"] else Q()
        period = in_period(self.values["from"], self.values["to"]) & undated
        groups = TimelineEntry.objects.order_by().filter(found.condition)
        columns = groups.values_list("kind", "status", "first_year", "last_year").annotate(
            number=Count("pk"),
            one_of=Count("pk", filter=Q(date_edtf__startswith="[")),
            doubted=Count("pk", filter=DOUBTED),
            in_period=Count("pk", filter=period) if period else F("number"),
        )
        return [Group(*row) for row in columns]

    def _fits(self, group, *names):
        """Whether `group` has the chosen code in each of the columns."""
        return all(self.values[name] in ("", getattr(group, name)) for name in names)

    @cached_property
    def kinds(self):
        """{kind: number}."""
        return self._by("kind", but="status")

    @cached_property
    def statuses(self):
        """{status: number}; agreements have none."""
        return self._by("status", but="kind")

    @cached_property
    def stages(self):
        """{stage: number} of agreements; no others have any."""
        with_stage = TimelineEntry.objects.order_by().filter(stage__gt="")
        found = with_stage.filter(self.matches.but("stage").condition)
        return Counter(dict(found.values_list("stage").annotate(Count("pk"))))

    def _by(self, column, but):
        sums = Counter()
        for group in self._groups:
            if group.in_period and getattr(group, column) and self._fits(group, but):
                sums[getattr(group, column)] += group.in_period
        return sums

    @cached_property
    def spans(self):
        """[(first year, last year, nature, kind, number)] without `from` and `to`.

        A year is None where a date is open, and both are where there is none. The nature of a date
        is "one_of", "about" when it is doubted, else "".
        """
        sums = Counter()
        for group in self._groups:
            if self._fits(group, "kind", "status"):
                years = group.first_year, group.last_year
                sums[*years, "one_of", group.kind] += group.one_of
                sums[*years, "about", group.kind] += group.doubted
                sums[*years, "", group.kind] += group.number - group.one_of - group.doubted
        return [(*span, number) for span, number in sums.items() if number]

    @cached_property
    def undated(self):
        """How many there are without a date."""
        return sum(span[-1] for span in self.spans if not any(span[:2]))

    @cached_property
    def periods(self):
        """The years in which entries may have been, wider periods when there are many of them.

        In the one that holds the chosen period, the narrower ones are listed as well.
        """
        years = [year for span in self.spans for year in span[:2] if year]
        if not years:
            return []
        low, high = min(years), max(years)
        step = next(step for step in (1, 10, 100, 1000) if high // step - low // step < UNITS)
        return list(self._periods(low, high, step))

    def _periods(self, low, high, step, depth=0):
        since, until = self.values["from"], self.values["to"]
        chosen = (since and since.earliest, until and until.latest)
        for start in range(low // step * step, high + 1, step):
            first, last = max(start, 1), start + step - 1
            if number := self._in_years(first, last):
                yield Period(first, last, number, depth)
                if step > 1 and all(day and first <= day.year <= last for day in chosen):
                    yield from self._periods(first, last, step // 10, depth + 1)

    def _in_years(self, first, last):
        """How many entries `from` the first `to` the last year would show."""
        return sum(
            number
            for begin, end, _nature, _kind, number in self.spans
            if (begin or end) and (begin is None or begin <= last) and (end is None or end >= first)
        )

    @cached_property
    def countries(self):
        """[Country], each with its `number` of entries, most first; `OFFERED` of them."""
        return self._linked(Country, "countries", "country", "code")

    @cached_property
    def companions(self):
        """The countries that share entries with the chosen one."""
        return self._linked(Country, "countries", "with", "code")

    @cached_property
    def people(self):
        """[Person], in the same way."""
        return self._linked(Person, "people", "person", "sort_key")

    @cached_property
    def organizations(self):
        return self._linked(Organization, "organizations", "organization", "sort_key")

    def _linked(self, model, link, name, order):
        """The rows of `model` that entries link to, as if the filter `name` was not set.

        They are counted by key before anything is read of them.
        """
        key = f"{model._meta.model_name}_id"
        links = getattr(TimelineEntry, link).through.objects.values(key)
        found = self.matches.but(name)
        among = Among("timelineentry", found.keys)
        inner, params = _counted(links if found.are_others else links.filter(among))
        if found.are_others and found.keys:
            others, more = _counted(links.filter(among))
            params += more
            inner = (
                f"SELECT every.{key}, every.number - coalesce(other.number, 0) "
                f"FROM ({inner}) every LEFT JOIN ({others}) other ON every.{key} = other.{key} "
                f"WHERE other.number IS NULL OR every.number > other.number"
            )
        table = connection.ops.quote_name(model._meta.db_table)
        return list(
            model.objects.raw(
                f"WITH counted (row_id, number) AS ({inner}) "
                f"SELECT {table}.*, number FROM counted JOIN {table} ON id = row_id "
                f"ORDER BY number DESC, {order}, id LIMIT {OFFERED}",
                params,
            )
        )


def _counted(links):
    """The SQL and parameters of (key, number) of links."""
    return links.annotate(number=Count("*")).query.sql_with_params()
