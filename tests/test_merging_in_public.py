"""A merge of what the public reads, in the whole chronicle, and its undoing."""

import pytest
from django.core.exceptions import ValidationError

from tests import builders
from tests.test_merging import merge, picture, undo
from timeline import projection
from timeline.models import (
    Citation,
    Correction,
    Meeting,
    Organization,
    Person,
    SourceDocument,
    TimelineEntry,
)

pytestmark = pytest.mark.django_db


def test_a_merge_of_what_the_public_reads_and_its_undoing(told, client, ada):
    """Of each of the three, in the real chronicle: pages and tables are as they were afterwards."""
    trump, boeing = Person.objects.get(slug="trump-donald"), Organization.objects.get(slug="boeing")
    review = SourceDocument.objects.get(slug="communist-review")
    meeting = Meeting.objects.get(slug="2026-greer")
    twins = [
        (trump, builders.person("Donald John Trump", wikidata_id="Q22686")),
        (boeing, builders.organization("The Boeing Company")),
        (review, builders.source("Tạp chí Cộng sản", number="7", url="https://example.org/7")),
    ]
    with projection.batch():
        builders.participation(meeting, person=twins[0][1])
        builders.participation(meeting, organization=twins[1][1], role="organiser")
        builders.citation(meeting, source=twins[2][1], note="Read twice")
    pages = [row.get_absolute_url() for pair in twins for row in pair]
    pages += ["/en/", "/en/?q=boeing", "/vi/people/", meeting.get_absolute_url()]

    def read():
        answers = [client.get(page) for page in pages]
        return [(a.status_code, b"".join(a) if a.streaming else a.content) for a in answers]

    before, public = picture(), read()
    assert {status for status, _content in public} == {200}
    acts = []
    for keep, away in twins:
        with pytest.raises(ValidationError, match="write what was corrected"):
            merge(keep, away, ada)
        acts.append(merge(keep, away, ada, note_en="It was one all the time."))
        assert list(projection.differences()) == []
        assert client.get(away.get_absolute_url()).status_code == 404
    assert trump.wikidata_id == "Q22686"
    entry = TimelineEntry.objects.get(slug="2026-greer")
    assert "Donald Trump: " in entry.participants_en
    assert [row.note_en for row in Correction.objects.all()] == ["It was one all the time."] * 3
    assert Correction.objects.last().meeting == meeting
    note = Citation.objects.get(meeting=meeting, note__startswith="Read twice").note
    assert note == "Read twice\nRecorded under: Tạp chí Cộng sản"
    for act in reversed(acts):
        undo(act, ada)
    assert Correction.objects.count() == 3, "what the public was told stays told"
    Correction.objects.all().delete()
    assert picture() == before
    assert list(projection.differences()) == []
    assert read() == public
