"""Source documents. Their files are kept in private storage and have no address."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import protection, public
from timeline.admin.base import EditedAdmin
from timeline.admin.forms import EditedForm
from timeline.admin.widgets import FIELDS
from timeline.models import SourceDocument
from timeline.models.codes import Access


class SourceForm(EditedForm):
    """Does not close a source that published records rest on alone."""

    class Meta:
        help_texts = {
            "slug": _(
                "The public address of this row: small letters, digits and hyphens. The public "
                "sees it also when the access is “citation”, so it must not give a closed document "
                "away. Left empty, it is made from the title or, unless it is open, the label."
            )
        }

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
class SourceDocumentAdmin(EditedAdmin):
    form = SourceForm
    formfield_overrides = {**FIELDS, models.FileField: {"widget": forms.FileInput}}
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
            {"fields": ["is_held", ("file", "file_held"), "url", "archive_url", "accessed_on"]},
        ),
    ]
    readonly_fields = ["file_held"]
    autocomplete_fields = ["issuer", "part_of"]
    list_display = ["__str__", "when", "kind", "access", "language", "is_held"]
    list_filter = ["access", "kind", "language", "is_held"]

    @admin.display(description=_("file that we hold"), empty_value=_("none"))
    def file_held(self, obj):
        return obj.file.name.rpartition("/")[2] if obj.file else None

    def is_public(self, obj):
        return public.sources().filter(pk=obj.pk).exists()
