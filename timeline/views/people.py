"""People: the index of everybody, and a page for each."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from timeline import public
from timeline.filters import LONGEST_SEARCH
from timeline.models import Citation
from timeline.portraits import acquaintance, offices
from timeline.search import QUOTES
from timeline.views.alphabet import Place, index_page
from timeline.views.evidence import cited
from timeline.views.excerpts import Excerpt, Shelf, Summary, give_parts, timeline_url
from timeline.views.index_fields import Order
from timeline.views.index_forms import PeopleForm
from timeline.views.page import public_page, show

PHRASE = LONGEST_SEARCH - 2  # characters between quotation marks
OFFICES, EVIDENCE = 60, 200  # offices of a person, and what sources say of them


@public_page
def people(request):
    return index_page(request, "people.html", PeopleForm(request.GET), places, listed)


@public_page
def person(request, slug):
    person = get_object_or_404(public.people(), slug=slug)
    public.keep_shown([person], "country", public.countries())
    summary = Summary.of(person.entries, person=slug)
    excerpt = Excerpt.of(person.entries, summary.total)
    shelves = {
        name: Shelf.of(entries, kind=kind, person=slug)
        for name, kind, entries in [
            ("trips", "trip", acquaintance.journeys(person)),
            ("received", "trip", acquaintance.visits_received(person)),
            ("agreements", "agreement", person.entries.filter(kind="agreement")),
        ]
    }
    give_parts(person, excerpt.entries, *(shelf.entries for shelf in shelves.values()))
    held = tenures(person)
    worded = offices.beyond(offices.wordings(person), held)
    context = {
        "person": person,
        "office": offices.latest([person.pk]).get(person.pk),
        "names": names(person),
        "tenures": held,
        "wordings": [(row, said(person, row.title)) for row in worded],
        "met": [
            (row, said(person, row.person.name, kind="meeting")) for row in acquaintance.met(person)
        ],
        "visited": acquaintance.visited(person),
        "summary": summary,
        "excerpt": excerpt,
        **shelves,
    }
    return show(request, "person.html", context)


def said(person, words, **filters):
    """The address of those records of `person` in which these words stand."""
    return timeline_url(q=f'"{phrase(words)}"', **filters, person=person.slug)


def phrase(words):
    """`words` as a search takes them: so many whole ones as there is room for."""
    words = words.translate(dict.fromkeys(map(ord, QUOTES), " "))
    return words if len(words) <= PHRASE else words[:PHRASE].rpartition(" ")[0]


def names(person):
    """[(other name, the first record that has it, or None)]: what editors know, what is found."""
    known = dict.fromkeys(person.aliases.splitlines())
    return list({**known, **acquaintance.spellings(person)}.items())


def tenures(person):
    """The offices that citable sources show, in order of time, each with its `public_citations`.

    A country or a body that no entry shows is not named here either.
    """
    tenures = list(public.tenures().filter(person=person)[:OFFICES])
    public.keep_shown(tenures, "country", public.countries())
    public.keep_shown(tenures, "organization", public.organizations())
    of_these = Citation.objects.public().filter(tenure__in=[tenure.pk for tenure in tenures])
    some = of_these.order_by("source__slug", "slug").values("pk")[:EVIDENCE]
    evidence = cited(Citation.objects.public().filter(pk__in=some), with_subject=True)
    for tenure in tenures:
        tenure.public_citations = [c for c in evidence if c.tenure.pk == tenure.pk]
    return tenures


# The index


@dataclass(frozen=True)
class Filed:
    """Somebody in the index: the name in its usual order, in parts, of which `key` is sorted by."""

    person: object
    before: str
    key: str
    after: str
    office: offices.Office | None


def places(form):
    """Everybody whom `form` lets through, as `Place`s."""
    rows = public.people()
    if country := form.cleaned_data["country"]:
        rows = rows.filter(country=country)
    key = "given_key" if form.by == Order.GIVEN else "sort_key"
    found = rows.order_by().values_list("pk", "slug", key, "search")
    return [Place.of(pk, slug, key) for pk, slug, key, search in found if form.finds(search)]


def listed(keys, form):
    """{key: `Filed`} of the people with these keys."""
    rows = public.with_entry_counts(public.people()).filter(pk__in=keys).in_bulk()
    public.keep_shown(rows.values(), "country", public.countries())
    held = offices.latest(keys)
    return {
        pk: Filed(row, *parted(row.name, row.sort_name, form.by), held.get(pk))
        for pk, row in rows.items()
    }


def parted(name, sort_name, by):
    """`name` as (before, key, after), where `key` is the family or given name, if it is there."""
    family, _comma, given = (part.strip() for part in (sort_name or name).partition(","))
    if not given:
        words = family.split() or [name]
        family, given = words[0], words[-1]
    before, key, after = name.rpartition(given) if by == Order.GIVEN else name.partition(family)
    return (before, key, after) if key else ("", "", name)
