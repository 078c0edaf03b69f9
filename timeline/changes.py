"""What belongs together: every row of history written in one act points to one `ChangeSet`.

An act is undone as a whole: each of its rows becomes what it was before, unless somebody has
changed one of them since.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from simple_history.signals import pre_create_historical_record

from timeline.models.changeset import ChangeSet

_current: ContextVar["Act | None"] = ContextVar("act_that_is_being_done", default=None)


class Act:
    """An act that is being done; its row is written when the first change is."""

    def __init__(self, **values):
        self.values = values
        self.row = None

    def change_set(self):
        if self.row is None:
            self.row = ChangeSet.objects.create(**self.values)
        return self.row


@contextmanager
def made(kind, user=None, **values):
    """Everything written inside is one act of `user`; an act inside another one is part of it.

    `kind` is a `ChangeKind`; `values` are other columns of the `ChangeSet`. Yields the act.
    Belongs into the transaction of what it holds together.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    act = Act(kind=kind, user=user, **values)
    token = _current.set(act)
    try:
        yield act
    finally:
        _current.reset(token)


def current():
    """The row of the act that is being done, written by now; None outside of any."""
    act = _current.get()
    return act and act.change_set()


def _belongs(sender, history_instance, **kwargs):
    act = current()
    if act is not None:
        history_instance.change_set = act
        history_instance.history_user = history_instance.history_user or act.user


def connect():
    """Called once, when the app is ready."""
    pre_create_historical_record.connect(_belongs)
