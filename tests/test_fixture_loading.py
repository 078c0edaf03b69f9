"""A fixture loads like an ordinary save, twice like once, and tells where a row is wrong."""

import json
import unicodedata

import pytest
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializationError

from tests import builders
from timeline import projection
from timeline.models import (
    EDITED_MODELS,
    Meeting,
    Participation,
    Person,
    SourceDocument,
    TimelineEntry,
    Trip,
)

pytestmark = pytest.mark.django_db

COUNTRY = {
    "model": "timeline.country",
    "fields": {"code": "VN", "iso3": "VNM", "name_vi": "Việt Nam", "name_en": "Viet Nam"},
}
PERSON = {
    "model": "timeline.person",
    "fields": {"slug": "to-lam", "name": "Tô Lâm", "sort_name": "", "country": ["VN"]},
}
SOURCE = {
    "model": "timeline.sourcedocument",
    "fields": {"slug": "vna-2024", "title_en": "News", "access": "public", "date_edtf": "2024-09"},
}
TRIP = {
    "model": "timeline.trip",
    "fields": {
        "slug": "new-york",
        "title_en": "To Lam in New York",
        "date_edtf": "2024-09-21/2024-09-24",
        "state": "published",
    },
}
PART = {
    "model": "timeline.participation",
    "fields": {"slug": "new-york-to-lam", "trip": ["new-york"], "person": ["to-lam"]},
}
CITATION = {
    "model": "timeline.citation",
    "fields": {"slug": "new-york-vna", "trip": ["new-york"], "source": ["vna-2024"]},
}
ROWS = [COUNTRY, PERSON, SOURCE, TRIP, PART, CITATION]


@pytest.fixture
def load(tmp_path):
    def load(rows, name="records.json"):
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
        call_command("loaddata", path, verbosity=0)

    return load


def picture():
    """Every row of the edit side, its history and the timeline."""
    tables = [*EDITED_MODELS, *(model.history.model for model in EDITED_MODELS), TimelineEntry]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


def changed(row, **fields):
    return row | {"fields": row["fields"] | fields}


def test_the_timeline_is_right_after_loading(load):
    load(ROWS)
    entry = TimelineEntry.objects.get()
    assert (entry.slug, entry.participants_en) == ("new-york", "Tô Lâm: participant")
    assert (entry.sources_en, str(entry.earliest)) == ("News", "2024-09-21")
    assert list(projection.differences()) == []


def test_loading_is_told_in_the_history(load):
    load(ROWS)
    for model in (Person, Trip, Participation):
        told = model.history.values_list("history_type", "history_change_reason")
        assert list(told) == [("+", "fixture")]


def test_loading_twice_changes_nothing(load):
    load(ROWS)
    before = picture()
    load(ROWS)
    assert picture() == before


def test_a_changed_row_is_saved_and_keeps_what_the_fixture_does_not_name(load):
    load(ROWS)
    Trip.objects.update(summary_en="Written by an editor")
    load([changed(TRIP, title_en="To Lam in the United States")])
    trip = Trip.objects.get()
    assert trip.title_en == "To Lam in the United States"
    assert (trip.summary_en, trip.version) == ("Written by an editor", 3)
    assert trip.history.latest("history_id").history_change_reason == "fixture"
    assert TimelineEntry.objects.get().title_en == trip.title_en


def test_rows_may_stand_in_any_order(load):
    load(ROWS[::-1])
    assert Participation.objects.get().person.country.code == "VN"
    assert TimelineEntry.objects.get().participants_en == "Tô Lâm: participant"


def test_text_is_stored_in_its_one_form(load):
    load([COUNTRY, changed(PERSON, name=unicodedata.normalize("NFD", " Tô Lâm"))])
    assert (Person.objects.get().name, Person.objects.get().search) == ("Tô Lâm", "to lam")


