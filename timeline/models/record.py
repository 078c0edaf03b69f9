"""What trips, meetings and agreements share: titles, a date, a state and how sure we are."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from timeline import edtf
from timeline.models.base import Dated, Searchable, Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.bulk import EditedQuerySet
from timeline.models.codes import DateBasis, State, Verification
from timeline.models.fields import Line, Text, known_code, validate_moment
from timeline.models.history import is_from_history

# What `timeline.publication` decides: an earlier version does not bring it back.
OF_PUBLICATION = ("state", "published_at", "withdrawn_reason", "withdrawn_in_public")


class RecordQuerySet(EditedQuerySet):
    def published(self):
        """The rows the public may see: the one definition for pages and projection alike.

        A record that is published under embargo has no `published_at` before its time has come.
        """
        return self.filter(state=State.PUBLISHED, published_at__isnull=False)

    def scheduled(self):
        """The published rows whose embargo has not ended, or has not been seen to have ended."""
        return self.filter(state=State.PUBLISHED, published_at__isnull=True)


class Record(Dated, Searchable, Slugged):
    """A trip, a meeting or an agreement: one entry of the chronicle."""

    derived_fields = ("published_at",)

    title_vi = Line(
        _("title in Vietnamese"),
        blank=True,
        default="",
        help_text=_("Neutral and short: who, what, where. In your own words."),
    )
    title_en = Line(
        _("title in English"),
        blank=True,
        default="",
        help_text=_("Neutral and short: who, what, where. In your own words."),
    )
    summary_vi = Text(
        _("summary in Vietnamese"),
        blank=True,
        default="",
        help_text=_("Two or three sentences in your own words; figures belong to citations."),
    )
    summary_en = Text(
        _("summary in English"),
        blank=True,
        default="",
        help_text=_("Two or three sentences in your own words; figures belong to citations."),
    )
    date_basis = models.CharField(
        _("basis of the date"),
        max_length=12,
        choices=DateBasis,
        default=DateBasis.UNKNOWN,
        help_text=_("How the date is known. Within the trip: the source gives no day of its own."),
    )
    date_note_vi = Line(
        _("note on the date in Vietnamese"),
        blank=True,
        default="",
        help_text=_("For instance the date in another time zone."),
    )
    date_note_en = Line(
        _("note on the date in English"),
        blank=True,
        default="",
        help_text=_("For instance the date in another time zone."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    publish_at = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        validators=[validate_moment],
        help_text=_(
            "Under embargo until this minute: published before it, the record waits and nobody "
            "outside sees anything of it."
        ),
    )
    withdrawn_reason = Text(_("reason of the withdrawal"), editable=False, default="", blank=True)
    withdrawn_in_public = models.BooleanField(
        _("the public may read the reason"), editable=False, default=False
    )
    verification = models.CharField(
        _("verification"),
        max_length=10,
        choices=Verification,
        default=Verification.UNVERIFIED,
        help_text=_("Verified: a second reader compared the record with its sources."),
    )

    objects = RecordQuerySet.as_manager()

    title = BilingualText("title")
    summary = BilingualText("summary")
    date_note = BilingualText("date_note")

    class Meta:
        abstract = True
        ordering = [models.F("earliest").asc(nulls_last=True), "slug"]
        # What the desk asks for: its lists in their order, its work lists, the embargoes.
        indexes = [
            models.Index(fields=["earliest", "slug"], name="%(class)s_order"),
            models.Index(fields=["state", "earliest", "slug"], name="%(class)s_state_order"),
            models.Index(fields=["state", "-updated_at"], name="%(class)s_state"),
            models.Index(fields=["verification", "-updated_at"], name="%(class)s_verification"),
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False),
                name="%(class)s_embargo",
            ),
        ]
        constraints = [
            *Dated.Meta.constraints,
            *Slugged.Meta.constraints,
            known_code("state", State),
            known_code("date_basis", DateBasis),
            known_code("verification", Verification),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True)
                | Q(published_at__isnull=True)
                | ~Q(state=State.PUBLISHED)
                | Q(publish_at__lte=models.F("published_at")),
                name="%(class)s_is_not_published_under_embargo",
                violation_error_message=_("A record under embargo is not public."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_in_public=False)
                | (Q(state=State.WITHDRAWN) & ~Q(withdrawn_reason="")),
                name="%(class)s_is_withdrawn_when_the_public_reads_why",
                violation_error_message=_("Only a withdrawal has a reason for the public."),
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    @property
    def kind_of_record(self):
        """`trip`, `meeting` or `agreement`: the public name of the model."""
        return self._meta.model_name

    def get_absolute_url(self):
        return reverse(self.kind_of_record, args=[self.slug])

    def slug_source(self):
        return self.title_en or self.title_vi

    def search_source(self):
        return self.title_vi, self.title_en, self.summary_vi, self.summary_en

    def derive(self):
        super().derive()
        if is_from_history(self):
            self.keep_state(type(self).objects.filter(pk=self.pk).first())
        if self.is_scheduled and not self.is_embargoed:
            self.published_at = timezone.now()

    def keep_state(self, stored):
        """An earlier version brings its text back and not its state, which publishing decides.

        Nor does it change when a published record came, or is to come, to the public. `stored` is
        the row as it is now, None when it was deleted.
        """
        for name in OF_PUBLICATION:
            default = self._meta.get_field(name).get_default()
            setattr(self, name, getattr(stored, name) if stored else default)
        if self.state == State.PUBLISHED:
            self.publish_at = stored.publish_at

    def clean(self):
        if not self.title_vi and not self.title_en:
            raise ValidationError({"title_vi": _("Give a title in at least one language.")})
        if self.is_published and self.publish_at and self.publish_at > self.published_at:
            raise ValidationError(
                {"publish_at": _("It is published already: withdraw it before an embargo.")}
            )

    def lies_outside(self, other):
        """Whether no day of this record can be a day of `other`; an open end reaches for ever."""
        if not (self.date_edtf and other and other.date_edtf):
            return False
        try:
            ours, theirs = self.date, other.date
        except edtf.EdtfError:  # which the date itself is told
            return False
        return bool(
            (ours.earliest and theirs.latest and ours.earliest > theirs.latest)
            or (ours.latest and theirs.earliest and ours.latest < theirs.earliest)
        )

    @property
    def is_published(self):
        """Whether `published` has this row: no query, for lists of records."""
        return self.state == State.PUBLISHED and self.published_at is not None

    @property
    def is_scheduled(self):
        """Whether it is published and waits for the end of its embargo."""
        return self.state == State.PUBLISHED and self.published_at is None

    @property
    def is_embargoed(self):
        return self.publish_at is not None and self.publish_at > timezone.now()


def subject_key(model, related_name, **options):
    """A foreign key from what belongs to a record (or tenure) to it."""
    return models.ForeignKey(
        model, null=True, blank=True, on_delete=models.CASCADE, related_name=related_name, **options
    )


def exactly_one(name, *fields):
    """A constraint: exactly one of the foreign keys `fields` is set."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message=format_lazy(
            _("Choose exactly one of: {fields}."), fields=", ".join(fields)
        ),
    )
