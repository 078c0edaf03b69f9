"""The project's own files agree with each other, and its settings are fit for production."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR
PRODUCTION = {
    "SECRET_KEY": "N0t-the-key-of-any-installation-but-long-enough-to-pass",
    "ALLOWED_HOSTS": "timeline.example.org",
    "HTTPS": "on",
    "DATABASE_URL": "postgresql://timeline@db.example.org/timeline",
}


def manage(*arguments, **environment):
    """Run manage.py under the project's own settings and no others than these."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
    )


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock):
    """`{name: version}` of a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", read(lock), re.MULTILINE))


def wanted(source):
    """The names of the packages that a requirements file asks for."""
    names = re.findall(r"^([A-Za-z][A-Za-z0-9-]*)", read(source), re.MULTILINE)
    return [name.lower() for name in names]


def test_production_settings_pass_the_deployment_check():
    outcome = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert outcome.returncode == 0, outcome.stderr
    assert "no issues (1 silenced)" in outcome.stdout


def test_a_setting_that_makes_no_sense_stops_the_start_with_one_sentence():
    outcome = manage("migrate", **PRODUCTION | {"DEBUG": "flase"})
    assert outcome.returncode == 1
    assert outcome.stderr == "DEBUG: 'flase' is neither on nor off; for example DEBUG=on\n"


def test_sqlite_keeps_its_promises(tmp_path):
    show = (
        "from django.db import connection as c; c.ensure_connection();"
        "ask = lambda name: c.connection.execute(f'PRAGMA {name}').fetchone()[0];"
        "print(ask('foreign_keys'), ask('synchronous'), ask('busy_timeout'), c.transaction_mode)"
    )
    address = {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    outcome = manage("shell", "--no-imports", "--command", show, **PRODUCTION | address)
    assert outcome.stdout == "1 2 60000 IMMEDIATE\n", outcome.stderr


@pytest.mark.django_db
def test_the_migrations_are_those_of_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_each_requirement_has_its_reason_above_it(name):
    lines = read(f"{name}.in").splitlines()
    assert [line.startswith("#") for line in lines] == [True, False] * (len(lines) // 2)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_what_is_asked_for(name):
    assert set(wanted(f"{name}.in")) - set(pins(f"{name}.txt")) == set()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_a_hash_for_everything_and_names_no_machine(name):
    lock = read(f"{name}.txt")
    for requirement in re.split(r"\n(?=[a-z])", lock)[1:]:
        assert "--hash=sha256:" in requirement
    assert re.findall(r"://|--index|--find-links|/(?:home|opt|root|tmp)/", lock) == []


def test_developers_have_the_versions_that_users_have():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
