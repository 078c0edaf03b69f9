"""What of each model a file may carry: the columns, by their names, and the rules of their import.

Rows are known by their natural keys, never by database ids; relations are natural keys as well. A
blank cell leaves what is stored as it is. What only `timeline.publication` may change is a
read-only column: it is written out, and read back only to see that nobody tried to change it.
"""

from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import Error, Result

from timeline import models, protection
from timeline.exchange.columns import Cell, KeyCell

DATED = ("date_edtf",)
TITLES = ("title_vi", "title_en")
RECORD = (
    *("slug", *TITLES, "summary_vi", "summary_en", *DATED),
    *("date_basis", "date_note_vi", "date_note_en", "verification", "publish_at", "state"),
)
SUBJECTS = ("trip", "meeting", "agreement")
READ_ONLY = ("state",)

COLUMNS = {
    models.Country: ("code", "iso3", "name_vi", "name_en"),
    models.Organization: ("slug", "name_vi", "name_en", "kind", "country", "aliases"),
    models.Person: (
        *("slug", "name", "name_latin", "sort_name", "aliases", "country", "wikidata_id"),
    ),
    models.Tenure: ("slug", "person", *TITLES, "country", "organization", *DATED, "basis"),
    models.SourceDocument: (
        *("slug", *TITLES, "title_is_supplied", "kind", "issuer", "author", "signatory", "number"),
        *(*DATED, "received_edtf", "language", "marking", "access"),
        *("public_label_vi", "public_label_en", "url", "archive_url", "accessed_on", "is_held"),
        *("part_of", "relation"),
    ),
    models.Trip: (*RECORD, "kind", "status", "purpose_vi", "purpose_en"),
    models.TripLeg: (
        *("slug", "trip", "order", "country", "place_vi", "place_en", "kind"),
        *("invited_by_vi", "invited_by_en", *DATED),
    ),
    models.Meeting: (
        *(*RECORD, "kind", "mode", "status", "trip", "part_of", "country"),
        *("place_vi", "place_en", "time_zone"),
    ),
    models.Agreement: (
        *(*RECORD, "kind", "stage", "trip", "meeting", "part_of"),
        *("value_amount", "value_currency"),
    ),
    models.AgreementItem: (
        *("slug", "agreement", "order", "quantity", "unit", "description_vi", "description_en"),
    ),
    models.Participation: (
        *("slug", *SUBJECTS, "person", "organization", "country", "role"),
        *("capacity_vi", "capacity_en", "name_as_recorded", "order"),
    ),
    models.Citation: (
        *("slug", "source", *SUBJECTS, "tenure", "locator"),
        *("statement_vi", "statement_en", "stance", "note"),
    ),
}


class PlainDiff(Diff):
    """Old and new side by side, without the inline styles that the browser is told to refuse."""

    def as_html(self):
        return [
            conditional_escape(new)
            if self.new or old == new
            else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in zip(self.left, self.right, strict=True)
        ]


class Refusal(Error):
    """An error of the whole file or of one row, as a sentence."""

    @property
    def sentence(self):
        if isinstance(self.error, ValidationError):
            return " ".join(self.error.messages)
        if isinstance(self.error, PermissionDenied):
            return str(self.error)
        return _("This could not be stored: it clashes with another row (%s).") % self.error


class Outcome(Result):
    """What an import did, or would do."""

    def changes(self):
        """The rows that are new or not as they were."""
        return [row for row in self.rows if row.is_new() or row.is_update()]


class EditedResource(ModelResource):
    """The rules that the imports of all models share. `user` is who imports or exports."""

    class Meta:
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        self.touched = set()

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        cell = KeyCell if django_field.is_relation else Cell
        return Field(
            attribute=field_name,
            column_name=field_name,
            widget=cell(django_field),
            readonly=field_name in READ_ONLY,
        )

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    @classmethod
    def get_error_result_class(cls):
        return Refusal

    @classmethod
    def get_result_class(cls):
        return Outcome

    @classmethod
    def get_display_name(cls):
        return str(cls._meta.model._meta.verbose_name_plural)

    @property
    def key(self):
        """The column that names the row."""
        return self._meta.model.natural_key_field

    def filter_export(self, queryset, **kwargs):
        related = (f.name for f in self._meta.model._meta.fields if f.is_relation)
        return queryset.select_related(*(name for name in related if name in self.fields))

    def before_import(self, dataset, **kwargs):
        """Refuse a file whose columns or keys are not clear, before any row is looked at."""
        if unknown := [name for name in dataset.headers if name not in self.fields]:
            raise ValidationError(
                _("Unknown columns: %(unknown)s. The columns are: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(self._meta.fields)}
            )
        if self.key not in dataset.headers:
            raise ValidationError(_("The column %s is missing.") % self.key)
        keys = Counter(str(key).strip() for key in dataset[self.key])
        if repeated := sorted(key for key, times in keys.items() if key and times > 1):
            raise ValidationError(
                _("Rows that appear more than once: %s.") % ", ".join(repeated[:20])
            )

    def before_import_row(self, row, **kwargs):
        row[self.key] = str(row[self.key]).strip()
        if not row[self.key]:
            raise ValidationError({self.key: _("Every row needs its key: %s.") % self.key})

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        value = row.get(field.column_name, "")
        if isinstance(value, str) and not value.strip():
            return
        try:
            if not field.readonly:
                field.save(instance, row)
            elif value != field.export(instance):
                raise ValidationError(_("This column cannot be changed by a file."))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors or original.pk is None:
            return False
        attributes = [self._meta.model._meta.get_field(name).attname for name in self.fields]
        return all(getattr(instance, name) == getattr(original, name) for name in attributes)

    def before_save_instance(self, instance, row, file_name="", **kwargs):
        action = "change" if instance.pk else "add"
        right = f"timeline.{action}_{instance._meta.model_name}"
        if self.user is None or not self.user.has_perm(right):
            raise PermissionDenied(_("You may not do this: it takes the right “%s”.") % right)
        protection.refuse_locked(self.user, instance)
        instance._history_user = self.user
        instance._change_reason = f"import: {file_name}"

    def after_save_instance(self, instance, row, **kwargs):
        self.touched |= protection.touched_by(instance)

    def after_import(self, dataset, result, **kwargs):
        """At the end, so that a file may move a citation from one record to another."""
        if not result.has_errors() and not result.has_validation_errors():
            protection.refuse_incomplete(self.touched)


def make_resource(edited):
    """The resource of one model, made of its columns."""
    options = {
        "model": edited,
        "fields": COLUMNS[edited],
        "import_id_fields": (edited.natural_key_field,),
    }
    meta = type("Meta", (EditedResource.Meta,), options)
    return type(f"{edited.__name__}Resource", (EditedResource,), {"Meta": meta})


RESOURCES = {edited: make_resource(edited) for edited in COLUMNS}
