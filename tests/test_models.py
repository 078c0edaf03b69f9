"""Every model is complete: natural key, history, order, names, help - and fills what it derives."""

import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import NotSupportedError, models
from django.db.models import F

from tests import builders
from timeline.models import (
    EDITED_MODELS,
    ChangeSet,
    LinkCheck,
    Meeting,
    Person,
    SourceDocument,
    TimelineEntry,
    Trip,
)
from timeline.models.base import Edited
from timeline.models.fields import EdtfField

pytestmark = pytest.mark.django_db

NFC = "Tô Lâm"
NFD = unicodedata.normalize("NFD", NFC)

each_model = pytest.mark.parametrize("model", EDITED_MODELS, ids=lambda m: m._meta.model_name)


def edited_columns(model):
    return [field for field in model._meta.concrete_fields if field.editable]


OF_THE_DESK = {ChangeSet, LinkCheck}  # what was done, what was checked: no rows of the chronicle


def test_every_model_is_on_the_edit_side_or_the_projection():
    histories = {model.history.model for model in EDITED_MODELS}
    models_of_the_app = set(apps.get_app_config("timeline").get_models())
    assert models_of_the_app == {*EDITED_MODELS, *histories, *OF_THE_DESK, TimelineEntry}


def test_each_model_stands_after_those_it_refers_to():
    for position, model in enumerate(EDITED_MODELS):
        referred = {field.related_model for field in model._meta.fields if field.is_relation}
        assert referred - {model} <= set(EDITED_MODELS[:position]), model


@each_model
def test_a_model_says_what_it_holds(model):
    assert issubclass(model, Edited)
    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")
    assert model.history.model._meta.app_label == "timeline"


@each_model
def test_an_ordering_ends_in_a_unique_column(model):
    *_, last = model._meta.ordering
    assert model._meta.get_field(last).unique


@each_model
def test_names_are_given_and_translatable(model):
    for named in (model._meta, *edited_columns(model)):
        name = named.verbose_name
        if getattr(named, "primary_key", False):
            continue
        assert name.__class__.__name__ == "__proxy__", f"{model.__name__}: {named}"


@each_model
def test_what_an_editor_could_get_wrong_is_explained(model):
    for field in edited_columns(model):
        explained = isinstance(field, EdtfField) or field.name in {
            *("slug", "access", "date_basis", "verification", "publish_at", "status", "stage"),
            *("basis", "sort_name", "aliases", "name_as_recorded", "capacity_vi", "time_zone"),
            *("value_amount", "value_currency", "marking", "is_held", "note", "locator"),
        }
        assert field.help_text or not explained, f"{model.__name__}.{field.name}"


@each_model
def test_relations_never_let_people_or_sources_go(model):
    """Only what belongs to a record goes with it."""
    for field in model._meta.fields:
        if field.is_relation and field.remote_field.on_delete is models.CASCADE:
            assert field.name in {"trip", "meeting", "agreement", "tenure"}
            assert model._meta.model_name in {
                *("participation", "citation", "tripleg", "agreementitem", "correction")
            }


@each_model
def test_a_natural_key_leads_back_to_its_row(model):
    row = builders.ROWS[model]()
    assert model.objects.get_by_natural_key(*row.natural_key()) == row
    assert model._meta.get_field(model.natural_key_field).unique
    with pytest.raises(model.DoesNotExist):
        model.objects.get_by_natural_key("no-such-row")


def test_an_old_natural_key_leads_to_the_renamed_row_until_another_takes_it():
    trip = builders.trip(slug="to-new-york")
    trip.slug = "2024-09-to-new-york"
    trip.save()
    assert Trip.objects.get_by_natural_key("to-new-york") == trip
    other = builders.trip(slug="to-new-york")
    assert Trip.objects.get_by_natural_key("to-new-york") == other
    other.delete()
    assert Trip.objects.get_by_natural_key("to-new-york") == trip
    trip.delete()
    with pytest.raises(Trip.DoesNotExist):
        Trip.objects.get_by_natural_key("to-new-york")


SOURCE = "General Secretary and President To Lam visits the United States"
SOURCE_SLUG = "general-secretary-and-president-to-lam-visits-the-united-states"
NAMES = {
    "country": ("VN", "Viet Nam"),
    "organization": ("united-nations", "United Nations"),
    "person": ("to-lam", "Tô Lâm"),
    "sourcedocument": (SOURCE_SLUG, SOURCE),
    "tenure": ("to-lam-general-secretary-2024-08-03", "Tô Lâm: General Secretary"),
    "trip": ("to-lam-in-new-york", "To Lam in New York"),
    "tripleg": ("to-lam-in-new-york-1-us", "To Lam in New York: 1"),
    "meeting": ("to-lam-meets-joe-biden", "To Lam meets Joe Biden"),
    "agreement": ("boeing-737-max-purchase", "Boeing 737 MAX purchase"),
    "agreementitem": ("boeing-737-max-purchase-1", "Boeing 737-8 aircraft"),
    "participation": ("to-lam-in-new-york-to-lam-participant", "Tô Lâm (participant)"),
    "citation": (f"to-lam-in-new-york-{SOURCE_SLUG}", SOURCE),
    "correction": ("to-lam-in-new-york-correction", "The day was 25 September."),
}


