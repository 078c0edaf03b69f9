"""Who took part, by themselves and on the page of what they took part in."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.base import EditedAdmin
from timeline.admin.capacity import WarnsOfCapacities, offer_offices
from timeline.admin.formset import PartFormSet
from timeline.admin.part import PartInline
from timeline.models import Participation

WHO = ("person_id", "organization_id", "country_id", "role", "capacity_vi", "capacity_en")


class ParticipationFormSet(PartFormSet):
    """All participants of one record: none of them twice in the same role.

    The constraint that says so cannot be asked row by row while the rows are being changed.
    """

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            if self._should_delete_form(form) or not form.is_valid() or not form.cleaned_data:
                continue
            row = form.instance
            keys = {tuple(getattr(row, name) for name in WHO)}
            if row.person_id:
                keys.add((row.person_id, row.role))
            if keys & seen:
                sentence = gettext("This participant is already recorded here in the same role.")
                form.add_error("role", ValidationError(sentence))
            seen |= keys


class ParticipationInline(PartInline, admin.StackedInline):
    model = Participation
    formset = ParticipationFormSet
    fields = [
        ("order", "role", "name_as_recorded"),
        ("person", "organization", "country"),
        ("capacity_vi", "capacity_en"),
    ]
    autocomplete_fields = ["person", "organization", "country"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        offer_offices(formset.form, obj)
        return formset


@admin.register(Participation)
class ParticipationAdmin(WarnsOfCapacities, EditedAdmin):
    fieldsets = [
        (None, {"fields": ["person", "organization", "country", ("role", "order")]}),
        (_("As worded"), {"fields": [("capacity_vi", "capacity_en"), "name_as_recorded", "slug"]}),
        (
            _("Took part in"),
            {
                "fields": ["trip", "meeting", "agreement"],
                "description": _("Choose exactly one of these."),
            },
        ),
    ]
    autocomplete_fields = ["person", "organization", "country", "trip", "meeting", "agreement"]
    search_fields = ["person__search", "organization__search", "country__search", "slug"]
    list_display = ["name", "role", "capacity", "subject"]
    ordering = ["slug"]
    list_select_related = [*("person", "organization", "country", "trip", "meeting", "agreement")]
    list_filter = ["role"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        offer_offices(form)
        return form
