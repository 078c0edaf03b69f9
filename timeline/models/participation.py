"""Who took part: a person, an organisation or a country, in a role and an office of that day."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.codes import Role
from timeline.models.fields import Line, known_code
from timeline.models.record import exactly_one, subject_key


def or_nobody(field):
    """The key in `field`, or 0: SQL's NULLs are all different, two absent people are the same."""
    return Coalesce(field, 0, output_field=models.BigIntegerField())


class Participation(Slugged):
    """The part somebody took in one trip, meeting or agreement."""

    trip = subject_key("Trip", "participations", verbose_name=_("trip"))
    meeting = subject_key("Meeting", "participations", verbose_name=_("meeting"))
    agreement = subject_key("Agreement", "participations", verbose_name=_("agreement"))
    person = models.ForeignKey(
        "Person",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
        help_text=_("Empty when the source names an office and no person."),
    )
    organization = models.ForeignKey(
        "Organization",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
    )
    country = models.ForeignKey(
        "Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
        help_text=_("The country this participant acts for."),
    )
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.PARTICIPANT)
    capacity_vi = Line(
        _("office in Vietnamese"),
        blank=True,
        default="",
        help_text=_("The office as worded at that time, not today's."),
    )
    capacity_en = Line(
        _("office in English"),
        blank=True,
        default="",
        help_text=_("The office as worded at that time, not today's."),
    )
    name_as_recorded = Line(
        _("name as recorded"),
        blank=True,
        default="",
        help_text=_("The spelling found in the source, when it differs from the standard name."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    capacity = BilingualText("capacity")

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["order", "slug"]
        indexes = [models.Index(fields=["-updated_at"], name="participation_changed")]
        constraints = [
            *Slugged.Meta.constraints,
            known_code("role", Role),
            exactly_one("participation_has_exactly_one_subject", "trip", "meeting", "agreement"),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(organization__isnull=False)
                | Q(country__isnull=False),
                name="participation_names_somebody",
                violation_error_message=_(
                    "Choose at least one of person, organisation and country."
                ),
            ),
            *(
                models.UniqueConstraint(
                    subject,
                    or_nobody("person"),
                    or_nobody("organization"),
                    or_nobody("country"),
                    "role",
                    "capacity_vi",
                    "capacity_en",
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"participation_is_recorded_once_in_a_{subject}",
                    violation_error_message=_(
                        "This participant is already recorded here in the same role."
                    ),
                )
                for subject in ("trip", "meeting", "agreement")
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "person", "role"],
                    condition=Q(person__isnull=False, **{f"{subject}__isnull": False}),
                    name=f"person_has_a_role_once_in_a_{subject}",
                    violation_error_message=_(
                        "This person is already recorded here in the same role."
                    ),
                )
                for subject in ("trip", "meeting", "agreement")
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_role_display()})"

    @property
    def subject(self):
        return self.trip or self.meeting or self.agreement

    @property
    def name(self):
        """Who it is: the person, else the office without a name, else the body or country."""
        if self.person_id:
            return str(self.person)
        if self.organization_id:
            return str(self.organization)
        return self.capacity or str(self.country or "")

    def slug_source(self):
        who = self.person or self.organization
        name = who.slug if who else f"{self.country_id and self.country.code} {self.capacity_en}"
        return f"{self.subject and self.subject.slug} {name} {self.role}"
