"""Pages of the timeline by seek: page 10,000 costs what the first one costs.

A cursor is the key of the entry a page ends with, so that it works on when that entry is gone.
"""

from dataclasses import dataclass

SIZE = 50
CHUNK = 1000


@dataclass(frozen=True)
class Page:
    """`entries` in order, and the cursors of its neighbours (None where there is none)."""

    entries: list
    next_cursor: str | None
    previous_cursor: str | None
    is_first: bool


def page_of(entries, key, *, after="", before="", size=SIZE):
    """The page of `entries`, ordered by the unique column `key`, at one of the cursors."""
    if before:
        found = list(entries.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: size + 1])
        shown, is_first = found[:size][::-1], len(found) <= size
        more = bool(shown) and _exists(entries, f"{key}__gt", shown[-1], key)
    else:
        rest = entries.filter(**{f"{key}__gt": after}) if after else entries
        found = list(rest[: size + 1])
        shown, more = found[:size], len(found) > size
        is_first = not (after and shown and _exists(entries, f"{key}__lt", shown[0], key))
    return Page(
        entries=shown,
        next_cursor=getattr(shown[-1], key) if more else None,
        previous_cursor=getattr(shown[0], key) if shown and not is_first else None,
        is_first=not after and (not before or is_first),
    )


def _exists(entries, lookup, entry, key):
    return entries.filter(**{lookup: getattr(entry, key)}).exists()


def number_before(page, entries, key):
    """How many of `entries` precede those of `page`."""
    if not page.entries:
        return 0
    return entries.filter(**{f"{key}__lt": getattr(page.entries[0], key)}).count()


def in_chunks(entries, key, size=CHUNK):
    """Yield `entries`, ordered by the unique column `key`, with `size` of them in memory at most.

    Each chunk is a query of its own: a reader on a slow line then holds no lock between them, and
    on SQLite without a write-ahead log it would keep everybody else from saving.
    """
    chunk = list(entries[:size])
    while chunk:
        yield from chunk
        if len(chunk) < size:
            return
        chunk = list(entries.filter(**{f"{key}__gt": getattr(chunk[-1], key)})[:size])
