"""Trips, meetings and agreements, each with the evidence for it."""

from django.shortcuts import get_object_or_404

from timeline import public
from timeline.models import RECORDS, Meeting, TimelineEntry
from timeline.public import in_order
from timeline.views.evidence import cited
from timeline.views.page import public_page, show


def record_page(request, kind, slug):
    record = RECORDS[kind].objects.published().filter(slug=slug).first()
    if record is None:
        withdrawn = get_object_or_404(public.withdrawn(kind), slug=slug)
        return show(request, "withdrawn.html", {"record": withdrawn}, status=410)
    citations = cited(record.citations.public())
    context = {
        "record": record,
        "entry": TimelineEntry.objects.defer("search").filter(kind=kind, slug=slug).first(),
        "participations": record.participations.select_related("person", "organization", "country"),
        "citations": citations,
        "sources_count": len({citation.source.slug for citation in citations}),
        "contradicted": any(citation.contradicts for citation in citations),
        "corrections": record.corrections.all(),
        "legs": record.legs.select_related("country") if kind == "trip" else [],
        "items": record.items.all() if kind == "agreement" else [],
        "meetings": _published(record, "meetings"),
        "agreements": _published(record, "agreements"),
        "parts": _published(record, "parts"),
        "trip": _published_one(record, "trip"),
        "meeting": _published_one(record, "meeting"),
        "part_of": _published_one(record, "part_of"),
    }
    return show(request, f"{kind}.html", context)


@public_page
def trip(request, slug):
    return record_page(request, "trip", slug)


@public_page
def meeting(request, slug):
    return record_page(request, "meeting", slug)


@public_page
def agreement(request, slug):
    return record_page(request, "agreement", slug)


def _published(record, name):
    """The published records in the relation `name`; none where there is no such relation."""
    if not hasattr(record, name):
        return []
    rows = in_order(getattr(record, name).published())
    if rows.model is Meeting:
        return list(rows.select_related("country"))
    return list(rows.prefetch_related("items"))


def _published_one(record, name):
    """The record that the foreign key `name` names, when the public may see it, else None.

    It asks in any case: the number of questions does not tell of a hidden one.
    """
    if not hasattr(record, f"{name}_id"):
        return None
    model = record._meta.get_field(name).related_model
    return model.objects.published().filter(pk=getattr(record, f"{name}_id")).first()
