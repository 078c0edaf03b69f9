"""What the public reads is changed by those who may publish, and a published record keeps what it
needs.

Forms, inlines, imports and deletions all ask here, so that they agree.
"""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from timeline import projection, public, publication
from timeline.models import PARTS, RECORDS, Citation, Correction, SourceDocument
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


def is_part(model):
    """Whether rows of `model` are parts of a record."""
    return any(model in PARTS[whole] for whole in RECORDS.values())


def is_of_a_record(model):
    """Whether rows of `model` are records or parts of them."""
    return model in RECORDS.values() or is_part(model)


def is_publisher(user):
    """Whether `user` may publish records of some kind, and so change what several of them show."""
    return any(user.has_perm(f"timeline.publish_{kind}") for kind in RECORDS)


def is_locked(user, row):
    """Whether the public reads `row`, as it stands in memory, and `user` may not change that.

    That is a published record and its parts for who may not publish this kind of record, and
    people, bodies, offices and sources that the public is shown for who may publish none.
    """
    if record := record_of(row):
        read = record.state == State.PUBLISHED or record.withdrawn_in_public
        return read and not publication.may(user, "publish", record)
    return not is_publisher(user) and (public.shows(row) or _is_scheduled_to_show(row))


def _is_scheduled_to_show(row):
    """Whether a record that waits for the end of its embargo shows `row`."""
    if row.pk is None:
        return False
    touched = projection.touched_by(row)
    return any(
        model.objects.scheduled()
        .filter(slug__in=[slug for touched_kind, slug in touched if touched_kind == kind])
        .exists()
        for kind, model in RECORDS.items()
    )


def locked_sentence(row):
    """What a person reads who may not change `row` because the public reads it."""
    record = record_of(row)
    if record is None:
        return _("“%s” is shown to the public, or is to be: a publisher can change it.") % row
    if record.withdrawn_in_public:
        return (
            _("The public reads why “%s” was withdrawn: a publisher returns it to draft first.")
            % record
        )
    return _("“%s” is published: a publisher can change it, or withdraw it first.") % record


def refuse_locked(user, row):
    """Raise ValidationError when `row`, as stored or as it is to be, is locked for `user`."""
    stored = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    if stored is not None and is_locked(user, stored):
        raise ValidationError(locked_sentence(stored), code="locked")
    if isinstance(row, Correction) and not (row.subject and row.subject.is_published):
        sentence = _("Only what the public reads is corrected in public.")
        raise ValidationError(sentence, code="correction")
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


def resting_on(*sources):
    """The published records whose only citations the public may see are those of `sources`."""
    for kind, model in RECORDS.items():
        cited = Citation.objects.public().filter(**{kind: OuterRef("pk")})
        yield from model.objects.filter(
            Exists(cited.filter(source__in=sources)),
            ~Exists(cited.exclude(source__in=sources)),
            state=State.PUBLISHED,
        )


def refuse_deletion(row):
    """Raise ValidationError when `row` is what the public reads of a record, or a part of that."""
    record = record_of(row)
    if record is None or not record.is_published:
        return
    if isinstance(row, Correction):
        sentence = _("“%s”: what the public was told stays told; change its wording instead.")
    elif record is row:
        sentence = _("“%s” is published: withdraw it first, with a reason.")
    else:
        sentence = _(
            "“%s” is published: take this part away on the page of that record, where the public "
            "is told of it."
        )
    raise ValidationError(sentence % record, code="locked")


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
        cited = Citation.objects.public().filter(**{kind: OuterRef("pk")})
        yield from model.objects.filter(
            ~Exists(cited) | Q(title_vi="", title_en=""),
            state=State.PUBLISHED,
            slug__in=[slug for touched_kind, slug in touched if touched_kind == kind],
        )
