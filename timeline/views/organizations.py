"""Organisations: the index of all of them, and a page for each."""

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from timeline import public, text
from timeline.models.codes import OrganizationKind
from timeline.portraits import membership
from timeline.views.alphabet import Place, index_page
from timeline.views.evidence import PublicSource
from timeline.views.excerpts import SHOWN, Excerpt, Shelf, Summary, give_parts
from timeline.views.index_fields import Grouping
from timeline.views.index_forms import OrganizationsForm
from timeline.views.page import public_page, show

KINDS = OrganizationKind.values


@public_page
def organizations(request):
    form = OrganizationsForm(request.GET)
    return index_page(request, "organizations.html", form, places, listed)


@public_page
def organization(request, slug):
    organization = get_object_or_404(public.organizations(), slug=slug)
    public.keep_shown([organization], "country", public.countries())
    summary = Summary.of(organization.entries, organization=slug)
    excerpt = Excerpt.of(organization.entries, summary.total)
    shelves = {
        name: Shelf.of(organization.entries.filter(kind=kind), kind=kind, organization=slug)
        for name, kind in [("agreements", "agreement"), ("meetings", "meeting")]
    }
    give_parts(organization, excerpt.entries, *(shelf.entries for shelf in shelves.values()))
    context = {
        "organization": organization,
        "actors": membership.acted_for(organization),
        "tenures": membership.offices_in(organization),
        "documents": documents(organization),
        "summary": summary,
        "excerpt": excerpt,
        **shelves,
    }
    return show(request, "organization.html", context)


def documents(organization):
    """The newest open documents that it issued."""
    issued = public.open_sources().filter(issuer=organization).select_related("issuer")
    newest = issued.order_by("-earliest", "title_en", "title_vi", "slug")[:SHOWN]
    return [PublicSource.listed(source) for source in newest]


# The index


def places(form):
    """Those that `form` lets through, as `Place`s in the order of the page's language."""
    rows = public.organizations()
    if country := form.cleaned_data["country"]:
        rows = rows.filter(country=country)
    rows = rows.order_by().only("slug", "kind", "name_vi", "name_en", "sort_key", "search")
    return [
        Place.of(
            row.pk,
            row.slug,
            row.sort_key if get_language() == "vi" else text.sort_key(row.name),
            kind=row.kind,
            rank=KINDS.index(row.kind) if form.by == Grouping.KIND else 0,
        )
        for row in rows
        if form.finds(row.search)
    ]


def listed(keys, form):
    """{key: organisation} of those with these keys, with their countries and `entry_count`."""
    rows = public.with_entry_counts(public.organizations()).filter(pk__in=keys).in_bulk()
    public.keep_shown(rows.values(), "country", public.countries())
    return rows
