"""Sources and citations as the public reads them.

These objects hold copies of what may be shown and nothing else, so that no template can show the
title of a closed document, an internal note or an unpublished record.
"""

import datetime
import re
from dataclasses import dataclass, replace

from django.urls import reverse

from timeline import public
from timeline.edtf import Edtf
from timeline.edtf import parse as parse_date
from timeline.models import SourceDocument
from timeline.models.bilingual import BilingualText
from timeline.models.codes import Access, Stance
from timeline.projected import sort_keys


@dataclass(frozen=True)
class PublicSource:
    """A source as the public may know it; of a closed one there is a name and an address alone."""

    slug: str
    access: str
    public_name: str
    origin: str
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
    def named(cls, source: SourceDocument, wholes=()) -> "PublicSource":
        """The name and the address of a citable source; ValueError for an internal one.

        `wholes` are the keys of the public documents that others are parts of.
        """
        prefix = "title" if source.access == Access.PUBLIC else "public_label"
        return cls(
            slug=source.slug,
            access=source.access,
            public_name=source.public_name,
            origin=_origin(source, wholes),
            title_vi=getattr(source, f"{prefix}_vi"),
            title_en=getattr(source, f"{prefix}_en"),
            statement_count=getattr(source, "statement_count", None),
        )

    @classmethod
    def listed(cls, source: SourceDocument) -> "PublicSource":
        """A citable source as a list of sources tells of it; its issuer has to be read already."""
        named = cls.named(source)
        if not named.is_open:
            return named
        return replace(
            named,
            kind_label=source.get_kind_display(),
            issuer=str(source.issuer or ""),
            date=source.date,
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


def _origin(source, wholes):
    """What `source` is not independent of, as a key: documents of one origin count as one witness.

    That is the document it is a part of, else its issuer, else itself, as far as the public knows
    them. Of documents that are not open nobody outside can tell: all of them have one origin.
    """
    if source.access != Access.PUBLIC:
        return "closed"
    if source.part_of_id in wholes:
        return _origin(source.part_of, ())
    return f"issuer {source.issuer_id}" if source.issuer_id else f"source {source.pk}"


@dataclass(frozen=True)
class PublicCitation:
    """What one citable source says about one published record or one office held."""

    slug: str
    source: PublicSource
    place: str
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


def _by_source(citation):
    """By what the public reads; the slug of a citation may hold words that are not public."""
    return (citation.source.slug, *_in_source(citation))


def _by_record(citation):
    """By the record in the order of the timeline, then by source; those of offices are last."""
    record = citation.record
    place = sort_keys(record)[0] if record else f"~{citation.tenure.person.sort_key}"
    return (place, *_by_source(citation))


def _in_source(citation):
    """By the place in the source, with paragraph 3 before paragraph 11."""
    parts = re.split(r"(\d+)", citation.locator)
    place = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return place, citation.statement_en, citation.statement_vi, citation.stance


def cited(citations, *, with_subject=False):
    """`citations`, a queryset of public ones, as PublicCitation objects in a fixed order."""
    citations = citations.select_related("source__part_of")
    if with_subject:
        citations = citations.select_related("trip", "meeting", "agreement", "tenure__person")
    citations = sorted(citations, key=_by_record if with_subject else _by_source)
    parts = {citation.source.part_of_id for citation in citations} - {None}
    # Asked in any case: the number of questions does not tell of a document that is not public.
    wholes = {*public.sources().filter(pk__in=[0, *parts]).values_list("pk", flat=True)}
    return [
        PublicCitation(
            slug=citation.slug,
            source=PublicSource.named(citation.source, wholes),
            place=citation.place,
            stance=citation.stance,
            statement_vi=citation.statement_vi,
            statement_en=citation.statement_en,
            record=citation.record if with_subject else None,
            tenure=citation.tenure if with_subject else None,
        )
        for citation in citations
    ]
