"""Agreements and what is in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin.base import EditedAdmin
from timeline.admin.citation import CitationInline
from timeline.admin.part import PartInline
from timeline.admin.participation import ParticipationInline
from timeline.admin.record import DATE, PUBLICATION, SUMMARY, TITLES, RecordAdmin
from timeline.models import Agreement, AgreementItem


class AgreementItemInline(PartInline, admin.StackedInline):
    model = AgreementItem
    fields = [("order", "quantity", "unit"), ("description_vi", "description_en")]


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    fieldsets = [
        TITLES,
        DATE,
        (_("Agreement"), {"fields": [("kind", "stage"), ("trip", "meeting"), "part_of"]}),
        (_("Value"), {"fields": [("value_amount", "value_currency")]}),
        SUMMARY,
        PUBLICATION,
    ]
    autocomplete_fields = ["trip", "meeting", "part_of"]
    inlines = [AgreementItemInline, ParticipationInline, CitationInline]
    list_display = [*RecordAdmin.list_display, "kind", "stage"]
    list_filter = [*RecordAdmin.list_filter, "kind", "stage"]


@admin.register(AgreementItem)
class AgreementItemAdmin(EditedAdmin):
    fieldsets = [
        (None, {"fields": ["agreement", "order", ("quantity", "unit")]}),
        (None, {"fields": ["description_vi", "description_en", "slug"]}),
    ]
    autocomplete_fields = ["agreement"]
    search_fields = ["agreement__search", "slug"]
    list_display = ["__str__", "agreement", "quantity", "unit"]
    ordering = ["slug"]
    list_select_related = ["agreement"]
