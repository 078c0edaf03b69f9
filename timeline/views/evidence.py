"""Sources and citations as the public reads them.

These objects hold copies of what may be shown and nothing else, so that no template can show the
title of a closed document, an internal note or an unpublished record.
"""

import datetime
from dataclasses import dataclass, replace

from django.urls import reverse

from timeline import public
from timeline.edtf import Edtf
from timeline.edtf import parse as parse_date
from timeline.models import SourceDocument
from timeline.models.bilingual import BilingualText
from timeline.models.codes import Access, Stance


@dataclass(frozen=True)
class PublicSource:
    """A source as the public may know it; of a closed one there is a name and an address alone."""

    slug: str
    access: str
    public_name: str
    title_vi: str
    title_en: str
    title_is_supplied: bool = False
    kind_label: str = ""
    language: str = ""
    language_label: str = ""
    number: str = ""
    issuer: str = ""
    issuer_url: str = ""
    author: str = ""
    signatory: str = ""
    marking: str = ""
    date: Edtf | None = None
    received: Edtf | None = None
    url: str = ""
    archive_url: str = ""
    accessed_on: datetime.date | None = None
    is_held: bool = True
    relation_label: str = ""
    whole: "PublicSource | None" = None
    statement_count: int | None = None

    def __str__(self):
        return self.public_name

    @property
    def is_open(self):
        return self.access == Access.PUBLIC

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    @classmethod
    def named(cls, source: SourceDocument) -> "PublicSource":
        """The name and the address of a citable source; ValueError for an internal one."""
        prefix = "title" if source.access == Access.PUBLIC else "public_label"
        return cls(
            slug=source.slug,
            access=source.access,
            public_name=source.public_name,
            title_vi=getattr(source, f"{prefix}_vi"),
            title_en=getattr(source, f"{prefix}_en"),
            statement_count=getattr(source, "statement_count", None),
        )

    @classmethod
    def described(cls, source: SourceDocument) -> "PublicSource":
        """Everything the public may read about a citable source."""
        named = cls.named(source)
        if not named.is_open:
            return named
        issuer_is_public = public.organizations().filter(pk=source.issuer_id).exists()
        whole = public.sources().filter(pk=source.part_of_id).first()
        return replace(
            named,
            title_is_supplied=source.title_is_supplied,
            kind_label=source.get_kind_display(),
            language=source.language,
            language_label=source.get_language_display(),
            number=source.number,
            issuer=str(source.issuer or ""),
            issuer_url=source.issuer.get_absolute_url() if issuer_is_public else "",
            author=source.author,
            signatory=source.signatory,
            marking=source.marking,
            date=source.date,
            received=parse_date(source.received_edtf) if source.received_edtf else None,
            url=source.url,
            archive_url=source.archive_url,
            accessed_on=source.accessed_on,
            is_held=source.is_held,
            relation_label=source.get_relation_display() if whole else "",
            whole=cls.named(whole) if whole else None,
        )


@dataclass(frozen=True)
class PublicCitation:
    """What one citable source says about one published record or one office held."""

    slug: str
    source: PublicSource
    locator: str
    stance: str
    statement_vi: str
    statement_en: str
    record: object = None
    tenure: object = None

    statement = BilingualText("statement")

    @property
    def contradicts(self):
        return self.stance == Stance.CONTRADICTS

    def get_stance_display(self):
        return Stance(self.stance).label


def cited(citations, *, with_subject=False):
    """`citations`, a queryset of public ones, as PublicCitation objects in a fixed order."""
    citations = citations.select_related("source").order_by("source__slug", "slug")
    if with_subject:
        citations = citations.select_related("trip", "meeting", "agreement", "tenure__person")
    return [
        PublicCitation(
            slug=citation.slug,
            source=PublicSource.named(citation.source),
            locator=citation.locator,
            stance=citation.stance,
            statement_vi=citation.statement_vi,
            statement_en=citation.statement_en,
            record=(citation.trip or citation.meeting or citation.agreement)
            if with_subject
            else None,
            tenure=citation.tenure if with_subject else None,
        )
        for citation in citations
    ]
