"""The buttons below a record: save, save and take its next step, save and open the next one."""

import copy

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import publication
from timeline.admin import seen
from timeline.admin.scheduled import in_zone

BUTTONS = {
    "publish": ("_publish", gettext_lazy("Save and publish")),
    "submit": ("_submit", gettext_lazy("Save and submit for review")),
}


class Steps:
    """Saving a record and what comes next are one act: both are done, or neither.

    When a step is refused nothing is stored: the form says why and keeps what was typed, the
    reason can be mended in it, and “Save” is still there. A button that did half of what it says
    would leave its reader to find out which half.
    """

    def render_change_form(self, request, context, add=False, change=False, **kwargs):
        if step := self.next_step(request, kwargs.get("obj")):
            context["step_name"], context["step_label"] = BUTTONS[step]
        context["show_save_and_next"] = change
        if change:
            context["seen"] = seen.marks([kwargs["obj"]])[kwargs["obj"].pk]
        return super().render_change_form(request, context, add=add, change=change, **kwargs)

    def next_step(self, request, obj):
        """The step that this person can take while saving `obj` (None is a new record)."""
        possible = publication.possible(request.user, obj or self.model())
        return next((step for step in BUTTONS if step in possible), None)

    def save_model(self, request, obj, form, change):
        """A step is taken with what its reader saw, parts that others added included."""
        if change and any(name in request.POST for name, _label in BUTTONS.values()):
            stored = self.model.objects.get(pk=obj.pk)
            if sentence := seen.changed(stored, request.POST.get(seen.FIELD)):
                raise ValidationError(sentence)
        if change and "_next" in request.POST:
            request.following = self.following(request, obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for step, (name, _label) in BUTTONS.items():
            if name in request.POST:
                getattr(publication, step)(form.instance, request.user)

    def response_add(self, request, obj, post_url_continue=None):
        self.tell_step(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self.tell_step(request, obj)
        response = super().response_change(request, obj)
        if "_next" not in request.POST:
            return response
        if request.following is None:
            self.message_user(request, _("That was the last one in the list."), messages.INFO)
            return response
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(self.back(request, reverse(page, args=[request.following])))

    def tell_step(self, request, obj):
        """Say what became of the record beside having been saved."""
        if "_publish" in request.POST and obj.is_scheduled:
            moment = in_zone(obj.publish_at)
            sentence = _(
                "“%(record)s” is published and waits: nobody outside sees it before %(moment)s."
            )
            self.message_user(request, sentence % {"record": obj, "moment": moment})
        elif "_publish" in request.POST:
            self.message_user(request, _("“%(record)s” is published.") % {"record": obj})
        elif "_submit" in request.POST:
            self.message_user(request, _("“%(record)s” waits for review.") % {"record": obj})

    # The next one

    def following(self, request, obj):
        """The key of the record behind `obj` in the list it was opened from; None at its end.

        Behind the place where `obj` stands before it is saved: it may be about to leave the list.
        What other people have added or taken away in the meantime counts. One row is read, from
        its place in the order on.
        """
        there = copy.copy(request)
        there.method, there.GET = "GET", QueryDict(self.list_of(request), mutable=True)
        there.GET.pop(PAGE_VAR, None)
        try:
            with transaction.atomic():  # an error of the database is not to end the write as well
                rows = self.get_changelist_instance(there).queryset
                terms = [term_of(part) for part in rows.query.order_by]
                names = [name for name, *_ in terms]
                place = self.model.objects.filter(pk=obj.pk).values(*names).first()
                return rows.filter(behind(terms, place)).values_list("pk", flat=True).first()
        except (IncorrectLookupParameters, Error):
            return None

    def list_of(self, request):
        """The query string of the list this page was opened from."""
        return QueryDict(self.get_preserved_filters(request)).get("_changelist_filters", "")


def term_of(part):
    """One term of an order as (field, descending, whether empty values come last)."""
    if isinstance(part, str):
        part = F(part.removeprefix("-")).desc() if part.startswith("-") else F(part).asc()
    elif not isinstance(part, OrderBy):
        part = part.asc()
    if part.nulls_first or part.nulls_last:
        last = bool(part.nulls_last)
    else:  # what the database does on its own
        last = connection.features.order_by_nulls_first == part.descending
    return part.expression.name, part.descending, last


def behind(terms, place):
    """The condition that a row comes behind `place`, a mapping of its values, in the order."""
    condition, same = Q(pk__in=[]), Q()
    for name, descending, empty_last in terms:
        value = place[name]
        if value is not None:
            further = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
            condition |= same & (further | Q(**{name: None}) if empty_last else further)
        elif not empty_last:
            condition |= same & Q(**{f"{name}__isnull": False})
        same &= Q(**{name: value})
    return condition
