"""Nothing hidden shows: with drafts woven in, the public gets the same answers byte for byte.

Not one header is left out of the comparison: what depends on the time of day reads a clock that
stands at the same moment in both worlds.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from unittest import mock

import pytest
from django.core.files.storage import InMemoryStorage
from django.db import transaction
from django.urls import path

from tests import questions, worlds, woven
from tests.asker import Asker, silence
from tests.leaks import LEAKS
from timeline import projection
from timeline.filters import TimelineFilter
from timeline.models import RECORDS, SourceDocument, TimelineEntry
from timeline.views.paging import in_chunks, page_of


@dataclass
class World:
    """What it answered to everything, and to a few questions with each of the leaks in it."""

    answers: dict
    leaking: dict
    entries: list
    records: int


@contextmanager
def short_pages():
    """So few entries on a page and in a chunk that there are several of them."""
    short = {"page_of": partial(page_of, size=4), "in_chunks": partial(in_chunks, size=7)}
    with (
        mock.patch.multiple("timeline.views.timeline", **short),
        mock.patch("timeline.feeds.entries_json.SIZE", 4),
        mock.patch("timeline.feeds.atom.SIZE", 9),
        mock.patch("timeline.feeds.calendar.LONGEST", 5),
        mock.patch("timeline.views.embed.SIZE", 3),
    ):
        yield


def told(*, with_hidden, known=None):
    """Write a world, ask it everything that `known` suggests, and take it back."""
    with worlds.stopped() as clock, transaction.atomic():
        worlds.build(clock, with_hidden=with_hidden)
        known = known or questions.Known.now()
        asker = Asker()
        questions.ask_everything(asker, known)
        for leak in LEAKS.values():
            for question in leak.questions:
                asker.ask(question)
        world = World(
            answers=asker.answers,
            leaking={name: leaking(leak, clock, with_hidden) for name, leak in LEAKS.items()},
            entries=sorted(TimelineEntry.objects.values_list("slug", flat=True)),
            records=sum(model.objects.count() for model in RECORDS.values()),
        )
        transaction.set_rollback(True)
    return world, known


def leaking(leak, clock, with_hidden):
    """The answers to the questions of `leak` while it is there."""
    asker = Asker()
    with transaction.atomic(), leak.mistake, mock.patch.object(clock, "now", clock.now):
        if leak.in_writing:
            projection.rebuild()
            clock.now += timedelta(hours=1)
            if with_hidden:
                woven.write_a_note()
        for question in leak.questions:
            asker.ask(question)
        transaction.set_rollback(True)
    return asker.answers


def differences(plain, full):
    """[(question, what differs)] between two dictionaries of answers."""
    once = [(question, ["asked once"]) for question in plain.keys() ^ full.keys()]
    both = ((q, plain[q].differs_in(full[q])) for q in plain.keys() & full.keys())
    return sorted([*once, *((question, names) for question, names in both if names)], key=str)


# One test, because its workers would write the worlds anew for each part of it.
@pytest.mark.django_db
def test_nothing_hidden_shows_and_every_planted_leak_does():
    file = SourceDocument._meta.get_field("file")
    with silence(), short_pages(), mock.patch.object(file, "storage", InMemoryStorage()):
        full, known = told(with_hidden=True)  # in it stands every key there is to ask for
        plain, _known = told(with_hidden=False, known=known)

    assert plain.entries == full.entries
    assert len(plain.entries) == len(worlds.RECORDS) - 1  # one is withdrawn in public
    assert full.records >= plain.records + 12
    assert differences(plain.answers, full.answers) == []

    statuses = Counter(answer.status for answer in full.answers.values())
    print(f"{len(full.answers)} requests in each world: {dict(statuses)}")
    assert set(statuses) == {200, 301, 302, 304, 400, 404, 405, 410, 412}
    assert len(full.answers) > 800
    assert statuses[200] > 250
    asked = {name for question in full.answers for name, _value in question.query}
    assert asked == {*TimelineFilter({}).form.fields, "embed", "by", "letter"}

    found = [name for name in LEAKS if differences(plain.leaking[name], full.leaking[name])]
    print(f"{len(found)} leaks found of {len(LEAKS)} planted")
    assert found == list(LEAKS)
    assert all(leak.questions for leak in LEAKS.values())


def test_an_address_with_a_part_nobody_knows_fails():
    known = questions.Known({}, [], [], [])
    with pytest.raises(LookupError, match="no values for <year>"):
        known.values_of("year")


def test_an_address_without_a_name_fails():
    resolver = mock.Mock(url_patterns=[path("new/", lambda request: None)])
    with pytest.raises(LookupError, match="has no name"):
        list(questions.patterns(resolver))


def test_a_filter_of_a_new_kind_fails():
    with pytest.raises(LookupError, match="no values for the filter “near”"):
        questions.values_of_field("near", object(), None)
