"""One write of the desk: in one transaction, as one act, with one projection at its end."""

from contextlib import contextmanager

from timeline import changes, projection
from timeline.writers import wait_for_turn


@contextmanager
def own_turn(kind, user, **act):
    """Wait for the other writers before anything is read that decides what is written.

    Otherwise a form that is saved while somebody publishes its record would write the old state.
    `kind` and `act` are those of `changes.made`; yields the act.
    """
    with projection.batch():
        wait_for_turn()
        with changes.made(kind, user, **act) as made:
            yield made
