"""What machines ask, and what is answered when something is wrong."""

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from tests.files import upload
from timeline.admin.upload import Upload
from timeline.models import Person
from timeline.views import records


def test_a_process_lives_without_its_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_is_who_has_a_database_with_every_migration(client, monkeypatch):
    assert client.get("/readyz").content == b"ready\n"
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one more"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are missing\n")

    def fail(*_):
        raise OperationalError("password of the database")

    monkeypatch.setattr(MigrationExecutor, "migration_plan", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_failure_tells_nothing_of_its_cause(monkeypatch, language):
    def fail(*_args, **_kwargs):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(records, "get_object_or_404", fail)
    answer = Client(raise_request_exception=False).get(f"/{language}/trips/2026-us/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_a_database_that_is_locked_may_be_asked_again(monkeypatch, ada):
    def fail(*_args, **_kwargs):
        raise OperationalError("database is locked")

    client = Client(raise_request_exception=False)
    client.force_login(ada)
    monkeypatch.setattr(Upload, "keep", fail)
    answer = upload(client, Person, b"slug\nx\n")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "The database does not answer" in answer.content.decode()
    assert "locked" not in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("https", [False, True])
def test_a_request_for_another_host_is_refused_in_the_language_of_the_address(
    settings, client, language, https
):
    settings.SECURE_SSL_REDIRECT = https  # then it is refused before anybody asks for the language
    answer = client.get(f"/{language}/", headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    assert f'<html lang="{language}">' in answer.content.decode()
    assert "evil" not in answer.content.decode()
