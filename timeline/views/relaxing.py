"""What a search without a hit could do without, and how much there would be then."""

from dataclasses import dataclass

from django.db.models import Case, Count, When
from django.urls import reverse

from timeline.models import TimelineEntry
from timeline.search import matching

TERMS = 10  # of a search that are left out one by one


@dataclass(frozen=True)
class Relaxation:
    """A filter, or a term of the search, without which there are `number` entries at `url`.

    Or those when nothing else is asked for: `is_alone`.
    """

    label: str
    value: str
    number: int
    url: str
    is_alone: bool = False

    @property
    def what(self):
        return f"{self.label}: {self.value}"


def relaxations(matches):
    """What could be asked for instead, the most first: all but one thing, else one thing alone."""
    found = _without_one(matches) or _one_alone(matches)
    return sorted(found, key=lambda relaxation: -relaxation.number)


def _without_one(matches):
    chosen, here = matches.chosen, reverse("timeline")
    found = [
        Relaxation(label, value, matches.but(name).number, here + chosen.query(**{name: None}))
        for name, label, value in chosen.active()
    ]
    terms = chosen.search.terms
    if 1 < len(terms) <= TERMS:
        label = chosen.form.fields["q"].label
        for place, number in _lacking_one(matches, terms).items():
            kept = " ".join(map(str, [*terms[:place], *terms[place + 1 :]]))
            url = here + chosen.query(q=kept)
            found.append(Relaxation(label, str(terms[place]), number, url))
    return [relaxation for relaxation in found if relaxation.number]


def _one_alone(matches):
    """Each filter without the others; a second country is nothing without the first one."""
    chosen, here = matches.chosen, reverse("timeline")
    active = [row for row in chosen.active() if row[0] != "with"]
    others = {name: [other for other in matches.active if other != name] for name, *_rest in active}
    found = [
        Relaxation(
            label,
            value,
            matches.but(*others[name]).number,
            here + chosen.query(**dict.fromkeys(others[name])),
            is_alone=True,
        )
        for name, label, value in active
    ]
    return [relaxation for relaxation in found if relaxation.number]


def _lacking_one(matches, terms):
    """{place of a term: number} of the entries that hold all terms but that one, by all filters.

    Each term is looked for in each entry once: reading the texts takes longer than all else.
    """
    others = TimelineEntry.objects.order_by().filter(matches.but("q").condition)
    lacks = {
        f"lacks_{place}": Case(When(matching([term]), then=0), default=1)
        for place, term in enumerate(terms)
    }
    groups = others.annotate(**lacks).values_list(*lacks).annotate(Count("pk"))
    return {lacking.index(1): number for *lacking, number in groups if sum(lacking) == 1}
