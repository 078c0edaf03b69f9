"""Merging two rows: chosen in the list or on the page of one, looked at, and then written."""

from itertools import groupby
from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import merging, protection
from timeline.admin import duplicates
from timeline.admin.history import GoingBackForm
from timeline.admin.keys import is_key
from timeline.admin.widgets import Choice
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

MAX_LISTED = 25  # rows of each model on the page that asks


class OtherForm(forms.Form):
    """Which row a row is to be merged with."""

    def __init__(self, row, site):
        super().__init__()
        _holder, key = merging.references(type(row))[0]  # the search asks where it is for
        others = type(row).objects.exclude(pk=row.pk)
        self.fields["with"] = forms.ModelChoiceField(
            others, label=_("The other one"), widget=Choice(key, site)
        )


class Listed(NamedTuple):
    """The rows of one model that refer to the row that goes: the first, and how many there are."""

    name: str
    number: int
    rows: list
    more: int


class Merges:
    """The list action “Merge two …”, the link on a row's page, and the page that asks."""

    actions = ["merge_two"]

    def has_merge_permission(self, request):
        return super().has_change_permission(request) and super().has_delete_permission(request)

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<id>/merge/", view(self.merge_view), name=f"{name}_merge"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, **kwargs):
        obj = kwargs.get("obj")
        if obj is not None and self.has_merge_permission(request):
            context["merge_address"] = self.merge_address(obj)
        return super().render_change_form(request, context, **kwargs)

    @admin.action(permissions=["merge"], description=gettext_lazy("Merge two …"))
    def merge_two(self, request, queryset):
        rows = list(queryset.order_by("pk")[:3])
        if len(rows) != 2:
            self.message_user(request, _("Choose exactly two rows to merge."), messages.ERROR)
            return None
        away, keep = sorted(rows, key=merging.weight)
        return HttpResponseRedirect(self.merge_address(keep, away))

    def merge_address(self, keep, away=None):
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"
        address = reverse(page, args=[keep.pk])
        return f"{address}?with={away.pk}" if away else address

    def merge_view(self, request, id):
        """Ask which row the row `id` is to be merged with, what is to happen, and do it."""
        keep = self.row(request, id)
        if not self.has_merge_permission(request):
            raise PermissionDenied
        if not request.GET.get("with"):
            return self.ask_for_other(request, keep)
        away = self.other(request)
        if away == keep:
            self.message_user(request, _("Choose another row than this one."), messages.ERROR)
            return HttpResponseRedirect(self.merge_address(keep))
        form = None
        if request.method == "POST":
            try:
                with own_turn(ChangeKind.MERGE, request.user) as act:
                    merge = merging.Merge(self.row(request, id), self.other(request))
                    form = GoingBackForm(request.POST, in_public=merge.shown_records())
                    if form.is_valid():
                        self.carry_out(request, merge, act, form)
                        return HttpResponseRedirect(self.row_address(keep))
            except (ValidationError, IntegrityError) as error:
                form.add_error(None, self.sentence(error).messages)
        return self.ask_about(request, merging.Merge(keep, away), form)

    def other(self, request):
        key = request.GET["with"]
        row = self.get_object(request, key) if is_key(key) else None
        if row is None:
            raise Http404
        return row

    def carry_out(self, request, merge, act, form):
        """Write the merge, when it is the one that was looked at."""
        if form.cleaned_data["mark"] != merge.mark():
            raise ValidationError(_("Something has been changed since you looked: look again."))
        title, reason = title_of(merge), form.cleaned_data["reason"]
        act.values["note"] = f"{title}: {reason}" if reason else title
        merge.carry_out(request.user, **form.correction())
        address = reverse("admin:timeline_changeset_change", args=[act.row.pk])
        link = format_html('<a href="{}">{}</a>', address, _("See what was written, or undo it"))
        self.message_user(request, format_html("{} {}", _("Done: %s.") % title, link))

    def ask_for_other(self, request, keep):
        form = OtherForm(keep, self.admin_site)
        names = [
            name for field in duplicates.NAMES[self.model] for name in duplicates.names(keep, field)
        ]
        likely = duplicates.namesakes(self.model, names, but=keep.pk)
        context = self.about(request, keep, _("Merge “%s” with another one") % keep)
        context |= {
            "form": form,
            "media": self.media + form.media,
            "likely": [(row, self.merge_address(keep, row)) for row in likely],
        }
        return TemplateResponse(request, "admin/timeline/merge_with.html", context)

    def ask_about(self, request, merge, form):
        in_public = merge.shown_records()
        context = self.about(request, merge.keep, title_of(merge))
        context |= {
            "merge": merge,
            "keep_address": self.row_address(merge.keep),
            "away_address": self.row_address(merge.away),
            "swap_address": self.merge_address(merge.away, merge.keep),
            "moves": list(listed(merge)),
            "obstacles": merge.obstacles(request.user),
            "in_public": in_public,
            "form": form or GoingBackForm(in_public=in_public),
        }
        return TemplateResponse(request, "admin/timeline/merge.html", context)

    def row_address(self, row):
        return reverse(f"admin:timeline_{row._meta.model_name}_change", args=[row.pk])


def title_of(merge):
    """What is to happen, in words; two of one name are told apart by their addresses."""
    keep, away = (f"“{row}” ({row.slug})" for row in (merge.keep, merge.away))
    return _("%(away)s becomes one with %(keep)s") % {"keep": keep, "away": away}


def listed(merge):
    """The rows that refer to the row that goes, as `Listed`; each with its words and its page."""
    for model, rows in groupby((row for row, _field in merge.moves), key=type):
        rows = list(rows)
        told = []
        for row in rows[:MAX_LISTED]:
            page = protection.record_of(row) or row
            address = reverse(f"admin:timeline_{page._meta.model_name}_change", args=[page.pk])
            told.append((merging.describe(row), address, row in merge.joined))
        name = capfirst(model._meta.verbose_name_plural)
        yield Listed(name, len(rows), told, len(rows) - len(told))
