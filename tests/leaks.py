"""Mistakes that would let something hidden out, to see that the comparison finds each of them.

Each is made in the code, one at a time, while both worlds are asked a few questions about it.
"""

from dataclasses import dataclass
from unittest import mock
from urllib.parse import parse_qsl

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Max, Prefetch
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from tests.asker import Question
from timeline import projected, public
from timeline.exchange.package import expressions
from timeline.facets import Facets
from timeline.feeds import calendar
from timeline.filters import TimelineFilter
from timeline.models import (
    RECORDS,
    Citation,
    Country,
    Meeting,
    Participation,
    Person,
    SourceDocument,
    Trip,
)
from timeline.models.citation import CitationQuerySet
from timeline.models.record import RecordQuerySet
from timeline.sitemaps import SITEMAPS, Rows
from timeline.views import feeds, records, timeline
from timeline.views.evidence import PublicSource


@dataclass(frozen=True)
class Leak:
    mistake: object  # a context manager that makes it
    questions: tuple
    in_writing: bool = False  # it is made when entries are written

    @classmethod
    def at(cls, *addresses, mistake, **options):
        split = (address.partition("?") for address in addresses)
        questions = (Question(path, tuple(parse_qsl(query))) for path, _mark, query in split)
        return cls(mistake, tuple(questions), **options)


def instead(target, name, wrong):
    return mock.patch.object(target, name, wrong)


# How a page could give something away, whatever it shows


def counting(request, template, context, **options):
    answer = render(request, template, context, **options)
    answer.content += f"<!-- {Trip.objects.count()} -->".encode()
    return answer


def tagging(request, template, context, **options):
    return tagged(render(request, template, context, **options))


def tagged(answer):
    answer["ETag"] = '"{:%s}"'.format(Trip.objects.aggregate(last=Max("updated_at"))["last"])
    return answer


def counting_all_meetings(entries):
    return Meeting.objects.count(), 0


def measuring(lines, **options):
    answer = StreamingHttpResponse(lines, **options)
    answer["X-Total-Count"] = Meeting.objects.count()
    return answer


def forbidding(rows, **key):
    if (row := rows.model.objects.filter(**key).first()) and not row.is_published:
        raise PermissionDenied
    return get_object_or_404(rows, **key)


def looking_at_each(real):
    def asking():
        for person in Person.objects.all():
            person.refresh_from_db()
        return real()

    return asking


def counted_at_the_desk(facets):
    return list(
        public.people().annotate(number=Count("participations")).order_by("-number", "slug")
    )


def with_all_meetings(slugs):
    cited = Prefetch("citations", Citation.objects.public().select_related("source"))
    return Trip.objects.published().filter(slug__in=slugs).prefetch_related(cited)


def key_to_any(name, model):
    return F(f"{name}__{model.natural_key_field}")


def with_notes(real):
    def searchable(columns, *parts):
        notes = Citation.objects.values_list("note", flat=True)
        return real(columns, *parts) + " ".join(notes).lower()

    return searchable


def titles(record):
    return [citation.source.title for citation in record.citations.all()]


