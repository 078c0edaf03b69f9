"""People, organisations and countries: everything that the timeline shows of them."""

from django.shortcuts import get_object_or_404

from timeline import public
from timeline.models import Citation
from timeline.projection import sort_keys
from timeline.views.evidence import cited
from timeline.views.page import public_page, show


@public_page
def people(request):
    rows = public.with_entry_counts(public.people())
    return show(request, "people.html", {"people": rows.order_by("sort_key", "slug")})


@public_page
def organizations(request):
    rows = public.by_name(public.with_entry_counts(public.organizations()))
    return show(request, "organizations.html", {"organizations": rows})


@public_page
def countries(request):
    rows = public.by_name(public.with_entry_counts(public.countries()))
    return show(request, "countries.html", {"countries": rows})


@public_page
def person(request, slug):
    person = get_object_or_404(public.people(), slug=slug)
    public.keep_shown([person], "country", public.countries())
    context = {
        "person": person,
        "tenures": _tenures(person),
        "participations": _participations(person),
        "entries": public.with_trips(person.entries.all()),
    }
    return show(request, "person.html", context)


@public_page
def organization(request, slug):
    organization = get_object_or_404(public.organizations(), slug=slug)
    public.keep_shown([organization], "country", public.countries())
    context = {
        "organization": organization,
        "participations": _participations(organization),
        "entries": public.with_trips(organization.entries.all()),
    }
    return show(request, "organization.html", context)


@public_page
def country(request, code):
    country = get_object_or_404(public.countries(), code=code)
    context = {
        "country": country,
        "entries": public.with_trips(country.entries.all()),
    }
    return show(request, "country.html", context)


def _participations(row):
    """The parts that a person or body took in published records, the latest last.

    Each has its `record` beside it.
    """
    rows = list(
        public.participations()
        .filter(**{row._meta.model_name: row})
        .select_related("trip", "meeting", "agreement", "person", "organization", "country")
    )
    for participation in rows:
        participation.record = participation.subject
    return sorted(
        rows, key=lambda participation: (sort_keys(participation.record), participation.pk)
    )


def _tenures(person):
    """The offices that citable sources show, each with its `public_citations`.

    A country or a body that no entry shows is not named here either.
    """
    tenures = list(public.tenures().filter(person=person))
    public.keep_shown(tenures, "country", public.countries())
    public.keep_shown(tenures, "organization", public.organizations())
    evidence = cited(Citation.objects.public().filter(tenure__in=tenures), with_subject=True)
    for tenure in tenures:
        tenure.public_citations = [c for c in evidence if c.tenure.pk == tenure.pk]
    return tenures
