"""What the admin's pages of all models share."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.db.models import F, Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from timeline import corrections, edtf, protection, text
from timeline.admin import meanwhile
from timeline.admin.deletion import delete_selected
from timeline.admin.exchange import Exchange
from timeline.admin.forms import EditedForm
from timeline.admin.history import HistoryPages
from timeline.admin.keys import is_key
from timeline.admin.lists import SensibleList, holds_nul, refuse
from timeline.admin.widgets import FIELDS, Choices
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

MAX_TERM = 300  # characters of a search
MAX_WORDS = 30  # each is a condition of its own

HISTORY = (gettext_lazy("History"), {"fields": ["change_reason"]})
CORRECTION = (
    gettext_lazy("Correction"),
    {
        "fields": ["correction_vi", "correction_en", "is_minor"],
        "description": gettext_lazy(
            "The public reads this record: what changes in it is told, unless it is minor."
        ),
    },
)


def date_label(row):
    """The date in words, as the public reads it."""
    language = "vi" if get_language() == "vi" else "en"
    try:
        return edtf.parse(row.date_edtf).label(language) if row.date_edtf else None
    except edtf.EdtfError:  # a form page that shows what was typed
        return row.date_edtf


class EditedAdmin(HistoryPages, Choices, Exchange, SensibleList, SimpleHistoryAdmin):
    """One model of the edit side: search without tone marks, history, exchange, one transaction.

    `fieldsets` leaves out the reason of a change, which every form has. `search_fields` are
    columns of folded text; each word has to be found in one of them.
    """

    form = EditedForm
    formfield_overrides = FIELDS
    search_fields = ["search"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    class Media:
        css = {"all": ["timeline/admin.css", "timeline/hints.css", "timeline/history.css"]}
        js = ["timeline/admin.js", "timeline/hints.js"]

    @admin.display(
        description=gettext_lazy("date"),
        ordering=F("earliest").asc(nulls_last=True),
        empty_value="–",
    )
    def when(self, row):
        return date_label(row)

    # What is shown

    def get_fieldsets(self, request, obj=None):
        fieldsets = list(super().get_fieldsets(request, obj))
        if shows_history(request) or not self.has_change_permission(request, obj):
            return fieldsets
        if obj is not None:
            fieldsets.append(HISTORY)
        return [*fieldsets, CORRECTION] if self.may_be_read(obj) else fieldsets

    def may_be_read(self, obj):
        """Whether the public may be reading the record that `obj` is or is to be a part of."""
        if obj is None:
            return protection.is_part(self.model)
        record = protection.record_of(obj)
        return record is not None and (record.is_published or protection.is_part(self.model))

    def get_readonly_fields(self, request, obj=None):
        if shows_history(request):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)

    def get_view_on_site_url(self, obj=None):
        if obj is None or not self.is_public(obj):
            return None
        key = obj.natural_key()[0]  # empty in a form that is shown again without it
        return obj.get_absolute_url() if key else None

    def is_public(self, obj):
        """Whether the public has a page of `obj`."""
        return False

    def render_change_form(self, request, context, add=False, change=False, **kwargs):
        obj = kwargs.get("obj")
        if is_locked(request, obj):
            context["locked"] = protection.locked_sentence(obj)
        context["meanwhile"] = meanwhile.told(context)
        return super().render_change_form(request, context, add=add, change=change, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        words = text.fold(search_term[: MAX_TERM + 1]).split()
        if "\0" in search_term or len(search_term) > MAX_TERM or len(words) > MAX_WORDS:
            return queryset.none(), False
        for word in words:
            found = (Q(**{f"{column}__contains": word}) for column in self.search_fields)
            queryset = queryset.filter(Q(*found, _connector=Q.OR))
        return queryset, False

    # What may be done

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_locked(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_locked(request, obj)

    # What is written: together with its projection, or not at all

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Write in one transaction; what it refuses is shown in the form beside what was typed."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with own_turn(ChangeKind.EDIT, request.user) as request.act:
                if not self.is_there(object_id):
                    return self.keep_typed(request, _("Somebody deleted this meanwhile."), 409)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied as error:
            return self.keep_typed(request, self.denied(request, object_id, error), 403)
        except (ValidationError, IntegrityError, DataError, OverflowError) as error:
            request.refusal = self.sentence(error)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def is_there(self, object_id):
        """Whether the row of this page is stored; also for what cannot be a key, told elsewhere."""
        if object_id is None or not is_key(object_id):
            return True
        return self.model.objects.filter(pk=object_id).exists()

    def denied(self, request, object_id, error):
        """Why a form is not taken: most often its row was published while it was open."""
        row = object_id and is_key(object_id) and self.model.objects.filter(pk=object_id).first()
        if row and protection.is_locked(request.user, row):
            return protection.locked_sentence(row)
        return str(error) or _("You may not do this.")

    def keep_typed(self, request, sentence, status):
        """Where a form can no longer be stored: what was typed in it, to take along."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not saved"),
            "opts": self.opts,
            "sentence": sentence,
            "typed": meanwhile.typed(request, self.model),
        }
        return TemplateResponse(request, "admin/timeline/kept.html", context, status=status)

    def delete_view(self, request, object_id, extra_context=None):
        """The page that asks before it deletes several rows asks for a single one as well."""
        row = self.row(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        if request.method != "POST":
            return self.delete_one(request, row)
        return self.all_or_nothing(request, self.delete_one, row)

    def delete_one(self, request, row):
        answer = delete_selected(self, request, self.model.objects.filter(pk=row.pk))
        return answer or HttpResponseRedirect(self.address("changelist"))

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        return self.all_or_nothing(request, super().changelist_view, extra_context)

    def export_action(self, request):
        try:
            if not holds_nul(request.GET):
                return super().export_action(request)
        except (IncorrectLookupParameters, OverflowError):
            pass
        refuse(request)
        return HttpResponseRedirect(self.address("changelist"))

    def all_or_nothing(self, request, view, *arguments):
        try:
            with own_turn(ChangeKind.DELETION, request.user):
                return view(request, *arguments)
        except (ValidationError, IntegrityError) as error:
            messages.error(request, " ".join(self.sentence(error).messages))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        protection.refuse_locked(request.user, obj)
        request.act.values["note"] = form.cleaned_data.get("change_reason", "")
        super().save_model(request, obj, form, change)
        request.touched = protection.touched_by(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        protection.refuse_showing(request.user, form.instance)
        touched = getattr(request, "touched", set()) | protection.touched_by(form.instance)
        protection.refuse_incomplete(touched)
        if protection.is_of_a_record(type(form.instance)):
            corrections.tell(touched, **form.correction())

    def delete_model(self, request, obj):
        protection.refuse_deletion(obj)
        super().delete_model(request, obj)
        protection.refuse_incomplete(protection.touched_by(obj))

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def sentence(self, error):
        """What the person reads when the database refused: the sentence of the constraint."""
        if isinstance(error, ValidationError):
            return error
        for model in (self.model, *(inline.model for inline in self.inlines)):
            for constraint in model._meta.constraints:
                if constraint.name in str(error):
                    return ValidationError(str(constraint.get_violation_error_message()))
        return ValidationError(
            _("This could not be stored: it clashes with another row, or a value is out of range.")
        )

    # What the history shipped with would write: going back is done by `HistoryPages`

    def revert_disabled(self, request, obj=None):
        return True

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """As shipped, a POST writes an old version, its state included, for whoever may look."""
        if request.method != "GET":
            raise PermissionDenied
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        request.shows_history = True
        return super().history_form_view(request, object_id, version_id, extra_context)


def is_locked(request, obj):
    """Whether `obj`, as it was read, is locked: what a refused form put into it does not count."""
    if obj is None:
        return False
    if not hasattr(obj, "_is_locked"):
        obj._is_locked = protection.is_locked(request.user, obj)
    return obj._is_locked


def shows_history(request):
    return getattr(request, "shows_history", False)
