"""Publication in the admin: a page that asks, and `timeline.publication` that does."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import publication
from timeline.admin import seen
from timeline.admin.forms import clean_note
from timeline.admin.keys import is_key
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

MAX_RECORDS = 200  # at a time: their keys stand in the address of the page that asks

LABELS = {
    "submit": gettext_lazy("Submit for review"),
    "publish": gettext_lazy("Publish"),
    "withdraw": gettext_lazy("Withdraw"),
    "return_to_draft": gettext_lazy("Return to draft"),
}
DONE = {
    "submit": gettext_lazy("Submitted for review: %s."),
    "publish": gettext_lazy("Published: %s."),
    "withdraw": gettext_lazy("Withdrawn: %s."),
    "return_to_draft": gettext_lazy("Returned to draft: %s."),
}


class NoteForm(forms.Form):
    """What the history is to keep about this step; a withdrawal needs a reason."""

    note = forms.CharField(required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.label = _("Note")
        if verb == "withdraw":
            note.label = _("Reason")
            note.required = True
            note.error_messages["required"] = _("Give the reason of the withdrawal.")
            self.fields["in_public"] = forms.BooleanField(
                label=_("The public may read the reason"), required=False
            )

    def clean_note(self):
        return clean_note(self.cleaned_data["note"])


def ask(verb):
    """The list action that leads to the page which asks about `verb`."""

    def action(modeladmin, request, queryset):
        keys = list(queryset.values_list("pk", flat=True)[: MAX_RECORDS + 1])
        if len(keys) > MAX_RECORDS:
            sentence = _("Choose at most %s records at a time.") % MAX_RECORDS
            modeladmin.message_user(request, sentence, messages.ERROR)
            return None
        filters = modeladmin.get_preserved_filters(request)
        return HttpResponseRedirect(modeladmin.publication_url(verb, keys, filters))

    action.__name__ = verb
    right = publication.TRANSITIONS[verb][0]
    return admin.action(action, permissions=[right], description=LABELS[verb])


class Publication:
    """The publication verbs as list actions and as buttons on the page of a record."""

    actions = [ask(verb) for verb in publication.TRANSITIONS]

    def has_publish_permission(self, request):
        return request.user.has_perm(f"timeline.publish_{self.opts.model_name}")

    def get_urls(self):
        view = self.admin_site.admin_view(self.publication_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_publication"
        return [path("publication/<slug:verb>/", view, name=name), *super().get_urls()]

    def publication_url(self, verb, keys, filters="", **marks):
        address = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_publication", args=[verb]
        )
        query = urlencode({"id": keys} | marks, doseq=True)
        return f"{address}?{query}&{filters}" if filters else f"{address}?{query}"

    def render_change_form(self, request, context, **kwargs):
        if obj := kwargs.get("obj"):
            filters = self.get_preserved_filters(request)
            mark = {seen.FIELD: seen.marks([obj])[obj.pk]}
            context["publication_steps"] = [
                (LABELS[verb], self.publication_url(verb, [obj.pk], filters, **mark))
                for verb in publication.possible(request.user, obj)
            ]
        return super().render_change_form(request, context, **kwargs)

    def publication_view(self, request, verb):
        """Ask about the records named in the address; carry out what was confirmed."""
        if verb not in publication.TRANSITIONS:
            raise Http404
        if not request.user.has_perm(
            f"timeline.{publication.TRANSITIONS[verb][0]}_{self.opts.model_name}"
        ):
            raise PermissionDenied
        keys = [key for key in request.GET.getlist("id") if is_key(key)][:MAX_RECORDS]
        records = list(self.get_queryset(request).filter(pk__in=keys))
        if not records:
            self.message_user(request, _("No records were chosen."), messages.ERROR)
            return HttpResponseRedirect(self.address("changelist"))
        form = NoteForm(request.POST if request.method == "POST" else None, verb=verb)
        if form.is_valid():
            self.carry_out(request, verb, records, **form.cleaned_data)
            return HttpResponseRedirect(self.address_after(request, records))
        context = {
            **self.admin_site.each_context(request),
            "title": LABELS[verb],
            "opts": self.opts,
            "form": form,
            "verb": verb,
            "list_address": self.back(request, self.address("changelist")),
            "records": [
                (record, obstacles(verb, record, mark), seen.field_of(record), mark)
                for record, mark in self.looked_at(request, records)
            ],
        }
        return TemplateResponse(request, "admin/timeline/publication.html", context)

    def looked_at(self, request, records):
        """Each record with the mark of what the person saw of it: here, or on its own page."""
        marks = seen.marks(records)
        if len(records) == 1 and (mark := request.GET.get(seen.FIELD)):
            marks[records[0].pk] = mark
        return [(record, marks[record.pk]) for record in records]

    def carry_out(self, request, verb, records, note, **options):
        """Take the step with each record by itself, and say what became of each."""
        done = []
        with own_turn(ChangeKind.PUBLICATION, request.user, note=f"{verb}: {note}".strip(": ")):
            for record in self.model.objects.filter(pk__in=[record.pk for record in records]):
                try:
                    if sentence := seen.changed(record, request.POST.get(seen.field_of(record))):
                        raise ValidationError(sentence)
                    getattr(publication, verb)(record, request.user, note, **options)
                    done.append(str(record))
                except ValidationError as error:
                    self.message_user(request, " ".join(error.messages), messages.ERROR)
                except PermissionDenied as error:
                    self.message_user(request, str(error), messages.ERROR)
        if done:
            self.message_user(request, DONE[verb] % "; ".join(done), messages.SUCCESS)

    def address_after(self, request, records):
        if len(records) > 1:
            return self.back(request, self.address("changelist"))
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return self.back(request, reverse(page, args=[records[0].pk]))

    def back(self, request, address):
        """`address` with the filters of the list that the records were chosen in."""
        filters = self.get_preserved_filters(request)
        return add_preserved_filters({"preserved_filters": filters, "opts": self.opts}, address)


def obstacles(verb, record, mark):
    """Why `verb` will be refused for `record`, as sentences; none when it will not."""
    if sentence := seen.changed(record, mark):
        return [sentence]
    _right, sources, _target = publication.TRANSITIONS[verb]
    if record.state not in sources:
        return [_("It is in the state “%s”.") % record.get_state_display()]
    return publication.missing(record) if verb == "publish" else []
