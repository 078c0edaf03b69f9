"""The only place that changes `state`: who may, from where to where, and what has to be there.

Every function works on the row as it stands in the database, so that unsaved edits of `record`
are not published along with it. Each raises `PermissionDenied` or `ValidationError` with one
sentence and then has changed nothing.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from timeline import text
from timeline.models.codes import State
from timeline.writers import wait_for_turn

# verb: (the right it needs, the states it starts from, the state it ends in)
TRANSITIONS = {
    "submit": ("change", {State.DRAFT}, State.REVIEW),
    "publish": ("publish", {State.DRAFT, State.REVIEW, State.WITHDRAWN}, State.PUBLISHED),
    "withdraw": ("publish", {State.PUBLISHED}, State.WITHDRAWN),
    "return_to_draft": ("publish", {State.REVIEW, State.WITHDRAWN}, State.DRAFT),
}


def submit(record, by, note=""):
    """Hand a draft to the publishers for review."""
    _move(record, "submit", by, note)


def publish(record, by, note=""):
    """Show a record to the public; it needs a title and a source the public may know of."""
    _move(record, "publish", by, note, published_at=timezone.now(), withdrawn_reason="")


def withdraw(record, by, reason):
    """Take a published record from the public, for a reason."""
    reason = (reason or "").strip()
    if not reason:
        raise ValidationError(_("Give the reason of the withdrawal."), code="reason")
    _move(record, "withdraw", by, reason, withdrawn_reason=reason)


def return_to_draft(record, by, note=""):
    """Give a record under review, or a withdrawn one, back to the editors."""
    _move(record, "return_to_draft", by, note)


def may(user, verb, record):
    """Whether `user` has the right that `verb` needs, whatever the state of `record` is."""
    right = TRANSITIONS[verb][0]
    return user.has_perm(f"timeline.{right}_{record.kind_of_record}")


def possible(user, record):
    """The verbs that `user` may now apply to `record`, in the order of TRANSITIONS."""
    return [
        verb
        for verb, (_right, sources, _target) in TRANSITIONS.items()
        if record.state in sources and may(user, verb, record)
    ]


def missing(record):
    """Sentences that say what `record` still needs before it can be published."""
    sentences = []
    if not record.title_vi and not record.title_en:
        sentences.append(_("It has no title in either language."))
    if not record.citations.public().exists():
        sentences.append(
            _(
                "It has no citation of a source that the public may know of. Add a citation whose "
                "source has the access “public” or “citation”."
            )
        )
    if record.publish_at and record.publish_at > timezone.now():
        sentences.append(
            _("It is under embargo until %s.")
            % date_format(timezone.localtime(record.publish_at), "Y-m-d H:i T")
        )
    return sentences


@transaction.atomic
def _move(record, verb, by, note, **values):
    _right, sources, target = TRANSITIONS[verb]
    if by is None or not may(by, verb, record):
        raise PermissionDenied(
            _("You may not do this with “%(record)s”: it takes the right “%(right)s”.")
            % {"record": record, "right": f"{_right}_{record.kind_of_record}"}
        )
    wait_for_turn()
    current = type(record).objects.select_for_update().get(pk=record.pk)
    if current.state not in sources:
        raise ValidationError(
            _("“%(record)s” is in the state “%(state)s”; this step starts from: %(sources)s.")
            % {
                "record": current,
                "state": current.get_state_display(),
                "sources": ", ".join(str(state.label) for state in State if state in sources),
            },
            code="state",
        )
    if verb == "publish" and (sentences := missing(current)):
        raise ValidationError(
            [_("“%s” cannot be published yet.") % current, *sentences], code="incomplete"
        )
    try:
        note = text.normalize(note or "", multiline=True)
    except text.UnsafeText as error:
        raise ValidationError(str(error), code="unsafe_text") from error
    changes = {"state": target, **values}
    for name, value in changes.items():
        setattr(current, name, value)
    current._history_user = by
    current._change_reason = f"{verb}: {note}" if note else verb
    current.save(update_fields=changes)
    for name in (*changes, "published_at", "version", "updated_at"):
        setattr(record, name, getattr(current, name))
