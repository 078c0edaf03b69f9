"""The timeline as a page and as files."""

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from timeline import public
from timeline.exchange import public_csv
from timeline.exchange.colt import rows as trips_colt
from timeline.filters import TimelineFilter, TripListFilter, WholeListFilter
from timeline.views.grouping import by_year_and_month
from timeline.views.page import public_page, show
from timeline.views.paging import in_chunks, page_of


@public_page
def timeline(request):
    """The chronicle, filtered, 50 entries a page; nonsense is told beside its field (400)."""
    chosen = TimelineFilter(request.GET)
    if not chosen.is_valid():
        context = {"filter": chosen, "years": [], "count": 0, "active_filters": []}
        return show(request, "timeline.html", context, status=400)
    cursors = {name: chosen.form.cleaned_data[name] for name in ("after", "before")}
    page = page_of(public.with_trips(chosen.qs), chosen.key, **cursors)
    here = reverse("timeline")
    context = {
        "filter": chosen,
        "years": by_year_and_month(page.entries),
        "count": chosen.qs.count(),
        "next_url": page.next_cursor and here + chosen.query(after=page.next_cursor),
        "previous_url": page.previous_cursor and here + chosen.query(before=page.previous_cursor),
        "first_url": None if page.is_first else here + chosen.query(),
        "csv_url": reverse("timeline_csv") + chosen.query(),
        "active_filters": [
            {"name": name, "label": label, "value": value, "remove_url": here + rest}
            for name, label, value in chosen.active()
            for rest in [chosen.query(**{name: None})]
        ],
    }
    return show(request, "timeline.html", context, query=chosen.query(**cursors))


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
        sentences = (
            f"{field}: {' '.join(' '.join(messages).split())}"
            for field, messages in chosen.errors.items()
        )
        return HttpResponse(
            " ".join(sentences) + "\n", status=400, content_type="text/plain; charset=utf-8"
        )
    wanted = chosen.qs if request.method == "GET" else chosen.qs.none()
    entries = in_chunks(public.with_trips(wanted), chosen.key)
    origin = f"{request.scheme}://{request.get_host()}"
    return StreamingHttpResponse(
        lines(entries, origin, get_language()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
