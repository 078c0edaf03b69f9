"""An answer of many pieces tells of one moment, and who reads it slowly keeps nobody waiting."""

from threading import Thread

import pytest
from django.db import connection

from tests import builders
from timeline.models import Country
from timeline.snapshot import within_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def counted(times):
    """How many countries there are, asked anew for each piece."""
    for _time in range(times):
        yield b"%d" % Country.objects.count()


def elsewhere(work):
    """Do it over a connection of its own."""

    def do():
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=do)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_what_is_saved_while_the_pieces_leave_is_saved_and_is_not_in_them():
    builders.country("VN")
    pieces = within_snapshot(counted(2))
    first = next(pieces)
    elsewhere(lambda: builders.country("US"))
    assert b"".join([first, *pieces]) == b"11"
    assert Country.objects.count() == 2
    assert b"".join(within_snapshot(counted(1))) == b"2"


def test_a_reader_who_goes_away_leaves_nothing_open():
    pieces = within_snapshot(counted(2))
    next(pieces)
    pieces.close()
    assert not connection.in_atomic_block
    builders.country("VN")
    elsewhere(lambda: builders.country("US"))
    assert Country.objects.count() == 2


def test_a_mistake_on_the_way_leaves_nothing_open():
    def failing():
        yield from counted(1)
        raise LookupError

    with pytest.raises(LookupError):
        list(within_snapshot(failing()))
    assert not connection.in_atomic_block
    elsewhere(lambda: builders.country("US"))
