"""What the public may see of the edit side: the one place that public pages and filters ask.

People, bodies and countries are public when an entry of the timeline shows them. A source is
public when it may be cited and something public cites it.
"""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from timeline import text
from timeline.models import (
    RECORDS,
    Citation,
    Country,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
)


def _shown(model, link):
    links = getattr(TimelineEntry, link).through.objects
    return model.objects.filter(Exists(links.filter(**{model._meta.model_name: OuterRef("pk")})))


def people():
    return _shown(Person, "people")


def organizations():
    return _shown(Organization, "organizations")


def countries():
    return _shown(Country, "countries")


def by_name(rows):
    """Countries or organisations in the alphabetical order of their names on this page."""
    return sorted(rows, key=lambda row: (text.sort_key(row.name), row.natural_key()))


def with_trips(entries):
    """Timeline entries with the trip each belongs to, and without the text that is searched."""
    return entries.select_related("trip").defer("search", "trip__search")


def with_entry_counts(rows):
    """Add `entry_count`, the number of entries that show each of `rows`."""
    return rows.annotate(entry_count=Count("entries"))


def of_published_records():
    """A condition on participations or citations: their record is published."""
    return Q(
        *((f"{kind}__in", model.objects.published()) for kind, model in RECORDS.items()),
        _connector=Q.OR,
    )


def participations():
    return Participation.objects.filter(of_published_records())


def tenures():
    """The offices of public people that a source the public may know of shows."""
    return Tenure.objects.filter(
        Exists(Citation.objects.public().filter(tenure=OuterRef("pk"))),
        person__in=people(),
    )


def citations():
    """What citable sources say about published records and the offices of public people."""
    return Citation.objects.public().filter(of_published_records() | Q(tenure__person__in=people()))


def sources():
    return SourceDocument.objects.citable().filter(
        Exists(citations().filter(source=OuterRef("pk")))
    )


def in_order(records):
    """Records in the order of the timeline: by date, wider spans first, undated last."""
    return records.order_by(
        Coalesce("earliest", "latest").asc(nulls_last=True),
        F("latest").desc(nulls_first=True),
        "slug",
    )
