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
from timeline.models.codes import Access, State


def _shown(model, link):
    links = getattr(TimelineEntry, link).through.objects
    return model.objects.filter(Exists(links.filter(**{model._meta.model_name: OuterRef("pk")})))


def people():
    return _shown(Person, "people")


def organizations():
    return _shown(Organization, "organizations")


def countries():
    return _shown(Country, "countries")


def keep_shown(rows, name, shown):
    """Let the foreign key `name` of each of `rows` lead to a row of `shown`, or to nothing.

    It asks once, whether or not there is anything to ask for: the number of questions does not
    tell that a row belongs to something hidden.
    """
    keys = {getattr(row, f"{name}_id") for row in rows} - {None}
    found = shown.in_bulk([0, *keys])  # of nothing at all Django would not ask
    for row in rows:
        setattr(row, name, found.get(getattr(row, f"{name}_id")))


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


def of_what_is_shown():
    """A condition on citations: they are about a published record or the office of a public person.

    Whether the public sees such a citation is up to its source.
    """
    return of_published_records() | Q(tenure__person__in=people())


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
    return Citation.objects.public().filter(of_what_is_shown())


def sources():
    return SourceDocument.objects.citable().filter(
        Exists(citations().filter(source=OuterRef("pk")))
    )


def _organization_is_shown(row):
    issued = sources().filter(access=Access.PUBLIC)
    return Organization.objects.filter(
        Q(pk__in=organizations())
        | Exists(issued.filter(issuer=OuterRef("pk")))
        | Exists(tenures().filter(organization=OuterRef("pk"))),
        pk=row.pk,
    )


def _country_is_shown(row):
    return Country.objects.filter(
        Q(pk__in=countries())
        | Exists(people().filter(country=OuterRef("pk")))
        | Exists(organizations().filter(country=OuterRef("pk")))
        | Exists(tenures().filter(country=OuterRef("pk"))),
        pk=row.pk,
    )


def _tenure_is_shown(row):
    cited = Citation.objects.public().filter(tenure__isnull=False, tenure=row.pk)
    return people().filter(Exists(cited), pk=row.person_id)


def _citation_is_shown(row):
    """Of an office: what is said of a record, the record decides."""
    if row.tenure_id is None or not row.source.is_citable:
        return Citation.objects.none()
    return people().filter(tenures=row.tenure_id)


def _source_is_shown(row):
    if row.pk is None or not row.is_citable:
        return SourceDocument.objects.none()
    return Citation.objects.filter(of_what_is_shown(), source=row)


SHOWN = {
    Person: lambda row: people().filter(pk=row.pk),
    Organization: _organization_is_shown,
    Country: _country_is_shown,
    Tenure: _tenure_is_shown,
    Citation: _citation_is_shown,
    SourceDocument: _source_is_shown,
}


def shows(row):
    """Whether the public reads of `row`, as it stands in memory, on some page.

    False for records and what belongs to them: their state says it.
    """
    return type(row) in SHOWN and SHOWN[type(row)](row).exists()


def withdrawn(kind):
    """The withdrawn records of which the public may read the reason, and nothing else."""
    return RECORDS[kind].objects.filter(state=State.WITHDRAWN, withdrawn_in_public=True)


def in_order(records):
    """Records in the order of the timeline: by date, wider spans first, undated last."""
    return records.order_by(
        Coalesce("earliest", "latest").asc(nulls_last=True),
        F("latest").desc(nulls_first=True),
        "slug",
    )
