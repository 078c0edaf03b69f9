"""The records of fixtures/ as files and as the database they make: the whole chronicle, once."""

import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from timeline import projection
from timeline.management.commands.seed import fixture_files
from timeline.models import EDITED_MODELS, RECORDS
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
