"""Agreements and what is in them."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.codes import AgreementKind, Stage
from timeline.models.fields import Line, known_code
from timeline.models.record import Record


class Agreement(Record):
    """A document or deal between parties: signed, handed over, adopted or under negotiation."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=AgreementKind, default=AgreementKind.OTHER
    )
    stage = models.CharField(
        _("stage"),
        max_length=25,
        choices=Stage,
        default=Stage.UNKNOWN,
        help_text=_("How far it had come on the date of this record."),
    )
    trip = models.ForeignKey(
        "Trip",
        verbose_name=_("trip"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    meeting = models.ForeignKey(
        "Meeting",
        verbose_name=_("signed at"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreements",
        help_text=_("The ceremony or meeting where it was signed or handed over."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of the set"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text=_("A set of signings. A total value belongs to the set, not to its members."),
    )
    value_amount = models.DecimalField(
        _("value"),
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In full units, 37200000000 for 37.2 billion; only when a source gives it."),
    )
    value_currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        default="",
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Three capital letters, as in USD."))],
        help_text=_("ISO 4217, as in USD."),
    )

    class Meta(Record.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            *Record.Meta.constraints,
            known_code("kind", AgreementKind),
            known_code("stage", Stage),
            models.CheckConstraint(
                condition=Q(value_amount__isnull=True, value_currency="")
                | Q(value_amount__isnull=False, value_amount__gte=0) & ~Q(value_currency=""),
                name="agreement_value_is_positive_and_has_a_currency",
                violation_error_message=_("A value and its currency belong together."),
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=models.F("id")),
                name="agreement_is_not_part_of_itself",
                violation_error_message=_("An agreement cannot be part of itself."),
            ),
        ]
        permissions = [("publish_agreement", "Can publish and withdraw agreements")]


class AgreementItem(Slugged):
    """Something an agreement is about, with its quantity when the source gives one."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.CASCADE, related_name="items"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Only when the source gives a number; never an estimate of ours."),
    )
    unit = Line(_("unit"), blank=True, default="", help_text=_("For instance: aircraft."))
    description_vi = Line(_("description in Vietnamese"), blank=True, default="")
    description_en = Line(_("description in English"), blank=True, default="")

    description = BilingualText("description")

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["agreement", "order", "slug"]
        constraints = [
            *Slugged.Meta.constraints,
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
                name="item_quantity_is_not_negative",
                violation_error_message=_("A quantity is not negative."),
            ),
            models.CheckConstraint(
                condition=~Q(description_vi="", description_en=""),
                name="item_has_a_description",
                violation_error_message=_("Describe the item in at least one language."),
            ),
        ]

    def __str__(self):
        return self.description

    def slug_source(self):
        return f"{self.agreement.slug} {self.order}"
