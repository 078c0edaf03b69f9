"""The command that runs the data rules, the codebook that lists them, and the fixtures."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests import builders as make
from tests.test_rules import RULE, cited, in_both
from timeline.rules import ERROR, RULES, WARNING, justified

CODEBOOK = (settings.BASE_DIR / "fixtures/README.md").read_text(encoding="utf-8")


def validate(*arguments):
    """What `validate_records` prints, and the sentence it fails with or None."""
    printed = StringIO()
    try:
        call_command("validate_records", *arguments, stdout=printed)
    except CommandError as error:
        assert error.returncode == 1
        return printed.getvalue().splitlines(), str(error)
    return printed.getvalue().splitlines(), None


def complete(build, title, **values):
    """A record that gives no rule a reason, with a citation that does not either."""
    values = in_both("title", title) | in_both("summary", title) | {"date_basis": "stated"} | values
    record = build(values.pop("title_en"), **values)
    cited(record)
    return record


class TestCommand:
    def test_a_chronicle_that_keeps_every_rule(self, db):
        trip = complete(make.trip, "New York", state="published")
        office = make.tenure()
        cited(office)
        make.participation(trip, person=office.person, **in_both("capacity", "General Secretary"))
        assert validate("--strict") == (["Every row keeps every rule."], None)

    def test_an_error_has_the_form_model_slug_message(self, db):
        trip = complete(make.trip, "New York")
        complete(make.meeting, "Biden", trip=trip, date_edtf="2024-10")
        lines, failure = validate()
        assert [line.split(": ")[:2] for line in lines] == [["meeting biden", "date_edtf"]]
        assert failure == "Errors: 1, warnings: 0, justified warnings: 0."

    def test_a_warning_says_so_and_fails_under_strict_alone(self, db):
        make.person("Joe Biden")
        told_so = [
            "warning: person joe-biden: nothing refers to Joe Biden (authority-is-used)",
        ]
        sentence = "Errors: 0, warnings: 1, justified warnings: 0."
        assert validate() == ([*told_so, sentence], None)
        assert validate("--strict") == (told_so, sentence)

    def test_a_justified_warning_never_fails(self, db, monkeypatch):
        make.person("Joe Biden")
        table = {("authority-is-used", "person", "joe-biden"): "The sources only name him."}
        monkeypatch.setattr(justified, "read", lambda: table)
        lines, failure = validate("--strict")
        assert failure is None
        assert lines == [
            "justified: person joe-biden: nothing refers to Joe Biden (authority-is-used)",
            "Errors: 0, warnings: 0, justified warnings: 1.",
        ]

    def test_one_rule(self, db):
        make.person("Joe Biden")
        make.source("Communist Review")
        lines, _ = validate("--rule", "source-is-cited")
        assert lines == [
            "warning: sourcedocument communist-review: nothing cites it (source-is-cited)",
            "Errors: 0, warnings: 1, justified warnings: 0.",
        ]

    def test_a_rule_that_does_not_exist(self, db):
        with pytest.raises(CommandError, match="nonsense"):
            call_command("validate_records", "--rule=nonsense")


class TestCodebook:
    def test_it_defines_every_rule_and_no_other(self):
        section = re.search(r"^## Data rules$(.*?)(?=^## |\Z)", CODEBOOK, re.M | re.S)[1]
        rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+) \|$", section, re.M)
        assert rows == [(rule.name, rule.severity, rule.definition) for rule in RULES]

    def test_rules_have_one_name_each_and_errors_come_first(self):
        assert len(RULE) == len(RULES)
        assert sorted({rule.severity for rule in RULES}) == [ERROR, WARNING]

    def test_the_table_of_justified_warnings(self):
        table = justified.read(
            "## Warnings that the material justifies\n\n"
            "| rule | rows | reason |\n|---|---|---|\n"
            "| `source-is-cited` | `sourcedocument a`, `sourcedocument b` | Held for later. |\n"
            "## Next\n\n| `source-is-cited` | `sourcedocument c` | Not of this table. |\n"
        )
        assert table == {
            ("source-is-cited", "sourcedocument", "a"): "Held for later.",
            ("source-is-cited", "sourcedocument", "b"): "Held for later.",
        }

    def test_it_justifies_warnings_of_rules_that_exist(self):
        assert {rule for rule, _, _ in justified.read()} <= {
            rule.name for rule in RULES if rule.severity == WARNING
        }
