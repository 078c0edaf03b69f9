"""The filters behind the links of the work lists: the whole list, page by page."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _

from timeline.admin.worklists import checks, works


class WorkFilter(admin.SimpleListFilter):
    """The work lists of one kind of record; each offered to those alone whose work it is."""

    title = _("work list")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [(work.name, work.title) for work in works.of(request.user, model_admin.model)]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        for work in works.of(request.user, queryset.model):
            if work.name == self.value():
                return work.all(queryset, request.user)
        raise IncorrectLookupParameters


class LinkFilter(admin.SimpleListFilter):
    """The sources with a broken link."""

    title = _("work list")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [("links", _("Broken links"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() != "links":
            raise IncorrectLookupParameters
        return queryset.filter(pk__in=checks.broken().values("source"))
