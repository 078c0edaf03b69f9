"""Deleting several rows at once: a page that tells of each what goes with it, or why it stays."""

from collections import Counter, defaultdict

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from timeline import protection
from timeline.admin import seen
from timeline.models import PARTS

MAX_ROWS = 200  # at a time
MAX_NAMES = 3  # of those that need a row


def delete_selected(modeladmin, request, queryset):
    """Ask first. What cannot go is left as it is; the rest goes together, or not at all."""
    rows = list(queryset[: MAX_ROWS + 1])
    if len(rows) > MAX_ROWS:
        sentence = _("Choose at most %s records at a time.") % MAX_ROWS
        modeladmin.message_user(request, sentence, messages.ERROR)
        return None
    if not rows:
        modeladmin.message_user(request, _("No records were chosen."), messages.ERROR)
        return None
    plan = Plan(modeladmin, request, rows)
    if request.POST.get("post"):
        plan.carry_out()
        return None
    of_one_row = "object_id" in request.resolver_match.kwargs
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Delete several rows") if len(rows) > 1 else _("Delete “%s”") % rows[0],
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "plan": plan,
        "list_address": (
            modeladmin.address("changelist") if of_one_row else request.get_full_path()
        ),
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/timeline/delete_several.html", context)


class Plan:
    """What deleting `rows` would do. It takes as many queries for many rows as for one, but for
    the question whether each is locked."""

    def __init__(self, modeladmin, request, rows):
        self.modeladmin, self.request, self.rows = modeladmin, request, rows
        self.collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=rows)
        self.collector.collect(rows)
        self.holding = self.held_by_others()
        self.forbidden = [
            str(model._meta.verbose_name_plural)
            for model in self.collector.data
            if not request.user.has_perm(f"{model._meta.app_label}.delete_{model._meta.model_name}")
        ]
        self.marks = seen.marks(rows) if modeladmin.model in PARTS else {}
        self.kept = {row: sentences for row in rows if (sentences := self.obstacles(row))}
        self.going = [row for row in rows if row not in self.kept]

    def __iter__(self):
        """Each row with the sentences that keep it and the words for what goes with it."""
        for row in self.rows:
            yield row, self.kept.get(row, []), self.company(row)

    @property
    def hidden(self):
        """The hidden fields of the page that asks: what is chosen, as it was seen."""
        yield from ((helpers.ACTION_CHECKBOX_NAME, row.pk) for row in self.rows)
        yield from ((seen.field_of(row), self.marks[row.pk]) for row in self.rows if self.marks)

    def obstacles(self, row):
        """Why `row` stays, as sentences; none when it can go."""
        sentences = [*self.rights_missing(row), *self.uses(row)]
        if self.marks:
            try:
                protection.refuse_deletion(row)
            except ValidationError as error:
                sentences += error.messages
            mark = self.request.POST.get(seen.field_of(row))
            if self.request.POST.get("post") and not sentences and mark != self.marks[row.pk]:
                sentences = [seen.sentence(row)]
        return sentences

    def rights_missing(self, row):
        if not self.modeladmin.has_delete_permission(self.request, row):
            if self.marks and protection.is_locked(self.request.user, row):
                yield protection.locked_sentence(row)
            else:
                yield _("You may not delete “%s”.") % row
        if self.forbidden:
            sentence = _("You may not delete what belongs to “%(row)s”: %(names)s.")
            yield sentence % {"row": row, "names": ", ".join(self.forbidden)}

    def uses(self, row):
        """What others need `row` for."""
        if held := self.holding[row]:
            names = ", ".join(f"“{other}”" for other in held[:MAX_NAMES])
            yield _("“%(row)s” is in use: %(names)s.") % {"row": row, "names": names}
            if len(held) > MAX_NAMES:
                yield _("And %(number)s more.") % {"number": len(held) - MAX_NAMES}

    def company(self, row):
        """What would be deleted with `row`, as words like “Legs: 2”."""
        found, waiting = Counter(), list(self.collector.edges.get(row, []))
        while waiting:
            part = waiting.pop()
            found[part._meta.verbose_name_plural] += 1
            waiting += self.collector.edges.get(part, [])
        return [f"{capfirst(name)}: {number}" for name, number in found.items()]

    def held_by_others(self):
        """The rows that refer to each of ours and that deleting would leave without it."""
        holding, by_key = defaultdict(list), {row.pk: row for row in self.rows}
        for other in self.collector.protected:
            held = {
                by_key.get(getattr(other, field.attname))
                for field in other._meta.concrete_fields
                if field.is_relation and isinstance(self.rows[0], field.related_model)
            } - {None}
            # What is held by way of a part is not told apart: then none of them goes.
            for row in held or self.rows:
                if other not in self.rows:
                    holding[row].append(other)
        return holding

    def carry_out(self):
        """Delete what can go, say so, and say of each other row why it is still there."""
        for sentences in self.kept.values():
            self.modeladmin.message_user(self.request, " ".join(sentences), messages.ERROR)
        if self.going:
            chosen = self.modeladmin.model._default_manager.filter(
                pk__in=[row.pk for row in self.going]
            )
            names = "; ".join(str(row) for row in self.going)
            self.modeladmin.log_deletions(self.request, chosen)
            self.modeladmin.delete_queryset(self.request, chosen)
            sentence = _("Deleted: %(names)s.") % {"names": names}
            self.modeladmin.message_user(self.request, sentence, messages.SUCCESS)
