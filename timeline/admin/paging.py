"""Pages of a list of any length: its rows are counted no further than somebody looks."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

AHEAD = 1_000  # rows that are counted behind the page that is shown
MAX_PAGE = 1_000_000


class BoundedPaginator(Paginator):
    """Counts as far as the page `page` and `AHEAD` rows more; `is_open` when rows go on behind.

    The pages that are offered end there as well: each later one offers later ones. The rows are
    found by their keys alone: to order whole rows takes far longer, and when a search finds few
    they are found once, and not a second time along an index on their order.
    """

    def __init__(self, *args, page=1, **options):
        super().__init__(*args, **options)
        self.page_asked = min(max(page, 1), MAX_PAGE)
        self.reach = self.page_asked * self.per_page + AHEAD

    @cached_property
    def found(self):
        """The keys of the rows within reach and of one more, in no order; None on late pages."""
        return list(self.unordered[: self.reach + 1]) if self.reach <= 2 * AHEAD else None

    @cached_property
    def counted(self):
        if self.found is not None:
            return len(self.found)
        return self.unordered[: self.reach + 1].count()

    @property
    def keys(self):
        """The keys of all rows, or None when there are too many to hold them."""
        return None if self.is_open else self.found

    @property
    def unordered(self):
        return self.object_list.order_by().values_list("pk", flat=True)

    @property
    def count(self):
        return min(self.counted, self.reach)

    @property
    def is_open(self):
        return self.counted > self.reach

    def all(self):
        """All rows, of a list that is short enough to be shown as one."""
        return self.object_list if self.keys is None else self.object_list.filter(pk__in=self.keys)

    def page(self, number):
        page = super().page(number)
        if self.keys is None:
            keys = list(page.object_list.values_list("pk", flat=True))
            page.object_list = self.object_list.filter(pk__in=keys)
        else:
            start = (page.number - 1) * self.per_page
            page.object_list = self.all()[start : start + self.per_page]
        return page
