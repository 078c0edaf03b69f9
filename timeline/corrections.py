"""What the public is told when a record that it reads is changed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from timeline import bulk, projection
from timeline.models import Correction


def tell(touched, note_vi="", note_en="", is_minor=False):
    """Store the public note of what has just been written, in the same transaction.

    `touched` are the records, as (kind, slug), that it was about, under former slugs as well.
    Raises ValidationError when the public reads something else of one of them than before, and
    has neither a note nor the word that the change is minor. What it cannot see asks for nothing.
    """
    if is_minor and not (note_vi or note_en):
        return
    records = list(changed_in_public(touched))
    if records and not (note_vi or note_en):
        sentence = _(
            "“%s” is published: write what was corrected, for the public to read, or say that "
            "this change is minor."
        )
        raise ValidationError({"correction_en": sentence % records[0]}, code="correction")
    bulk.save_all(
        [
            Correction(note_vi=note_vi, note_en=note_en, **{record.kind_of_record: record})
            for record in records
        ]
    )


def changed_in_public(touched):
    """The published records of `touched` that the public reads otherwise than before.

    One whose entry stands under another slug was renamed; one without any is only now published.
    """
    for kind, slugs in projection.by_kind(touched).items():
        is_renamed, without_entry = False, []
        for _slug, entry, wanted in projection.compare(kind, slugs):
            if wanted is None:
                is_renamed |= entry is not None
            elif entry is None:
                without_entry.append(wanted.record)
            elif wanted.differs(entry):
                yield wanted.record
        if is_renamed:
            yield from without_entry
