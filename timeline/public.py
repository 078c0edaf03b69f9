"""What the public may see of the edit side: the one place that public pages and filters ask.

People, bodies and countries are public when an entry of the timeline shows them. A source is
public when it may be cited and something public cites it.
"""

from functools import partial
from operator import attrgetter

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from timeline import text
from timeline.models import (
    RECORDS,
    Agreement,
    AgreementItem,
    Citation,
    Correction,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
    Trip,
    TripLeg,
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


def with_trips(entries, *, searched=False):
    """Timeline entries with the trip each belongs to, the text that is searched if asked for."""
    unread = ["search_title", "trip__search", "trip__search_title"]
    return entries.select_related("trip").defer(*unread, *([] if searched else ["search"]))


def with_entry_counts(rows):
    """Add `entry_count`, the number of entries that show each of `rows`."""
    return rows.annotate(entry_count=Count("entries"))


def of_published_records(*kinds):
    """A condition on participations, citations or corrections: their record is published.

    It is of one of `kinds` when there are any. Asked of each row by the key of its record: a list
    of all that is published can be long.
    """
    published = (Exists(records(kind).filter(pk=OuterRef(kind))) for kind in kinds or RECORDS)
    return Q(*published, _connector=Q.OR)


def of_what_is_shown():
    """A condition on citations: they are about a published record or the office of a public person.

    Whether the public sees such a citation is up to its source.
    """
    return of_published_records() | Q(tenure__person__in=people())


def records(kind):
    """The published trips, meetings or agreements."""
    return RECORDS[kind].objects.published()


def legs():
    return TripLeg.objects.filter(Exists(records("trip").filter(pk=OuterRef("trip"))))


def items():
    return AgreementItem.objects.filter(
        Exists(records("agreement").filter(pk=OuterRef("agreement")))
    )


def participations(*kinds):
    """The parts taken in published records, or in those of `kinds` alone."""
    return Participation.objects.filter(of_published_records(*kinds))


def corrections():
    return Correction.objects.filter(of_published_records())


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


def open_sources():
    """The sources the public may read about in full, their issuers included."""
    return sources().filter(access=Access.PUBLIC)


# The public rows of each table; each is asked for anew, and by its name here.
ROWS = {
    Country: lambda: countries(),
    Organization: lambda: organizations(),
    Person: lambda: people(),
    SourceDocument: lambda: sources(),
    Tenure: lambda: tenures(),
    **{model: partial(records, kind) for kind, model in RECORDS.items()},
    TripLeg: lambda: legs(),
    AgreementItem: lambda: items(),
    Participation: lambda: participations(),
    Citation: lambda: citations(),
    Correction: lambda: corrections(),
}


def _named_organizations():
    """Those that an entry, an open source or the office of a public person names."""
    issued = open_sources()
    return Organization.objects.filter(
        Q(pk__in=organizations())
        | Exists(issued.filter(issuer=OuterRef("pk")))
        | Exists(tenures().filter(organization=OuterRef("pk")))
    )


def _named_countries():
    return Country.objects.filter(
        Q(pk__in=countries())
        | Exists(people().filter(country=OuterRef("pk")))
        | Exists(organizations().filter(country=OuterRef("pk")))
        | Exists(tenures().filter(country=OuterRef("pk")))
    )


def _cited_tenures():
    return Tenure.objects.filter(Exists(Citation.objects.public().filter(tenure=OuterRef("pk"))))


def _tenures_of_people():
    return Tenure.objects.filter(person__in=people())


def _cited_sources():
    said = Citation.objects.filter(of_what_is_shown())
    return SourceDocument.objects.filter(Exists(said.filter(source=OuterRef("pk"))))


def _tenure_of_citation(row):
    """Only of an office: what is said of a record, the record decides."""
    return row.tenure_id if row.tenure_id and row.source.is_citable else None


def _key_if_citable(row):
    return row.pk if row.is_citable else None


# The public reads of a row when each of these keys of it is one of these rows.
SHOWN = {
    Person: [(attrgetter("pk"), people)],
    Organization: [(attrgetter("pk"), _named_organizations)],
    Country: [(attrgetter("pk"), _named_countries)],
    Tenure: [(attrgetter("pk"), _cited_tenures), (attrgetter("person_id"), people)],
    Citation: [(_tenure_of_citation, _tenures_of_people)],
    SourceDocument: [(_key_if_citable, _cited_sources)],
}


def shows(row):
    """Whether the public reads of `row`, as it stands in memory, on some page.

    False for records and what belongs to them: their state says it.
    """
    return shows_each([row])[0]


def shows_each(rows):
    """For each of `rows`, which are of one model, whether the public `shows` it; asked at once."""
    rules = SHOWN.get(type(rows[0])) if rows else None
    answers = [rules is not None] * len(rows)
    for key_of, there in rules or ():
        keys = [key_of(row) if answer else None for row, answer in zip(rows, answers, strict=True)]
        asked = there().filter(pk__in={*keys} - {None})
        found = set(asked.values_list("pk", flat=True))
        answers = [key in found for key in keys]
    return answers


def withdrawn(kind):
    """The withdrawn records of which the public may read the reason, and nothing else."""
    return RECORDS[kind].objects.filter(state=State.WITHDRAWN, withdrawn_in_public=True)


def trips_in_full(slugs):
    """The published trips of these slugs with all the public knows of them, in ten queries.

    That is: legs, participations, citations, and the meetings and agreements with theirs.
    """
    participations = Participation.objects.select_related("person", "organization", "country")
    cited = Citation.objects.public().select_related("source").order_by("source__slug", "slug")
    theirs = (Prefetch("participations", participations), Prefetch("citations", cited))
    return (
        Trip.objects.published()
        .filter(slug__in=slugs)
        .prefetch_related(
            *theirs,
            Prefetch("legs", TripLeg.objects.select_related("country")),
            Prefetch("meetings", Meeting.objects.published().prefetch_related(*theirs)),
            Prefetch("agreements", Agreement.objects.published().prefetch_related(*theirs)),
        )
    )


def in_order(records):
    """Records in the order of the timeline: by date, wider spans first, undated last."""
    return records.order_by(
        Coalesce("earliest", "latest").asc(nulls_last=True),
        F("latest").desc(nulls_first=True),
        "slug",
    )
