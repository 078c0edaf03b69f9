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
    return locked(user, [row])[0]


def locked(user, rows):
    """For each of `rows`, which are of one model, whether it `is_locked`; asked of all at once."""
    others = [row for row in rows if record_of(row) is None]
    shown = iter([False] * len(others) if is_publisher(user) else _shows_each(others))
    return [
        _is_record_locked(user, record) if (record := record_of(row)) else next(shown)
        for row in rows
    ]


def _is_record_locked(user, record):
    read = record.state == State.PUBLISHED or record.withdrawn_in_public
    return read and not publication.may(user, "publish", record)


def _shows_each(rows):
    """For each of `rows`, whether the public is shown it, or is to be when an embargo ends."""
    shown = public.shows_each(rows)
    scheduled = _scheduled(row for row, now in zip(rows, shown, strict=True) if not now)
    return [now or row.pk in scheduled for row, now in zip(rows, shown, strict=True)]


def _scheduled(rows):
    """The keys of those `rows` that a record shows which waits for the end of its embargo."""
    stored = [row for row in rows if row.pk is not None]
    through = projection.SHOWN_THROUGH.get(type(stored[0]), {}) if stored else {}
    return {
        key
        for kind, paths in through.items()
        for path in paths
        for key in RECORDS[kind]
        .objects.scheduled()
        .filter(**{f"{path}__in": stored})
        .values_list(path, flat=True)
    }


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
    refuse_change(user, type(row).objects.filter(pk=row.pk).first() if row.pk else None, row)


def refuse_change(user, stored, row):
    """Raise ValidationError when `stored`, a row or None, must not become `row` by `user`."""
    for error in filter(None, refusals(user, [(stored, row)])):
        raise error


def refusals(user, changes):
    """For each of `changes`, (stored row or None, row as it is to be), a ValidationError or None.

    All are of one model, and asked about at once.
    """
    stored = [before for before, _row in changes if before is not None]
    held = iter(locked(user, stored))
    shown = locked(user, [row for _before, row in changes])
    for (before, row), is_shown in zip(changes, shown, strict=True):
        if before is not None and next(held):
            yield ValidationError(locked_sentence(before), code="locked")
        elif isinstance(row, Correction) and not (row.subject and row.subject.is_published):
            sentence = _("Only what the public reads is corrected in public.")
            yield ValidationError(sentence, code="correction")
        else:
            yield _of_showing(row) if is_shown else None


def refuse_showing(user, *rows):
    """Raise ValidationError when the public would read one of `rows` and `user` may not see to it.

    They are of one model.
    """
    for row, is_shown in zip(rows, locked(user, rows), strict=True):
        if is_shown:
            raise _of_showing(row)


def _of_showing(row):
    if record_of(row):
        return ValidationError(locked_sentence(row), code="locked")
    sentence = _("“%s” would be shown to the public: a publisher can do this.")
    return ValidationError(sentence % row, code="locked")


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
    for kind, slugs in projection.by_kind(touched).items():
        cited = Citation.objects.public().filter(**{kind: OuterRef("pk")})
        lacking = RECORDS[kind].objects.filter(
            ~Exists(cited) | Q(title_vi="", title_en=""), state=State.PUBLISHED
        )
        for chunk in projection.in_chunks(slugs):
            yield from lacking.filter(slug__in=chunk)
