"""People and the offices they held."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.models.base import Dated, Searchable, Slugged
from timeline.models.bilingual import BilingualText
from timeline.models.codes import TenureBasis
from timeline.models.fields import CollatedKey, Line, Text, known_code


class Person(Searchable, Slugged):
    """Somebody a source names. Office-holders without a name stand on the participation alone."""

    derived_fields = ("sort_key", "given_key")

    name = Line(
        _("name"),
        help_text=_(
            "The standard name in its usual order: Tô Lâm, Donald Trump. A different spelling in "
            "a source belongs to the participation and to the other names."
        ),
    )
    name_latin = Line(
        _("name in Latin letters"),
        blank=True,
        default="",
        help_text=_("Only when the standard name is written in another script."),
    )
    sort_name = Line(
        _("sorted under"),
        blank=True,
        default="",
        help_text=_("Family name first: Tô Lâm; Trump, Donald. Left empty, the name is used."),
    )
    aliases = Text(
        _("other names"),
        blank=True,
        default="",
        help_text=_("Other spellings and names found in sources, one on each line."),
    )
    country = models.ForeignKey(
        "Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        help_text=_("The country this person acts for, as the sources tell it."),
    )
    wikidata_id = models.CharField(
        _("Wikidata"),
        max_length=20,
        blank=True,
        default="",
        validators=[RegexValidator(r"\AQ[1-9][0-9]*\Z", _("A Wikidata number, as in Q42."))],
        help_text=_("The number of this person's Wikidata page, as in Q42; only when checked."),
    )
    sort_key = CollatedKey(max_length=700, editable=False, default="")
    given_key = CollatedKey(max_length=700, editable=False, default="")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "slug"]
        indexes = [
            models.Index(fields=["sort_key", "slug"], name="person_by_family_name"),
            models.Index(fields=["given_key", "slug"], name="person_by_given_name"),
        ]
        constraints = [
            *Slugged.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="person_has_a_name",
                violation_error_message=_("A person needs a name."),
            ),
            models.UniqueConstraint(
                fields=["wikidata_id"],
                condition=~models.Q(wikidata_id=""),
                name="person_is_the_only_one_with_this_wikidata_id",
                violation_error_message=_("Another person already has this Wikidata number."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", args=[self.slug])

    def slug_source(self):
        return self.name_latin or self.name

    def search_source(self):
        return self.name, self.name_latin, self.sort_name, self.aliases

    def derive(self):
        super().derive()
        self.sort_key = text.sort_key(self.sort_name or self.name)[:700]
        turned = text.given_name_first(self.name, self.sort_name)
        self.given_key = text.sort_key(turned)[:700]


class Tenure(Dated, Slugged):
    """An office held by a person, for as long as the sources show it."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="tenures"
    )
    title_vi = Line(_("office in Vietnamese"), blank=True, default="")
    title_en = Line(_("office in English"), blank=True, default="")
    country = models.ForeignKey(
        "Country",
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tenures",
    )
    organization = models.ForeignKey(
        "Organization",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tenures",
    )
    basis = models.CharField(
        _("basis"),
        max_length=10,
        choices=TenureBasis,
        default=TenureBasis.ATTESTED,
        help_text=_("Appointed: the dates are known. Attested: seen in sources on these dates."),
    )

    title = BilingualText("title")

    class Meta:
        verbose_name = _("office held")
        verbose_name_plural = _("offices held")
        ordering = ["person", "earliest", "slug"]
        constraints = [
            *Dated.Meta.constraints,
            *Slugged.Meta.constraints,
            known_code("basis", TenureBasis),
            models.CheckConstraint(
                condition=~models.Q(title_vi="", title_en=""),
                name="tenure_has_a_title",
                violation_error_message=_("Give the office in at least one language."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.title}"

    def slug_source(self):
        return f"{self.person.slug} {self.title_en or self.title_vi} {self.date_edtf}"

    def clean(self):
        if not self.title_vi and not self.title_en:
            raise ValidationError({"title_vi": _("Give the office in at least one language.")})


def tenures_on(person, date):
    """The offices that `person` held, or was seen in, on some day of `date`, in their usual order.

    `date` is a record or an `Edtf`: it has `earliest` and `latest`. An open end reaches for ever,
    and so does an office without a date. An attested one is as long as the sources show it.
    """
    return [
        tenure
        for tenure in person.tenures.all()
        if not (date.earliest and tenure.latest and date.earliest > tenure.latest)
        and not (date.latest and tenure.earliest and date.latest < tenure.earliest)
    ]
