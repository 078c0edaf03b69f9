"""Lists whose address or choice of rows somebody made up: a sentence, where Django's own break."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from timeline.admin.exchange import is_key


class SensibleList:
    """A list that refuses NUL characters, values out of range, and rows that cannot be."""

    def changelist_view(self, request, extra_context=None):
        chosen = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        if holds_nul(request.GET) or not all(map(is_key, chosen)):
            refuse(request)
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request):
        """Django leads to the list without its filters when these make no sense."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:  # as of the year 99999
            refuse(request)
            raise IncorrectLookupParameters from error


def holds_nul(query):
    """Whether a name or a value of a query string has a NUL, which PostgreSQL does not take."""
    return any("\0" in text for name, values in query.lists() for text in (name, *values))


def refuse(request):
    messages.error(request, _("That address or choice made no sense."))
