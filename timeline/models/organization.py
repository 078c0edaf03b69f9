"""Organisations: bodies, companies, parties, groups."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.models.base import Searchable, Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.codes import OrganizationKind
from timeline.models.fields import CollatedKey, Line, Text, known_code


class Organization(Searchable, Slugged):
    """A body that takes part, invites, issues a document or is party to an agreement."""

    derived_fields = ("sort_key",)

    name_vi = Line(
        _("name in Vietnamese"), blank=True, default="", help_text=_("The full usual name.")
    )
    name_en = Line(
        _("name in English"), blank=True, default="", help_text=_("The full usual name.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=OrganizationKind,
        default=OrganizationKind.OTHER,
    )
    country = models.ForeignKey(
        "Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organizations",
        help_text=_("Where it belongs; empty for an international organisation."),
    )
    aliases = Text(
        _("other names"),
        blank=True,
        default="",
        help_text=_("Abbreviations and other spellings, one on each line."),
    )
    sort_key = CollatedKey(max_length=700, editable=False, default="")

    name = BilingualText("name")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "slug"]
        constraints = [
            *Slugged.Meta.constraints,
            known_code("kind", OrganizationKind),
            models.CheckConstraint(
                condition=~models.Q(name_vi="", name_en=""),
                name="organization_has_a_name",
                violation_error_message=_("Give the name in at least one language."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organization", args=[self.slug])

    def slug_source(self):
        return self.name_en or self.name_vi

    def search_source(self):
        return self.name_vi, self.name_en, self.aliases

    def derive(self):
        super().derive()
        self.sort_key = text.sort_key(self.name_vi or self.name_en)[:700]
