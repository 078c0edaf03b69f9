"""The timeline as a page and as files."""

from django.http import QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from timeline import public
from timeline.exchange import public_csv
from timeline.exchange.colt import rows as trips_colt
from timeline.facets import Facets
from timeline.filter_form import Order
from timeline.filters import PAGING, TimelineFilter, TripListFilter, WholeListFilter
from timeline.matches import Matches
from timeline.models import TimelineEntry
from timeline.views.embed import embedded
from timeline.views.grouping import by_year_and_month, together, under_trips
from timeline.views.narrowing import Narrowing
from timeline.views.page import public_page, refusal, show
from timeline.views.paging import in_chunks, number_before, page_of
from timeline.views.relaxing import relaxations

DRAWN = 61  # trips: with one more than the overview draws it says that there are more


@public_page
def timeline(request):
    """The chronicle, filtered, 50 entries a page; nonsense is told beside its field (400)."""
    if "embed" in request.GET:
        return embedded(request)
    chosen = TimelineFilter(request.GET)
    if not chosen.is_valid():
        Narrowing(Facets(Matches(everything()))).offer(chosen.form)
        context = {"filter": chosen, "years": [], "count": 0, "active_filters": []}
        return show(request, "timeline.html", context, status=400)
    matches = Matches(chosen)
    facets = Facets(matches)
    narrowing = Narrowing(facets)
    narrowing.offer(chosen.form)
    matching = TimelineEntry.objects.filter(matches.but().condition)
    context = {
        "filter": chosen,
        "count": matches.but().number,
        "orders": orders(chosen),
        "active_filters": active_filters(chosen),
        "facets": narrowing.facets(),
        "csv_url": reverse("timeline_csv") + chosen.query(),
        "matching": matching,
        **page_context(matches),
    }
    if not context["first_url"]:  # a reader who turns the page has seen the drawing
        trips = matching.filter(kind=TimelineEntry.Kind.TRIP).order_by("oldest_key")
        context["trips"] = trips.defer("search", "search_title")[:DRAWN]
        context["spans"] = facets.spans
    cursors = {name: chosen.values().get(name) for name in PAGING}
    return show(request, "timeline.html", context, query=chosen.query(**cursors))


def everything():
    """The filter that lets everything through."""
    chosen = TimelineFilter(QueryDict())
    chosen.is_valid()
    return chosen


def page_context(matches):
    """The entries of one page with the addresses of its neighbours, or what else could be tried."""
    chosen, here = matches.chosen, reverse("timeline")
    cursors = {name: chosen.form.cleaned_data[name] for name in PAGING}
    entries = public.with_trips(matches.entries(), searched=bool(chosen.search.terms))
    page = page_of(entries, chosen.key, **cursors)
    is_by_date = chosen.order_in_effect != Order.BEST
    before = 0 if page.is_first else number_before(page, entries, chosen.key)
    return {
        "position": before and {"first": before + 1, "last": before + len(page.entries)},
        "search": chosen.search if chosen.search.terms else None,
        "years": by_year_and_month(page.entries) if is_by_date else [],
        "best": [] if is_by_date else together(under_trips(page.entries)),
        "relaxations": [] if matches.but().number else relaxations(matches),
        "next_url": page.next_cursor and here + chosen.query(after=page.next_cursor),
        "previous_url": page.previous_cursor and here + chosen.query(before=page.previous_cursor),
        "first_url": None if page.is_first else here + chosen.query(),
    }


def orders(chosen):
    """The orders there are; the best match is first only where something is searched for."""
    return [
        {
            "label": order.label,
            "is_chosen": order == chosen.order_in_effect,
            "url": reverse("timeline") + chosen.query(order=None if order == "oldest" else order),
        }
        for order in Order
        if order != Order.BEST or chosen.search.terms
    ]


def active_filters(chosen):
    here = reverse("timeline")
    return [
        {"name": name, "label": label, "value": value, "remove_url": here + rest}
        for name, label, value in chosen.active()
        for rest in [chosen.query(**{name: None})]
    ]


@public_page
def timeline_csv(request):
    """The whole filtered chronicle as a file."""
    return as_file(request, WholeListFilter(request.GET), public_csv.lines, "timeline.csv")


@public_page
def trips_csv(request):
    """The filtered trips in the columns of COLT, as a file."""
    return as_file(request, TripListFilter(request.GET), trips_colt.lines, "trips-colt.csv")


def as_file(request, chosen, lines, name):
    """What the filter `chosen` lets through, written by `lines`; nonsense is told in text (400)."""
    if not chosen.is_valid():
        return refusal(chosen)
    wanted = chosen.qs if request.method == "GET" else chosen.qs.none()
    entries = in_chunks(public.with_trips(wanted), chosen.key)
    origin = f"{request.scheme}://{request.get_host()}"
    return StreamingHttpResponse(
        lines(entries, origin, get_language()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