LEAKS = {
    # What is public
    "published() has drafts": Leak.at(
        *("/en/meetings/draft-meeting/", "/en/trips/2026-us/"),
        mistake=instead(RecordQuerySet, "published", lambda rows: rows.all()),
    ),
    "published() forgets the embargo": Leak.at(
        *("/en/agreements/scheduled-agreement/", "/en/trips/2026-us/"),
        mistake=instead(RecordQuerySet, "published", lambda rows: rows.filter(state="published")),
    ),
    "every citation is public": Leak.at(
        "/en/people/to-lam/", mistake=instead(CitationQuerySet, "public", lambda rows: rows.all())
    ),
    "all people are public": Leak.at(
        *("/en/people/", "/en/people/smith/"),
        mistake=instead(public, "people", Person.objects.all),
    ),
    "all citable sources are public": Leak.at(
        *("/vi/sources/", "/en/sources/draft-report/"),
        mistake=instead(public, "sources", SourceDocument.objects.citable),
    ),
    "what sources say of drafts is public": Leak.at(
        *("/en/sources/communist-review/", "/en/sources/"),
        mistake=instead(public, "citations", Citation.objects.public),
    ),
    "all countries are public": Leak.at(
        *("/vi/people/to-lam/", "/vi/organizations/boeing/"),
        mistake=instead(public, "countries", Country.objects.all),
    ),
    "every withdrawal gives its reason": Leak.at(
        *("/en/trips/withdrawn-trip/", "/vi/meetings/withdrawn-meeting/"),
        mistake=instead(public, "withdrawn", lambda kind: RECORDS[kind].objects.all()),
    ),
    "all parts that somebody took are public": Leak.at(
        *("/en/people/to-lam/", "/vi/people/"),
        mistake=instead(public, "participations", lambda *kinds: Participation.objects.all()),
    ),
    "an index has those of hidden countries": Leak.at(
        "/en/people/?country=FR", mistake=instead(public, "countries", Country.objects.all)
    ),
    # What pages show
    "the filters know everybody": Leak.at(
        "/en/?person=smith",
        mistake=instead(
            TimelineFilter.base_filters["person"], "queryset", lambda request: Person.objects.all()
        ),
    ),
    "people are counted at the desk": Leak.at(
        "/en/?person=to-lam", mistake=instead(Facets, "people", property(counted_at_the_desk))
    ),
    "a page counts all trips": Leak.at(
        "/en/data/", mistake=mock.patch("timeline.views.page.render", counting)
    ),
    "a page has a tag made of the last change": Leak.at(
        "/en/countries/", mistake=mock.patch("timeline.views.page.render", tagging)
    ),
    "a feed has a tag made of the last change": Leak.at(
        *("/en/timeline.json", "/vi/timeline.atom"),
        mistake=instead(feeds, "set_response_etag", tagged),
    ),
    "a calendar leaves out what is hidden": Leak.at(
        "/en/timeline.ics", mistake=instead(calendar, "left_out", counting_all_meetings)
    ),
    "a file says how much there is": Leak.at(
        "/en/timeline.csv", mistake=instead(timeline, "StreamingHttpResponse", measuring)
    ),
    "a file of trips reads hidden speeches": Leak.at(
        "/en/trips-colt.csv", mistake=instead(public, "trips_in_full", with_all_meetings)
    ),
    "the package has what sources say of drafts": Leak.at(
        "/data/package.zip",
        mistake=mock.patch.dict(public.ROWS, {Citation: Citation.objects.public}),
    ),
    "the package names hidden parents": Leak.at(
        "/data/package.zip", mistake=instead(expressions, "key_to", key_to_any)
    ),
    "a hidden parent is named": Leak.at(
        *("/en/meetings/2026-trump/", "/en/agreements/partnership/"),
        mistake=instead(records, "_published_one", lambda row, name: getattr(row, name, None)),
    ),
    "what is hidden is forbidden": Leak.at(
        "/en/meetings/draft-meeting/",
        mistake=instead(records, "get_object_or_404", forbidding),
    ),
    "the sitemap has everybody": Leak.at(
        "/sitemap-people.xml", mistake=mock.patch.dict(SITEMAPS, people=Rows(Person.objects.all))
    ),
    "a closed source is described": Leak.at(
        "/en/sources/information-2026/", mistake=instead(PublicSource, "is_open", True)
    ),
    # Keys and times
    "pages are cut by primary key": Leak.at("/en/", mistake=instead(TimelineFilter, "key", "pk")),
    "participants stand by primary key": Leak.at(
        *("/en/meetings/2024-parolin/", "/en/meetings/2026-trump/"),
        mistake=instead(Participation._meta, "ordering", ["pk"]),
    ),
    "what is hidden takes time": Leak.at(
        "/en/sources/", mistake=instead(public, "sources", looking_at_each(public.sources))
    ),
    # What is written
    "entries name internal sources": Leak.at(
        "/en/timeline.csv", mistake=instead(projected, "_sources", titles), in_writing=True
    ),
    "an internal note moves the time of change": Leak.at(
        "/en/timeline.csv",
        mistake=instead(projected, "TOLD_OF_CITATION", (*projected.TOLD_OF_CITATION, "note")),
        in_writing=True,
    ),
    "internal notes are searched": Leak.at(
        "/en/timeline.csv?q=zzyzx",
        mistake=instead(projected, "_searchable", with_notes(projected._searchable)),
        in_writing=True,
    ),
}
