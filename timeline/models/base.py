"""What every edit-side model shares: natural keys, versions, derived columns and history."""

from contextlib import contextmanager
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import NotSupportedError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from timeline import edtf, text
from timeline.models.fields import EdtfField, ordered_bounds


@contextmanager
def naming(field):
    """Say which field a ValidationError inside the block is about."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field.name: error.messages}) from error


class EditedQuerySet(models.QuerySet):
    """Bulk writes take the same way as single ones: derived columns, history and projection."""

    def get_by_natural_key(self, key):
        return self.get(**{self.model.natural_key_field: key})

    def bulk_create(self, objs, batch_size=None, **options):
        """Save each object. Slower than SQL's bulk insert, but nothing goes round the rules."""
        if any(options.values()):
            raise NotSupportedError(f"bulk_create cannot honour {', '.join(options)} here")
        objs = list(objs)
        with transaction.atomic(using=self.db):
            for obj in objs:
                obj.save(using=self.db, force_insert=True)
        return objs

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            for obj in objs:
                obj.save(using=self.db, update_fields=fields)
        return len(objs)

    def update(self, **values):
        with transaction.atomic(using=self.db):
            objs = list(self)
            for obj in objs:
                for name, value in values.items():
                    setattr(obj, name, value)
                obj.save(using=self.db, update_fields=values)
        return len(objs)

    update.alters_data = True


class Edited(models.Model):
    """A row of the edit side: it has a natural key, a version and a history."""

    natural_key_field = "slug"
    derived_fields = ("version", "updated_at")

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    objects = EditedQuerySet.as_manager()
    history = HistoricalRecords(
        inherit=True,
        history_change_reason_field=models.TextField(null=True),
        excluded_fields=["search", "sort_key"],
    )

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        """Save with the derived columns, which `derive` fills right before the write."""
        if update_fields is not None:
            derived = (parent.__dict__.get("derived_fields", ()) for parent in type(self).__mro__)
            update_fields = {*update_fields, *chain.from_iterable(derived)}
        with transaction.atomic(using=kwargs.get("using")):
            super().save(*args, update_fields=update_fields, **kwargs)

    def natural_key(self):
        return (getattr(self, self.natural_key_field),)

    def derive(self):
        """Fill the columns that follow from others; called before every write, also by loaddata.

        Raises ValidationError when a value that others are derived from is malformed.
        """
        for field in self._meta.concrete_fields:
            if isinstance(value := self.__dict__.get(field.attname), str):
                with naming(field):
                    setattr(self, field.attname, field.to_python(value))
        self.updated_at = timezone.now()
        if not self._state.adding:
            self.version += 1


class Slugged(Edited):
    """A row with a slug: ASCII, unique, the public id and the natural key."""

    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        help_text=_(
            "The public address of this row: small letters, digits and hyphens. "
            "Left empty, it is made from the title or name."
        ),
    )

    derived_fields = ("slug",)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug=""),
                name="%(class)s_slug_is_not_empty",
                violation_error_message=_("The slug is empty."),
            )
        ]

    def slug_source(self):
        """The text an empty slug is made from."""
        raise NotImplementedError(f"{type(self).__name__} names no source for its slug")

    def derive(self):
        super().derive()
        if not self.slug:
            self.slug = self.free_slug()

    def free_slug(self):
        """The first free address among `name`, `name-2`, `name-3` ..."""
        stem = text.slugify(self.slug_source(), max_length=190) or self._meta.model_name
        taken = set(
            type(self)
            .objects.filter(slug__startswith=stem)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        number, slug = 1, stem
        while slug in taken:
            number += 1
            slug = f"{stem}-{number}"
        return slug

    def validate_constraints(self, exclude=None):
        """An empty slug is filled by `derive` before the write, so a form may leave it empty."""
        if self.slug:
            return super().validate_constraints(exclude)
        return super().validate_constraints({*(exclude or ()), "slug"})


class Searchable(models.Model):
    """A row that is found without tone marks: `search` holds its folded text."""

    derived_fields = ("search",)

    search = models.TextField(editable=False, default="")

    class Meta:
        abstract = True

    def search_source(self):
        """The texts a search looks through."""
        raise NotImplementedError(f"{type(self).__name__} names no text to search")

    def derive(self):
        super().derive()
        self.search = text.fold(" \n".join(part for part in self.search_source() if part))


class Dated(models.Model):
    """A row with a date: `date_edtf` is the authority, `earliest` and `latest` follow from it."""

    derived_fields = ("date_edtf", "earliest", "latest")

    date_edtf = EdtfField(
        _("date (EDTF)"),
        blank=True,
        default="",
        help_text=_(
            "As precise as the source, never more: 2013-07, 2024-09-22, 2024-09-22~ (about), "
            "2026-02-18/2026-02-20 (lasted from-to), [2026-02-19..2026-02-20] (one of these days). "
            "Empty when no source gives a date."
        ),
    )
    earliest = models.DateField(_("earliest day"), null=True, editable=False)
    latest = models.DateField(_("latest day"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [ordered_bounds()]

    @property
    def date(self):
        """The parsed date, or None when there is none."""
        return edtf.parse(self.date_edtf) if self.date_edtf else None

    def derive(self):
        super().derive()
        with naming(field := self._meta.get_field("date_edtf")):
            self.date_edtf = field.canonical(self.date_edtf)
        date = self.date
        self.earliest = date.earliest if date else None
        self.latest = date.latest if date else None