@each_model
def test_an_empty_address_is_made_of_the_readable_name(model):
    row = builders.ROWS[model]()
    assert (row.natural_key()[0], str(row)) == NAMES[model._meta.model_name]


def test_an_address_that_is_taken_gets_a_number():
    slugs = [builders.person().slug for _ in range(3)] + [builders.person("Лавров").slug]
    assert slugs == ["to-lam", "to-lam-2", "to-lam-3", "person"]


@pytest.mark.parametrize("slug", ["Đặng", "TO-LAM", "to_lam", "a b", "-a", "a--b", "a/b", "a\n"])
def test_an_address_of_other_characters_is_refused_on_every_path(slug):
    with pytest.raises(ValidationError, match=r"slug.*Small letters, digits and single hyphens"):
        builders.person(slug=slug)


WRITERS = {
    "save": lambda row, values: (_set(row, values), row.save()),
    "save with update_fields": lambda row, values: (
        _set(row, values),
        row.save(update_fields=list(values)),
    ),
    "update": lambda row, values: type(row).objects.filter(pk=row.pk).update(**values),
    "bulk_update": lambda row, values: type(row).objects.bulk_update(
        [_set(row, values)], list(values)
    ),
    "update_or_create": lambda row, values: type(row).objects.update_or_create(
        slug=row.slug, defaults=values
    ),
    "form": lambda row, values: (_set(row, values), row.full_clean(), row.save()),
}
MAKERS = {
    "create": lambda model, values: model.objects.create(**values),
    "save": lambda model, values: model(**values).save(),
    "bulk_create": lambda model, values: model.objects.bulk_create([model(**values)]),
    "get_or_create": lambda model, values: model.objects.get_or_create(slug="a", defaults=values),
    "form": lambda model, values: (row := model(**values), row.full_clean(), row.save()),
}
each_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
each_maker = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def _set(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


def bounds(row):
    row.refresh_from_db()
    return row.date_edtf, str(row.earliest), str(row.latest)


@each_maker
def test_making_a_row_fills_what_follows_from_it(make):
    make(Trip, {"title_vi": NFD, "date_edtf": " 2024-09 "})
    trip = Trip.objects.get()
    assert bounds(trip) == ("2024-09", "2024-09-01", "2024-09-30")
    assert (trip.title_vi, trip.search, trip.version) == (NFC, "to lam", 1)


@each_writer
def test_writing_a_row_fills_what_follows_from_it(write):
    trip = builders.trip()
    write(trip, {"title_vi": NFD, "date_edtf": "2024-09"})
    assert bounds(trip) == ("2024-09", "2024-09-01", "2024-09-30")
    assert (trip.title_vi, trip.search, trip.version) == (NFC, "to lam to lam in new york", 2)


@each_writer
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"date_edtf": "2023-02-29"}, r"date_edtf.*2023-02-29.*February 2023 has no day 29"),
        ({"title_vi": "Tô\x00Lâm"}, r"title_vi.*U\+0000"),
        ({"title_vi": "Tô\u202eLâm"}, r"title_vi.*U\+202E"),
        ({"slug": "Tô Lâm"}, r"slug.*Small letters"),
    ],
    ids=["date", "control character", "override", "slug"],
)
def test_a_malformed_value_is_refused_by_the_name_of_its_field(write, values, sentence):
    trip = builders.trip()
    before = Trip.objects.values().get()
    with pytest.raises(ValidationError, match=sentence):
        write(trip, values)
    assert Trip.objects.values().get() == before
    assert trip.history.count() == 1


@each_maker
def test_no_row_is_made_of_a_malformed_date(make):
    with pytest.raises(ValidationError, match=r"date_edtf.*'13/2024'.*Write"):
        make(Trip, {"title_vi": NFC, "date_edtf": "13/2024"})
    assert not Trip.objects.exists()


def test_a_date_that_is_no_text_is_refused():
    with pytest.raises(ValidationError, match=r"date_edtf.*not text but int"):
        builders.trip(date_edtf=2024)


def test_the_second_date_of_a_source_is_checked_as_well():
    with pytest.raises(ValidationError, match=r"received_edtf.*2024-13"):
        builders.source(received_edtf="2024-13")
    assert builders.source(received_edtf="2024-12~").received_edtf == "2024-12~"


def test_saving_some_fields_writes_no_other_value_of_a_stale_row():
    trip = builders.trip(date_edtf="2024")
    stale = Trip.objects.get()
    Trip.objects.update(date_edtf="2025", slug="renamed")
    stale.title_vi, stale.date_edtf = NFC, "2019"
    stale.save(update_fields=["title_vi"])
    trip.refresh_from_db()
    assert (trip.title_vi, trip.date_edtf, trip.slug) == (NFC, "2025", "renamed")
    assert trip.search == "to lam to lam in new york"
    assert stale.date_edtf == "2025"


