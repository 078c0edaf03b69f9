"""The rows of a table as they leave: what somebody may see of them, as text."""

from django.utils.translation import get_language, override

from timeline.exchange.columns import COLUMNS, SHOWN, shown_to
from timeline.exchange.values import cell_of

CHUNK = 500  # rows in memory


class Leaving:
    """Iterated, gives the heading and a row of text for each row of `queryset`, by their keys.

    `user` is who asks, None who runs the site: what belongs to a record is told to those who may
    view it, in the language that is active where this is made. `left` counts the rows.
    """

    def __init__(self, queryset, user):
        model = self.model = queryset.model
        self.queryset, self.language = queryset, get_language()
        # `_meta.get_field` knows `version` and `state` as well as the columns that are imported.
        self.cells = {name: cell_of(model._meta.get_field(name)) for name in COLUMNS[model]}
        self.shown = shown_to(user, model) if user else SHOWN.get(model, ())
        self.left = 0

    @property
    def headings(self):
        return [*self.cells, *(column.name for column in self.shown)]

    def __iter__(self):
        yield self.headings
        for row in self._rows().iterator(chunk_size=CHUNK):
            with override(self.language):
                cells = [cell.render(getattr(row, name)) for name, cell in self.cells.items()]
                cells += [column.read(row) for column in self.shown]
            self.left += 1
            yield cells

    def _rows(self):
        """The rows and what their cells ask for, in a bounded number of questions."""
        fields = self.model._meta.fields
        related = [field.name for field in fields if field.is_relation and field.name in self.cells]
        chosen = self.queryset.order_by().values("pk")
        rows = self.model.objects.filter(pk__in=chosen).select_related(*related)
        prefetches = [name for column in self.shown for name in column.prefetches]
        return rows.prefetch_related(*prefetches).order_by(self.model.natural_key_field)
