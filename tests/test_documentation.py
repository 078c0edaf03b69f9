"""What the documents say exists, and what exists is in the documents."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from timeline.exchange import code_definitions
from timeline.exchange.column import CODE_LISTS as CODES_OF
from timeline.exchange.definitions import DEFINITIONS
from timeline.models import EDITED_MODELS, Trip
from timeline.models.base import Edited
from timeline.models.record import Record

ROOT = settings.BASE_DIR
CODE_LISTS = list(CODES_OF.values())
KEPT_BY_THE_DATABASE = {
    "id",
    *(
        "version",
        "created_at",
        "updated_at",
        "earliest",
        "latest",
        "search",
        "sort_key",
        "given_key",
        "slug",
    ),
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def section(name, heading):
    """The text between the heading of that name and the next one."""
    match = re.search(rf"^#+ {re.escape(heading)}\b.*?$(.*?)(?=^#+ |\Z)", read(name), re.M | re.S)
    assert match, f"{name} has no section {heading}"
    return match[1]


def first_column(text):
    """The names in code font in the first column of the tables of `text`."""
    cells = re.findall(r"^\|(.*?)\|", text, re.M)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_every_setting_of_the_readme_is_read_and_every_setting_read_is_in_the_readme():
    documented = first_column(section("README.md", "Settings"))
    source = read("timeline/settings.py")
    assert sorted(documented) == sorted(re.findall(r'env_\w+\(\s*"([A-Z_]+)"', source))


def test_every_management_command_is_in_the_readme_and_the_reverse():
    documented = first_column(section("README.md", "Management commands"))
    written = (ROOT / "timeline/management/commands").glob("[a-z]*.py")
    assert sorted(documented) == sorted(f"manage.py {path.stem}" for path in written)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "fixtures/README.md"])
def test_every_make_target_that_is_named_exists(name):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=`|  )", read(name))) <= targets


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"]
)
def test_every_file_that_is_named_exists(name):
    links = re.findall(r"\]\((?!https?://)([^)#]+)", read(name))
    paths = re.findall(r"`((?:timeline|tests|fixtures|docs)/[\w./-]+)`", read(name))
    base = (ROOT / name).parent
    missing = [link for link in links if not (base / link).exists()]
    missing += [path for path in paths if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("model", EDITED_MODELS, ids=lambda model: model.__name__)
def test_every_field_is_in_the_codebook(model):
    documented = first_column(section("fixtures/README.md", model.__name__))
    if issubclass(model, Record):
        documented += first_column(section("fixtures/README.md", "Record"))
    fields = {field.name for field in model._meta.concrete_fields} - KEPT_BY_THE_DATABASE
    assert sorted(documented) == sorted(fields)


@pytest.mark.parametrize("model", [Record, *EDITED_MODELS], ids=lambda model: model.__name__)
def test_the_codebook_defines_a_field_as_its_column_does(model):
    assert written(model.__name__) == {
        tuple(names.split()): f"{definition}{where_its_codes_are(model, names)}"
        for names, definition in DEFINITIONS[model].items()
    }


def written(heading):
    """{names in the first column: what the second one says} of the tables under `heading`."""
    table = section("fixtures/README.md", heading)
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", table, re.M)
    return {tuple(re.findall(r"`([^`]+)`", names)): definition for names, definition in rows}


def where_its_codes_are(model, names):
    """What the codebook adds to the definition of a field that holds a code."""
    field = (Trip if model is Record else model)._meta.get_field(names.split()[0])
    if not field.choices:
        return ""
    name = CODES_OF[tuple(code for code, _word in field.choices)].__name__
    return f"; see [{name}](#{name.lower()})"


@pytest.mark.parametrize("code_list", CODE_LISTS, ids=lambda code_list: code_list.__name__)
def test_every_code_is_in_the_codebook_as_it_is_defined(code_list):
    documented = first_column(section("fixtures/README.md", code_list.__name__))
    assert documented == code_list.values
    definitions = code_definitions.DEFINITIONS[code_list].items()
    assert written(code_list.__name__) == {
        tuple(names.split()): str(definition) for names, definition in definitions
    }


def examples(text):
    """The third column of the tables of `text`, without the heads and the rows that have none."""
    cells = re.findall(r"^\|[^|]*`[^|]*\|.*\| ([^|]+) \|$", text, re.M)
    return [cell for cell in cells if cell not in ("–", "not used yet")]


@pytest.fixture(scope="module")
def values():
    """Every text that stands in a field of the fixtures."""
    found = set()
    for path in (ROOT / "fixtures").glob("*.json"):
        for row in json.loads(path.read_text(encoding="utf-8")):
            for value in row["fields"].values():
                for text in value if isinstance(value, list) else [value]:
                    found |= {str(text), str(text).lower(), *str(text).splitlines()}
    return found


@pytest.mark.parametrize("model", ["Record", *(model.__name__ for model in EDITED_MODELS)])
def test_every_example_of_a_field_is_from_the_records(model, values):
    shown = examples(section("fixtures/README.md", model))
    assert shown or model == "Correction"  # which the first material needs none of
    for example in shown:
        start = example.removesuffix(" ...")
        complete = start == example
        assert example in values if complete else any(v.startswith(start) for v in values), example


@pytest.mark.parametrize("code_list", CODE_LISTS, ids=lambda code_list: code_list.__name__)
def test_every_example_of_a_code_is_the_slug_of_a_record(code_list, values):
    shown = examples(section("fixtures/README.md", code_list.__name__))
    slugs = re.findall(r"`([^`]+)`", " ".join(shown))
    assert slugs
    assert set(slugs) <= values


def test_the_entity_diagram_shows_every_model_and_every_relation():
    diagram = section("docs/architecture.md", "The tables")
    for model in EDITED_MODELS:
        assert re.search(rf"\b{model.__name__}\b", diagram), model
        assert issubclass(model, Edited)


def test_the_screenshot_of_the_readme_is_a_picture():
    picture = Path(ROOT / "docs/images/timeline.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
