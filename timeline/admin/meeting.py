"""Meetings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin.citation import CitationInline
from timeline.admin.participation import ParticipationInline
from timeline.admin.record import DATE, PUBLICATION, SUMMARY, TITLES, RecordAdmin
from timeline.models import Meeting


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    fieldsets = [
        TITLES,
        DATE,
        (_("Meeting"), {"fields": [("kind", "mode", "status"), ("trip", "part_of")]}),
        (_("Place"), {"fields": [("place_vi", "place_en"), ("country", "time_zone")]}),
        SUMMARY,
        PUBLICATION,
    ]
    autocomplete_fields = ["trip", "part_of", "country"]
    inlines = [ParticipationInline, CitationInline]
    list_display = [*RecordAdmin.list_display, "kind", "mode", "status"]
    list_filter = [*RecordAdmin.list_filter, "kind", "mode", "status"]
