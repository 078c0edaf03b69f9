"""Source documents and their files, which nobody reaches but by a view that asks who it is."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from timeline import protection, public, uploads
from timeline.admin.base import EditedAdmin, shows_history
from timeline.admin.duplicates import AsksAboutNamesakes, NamesakeForm
from timeline.admin.keys import is_key
from timeline.admin.merging import Merges
from timeline.admin.widgets import FIELDS
from timeline.admin.worklists.filters import LinkFilter
from timeline.models import SourceDocument
from timeline.models.codes import Access
from timeline.models.history import is_from_history
from timeline.views.files import answer, held_file

ACCEPT = {"accept": ",".join(f".{kind}" for kind in (*uploads.TYPES, *uploads.SAME_ENDINGS))}


class SourceForm(NamesakeForm):
    """Does not close a source that published records rest on alone."""

    remove_file = forms.BooleanField(
        label=_("Take the file away"),
        required=False,
        help_text=_("Earlier versions of this row keep it."),
    )

    class Meta:
        help_texts = {
            "file": format_lazy(
                _(
                    "At most {limit} MB: {endings}. Kept in private storage. The public may have "
                    "it when the access is “public” and something published cites this document."
                ),
                limit=uploads.MAX_SIZE // 1_000_000,
                endings=uploads.ENDINGS,
            ),
            "slug": _(
                "The public address of this row: small letters, digits and hyphens. The public "
                "sees it also when the access is “citation”, so it must not give a closed document "
                "away. Left empty, it is made from the title or, unless it is open, the label."
            ),
        }

    def clean(self):
        cleaned = super().clean()
        removes = cleaned.get("remove_file") and "file" not in self.changed_data
        if removes and not self.errors:  # a page that is shown again leads to the stored file
            cleaned["file"] = False  # as Django says that there is none
        return cleaned

    def clean_access(self):
        access = self.cleaned_data["access"]
        if self.instance.pk and access == Access.INTERNAL:
            records = [f"“{record}”" for record in protection.resting_on(self.instance)]
            if records:
                raise ValidationError(
                    gettext(
                        "Published records rest on this source alone: %s. Withdraw them first, "
                        "or let them cite another source that the public may know of."
                    )
                    % ", ".join(records)
                )
        return access


@admin.register(SourceDocument)
class SourceDocumentAdmin(Merges, AsksAboutNamesakes, EditedAdmin):
    form = SourceForm
    formfield_overrides = {**FIELDS, models.FileField: {"widget": forms.FileInput(ACCEPT)}}
    fieldsets = [
        (None, {"fields": ["title_vi", "title_en", "title_is_supplied", "slug"]}),
        (
            _("Document"),
            {
                "fields": [
                    ("kind", "language"),
                    ("issuer", "number"),
                    ("author", "signatory"),
                    ("date_edtf", "received_edtf"),
                    ("part_of", "relation"),
                ]
            },
        ),
        (
            _("What the public may know"),
            {"fields": ["access", "marking", "public_label_vi", "public_label_en"]},
        ),
        (
            _("Where it is"),
            {"fields": ["is_held", "file_held", "url", "archive_url", "accessed_on"]},
        ),
    ]
    readonly_fields = ["file_held"]
    autocomplete_fields = ["issuer", "part_of"]
    list_display = ["__str__", "when", "kind", "access", "language", "is_held"]
    list_filter = ["access", "kind", "language", "is_held", LinkFilter]

    @admin.display(description=_("file that we hold"), empty_value=_("none"))
    def file_held(self, obj):
        held = held_file(obj)
        if held is None:
            return None
        words = f"{held['kind']}, {filesizeformat(held['size'])}"
        if is_from_history(obj):  # the address is that of the file of today
            return words
        address = reverse("admin:timeline_sourcedocument_file", args=[obj.pk])
        return format_html('<a href="{}" download>{}</a>', address, words)

    def get_fieldsets(self, request, obj=None):
        """The file can be given and taken away by those alone who may change the row."""
        fieldsets = super().get_fieldsets(request, obj)
        may_change = self.has_change_permission(request, obj) if obj else True
        if shows_history(request) or not may_change:
            return fieldsets
        inputs = ("file", "file_held", "remove_file") if obj and obj.file else "file"
        return [
            (name, {**options, "fields": [inputs if f == "file_held" else f for f in names]})
            for name, options in fieldsets
            for names in [options["fields"]]
        ]

    # The file itself

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<object_id>/file/", view, name="timeline_sourcedocument_file"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def file_view(self, request, object_id):
        source = self.get_object(request, object_id) if is_key(object_id) else None
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        if source is None:
            raise Http404
        return answer(request, source)

    def changeform_view(self, request, *args, **kwargs):
        """Leave no file behind that was stored for a row which then was refused."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        finally:
            for name in getattr(request, "stored_files", []):
                if not SourceDocument.objects.names_file(name):
                    default_storage.delete(name)

    def save_model(self, request, obj, form, change):
        is_new = obj.has_new_file
        try:
            super().save_model(request, obj, form, change)
        finally:
            if is_new and not obj.has_new_file:
                request.stored_files = [*getattr(request, "stored_files", []), obj.file.name]

    def is_public(self, obj):
        return public.sources().filter(pk=obj.pk).exists()