def test_saving_a_partly_loaded_row_keeps_its_columns_together():
    trip = builders.trip()
    partly = Trip.objects.only("title_vi").get()
    partly.title_vi = NFC
    partly.save()
    trip.refresh_from_db()
    assert (trip.search, trip.version) == ("to lam to lam in new york", 2)


def test_a_version_never_repeats_even_of_a_stale_row():
    first, second = builders.trip(), Trip.objects.get()
    first.save()
    second.save()
    assert (first.version, second.version) == (2, 3)
    assert Trip.objects.get().version == 3


def test_saving_no_field_at_all_changes_nothing():
    trip = builders.trip()
    trip.save(update_fields=[])
    assert (Trip.objects.get().version, trip.history.count()) == (1, 1)


@pytest.mark.parametrize(
    "write",
    [
        lambda trip, meeting: trip.meetings.add(meeting),
        lambda trip, meeting: trip.meetings.set([meeting]),
    ],
    ids=["add", "set"],
)
def test_a_related_manager_takes_the_same_way(write):
    trip, meeting = builders.trip(), builders.meeting()
    write(trip, meeting)
    assert list(meeting.history.values_list("trip", flat=True)) == [trip.pk, None]
    trip.meetings.clear()
    assert list(meeting.history.values_list("trip", flat=True)) == [None, trip.pk, None]


@pytest.mark.parametrize(
    "write",
    [
        lambda: Person.objects.update(name=F("slug")),
        lambda: Person.objects.bulk_create([Person(name=NFC)], ignore_conflicts=True),
    ],
    ids=["expression", "ignored conflicts"],
)
def test_a_bulk_write_that_no_history_could_tell_is_refused(write):
    builders.person()
    with pytest.raises(NotSupportedError):
        write()


def test_a_bulk_write_stores_all_rows_or_none():
    with pytest.raises(ValidationError):
        Trip.objects.bulk_create([Trip(title_en="right"), Trip(title_en="x", date_edtf="wrong")])
    assert not Trip.objects.exists()


def test_people_are_sorted_under_their_family_name_and_found_by_all_their_names():
    trump = builders.person("Donald Trump", sort_name="Trump, Donald", aliases="Đô-nan Trăm")
    builders.person("Tô Lâm"), builders.person("Tưởng Giới Thạch"), builders.person("Đỗ Mười")
    names = ["Đỗ Mười", "Tô Lâm", "Donald Trump", "Tưởng Giới Thạch"]
    assert [person.name for person in Person.objects.all()] == names
    assert list(Person.objects.filter(search__contains="do-nan tram")) == [trump]


@pytest.mark.parametrize(
    ("trip", "meeting", "outside"),
    [
        ("2024-09-21/2024-09-24", "2024-09-25", True),
        ("2024-09-21/2024-09-24", "2024-09-20", True),
        ("2024-09-21/2024-09-24", "2024-09-24", False),
        ("2024-09-21/2024-09-24", "2024-09", False),
        ("2024-09-21/..", "2030", False),
        ("2024-09-21/..", "2024-09-20", True),
        ("../2024-09-21", "2024-09-22", True),
        ("", "2024", False),
        ("2024", "", False),
    ],
)
def test_a_meeting_lies_within_its_trip(trip, meeting, outside):
    row = Meeting(title_en="talks", date_edtf=meeting, trip=builders.trip(date_edtf=trip))
    if outside:
        with pytest.raises(ValidationError, match=r"date_edtf.*lies outside the trip"):
            row.full_clean()
    else:
        row.full_clean()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"access": "public"}, "Note on the visit"),
        ({"access": "public", "title_en": ""}, "note-3"),
        ({"access": "citation", "public_label_en": "Ministry note"}, "Ministry note"),
        ({"access": "citation"}, "Document that is not open to the public"),
    ],
)
def test_a_source_has_the_name_that_the_public_may_read(values, name):
    row = SourceDocument(**{"slug": "note-3", "title_en": "Note on the visit"} | values)
    assert row.public_name == name


def test_an_internal_source_has_no_public_name():
    with pytest.raises(ValueError, match="internal"):
        SourceDocument(title_en="Secret", access="internal").public_name  # noqa: B018


def test_the_address_of_a_closed_source_does_not_give_its_title_away():
    closed = {"title_en": "Secret plan", "public_label_en": "Ministry note, 2024"}
    assert builders.source(access="citation", **closed).slug == "ministry-note-2024"
    assert builders.source(access="internal", title_en="Secret plan").slug == "sourcedocument"


def test_the_search_column_exists_where_it_is_promised():
    for model in EDITED_MODELS:
        try:
            model._meta.get_field("search")
        except FieldDoesNotExist:
            assert model.__name__ in {
                *("Tenure", "TripLeg", "AgreementItem", "Participation", "Citation", "Correction")
            }
