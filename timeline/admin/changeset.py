"""What was done at the desk, act by act: looked at, undone; and what was deleted, brought back."""

from itertools import islice

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from timeline import going_back, versions
from timeline.admin.history import go_back
from timeline.admin.keys import is_key
from timeline.admin.lists import SensibleList
from timeline.models import EDITED_MODELS, PARTS, ChangeSet
from timeline.models.changeset import ChangeKind

MAX_DELETED = 100  # on one page, of each model
MAX_ROWS = 500  # of one act on its page

# A step of publication is taken back by another one, which gives its reason.
CAN_BE_UNDONE = [kind for kind in ChangeKind if kind != ChangeKind.PUBLICATION]
BELONGS = {part for parts in PARTS.values() for part in parts}


@admin.register(ChangeSet)
class ChangeSetAdmin(SensibleList, admin.ModelAdmin):
    """Acts are written by what is done, and never by hand."""

    list_display = ["made_at", "user", "kind", "note", "file_name"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["note", "file_name", "user__username"]
    actions = None
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name="timeline_deleted"),
            path(
                "deleted/<slug:noun>/<key>/", view(self.return_view), name="timeline_deleted_return"
            ),
            path("<id>/undo/", view(self.undo_view), name="timeline_changeset_undo"),
            *super().get_urls(),
        ]

    # One act

    def change_view(self, request, object_id, form_url="", extra_context=None):
        act = self.act(request, object_id)
        written = (
            version
            for model in self.visible_models(request)
            for version in model.history.filter(change_set=act).order_by("history_id")[:MAX_ROWS]
        )
        found = list(islice(written, MAX_ROWS))
        earlier = {version: version.prev_record for version in found}
        names = versions.Names([*found, *filter(None, earlier.values())])
        return self.page(
            request,
            "change_set.html",
            act,
            act=act,
            changes=[
                change
                for version, before in earlier.items()
                if (change := written_by(names, version, before))
            ],
            is_cut=len(found) == MAX_ROWS,
            can_be_undone=act.kind in CAN_BE_UNDONE,
        )

    def undo_view(self, request, id):
        act = self.act(request, id)
        if act.kind not in CAN_BE_UNDONE:
            raise Http404
        return go_back(
            request,
            self,
            _("Undo: %s") % act,
            lambda: going_back.undone(act),
            lambda: reverse("admin:timeline_changeset_change", args=[act.pk]),
        )

    def act(self, request, key):
        if not self.has_view_permission(request):
            raise PermissionDenied
        act = self.get_object(request, key) if is_key(key) else None
        if act is None:
            raise Http404
        return act

    # What was deleted

    def deleted_view(self, request):
        """The rows that are no longer there, by model, the latest first."""
        groups = [
            (model._meta, gone)
            for model in self.visible_models(request)
            if model not in BELONGS and (gone := deleted(model))
        ]
        return self.page(request, "deleted.html", _("Deleted records"), groups=groups)

    def return_view(self, request, noun, key):
        model = next((m for m in self.visible_models(request) if m._meta.model_name == noun), None)
        if model is None or not is_key(key):
            raise Http404
        plan = going_back.deleted_row(model, int(key))
        if plan is None:
            raise Http404
        name = versions.Names([]).of(plan.wanted[model, int(key)])
        return go_back(
            request,
            self,
            _("Bring back “%s”") % name,
            lambda: going_back.deleted_row(model, int(key)),
            lambda: reverse(f"admin:timeline_{noun}_change", args=[key]),
        )

    def visible_models(self, request):
        """The models whose rows this person may see; 403 for who may see none."""
        models = [
            model
            for model in EDITED_MODELS
            if request.user.has_perm(f"timeline.view_{model._meta.model_name}")
        ]
        if not models:
            raise PermissionDenied
        return models

    def page(self, request, template, title, **context):
        request.current_app = self.admin_site.name
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/timeline/{template}", context)


def written_by(names, version, before):
    """What a version changed in its row, which was `before`."""
    gone = version.history_type == "-"
    return versions.difference(names, version if gone else before, None if gone else version)


def deleted(model):
    """The last versions of the rows of `model` that are no longer there, the latest first."""
    history = model.history.filter(history_type="-")
    there = model.objects.filter(pk=OuterRef("id"))
    again = model.history.filter(
        id=OuterRef("id"), history_type="-", history_id__gt=OuterRef("history_id")
    )
    gone = history.filter(~Exists(there), ~Exists(again)).select_related("history_user")
    return list(gone.order_by("-history_id")[:MAX_DELETED])
