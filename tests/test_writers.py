"""Two who write at the same time: the second waits for its turn, and nothing of either is lost."""

import time
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.builders import published
from timeline import projection
from timeline.models import Participation, Person, Trip

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.django_db
def test_a_write_asks_for_its_turn_before_it_reads():
    trip = builders.trip()
    with CaptureQueriesContext(connection) as queries:
        trip.save()
    first = queries[1]["sql"]  # after the savepoint
    if ON_POSTGRESQL:
        assert "pg_advisory_xact_lock" in first
    else:  # whose transactions begin with the right to write
        assert connection.transaction_mode == "IMMEDIATE"


def at_once(first, second):
    """Do both, each in a transaction: the second begins before the first is committed."""
    written = Event()

    def later():
        written.wait()
        with transaction.atomic():
            second()
        connection.close()

    thread = Thread(target=later)
    thread.start()
    with transaction.atomic():
        first()
        written.set()
        time.sleep(0.5)  # in which the second would be done, if it did not wait
    thread.join()


PAIRS = {  # the state of the trip before, and what two people do with it
    "two columns of one record": (
        "published",
        lambda: Trip.objects.update(title_vi="Thăm"),
        lambda: Participation.objects.update(capacity_en="President"),
    ),
    "twice the same row": (
        "published",
        lambda: Trip.objects.update(title_vi="Thăm"),
        lambda: Trip.objects.update(summary_vi="Đã thăm"),
    ),
    "a participation and the name of its person": (
        "published",
        lambda: builders.participation(Trip.objects.get(), person=Person.objects.get(slug="guest")),
        lambda: Person.objects.filter(slug="guest").update(name="Lương Cường"),
    ),
    "a trip and its part, published": (
        "draft",
        lambda: Trip.objects.update(state="published"),
        lambda: published(builders.meeting, "Talks", builders.source(), trip=Trip.objects.get()),
    ),
}

if ON_POSTGRESQL:  # where two transactions can write at once

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(("state", "first", "second"), PAIRS.values(), ids=PAIRS)
    @pytest.mark.parametrize("order", [1, -1], ids=["", "turned"])
    def test_the_timeline_is_right_after_two_wrote_at_once(state, first, second, order):
        builders.participation(builders.trip(state=state))
        builders.person("Guest")
        at_once(*(first, second)[::order])
        assert list(projection.differences()) == []
        versions = list(Trip.history.order_by("history_id").values_list("version", flat=True))
        assert versions == list(range(1, len(versions) + 1))
