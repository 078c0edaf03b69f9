"""The filtered timeline for other programs: feed, calendar, JSON and its description."""

import json

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language

from timeline.feeds import atom, calendar, entries_json
from timeline.feeds.openapi import description
from timeline.feeds.subject import Subject, origin_of
from timeline.filters import TimelineFilter, WholeListFilter
from timeline.views.page import public_page, refusal
from timeline.views.paging import page_of


@public_page
def timeline_json(request):
    """The filtered chronicle, 100 records an answer, with the address of the next ones."""
    chosen = TimelineFilter(request.GET)
    if not chosen.is_valid():
        return refusal(chosen)
    subject = Subject(origin_of(request), chosen)
    cursors = {name: chosen.form.cleaned_data[name] for name in ("after", "before")}
    entries = entries_json.readable(chosen.qs)
    page = page_of(entries, chosen.key, **cursors, size=entries_json.SIZE)
    content = {
        "count": chosen.qs.count(),
        "next": page.next_cursor and subject.address("timeline_json", after=page.next_cursor),
        "previous": page.previous_cursor
        and subject.address("timeline_json", before=page.previous_cursor),
        "records": [entries_json.record(entry, subject.origin) for entry in page.entries],
    }
    return _whole(request, content, "application/json")


@public_page
def timeline_atom(request):
    """The latest changes of the filtered chronicle as a feed."""
    chosen = WholeListFilter(request.GET)
    if not chosen.is_valid():
        return refusal(chosen)
    written = atom.feed(chosen.qs, Subject(origin_of(request), chosen))
    return _whole(request, written, "application/atom+xml; charset=utf-8")


@public_page
def timeline_ics(request):
    """What the filtered chronicle has on certain days, as a calendar."""
    chosen = WholeListFilter(request.GET)
    if not chosen.is_valid():
        return refusal(chosen)
    subject = Subject(origin_of(request), chosen)
    head = calendar.head_of(chosen.qs, subject)
    etag = calendar.tag(head, chosen.qs)
    asked = request.method == "GET"
    response = StreamingHttpResponse(
        calendar.pieces(head, chosen.qs, subject.origin, get_language()) if asked else (),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="timeline.ics"', "ETag": etag},
    )
    return get_conditional_response(request, etag=etag, response=response)


@public_page
def openapi(request):
    """What the addresses above take and answer, for programs (OpenAPI)."""
    return _whole(request, description(), "application/json")


def _whole(request, content, content_type):
    """An answer with its check sum, or 304 for who has just this one already.

    The check sum is that of what is answered: one of the time of the last change would not move
    when a record is withdrawn.
    """
    if not isinstance(content, str):
        content = json.dumps(content, ensure_ascii=False)
    response = set_response_etag(HttpResponse(content, content_type=content_type))
    return get_conditional_response(request, etag=response["ETag"], response=response)
