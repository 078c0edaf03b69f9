"""The command that exports: what the desk gives out, as a whole file or none."""

import os

import pytest
from django.core.management import CommandError, call_command

from tests import builders
from tests.files import CSV, XLSX, export, read_csv
from timeline.exchange import writing_xlsx
from timeline.exchange.leaving import Leaving
from timeline.models import Trip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def records():
    for title in ("To Lam in New York", "To Lam in Havana"):
        builders.leg(builders.trip(title))


@pytest.mark.parametrize(("name", "file_format"), [("trips.csv", CSV), ("trips.XLSX", XLSX)])
def test_the_file_is_that_of_the_desk(client, vera, tmp_path, capsys, name, file_format):
    client.force_login(vera)
    path = tmp_path / name
    path.write_bytes(b"of yesterday")
    call_command("export_records", path, model="trip")
    assert path.read_bytes() == export(client, Trip, file_format)
    assert capsys.readouterr().out == f"Exported 2 rows to {path}.\n"
    assert os.listdir(tmp_path) == [name]


def test_without_a_name_it_goes_to_standard_output(capfdbinary):
    call_command("export_records", model="trip")
    rows = read_csv(capfdbinary.readouterr().out)
    assert [row["slug"] for row in rows] == ["to-lam-in-havana", "to-lam-in-new-york"]


def test_a_link_leads_on_and_a_pipe_stays_one(tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "trips.csv")
    call_command("export_records", tmp_path / "link.csv", model="trip")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "trips.csv").is_file()
    os.mkfifo(tmp_path / "pipe.csv")
    with open(os.open(tmp_path / "pipe.csv", os.O_RDONLY | os.O_NONBLOCK), "rb") as pipe:
        call_command("export_records", tmp_path / "pipe.csv", model="trip")
        assert pipe.read() == (tmp_path / "trips.csv").read_bytes()


def test_what_fails_half_way_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "trips.csv"
    path.write_bytes(b"of yesterday")

    def broken(leaving):
        yield leaving.headings
        raise KeyboardInterrupt

    monkeypatch.setattr(Leaving, "__iter__", broken)
    with pytest.raises(KeyboardInterrupt):
        call_command("export_records", path, model="trip")
    assert path.read_bytes() == b"of yesterday"
    assert os.listdir(tmp_path) == ["trips.csv"]


def test_only_what_a_user_may_view(tmp_path, vera, eli):
    vera.groups.clear()
    path = tmp_path / "trips.csv"
    with pytest.raises(CommandError, match=r"“vera” may not view these rows."):
        call_command("export_records", path, model="trip", user="vera")
    with pytest.raises(CommandError, match=r"There is no active user “nobody”."):
        call_command("export_records", path, model="trip", user="nobody")
    call_command("export_records", path, model="trip", user="eli")
    eli.is_active = False
    eli.save()
    with pytest.raises(CommandError, match=r"There is no active user “eli”."):
        call_command("export_records", path, model="trip", user="eli")
    assert "participants" in read_csv(path.read_bytes())[0]


def test_what_cannot_be_written_is_said(tmp_path, monkeypatch):
    with pytest.raises(CommandError, match=r"The file cannot be written: .*No such file"):
        call_command("export_records", tmp_path / "no" / "trips.csv", model="trip")
    with pytest.raises(CommandError, match=r"The file cannot be written: .*Is a directory"):
        call_command("export_records", tmp_path, model="trip", format="csv")
    with pytest.raises(CommandError, match=r"trips.ods tells neither."):
        call_command("export_records", tmp_path / "trips.ods", model="trip")
    monkeypatch.setattr(writing_xlsx, "MAX_TEXT", 3)
    with pytest.raises(CommandError, match=r"longer than .* Export as CSV."):
        call_command("export_records", tmp_path / "trips.xlsx", model="trip")
    assert os.listdir(tmp_path) == []
