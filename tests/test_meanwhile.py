"""Two people at one row: no save overwrites another one unseen, and nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import builders, desk
from timeline import turn
from timeline.models import Citation, Meeting, Participation, Person, Trip

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(eli, petra):
    """Two editors, each with a browser."""
    browsers = Client(), Client()
    for browser, user in zip(browsers, (eli, petra), strict=True):
        browser.force_login(user)
    return browsers


def opened(browser, row):
    return desk.opened(browser, desk.page(row))


def save(browser, row, data, **changes):
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return browser.post(desk.page(row), data)


def differences(answer):
    """What the page tells of the others: (field, before, stored now, typed)."""
    return [
        (each.label, each.before, each.theirs, each.mine)
        for meanwhile in answer.context["meanwhile"]
        for each in meanwhile.differences
    ]


def test_the_second_save_is_refused_shows_both_and_keeps_what_was_typed(at_desk):
    first, second = at_desk
    trip = builders.trip(summary_en="Three days.")
    one, two = opened(first, trip), opened(second, trip)
    save(first, trip, one, title_en="To Lam in Havana", summary_en="Four days.")
    answer = save(second, trip, two, title_en="To Lam in Hanoi", purpose_en="Summit")
    assert answer.status_code == 200
    assert differences(answer) == [
        ("Title in English", "To Lam in New York", "To Lam in Havana", "To Lam in Hanoi"),
        ("Summary in English", "Three days.", "Four days.", None),
    ]
    content = answer.content.decode()
    assert "“To Lam in Havana” has been changed since you opened it: eli, " in content
    assert desk.errors(answer)["title_en"] == "Somebody else changed this as well: see above."
    kept = desk.read(answer)
    assert (kept["title_en"], kept["summary_en"], kept["purpose_en"]) == (
        "To Lam in Hanoi",
        "Four days.",
        "Summit",
    )
    trip.refresh_from_db()
    assert (trip.title_en, trip.purpose_en) == ("To Lam in Havana", "")
    assert save(second, trip, kept).status_code == 302
    trip.refresh_from_db()
    assert (trip.title_en, trip.summary_en, trip.purpose_en) == (
        "To Lam in Hanoi",
        "Four days.",
        "Summit",
    )


def test_what_is_stored_can_be_taken_instead(at_desk):
    first, second = at_desk
    trip = builders.trip()
    one, two = opened(first, trip), opened(second, trip)
    save(first, trip, one, title_en="To Lam in Havana")
    answer = save(second, trip, two, title_en="To Lam in Hanoi", purpose_en="Summit")
    choice = answer.context["meanwhile"][0].clashes[0].choice
    assert f'name="{choice}"' in answer.content.decode()
    assert save(second, trip, desk.read(answer), **{choice: "on"}).status_code == 302
    trip.refresh_from_db()
    assert (trip.title_en, trip.purpose_en) == ("To Lam in Havana", "Summit")


def test_a_third_change_is_told_as_well(at_desk):
    first, second = at_desk
    trip = builders.trip()
    one, two = opened(first, trip), opened(second, trip)
    save(first, trip, one, title_en="To Lam in Havana")
    kept = desk.read(save(second, trip, two, title_en="To Lam in Hanoi"))
    save(first, trip, opened(first, trip), title_en="To Lam in Hue")
    answer = save(second, trip, kept)
    assert differences(answer) == [
        ("Title in English", "To Lam in Havana", "To Lam in Hue", "To Lam in Hanoi")
    ]


def test_who_changed_nothing_overwrites_nothing(at_desk):
    first, second = at_desk
    trip = builders.trip()
    one, two = opened(first, trip), opened(second, trip)
    save(first, trip, one, title_en="To Lam in Havana", kind="working_visit")
    assert save(second, trip, two).status_code == 302
    trip.refresh_from_db()
    assert (trip.title_en, trip.kind, trip.version) == ("To Lam in Havana", "working_visit", 2)


def test_both_typed_the_same(at_desk):
    first, second = at_desk
    trip = builders.trip()
    one, two = opened(first, trip), opened(second, trip)
    save(first, trip, one, title_en="To Lam in Havana")
    answer = save(second, trip, two, title_en="To Lam in Havana", purpose_en="Summit")
    assert differences(answer) == []
    assert list(desk.errors(answer)) == ["__all__"]
    assert save(second, trip, desk.read(answer)).status_code == 302


# column, what the first types, what the second does
KINDS_OF_FIELDS = {
    "choice": ("kind", "working_visit", "state_visit"),
    "date": ("date_edtf", "2024-09", "2024-09-22~"),
    "moment": ("publish_at_0", "2126-02-18", "2126-02-19"),
    "text": ("summary_vi", "một\r\nhai", "ba"),
}


@pytest.mark.parametrize(("name", "mine", "yours"), KINDS_OF_FIELDS.values(), ids=KINDS_OF_FIELDS)
def test_every_kind_of_field(at_desk, name, mine, yours):
    first, second = at_desk
    trip = builders.trip()
    one, two = opened(first, trip), opened(second, trip)
    clock = {"publish_at_1": "09:00:00"} if name.startswith("publish_at") else {}
    assert save(first, trip, one, **{name: mine}, **clock).status_code == 302
    answer = save(second, trip, two, **{name: yours}, **clock)
    [clash] = answer.context["meanwhile"][0].clashes
    assert desk.read(answer)[name] == yours
    stored = desk.opened(first, desk.page(trip))
    assert save(second, trip, desk.read(answer), **{clash.choice: "on"}).status_code == 302
    assert desk.opened(first, desk.page(trip))[name] == stored[name]


def test_a_ticked_box_is_taken_back_as_well(at_desk):
    first, second = at_desk
    source = builders.source(is_held=True)
    one, two = opened(first, source), opened(second, source)
    save(first, source, one, is_held=None)
    answer = save(second, source, two, number="31")
    assert "is_held" not in desk.read(answer)
    save(second, source, desk.read(answer))
    source.refresh_from_db()
    assert (source.is_held, source.number) == (False, "31")


# Rows within the page of another


@pytest.fixture
def meeting(db):
    row = builders.meeting()
    for name in ("Tô Lâm", "Joe Biden"):
        builders.participation(row, person=builders.person(name))
    return row


def capacities(row):
    return list(row.participations.values_list("person__name", "capacity_en"))


def test_a_part_that_both_changed_is_refused_and_the_others_are_not_touched(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    save(first, meeting, one, **{"participations-0-capacity_en": "General Secretary"})
    part = {"participations-0-capacity_en": "President", "title_en": "To Lam and Joe Biden meet"}
    answer = save(second, meeting, two, **part)
    assert differences(answer) == [("Office in English", "", "General Secretary", "President")]
    meeting.refresh_from_db()
    assert meeting.title_en == "To Lam meets Joe Biden"
    assert save(second, meeting, desk.read(answer)).status_code == 302
    meeting.refresh_from_db()
    assert meeting.title_en == "To Lam and Joe Biden meet"
    assert "President" in dict(capacities(meeting)).values()


def test_two_people_change_two_parts_of_one_record(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    save(first, meeting, one, **{"participations-0-capacity_en": "General Secretary"})
    answer = save(second, meeting, two, **{"participations-1-capacity_en": "President"})
    assert answer.status_code == 302
    assert sorted(capacity for _name, capacity in capacities(meeting)) == [
        "General Secretary",
        "President",
    ]


def test_two_people_add_a_part_each(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    for browser, data, name in ((first, one, "Lương Cường"), (second, two, "Phan Văn Giang")):
        person = builders.person(name)
        desk.add_inline(data, "participations", order=3, role="participant", person=person.pk)
        assert save(browser, meeting, data).status_code == 302
    assert meeting.participations.count() == 4


def test_a_part_that_was_typed_in_and_is_deleted_meanwhile_becomes_a_new_one(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    gone = Participation.objects.get(pk=two["participations-0-id"])
    save(first, meeting, one, **{"participations-0-DELETE": "on"})
    part = {"participations-0-capacity_en": "President", "participations-1-capacity_en": "Host"}
    answer = save(second, meeting, two, **part)
    assert "Somebody deleted a row that you changed (eli, " in desk.errors(answer)["participations"]
    assert save(second, meeting, desk.read(answer)).status_code == 302
    found = {row.person_id: row.capacity_en for row in meeting.participations.all()}
    assert len(found) == 2
    assert found[gone.person_id] == "President"


def test_a_part_that_was_not_typed_in_stays_deleted(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    save(first, meeting, one, **{"participations-0-DELETE": "on"})
    assert save(second, meeting, two, title_en="To Lam and Joe Biden meet").status_code == 302
    assert meeting.participations.count() == 1


def test_a_part_that_was_changed_is_not_deleted_unseen(at_desk, meeting):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    save(first, meeting, one, **{"participations-0-capacity_en": "General Secretary"})
    answer = save(second, meeting, two, **{"participations-0-DELETE": "on"})
    assert differences(answer) == [("Office in English", "", "General Secretary", None)]
    assert meeting.participations.count() == 2
    assert save(second, meeting, desk.read(answer) | {"participations-0-DELETE": "on"}).url
    assert meeting.participations.count() == 1


# What cannot be stored any more


def test_a_record_deleted_meanwhile_gives_back_what_was_typed(at_desk, ada):
    trip = builders.trip()
    data = opened(at_desk[0], trip)
    Trip.objects.get().delete()
    answer = save(at_desk[0], trip, data, title_en="To Lam in Havana", purpose_en="Summit")
    assert answer.status_code == 409
    content = answer.content.decode()
    assert "Somebody deleted this meanwhile." in content
    assert "<dt>Purpose in English</dt><dd>Summit</dd>" in content
    assert "csrfmiddlewaretoken" not in dict(answer.context["typed"])


def test_a_record_published_meanwhile_gives_back_what_was_typed(at_desk):
    first, second = at_desk
    trip = builders.trip()
    builders.citation(trip)
    data = opened(first, trip)
    desk.confirm(second, f"{desk.page(Trip)}publication/publish/?id={trip.pk}")
    answer = save(first, trip, data, purpose_en="Summit")
    assert answer.status_code == 403
    content = answer.content.decode()
    assert "“To Lam in New York” is published: a publisher can change it" in content
    assert "<dd>Summit</dd>" in content


@pytest.mark.parametrize("version", [None, "", "0", "99", "-1", "x", "1\0", "9" * 30, "9" * 5_000])
def test_a_form_that_does_not_know_its_version_is_refused_once(at_desk, version):
    trip = builders.trip()
    data = opened(at_desk[0], trip)
    answer = save(at_desk[0], trip, data, title_en="To Lam in Havana", read_version=version)
    assert list(desk.errors(answer)) == ["__all__"]
    assert Trip.objects.get().title_en == "To Lam in New York"
    assert desk.read(answer)["title_en"] == "To Lam in Havana"


# Steps of publication


def test_a_step_is_refused_when_the_record_is_not_what_was_looked_at(at_desk):
    first, second = at_desk
    trip = builders.trip()
    cited = builders.citation(trip)
    [[_label, address]] = [
        step
        for step in second.get(desk.page(trip)).context["publication_steps"]
        if step[0] == "Publish"
    ]
    save(first, cited, opened(first, cited), statement_en="More than 60 events")
    question = second.get(address)
    sentence = "“To Lam in New York” has been changed since you looked at it: look again."
    assert sentence in question.content.decode()
    assert desk.said(desk.confirm(second, address))[-1] == sentence
    assert Trip.objects.get().state == "draft"


def test_a_step_from_the_list_is_refused_after_a_change(at_desk):
    first, second = at_desk
    rows = [builders.meeting(), builders.meeting("To Lam meets Meta")]
    source = builders.source()
    for row in rows:
        builders.citation(row, source=source)
    address = f"{desk.page(Meeting)}publication/publish/?id={rows[0].pk}&id={rows[1].pk}"
    marks = {f"seen-{record.pk}": m for record, *_, m in second.get(address).context["records"]}
    save(first, rows[0], opened(first, rows[0]), title_en="To Lam and Joe Biden meet")
    assert desk.said(second.post(address, marks)) == [
        "“To Lam and Joe Biden meet” has been changed since you looked at it: look again.",
        "Published: To Lam meets Meta.",
    ]
    assert list(Meeting.objects.published()) == [rows[1]]


def test_saving_and_publishing_is_refused_when_others_added_something(at_desk):
    first, second = at_desk
    trip = builders.trip()
    builders.citation(trip)
    data = opened(second, trip)
    one = opened(first, trip)
    desk.add_inline(one, "legs", order=1, country=builders.country("CU").pk, kind="unknown")
    assert save(first, trip, one).status_code == 302
    answer = save(second, trip, data, _publish="1")
    sentence = "“To Lam in New York” has been changed since you looked at it: look again."
    assert desk.errors(answer) == {"__all__": sentence}
    assert Trip.objects.get().state == "draft"
    assert save(second, trip, desk.read(answer), _publish="1").status_code == 302
    assert Trip.objects.get().state == "published"


def test_a_step_reads_the_record_when_its_turn_has_come(at_desk, monkeypatch):
    """Somebody who waits for the save of another one does not publish it unread."""
    trip = builders.trip()
    builders.citation(trip)
    address = f"{desk.page(Trip)}publication/publish/?id={trip.pk}"
    marks = {f"seen-{r.pk}": m for r, *_, m in at_desk[1].get(address).context["records"]}
    wait = turn.wait_for_turn

    def others_first():
        monkeypatch.setattr(turn, "wait_for_turn", wait)
        Trip.objects.update(title_en="To Lam in Havana")

    monkeypatch.setattr(turn, "wait_for_turn", others_first)
    answer = at_desk[1].post(address, marks)
    assert "has been changed since you looked" in desk.said(answer)[-1]
    assert Trip.objects.get().state == "draft"


def test_a_person_and_a_citation_are_kept_as_well(at_desk):
    first, second = at_desk
    for row, name in ((builders.person(), "aliases"), (builders.citation(builders.trip()), "note")):
        one, two = opened(first, row), opened(second, row)
        save(first, row, one, **{name: "To Lam"})
        answer = save(second, row, two, **{name: "Tô Lâm"})
        assert [each[2:] for each in differences(answer)] == [("To Lam", "Tô Lâm")]
    assert Person.objects.get().aliases == "To Lam"
    assert Citation.objects.get().note == "To Lam"


@pytest.mark.parametrize("key", ["9" * 30, "9" * 5_000, "x"])
def test_a_forged_choice_that_others_changed_as_well(at_desk, meeting, key):
    first, second = at_desk
    one, two = opened(first, meeting), opened(second, meeting)
    save(first, meeting, one, country=builders.country("VN").pk)
    answer = save(second, meeting, two, country=key)
    assert [each[2:] for each in differences(answer)] == [("Viet Nam", "")]
    meeting.refresh_from_db()
    assert str(meeting.country) == "Viet Nam"


# Files, which a page cannot hold for the next time

AGAIN = "Choose the file again: a page cannot keep it for you."


@pytest.fixture
def source(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return builders.source()


def pdf(name):
    return SimpleUploadedFile(name, b"%PDF-1.7\n")


def held(source):
    source.refresh_from_db()
    return source.file.name


def test_the_second_of_two_files_replaces_the_first_only_when_it_is_chosen_again(at_desk, source):
    first, second = at_desk
    one, two = opened(first, source), opened(second, source)
    save(first, source, one, file=pdf("first.pdf"))
    stored = held(source)
    answer = save(second, source, two, file=pdf("second.pdf"))
    assert differences(answer) == [("File", "", stored, "second.pdf")]
    assert "take this one" not in answer.content.decode()
    assert desk.errors(answer)["file"] == f"Somebody else changed this as well: see above. {AGAIN}"
    assert held(source) == stored
    assert save(second, source, desk.read(answer)).status_code == 302
    assert held(source) == stored
    save(second, source, desk.read(answer), file=pdf("second.pdf"))
    assert held(source) not in ("", stored)


def test_a_file_is_not_taken_away_unseen(at_desk, source):
    first, second = at_desk
    save(first, source, opened(first, source), file=pdf("first.pdf"))
    seen = held(source)
    one, two = opened(first, source), opened(second, source)
    save(first, source, one, file=pdf("another.pdf"))
    stored = held(source)
    answer = save(second, source, two, remove_file="on")
    assert differences(answer) == [("File", seen, stored, "")]
    assert desk.errors(answer)["file"] == "Somebody else changed this as well: see above."
    assert held(source) == stored
    save(second, source, desk.read(answer))
    assert held(source) == "", "the box is ticked still"


def test_a_file_beside_what_others_changed(at_desk, source):
    first, second = at_desk
    save(first, source, opened(first, source), file=pdf("first.pdf"))
    stored = held(source)
    one, two = opened(first, source), opened(second, source)
    save(first, source, one, number="31")
    answer = save(second, source, two, file=pdf("second.pdf"))
    assert desk.errors(answer)["file"] == AGAIN
    answer = save(second, source, two, remove_file="on")
    assert f'/{source.pk}/file/" download>' in answer.content.decode()
    assert desk.read(answer)["remove_file"] == "on"
    assert [each[0] for each in differences(answer)] == ["Number"]
    assert held(source) == stored


def test_a_file_that_others_stored_stays_when_it_was_not_touched(at_desk, source):
    first, second = at_desk
    one, two = opened(first, source), opened(second, source)
    save(first, source, one, file=pdf("first.pdf"))
    stored = held(source)
    answer = save(second, source, two, number="31")
    assert differences(answer) == [("File", "", stored, None)]
    assert save(second, source, desk.read(answer)).status_code == 302
    assert (held(source), source.number) == (stored, "31")
