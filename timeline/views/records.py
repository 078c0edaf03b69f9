"""Trips, meetings and agreements, each with the evidence for it."""

from collections import defaultdict

from django.db.models import Q
from django.shortcuts import get_object_or_404

from timeline import public
from timeline.models import RECORDS, Citation, Meeting, TimelineEntry
from timeline.public import in_order
from timeline.views.citing import citable, styles
from timeline.views.evidence import cited
from timeline.views.page import public_page, show
from timeline.views.support import Support


def record_page(request, kind, slug):
    record = RECORDS[kind].objects.published().filter(slug=slug).first()
    if record is None:
        withdrawn = get_object_or_404(public.withdrawn(kind), slug=slug)
        return show(request, "withdrawn.html", {"record": withdrawn}, status=410)
    entries = TimelineEntry.objects.defer("search", "search_title")
    entry = get_object_or_404(entries, kind=kind, slug=slug)  # it may have been withdrawn since
    belonging = {name: _published(record, name) for name in ("meetings", "agreements", "parts")}
    _give_evidence([row for rows in belonging.values() for row in rows])
    context = {
        "record": record,
        "entry": entry,
        "participations": record.participations.select_related("person", "organization", "country"),
        "support": Support(cited(record.citations.public())),
        "corrections": record.corrections.all(),
        "cite": citable(request, entry),
        "cite_styles": styles(kind, slug),
        "legs": record.legs.select_related("country") if kind == "trip" else [],
        "items": record.items.all() if kind == "agreement" else [],
        **belonging,
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


def _give_evidence(rows):
    """Set `evidence` of records that are published: the citations the public may see, at once."""
    subjects = [
        Q(**{f"{kind}__in": [row for row in rows if row.kind_of_record == kind]})
        for kind in RECORDS
    ]
    found = Citation.objects.public().filter(Q(*subjects, _connector=Q.OR))
    evidence = defaultdict(list)
    for citation in cited(found, with_subject=True):
        evidence[citation.record].append(citation)
    for row in rows:
        row.evidence = evidence[row]


def _published_one(record, name):
    """The record that the foreign key `name` names, when the public may see it, else None.

    It asks in any case: the number of questions does not tell of a hidden one.
    """
    if not hasattr(record, f"{name}_id"):
        return None
    model = record._meta.get_field(name).related_model
    return model.objects.published().filter(pk=getattr(record, f"{name}_id")).first()
