"""Countries."""

from django.contrib import admin

from timeline import public
from timeline.admin.base import EditedAdmin
from timeline.models import Country


@admin.register(Country)
class CountryAdmin(EditedAdmin):
    fieldsets = [(None, {"fields": [("code", "iso3"), "name_vi", "name_en", "aliases"]})]
    list_display = ["code", "name_vi", "name_en", "iso3"]
    list_display_links = ["code", "name_vi", "name_en"]

    def is_public(self, obj):
        return public.countries().filter(pk=obj.pk).exists()
