"""What a table of the data package is, and how its columns are made of fields."""

from dataclasses import dataclass, replace

from django.db.models import Count, F, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import public
from timeline.exchange.column import Column, described
from timeline.exchange.package import expressions
from timeline.models import RECORDS

CHUNK = 500  # rows


@dataclass(frozen=True)
class Told(Column):
    """A column of the package; `value` gives what the database is asked for."""

    value: object = None


@dataclass(frozen=True)
class Table:
    """One file of the package: its key is the first column, `order` sorts its rows."""

    name: str
    model: type
    definition: Promise
    order: tuple
    columns: tuple

    @property
    def key(self):
        return self.columns[0].name

    @property
    def title(self):
        return self.model._meta.verbose_name_plural

    def rows(self):
        return public.ROWS[self.model]()

    def counted(self):
        """Its name and how many rows it has, as a query."""
        named = self.rows().order_by().values(table=Value(self.name))
        return named.annotate(count=Count("*")).values_list("table", "count")

    def values(self):
        """The cells of all rows as the database has them, `CHUNK` rows in memory."""
        asked = (column.value() for column in self.columns)
        return self.rows().order_by(*self.order).values_list(*asked).iterator(chunk_size=CHUNK)


def told(model, *names):
    """Columns that hold fields of `model`; a key leads to a row of the package, or is not told."""
    return tuple(
        Told(**vars(described(model, name)) | {"value": _value(model, name)}) for name in names
    )


def _value(model, name):
    related = model._meta.get_field(name).related_model
    return (lambda: expressions.key_to(name, related)) if related else (lambda: F(name))


def only(guard, *columns):
    """`columns` whose cells are empty wherever `guard` says so."""
    return tuple(
        replace(column, required=False, value=lambda value=column.value: guard(value()))
        for column in columns
    )


def identity(expression):
    """The first column of what has no key of its own to show."""
    definition = _("the address of what it belongs to, and its number there, which may change")
    return Told("id", definition, _("key"), required=True, unique=True, value=lambda: expression)


def of_record(kind, *names):
    """The columns of a kind of record: what all have in common, with `names` of its own."""
    model = RECORDS[kind]
    changed = _("when what the public reads of the record changed last")
    return (
        *told(model, "slug", "title_vi", "title_en", "summary_vi", "summary_en"),
        *told(model, "date_edtf", "earliest", "latest", "date_basis"),
        *told(model, "date_note_vi", "date_note_en", "verification", *names),
        replace(*told(model, "published_at"), required=True),
        Told(
            "changed_at",
            changed,
            _("last change"),
            type="datetime",
            required=True,
            value=lambda: expressions.changed_at(kind),
        ),
    )


def part_of_records(name, model, definition, *, of=tuple(RECORDS), order, columns):
    """The table of what belongs to records of the kinds `of`, in `order` within each."""
    number = expressions.number(*of, order=order)
    return Table(
        name,
        model,
        definition,
        (*expressions.sorted_by(*(f"{kind}__slug" for kind in of)), *order),
        (identity(expressions.part(number, expressions.addresses(of))), *told(model, *columns)),
    )
