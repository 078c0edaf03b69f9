"""The run behind every import: written like a save, refused with a reason, undone as a whole."""

import json

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from tests import builders, desk
from tests.files import as_csv, confirmation, counts, read_csv, refusals, store, upload
from tests.taking import imported, undo, values
from timeline import going_back, projection
from timeline.admin import upload as uploads
from timeline.exchange.report import Change
from timeline.models import (
    Agreement,
    ChangeSet,
    Citation,
    Correction,
    Meeting,
    Organization,
    Participation,
    Person,
    Tenure,
    Trip,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# What is refused, and that nothing is stored then


def test_what_the_database_refuses_is_told_with_its_row(ada):
    builders.person("Joseph Biden", wikidata_id="Q6279")
    rows = [[f"p{n}", f"P {n}", ""] for n in range(40)]
    rows[7][2], rows[30][2], rows[31][2] = "Q6279", "Q42", "Q42"
    report, run = imported(ada, Person, ["slug", "name", "wikidata_id"], *rows)
    sentence = "Another person already has this Wikidata number."
    assert [(row.number, row.refusals) for row in report.rows["refused"]] == [
        (9, [("", sentence)]),
        (33, [("", sentence)]),
    ]
    assert report.counts == {"new": 38, "refused": 2}
    assert (run, Person.objects.count(), ChangeSet.objects.count()) == (None, 1, 0)


def test_a_file_with_very_many_refused_rows_is_not_looked_at_to_its_end(ada, monkeypatch):
    monkeypatch.setattr("timeline.exchange.intake.MAX_REFUSED", 10)
    monkeypatch.setattr("timeline.exchange.intake.CHUNK", 6)
    rows = [[f"m{n}", "tomorrow"] for n in range(60)]
    report, _run = imported(ada, Meeting, ["slug", "date_edtf"], *rows)
    assert (report.is_cut, report.counts) == (True, {"refused": 12})


def test_rows_may_name_rows_behind_them_and_not_each_other(ada, monkeypatch):
    monkeypatch.setattr("timeline.exchange.intake.CHUNK", 3)
    rows = [[f"m{n}", "Talks", f"m{n + 1}" if n < 7 else ""] for n in range(8)]
    report, run = imported(ada, Meeting, ["slug", "title_en", "part_of"], *rows)
    assert run, report.rows["refused"]
    assert dict(Meeting.objects.order_by("slug").values_list("slug", "part_of__slug")) == {
        f"m{n}": f"m{n + 1}" if n < 7 else None for n in range(8)
    }
    rows = ["x", "Talks", "y"], ["y", "Talks", "x"], ["z", "Talks", ""]
    report, run = imported(ada, Meeting, ["slug", "title_en", "part_of"], *rows)
    assert [row.key for row in report.rows["refused"]] == ["x", "y"]
    assert (run, Meeting.objects.count()) == (None, 8)


@pytest.mark.parametrize(
    ("column", "cleared"),
    [
        ("aliases", ""),
        ("country", None),
        ("wikidata_id", ""),
        ("name", "This column cannot be cleared: every row needs it."),
    ],
)
def test_a_blank_cell_leaves_and_the_marker_clears(client, eli, column, cleared):
    old = {"aliases": "To Lam", "country": builders.country("VN"), "wikidata_id": "Q1"}
    builders.person("Tô Lâm", **old)
    client.force_login(eli)
    blank = upload(client, Person, as_csv(["slug", column], ["to-lam", "  "]))
    assert counts(blank) == (0, 0, 1, 0)
    rows = ["slug", column], ["to-lam", " [CLEAR] "]
    preview = upload(client, Person, as_csv(*rows))
    if column == "name":
        assert refusals(preview) == [f"2 name: {cleared}"]
        return
    assert preview.context["report"].cleared == 1
    assert "Values that are cleared" in preview.content.decode()
    client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert getattr(Person.objects.get(), column) == cleared


def test_state_and_version_are_not_cleared(ada):
    builders.trip()
    report, _run = imported(
        ada, Trip, ["slug", "state", "title_vi"], ["to-lam-in-new-york", None, "x"]
    )
    assert report.rows["refused"][0].refusals == [("state", "This column cannot be cleared.")]


# Between preview and confirmation


def other_makes(slug):
    builders.person("Another", slug=slug)


def other_changes(slug):
    Person.objects.filter(slug=slug).update(aliases="Changed")


def other_deletes(slug):
    Person.objects.get(slug=slug).delete()


@pytest.mark.parametrize(
    ("slug", "act", "sentence"),
    [
        ("new", other_makes, "3 : “new” was made by somebody else since the preview."),
        (
            "old",
            other_changes,
            "2 : “old” was changed since the preview: it has the version 2 now, and had 1 then.",
        ),
        ("old", other_deletes, "2 : “old” was deleted since the preview."),
        (
            "same",
            other_changes,
            "4 : “same” was changed since the preview: it has the version 2 now, and had 1 then.",
        ),
    ],
)
def test_what_others_did_since_the_preview_stops_the_file(client, eli, slug, act, sentence):
    builders.person("Old", slug="old")
    builders.person("Same", slug="same")
    client.force_login(eli)
    rows = ["slug", "name"], ["old", "Other"], ["new", "New"], ["same", "Same"]
    preview = upload(client, Person, as_csv(*rows))
    act(slug)
    before = values(Person.objects.order_by("slug")), Person.history.count()
    answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert refusals(answer) == [sentence]
    assert desk.said(answer) == ["Nothing was stored: see below why."]
    assert (values(Person.objects.order_by("slug")), Person.history.count()) == before
    assert not ChangeSet.objects.filter(kind="import").exists()


def test_a_row_it_refers_to_that_was_deleted_since_stops_the_file(client, eli):
    builders.country("VN")
    keep, gone = builders.organization("Kept"), builders.organization("Gone")
    client.force_login(eli)
    trip = builders.trip()
    rows = [
        ["slug", "trip", "organization", "role"],
        ["a", trip.slug, keep.slug, "participant"],
        ["b", trip.slug, gone.slug, "participant"],
    ]
    preview = upload(client, Participation, as_csv(*rows))
    assert "confirm_form" in preview.context, refusals(preview)
    Organization.objects.get(pk=gone.pk).delete()
    answer = client.post(desk.page(Participation, "process_import"), confirmation(preview))
    assert refusals(answer) == ["3 organization: There is no organisation with the slug “gone”."]
    assert not Participation.objects.exists()


def test_another_row_under_the_same_key_is_not_the_one_that_was_looked_at(client, eli):
    person, trip = builders.person("Tô Lâm"), builders.trip()
    builders.person("Old", slug="old")
    client.force_login(eli)
    looked_at = {
        Participation: (["slug", "trip", "person", "role"], ["x", trip.slug, "to-lam", "head"]),
        Person: (["slug", "aliases"], ["old", "O"]),
    }
    previews = {model: upload(client, model, as_csv(*rows)) for model, rows in looked_at.items()}
    person.delete()
    builders.person("Somebody else", slug="to-lam")
    Person.objects.get(slug="old").delete()
    builders.person("Somebody new", slug="old")
    for model, key in [(Participation, "x"), (Person, "old")]:
        sent = confirmation(previews[model])
        [sentence] = refusals(client.post(desk.page(model, "process_import"), sent))
        assert sentence == f"2 : “{key}”, or what it refers to, is another row than in the preview."
    assert not Participation.objects.exists()
    assert not Person.objects.exclude(aliases="").exists()


def test_an_upload_that_is_still_there_is_stored_once(client, eli, monkeypatch):
    """As when two confirmations have read it before one of them has its turn."""
    monkeypatch.setattr(uploads.Upload, "drop", lambda *parts: None)
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    for said in (
        "Imported: 1 new",
        "This upload was stored already, and nothing more was changed.",
    ):
        answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
        assert desk.said(answer)[-1].startswith(said)
    assert ChangeSet.objects.count() == Person.history.count() == 1


def test_who_may_not_add_or_change_does_neither_by_file(vera):
    builders.person("Tô Lâm")
    rows = ["to-lam", "To Lam"], ["new", "Another"]
    report, run = imported(vera, Person, ["slug", "name"], *rows)
    assert [row.refusals for row in report.rows["refused"]] == [
        [("", f"You may not do this: it takes the right “timeline.{right}_person”.")]
        for right in ("change", "add")
    ]
    assert run is None


# The page


def test_the_page_stays_light_and_the_report_has_every_row(client, eli):
    for number in range(120):
        builders.person(f"P {number}", slug=f"p-{number:03}", aliases="x" * 900 + "old")
    client.force_login(eli)
    rows = [["slug", "aliases"], *([f"p-{n:03}", "x" * 900 + "=new"] for n in range(120))]
    preview = upload(client, Person, as_csv(*rows))
    assert counts(preview) == (0, 120, 0, 0)
    page = preview.content.decode()
    assert len(page) < 100_000
    assert "the first 50 of 120" in page
    assert f"…{'x' * 30}old" in page
    token = confirmation(preview)["token"]
    report = f"/admin/timeline/person/import/{token}/report.csv"
    lines = read_csv(b"".join(client.get(report).streaming_content))
    assert [line["key"] for line in lines] == [f"p-{n:03}" for n in range(120)]
    assert lines[0] == {
        "row": "2",
        "key": "p-000",
        "outcome": "changed",
        "column": "aliases",
        "stored": "x" * 900 + "old",
        "in_the_file": "x" * 900 + "=new",
        "reason": "",
    }
    progress = f"/admin/timeline/person/import/{token}/progress/"
    assert client.get(progress).json() == {"done": 120, "total": 120}
    other = Client()
    other.force_login(eli)  # the same person in another session
    assert (other.get(report).status_code, other.get(progress).json()) == (404, {})


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a", "b", ("a", "b")),
        ("x" * 900, "x" * 900 + " more", ("…" + "x" * 30, "…" + "x" * 30 + " more")),
        ("x" * 900 + "old", "x" * 900, ("…" + "x" * 30 + "old", "…" + "x" * 30)),
        ("", "y" * 900, ("", "y" * 400 + "…")),
    ],
)
def test_a_long_text_is_shown_where_it_changes(old, new, shown):
    short = Change("summary_en", old, new).in_short()
    assert (short["old"], short["new"]) == shown


