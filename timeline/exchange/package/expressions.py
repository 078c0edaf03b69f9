"""How a cell of the data package is got from the database, so that it can hold nothing hidden."""

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, DenseRank, RowNumber

from timeline import public
from timeline.models import TimelineEntry
from timeline.models.codes import Access

TEXT = TextField()


class CodePoints(Func):
    """A text to sort by, nothing first: by its code points, whatever the database's locale is."""

    template = '%(expressions)s COLLATE "C"'
    output_field = TEXT

    def __init__(self, name):
        super().__init__(Coalesce(name, Value(""), output_field=TEXT))

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)


def sorted_by(*names, under=""):
    """What to sort by: `names` are texts, `under` the path of keys that leads to them."""
    return tuple(CodePoints(under + name) for name in names)


def _is_public(name, model):
    return Exists(public.ROWS[model]().filter(pk=OuterRef(name)))


def key_to(name, model):
    """The natural key of the row of `model` that the key `name` leads to, when it is public."""
    return Case(When(_is_public(name, model), then=F(f"{name}__{model.natural_key_field}")))


def where_public(name, model, value):
    """`value` where the key `name` leads to a public row of `model`."""
    return Case(When(_is_public(name, model), then=value))


def of_open_source(value):
    """`value` where the source is open; of a closed one the public knows the label alone."""
    return Case(When(access=Access.PUBLIC, then=value))


def of_closed_source(value):
    return Case(When(access=Access.CITATION, then=value))


def changed_at(kind):
    """When what the public reads of a record changed last."""
    entries = TimelineEntry.objects.filter(kind=kind, slug=OuterRef("slug"))
    return Subquery(entries.values("changed_at"))


# What belongs to a record or person has no slug here: it was made when the row was first written,
# of words that need not be public any more. It is numbered there, in an order anybody can see.


def number(*owners, order, count=RowNumber):
    """Which of the rows of the same owner it is: 1, 2, 3."""
    return Window(count(), partition_by=[F(name) for name in owners], order_by=order)


def part(number, owners):
    """The id of a part: of which of `owners` it is, {key: folder of its address}, and its number.

    A value of `owners` that is an expression is the whole address.
    """
    return Case(
        *(
            When(
                Q(**{f"{owner}__isnull": False}),
                then=Concat(address, Value("/"), Cast(number, TEXT), output_field=TEXT),
            )
            for owner, address in owners.items()
        )
    )


def addresses(kinds):
    """The owners for `part` of what belongs to records: {"trip": the text trips/2026-us}."""
    return {kind: _address(f"{kind}s", f"{kind}__slug") for kind in kinds}


def _address(folder, slug):
    return Concat(Value(f"{folder}/"), F(slug), output_field=TEXT)


OF_OFFICE = ("date_edtf", "title_en", "title_vi", "slug")  # the last where all else is the same


def office(under=""):
    """The id of an office, or (by the path `under`) of the one that a citation is about.

    Every public office has a public citation, so that counting the offices of citations gives the
    same numbers.
    """
    person = f"{under}person"
    count = DenseRank if under else RowNumber
    place = number(person, order=sorted_by(*OF_OFFICE, under=under), count=count)
    return part(place, {person: _address("people", f"{person}__slug")})
