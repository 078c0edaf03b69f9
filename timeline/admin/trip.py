"""Trips and their legs."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin.base import EditedAdmin
from timeline.admin.citation import CitationInline
from timeline.admin.part import PartInline
from timeline.admin.participation import ParticipationInline
from timeline.admin.record import DATE, PUBLICATION, SUMMARY, TITLES, RecordAdmin
from timeline.models import Trip, TripLeg


class TripLegInline(PartInline, admin.StackedInline):
    model = TripLeg
    fields = [
        ("order", "country", "kind", "date_edtf"),
        ("place_vi", "place_en"),
        ("invited_by_vi", "invited_by_en"),
    ]
    autocomplete_fields = ["country"]


@admin.register(Trip)
class TripAdmin(RecordAdmin):
    fieldsets = [
        TITLES,
        DATE,
        (_("Visit"), {"fields": [("kind", "status"), "purpose_vi", "purpose_en"]}),
        SUMMARY,
        PUBLICATION,
    ]
    inlines = [TripLegInline, ParticipationInline, CitationInline]
    list_display = [*RecordAdmin.list_display, "kind", "status"]
    list_filter = [*RecordAdmin.list_filter, "kind", "status"]


@admin.register(TripLeg)
class TripLegAdmin(EditedAdmin):
    fieldsets = [
        (None, {"fields": ["trip", ("order", "country"), ("place_vi", "place_en"), "slug"]}),
        (_("Visit"), {"fields": ["kind", "date_edtf", ("invited_by_vi", "invited_by_en")]}),
    ]
    autocomplete_fields = ["trip", "country"]
    search_fields = ["trip__search", "country__search"]
    list_display = ["__str__", "country", "place", "kind", "when"]
    ordering = ["slug"]
    list_select_related = ["trip", "country"]
    list_filter = ["kind"]
