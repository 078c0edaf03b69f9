"""The records of fixtures/ as files, as the database and as the list of trips that they make."""

import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from tests.answers import rows
from tests.test_colt_meanings import OF_COLT
from timeline import projection
from timeline.management.commands.seed import fixture_files
from timeline.models import EDITED_MODELS, RECORDS, Trip
from timeline.rules import RULES, justified

FILES = sorted((settings.BASE_DIR / "fixtures").glob("*.json"))


def rows_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


def as_text(rows):
    """The one form of a fixture: a field a line, a reference on the line of its field."""
    text = json.dumps(rows, ensure_ascii=False, indent=2)
    return re.sub(r'\[\n\s+("(?:[^"\\]|\\.)*")\n\s+\]', r"[\1]", text) + "\n"


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def everything():
    """Every row of the edit side with its history, and every entry."""
    models = [*EDITED_MODELS, *(model.history.model for model in EDITED_MODELS)]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_has_the_one_form(path):
    assert path.read_text(encoding="utf-8") == as_text(rows_of(path))


def test_every_row_stands_once_and_those_of_the_authority_files_stand_in_order():
    keys = [
        (row["model"], row["fields"].get("slug") or row["fields"]["code"])
        for path in FILES
        for row in rows_of(path)
    ]
    assert len(keys) == len(set(keys))
    for name in ("1-countries", "2-organizations", "3-people"):
        path = settings.BASE_DIR / "fixtures" / f"{name}.json"
        order = [row["fields"].get("slug") or row["fields"]["code"] for row in rows_of(path)]
        assert order == sorted(order), name


def test_the_files_load_with_the_authorities_first():
    names = [path.stem for path in fixture_files()]
    authorities = [*("1-countries", "2-organizations", "3-people"), "4-sources", "5-tenures"]
    assert names[:5] == authorities
    assert all(name.startswith("records-") for name in names[5:])


@pytest.mark.django_db
def test_what_is_exported_is_what_the_files_say(seeded):
    stored = [row for model in EDITED_MODELS for row in model.objects.all()]
    exported = {
        (row["model"], row["fields"].get("slug") or row["fields"]["code"]): row["fields"]
        for row in json.loads(serializers.serialize("json", stored, use_natural_foreign_keys=True))
    }
    told = [(row["model"], row["fields"]) for path in FILES for row in rows_of(path)]
    assert len(exported) == len(told)
    for model, fields in told:
        found = exported[model, fields.get("slug") or fields["code"]]
        assert {name: found[name] for name in fields} == fields


@pytest.mark.django_db
def test_loading_again_changes_nothing(seeded):
    before = everything()
    out = StringIO()
    call_command("seed", stdout=out)
    assert re.fullmatch(r"Seeded: 0 created, 0 updated, \d+ unchanged, 0 kept.\n", out.getvalue())
    call_command("loaddata", *FILES, verbosity=0)
    assert everything() == before


@pytest.mark.django_db
def test_every_record_is_in_the_timeline_and_the_timeline_is_right(seeded):
    assert all(
        model.objects.published().count() == model.objects.count() for model in RECORDS.values()
    )
    assert list(projection.differences()) == []


@pytest.mark.django_db
def test_the_rules_find_exactly_the_warnings_that_the_codebook_justifies(seeded):
    table = justified.read()
    found = [finding for rule in RULES for finding in rule.findings()]
    assert [str(finding) for finding in found if not justified.is_justified(finding, table)] == []
    assert table.keys() - {(f.rule, f.model, f.key) for f in found} == set()


# What the records tell of real visits in the columns of COLT, the notes and addresses aside.
VISITS = {
    "2013-07-truong-tan-sang-united-states/1": (  # of which the month is known
        "VNM|Trương Tấn Sang|President of Vietnam|United States|USA||2013"
    ),
    "2023-hun-sen-vietnam/1": (  # of which the year is a guess
        "KHM|Hun Sen|President of the Cambodian People's Party|Vietnam|VNM"
    ),
    "2024-09-to-lam-united-states-cuba/1": (
        "VNM|Tô Lâm|General Secretary of the Communist Party of Vietnam and President of Vietnam|"
        "United States|USA|New York|2024||||Yes|Tô Lâm at the Summit of the Future|Yes|Joe Biden|"
        "|||Yes"
    ),
    "2024-09-to-lam-united-states-cuba/2": (  # of which no day and no meeting is confirmed
        "VNM|Tô Lâm|General Secretary of the Communist Party of Vietnam and President of Vietnam|"
        "Cuba|CUB||2024"
    ),
    "2026-02-to-lam-united-states/1": (
        "VNM|Tô Lâm|General Secretary of the Communist Party of Vietnam|United States|USA||"
        "2026|2026-02-18|2026-02-20|3|Yes|Opening session of the Board of Peace on Gaza|"
        "Yes|Donald Trump|Yes|Prime Minister (ARM); President (AZE); Prime Minister (KHM); "
        "Prime Minister (HUN); President (IDN); President (KAZ); Prime Minister (PAK); "
        "President (UZB)|Yes"
    ),
    "parolin-pietro-vietnam/1": "VAT|Pietro Parolin||Vietnam|VNM",  # of which no date is known
}


@pytest.mark.django_db
def test_the_trips_are_told_in_the_columns_of_colt(seeded, client):
    table = {row["TripID"]: row for row in rows(client.get("/en/trips-colt.csv"))}
    names = OF_COLT.split()[1 : OF_COLT.split().index("Notes")]
    found = {key: "|".join(table[key][name] for name in names).rstrip("|") for key in VISITS}
    assert found == VISITS
    assert len(table) == sum(
        max(trip.legs.count(), 1) for trip in Trip.objects.filter(status="held")
    )
    for row in table.values():
        date = row["LegDateEDTF"] or row["TripDateEDTF"]
        for day in filter(None, (row["TripStartDate"], row["TripEndDate"])):
            assert day in date.split("/"), row["TripID"]  # nothing but the day itself
        trip = Trip.objects.get(slug=row["TripSlug"])
        assert row["Notes"] == f"{trip.summary_en} {trip.date_note_en}".strip()
        assert row["TripDateEDTF"] == trip.date_edtf
