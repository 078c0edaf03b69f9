"""The timeline for a frame on somebody else's page: the list, and little around it."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from timeline import public
from timeline.filter_form import Order
from timeline.filters import TimelineFilter
from timeline.middleware import let_frame
from timeline.views.grouping import by_year_and_month, together, under_trips
from timeline.views.paging import page_of

SIZE = 20
ONLY = _("Write embed=1, or leave it out.")


class EmbeddedFilter(TimelineFilter):
    """The filters of the timeline; links made of them stay within the frame."""

    embed = ChoiceFilter(
        label=_("Frame"),
        choices=[("1", "1")],
        required=True,
        error_messages={"invalid_choice": ONLY, "required": ONLY},
        method="in_any_case",
    )

    def in_any_case(self, entries, name, value):
        return entries

    def active(self):
        return [shown for shown in super().active() if shown[0] != "embed"]


def embedded(request):
    """The filtered chronicle, 20 entries a page; every other link leads out of the frame."""
    chosen = EmbeddedFilter(request.GET)
    if not chosen.is_valid():
        return let_frame(render(request, "embedded.html", {"refused": chosen.form}, status=400))
    cursors = {name: chosen.form.cleaned_data[name] for name in ("after", "before")}
    page = page_of(public.with_trips(chosen.qs), chosen.key, **cursors, size=SIZE)
    here = reverse("timeline")
    is_by_date = chosen.order_in_effect != Order.BEST
    context = {
        "filter": chosen,
        "years": by_year_and_month(page.entries) if is_by_date else [],
        "best": [] if is_by_date else together(under_trips(page.entries)),
        "count": chosen.qs.count(),
        "filters": [
            {"label": label, "value": value, "remove_url": here + chosen.query(**{name: None})}
            for name, label, value in chosen.active()
        ],
        "whole_url": here + chosen.query(embed=None),
        "next_url": page.next_cursor and here + chosen.query(after=page.next_cursor),
        "previous_url": page.previous_cursor and here + chosen.query(before=page.previous_cursor),
    }
    return let_frame(render(request, "embedded.html", context))
