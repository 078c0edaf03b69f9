"""`seed` loads all fixtures or nothing, again and again, and never undoes what an editor did."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.test_fixture_loading import (
    CITATION,
    COUNTRY,
    PART,
    PERSON,
    SOURCE,
    TRIP,
    changed,
    picture,
)
from timeline import projection, publication
from timeline.models import Country, Participation, Person, SourceDocument, TimelineEntry, Trip

pytestmark = pytest.mark.django_db

FILES = {
    "1-countries": [COUNTRY],
    "3-people": [PERSON],
    "4-sources": [SOURCE],
    "records-2024": [TRIP, PART, CITATION],
}


@pytest.fixture
def fixtures(tmp_path, settings):
    """The folder of fixtures, as `{name: rows}` to write."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "fixtures").mkdir()

    def write(name, rows):
        text = rows if isinstance(rows, str) else json.dumps(rows)
        (tmp_path / "fixtures" / f"{name}.json").write_text(text, encoding="utf-8")

    for name, rows in FILES.items():
        write(name, rows)
    return write


@pytest.fixture
def seed(fixtures, capsys):
    def seed(*arguments):
        capsys.readouterr()
        call_command("seed", *arguments)
        return capsys.readouterr().out.strip()

    return seed


def test_a_new_database_gets_every_row_in_the_order_that_references_need(seed):
    assert seed() == "Seeded: 6 created, 0 updated, 0 unchanged, 0 kept."
    assert TimelineEntry.objects.get().participants_en == "Tô Lâm: participant"
    assert list(projection.differences()) == []


def test_seeding_twice_changes_nothing(seed):
    seed()
    before = picture()
    assert seed() == "Seeded: 0 created, 0 updated, 6 unchanged, 0 kept."
    assert picture() == before


def test_a_newer_fixture_changes_rows_that_nobody_edited(seed, fixtures):
    seed()
    fixtures("records-2024", [changed(TRIP, title_vi="Thăm"), PART, CITATION])
    assert seed() == "Seeded: 0 created, 1 updated, 5 unchanged, 0 kept."
    assert TimelineEntry.objects.get().title_vi == "Thăm"


def test_a_change_by_an_editor_stays_unless_it_is_to_be_overwritten(seed):
    seed()
    Trip.objects.update(title_en="By the editor")
    assert seed() == "Seeded: 0 created, 0 updated, 5 unchanged, 1 kept."
    assert TimelineEntry.objects.get().title_en == "By the editor"
    assert seed("--overwrite") == "Seeded: 0 created, 1 updated, 5 unchanged, 0 kept."
    assert TimelineEntry.objects.get().title_en == "To Lam in New York"


def test_a_withdrawal_stays(seed, petra):
    seed()
    publication.withdraw(Trip.objects.get(), petra, "wrong day")
    assert seed() == "Seeded: 0 created, 0 updated, 5 unchanged, 1 kept."
    assert (Trip.objects.get().state, TimelineEntry.objects.count()) == ("withdrawn", 0)


def test_a_deletion_by_an_editor_stays_and_so_does_what_went_with_it(seed):
    seed()
    Trip.objects.get().delete()
    assert seed() == "Seeded: 0 created, 0 updated, 3 unchanged, 3 kept."
    assert not Trip.objects.exists() and not Participation.objects.exists()
    assert seed("--overwrite") == "Seeded: 3 created, 0 updated, 3 unchanged, 0 kept."
    assert TimelineEntry.objects.get().participants_en == "Tô Lâm: participant"


@pytest.mark.parametrize("model", [Trip, Person, SourceDocument])
def test_a_renamed_row_is_not_made_again_and_is_still_referred_to(seed, model):
    seed()
    old = model.objects.get().slug
    model.objects.update(slug="renamed")
    assert seed() == "Seeded: 0 created, 0 updated, 5 unchanged, 1 kept."
    assert model.objects.get().slug == "renamed"
    assert seed("--overwrite") == "Seeded: 0 created, 1 updated, 5 unchanged, 0 kept."
    assert model.objects.get().slug == old
    assert list(projection.differences()) == []


def test_a_published_record_without_a_public_source_is_not_seeded(seed, fixtures):
    fixtures("records-2024", [TRIP, PART])
    with pytest.raises(CommandError, match=r"timeline\.trip new-york: It has no citation"):
        seed()
    assert not Country.objects.exists()


def test_a_key_that_an_editor_gave_up_is_free_for_another_row(fixtures, seed):
    person = Person.objects.create(slug="to-lam", name="By the editor")
    person.slug = "renamed"
    person.save()
    seed("--overwrite")
    people = Person.objects.order_by("slug").values_list("slug", "name")
    assert list(people) == [("renamed", "By the editor"), ("to-lam", "Tô Lâm")]


def test_a_change_of_a_part_leaves_the_record_to_the_fixture(seed, fixtures):
    seed()
    Participation.objects.update(capacity_en="President")
    fixtures("records-2024", [changed(TRIP, title_vi="Thăm"), PART, CITATION])
    assert seed() == "Seeded: 0 created, 1 updated, 4 unchanged, 1 kept."
    assert TimelineEntry.objects.get().participants_en == "Tô Lâm (President): participant"


@pytest.mark.parametrize(
    ("name", "rows", "sentence"),
    [
        (
            "records-2024",
            [changed(TRIP, date_edtf="2024-02-30"), PART],
            "records-2024.json: timeline.trip new-york: date_edtf: '2024-02-30' is not a date: "
            "February 2024 has no day 30",
        ),
        (
            "records-2024",
            [changed(TRIP, state="public")],
            "records-2024.json: timeline.trip new-york: __all__: state must be one of: draft,",
        ),
        (
            "records-2024",
            [TRIP, changed(PART, person=["nobody"])],
            "records-2024.json: timeline.participation new-york-to-lam: person: there is no "
            "timeline.person nobody",
        ),
        (
            "3-people",
            [PERSON, changed(PERSON, name="Twice")],
            "3-people.json: timeline.person to-lam: stands twice in this file",
        ),
        (
            "3-people",
            [changed(PERSON, born="1957")],
            "3-people.json: timeline.person to-lam: unknown field: born",
        ),
        (
            "3-people",
            [{"model": "timeline.person", "fields": {"name": "Tô Lâm"}}],
            "3-people.json: timeline.person None: the row has no slug",
        ),
        (
            "3-people",
            [changed(PERSON, name="Tô\u202eLâm")],
            "3-people.json: timeline.person to-lam: name: name: character 3 is U+202E",
        ),
        ("4-sources", "[{]", "4-sources.json: this is not JSON: "),
    ],
)
def test_a_wrong_row_is_named_and_nothing_of_any_file_is_loaded(
    seed, fixtures, name, rows, sentence
):
    fixtures(name, rows)
    before = picture()
    with pytest.raises(CommandError) as error:
        seed()
    assert str(error.value).startswith(sentence)
    assert str(error.value).endswith("Nothing was loaded.")
    assert picture() == before


def test_a_file_that_is_no_text_is_named(seed, tmp_path):
    (tmp_path / "fixtures" / "3-people.json").write_bytes(b'["\xff"]')
    with pytest.raises(CommandError, match=r"3-people\.json: this is not JSON"):
        seed()


def test_a_database_with_countries_is_not_empty(seed):
    seed("--if-empty")
    assert Country.objects.count() == 1
    Trip.objects.get().delete()
    assert seed("--if-empty") == ""
    assert not Trip.objects.exists()