WRONG = {
    "a bad date": (
        changed(TRIP, date_edtf="2024-13"),
        "timeline.trip new-york: date_edtf: '2024-13' is not a date: there is no month 13",
    ),
    "an unknown code": (
        changed(TRIP, kind="cruise"),
        "timeline.trip new-york: kind: Value 'cruise' is not a valid choice.",
    ),
    "an unknown row": (
        changed(PART, person=["luong-cuong"]),
        "timeline.participation new-york-to-lam: person: there is no timeline.person luong-cuong",
    ),
    "a key without brackets": (
        changed(PART, person="to-lam"),
        "timeline.participation new-york-to-lam: person: write the key of a timeline.person in "
        "brackets, not 'to-lam'",
    ),
    "a number for a row": (
        changed(PART, person=1),
        "timeline.participation new-york-to-lam: person: write the key of a timeline.person in "
        "brackets, not 1",
    ),
    "an unknown field": (
        changed(TRIP, titel="New York"),
        "timeline.trip new-york: unknown field: titel",
    ),
    "no slug": (
        {"model": "timeline.trip", "fields": {"title_en": "New York"}},
        "timeline.trip None: the row has no slug",
    ),
    "a slug of other characters": (
        changed(TRIP, slug="New York"),
        "timeline.trip New York: slug: ",
    ),
    "a control character": (
        changed(TRIP, title_vi="Tô\x07Lâm"),
        "timeline.trip new-york: title_vi: title in Vietnamese: character 3 is U+0007",
    ),
    "no title": (
        changed(TRIP, title_en=""),
        "timeline.trip new-york: title_vi: Give a title in at least one language.",
    ),
    "nobody": (
        {"model": "timeline.participation", "fields": {"slug": "nobody", "trip": ["new-york"]}},
        "timeline.participation nobody: __all__: Choose at least one of person, organisation",
    ),
    "two records": (
        changed(PART, meeting=["talks"]),
        "timeline.participation new-york-to-lam: __all__: Choose exactly one of: trip, meeting",
    ),
    "another address": (
        changed(SOURCE, url="ftp://vnanet.vn/"),
        "timeline.sourcedocument vna-2024: __all__: url must begin with https:// or http://.",
    ),
    "no number": (
        {
            "model": "timeline.agreement",
            "fields": {"slug": "deal", "title_en": "Deal", "value_amount": "much"},
        },
        "timeline.agreement deal: value_amount: “much” value must be a decimal number.",
    ),
    "a pk": (TRIP | {"pk": 5}, "timeline.trip new-york: a pk means something else in each"),
    "an unknown model": (
        {"model": "timeline.journey", "fields": {}},
        "Invalid model identifier: timeline.journey",
    ),
    "no fields": ({"model": "timeline.trip"}, "a row has a model and fields, not {'model'"),
    "no row": ("new-york", "a row has a model and fields, not new-york"),
}


@pytest.mark.parametrize(("row", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_named_and_nothing_is_loaded(load, row, sentence):
    builders.meeting(slug="talks")
    before = picture()
    with pytest.raises(DeserializationError) as error:
        load([COUNTRY, PERSON, SOURCE, TRIP, row] if row in ROWS else [*_without(row), row])
    assert "records.json" in str(error.value)
    assert sentence in str(error.value)
    assert picture() == before


def _without(row):
    """The good rows, but for the one that `row` spoils."""
    slug = row["fields"].get("slug") if isinstance(row, dict) and "fields" in row else None
    return [good for good in ROWS if good["fields"].get("slug") != slug]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[{", "this is not JSON"),
        ('{"model": "timeline.trip"}', "a fixture is a JSON list of rows"),
        (json.dumps([PERSON, PERSON]), "to-lam: stands twice in this file"),
    ],
)
def test_a_wrong_file_is_named(load, text, sentence):
    builders.country()
    with pytest.raises(DeserializationError, match=f"records.json.*{sentence}"):
        load(text)


def test_a_dump_comes_back_as_it_was(tmp_path, petra):
    trip = builders.trip(slug="new-york")
    session = builders.meeting("General debate", trip=trip, date_edtf="2024-09-24")
    side = builders.meeting("Talks on the sidelines", trip=trip, date_edtf="2024-09-24")
    side.part_of, session.part_of = session, builders.meeting("Week", date_edtf="2024-09")
    side.save(), session.save()  # each refers to a later row
    whole = builders.source("The file")
    builders.source("One letter of it", part_of=whole, relation="part", number="1/CV")
    builders.leg(trip), builders.item(builders.agreement(trip=trip, date_edtf="2024-09-24"))
    builders.participation(trip), builders.citation(trip, source=whole)
    builders.citation(builders.tenure(person=Person.objects.get()), source=whole)
    trip.state = "published"
    trip.save()
    path = tmp_path / "dump.json"
    options = {"natural_foreign": True, "natural_primary": True, "output": path}
    labels = [f"timeline.{model.__name__}" for model in (*EDITED_MODELS, TimelineEntry)]
    call_command("dumpdata", *labels, **options)

    def shown():
        options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
        rows = [row for model in EDITED_MODELS for row in model.objects.order_by("pk")]
        dumped = json.loads(serializers.serialize("json", rows, **options))
        for row in dumped:
            del row["fields"]["updated_at"]
        entry = TimelineEntry.objects.values().get()
        ours = {"id", "published_at", "changed_at"}  # to the millisecond in a dump
        return sorted(map(str, dumped)), {k: v for k, v in entry.items() if k not in ours}

    before = shown()
    unchanged = picture()
    call_command("loaddata", path, verbosity=0)
    assert picture() == unchanged
    Meeting.objects.update(part_of=None)
    SourceDocument.objects.update(part_of=None, relation="")
    for model in reversed(EDITED_MODELS):
        model.objects.all().delete()
    assert not TimelineEntry.objects.exists()
    call_command("loaddata", path, verbosity=0)
    assert shown() == before
    assert list(projection.differences()) == []
