"""The command that imports: by the rules of the admin, and saying what became of the file."""

import os

import pytest
from django.core.management import CommandError, call_command

from tests import builders
from tests.files import as_csv
from timeline.models import ChangeSet, Person, Trip

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(ada, tmp_path, capsys):
    """Import rows by the command; return what it says."""

    def importing(model, *rows, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(as_csv(*rows))
        call_command("import_records", path, model=model, user="ada", **options)
        return capsys.readouterr().out

    return importing


def test_a_file_is_stored_once_and_then_nothing_differs(run, tmp_path):
    rows = ["slug", "name"], ["to-lam", "Tô Lâm"]
    sums = "1 new, 0 changed, 0 unchanged, 0 refused"
    assert f"Nothing was stored, as you asked: {sums}." in run("person", *rows, dry_run=True)
    assert not Person.objects.exists()
    said = run("person", *rows)
    act = ChangeSet.objects.get()
    assert f"Stored as change {act.pk}: {sums}." in said
    assert (act.file_name, act.user.username) == ("file.csv", "ada")
    assert (
        "Nothing was stored, as nothing differs: 0 new, 0 changed, 1 unchanged, 0 refused."
        in run("person", *rows)
    )
    assert ChangeSet.objects.count() == 1


def test_a_refused_row_is_told_and_nothing_is_stored(run, capsys):
    with pytest.raises(CommandError, match="Nothing was stored: 1 new, 0 changed"):
        run("person", ["slug", "name"], ["to-lam", "Tô Lâm"], ["Ô", "Tô Lâm"])
    assert "Row 3 (Ô), slug: Enter a valid “slug”" in capsys.readouterr().err
    assert not Person.objects.exists()


def test_the_note_is_one_that_the_form_would_take(run):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    rows = ["slug", "title_en"], [trip.slug, "To Lam at the UN"]
    for note, sentence in {
        "x" * 301: "The note: Ensure this value has at most 300 characters",
        "Tô \u202eLâm": "The note: This cannot be stored: character 4 is U\\+202E",
        "\udcff": "The note: This cannot be stored: character 1 is U\\+DCFF",
        "": "Nothing was stored",
    }.items():
        with pytest.raises(CommandError, match=sentence):
            run("trip", *rows, note=note)
    run("trip", *rows, note=" The place was wrong. ")
    assert trip.corrections.get().note_en == "The place was wrong."
    assert Trip.objects.get().title_en == "To Lam at the UN"


def test_the_name_of_a_file_may_be_any_bytes(run):
    run("person", ["slug", "name"], ["to-lam", "Tô Lâm"], name=os.fsdecode(b"ph\xe1p.csv"))
    assert ChangeSet.objects.get().file_name == "ph\ufffdp.csv"
    assert Person.history.get().history_change_reason == "import: ph\ufffdp.csv"
