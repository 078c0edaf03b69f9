"""Reading much at one moment: what somebody saves meanwhile is not half in the answer."""

from contextlib import contextmanager
from tempfile import TemporaryFile

from django.db import connection, transaction

CHUNK = 65536  # bytes


def within_snapshot(pieces):
    """Yield `pieces`, bytes that are made from the database, all as it was at one moment.

    On PostgreSQL a reader on a slow line keeps nobody from writing, and the pieces leave as they
    are made. On SQLite it would, so that there they are put aside on disk first.
    """
    if connection.vendor == "postgresql":
        with _snapshot():
            yield from pieces
        return
    with TemporaryFile() as aside:
        with _snapshot():
            aside.writelines(pieces)
        aside.seek(0)
        while piece := aside.read(CHUNK):
            yield piece


@contextmanager
def _snapshot():
    """Within a transaction that somebody else began, that one."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL jit = off")  # compiling such queries outlasts them
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # `atomic` would take the turn of a writer
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