def test_columns_that_are_missing_or_only_shown_are_named(client, eli):
    builders.trip()
    client.force_login(eli)
    rows = ["slug", "title_en", "participants"], ["to-lam-in-new-york", "X", "Tô Lâm (head)"]
    preview = upload(client, Trip, as_csv(*rows))
    page = preview.content.decode()
    assert "Only to be read, and not imported: participants." in page
    assert "Not in the file, so left as they are: title_vi, summary_vi," in page


def test_the_same_file_is_known_again(client, eli):
    client.force_login(eli)
    rows = ["slug", "name"], ["to-lam", "Tô Lâm"]
    store(client, Person, *rows)
    Person.objects.update(name="To Lam")
    page = upload(client, Person, as_csv(*rows)).content.decode()
    assert "This same file was imported before, on" in page


def test_an_upload_is_used_within_an_hour(client, eli, monkeypatch):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    later = timezone.now() + uploads.MAX_AGE
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert desk.said(answer) == [
        "This upload is not yours, or it has expired. Upload the file again."
    ]
    uploads.sweep()
    assert default_storage.listdir(uploads.FOLDER) == ([], [])
    assert not Person.objects.exists()


# The run, and its undoing


def picture():
    models = Person, Trip, Meeting, Participation, Citation, Agreement, Tenure
    return [values(model.objects.order_by("slug"), "version") for model in models]


