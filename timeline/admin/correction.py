"""Corrections: made when a published record is saved; here only to mend their wording."""

from django.contrib import admin

from timeline.admin.base import EditedAdmin
from timeline.models import Correction


@admin.register(Correction)
class CorrectionAdmin(EditedAdmin):
    fieldsets = [
        (None, {"fields": ["note_vi", "note_en", "corrected_at", "slug"]}),
        (None, {"fields": ["trip", "meeting", "agreement"]}),
    ]
    autocomplete_fields = ["trip", "meeting", "agreement"]
    search_fields = ["trip__search", "meeting__search", "agreement__search", "slug"]
    list_display = ["__str__", "subject", "corrected_at"]
    list_select_related = ["trip", "meeting", "agreement"]
