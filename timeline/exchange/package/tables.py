"""The tables of the data package, each after the ones that its keys lead to."""

from dataclasses import replace
from functools import partial

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from timeline.exchange.package.expressions import (
    OF_OFFICE,
    addresses,
    number,
    of_closed_source,
    of_open_source,
    office,
    part,
    sorted_by,
    where_public,
)
from timeline.exchange.package.table import (
    Table,
    Told,
    identity,
    of_record,
    only,
    part_of_records,
    told,
)
from timeline.models import (
    RECORDS,
    Agreement,
    AgreementItem,
    Citation,
    Correction,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    Trip,
    TripLeg,
)

DATED = ("date_edtf", "earliest", "latest")
SUBJECTS = tuple(RECORDS)


def _sources():
    """Of a source that is not open, the label is told and nothing else."""
    labels = told(SourceDocument, "public_label_vi", "public_label_en")
    name_of_issuer = _("the name of the issuer, also where the table of organisations has it not")
    whole = partial(where_public, "part_of", SourceDocument)
    return (
        *told(SourceDocument, "slug", "access"),
        *only(of_closed_source, *labels),
        *only(
            of_open_source,
            *told(SourceDocument, "title_vi", "title_en", "title_is_supplied", "kind", "issuer"),
            Told("issuer_vi", name_of_issuer, value=lambda: F("issuer__name_vi")),
            Told("issuer_en", name_of_issuer, value=lambda: F("issuer__name_en")),
            *told(SourceDocument, "author", "signatory", "number", *DATED, "received_edtf"),
            *told(SourceDocument, "language", "marking", "url", "archive_url", "accessed_on"),
            *told(SourceDocument, "is_held", "part_of"),
            *only(whole, *told(SourceDocument, "relation")),
        ),
    )


def _citations():
    """Citations of records, and those of offices, which are numbered within the office."""
    within = ("source__slug", "locator", "statement_en", "statement_vi", "stance", "locator_vi")
    place = number(*SUBJECTS, "tenure", order=sorted_by(*within))
    cited = office(under="tenure__")
    owners = {**addresses(SUBJECTS), "tenure": cited}
    [tenure] = told(Citation, "tenure")
    return Table(
        "citations",
        Citation,
        _("what the sources say about records and offices, in our own words"),
        (
            *sorted_by("trip__slug", "tenure__person__slug"),
            *sorted_by(*OF_OFFICE, under="tenure__"),
            *sorted_by("meeting__slug", "agreement__slug", *within),
        ),
        (
            identity(part(place, owners)),
            *told(Citation, "source", *SUBJECTS),
            replace(tenure, value=lambda: cited),
            *told(Citation, "locator", "locator_vi", "statement_vi", "statement_en", "stance"),
        ),
    )


TABLES = (
    Table(
        "countries",
        Country,
        _("the countries that the timeline shows"),
        sorted_by("code"),
        told(Country, "code", "iso3", "name_vi", "name_en", "aliases"),
    ),
    Table(
        "organizations",
        Organization,
        _("bodies, companies, parties and groups that took part in something"),
        sorted_by("slug"),
        told(Organization, "slug", "name_vi", "name_en", "kind", "country", "aliases"),
    ),
    Table(
        "people",
        Person,
        _("people who took part in something"),
        sorted_by("slug"),
        told(
            Person, "slug", "name", "name_latin", "sort_name", "aliases", "country", "wikidata_id"
        ),
    ),
    Table(
        "sources",
        SourceDocument,
        _("the documents that statements rest on; of one that is not open, its label alone"),
        sorted_by("slug"),
        _sources(),
    ),
    Table(
        "tenures",
        Tenure,
        _("the offices that people held, or that sources show them in"),
        sorted_by("person__slug", *OF_OFFICE),
        (
            identity(office()),
            *told(Tenure, "person", "title_vi", "title_en", "country", "organization"),
            *told(Tenure, *DATED, "basis"),
        ),
    ),
    Table(
        "trips",
        Trip,
        _("journeys of a high-level delegation to one or several countries"),
        sorted_by("slug"),
        of_record("trip", "kind", "status", "purpose_vi", "purpose_en"),
    ),
    part_of_records(
        "legs",
        TripLeg,
        _("the countries and places of a trip, in their order"),
        of=("trip",),
        order=("order", *sorted_by("country__code", "place_en", "place_vi", "date_edtf")),
        columns=(
            *("trip", "order", "country", "place_vi", "place_en", "kind"),
            *("invited_by_vi", "invited_by_en", *DATED),
        ),
    ),
    Table(
        "meetings",
        Meeting,
        _("meetings, talks, calls, sessions, ceremonies, speeches and letters"),
        sorted_by("slug"),
        of_record(
            "meeting",
            *("kind", "mode", "status", "trip", "part_of"),
            *("country", "place_vi", "place_en", "time_zone"),
        ),
    ),
    Table(
        "agreements",
        Agreement,
        _("documents and deals between parties: signed, adopted or under negotiation"),
        sorted_by("slug"),
        of_record(
            "agreement",
            *("kind", "stage", "trip", "meeting", "part_of", "value_amount", "value_currency"),
        ),
    ),
    part_of_records(
        "items",
        AgreementItem,
        _("what an agreement is about, with quantities where a source gives them"),
        of=("agreement",),
        order=("order", *sorted_by("description_en", "description_vi", "unit"), "quantity"),
        columns=(*("agreement", "order", "quantity", "unit", "description_vi", "description_en"),),
    ),
    part_of_records(
        "participations",
        Participation,
        _("who took part in a trip, meeting or agreement, in which role and office"),
        order=(
            "order",
            *sorted_by("role", "person__slug", "organization__slug", "country__code"),
            *sorted_by("capacity_en", "capacity_vi"),
        ),
        columns=(
            *(*SUBJECTS, "person", "organization", "country", "role"),
            *("capacity_vi", "capacity_en", "name_as_recorded", "order"),
        ),
    ),
    _citations(),
    part_of_records(
        "corrections",
        Correction,
        _("what was corrected in published records, and when"),
        order=("corrected_at", *sorted_by("note_en", "note_vi")),
        columns=(*SUBJECTS, "corrected_at", "note_vi", "note_en"),
    ),
)


def row_counts():
    """{name of a table: its rows}, asked for all of them at once."""
    first, *others = (table.counted() for table in TABLES)
    return dict(first.union(*others, all=True))
