"""What the public is told when a record that it reads is changed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from timeline import projection
from timeline.models import RECORDS, Correction, TimelineEntry


def tell(touched, note_vi="", note_en="", is_minor=False):
    """Store the public note of what has just been written, in the same transaction.

    `touched` are the records, as (kind, slug), that it was about, under former slugs as well.
    Raises ValidationError when the public reads something else of one of them than before, and
    has neither a note nor the word that the change is minor. What it cannot see asks for nothing.
    """
    for record in changed_in_public(touched):
        if not (note_vi or note_en or is_minor):
            sentence = _(
                "“%s” is published: write what was corrected, for the public to read, or say that "
                "this change is minor."
            )
            raise ValidationError({"correction_en": sentence % record}, code="correction")
        if note_vi or note_en:
            subject = {record.kind_of_record: record}
            Correction.objects.create(note_vi=note_vi, note_en=note_en, **subject)


def changed_in_public(touched):
    """The published records of `touched` that the public reads otherwise than before.

    One whose entry stands under another slug was renamed; one without any is only now published.
    """
    for kind, model in RECORDS.items():
        slugs = {slug for touched_kind, slug in touched if touched_kind == kind}
        records = list(model.objects.published().filter(slug__in=slugs))
        entries = TimelineEntry.objects.filter(kind=kind, slug__in=slugs)
        entries = set(entries.values_list("slug", flat=True))
        former = entries - {record.slug for record in records}
        for record in records:
            if projection.differs(record) if record.slug in entries else former:
                yield record
