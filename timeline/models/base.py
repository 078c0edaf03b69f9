"""What edit-side models share: keys, versions, slugs, dates, and what follows from others."""

from contextlib import contextmanager
from itertools import chain

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline import changes, edtf, text
from timeline.models.bulk import EditedQuerySet
from timeline.models.changeset import ChangeKind
from timeline.models.fields import EdtfField, ordered_bounds
from timeline.models.history import History
from timeline.writers import wait_for_turn


@contextmanager
def naming(field):
    """Say which field a ValidationError inside the block is about."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field.name: error.messages}) from error


class Edited(models.Model):
    """A row of the edit side: it has a natural key, a version and a history."""

    natural_key_field = "slug"
    derived_fields = ("version", "updated_at")

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    objects = EditedQuerySet.as_manager()
    history = History(
        inherit=True,
        history_change_reason_field=models.TextField(null=True),
        excluded_fields=["search", "sort_key", "given_key"],
    )

    class Meta:
        abstract = True
        # So that `trip.meetings.add(meeting)` takes the way of EditedQuerySet too.
        base_manager_name = "objects"

    def save(self, *args, update_fields=None, using=None, **kwargs):
        """Save with the derived columns, which `derive` fills right before the write.

        With `update_fields`, the rest of the row becomes what the database has: columns that
        follow from others never follow from a value that is not stored.
        """
        with transaction.atomic(using=using):
            if update_fields:
                update_fields = self.with_derived(update_fields, using)
            elif deferred := self.get_deferred_fields():
                self.refresh_from_db(using=using, fields=deferred)
            super().save(*args, update_fields=update_fields, using=using, **kwargs)

    def with_derived(self, named, using):
        """The names in `named` and those of the derived columns; other columns are read anew."""
        wait_for_turn()
        others = [f for f in self._meta.concrete_fields if not {f.name, f.attname} & {*named}]
        self.refresh_from_db(using=using, fields=[field.attname for field in others])
        derived = (parent.__dict__.get("derived_fields", ()) for parent in type(self).__mro__)
        return {*named, *chain.from_iterable(derived)}

    def delete(self, using=None, **kwargs):
        """Delete the row and what belongs to it, as one act."""
        with transaction.atomic(using=using), changes.made(ChangeKind.DELETION):
            return super().delete(using=using, **kwargs)

    def natural_key(self):
        return (getattr(self, self.natural_key_field),)

    def derive(self):
        """Fill the columns that follow from others; called before every write, also by loaddata.

        Raises ValidationError when a value that others are derived from is malformed.
        """
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if value and isinstance(value, str):
                with naming(field):
                    setattr(self, field.attname, field.to_python(value))
        self.updated_at = timezone.now()


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
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Small letters, digits and single hyphens only.")
            )
        ],
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
        with naming(field := self._meta.get_field("slug")):
            field.run_validators(self.slug)

    def free_slug(self, taken=()):
        """The first free address among `name`, `name-2`, `name-3` ..., and none of `taken`."""
        stem = text.slugify(self.slug_source(), max_length=190) or self._meta.model_name
        taken = set(taken) | set(
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


class Searchable(Edited):
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


class Dated(Edited):
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
