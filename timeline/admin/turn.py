"""One write of the admin: in one transaction, with one projection at its end."""

from contextlib import contextmanager

from timeline import projection
from timeline.writers import wait_for_turn


@contextmanager
def own_turn():
    """Wait for the other writers before anything is read that decides what is written.

    Otherwise a form that is saved while somebody publishes its record would write the old state.
    """
    with projection.batch():
        wait_for_turn()
        yield
