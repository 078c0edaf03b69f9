"""Who may move a record from which state to which, what it needs, and what a refusal leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests import builders, desk
from tests.files import as_csv, refusals, store, upload
from timeline import publication
from timeline.models import Citation, Correction, SourceDocument, TimelineEntry, Trip
from timeline.models.codes import State
from timeline.publication import publish, return_to_draft, submit, withdraw

pytestmark = pytest.mark.django_db

VERBS = {"submit": submit, "publish": publish, "withdraw": withdraw, "return": return_to_draft}
AFTER = {"submit": "review", "publish": "published", "withdraw": "withdrawn", "return": "draft"}
CAST = ("nobody", "vera", "eli", "petra", "ada", "root")
# Which verbs lead on from a state, and who may use them.
FROM = {
    "draft": {"submit", "publish"},
    "review": {"publish", "return"},
    "published": {"withdraw"},
    "withdrawn": {"publish", "return"},
}
MAY = {
    "submit": {"eli", "petra", "ada", "root"},
    "publish": {"petra", "ada", "root"},
    "withdraw": {"petra", "ada", "root"},
    "return": {"petra", "ada", "root"},
}


@pytest.fixture
def who(request):
    name = request.param
    if name == "nobody":
        return None
    if name == "root":
        return get_user_model().objects.create_superuser("root")
    return request.getfixturevalue(name)


def record_in(state, build=builders.trip):
    record = build()
    builders.citation(record, source=builders.source())
    type(record).objects.update(state=state)
    record.refresh_from_db()
    return record


def picture(record):
    """All that could change: the row, its history, the timeline."""
    model = type(record)
    return (
        list(model.objects.values()),
        list(model.history.values("history_id", "state")),
        list(TimelineEntry.objects.values()),
    )


def refusal(error):
    return " ".join(error.value.messages) if hasattr(error.value, "messages") else str(error.value)


@pytest.mark.parametrize("who", CAST, indirect=True, ids=CAST)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", FROM)
def test_each_step_from_each_state_by_each_of_the_cast(state, verb, who, request):
    name = request.node.callspec.params["who"]
    record = record_in(state)
    before = picture(record)
    if name in MAY[verb] and verb in FROM[state]:
        VERBS[verb](record, who, "as the desk decided")
        assert Trip.objects.get().state == record.state == AFTER[verb]
        told = record.history.first()
        reason = told.history_change_reason.replace("return_to_draft", "return")
        assert (told.history_user, reason) == (who, f"{verb}: as the desk decided")
        assert TimelineEntry.objects.exists() == (AFTER[verb] == "published")
        return
    with pytest.raises((PermissionDenied, ValidationError)) as error:
        VERBS[verb](record, who, "as the desk decided")
    if name not in MAY[verb]:
        right = "change_trip" if verb == "submit" else "publish_trip"
        assert error.type is PermissionDenied
        assert refusal(error) == (
            f"You may not do this with “To Lam in New York”: it takes the right “{right}”."
        )
    else:
        starts = [State(start).label for start in FROM if verb in FROM[start]]
        assert refusal(error) == (
            f"“To Lam in New York” is in the state “{State(state).label}”; "
            f"this step starts from: {', '.join(map(str, starts))}."
        )
    assert picture(record) == before
    assert record.state == state


@pytest.mark.parametrize("build", [builders.trip, builders.meeting, builders.agreement])
def test_every_kind_of_record_is_published_and_withdrawn(build, petra):
    record = record_in("review", build)
    publish(record, petra)
    assert (record.state, record.is_published) == ("published", True)
    assert TimelineEntry.objects.get().published_at == record.published_at
    withdraw(record, petra, "wrong day")
    assert (record.withdrawn_reason, record.is_published) == ("wrong day", False)
    publish(record, petra)
    assert (record.withdrawn_reason, TimelineEntry.objects.count()) == ("", 1)


def test_the_rights_are_those_of_the_record_s_own_kind(eli):
    eli.user_permissions.add(Permission.objects.get(codename="publish_meeting"))
    publish(record_in("draft", builders.meeting), eli)
    with pytest.raises(PermissionDenied):
        publish(record_in("draft", builders.agreement), eli)


def test_somebody_who_has_left_may_do_nothing(petra):
    petra.is_active = False
    petra.save()
    with pytest.raises(PermissionDenied):
        publish(record_in("draft"), petra)


NEEDS = {
    "no citation": (
        lambda trip: Citation.objects.all().delete(),
        "It has no citation of a source that the public may know of. Add a citation whose source "
        "has the access “public” or “citation”.",
    ),
    "an internal source alone": (
        lambda trip: SourceDocument.objects.update(access="internal"),
        "It has no citation of a source that the public may know of. Add a citation whose source "
        "has the access “public” or “citation”.",
    ),
    "no title": (
        lambda trip: Trip.objects.update(title_en=""),
        "It has no title in either language.",
    ),
}


@pytest.mark.parametrize(("lack", "sentence"), NEEDS.values(), ids=NEEDS)
def test_a_record_that_lacks_something_is_not_published(lack, sentence, petra):
    trip = record_in("review")
    lack(trip)
    before = picture(trip)
    name = "to-lam-in-new-york" if "title" in sentence else "To Lam in New York"
    with pytest.raises(ValidationError) as error:
        publish(trip, petra)
    assert error.value.messages == [f"“{name}” cannot be published yet.", sentence]
    assert picture(trip) == before
    assert publication.missing(Trip.objects.get()) == [sentence]


@pytest.mark.parametrize("access", ["public", "citation"])
def test_a_source_that_the_public_may_know_of_is_enough(access, petra):
    trip = builders.trip()
    builders.citation(trip, source=builders.source("Plan", access="internal"))
    builders.citation(trip, source=builders.source("Note", access=access, public_label_en="Note"))
    publish(trip, petra)
    assert TimelineEntry.objects.get().sources_en == "Note"


def test_after_the_embargo_a_record_is_published(petra):
    trip = record_in("draft")
    Trip.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    publish(trip, petra)
    assert TimelineEntry.objects.get().slug == trip.slug


def test_before_the_end_of_the_embargo_a_published_record_waits(petra):
    trip = record_in("review")
    Trip.objects.update(publish_at=timezone.now() + timedelta(minutes=1))
    publish(trip, petra)
    assert (trip.state, trip.published_at, trip.is_scheduled) == ("published", None, True)
    assert not trip.is_published
    assert not Trip.objects.published().exists()
    assert not TimelineEntry.objects.exists()
    Trip.objects.get().save()
    assert publication.publish_due() == ([], [])
    assert not TimelineEntry.objects.exists()


def test_an_embargo_that_is_taken_away_has_ended(petra):
    trip = record_in("review")
    Trip.objects.update(publish_at=timezone.now() + timedelta(days=1))
    publish(trip, petra)
    Trip.objects.update(publish_at=None)
    assert TimelineEntry.objects.get().slug == trip.slug


def test_a_record_withdrawn_and_published_again_under_embargo_waits_again(petra):
    trip = record_in("draft")
    publish(trip, petra)
    withdraw(trip, petra, "wrong day", in_public=True)
    Trip.objects.update(publish_at=timezone.now() + timedelta(days=1))
    publish(trip, petra)
    assert (trip.published_at, trip.withdrawn_reason, trip.withdrawn_in_public) == (None, "", False)
    assert not TimelineEntry.objects.exists()


def test_a_published_record_takes_no_embargo_without_being_withdrawn(petra):
    trip = record_in("draft")
    publish(trip, petra)
    trip.publish_at = timezone.now() + timedelta(days=1)
    with pytest.raises(ValidationError, match=r"publish_at.*withdraw it before an embargo"):
        trip.full_clean()


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_a_withdrawal_has_a_reason(reason, petra):
    trip = record_in("published")
    before = picture(trip)
    with pytest.raises(ValidationError) as error:
        withdraw(trip, petra, reason)
    assert error.value.messages == ["Give the reason of the withdrawal."]
    assert picture(trip) == before


def test_a_note_with_a_control_character_is_refused(petra):
    trip = record_in("draft")
    builders.citation(trip)
    before = picture(trip)
    with pytest.raises(ValidationError, match=r"character 2 is U\+0000"):
        publication.publish(trip, petra, "a\0b")
    assert picture(trip) == before


def test_what_was_not_saved_is_not_published(petra):
    trip = record_in("draft")
    trip.title_en = "Unsaved"
    publish(trip, petra)
    assert Trip.objects.get().title_en == "To Lam in New York"
    assert TimelineEntry.objects.get().title_en == "To Lam in New York"
    assert (trip.version, trip.published_at) == Trip.objects.values_list(
        "version", "published_at"
    ).get()


def test_a_stale_row_does_not_decide(petra):
    trip = record_in("draft")
    stale = Trip.objects.get()
    publish(trip, petra)
    with pytest.raises(ValidationError, match="in the state “published”"):
        submit(stale, petra)
    assert TimelineEntry.objects.exists()


@pytest.mark.parametrize(
    ("state", "who", "verbs"),
    [
        ("draft", "vera", []),
        ("draft", "eli", ["submit"]),
        ("review", "eli", []),
        ("draft", "petra", ["submit", "publish"]),
        ("review", "petra", ["publish", "return_to_draft"]),
        ("published", "petra", ["withdraw"]),
        ("withdrawn", "ada", ["publish", "return_to_draft"]),
    ],
    indirect=["who"],
)
def test_the_steps_that_are_open_to_somebody(state, who, verbs):
    assert publication.possible(who, record_in(state)) == verbs


# Moments: what is stored can be read in every time zone

BOUNDS = "Give a moment between the years 1900 and 2199."
OUTSIDE = (
    *("0001-01-01T00:00:00", "1899-12-31T00:00:00"),
    *("2200-01-02T00:00:00", "9999-12-31T23:59:59"),
)
WITHIN = ("1900-01-02T00:00:00", "2199-12-31T00:00:00")


def test_a_moment_out_of_bounds_is_a_sentence_in_the_form(client, eli):
    client.force_login(eli)
    trip = builders.trip()
    for moment in (*OUTSIDE, *WITHIN):
        day, time = moment.split("T")
        answer = desk.send(client, desk.page(trip), publish_at_0=day, publish_at_1=time)
        if moment in WITHIN:
            assert answer.status_code == 302, moment
        else:
            assert desk.errors(answer) == {"publish_at": BOUNDS}
        assert client.get(desk.page(Trip)).status_code == 200
    assert Trip.objects.get().version == 1 + len(WITHIN)


def test_a_moment_out_of_bounds_is_a_sentence_about_the_file(client, eli):
    client.force_login(eli)
    slug = builders.trip().slug
    for moment in (*OUTSIDE, "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"):
        answer = upload(client, Trip, as_csv(["slug", "publish_at"], [slug, moment]))
        assert refusals(answer) == [f"2 publish_at: {BOUNDS}"]
    for moment in WITHIN:
        assert store(client, Trip, ["slug", "publish_at"], [slug, moment]).status_code == 302
    assert Trip.objects.get().publish_at.year == 2199


def test_a_correction_was_made_at_some_time_up_to_now():
    correction = builders.correction(builders.trip())
    tomorrow = timezone.now() + timedelta(days=1)
    future = "This moment lies in the future."
    refused = [(datetime(1, 1, 1, tzinfo=UTC), BOUNDS), (tomorrow, future)]
    for correction.corrected_at, sentence in refused:
        with pytest.raises(ValidationError) as error:
            correction.full_clean()
        assert error.value.message_dict == {"corrected_at": [sentence]}
    for correction.corrected_at in (timezone.now(), datetime(2026, 3, 1, tzinfo=UTC)):
        correction.full_clean()
    correction.save()
    assert Correction.objects.get().corrected_at.year == 2026
