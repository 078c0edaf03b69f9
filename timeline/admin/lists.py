"""The lists of rows: bounded work for each, and a sentence where Django's own break."""

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db import DataError
from django.db.models import Count
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.admin.deletion import delete_selected
from timeline.admin.filters import DateFilter, StateFilter
from timeline.admin.keys import is_key
from timeline.admin.paging import BoundedPaginator
from timeline.admin.scheduled import state_label
from timeline.admin.worklists.filters import WorkFilter
from timeline.models import Citation

PATTERNS = {"regex", "iregex"}
OUT_OF_RANGE = (ValueError, OverflowError, DataError)  # as of the year 99999


class DeskList(ChangeList):
    """A list that lets its admin add to the rows of the page that is shown, and to no others."""

    def get_results(self, request):
        super().get_results(request)
        shows_all = not self.multi_page or (self.show_all and self.can_show_all)
        self.result_list = list(self.paginator.all() if shows_all else self.result_list)
        self.model_admin.complete(self.result_list)

    @property
    def without_search(self):
        return self.get_query_string({SEARCH_VAR: None})


class SensibleList:
    """A list that refuses NUL characters, values out of range, and rows that cannot be."""

    show_full_result_count = False

    class Media:
        css = {"all": ["timeline/admin.css"]}
        js = ["timeline/admin.js"]

    def get_changelist(self, request, **options):
        return DeskList

    def get_paginator(self, request, queryset, per_page, *args, **options):
        page = request.GET.get(PAGE_VAR, "1")
        page = int(page) if is_key(page) else 1
        return BoundedPaginator(queryset, per_page, *args, page=page, **options)

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            _shipped, name, description = actions["delete_selected"]
            actions["delete_selected"] = (delete_selected, name, description)
        return actions

    def complete(self, rows):
        """Add what the list shows beside the columns of `rows`, with as many queries for all."""

    def changelist_view(self, request, extra_context=None):
        chosen = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        if holds_nul(request.GET) or not all(map(is_key, chosen)):
            refuse(request)
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup, value, request=None):
        """No pattern from outside: some are errors of the database, some keep it busy for ever."""
        if not PATTERNS.isdisjoint(lookup.split(LOOKUP_SEP)):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request):
        """Django leads to the list without its filters when these make no sense."""
        try:
            return super().get_changelist_instance(request)
        except (*OUT_OF_RANGE, DisallowedModelAdminLookup) as error:
            refuse(request)
            raise IncorrectLookupParameters from error


class RecordList:
    """The columns and filters that the lists of trips, meetings and agreements share."""

    list_display = ["__str__", "when", "state_shown", "verification", "evidence"]
    list_filter = [StateFilter, DateFilter, "verification", WorkFilter]

    def complete(self, rows):
        kind = self.opts.model_name
        cited = Citation.objects.filter(**{f"{kind}__in": rows}).order_by()
        numbers = dict(cited.values_list(kind).annotate(Count("pk")))
        for row in rows:
            row.number_of_citations = numbers.get(row.pk, 0)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, record):
        return state_label(record)

    @admin.display(description=gettext_lazy("citations"))
    def evidence(self, record):
        return record.number_of_citations


def holds_nul(query):
    """Whether a name or a value of a query string has a NUL, which PostgreSQL does not take."""
    return any("\0" in text for name, values in query.lists() for text in (name, *values))


def refuse(request):
    messages.error(request, _("That address or choice made no sense."))
