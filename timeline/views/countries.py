"""Countries: the index of all of them, a page for each, and one for each two of them."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline import public, text
from timeline.portraits import offices, relations
from timeline.views.alphabet import Place, index_page
from timeline.views.excerpts import SHOWN, Excerpt, Shelf, Summary
from timeline.views.index_forms import CountriesForm
from timeline.views.page import public_page, show
from timeline.views.relation_drawing import Drawing


@public_page
def countries(request):
    return index_page(request, "countries.html", CountriesForm(request.GET), places, listed)


@public_page
def country(request, code):
    country = get_object_or_404(public.countries(), code=code)
    summary = Summary.of(country.entries, country=code)
    visits, journeys = relations.visits(country), relations.journeys(country)
    levels = relations.levels(country)
    context = {
        "country": country,
        "drawing": Drawing.of(visits, journeys, levels),
        "visits": Shelf.of(visits, kind="trip", country=code),
        "journeys": Shelf.of(journeys, kind="trip", country=code),
        "levels": Shelf.of(levels, kind="agreement", country=code),
        "agreements": Shelf.of(relations.agreements(country), kind="agreement", country=code),
        "meetings": Shelf.of(relations.meetings_in(country), kind="meeting", country=code),
        "neighbours": [
            (row, pair_url(country, row.country)) for row in relations.neighbours(country)
        ],
        "people": people_of(country),
        "organizations": organizations_of(country),
        "summary": summary,
        "excerpt": Excerpt.of(country.entries, summary.total),
    }
    return show(request, "country.html", context)


@public_page
def country_pair(request, code, other):
    """What two countries have in common; whatever the order asked for, there is one address."""
    found = public.countries().filter(code__in=(code, other))
    pair = sorted(found, key=lambda country: country.code)
    if len(pair) != 2 or not relations.entries_of(*pair).exists():
        raise Http404
    if pair[0].code != code:
        return HttpResponsePermanentRedirect(pair_url(*pair))
    return show(request, "country_pair.html", of_pair(*pair))


def pair_url(*pair):
    return reverse("country_pair", args=sorted(country.code for country in pair))


def of_pair(one, other):
    """What the page of two countries shows."""
    both = {"country": one.code, "with": other.code}
    entries = relations.entries_of(one, other)
    summary = Summary.of(entries, **both)
    inward, outward = relations.journeys(other, one), relations.journeys(one, other)
    levels = relations.levels(one, other)
    elsewhere = relations.meetings_elsewhere(one, other)
    trips_words = _("Trips: %(from)s → %(to)s")
    return {
        "country": one,
        "other": other,
        "drawing": Drawing.of(inward, outward, levels),
        "above": trips_words % {"from": other, "to": one},
        "below": trips_words % {"from": one, "to": other},
        "inward": Shelf.of(inward, kind="trip", **both),
        "outward": Shelf.of(outward, kind="trip", **both),
        "levels": Shelf.of(levels, kind="agreement", **both),
        "agreements": Shelf.of(relations.agreements(one, other), kind="agreement", **both),
        "elsewhere": Shelf.of(elsewhere, kind="meeting", **both),
        "met": relations.who_met_whom(one, other),
        "summary": summary,
        "excerpt": Excerpt.of(entries, summary.total),
    }


def people_of(country):
    """[(person, office or None)] of those of `country` who stand in most records."""
    rows = public.with_entry_counts(public.people().filter(country=country))
    people = list(rows.order_by("-entry_count", "sort_key", "slug")[:SHOWN])
    held = offices.latest([person.pk for person in people])
    return [(person, held.get(person.pk)) for person in people]


def organizations_of(country):
    """The organisations of `country` that stand in most records."""
    rows = public.with_entry_counts(public.organizations().filter(country=country))
    return list(rows.order_by("-entry_count", "sort_key", "slug")[:SHOWN])


# The index


def places(form):
    """The countries that `form` lets through, as `Place`s in the order of the page's language."""
    return [
        Place.of(row.pk, row.code, text.sort_key(row.name))
        for row in public.countries().order_by()
        if form.finds(row.search)
    ]


def listed(keys, form):
    """{key: country} of those with these keys, with their `entry_count`."""
    return public.with_entry_counts(public.countries()).filter(pk__in=keys).in_bulk()
