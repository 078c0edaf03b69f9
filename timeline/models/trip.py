"""Trips and their legs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Dated, Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.codes import Status, VisitKind
from timeline.models.fields import Line, Text, known_code
from timeline.models.record import Record


class Trip(Record):
    """A journey of a high-level delegation to one or several countries."""

    kind = models.CharField(
        _("kind"),
        max_length=25,
        choices=VisitKind,
        default=VisitKind.UNKNOWN,
        help_text=_("As the sources call it. Legs may have kinds of their own."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.HELD,
        help_text=_("Announced, until a source says that it took place."),
    )
    purpose_vi = Text(_("purpose in Vietnamese"), blank=True, default="")
    purpose_en = Text(_("purpose in English"), blank=True, default="")

    purpose = BilingualText("purpose")

    class Meta(Record.Meta):
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        constraints = [
            *Record.Meta.constraints,
            known_code("kind", VisitKind),
            known_code("status", Status),
        ]
        permissions = [("publish_trip", "Can publish and withdraw trips")]


class TripLeg(Dated, Slugged):
    """One country or place of a trip, with its own kind of visit and its own inviter."""

    trip = models.ForeignKey(
        Trip, verbose_name=_("trip"), on_delete=models.CASCADE, related_name="legs"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    country = models.ForeignKey(
        "Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="legs"
    )
    place_vi = Line(_("place in Vietnamese"), blank=True, default="")
    place_en = Line(_("place in English"), blank=True, default="")
    kind = models.CharField(_("kind"), max_length=25, choices=VisitKind, default=VisitKind.UNKNOWN)
    invited_by_vi = Line(_("invited by, in Vietnamese"), blank=True, default="")
    invited_by_en = Line(_("invited by, in English"), blank=True, default="")

    place = BilingualText("place")
    invited_by = BilingualText("invited_by")

    class Meta:
        verbose_name = _("leg")
        verbose_name_plural = _("legs")
        ordering = ["trip", "order", "slug"]
        constraints = [
            *Dated.Meta.constraints,
            *Slugged.Meta.constraints,
            known_code("kind", VisitKind),
        ]

    def __str__(self):
        return f"{self.trip_id and self.trip}: {self.order}"

    def slug_source(self):
        return f"{self.trip.slug} {self.order} {self.country.code}"
