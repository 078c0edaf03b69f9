"""Countries: an authority file of our own, because ready-made Vietnamese lists are wrong."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline.models.base import Searchable
from timeline.models.bilingual import BilingualText
from timeline.models.fields import Line, Text


class Country(Searchable):
    """A country of ISO 3166-1 with its usual names in both languages."""

    natural_key_field = "code"

    code = models.CharField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("Two capital letters, as in VN."))],
        help_text=_("ISO 3166-1 alpha-2, as in VN."),
    )
    iso3 = models.CharField(
        _("three-letter code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Three capital letters, as in VNM."))],
        help_text=_("ISO 3166-1 alpha-3, as in VNM."),
    )
    name_vi = Line(_("name in Vietnamese"), help_text=_("The usual name, as in Hoa Kỳ."))
    name_en = Line(_("name in English"), help_text=_("The usual name, as in United States."))

    aliases = Text(
        _("other names"),
        blank=True,
        default="",
        help_text=_("Names people search for, one on each line: Mỹ, USA."),
    )

    name = BilingualText("name")

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_en", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(iso3=""),
                name="country_codes_are_not_empty",
                violation_error_message=_("A country needs both of its codes."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("country", args=[self.code])

    def search_source(self):
        return self.code, self.iso3, self.name_vi, self.name_en, self.aliases
