"""What the public reads is changed by those who may publish, and a published record keeps what it
needs.

Forms, inlines, imports and deletions all ask here, so that they agree.
"""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from timeline import projection, public, publication
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


def is_publisher(user):
    """Whether `user` may publish records of some kind, and so change what several of them show."""
    return any(user.has_perm(f"timeline.publish_{kind}") for kind in RECORDS)


def is_locked(user, row):
    """Whether the public reads `row`, as it stands in memory, and `user` may not change that.

    That is a published record and its parts for who may not publish this kind of record, and
    people, bodies, offices and sources that the public is shown for who may publish none.
    """
    if record := record_of(row):
        return record.state == State.PUBLISHED and not publication.may(user, "publish", record)
    return not is_publisher(user) and public.shows(row)


def locked_sentence(row):
    """What a person reads who may not change `row` because the public reads it."""
    if record := record_of(row):
        return _("“%s” is published: a publisher can change it, or withdraw it first.") % record
    return _("“%s” is shown to the public: a publisher can change it.") % row


def refuse_locked(user, row):
    """Raise ValidationError when `row`, as stored or as it is to be, is locked for `user`."""
    stored = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    if stored is not None and is_locked(user, stored):
        raise ValidationError(locked_sentence(stored), code="locked")
    refuse_showing(user, row)


def refuse_showing(user, row):
    """Raise ValidationError when the public would read `row` and `user` may not see to that."""
    if not is_locked(user, row):
        return
    if record_of(row):
        raise ValidationError(locked_sentence(row), code="locked")
    raise ValidationError(
        _("“%s” would be shown to the public: a publisher can do this.") % row, code="locked"
    )


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
