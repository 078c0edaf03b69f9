"""People and the offices they held."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline import public
from timeline.admin.base import EditedAdmin
from timeline.admin.citation import CitationInline
from timeline.admin.duplicates import AsksAboutNamesakes, NamesakeForm
from timeline.admin.merging import Merges
from timeline.admin.part import PartInline
from timeline.models import Person, Tenure


class TenureInline(PartInline, admin.StackedInline):
    model = Tenure
    fields = [("title_vi", "title_en"), ("date_edtf", "basis"), ("country", "organization")]
    autocomplete_fields = ["country", "organization"]
    show_change_link = True


@admin.register(Person)
class PersonAdmin(Merges, AsksAboutNamesakes, EditedAdmin):
    form = NamesakeForm
    fieldsets = [
        (None, {"fields": ["name", ("name_latin", "sort_name"), "aliases", "country", "slug"]}),
        (_("Elsewhere"), {"fields": ["wikidata_id"], "classes": ["collapse"]}),
    ]
    autocomplete_fields = ["country"]
    inlines = [TenureInline]
    list_display = ["name", "sort_name", "country", "slug"]
    list_select_related = ["country"]

    def is_public(self, obj):
        return public.people().filter(pk=obj.pk).exists()


@admin.register(Tenure)
class TenureAdmin(EditedAdmin):
    fieldsets = [
        (None, {"fields": ["person", "title_vi", "title_en", ("country", "organization")]}),
        (_("Date"), {"fields": [("date_edtf", "basis"), "slug"]}),
    ]
    autocomplete_fields = ["person", "country", "organization"]
    search_fields = ["person__search", "slug"]
    inlines = [CitationInline]
    list_display = ["__str__", "when", "basis"]
    list_select_related = ["person"]
    list_filter = ["basis"]
