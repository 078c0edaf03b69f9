"""Source documents: what every statement rests on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from timeline import text, uploads
from timeline.models.base import Dated, Searchable, Slugged, naming
from timeline.models.bilingual import BilingualText
from timeline.models.bulk import EditedQuerySet
from timeline.models.codes import Access, Language, SourceKind, SourceRelation
from timeline.models.fields import EdtfField, Line, http_url, known_code

CITABLE = (Access.PUBLIC, Access.CITATION)


class SourceQuerySet(EditedQuerySet):
    def citable(self):
        """The sources the public may know of: in full, or by their public label."""
        return self.filter(access__in=CITABLE)

    def names_file(self, name):
        """Whether a row, or an earlier version of one, has the stored file `name`."""
        return self.filter(file=name).exists() or self.model.history.filter(file=name).exists()


class SourceDocument(Dated, Searchable, Slugged):
    """A document that statements rest on, whether we hold it or only know of it."""

    title_vi = Line(_("title in Vietnamese"), blank=True, default="")
    title_en = Line(_("title in English"), blank=True, default="")
    title_is_supplied = models.BooleanField(
        _("title is supplied"),
        default=False,
        help_text=_("Tick when the document has no title and this one is ours."),
    )
    kind = models.CharField(_("kind"), max_length=25, choices=SourceKind, default=SourceKind.OTHER)
    issuer = models.ForeignKey(
        "Organization",
        verbose_name=_("issuer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="issued_documents",
    )
    author = Line(_("author"), blank=True, default="", help_text=_("As printed."))
    signatory = Line(_("signed by"), blank=True, default="", help_text=_("As printed."))
    number = Line(_("number"), blank=True, default="", help_text=_("As printed."))
    received_edtf = EdtfField(
        _("received (EDTF)"),
        blank=True,
        default="",
        help_text=_("The day on a receipt stamp, which is not the day of issue."),
    )
    language = models.CharField(_("language"), max_length=3, choices=Language, default=Language.VI)
    marking = Line(
        _("marking"),
        blank=True,
        default="",
        help_text=_("A marking of circulation or secrecy, as printed."),
    )
    access = models.CharField(
        _("access"),
        max_length=10,
        choices=Access,
        default=Access.INTERNAL,
        help_text=_(
            "Public: shown in full. Citation: the public sees only the label below. "
            "Internal: the public sees nothing."
        ),
    )
    public_label_vi = Line(_("public label in Vietnamese"), blank=True, default="")
    public_label_en = Line(
        _("public label in English"),
        blank=True,
        default="",
        help_text=_("How a document that is not open is named in public, without giving it away."),
    )
    url = models.URLField(_("address"), max_length=1000, blank=True, default="")
    archive_url = models.URLField(
        _("address of an archived copy"), max_length=1000, blank=True, default=""
    )
    accessed_on = models.DateField(_("read there on"), null=True, blank=True)
    file = models.FileField(
        _("file"),
        upload_to="sources/%Y/",
        max_length=300,
        blank=True,
        default="",
        help_text=_("Kept in private storage; never served to the public."),
    )
    is_held = models.BooleanField(
        pgettext_lazy("document", "held"),
        default=True,
        help_text=_("Untick for a document that another one mentions and that we do not have."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("belongs to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    relation = models.CharField(
        _("relation"), max_length=10, choices=SourceRelation, blank=True, default=""
    )

    objects = SourceQuerySet.as_manager()

    title = BilingualText("title")
    public_label = BilingualText("public_label")

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = [models.F("earliest").asc(nulls_last=True), "slug"]
        constraints = [
            *Dated.Meta.constraints,
            *Slugged.Meta.constraints,
            known_code("kind", SourceKind),
            known_code("language", Language),
            known_code("access", Access),
            http_url("url"),
            http_url("archive_url"),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True, relation="")
                | Q(part_of__isnull=False, relation__in=SourceRelation.values),
                name="sourcedocument_relation_and_whole_belong_together",
                violation_error_message=_(
                    "Say both which document this one belongs to and how (attachment, part)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=models.F("id")),
                name="sourcedocument_is_not_part_of_itself",
                violation_error_message=_("A document cannot be part of itself."),
            ),
        ]

    def __str__(self):
        return self.title or self.public_label or self.slug

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    @property
    def is_citable(self):
        return self.access in CITABLE

    @property
    def public_name(self):
        """What the public reads: the title of a public source, the label of a closed one."""
        if self.access == Access.PUBLIC:
            return self.title or self.slug
        if self.access == Access.CITATION:
            return self.public_label or gettext("Document that is not open to the public")
        raise ValueError("an internal source has no public name")

    def slug_source(self):
        if self.access == Access.PUBLIC:
            return self.title_en or self.title_vi
        return self.public_label_en or self.public_label_vi

    def search_source(self):
        return (
            self.title_vi,
            self.title_en,
            self.public_label_vi,
            self.public_label_en,
            self.number,
            self.author,
            self.signatory,
        )

    def derive(self):
        super().derive()
        with naming(field := self._meta.get_field("received_edtf")):
            self.received_edtf = field.canonical(self.received_edtf)
        if self.has_new_file:
            self.file.name = uploads.stored_name(self.file.name)

    @property
    def has_new_file(self):
        """Whether the file is one that was uploaded and is not stored yet."""
        return bool(self.file) and not self.file._committed

    def clean(self):
        if self.has_new_file:
            with naming(self._meta.get_field("file")):
                uploads.check(self.file)
        if not self.title_vi and not self.title_en:
            raise ValidationError({"title_vi": _("Give a title, or supply one and say so.")})
        if self.access == Access.CITATION and not (self.public_label_vi or self.public_label_en):
            raise ValidationError(
                {"public_label_vi": _("Give the label by which the public may know this document.")}
            )
        if self.access == Access.CITATION and self.slug_gives_title_away():
            raise ValidationError(
                {
                    "slug": _(
                        "The public sees the slug too, and this one has the title in it. Choose "
                        "another one, or leave it empty."
                    )
                }
            )

    def slug_gives_title_away(self):
        """Whether the slug, which is public, holds a title: it did no harm in an open source."""
        titles = (text.slugify(title, max_length=190) for title in (self.title_vi, self.title_en))
        return any(title and f"-{title}-" in f"-{self.slug}-" for title in titles)
