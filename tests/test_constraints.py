"""The database itself refuses what a single row can get wrong: SQL that no model code has seen."""

import re

import pytest
from django.db import IntegrityError, connection, models, transaction

from tests import builders
from timeline.models import (
    EDITED_MODELS,
    Citation,
    Correction,
    Country,
    Participation,
    SourceDocument,
    TimelineEntry,
)
from timeline.models.fields import EdtfField

pytestmark = pytest.mark.django_db

SUBJECTS = {"trip_id": None, "meeting_id": None, "agreement_id": None}


def sql(statement, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        connection.check_constraints()  # foreign keys are deferred to the end of a transaction


def update(row, **columns):
    names = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    sql(f"UPDATE {row._meta.db_table} SET {names} WHERE id = %s", [*columns.values(), row.pk])


def insert_copy(row, **columns):
    """Insert the row once more, under another slug and with other `columns`."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = {f.column: f.get_prep_value(getattr(row, f.attname)) for f in fields}
    if "slug" in values:
        values["slug"] = f"{row.slug}-again"
    values |= columns
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    marks = ", ".join(["%s"] * len(values))
    sql(f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({marks})", values.values())


def participation():
    return builders.participation(builders.trip(), person=builders.person())


def citation():
    return builders.citation(builders.trip())


def correction():
    return builders.correction(builders.trip())


def item():
    return builders.item(builders.agreement())


def ids():
    """One more row of each kind to point to, by the column that points to it."""
    return {
        "trip_id": builders.trip("To Lam in Washington").pk,
        "meeting_id": builders.meeting().pk,
        "agreement_id": builders.agreement().pk,
        "tenure_id": builders.tenure(person=builders.person("Lương Cường")).pk,
        "country_id": builders.country("CU").pk,
        "organization_id": builders.organization().pk,
        "part_of_id": builders.source("The whole file").pk,
    }


# constraint: (a row, what is refused of it, what is accepted of it); "+" points to a row of ids()
CHECKS = {
    "participation_has_exactly_one_subject": (
        participation,
        [
            {"trip_id": None},
            {"meeting_id": "+"},
            {"agreement_id": "+"},
            {"trip_id": None, "meeting_id": "+", "agreement_id": "+"},
        ],
        [{"trip_id": "+"}, SUBJECTS | {"meeting_id": "+"}, SUBJECTS | {"agreement_id": "+"}],
    ),
    "correction_has_exactly_one_subject": (
        correction,
        [{"trip_id": None}, {"meeting_id": "+"}, {"agreement_id": "+"}],
        [{"trip_id": "+"}, SUBJECTS | {"meeting_id": "+"}, SUBJECTS | {"agreement_id": "+"}],
    ),
    "correction_has_a_note": (
        correction,
        [{"note_en": ""}],
        [{"note_en": "", "note_vi": "Ngày 25"}],
    ),
    "citation_has_exactly_one_subject": (
        citation,
        [
            {"trip_id": None},
            {"meeting_id": "+"},
            {"agreement_id": "+"},
            {"tenure_id": "+"},
            {"trip_id": None, "meeting_id": "+", "tenure_id": "+"},
        ],
        [
            SUBJECTS | {"meeting_id": "+"},
            SUBJECTS | {"agreement_id": "+"},
            SUBJECTS | {"tenure_id": "+"},
        ],
    ),
    "participation_names_somebody": (
        participation,
        [{"person_id": None}],
        [{"person_id": None, "country_id": "+"}, {"person_id": None, "organization_id": "+"}],
    ),
    "agreement_value_is_positive_and_has_a_currency": (
        builders.agreement,
        [
            {"value_currency": "USD"},
            {"value_amount": 5},
            {"value_amount": -5, "value_currency": "USD"},
        ],
        [{"value_amount": 37_200_000_000, "value_currency": "USD"}],
    ),
    "item_quantity_is_not_negative": (
        item,
        [{"quantity": -1}],
        [{"quantity": 0}, {"quantity": 90}],
    ),
    "item_has_a_description": (
        item,
        [{"description_en": ""}],
        [{"description_en": "", "description_vi": "máy bay"}],
    ),
    "country_codes_are_not_empty": (
        builders.country,
        [{"code": ""}, {"iso3": ""}],
        [{"code": "VA", "iso3": "VAT"}],
    ),
    "organization_has_a_name": (
        builders.organization,
        [{"name_en": ""}],
        [{"name_en": "", "name_vi": "Liên hợp quốc"}],
    ),
    "person_has_a_name": (builders.person, [{"name": ""}], [{"name": "Phan Văn Giang"}]),
    "tenure_has_a_title": (
        builders.tenure,
        [{"title_vi": "", "title_en": ""}],
        [{"title_vi": ""}, {"title_en": ""}],
    ),
    "sourcedocument_relation_and_whole_belong_together": (
        builders.source,
        [{"relation": "part"}, {"part_of_id": "+"}, {"part_of_id": "+", "relation": "whole"}],
        [{"part_of_id": "+", "relation": "part"}, {"part_of_id": "+", "relation": "attachment"}],
    ),
}
for whole, build in (
    ("meeting", builders.meeting),
    ("agreement", builders.agreement),
    ("sourcedocument", builders.source),
):
    relation = {"relation": "part"} if whole == "sourcedocument" else {}
    CHECKS[f"{whole}_is_not_part_of_itself"] = (build, [relation | {"part_of_id": "self"}], [])
for dated, build in (
    ("trip", builders.trip),
    ("meeting", builders.meeting),
    ("agreement", builders.agreement),
    ("tripleg", lambda: builders.leg(builders.trip())),
    ("tenure", builders.tenure),
    ("sourcedocument", builders.source),
):
    CHECKS[f"{dated}_latest_is_not_before_earliest"] = (
        build,
        [{"earliest": "2024-09-24", "latest": "2024-09-21"}],
        [
            {"earliest": "2024-09-21", "latest": "2024-09-24"},
            {"earliest": "2024-09-21", "latest": "2024-09-21"},
            {"earliest": "2024-09-21", "latest": None},
            {"earliest": None, "latest": "2024-09-21"},
        ],
    )
for record, build in (
    ("trip", builders.trip),
    ("meeting", builders.meeting),
    ("agreement", builders.agreement),
):
    times = {"published_at": "2026-02-18 00:00:00+00:00", "publish_at": "2026-02-19 00:00:00+00:00"}
    over = times | {"publish_at": times["published_at"]}
    CHECKS[f"{record}_is_not_published_under_embargo"] = (
        build,
        [{"state": "published", **times}],
        [
            {"state": "published", **over},
            {"state": "review", **times},
            {"state": "published", **times, "published_at": None},
        ],
    )
    why = {"withdrawn_in_public": True, "withdrawn_reason": "wrong day", "state": "withdrawn"}
    CHECKS[f"{record}_is_withdrawn_when_the_public_reads_why"] = (
        build,
        [why | {"state": "draft"}, why | {"withdrawn_reason": ""}],
        [why, why | {"withdrawn_in_public": False}],
    )
for column in ("url", "archive_url"):
    CHECKS[f"sourcedocument_{column}_is_http_or_https"] = (
        builders.source,
        [{column: url} for url in ("ftp://vnanet.vn/", "javascript:alert(1)", "vnanet.vn", "//a")],
        [{column: "http://vnanet.vn/"}, {column: "https://vnanet.vn/"}, {column: ""}],
    )
for model, build in builders.ROWS.items():
    if model is not Country:
        check = f"{model._meta.model_name}_slug_is_not_empty"
        CHECKS[check] = (build, [{"slug": ""}], [{"slug": "to-new-york"}])
CODES = [
    pytest.param(model, field.name, id=f"{model._meta.model_name}-{field.name}")
    for model in EDITED_MODELS
    for field in model._meta.concrete_fields
    if field.choices
]


def filled(row, columns):
    """`columns` with keys in the place of "+" (another row) and "self"."""
    others = ids() if "+" in columns.values() else {}
    keys = {name: others[name] for name, value in columns.items() if value == "+"}
    keys |= {name: row.pk for name, value in columns.items() if value == "self"}
    return columns | keys


@pytest.mark.parametrize(
    ("name", "build", "columns"),
    [(name, build, wrong) for name, (build, refused, _) in CHECKS.items() for wrong in refused],
)
def test_the_database_refuses(name, build, columns):
    row = build()
    with pytest.raises(IntegrityError, match=name):
        update(row, **filled(row, columns))


@pytest.mark.parametrize(
    ("build", "columns"),
    [(build, right) for build, _, accepted in CHECKS.values() for right in accepted],
)
def test_the_database_accepts(build, columns):
    row = build()
    update(row, **filled(row, columns))


@pytest.mark.parametrize(("model", "column"), CODES)
def test_the_database_refuses_an_unknown_code(model, column):
    name = f"{model._meta.model_name}_{column}_is_a_known_code|relation_and_whole_belong_together"
    with pytest.raises(IntegrityError, match=name):
        update(builders.ROWS[model](), **{column: "zz"})


@pytest.mark.parametrize(("model", "column"), CODES)
def test_the_database_accepts_every_known_code(model, column):
    if column == "relation":
        return  # stands and falls with the whole, see above
    row = builders.ROWS[model]()
    for code, _label in row._meta.get_field(column).flatchoices:
        update(row, **{column: code})


def test_every_check_is_tried():
    names = {
        constraint.name
        for model in EDITED_MODELS
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    codes = {
        f"{model._meta.model_name}_{column}_is_a_known_code"
        for model, column in (code.values for code in CODES)
    }
    assert names == CHECKS.keys() | codes - {"sourcedocument_relation_is_a_known_code"}


@pytest.mark.parametrize("model", [*EDITED_MODELS, TimelineEntry])
def test_constraints_are_sentences(model):
    for constraint in model._meta.constraints:
        assert re.search(r"[a-z]_(is|are|has|names|belong|stands)_[a-z]", constraint.name)
        if model is not TimelineEntry:
            assert constraint.violation_error_message != constraint.default_violation_error_message


@pytest.mark.parametrize("model", EDITED_MODELS)
def test_every_address_and_date_has_its_check(model):
    names = {constraint.name for constraint in model._meta.constraints}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.URLField):
            assert f"{model._meta.model_name}_{field.name}_is_http_or_https" in names
        if isinstance(field, EdtfField) and field.name == "date_edtf":
            assert f"{model._meta.model_name}_latest_is_not_before_earliest" in names


def minister(of):
    """An office-holder whom the source does not name."""
    office = {"capacity_en": "Minister of Defence", "country": builders.country("US")}
    return builders.participation(of, **office)


def boeing(of):
    return builders.participation(of, organization=builders.organization("Boeing"), role="seller")


def named(of):
    return builders.participation(of, person=builders.person())


@pytest.mark.parametrize("of", [builders.trip, builders.meeting, builders.agreement])
@pytest.mark.parametrize("who", [named, minister, boeing])
def test_the_same_participation_twice_is_refused(of, who):
    row = who(of())
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        insert_copy(row)
    insert_copy(row, role="observer")
    if who is not named:
        insert_copy(row, capacity_en="Deputy Minister of Defence", slug="deputy")
    others = {f"{name}_id": None for name in ("trip", "meeting", "agreement")}
    insert_copy(row, **others | {"trip_id": builders.trip("Elsewhere").pk}, slug="elsewhere")


def test_a_person_has_a_role_once_whatever_the_office_is_called():
    row = builders.participation(builders.meeting(), person=builders.person())
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        insert_copy(row, capacity_en="President")
    insert_copy(row, capacity_en="President", role="speaker")


def test_a_wikidata_number_belongs_to_one_person():
    builders.person(wikidata_id="Q21980347")
    other = builders.person("Lương Cường")
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        update(other, wikidata_id="Q21980347")
    update(other, wikidata_id="Q10798386")
    builders.person("Without a number")  # like the one before it: no number is no clash


@pytest.mark.parametrize("model", EDITED_MODELS)
def test_a_natural_key_is_unique(model):
    row = builders.ROWS[model]()
    key = row.natural_key_field
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        insert_copy(row, **{key: row.natural_key()[0]} | ({"iso3": "XXX"} if key == "code" else {}))


FOREIGN_KEYS = [
    pytest.param(model, field.column, id=f"{model._meta.model_name}-{field.name}")
    for model in EDITED_MODELS
    for field in model._meta.concrete_fields
    if field.is_relation
]


@pytest.mark.parametrize(("model", "column"), FOREIGN_KEYS)
def test_a_foreign_key_leads_to_a_row(model, column):
    columns = {column: 123_456_789}
    if model is SourceDocument and column == "part_of_id":
        columns["relation"] = "part"
    if model in (Participation, Citation, Correction) and column in {*SUBJECTS, "tenure_id"}:
        columns = SUBJECTS | columns
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        update(builders.ROWS[model](), **columns)
