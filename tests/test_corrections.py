"""A change that the public can read takes a public note, or the word that it is minor."""

import pytest

from tests import builders, desk
from tests.files import as_csv, refusals, upload
from timeline.models import Correction, Meeting, Participation, TimelineEntry

pytestmark = pytest.mark.django_db

ASKED = (
    "“To Lam meets Joe Biden” is published: write what was corrected, for the public to read, or "
    "say that this change is minor."
)


@pytest.fixture
def meeting(db):
    row = builders.published(builders.meeting, "To Lam meets Joe Biden", builders.source())
    builders.participation(row, person=builders.person())
    return row


@pytest.fixture(autouse=True)
def publisher(client, petra):
    client.force_login(petra)


def notes():
    return list(Correction.objects.values_list("meeting__slug", "note_vi", "note_en"))


CHANGES = {
    "a field": {"place_en": "New York"},
    "a part": {"participations-0-capacity_en": "General Secretary"},
    "a part that goes": {"participations-0-DELETE": "on"},
    "a statement": {"citations-0-statement_en": "An hour"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_form_asks_keeps_what_was_typed_and_tells_the_public(client, meeting, change):
    before = TimelineEntry.objects.get().changed_at
    answer = desk.send(client, desk.page(meeting), **change)
    assert desk.errors(answer) == {"correction_en": ASKED}
    kept = desk.read(answer)
    assert {name: kept.get(name) for name in change if "DELETE" not in name} == {
        name: value for name, value in change.items() if "DELETE" not in name
    }
    assert notes() == []
    answer = desk.send(
        client, desk.page(meeting), **change, correction_vi="Sửa", correction_en="So"
    )
    assert answer.status_code == 302
    assert notes() == [(meeting.slug, "Sửa", "So")]
    assert TimelineEntry.objects.get().changed_at > before
    assert "So" in client.get(f"/en/meetings/{meeting.slug}/").content.decode()


def test_a_minor_change_tells_the_public_nothing(client, meeting):
    assert desk.send(client, desk.page(meeting), place_en="NY", is_minor="on").status_code == 302
    assert notes() == []


INTERNAL = {
    "an internal note": {"citations-0-note": "Ask again"},
    "nothing": {},
    "a reason": {"change_reason": "just looking"},
}


@pytest.mark.parametrize("change", INTERNAL.values(), ids=INTERNAL)
def test_what_the_public_does_not_read_asks_for_nothing(client, meeting, change):
    assert desk.send(client, desk.page(meeting), **change).status_code == 302
    assert notes() == []


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_published_asks_for_nothing(client, meeting, state):
    Meeting.objects.update(state=state)
    form = client.get(desk.page(meeting)).context["adminform"]
    shown = {field for fieldset in form.fieldsets for field in fieldset[1]["fields"]}
    assert "correction_en" not in str(shown)
    assert desk.send(client, desk.page(meeting), place_en="New York").status_code == 302


def test_the_page_of_a_part_asks_as_well(client, meeting):
    part = Participation.objects.get()
    assert desk.errors(desk.send(client, desk.page(part), capacity_en="President")) == {
        "correction_en": ASKED
    }
    answer = desk.send(client, desk.page(part), capacity_en="President", correction_en="The office")
    assert answer.status_code == 302
    assert notes() == [(meeting.slug, "", "The office")]
    new = {"meeting": meeting.pk, "country": builders.country("US").pk, "role": "host"}
    answer = desk.send(client, desk.page(Participation, "add"), **new)
    assert desk.errors(answer) == {"correction_en": ASKED}
    answer = desk.send(client, desk.page(Participation, "add"), **new, correction_en="The host")
    assert answer.status_code == 302
    assert len(notes()) == 2


@pytest.mark.parametrize("note", ["a\0b", "a\u202eb", "x" * 301])
def test_a_note_that_cannot_be_stored_is_refused_beside_the_field(client, meeting, note):
    answer = desk.send(client, desk.page(meeting), place_en="New York", correction_en=note)
    assert list(desk.errors(answer)) == ["correction_en"]
    assert desk.read(answer)["correction_en"] == note
    assert notes() == []


# What goes round the page of the record


def test_a_part_that_is_moved_away_is_told(client, meeting):
    draft = builders.meeting("To Lam meets Meta")
    part = Participation.objects.get()
    assert ASKED in str(desk.errors(desk.send(client, desk.page(part), meeting=draft.pk)))
    rows = ["slug", "meeting"], [part.slug, draft.slug]
    assert refusals(upload(client, Participation, as_csv(*rows))) == [ASKED]
    answer = desk.send(client, desk.page(part), meeting=draft.pk, correction_en="He was not there.")
    assert answer.status_code == 302
    assert notes() == [(meeting.slug, "", "He was not there.")]


def test_a_record_with_a_new_address_is_told(client, meeting):
    change = {"slug": "2024-biden", "title_en": "Something else"}
    assert "is published: write what was" in str(
        desk.errors(desk.send(client, desk.page(meeting), **change))
    )
    assert desk.send(client, desk.page(meeting), **change, is_minor="on").status_code == 302


def test_nobody_writes_for_the_public_before_anything_is_public(client, eli, meeting):
    Meeting.objects.update(state="draft")
    client.force_login(eli)
    new = {"meeting": meeting.pk, "note_en": "Said by nobody", "corrected_at_0": "2026-02-18"}
    answer = desk.send(client, desk.page(Correction, "add"), **new, corrected_at_1="09:00:00")
    assert desk.errors(answer) == {"__all__": "Only what the public reads is corrected in public."}
    rows = ["slug", "meeting", "note_en"], ["x", meeting.slug, "Said by nobody"]
    assert "Only what the public reads" in str(refusals(upload(client, Correction, as_csv(*rows))))
    assert notes() == []


def test_what_the_public_was_told_is_not_deleted(client, ada, meeting):
    told = builders.correction(meeting)
    client.force_login(ada)
    assert "what the public was told stays told" in desk.said(desk.delete(client, told))[-1]
    assert len(notes()) == 1
