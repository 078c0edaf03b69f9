"""`rebuild_timeline` tells and mends what is wrong with the timeline, and leaves the rest alone."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from tests import builders
from tests.builders import published
from tests.test_projection import everything
from timeline import projection
from timeline.models import TimelineEntry, Trip

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return builders.source()


DAMAGE = {
    "wrong title": (
        lambda: TimelineEntry.objects.update(title_en="Wrong"),
        "trip to-lam-in-new-york: differs in title_en\nmeeting talks: differs in title_en\n",
    ),
    "missing": (
        lambda: TimelineEntry.objects.filter(kind="trip").delete(),
        "trip to-lam-in-new-york: is published and missing from the timeline\n",
    ),
    "surplus": (
        lambda: TimelineEntry.objects.filter(kind="meeting").update(slug="gone"),
        "meeting gone: stands in the timeline and is not published\n"
        "meeting talks: is published and missing from the timeline\n",
    ),
    "lost link": (
        lambda: TimelineEntry.objects.update(trip=None),
        "meeting talks: differs in trip\n",
    ),
    "lost people": (
        lambda: TimelineEntry.objects.get(kind="meeting").people.clear(),
        "meeting talks: differs in people\n",
    ),
    "withdrawn behind its back": (
        lambda: QuerySet.update(Trip.objects.all(), state="withdrawn"),
        "trip to-lam-in-new-york: stands in the timeline and is not published\n",
    ),
}


@pytest.mark.parametrize(("damage", "lines"), DAMAGE.values(), ids=DAMAGE)
def test_a_rebuild_finds_and_mends_damage(source, capsys, damage, lines):
    trip = published(builders.trip, "To Lam in New York", source)
    meeting = published(builders.meeting, "Talks", source, trip=trip)
    builders.participation(meeting)
    call_command("rebuild_timeline", check=True)
    assert capsys.readouterr().out == "The timeline is what a rebuild would make.\n"
    damage()
    with pytest.raises(CommandError) as stop:
        call_command("rebuild_timeline", check=True)
    assert stop.value.returncode == 1
    assert capsys.readouterr().out == lines
    call_command("rebuild_timeline")
    assert list(projection.differences()) == []
    assert capsys.readouterr().out == f"The timeline has {TimelineEntry.objects.count()} entries.\n"


def test_a_check_changes_nothing(source):
    published(builders.trip, "To Lam in New York", source)
    TimelineEntry.objects.update(title_en="Wrong")
    before = everything()
    with pytest.raises(CommandError):
        call_command("rebuild_timeline", check=True)
    assert everything() == before


def test_a_rebuild_leaves_right_entries_as_they_are(source):
    trip = published(builders.trip, "To Lam in New York", source)
    published(builders.meeting, "Talks", source, trip=trip)
    before = everything()
    projection.rebuild()
    assert everything() == before
