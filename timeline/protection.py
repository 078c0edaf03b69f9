"""What a published record is protected from: a change by those who may not publish, and the loss
of what it needs to be published.

Forms, inlines, imports and deletions all ask here, so that they agree.
"""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from timeline import projection, publication
from timeline.models import RECORDS, Citation, SourceDocument
from timeline.models.codes import State
from timeline.models.record import Record


def record_of(row):
    """The trip, meeting or agreement that `row` is or is a part of, else None."""
    if isinstance(row, Record):
        return row
    for kind in RECORDS:
        if getattr(row, f"{kind}_id", None):
            return getattr(row, kind)
    return None


def is_locked(user, row):
    """Whether `row` is, or is a part of, a published record that `user` may not publish."""
    record = record_of(row)
    return bool(
        record and record.state == State.PUBLISHED and not publication.may(user, "publish", record)
    )


def locked_sentence(row):
    """What a person reads who may not change `row` because its record is published."""
    return _("“%s” is published: a publisher can change it, or withdraw it first.") % record_of(row)


def refuse_locked(user, row):
    """Raise ValidationError when `row`, as stored or as it is to be, is locked for `user`."""
    stored = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    for version in (stored, row):
        if version is not None and is_locked(user, version):
            raise ValidationError(locked_sentence(version), code="locked")


def resting_on(source):
    """The published records whose only citations the public may see are those of `source`."""
    for kind, model in RECORDS.items():
        public = Citation.objects.public().filter(**{kind: OuterRef("pk")})
        yield from model.objects.filter(
            Exists(public.filter(source=source)),
            ~Exists(public.exclude(source=source)),
            state=State.PUBLISHED,
        )


def refuse_incomplete(touched):
    """Raise ValidationError when a published record of `touched` lost what it needs.

    `touched` is a set of (kind, slug). Called after the write and inside its transaction.
    """
    sentences = [
        _("“%(record)s” is published and would lose what it needs. %(reasons)s Withdraw it first.")
        % {"record": record, "reasons": " ".join(publication.missing(record))}
        for record in _incomplete(touched)
    ]
    if sentences:
        raise ValidationError(sentences, code="incomplete")


def touched_by(row):
    """The records, as (kind, slug), whose evidence a write or deletion of `row` may have changed.

    Called after the write: where `row` belonged before, the signals remember.
    """
    if record_of(row) is None and not isinstance(row, SourceDocument):
        return set()
    touched = getattr(row, "_touched", set())
    return touched | (projection.touched_by(row) if row.pk else set())


def _incomplete(touched):
    for kind, model in RECORDS.items():
        public = Citation.objects.public().filter(**{kind: OuterRef("pk")})
        yield from model.objects.filter(
            ~Exists(public) | Q(title_vi="", title_en=""),
            state=State.PUBLISHED,
            slug__in=[slug for touched_kind, slug in touched if touched_kind == kind],
        )
