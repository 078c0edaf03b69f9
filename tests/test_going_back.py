"""The history answers: who, when, from what to what; and an earlier version comes back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import builders, desk
from timeline import changes, going_back, projection, publication, versions
from timeline.models import (
    ChangeSet,
    Citation,
    Correction,
    Meeting,
    Organization,
    Participation,
    Person,
    TimelineEntry,
    Trip,
    TripLeg,
)
from timeline.models.changeset import ChangeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def trip(eli):
    """A trip that eli wrote with a leg, a participant and a citation, in one act."""
    with changes.made(ChangeKind.EDIT, eli, note="from the news"):
        row = builders.trip()
        builders.leg(row)
        builders.participation(row, person=builders.person(), capacity_en="General Secretary")
        builders.citation(row, statement_en="Three days")
    return row


def told(act):
    return [(row.what, row.noun, row.name) for row in act.rows]


def fields(act):
    return [(f.label, f.before, f.after) for row in act.rows for f in row.fields]


def picture(row):
    return {
        key: [getattr(version, field.attname) for field in versions.written_fields(key[0])]
        for key, version in versions.state_at(type(row), row.pk).items()
    }


# What the history tells


def test_the_story_of_a_row_tells_of_its_parts_act_by_act(trip, eli, petra):
    with changes.made(ChangeKind.EDIT, petra, note="title and office"):
        Trip.objects.update(title_en="To Lam at the UN")
        Participation.objects.update(capacity_en="President", country=builders.country("VN"))
    Citation.objects.all().delete()
    publication.submit(Trip.objects.get(), eli, "please look")
    acts = versions.story(Trip, trip.pk)
    assert [(str(act.user), act.note) for act in acts] == [
        ("eli", "submit: please look"),
        ("None", ""),
        ("petra", "title and office"),
        ("eli", "from the news"),
    ]
    assert [act.change_set.user and act.change_set.user.username for act in acts] == [
        "eli",
        None,
        "petra",
        "eli",
    ]
    source = "General Secretary and President To Lam visits the United States"
    assert told(acts[1]) == [("-", "citation", source)]
    assert told(acts[2]) == [
        ("~", "trip", "To Lam at the UN"),
        ("~", "participation", "Viet Nam, Tô Lâm"),
    ]
    assert fields(acts[2]) == [
        ("title in English", "To Lam in New York", "To Lam at the UN"),
        ("country", "", "Viet Nam"),
        ("office in English", "General Secretary", "President"),
    ]
    assert [what for what, *_ in told(acts[3])] == ["+", "+", "+", "+"]


def test_a_part_that_moved_away_is_told_in_both_stories(trip):
    other = builders.trip("To Lam in Havana")
    Participation.objects.update(trip=other)
    assert ("participation") in [row.noun for row in versions.story(Trip, trip.pk)[0].rows]
    assert ("participation") in [row.noun for row in versions.story(Trip, other.pk)[0].rows]
    assert Participation not in {model for model, _key in versions.state_at(Trip, trip.pk)}
    assert Participation in {model for model, _key in versions.state_at(Trip, other.pk)}


def test_two_moments_are_compared(trip):
    before = timezone.now()
    Trip.objects.update(title_en="To Lam at the UN")
    Trip.objects.update(title_en="To Lam in Manhattan", kind="working_visit")
    builders.leg(trip, "CU", order=2)
    now = versions.state_at(Trip, trip.pk)
    found = versions.compare(versions.state_at(Trip, trip.pk, before), now)
    assert [(row.what, row.noun) for row in found] == [("~", "trip"), ("+", "leg")]
    assert [(f.label, f.before, f.after) for f in found[0].fields] == [
        ("title in English", "To Lam in New York", "To Lam in Manhattan"),
        ("kind", "visit of unknown kind", "working visit"),
    ]


@pytest.mark.parametrize("name", ["vera", "eli"])
def test_the_pages_of_the_history(client, request, trip, name):
    client.force_login(request.getfixturevalue(name))
    Trip.objects.update(title_en="To Lam at the UN")
    answer = client.get(desk.page(trip, "history"))
    content = answer.content.decode()
    assert "<del>To Lam in New York</del> → <ins>To Lam at the UN</ins>" in content
    moments = [act.moment.isoformat() for act in answer.context["page"]]
    assert len(moments) == 2
    answer = client.get(
        f"{desk.page(trip, 'history')}compare/", {"from": moments[0], "to": moments[1]}
    )
    assert "<del>To Lam in New York</del> → <ins>To Lam at the UN</ins>" in answer.content.decode()
    answer = client.get(f"{desk.page(trip, 'history')}restore/", {"at": moments[1]})
    assert answer.status_code == (403 if name == "vera" else 200)


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "x",
        "2026-02-18",
        "2026-02-18T00:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00",
        "\0",
        "9" * 5000,
    ],
)
def test_a_moment_that_is_none_is_not_found(client, eli, trip, moment):
    client.force_login(eli)
    for address, name in (("compare", "from"), ("restore", "at")):
        query = {name: moment, "to": timezone.now().isoformat()}
        assert client.get(f"{desk.page(trip, 'history')}{address}/", query).status_code == 404


# Going back


def test_a_row_and_its_parts_come_back(client, trip, eli):
    before, moment = picture(trip), timezone.now()
    Trip.objects.update(title_en="To Lam at the UN")
    Participation.objects.update(capacity_en="President")
    Citation.objects.all().delete()
    builders.leg(trip, "CU", order=2)
    client.force_login(eli)
    address = f"{desk.page(trip, 'history')}restore/?at={moment.isoformat().replace('+', '%2B')}"
    asked = client.get(address)
    assert [(row.what, row.noun) for row in asked.context["plan"].changes()] == [
        ("~", "trip"),
        ("-", "leg"),
        ("~", "participation"),
        ("+", "citation"),
    ]
    form = {"mark": asked.context["mark"], "reason": "All of it was wrong"}
    assert client.post(address, form).status_code == 302
    assert picture(trip) == before
    act = ChangeSet.objects.first()
    assert (act.kind, act.user) == ("restoration", eli)
    assert act.note.endswith(": All of it was wrong")
    [told_of] = [a for a in versions.story(Trip, trip.pk) if a.change_set == act]
    assert len(told_of.rows) == 4
    assert list(projection.differences()) == []


def test_going_back_is_refused_when_somebody_changed_the_row_since(client, trip, eli):
    moment = timezone.now()
    Trip.objects.update(title_en="To Lam at the UN")
    client.force_login(eli)
    address = f"{desk.page(trip, 'history')}restore/?at={moment.isoformat().replace('+', '%2B')}"
    mark = client.get(address).context["mark"]
    Trip.objects.update(title_en="To Lam in Manhattan")
    answer = client.post(address, {"mark": mark})
    assert "Something has been changed since you looked: look again." in answer.content.decode()
    assert Trip.objects.get().title_en == "To Lam in Manhattan"


def test_a_published_row_goes_back_with_a_word_to_the_public(trip, eli, petra):
    moment = timezone.now()
    publication.publish(trip, petra)
    Trip.objects.update(title_en="To Lam at the UN")
    plan = going_back.to_moment(Trip, trip.pk, moment)
    assert plan.obstacles(eli) == [
        "“To Lam at the UN” is published: a publisher can change it, or withdraw it first."
    ]
    with pytest.raises(ValidationError, match="write what was corrected"), projection.batch():
        plan.carry_out(petra)
    with projection.batch():
        going_back.to_moment(Trip, trip.pk, moment).carry_out(petra, note_en="The old title.")
    entry = TimelineEntry.objects.get()
    assert entry.title_en == "To Lam in New York"
    assert Trip.objects.get().state == "published"
    assert Correction.objects.get().note_en == "The old title."


def test_what_the_public_was_told_is_not_taken_back(trip, petra):
    moment = timezone.now()
    publication.publish(trip, petra)
    builders.correction(trip)
    assert going_back.to_moment(Trip, trip.pk, moment).wanted == {}


def test_the_last_source_of_a_published_record_is_not_lost_by_going_back(petra):
    trip = builders.trip()
    moment = timezone.now()
    builders.citation(trip)
    publication.publish(trip, petra)
    plan = going_back.to_moment(Trip, trip.pk, moment)
    with pytest.raises(ValidationError, match="would lose what it needs"), projection.batch():
        plan.carry_out(petra, is_minor=True)
    assert trip.citations.count() == 1


# What was deleted


def test_a_deleted_record_comes_back_with_everything_that_belonged_to_it(client, trip, ada):
    before = picture(trip)
    client.force_login(ada)
    desk.delete(client, trip)
    assert not (Trip.objects.exists() or Participation.objects.exists())
    listed = client.get("/admin/timeline/changeset/deleted/")
    content = listed.content.decode()
    assert "To Lam in New York" in content
    assert [meta.model_name for meta, _rows in listed.context["groups"]] == ["trip"]
    address = f"/admin/timeline/changeset/deleted/trip/{trip.pk}/"
    assert address in content
    asked = client.get(address)
    answer = client.post(address, {"mark": asked.context["mark"]})
    assert answer.url == desk.page(trip)
    assert picture(trip) == before
    assert Trip.objects.get().state == "draft"
    assert Trip.objects.get().version > trip.version
    assert client.get("/admin/timeline/changeset/deleted/").context["groups"] == []
    assert client.get(address).status_code == 404


def test_only_what_went_with_the_record_comes_back(trip):
    Participation.objects.all().delete()
    Trip.objects.get().delete()
    plan = going_back.deleted_row(Trip, trip.pk)
    assert {model for model, _key in plan.wanted} == {Trip, Citation, TripLeg}


def test_who_may_not_add_cannot_bring_back(client, trip, vera):
    Trip.objects.get().delete()
    client.force_login(vera)
    address = f"/admin/timeline/changeset/deleted/trip/{trip.pk}/"
    asked = client.get(address)
    assert "You may not do this: it takes the right “add_trip”." in asked.content.decode()
    answer = client.post(address, {"mark": "x"})
    assert answer.status_code == 200
    assert not Trip.objects.exists()


def test_a_record_whose_person_is_gone_says_so(ada):
    meeting = builders.meeting()
    builders.participation(meeting, person=builders.person())
    Meeting.objects.get().delete()
    Person.objects.get().delete()
    with pytest.raises(ValidationError, match=r"what it refers to is not there any more: person"):
        going_back.deleted_row(Meeting, meeting.pk).carry_out(ada)


def test_a_record_whose_address_is_taken_says_so(ada, trip):
    Trip.objects.get().delete()
    builders.trip()
    with pytest.raises(ValidationError, match="Slug already exists"), projection.batch():
        going_back.deleted_row(Trip, trip.pk).carry_out(ada)
    assert Trip.objects.count() == 1


# An act undone


def test_an_act_is_undone_row_by_row(client, eli, ada):
    kept, gone = builders.person("Lương Cường"), builders.organization()
    with changes.made(ChangeKind.MERGE, eli, note="two that were one"):
        Person.objects.update(aliases="Luong Cuong")
        Organization.objects.all().delete()
        builders.person("Phan Văn Giang")
    act = ChangeSet.objects.first()
    client.force_login(ada)
    page = client.get(f"/admin/timeline/changeset/{act.pk}/change/").content.decode()
    assert "two that were one" in page
    address = f"/admin/timeline/changeset/{act.pk}/undo/"
    asked = client.get(address)
    assert client.post(address, {"mark": asked.context["mark"]}).status_code == 302
    assert [(p.pk, p.aliases) for p in Person.objects.all()] == [(kept.pk, "")]
    assert list(Organization.objects.all()) == [gone]
    again = ChangeSet.objects.first()
    assert (again.kind, again.user) == ("restoration", ada)
    assert going_back.undone(again).obstacles(ada) == []


def test_an_act_is_not_undone_over_later_changes(eli, ada):
    person = builders.person("Lương Cường")
    with changes.made(ChangeKind.EDIT, eli):
        Person.objects.update(aliases="Luong Cuong")
    act = ChangeSet.objects.get()
    Person.objects.update(sort_name="Cường")
    assert going_back.undone(act).obstacles(ada) == ["Changed since then: Lương Cường."]
    with pytest.raises(ValidationError, match="Changed since then"):
        going_back.undone(act).carry_out(ada)
    person.refresh_from_db()
    assert person.aliases == "Luong Cuong"


def test_a_step_of_publication_is_not_undone_here(client, trip, ada, petra):
    publication.publish(trip, petra)
    act = ChangeSet.objects.first()
    assert act.kind == "publication"
    client.force_login(ada)
    assert client.get(f"/admin/timeline/changeset/{act.pk}/undo/").status_code == 404


def test_an_act_and_its_rows_are_stored_together_or_not_at_all(eli):
    act = changes.made(ChangeKind.EDIT, eli)
    with pytest.raises(ZeroDivisionError), projection.batch(), act:
        builders.person()
        raise ZeroDivisionError
    assert not ChangeSet.objects.exists()
    assert not Person.history.exists()
    with changes.made(ChangeKind.EDIT, eli):
        pass
    assert not ChangeSet.objects.exists(), "an act in which nothing was written is none"


def test_what_the_story_asks_does_not_grow(trip, django_assert_max_num_queries):
    def read():
        return versions.story(Trip, trip.pk)

    with django_assert_max_num_queries(12):
        read()
    for number in range(5):
        Trip.objects.update(date_edtf=str(timezone.now().date() - timedelta(days=number)))
        builders.participation(trip, person=builders.person(f"Person {number}"))
    with django_assert_max_num_queries(12):
        read()


# What others did, and what the public reads


def test_a_creation_to_which_others_added_is_not_undone(ada):
    with changes.made(ChangeKind.EDIT, ada):
        trip = builders.trip()
    act = ChangeSet.objects.get()
    builders.leg(trip)
    assert going_back.undone(act).obstacles(ada) == [
        "“To Lam in New York: 1” would go as well, or be without what it refers to."
    ]
    with pytest.raises(ValidationError, match="would go as well"):
        going_back.undone(act).carry_out(ada)


def test_a_creation_that_others_use_is_not_undone(client, ada):
    with changes.made(ChangeKind.EDIT, ada):
        person = builders.person()
    act = ChangeSet.objects.get()
    builders.participation(builders.trip(), person=person)
    client.force_login(ada)
    address = f"/admin/timeline/changeset/{act.pk}/undo/"
    asked = client.get(address)
    assert "would go as well, or be without what it refers to" in asked.content.decode()
    assert client.post(address, {"mark": asked.context["mark"]}).status_code == 200
    assert Person.objects.exists()


def test_a_part_that_was_moved_in_goes_back_where_it_was(ada):
    here, there = builders.trip(), builders.trip("To Lam in Havana")
    leg = builders.leg(there)
    moment = timezone.now()
    leg.trip = here
    leg.save()
    going_back.to_moment(Trip, here.pk, moment).carry_out(ada)
    assert list(there.legs.all()) == [leg]


def test_a_part_that_comes_back_to_a_published_record_is_told(petra, ada):
    trip = builders.trip()
    builders.citation(trip)
    leg = builders.leg(trip)
    leg.delete()
    publication.publish(trip, petra)
    plan = going_back.deleted_row(TripLeg, TripLeg.history.first().id)
    assert plan.shown_records() == [trip]
    with pytest.raises(ValidationError, match="write what was corrected"), projection.batch():
        plan.carry_out(ada)


def test_an_undone_edit_does_not_take_away_what_the_public_was_told(petra):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    with changes.made(ChangeKind.EDIT, petra):
        Trip.objects.update(title_en="To Lam at the UN")
        builders.correction(trip)
    with projection.batch():
        going_back.undone(ChangeSet.objects.first()).carry_out(petra, is_minor=True)
    assert Correction.objects.count() == 1
    assert Trip.objects.get().title_en == "To Lam in New York"


def test_an_embargo_comes_back_with_a_deleted_draft(ada):
    embargo = timezone.now() + timedelta(days=1)
    trip = builders.trip(publish_at=embargo)
    Trip.objects.get().delete()
    going_back.deleted_row(Trip, trip.pk).carry_out(ada)
    assert Trip.objects.get().publish_at == embargo


def test_the_preview_does_not_speak_of_the_state(petra, trip):
    with changes.made(ChangeKind.EDIT, petra):
        Trip.objects.update(title_en="To Lam at the UN")
        publication.publish(Trip.objects.get(), petra)
    [change] = going_back.undone(ChangeSet.objects.first()).changes()
    assert [field.label for field in change.fields] == ["title in English"]


def test_two_bring_the_same_row_back(client, ada):
    person = builders.person()
    Person.objects.get().delete()
    client.force_login(ada)
    address = f"/admin/timeline/changeset/deleted/person/{person.pk}/"
    mark = client.get(address).context["mark"]
    going_back.deleted_row(Person, person.pk).carry_out(ada)
    assert client.post(address, {"mark": mark}).status_code == 404
    assert Person.objects.count() == 1


def test_after_a_refusal_the_next_answer_counts(client, trip, eli):
    moment = timezone.now()
    Trip.objects.update(title_en="To Lam at the UN")
    client.force_login(eli)
    address = f"{desk.page(trip, 'history')}restore/?at={moment.isoformat().replace('+', '%2B')}"
    old = client.get(address).context["mark"]
    Trip.objects.update(title_en="To Lam in Manhattan")
    answer = client.post(address, {"mark": old})
    assert f'name="mark" value="{answer.context["mark"]}"' in answer.content.decode()
    assert client.post(address, {"mark": answer.context["mark"]}).status_code == 302
    assert Trip.objects.get().title_en == "To Lam in New York"


def test_what_happens_to_a_part_elsewhere_is_not_told_here(trip):
    other = builders.trip("To Lam in Havana")
    Participation.objects.update(trip=other)
    Participation.objects.update(capacity_en="later, elsewhere")
    here = [
        f.after for act in versions.story(Trip, trip.pk) for row in act.rows for f in row.fields
    ]
    assert "later, elsewhere" not in here


def test_rows_that_somebody_may_not_see_are_not_shown(client, trip, vera):
    Citation.objects.update(note="Asked by telephone")
    vera.groups.clear()
    vera.user_permissions.set(Permission.objects.filter(codename__in=["view_trip"]))
    client.force_login(vera)
    content = client.get(desk.page(trip, "history")).content.decode()
    assert "To Lam in New York" in content
    assert "Asked by telephone" not in content
