"""Which entries fit the filters of a page, by key: found once, and asked about many times.

A page shows some of them and counts all of them in several ways, each without one of the filters.
Looking through the texts of all entries, or at the links of most of them, takes longer than all
else: it is done once for each filter, and the keys of what fits several are found here.
"""

from functools import cached_property, reduce

from django.db.models import Q

from timeline.expressions import Among, key_set
from timeline.filters import OF_PERIOD, PAGING, in_period
from timeline.models import TimelineEntry

PERIOD = "period"
FEW = 5000  # matches that are fetched by key and then sorted; more are met soon in any order


class Matches:
    """What fits a valid `TimelineFilter`, with or without some of its filters."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.active = frozenset({*chosen.values()} - {"order", *PAGING})
        self._of_filter, self._found = {}, {}

    def entries(self):
        """What fits all filters, in the chosen order."""
        return self.chosen.in_order(TimelineEntry.objects.filter(self.but().condition))

    def but(self, *names):
        """The `Keys` of what fits all filters but those with these names."""
        active = self.active - {*names}
        if active not in self._found:
            self._found[active] = self._keys(active)
        return self._found[active]

    def _keys(self, active):
        if not active:
            return Keys((), self.total, are_others=True)
        parts = active - {*OF_PERIOD} | {PERIOD} if active >= {*OF_PERIOD} else active
        fitting = reduce(set.__and__, sorted(map(self._fitting, parts), key=len))
        return Keys.of(fitting, self.total)

    def _fitting(self, part):
        """The set of keys of what fits one filter, or both that bound the period."""
        if part not in self._of_filter:
            chosen = self.chosen.form.cleaned_data
            if part == PERIOD:
                period = in_period(*(chosen[name] for name in OF_PERIOD))
                keys = key_set(TimelineEntry.objects.filter(period))
            else:
                keys = self.chosen.filters[part].keys(chosen[part])
            self._of_filter[part] = keys
        return self._of_filter[part]

    @cached_property
    def total(self):
        """The number of all entries."""
        return TimelineEntry.objects.count()


class Keys:
    """The keys of the `number` entries that fit; when `are_others`, of those that do not.

    They are the fewer of the two: in a chronicle of one country, most entries concern it.
    """

    def __init__(self, keys, number, *, are_others):
        self.keys, self.number, self.are_others = keys, number, are_others

    @classmethod
    def of(cls, fitting, total):
        keys = sorted(map(int, fitting))  # SQLite looks them up sooner in their order
        if 2 * len(keys) <= total:
            return cls(keys, len(keys), are_others=False)
        others = key_set(TimelineEntry.objects.exclude(Among("pk", keys, in_passing=True)))
        return cls(sorted(map(int, others)), len(keys), are_others=True)

    @property
    def condition(self):
        """The condition on entries."""
        if self.are_others:
            return ~Q(Among("pk", self.keys, in_passing=True)) if self.keys else Q()
        return Q(Among("pk", self.keys, in_passing=len(self.keys) > FEW))
