"""The history tells of each change who, when, why and what; an old version can come back."""

import pytest

from tests import builders
from timeline import publication
from timeline.models import EDITED_MODELS, Meeting, Person, TimelineEntry, Trip
from timeline.models.codes import State

pytestmark = pytest.mark.django_db

each_model = pytest.mark.parametrize("model", EDITED_MODELS, ids=lambda m: m._meta.model_name)


def story(row):
    """What the history of `row` tells, oldest first: (what happened, who, why)."""
    changes = type(row).history.filter(id=row.id).order_by("history_id")
    return list(
        changes.values_list("history_type", "history_user__username", "history_change_reason")
    )


def test_making_changing_and_deleting_are_told_with_who_and_why(eli):
    person = Person(name="Tô Lâm")
    person._history_user, person._change_reason = eli, "from the news of 21 September 2024"
    person.save()
    person.aliases = "To Lam"
    person._history_user, person._change_reason = eli, "spelling"
    person.save()
    deleted = Person(pk=person.pk)
    person._history_user, person._change_reason = eli, "twice"
    person.delete()
    assert story(deleted) == [
        ("+", "eli", "from the news of 21 September 2024"),
        ("~", "eli", "spelling"),
        ("-", "eli", "twice"),
    ]


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda people: people.bulk_create([Person(name="Lương Cường")]), "+"),
        (lambda people: people.update(aliases="To Lam"), "~"),
        (lambda people: people.bulk_update(people.all(), ["aliases"]), "~"),
        (lambda people: people.all().delete(), "-"),
    ],
    ids=["bulk_create", "update", "bulk_update", "delete"],
)
def test_writing_many_rows_tells_of_each(write, told):
    builders.person()
    write(Person.objects)
    kinds = Person.history.order_by("history_id").values_list("history_type", flat=True)
    assert list(kinds) == ["+", told]


def test_what_goes_with_a_record_is_told_as_well():
    trip = builders.trip()
    parts = [builders.leg(trip), builders.participation(trip), builders.citation(trip)]
    trip.delete()
    for part in parts:
        assert [kind for kind, *_ in story(part)] == ["+", "-"]


TEXTS = {
    "country": "name_en",
    "person": "name",
    "organization": "name_en",
    "sourcedocument": "number",
}
TEXTS |= {"tenure": "title_en", "trip": "title_en", "meeting": "title_en", "agreement": "title_en"}
TEXTS |= {"tripleg": "place_en", "agreementitem": "unit", "participation": "capacity_en"}
TEXTS |= {"citation": "locator", "correction": "note_en"}


@each_model
def test_an_earlier_version_of_every_model_comes_back(model):
    row, column = builders.ROWS[model](), TEXTS[model._meta.model_name]
    before = getattr(row, column)
    setattr(row, column, "another text")
    row.save()
    row.history.earliest("history_id").instance.save()
    row.refresh_from_db()
    assert (getattr(row, column), row.version) == (before, 3)


@each_model
def test_a_deleted_row_of_every_model_comes_back(model):
    row = builders.ROWS[model]()
    model.objects.get().delete()
    model.history.get(history_type="-").instance.save()
    assert model.objects.get() == row


def test_an_earlier_version_is_found_and_sorted_as_itself():
    person = builders.person("Tô Lâm")
    person.name = "Lương Cường"
    person.save()
    person.history.earliest("history_id").instance.save()
    person.refresh_from_db()
    assert (person.search, person.sort_key) == ("to lam", "t0o2!l0a2m0 00000")


def test_a_part_brought_back_leaves_the_record_it_had_moved_to():
    source = builders.source()
    ours = builders.published(builders.meeting, "To Lam meets Joe Biden", source)
    other = builders.published(builders.meeting, "To Lam meets Meta", source)
    part = builders.participation(ours)
    part.meeting = other
    part.save()
    part.history.earliest("history_id").instance.save()
    people = {entry.slug: entry.participants_en for entry in TimelineEntry.objects.all()}
    assert people == {ours.slug: "Tô Lâm: participant", other.slug: ""}


def test_an_earlier_version_brings_its_text_back_and_not_its_state(petra):
    trip = builders.trip()
    builders.citation(trip)
    publication.publish(trip, by=petra)
    when_public = trip.history.first()
    publication.withdraw(trip, by=petra, reason="wrong day")
    Trip.objects.update(title_en="To Lam in Havana")
    when_public.instance.save()
    trip.refresh_from_db()
    assert (trip.title_en, trip.state) == ("To Lam in New York", State.WITHDRAWN)
    assert trip.withdrawn_reason == "wrong day"
    assert not TimelineEntry.objects.exists()


def test_a_deleted_record_comes_back_as_a_draft():
    meeting = builders.published(builders.meeting, "To Lam meets Joe Biden", builders.source())
    assert TimelineEntry.objects.get().slug == meeting.slug
    meeting.delete()
    Meeting.history.filter(history_type="-").get().instance.save()
    assert (Meeting.objects.get().state, Meeting.objects.get().published_at) == ("draft", None)
    assert not TimelineEntry.objects.exists()


def test_the_history_leaves_out_what_only_helps_to_find_a_row():
    columns = {field.name for field in Person.history.model._meta.fields}
    assert not columns & {"search", "sort_key"}
    assert columns >= {"name", "aliases", "version", "slug", "history_user"}
