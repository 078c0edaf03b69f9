"""What of each model a file may carry: the columns, each described once.

The description serves export and import, the public files, the codebook and the data package.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from timeline import models
from timeline.exchange import readable
from timeline.exchange.column import Column, described

DATED = ("date_edtf",)
TITLES = ("title_vi", "title_en")
RECORD = (
    *("slug", *TITLES, "summary_vi", "summary_en", *DATED),
    *("date_basis", "date_note_vi", "date_note_en", "verification", "publish_at", "state"),
)
SUBJECTS = ("trip", "meeting", "agreement")
# Not stored as they stand: what `publication` is to make of the record, what the file was made of.
STATE, VERSION = "state", "version"

WRITTEN = {
    models.Country: ("code", "iso3", "name_vi", "name_en", "aliases"),
    models.Organization: ("slug", "name_vi", "name_en", "kind", "country", "aliases"),
    models.Person: (
        *("slug", "name", "name_latin", "sort_name", "aliases", "country", "wikidata_id"),
    ),
    models.Tenure: ("slug", "person", *TITLES, "country", "organization", *DATED, "basis"),
    models.SourceDocument: (
        *("slug", *TITLES, "title_is_supplied", "kind", "issuer", "author", "signatory", "number"),
        *(*DATED, "received_edtf", "language", "marking", "access"),
        *("public_label_vi", "public_label_en", "url", "archive_url", "accessed_on", "is_held"),
        *("part_of", "relation"),
    ),
    models.Trip: (*RECORD, "kind", "status", "purpose_vi", "purpose_en"),
    models.TripLeg: (
        *("slug", "trip", "order", "country", "place_vi", "place_en", "kind"),
        *("invited_by_vi", "invited_by_en", *DATED),
    ),
    models.Meeting: (
        *(*RECORD, "kind", "mode", "status", "trip", "part_of", "country"),
        *("place_vi", "place_en", "time_zone"),
    ),
    models.Agreement: (
        *(*RECORD, "kind", "stage", "trip", "meeting", "part_of"),
        *("value_amount", "value_currency"),
    ),
    models.AgreementItem: (
        *("slug", "agreement", "order", "quantity", "unit", "description_vi", "description_en"),
    ),
    models.Participation: (
        *("slug", *SUBJECTS, "person", "organization", "country", "role"),
        *("capacity_vi", "capacity_en", "name_as_recorded", "order"),
    ),
    models.Citation: (
        *("slug", "source", *SUBJECTS, "tenure", "locator", "locator_vi"),
        *("statement_vi", "statement_en", "stance", "note"),
    ),
    models.Correction: ("slug", *SUBJECTS, "corrected_at", "note_vi", "note_en"),
}
COLUMNS = {model: (*columns, VERSION) for model, columns in WRITTEN.items()}

DESCRIBED = {
    model: tuple(described(model, name) for name in names) for model, names in COLUMNS.items()
}


@dataclass(frozen=True)
class Shown(Column):
    """A column to read and not to import: what belongs to a record, as text on the record's row.

    It is for who may view `tables`, all of which it reads; `prefetches` are what it reads of the
    record, for `prefetch_related`, so that a file costs no question more for each row.
    """

    tables: tuple = ()
    prefetches: tuple = ()

    def is_for(self, user):
        return all(
            user.has_perm(f"timeline.view_{table._meta.model_name}") for table in self.tables
        )


PARTICIPANTS = Shown(
    name="participants",
    title=_("participants"),
    definition=_("to read only: who took part, with role and office; keys in brackets"),
    tables=(models.Participation, models.Person, models.Organization, models.Country),
    prefetches=tuple(f"participations__{who}" for who in ("person", "organization", "country")),
    read=readable.participants,
)
SOURCES = Shown(
    name="sources",
    title=_("sources"),
    definition=_("to read only: what is cited, and where in it; keys in brackets"),
    tables=(models.Citation, models.SourceDocument),
    prefetches=("citations__source",),
    read=readable.sources,
)
LEGS = Shown(
    name="legs",
    title=_("legs"),
    definition=_("to read only: places and dates of the trip; keys in brackets"),
    tables=(models.TripLeg, models.Country),
    prefetches=("legs__country",),
    read=readable.legs,
)
ITEMS = Shown(
    name="items",
    title=_("items"),
    definition=_("to read only: what the agreement is about"),
    tables=(models.AgreementItem,),
    prefetches=("items",),
    read=readable.items,
)
SHOWN = {
    models.Trip: (LEGS, PARTICIPANTS, SOURCES),
    models.Meeting: (PARTICIPANTS, SOURCES),
    models.Agreement: (ITEMS, PARTICIPANTS, SOURCES),
    models.Tenure: (SOURCES,),
}


def shown_to(user, model):
    """The columns of SHOWN that stand at the end of the rows that `user` exports."""
    return tuple(column for column in SHOWN.get(model, ()) if column.is_for(user))
