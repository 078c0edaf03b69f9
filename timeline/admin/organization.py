"""Organisations."""

from django.contrib import admin

from timeline import public
from timeline.admin.base import EditedAdmin
from timeline.admin.duplicates import AsksAboutNamesakes, NamesakeForm
from timeline.admin.merging import Merges
from timeline.models import Organization


@admin.register(Organization)
class OrganizationAdmin(Merges, AsksAboutNamesakes, EditedAdmin):
    form = NamesakeForm
    fieldsets = [
        (None, {"fields": ["name_vi", "name_en", ("kind", "country"), "aliases", "slug"]}),
    ]
    autocomplete_fields = ["country"]
    list_display = ["__str__", "name_vi", "name_en", "kind", "country"]
    list_select_related = ["country"]
    list_filter = ["kind"]

    def is_public(self, obj):
        return public.organizations().filter(pk=obj.pk).exists()
