"""What of each model a file may carry: the columns, by their names, and the rules of their import.

Rows are known by their natural keys, never by database ids; relations are natural keys as well. A
blank cell leaves what is stored as it is. A `state` goes through `timeline.publication`, by whoever
may take that step. A `version` that is not the stored one is refused: the row was changed since.
"""

import hashlib
from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import Error, Result

from timeline import corrections, models, protection, publication
from timeline.exchange.columns import Cell, KeyCell

DATED = ("date_edtf",)
TITLES = ("title_vi", "title_en")
RECORD = (
    *("slug", *TITLES, "summary_vi", "summary_en", *DATED),
    *("date_basis", "date_note_vi", "date_note_en", "verification", "publish_at", "state"),
)
SUBJECTS = ("trip", "meeting", "agreement")
# Not stored as they stand: what `publication` is to make of the record, what the file was made of.
STATE, VERSION = "state", "version"

WRITTEN = {
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
    models.Correction: ("slug", *SUBJECTS, "corrected_at", "note_vi", "note_en"),
}
COLUMNS = {model: (*columns, VERSION) for model, columns in WRITTEN.items()}


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

    def __init__(self, user=None, correction=None, looked_at=None, **kwargs):
        """`correction` is what the public is told; `looked_at` the `seen` of the preview."""
        super().__init__(**kwargs)
        self.user = user
        self.correction = correction or {}
        self.looked_at = looked_at
        self.stored = []  # (key, version) of each row of the file, as it was before
        self.touched, self.steps = set(), []

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        cell = KeyCell if django_field.is_relation else Cell
        return Field(
            attribute=field_name,
            column_name=field_name,
            widget=cell(django_field),
            readonly=field_name in (STATE, VERSION),
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
            else:
                asked = str(value).strip()
                setattr(instance, f"_asked_{field.column_name}", asked)
                if field.column_name == VERSION:
                    self.refuse_version(instance, asked)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def refuse_version(self, instance, version):
        """Raise ValidationError for a version that is no number, or that of a deleted row."""
        if not is_number(version):
            raise ValidationError(_("“%s” is no number of a version.") % version[:60])
        key = {self.key: instance.natural_key()[0]}
        if not instance.pk and type(instance).history.filter(**key).exists():
            raise ValidationError(_("This row was deleted or renamed since this file was made."))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        self.stored.append((instance.natural_key()[0], original.version if original.pk else None))
        if import_validation_errors or original.pk is None:
            return False
        if state_asked(instance) is not None:
            return False
        fields = [self._meta.model._meta.get_field(name) for name in self.fields]
        return all(
            getattr(instance, field.attname) == getattr(original, field.attname) for field in fields
        )

    def before_save_instance(self, instance, row, file_name="", **kwargs):
        action = "change" if instance.pk else "add"
        right = f"timeline.{action}_{instance._meta.model_name}"
        if self.user is None or not self.user.has_perm(right):
            raise PermissionDenied(_("You may not do this: it takes the right “%s”.") % right)
        refuse_older(instance)
        protection.refuse_locked(self.user, instance)
        instance._history_user = self.user
        instance._change_reason = f"import: {file_name}"

    def after_save_instance(self, instance, row, **kwargs):
        self.touched |= protection.touched_by(instance)
        if (state := state_asked(instance)) is not None:
            self.steps.append((instance, state))

    def seen(self):
        """A short text that tells the rows of the file and their stored versions from others."""
        return hashlib.sha256(repr(self.stored).encode()).hexdigest()[:32]

    def after_import(self, dataset, result, **kwargs):
        """At the end, so that a file may move a citation from one record to another."""
        if result.has_errors() or result.has_validation_errors():
            return
        result.seen = self.seen()
        if self.looked_at not in (None, result.seen):
            raise ValidationError(_("Rows have been changed since the preview."))
        protection.refuse_incomplete(self.touched)
        if protection.is_of_a_record(self._meta.model):
            corrections.tell(self.touched, **self.correction)
        for record, state in self.steps:
            publication.move_to(state, record, self.user, f"import: {kwargs.get('file_name', '')}")


def is_number(text):
    return text.isascii() and text.isdigit() and len(text) < 10


def state_asked(instance):
    """The state that the file wants for a record, when it is another one, else None."""
    state = getattr(instance, "_asked_state", None)
    return None if state in (None, getattr(instance, STATE, None)) else state


def refuse_older(instance):
    """Raise ValidationError when the row is stored in a later version than the file was made of."""
    version = getattr(instance, "_asked_version", None)
    if instance.pk and version is not None and int(version) != instance.version:
        raise ValidationError(
            _(
                "“%(row)s” was changed since this file was made: it has the version %(stored)s, "
                "and the file says %(version)s. Export it again."
            )
            % {"row": instance.natural_key()[0], "stored": instance.version, "version": version}
        )


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