def test_an_import_is_undone_as_a_whole(client, ada):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    builders.person("Tô Lâm", aliases="To Lam")
    before = picture()
    client.force_login(ada)
    rows = ["slug", "name", "aliases"], ["to-lam", "Tô  Lâm", "x"], ["new", "Lương Cường", ""]
    store(client, Person, *rows)
    run = ChangeSet.objects.first()
    assert (run.table, run.rows_new, run.rows_changed, run.rows_unchanged) == ("person", 1, 1, 0)
    store(client, Trip, ["slug", "title_en"], [trip.slug, "x"], correction_en="Title mended.")
    undo(client, ChangeSet.objects.first(), correction_en="It was right before.")
    undo(client, run)
    assert picture() == before
    assert list(projection.differences()) == []
    assert [note.note_en for note in Correction.objects.order_by("pk")] == [
        "Title mended.",
        "It was right before.",
    ]


def test_an_import_is_not_undone_over_what_others_did_since(client, ada):
    builders.person("Tô Lâm")
    client.force_login(ada)
    rows = [["slug", "name"], ["to-lam", "To Lam"], *([f"p{n}", f"P {n}"] for n in range(3))]
    store(client, Person, *rows)
    Person.objects.filter(slug="p1").update(aliases="Somebody's work")
    builders.participation(builders.trip(), person=Person.objects.get(slug="p2"))
    plan = going_back.undone(ChangeSet.objects.get(kind="import"))
    assert plan.obstacles(ada)[0] == "Changed since then: P 1."
    assert any("would go as well" in sentence for sentence in plan.obstacles(ada))
    with pytest.raises(going_back.ValidationError):
        plan.carry_out(ada)
    assert Person.objects.get(slug="to-lam").name == "To Lam"


def test_what_a_preview_tells_is_plain_ascii_in_private_storage(client, eli):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    token = confirmation(preview)["token"]
    with default_storage.open(f"{uploads.FOLDER}/{token}.rows") as rows:
        assert json.loads(rows.read().decode("ascii"))["changes"][0]["new"] == "Tô Lâm"
