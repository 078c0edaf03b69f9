"""What is drawn of the relations of a country: its trips in both directions, and their levels."""

from dataclasses import dataclass

from timeline import public

TRIPS, LEVELS = 60, 20  # of one direction, and in all: more cannot be told apart


@dataclass(frozen=True)
class Drawing:
    """[(direction, entry)] for the tag `relation_axis`, and how many trips are left out."""

    items: list
    more: int

    @classmethod
    def of(cls, inward, outward, levels):
        items, more = [], 0
        for direction, entries, most in [
            ("in", inward, TRIPS),
            ("out", outward, TRIPS),
            ("level", levels, LEVELS),
        ]:
            newest = list(public.with_trips(entries).order_by("newest_key")[:most])
            items += [(direction, entry) for entry in newest]
            if direction != "level":
                more += entries.count() - len(newest)
        return cls(items, more)
