"""The history of a row and its parts: who changed what; compared, and brought back."""

import hashlib
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import going_back, versions
from timeline.admin.forms import PublicNote, clean_note, line
from timeline.admin.keys import is_key
from timeline.models import EDITED_MODELS
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

ACTS_PER_PAGE = 50
MAX_SHOWN = 200  # rows of a plan on its page
YEARS = range(1900, 2200)  # of a moment somebody may go back to
CHANGED = gettext_lazy("Something has been changed since you looked: look again.")


class GoingBackForm(PublicNote):
    """Why, and what the public is told of it when it reads something else then."""

    mark = forms.CharField(widget=forms.HiddenInput)
    reason = line(gettext_lazy("Reason"))
    field_order = ["reason"]

    def __init__(self, *args, in_public, **kwargs):
        super().__init__(*args, **kwargs)
        if not in_public:
            for name in PublicNote.base_fields:
                del self.fields[name]

    def clean_reason(self):
        return clean_note(self.cleaned_data["reason"])


def go_back(request, modeladmin, title, make_plan, leave):
    """Show what a plan would do, ask, and do it. `make_plan()` makes it of what is stored now.

    `leave()` is the address of the page to go to afterwards, or when there is nothing to plan.
    """
    refused = None
    if request.method == "POST":
        try:
            with own_turn(ChangeKind.RESTORATION, request.user) as act:
                if carry_out(make_plan(), request, act, title):
                    messages.success(request, _("Done: %s.") % title)
                    return HttpResponseRedirect(leave())
        except ValidationError as error:
            refused = error
        except IntegrityError as error:
            refused = ValidationError(_("This could not be stored: it clashes with another row."))
            refused.__cause__ = error
    plan = make_plan()
    if plan is None:
        messages.error(request, CHANGED)
        return HttpResponseRedirect(leave())
    refuse_hidden(request.user, plan)
    form = GoingBackForm(
        request.POST if request.method == "POST" else None, in_public=plan.shown_records()
    )
    if refused is not None:
        form.add_error(None, refused.messages)
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": title,
        "opts": modeladmin.opts,
        "plan": plan,
        "changes": plan.changes(MAX_SHOWN),
        "is_cut": len(plan.wanted) > MAX_SHOWN,
        "mark": mark_of(plan),
        "obstacles": plan.obstacles(request.user),
        "form": form,
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/timeline/going_back.html", context)


def refuse_hidden(user, plan):
    """PermissionDenied when the plan shows rows that `user` may not see."""
    for model in dict.fromkeys(model for model, _key in plan.wanted):
        if not user.has_perm(f"timeline.view_{model._meta.model_name}"):
            raise PermissionDenied


def carry_out(plan, request, act, title):
    """Write the plan, when it is the one that was looked at; False when the answers make no sense.

    Raises ValidationError with what cannot be.
    """
    form = GoingBackForm(request.POST, in_public=plan and plan.shown_records())
    if plan is None or (form.is_valid() and form.cleaned_data["mark"] != mark_of(plan)):
        raise ValidationError(CHANGED)
    if not form.is_valid():
        return False
    if plan.is_empty:
        raise ValidationError(_("There is nothing to write: it is so already."))
    refuse_hidden(request.user, plan)
    reason = form.cleaned_data["reason"]
    act.values["note"] = f"{title}: {reason}" if reason else title
    plan.carry_out(request.user, act.values["note"], **form.correction())
    return True


def mark_of(plan):
    """A short text that changes with what the plan would do, and from what to what."""
    seen = [
        (model._meta.model_name, key, version and version.pk, stored and stored.version)
        for (model, key), version in plan.wanted.items()
        for stored in [plan.found[model, key]]
    ]
    seen += [
        (model._meta.model_name, key, state) for (model, key), (_, state) in plan.steps.items()
    ]
    return hashlib.sha256(repr(sorted(seen, key=str)).encode()).hexdigest()[:16]


class HistoryPages:
    """The acts that made a row what it is, two moments of it compared, an earlier one restored."""

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<id>/history/compare/", view(self.compare_view), name=f"{name}_compare"),
            path("<id>/history/restore/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        row = self.row(request, object_id)
        story = versions.story(self.model, row.pk, hidden_from(request.user))
        acts = Paginator(story, ACTS_PER_PAGE)
        page = acts.get_page(request.GET.get("p"))
        context = self.about(request, row, _("History of “%s”") % row) | {"page": page}
        return TemplateResponse(request, "admin/timeline/history.html", context)

    def compare_view(self, request, id):
        row = self.row(request, id)
        first, last = sorted(moment_of(request.GET.get(name, "")) for name in ("from", "to"))
        hidden = hidden_from(request.user)
        states = [versions.state_at(self.model, row.pk, when, hidden) for when in (first, last)]
        context = self.about(request, row, _("“%s” then and later") % row)
        context |= {"moments": (first, last), "changes": versions.compare(*states)}
        return TemplateResponse(request, "admin/timeline/compare.html", context)

    def restore_view(self, request, id):
        row = self.row(request, id)
        if not super().has_change_permission(request, row):
            raise PermissionDenied
        moment = moment_of(request.GET.get("at", ""))
        when = timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
        return go_back(
            request,
            self,
            _("“%(row)s” as of %(moment)s") % {"row": row, "moment": when},
            lambda: going_back.to_moment(self.model, row.pk, moment),
            lambda: "../../change/",
        )

    def row(self, request, key):
        """The row that the page is about, for who may see it."""
        row = self.get_object(request, key) if is_key(key) else None
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def about(self, request, row, title):
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "object": row,
        }


def hidden_from(user):
    """The models whose rows `user` may not see."""
    return [m for m in EDITED_MODELS if not user.has_perm(f"timeline.view_{m._meta.model_name}")]


def moment_of(text):
    """The moment in an address; 404 when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if moment.tzinfo is None or moment.year not in YEARS:
        raise Http404
    return moment
