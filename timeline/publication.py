"""The only place that changes `state`: who may, from where to where, and what has to be there.

Every function works on the row as it stands in the database, so that unsaved edits of `record`
are not published along with it. Each raises `PermissionDenied` or `ValidationError` with one
sentence and then has changed nothing.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import changes, text
from timeline.models import RECORDS
from timeline.models.changeset import ChangeKind
from timeline.models.codes import State
from timeline.models.fields import reason
from timeline.writers import wait_for_turn

NOT_WITHDRAWN = {"withdrawn_reason": "", "withdrawn_in_public": False}

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
    """Show a record to the public; it needs a title and a source the public may know of.

    Under embargo it waits: it is published with no `published_at`, which `publish_due` gives it.
    """
    _move(record, "publish", by, note, published_at=None, **NOT_WITHDRAWN)


def withdraw(record, by, reason, in_public=False):
    """Take a published record from the public; `in_public` lets the public read the reason."""
    reason = (reason or "").strip()
    if not reason:
        raise ValidationError(_("Give the reason of the withdrawal."), code="reason")
    in_public = in_public and record.published_at is not None
    _move(record, "withdraw", by, reason, withdrawn_reason=reason, withdrawn_in_public=in_public)


def return_to_draft(record, by, note=""):
    """Give a record under review, or a withdrawn one, back to the editors."""
    _move(record, "return_to_draft", by, note, **NOT_WITHDRAWN)


def move_to(state, record, by, note=""):
    """Take the step that leads `record` to `state`, a code of State; for files of import."""
    for verb, (_right, sources, target) in TRANSITIONS.items():
        if target == state and record.state in sources:
            if verb == "withdraw":
                raise ValidationError(
                    _("“%s”: a withdrawal has its own reason, and is not made by a file.") % record,
                    code="state",
                )
            return STEPS[verb](record, by, note)
    raise ValidationError(
        _("“%(record)s” cannot go from the state “%(old)s” to “%(new)s”.")
        % {"record": record, "old": record.state, "new": state[:60]},
        code="state",
    )


def way_back(state, wanted):
    """The verbs that lead a record from `state` back to `wanted`; None when none do.

    None of them shows anything to the public.
    """
    ways = {state: []}
    for here in (found := [state]):
        for verb, (_right, sources, target) in TRANSITIONS.items():
            if here in sources and verb != "publish" and target not in ways:
                ways[target] = [*ways[here], verb]
                found.append(target)
    return ways.get(wanted)


def take_back(state, record, by, reason):
    """Lead `record` back to `state`, where it was before an act that is undone."""
    for verb in way_back(record.state, state):
        (withdraw if verb == "withdraw" else STEPS[verb])(record, by, reason)


def publish_due():
    """Bring in the records whose embargo has ended; return them, and those that cannot come in.

    Each by itself and only once, also when two of these run at the same time.
    """
    published, refused = [], []
    for model in RECORDS.values():
        due = model.objects.scheduled().filter(publish_at__lte=timezone.now())
        for key in due.order_by("publish_at", "slug").values_list("pk", flat=True):
            with transaction.atomic():
                wait_for_turn()
                record = model.objects.scheduled().select_for_update().filter(pk=key).first()
                if record is None or record.is_embargoed:  # somebody was quicker
                    continue
                if sentences := missing(record):
                    refused.append((record, sentences))
                    continue
                record._change_reason = "publish: embargo ended"
                try:
                    with changes.made(ChangeKind.PUBLICATION, note="publish: embargo ended"):
                        record.save()
                except ValidationError as error:  # one that cannot does not keep the others
                    refused.append((record, error.messages))
                    continue
                published.append(record)
    return published, refused


STEPS = {"submit": submit, "publish": publish, "return_to_draft": return_to_draft}


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
        raise ValidationError(reason(error), code="unsafe_text") from error
    values |= {"state": target}
    for name, value in values.items():
        setattr(current, name, value)
    current._history_user = by
    current._change_reason = f"{verb}: {note}" if note else verb
    with changes.made(ChangeKind.PUBLICATION, by, note=current._change_reason):
        current.save(update_fields=values)
    for name in (*values, "published_at", "version", "updated_at"):
        setattr(record, name, getattr(current, name))
