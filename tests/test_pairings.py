"""Form, inline, list action and file, each after each other, on one row: nobody overwrites unseen.

All look at the row first; then one writes, and the other is told. At the same time as well.
"""

from contextlib import closing
from itertools import product
from sqlite3 import connect
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from tests import builders, desk
from tests.files import as_csv, confirmation, refusals, upload
from timeline.models import Meeting, Participation

ON_SQLITE = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# Each looks at the row and returns what writes it; that returns the answer, and the words said.


def by_form(browser, row):
    data = desk.read(browser.get(desk.page(row))) | {"capacity_en": "by form"}

    def write():
        answer = browser.post(desk.page(row), data)
        return "" if answer.status_code == 302 else answer.content.decode()

    return write


def by_inline(browser, row):
    page = desk.page(row.meeting)
    data = desk.read(browser.get(page)) | {"participations-0-capacity_en": "by inline"}

    def write():
        answer = browser.post(page, data)
        return "" if answer.status_code == 302 else answer.content.decode()

    return write


def by_file(browser, row):
    rows = ["slug", "capacity_en", "version"], [row.slug, "by file", row.version]
    sent = confirmation(upload(browser, Participation, as_csv(*rows)))

    def write():
        answer = browser.post(desk.page(Participation, "process_import"), sent)
        return "" if answer.status_code == 302 else " ".join(refusals(answer))

    return write


def by_action(browser, row):
    chosen = {"action": "delete_selected", "_selected_action": [row.pk]}
    asked = browser.post(desk.page(Participation), chosen)
    marks = dict(asked.context["plan"].hidden)

    def write():
        answer = browser.post(desk.page(Participation), chosen | marks | {"post": "yes"})
        said = " ".join(desk.said(answer))
        return "" if said.startswith("Deleted: ") else said

    return write


WAYS = [by_form, by_inline, by_file, by_action]
TOLD = (
    "has been changed since you",
    "was changed since this file was made",
    "was deleted or renamed since this file was made",
    "Somebody deleted",
    "changed since the preview",
    "No records were chosen",
)


@pytest.fixture
def row(db):
    person = builders.person()
    return builders.participation(builders.meeting(), person=person, capacity_en="as it was")


@pytest.fixture
def browsers(petra, ada):
    """Both may delete: petra as a part, ada anything."""
    found = Client(), Client()
    for browser, user in zip(found, (petra, ada), strict=True):
        browser.force_login(user)
    return found


def stored():
    return list(Participation.objects.values_list("capacity_en", flat=True))


@pytest.mark.parametrize(
    ("first", "second"), list(product(WAYS, WAYS)), ids=lambda way: way.__name__.removeprefix("by_")
)
def test_the_second_is_told_and_overwrites_nothing(browsers, row, first, second):
    one, two = first(browsers[0], row), second(browsers[1], row)
    assert one() == ""
    before = stored(), Participation.history.count()
    said = two()
    assert any(sentence in said for sentence in TOLD), said
    assert (stored(), Participation.history.count()) == before


@pytest.fixture
def for_all_threads(tmp_path, monkeypatch):
    """A function after which threads find the rows of this test: SQLite keeps them in memory."""

    def share():
        if ON_SQLITE:
            path = tmp_path / "shared.sqlite3"
            with closing(connect(path)) as copy:
                connection.connection.backup(copy)
            monkeypatch.setitem(connections.databases["default"], "NAME", str(path))

    return share


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second"),
    [(by_form, by_form), (by_form, by_inline), (by_inline, by_file), (by_file, by_file)],
    ids=lambda way: way.__name__.removeprefix("by_"),
)
def test_of_two_at_the_same_moment_one_is_stored_and_one_is_told(
    browsers, row, for_all_threads, first, second
):
    writes = first(browsers[0], row), second(browsers[1], row)
    for_all_threads()
    start, said, left = Barrier(2), {}, {}

    def work(number):
        start.wait()
        said[number] = writes[number]()
        left[number] = Participation.history.filter(id=row.pk).count()
        connection.close()

    threads = [Thread(target=work, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(words) for words in said.values()) == [False, True], said
    assert any(sentence in "".join(said.values()) for sentence in TOLD), said
    assert max(left.values()) == 2, "made once, changed once"
    assert Meeting.objects.count() == 1
