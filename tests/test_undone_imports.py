"""Undoing an import: exactly what was before, with the states and in any order, or a reason."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import builders
from tests.taking import imported, undo, values
from timeline import going_back, projection, publication
from timeline.models import ChangeSet, Citation, Correction, Meeting, Person, SourceDocument, Trip

pytestmark = pytest.mark.django_db


def undone(run, user):
    going_back.undone(run).carry_out(user, is_minor=True)
    assert list(projection.differences()) == []


def test_a_new_parent_goes_when_what_was_hung_under_it_goes_back(ada):
    builders.meeting("Old", slug="old")
    builders.source("Old", slug="old-source")
    before = values(Meeting.objects, "version"), values(SourceDocument.objects, "version")
    rows = ["parent", "General debate", ""], ["old", "Old", "parent"]
    _report, run = imported(ada, Meeting, ["slug", "title_en", "part_of"], *rows)
    undone(run, ada)
    kind = SourceDocument.objects.get().kind
    headers = ["slug", "title_en", "kind", "language", "access", "part_of", "relation"]
    rows = (
        ["report", "Report", kind, "en", "public", "", ""],
        ["old-source", "", "", "", "", "report", "part"],
    )
    report, run = imported(ada, SourceDocument, headers, *rows)
    assert run, report.rows["refused"]
    undone(run, ada)
    assert (values(Meeting.objects, "version"), values(SourceDocument.objects, "version")) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("draft", "review"), ("draft", "published"), ("review", "published"), ("review", "draft")],
)
@pytest.mark.parametrize("title", ["To Lam in New York", "Another title"])
def test_the_state_goes_back_by_steps_of_publication(client, ada, old, new, title):
    trip = builders.trip()
    builders.citation(trip, source=builders.source())
    if old == "review":
        publication.submit(trip, ada)
    before = values(Trip.objects, "version")
    rows = [trip.slug, new, title]
    _report, run = imported(ada, Trip, ["slug", "state", "title_en"], rows)
    assert Trip.objects.get().state == new
    client.force_login(ada)
    assert "goes back from" in client.get(f"/admin/timeline/changeset/{run.pk}/undo/").text
    undo(client, run)
    left_out = "published_at", "withdrawn_reason", "version"
    assert values(Trip.objects, "version", *left_out) == [
        {name: value for name, value in before[0].items() if name not in left_out}
    ]
    assert list(projection.differences()) == []
    assert going_back.undone(run).obstacles(ada)[0].startswith("Changed since then")


def test_who_may_not_publish_does_not_take_a_publication_back(ada, eli):
    trip = builders.trip()
    builders.citation(trip, source=builders.source())
    _report, run = imported(ada, Trip, ["slug", "state"], [trip.slug, "published"])
    obstacles = going_back.undone(run).obstacles(eli)
    assert "You may not do this: it takes the right “publish_trip”." in obstacles
    assert Trip.objects.get().is_published


def test_a_lifted_embargo_is_told_and_not_undone(ada):
    later = timezone.now() + timezone.timedelta(days=3)
    trip = builders.trip(publish_at=later)
    builders.citation(trip, source=builders.source())
    publication.publish(trip, ada)
    report, run = imported(
        ada, Trip, ["slug", "publish_at"], [trip.slug, None], correction={"is_minor": True}
    )
    assert report.rows["changed"][0].remarks == [
        "Its embargo ends with this: it becomes public at once."
    ]
    assert Trip.objects.get().is_published
    assert going_back.undone(run).obstacles(ada) == [
        "The embargo of “To Lam in New York” was changed: a publisher withdraws it first."
    ]


def test_values_that_were_shifted_from_row_to_row_are_shifted_back(ada):
    builders.person("X", slug="x", wikidata_id="Q2")
    builders.person("Y", slug="y", wikidata_id="Q1")
    before = values(Person.objects.order_by("slug"), "version")
    headers = ["slug", "wikidata_id"]
    for rows in ([["x", "Q3"], ["y", "Q2"]], [["y", "Q4"], ["x", "Q1"]][::-1]):
        report, run = imported(ada, Person, headers, *rows)
        assert run, report.rows["refused"]
        undone(run, ada)
        assert values(Person.objects.order_by("slug"), "version") == before


def test_what_the_public_was_told_stays_told(ada):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    headers = ["slug", "trip", "note_en"]
    row = ["c", trip.slug, "The place was wrong."]
    _report, run = imported(ada, Correction, headers, row, correction={"is_minor": True})
    plan = going_back.undone(run)
    assert (plan.is_empty, plan.obstacles(ada)) == (True, ["What the public was told stays told."])


def test_notes_of_records_with_one_name_have_slugs_of_their_own(ada):
    source = builders.source()
    trip = builders.published(builders.trip, "X", source, slug="x")
    meeting = builders.published(builders.meeting, "X", source, slug="x")
    cited = [[row.citations.get().slug, "More than 60"] for row in (trip, meeting)]
    headers, note = ["slug", "statement_en"], {"note_en": "Mended"}
    report, run = imported(ada, Citation, headers, *cited, correction=note)
    assert run, report.sentences
    slugs = Correction.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["x-correction", "x-correction-2"]


def test_many_changes_since_then_are_told_in_short(ada):
    for number in range(60):
        builders.person(f"P {number}", slug=f"p-{number}")
    rows = [[f"p-{number}", "x"] for number in range(60)]
    _report, run = imported(ada, Person, ["slug", "aliases"], *rows)
    Person.objects.update(aliases="y")
    obstacles = going_back.undone(run).obstacles(ada)
    assert len(obstacles) == 51
    assert obstacles[-1] in ("Changed since then: 10 more.", "There are 1 more.")


def test_rows_that_name_each_other_come_back_as_they_are(ada):
    first, second = builders.meeting("A", slug="a"), builders.meeting("B", slug="b")
    first.part_of, second.part_of = second, first
    first.save()
    second.save()
    rows = ["a", "b"], ["b", "a"]
    report, _run = imported(ada, Meeting, ["slug", "part_of"], *rows)
    assert report.counts == {"unchanged": 2}


def test_a_long_import_is_undone_by_the_command(ada, monkeypatch, tmp_path, capsys):
    builders.person("Tô Lâm")
    file = tmp_path / "people.csv"
    rows = "\n".join(f"p-{number},P {number}" for number in range(3))
    file.write_text(f"slug,name\nto-lam,Another\n{rows}\n", encoding="utf-8")
    call_command("import_records", file, model="person", user="ada")
    assert "3 new, 1 changed, 0 unchanged, 0 refused." in capsys.readouterr().out
    run = ChangeSet.objects.get()
    monkeypatch.setattr(going_back, "MAX_ROWS", 2)
    assert going_back.undone(run, going_back.MAX_ROWS).obstacles(ada) == [
        "This would write 4 rows; more than 2 are undone by the command undo_import."
    ]
    Person.objects.filter(slug="p-1").update(aliases="Somebody's work")
    with pytest.raises(CommandError, match=r"Nothing was stored\.\nChanged since then: P 1\."):
        call_command("undo_import", run.pk, user="ada")
    Person.objects.filter(slug="p-1").delete()
    Person.history.filter(slug="p-1").exclude(change_set=run).delete()
    call_command("undo_import", run.pk, user="ada")
    assert capsys.readouterr().out == "Undone: 3 rows.\n"
    assert [person.name for person in Person.objects.all()] == ["Tô Lâm"]
    for number, user, sentence in [(0, "ada", "no import 0"), (run.pk, "nobody", "no active user")]:
        with pytest.raises(CommandError, match=sentence):
            call_command("undo_import", number, user=user)


def test_nothing_comes_to_the_public_by_going_back():
    ways = {
        (old, new): publication.way_back(old, new)
        for old in ("draft", "review", "published", "withdrawn")
        for new in ("draft", "review", "published", "withdrawn")
        if old != new
    }
    assert {pair: way for pair, way in ways.items() if way} == {
        ("draft", "review"): ["submit"],
        ("review", "draft"): ["return_to_draft"],
        ("published", "withdrawn"): ["withdraw"],
        ("published", "draft"): ["withdraw", "return_to_draft"],
        ("published", "review"): ["withdraw", "return_to_draft", "submit"],
        ("withdrawn", "draft"): ["return_to_draft"],
        ("withdrawn", "review"): ["return_to_draft", "submit"],
    }
