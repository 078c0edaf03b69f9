"""The one description of columns: complete, as strict as the models, and what is only shown."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils.translation import override

from tests import builders
from timeline.exchange import public_csv
from timeline.exchange.column import Column
from timeline.exchange.columns import COLUMNS, DESCRIBED, SHOWN, shown_to
from timeline.exchange.definitions import definition_of
from timeline.models import (
    EDITED_MODELS,
    Agreement,
    Citation,
    Country,
    Meeting,
    Participation,
    SourceDocument,
    Tenure,
    Trip,
)
from timeline.models.codes import Role

pytestmark = pytest.mark.django_db


def column(model, name):
    [found] = [column for column in DESCRIBED[model] if column.name == name]
    return found


def test_every_column_of_every_model_is_described_in_its_place():
    assert set(DESCRIBED) == set(EDITED_MODELS)
    for model, columns in DESCRIBED.items():
        assert tuple(column.name for column in columns) == COLUMNS[model]
        assert all(str(column.definition) and str(column.title) for column in columns)
    assert all(isinstance(column, Column) for column in public_csv.COLUMNS)


def test_what_the_model_knows_is_taken_from_it():
    slug = {"required": True, "unique": True, "maxLength": 200}
    assert column(Trip, "slug").constraints == slug | {"pattern": "[a-z0-9]+(-[a-z0-9]+)*"}
    assert column(Country, "iso3").constraints["pattern"] == "[A-Z]{3}"
    assert column(Participation, "role").codes is Role
    assert column(Participation, "role").constraints["enum"] == Role.values
    assert column(Participation, "person").refers_to.__name__ == "Person"
    assert column(Meeting, "part_of").refers_to is Meeting
    assert column(Agreement, "value_amount").type == "number"
    assert column(Agreement, "value_amount").constraints == {"minimum": 0}
    assert column(SourceDocument, "url").format == "uri"
    assert column(SourceDocument, "is_held").type == "boolean"
    assert column(SourceDocument, "accessed_on").type == "date"
    assert column(Trip, "publish_at").type == "datetime"
    assert column(Trip, "version").type == "integer"
    assert column(Trip, "summary_en").constraints == {"maxLength": 10_000}


def test_a_definition_says_its_language_and_is_not_forgotten():
    with override("en"):
        assert str(column(Trip, "title_vi").definition) == (
            "short and neutral: who, what, where (in Vietnamese)"
        )
    with pytest.raises(LookupError, match=r"Trip\.created_at has no definition"):
        definition_of(Trip, "created_at")


@pytest.fixture
def records():
    """{model: a record with parts of every kind}."""
    trip, agreement, tenure = builders.trip(), builders.agreement(), builders.tenure()
    source = builders.source(slug="review")
    builders.leg(trip, "US", place_en="New York", date_edtf="2024-09-22")
    builders.leg(trip, "CU", order=2)
    builders.participation(
        trip, person=tenure.person, country=builders.country(), capacity_en="President", role="head"
    )
    seller = {"organization": builders.organization("Boeing"), "country": builders.country("US")}
    builders.participation(trip, capacity_en="Director", order=2, **seller)
    builders.item(agreement, quantity=50, unit="aircraft", description_en="Boeing 737-8")
    builders.item(agreement, order=2, description_en="Pilots; and their training")
    for row in (trip, agreement, tenure):
        builders.citation(row, source=source, locator="II.1")
    return {Trip: trip, Agreement: agreement, Tenure: tenure}


def shown(model, record):
    with override("en"):
        return {column.name: column.read(record) for column in SHOWN[model]}


def test_what_belongs_to_a_record_is_shown_on_its_row(records):
    review = "General Secretary and President To Lam visits the United States [review], II.1"
    assert shown(Trip, records[Trip]) == {
        "legs": "New York, United States [US], 2024-09-22; Cuba [CU]",
        "participants": "Tô Lâm [to-lam], President, Viet Nam [VN] (head of delegation); "
        "Director, Boeing [boeing], United States [US] (participant)",
        "sources": review,
    }
    assert shown(Agreement, records[Agreement]) == {
        "items": "50 aircraft: Boeing 737-8; Pilots; and their training",
        "participants": "",
        "sources": review,
    }
    assert shown(Tenure, records[Tenure]) == {"sources": review}
    with override("vi"):
        [legs, *_others] = SHOWN[Trip]
        assert legs.read(records[Trip]).startswith("New York, Hoa Kỳ [US]")


def test_the_shown_columns_ask_no_more_for_more_rows(records, django_assert_num_queries):
    for number in range(3):
        builders.leg(builders.trip(slug=f"trip-{number}"))
    prefetches = [path for column in SHOWN[Trip] for path in column.prefetches]
    with django_assert_num_queries(1 + 8):  # trips; 4 kinds of parts with what they name
        trips = list(Trip.objects.prefetch_related(*prefetches))
        assert [len(shown(Trip, trip)) for trip in trips] == [3] * 4


def test_they_are_for_who_may_view_all_the_tables_they_read(vera):
    assert shown_to(vera, Trip) == SHOWN[Trip]
    assert shown_to(vera, Citation) == ()
    narrow = get_user_model().objects.create_user("narrow", is_staff=True)
    rights = ["view_trip", "view_tripleg", "view_country", "view_citation", "view_participation"]
    narrow.user_permissions.set(Permission.objects.filter(codename__in=rights))
    assert [column.name for column in shown_to(narrow, Trip)] == ["legs"]
