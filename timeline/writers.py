"""One writer at a time, so that no entry of the timeline is made of half of two changes.

An entry shows rows of many tables. Were two transactions to change two of those rows at once, each
would project the record without what the other changed, and both would commit. SQLite has one
writer anyway; on PostgreSQL each write waits here, before it holds a row that another one wants.
"""

from django.db import connection

LOCK = int.from_bytes(b"timeline")  # any 64-bit number that nothing else locks in this database


def wait_for_turn():
    """Let every other writer finish, and keep later ones waiting until this transaction ends.

    Whoever reads a row to decide what to write calls this before reading. Free to call again.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def let_readers_read():
    """Keep SQLite from locking readers out while a long transaction still writes.

    With its default it locks the file as soon as its cache is full. Until this connection closes,
    the changed pages stay in memory instead.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_spill=OFF")
