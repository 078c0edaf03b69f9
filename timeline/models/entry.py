"""The projection: the only table that timeline, search, exports and feeds read."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import edtf
from timeline.models.bilingual import BilingualText
from timeline.models.codes import (
    AgreementKind,
    DateBasis,
    MeetingKind,
    Stage,
    Status,
    Verification,
    VisitKind,
)
from timeline.models.fields import CollatedKey, ordered_bounds

TYPES = {"trip": VisitKind, "meeting": MeetingKind, "agreement": AgreementKind}


class TimelineEntry(models.Model):
    """One published trip, meeting or agreement, with nothing the public may not see.

    Written by `timeline.projection` alone; it can be dropped and made anew at any time.
    """

    class Kind(models.TextChoices):
        TRIP = "trip", _("trip")
        MEETING = "meeting", _("meeting")
        AGREEMENT = "agreement", _("agreement")

    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.SlugField(max_length=200)
    type = models.CharField(max_length=25)
    status = models.CharField(max_length=10, choices=Status, blank=True)
    stage = models.CharField(max_length=25, choices=Stage, blank=True)
    verification = models.CharField(max_length=10, choices=Verification)
    title_vi = models.TextField()
    title_en = models.TextField()
    summary_vi = models.TextField()
    summary_en = models.TextField()
    date_edtf = models.CharField(max_length=100)
    date_basis = models.CharField(max_length=12, choices=DateBasis)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    first_year = models.SmallIntegerField(null=True)
    last_year = models.SmallIntegerField(null=True)
    place_vi = models.TextField()
    place_en = models.TextField()
    participants_vi = models.TextField()
    participants_en = models.TextField()
    sources_vi = models.TextField()
    sources_en = models.TextField()
    country_codes = models.TextField()
    sources_differ = models.BooleanField()
    search = models.TextField()
    search_title = models.TextField()
    digest = models.CharField(max_length=64)
    oldest_key = CollatedKey(max_length=250, unique=True)
    newest_key = CollatedKey(max_length=250, unique=True)
    countries = models.ManyToManyField("Country", related_name="entries")
    people = models.ManyToManyField("Person", related_name="entries")
    organizations = models.ManyToManyField("Organization", related_name="entries")
    trip = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="parts")
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    title = BilingualText("title")
    summary = BilingualText("summary")
    place = BilingualText("place")
    participants = BilingualText("participants")
    sources = BilingualText("sources")

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["oldest_key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="entry_stands_for_one_record"),
            ordered_bounds(),
        ]
        indexes = [
            models.Index(fields=["latest", "earliest"], name="entry_span"),
            models.Index(fields=["kind", "oldest_key"], name="entry_kind_oldest"),
            models.Index(fields=["kind", "newest_key"], name="entry_kind_newest"),
            models.Index(fields=["-changed_at", "newest_key"], name="entry_changed"),
            models.Index(fields=["stage"], name="entry_stage"),
            # All that `timeline.facets` counts entries by, in the order in which it groups them.
            models.Index(
                fields=[
                    *("kind", "status", "first_year", "last_year"),
                    *("date_edtf", "earliest", "latest", "date_basis"),
                ],
                name="entry_counts",
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        return reverse(self.kind, args=[self.slug])

    @property
    def date(self):
        return edtf.parse(self.date_edtf) if self.date_edtf else None

    @property
    def type_label(self):
        """The kind of trip, meeting or agreement in the language of the page."""
        return TYPES[self.kind](self.type).label
