"""Citations: which source says what about a record, and where in the source it says so."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.bulk import EditedQuerySet
from timeline.models.codes import Stance
from timeline.models.fields import Line, Text, known_code
from timeline.models.record import exactly_one, subject_key
from timeline.models.source import CITABLE


class CitationQuerySet(EditedQuerySet):
    def public(self):
        """The citations the public may see: those of public and citation-level sources."""
        return self.filter(source__access__in=CITABLE)


class Citation(Slugged):
    """What one source says about one record or tenure."""

    source = models.ForeignKey(
        "SourceDocument",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="citations",
    )
    trip = subject_key("Trip", "citations", verbose_name=_("trip"))
    meeting = subject_key("Meeting", "citations", verbose_name=_("meeting"))
    agreement = subject_key("Agreement", "citations", verbose_name=_("agreement"))
    tenure = subject_key("Tenure", "citations", verbose_name=_("office held"))
    locator = Line(
        _("place in the source"),
        blank=True,
        default="",
        help_text=_("Section and paragraph, as in: II.1.2, paragraph 3."),
    )
    locator_vi = Line(
        _("place in the source in Vietnamese"),
        blank=True,
        default="",
        help_text=_("As in: mục II.1.2, đoạn 3. Left empty, the other one is shown."),
    )
    statement_vi = Text(_("statement in Vietnamese"), blank=True, default="")
    statement_en = Text(
        _("statement in English"),
        blank=True,
        default="",
        help_text=_(
            "What this source says here, in our own words, with its numbers and their "
            "qualifiers (more than 60). Public when the source may be cited."
        ),
    )
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.REPORTS)
    note = Text(_("internal note"), blank=True, default="", help_text=_("Never shown in public."))

    objects = CitationQuerySet.as_manager()

    statement = BilingualText("statement")

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["slug"]
        constraints = [
            *Slugged.Meta.constraints,
            known_code("stance", Stance),
            exactly_one(
                "citation_has_exactly_one_subject", "trip", "meeting", "agreement", "tenure"
            ),
        ]

    def __str__(self):
        return f"{self.source}, {self.place}" if self.place else str(self.source)

    @property
    def place(self):
        """The locator in the language of the page."""
        return (self.locator_vi if get_language() == "vi" else "") or self.locator

    @property
    def record(self):
        return self.trip or self.meeting or self.agreement

    @property
    def subject(self):
        return self.record or self.tenure

    def slug_source(self):
        return f"{self.subject and self.subject.slug} {self.source.slug}"
