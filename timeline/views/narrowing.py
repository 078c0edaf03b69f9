"""The choices beside the timeline: what each would leave, and the address that it leads to."""

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from timeline import public
from timeline.models import TimelineEntry
from timeline.models.codes import Stage, Status

SHOWN = 10  # countries, people or organisations
by_family_name = attrgetter("sort_key", "slug")


@dataclass(frozen=True)
class Choice:
    """A choice of a facet; the address of a chosen one takes it away again."""

    label: object  # a text, or a row that has a name
    number: int
    url: str
    is_chosen: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """The choices of one filter; `more_url` leads to a list of those that are not shown."""

    name: str
    label: str
    choices: list
    more_url: str = ""


class Narrowing:
    """The facets of a page of the timeline, from the numbers of `facets`."""

    def __init__(self, facets):
        self.numbers = facets
        self.chosen = facets.matches.chosen
        self.values = self.chosen.values()
        self.here = reverse("timeline")

    @cached_property
    def _rows(self):
        """{filter: rows that it may choose}."""
        return {
            "country": self.numbers.countries,
            "with": self.numbers.companions if "country" in self.values else self.numbers.countries,
            "person": self.numbers.people,
            "organization": self.numbers.organizations,
        }

    def facets(self):
        """Those that have something to choose."""
        found = [
            self._periods(),
            self._codes("kind", TimelineEntry.Kind, self.numbers.kinds),
            self._codes("status", Status, self.numbers.statuses),
            self._codes("stage", Stage, self.numbers.stages),
            *self._countries(),
            self._linked("person", more="people"),
            self._linked("organization", more="organizations"),
        ]
        return [facet for facet in found if facet.choices]

    def offer(self, form):
        """Let the choices of `form` be what leads to something, in the order of their names."""
        for name, rows in self._rows.items():
            rows = rows + [row for row in [self._chosen(name)] if row and row not in rows]
            of_people = name == "person"
            in_order = sorted(rows, key=by_family_name) if of_people else public.by_name(rows)
            form.fields[name].offered = in_order

    def _choice(self, label, number, depth=0, **values):
        is_chosen = all(self.values.get(name) == value for name, value in values.items())
        changes = dict.fromkeys(values) if is_chosen else values
        url = self.here + self.chosen.query(**changes)
        return Choice(label, number, url, is_chosen, depth)

    def _label(self, name):
        return self.chosen.form.fields[name].label

    def _codes(self, name, codes, numbers):
        choices = [
            self._choice(capfirst(codes(code).label), numbers[code], **{name: code})
            for code in codes.values
            if numbers[code] or code == self.values.get(name)
        ]
        return Facet(name, self._label(name), choices)

    def _periods(self):
        choices = [
            self._choice(
                period.name,
                period.number,
                period.depth,
                **{"from": f"{period.first:04}", "to": f"{period.last:04}"},
            )
            for period in self.numbers.periods
        ]
        if self.numbers.undated or "dated" in self.values:
            label = capfirst(self.chosen.filters["dated"].extra["choices"][0][1])
            choices.append(self._choice(label, self.numbers.undated, dated="no"))
        return Facet("period", _("Years"), choices)

    def _countries(self):
        """Any of them; beside a chosen one those that it shares records with."""
        if not (chosen := self._chosen("country")):
            return [self._linked("country", more="countries")]
        choice = self._choice(chosen, chosen.number, country=chosen.code)
        return [
            Facet("country", self._label("country"), [choice]),
            self._linked("with", but="country", more="countries"),
        ]

    def _chosen(self, name):
        """The chosen row, with the number of what fits all filters, or None."""
        if row := self.chosen.form.cleaned_data[name]:
            row.number = self.numbers.matches.but().number
        return row

    def _linked(self, name, *, more, but=None):
        """The first rows, and the chosen one wherever it stands."""
        rows = [row for row in self._rows[name] if row.natural_key()[0] != self.values.get(but)]
        shown, chosen = rows[:SHOWN], self._chosen(name)
        shown += [chosen] if chosen and chosen not in shown else []
        choices = [self._choice(row, row.number, **{name: row.natural_key()[0]}) for row in shown]
        more_url = reverse(more) if len(rows) > len(shown) else ""
        return Facet(name, self._label(name), choices, more_url)
