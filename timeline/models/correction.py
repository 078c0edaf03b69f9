"""Corrections: what the public is told about a change of a published record."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.fields import Line, validate_moment
from timeline.models.record import exactly_one, subject_key


class Correction(Slugged):
    """That a published record was corrected, when, and what was wrong, in words for the public."""

    trip = subject_key("Trip", "corrections", verbose_name=_("trip"))
    meeting = subject_key("Meeting", "corrections", verbose_name=_("meeting"))
    agreement = subject_key("Agreement", "corrections", verbose_name=_("agreement"))
    corrected_at = models.DateTimeField(
        _("corrected"), default=timezone.now, validators=[validate_moment]
    )
    note_vi = Line(
        _("public note in Vietnamese"),
        blank=True,
        default="",
        help_text=_("What was wrong and is right now, for everybody to read."),
    )
    note_en = Line(
        _("public note in English"),
        blank=True,
        default="",
        help_text=_("What was wrong and is right now, for everybody to read."),
    )

    note = BilingualText("note")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["corrected_at", "slug"]
        constraints = [
            *Slugged.Meta.constraints,
            exactly_one("correction_has_exactly_one_subject", "trip", "meeting", "agreement"),
            models.CheckConstraint(
                condition=~models.Q(note_vi="", note_en=""),
                name="correction_has_a_note",
                violation_error_message=_("Give the public note in at least one language."),
            ),
        ]

    def __str__(self):
        return self.note

    @property
    def subject(self):
        return self.trip or self.meeting or self.agreement

    def slug_source(self):
        return f"{self.subject and self.subject.slug} correction"

    def clean(self):
        if self.corrected_at and self.corrected_at > timezone.now():
            raise ValidationError({"corrected_at": _("This moment lies in the future.")})
