"""Settings that make sense are taken, and every other stops the start with one sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from timeline.environment import (
    HOST,
    ORIGIN,
    env_bool,
    env_database,
    env_int,
    env_list,
    env_networks,
    env_secret,
    env_zone,
)

KEY = "a-key-of-fifty-characters-0123456789-0123456789-xyz"
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"


@pytest.fixture
def value_of(monkeypatch, tmp_path):
    """Read one variable that is set to `text`, or not set when `text` is None."""
    readers = {
        "DEBUG": lambda name: env_bool(name, default=False),
        "THREADS": lambda name: env_int(name, default=4, minimum=1, maximum=64),
        "ALLOWED_HOSTS": lambda name: env_list(name, ["localhost"], HOST),
        "CSRF_TRUSTED_ORIGINS": lambda name: env_list(name, [], ORIGIN),
        "TRUSTED_PROXIES": lambda name: [str(network) for network in env_networks(name)],
        "TIME_ZONE": lambda name: env_zone(name, default="Asia/Ho_Chi_Minh"),
        "SECRET_KEY": lambda name: env_secret(name, file=tmp_path / ".secret_key"),
        "DATABASE_URL": lambda name: _essence(env_database(name, default="sqlite:////db")),
    }

    def read(name, text):
        monkeypatch.delenv(name, raising=False)
        if text is not None:
            monkeypatch.setenv(name, text)
        return readers[name](name)

    return read


def _essence(database):
    return tuple(
        database.get(key, "") for key in ("ENGINE", "HOST", "PORT", "USER", "PASSWORD", "NAME")
    )


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DEBUG", None, False),
        ("DEBUG", "on", True),
        ("DEBUG", "True", True),
        ("DEBUG", "YES", True),
        ("DEBUG", "1", True),
        ("DEBUG", "off", False),
        ("DEBUG", "false", False),
        ("DEBUG", "no", False),
        ("DEBUG", "0", False),
        ("THREADS", None, 4),
        ("THREADS", "1", 1),
        ("THREADS", "064", 64),
        ("ALLOWED_HOSTS", None, ["localhost"]),
        ("ALLOWED_HOSTS", "example.org", ["example.org"]),
        ("ALLOWED_HOSTS", ".example.org, 192.0.2.1,[::1]", [".example.org", "192.0.2.1", "[::1]"]),
        ("CSRF_TRUSTED_ORIGINS", None, []),
        ("CSRF_TRUSTED_ORIGINS", "https://example.org:8443", ["https://example.org:8443"]),
        ("CSRF_TRUSTED_ORIGINS", "https://*.example.org", ["https://*.example.org"]),
        ("TRUSTED_PROXIES", None, []),
        ("TRUSTED_PROXIES", "127.0.0.1", ["127.0.0.1/32"]),
        ("TRUSTED_PROXIES", "10.0.0.0/24, ::1", ["10.0.0.0/24", "::1/128"]),
        ("TIME_ZONE", None, "Asia/Ho_Chi_Minh"),
        ("TIME_ZONE", "Europe/Paris", "Europe/Paris"),
        ("TIME_ZONE", "UTC", "UTC"),
        ("SECRET_KEY", KEY, KEY),
        ("SECRET_KEY", "$HOME and {other} signs stay as they are: 0123456789!", ...),
        ("DATABASE_URL", None, (SQLITE, "", "", "", "", "/db")),
        ("DATABASE_URL", "sqlite:////srv/t.sqlite3", (SQLITE, "", "", "", "", "/srv/t.sqlite3")),
        ("DATABASE_URL", "sqlite://:memory:", (SQLITE, "", "", "", "", ":memory:")),
        ("DATABASE_URL", "postgresql://u@db/t", (POSTGRESQL, "db", "", "u", "", "t")),
        (
            "DATABASE_URL",
            "postgres://u:p%40ss@db:5433/t",
            (POSTGRESQL, "db", 5433, "u", "p@ss", "t"),
        ),
        ("DATABASE_URL", "postgresql://u@%2Frun%2Fpg/t", (POSTGRESQL, "/run/pg", "", "u", "", "t")),
    ],
)
def test_a_value_that_makes_sense_is_taken(value_of, name, text, value):
    assert value_of(name, text) == (text if value is ... else value)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("DEBUG", "", "'' is neither on nor off"),
        ("DEBUG", "flase", "'flase' is neither on nor off"),
        ("DEBUG", " on", "' on' is neither on nor off"),
        ("DEBUG", "2", "'2' is neither on nor off"),
        ("THREADS", "", "'' is not a whole number from 1 to 64"),
        ("THREADS", "0", "'0' is not a whole number from 1 to 64"),
        ("THREADS", "65", "'65' is not a whole number from 1 to 64"),
        ("THREADS", "-1", "'-1' is not a whole number from 1 to 64"),
        ("THREADS", "4.0", "'4.0' is not a whole number from 1 to 64"),
        ("THREADS", "1_0", "'1_0' is not a whole number from 1 to 64"),
        ("THREADS", "٤", "'٤' is not a whole number from 1 to 64"),
        ("THREADS", "9" * 5000, "is not a whole number from 1 to 64"),
        ("ALLOWED_HOSTS", "", "'' is not the name of a host"),
        ("ALLOWED_HOSTS", "*", "'*' is not the name of a host"),
        ("ALLOWED_HOSTS", "localhost,", "'' is not the name of a host"),
        ("ALLOWED_HOSTS", "localhost example.org", "is not the name of a host"),
        ("ALLOWED_HOSTS", "https://example.org", "is not the name of a host"),
        ("ALLOWED_HOSTS", "example.org:8000", "is not the name of a host"),
        ("CSRF_TRUSTED_ORIGINS", "example.org", "is not an origin"),
        ("CSRF_TRUSTED_ORIGINS", "https://example.org/", "is not an origin"),
        ("TRUSTED_PROXIES", "", "'' is neither an address nor a network"),
        ("TRUSTED_PROXIES", "*", "'*' is neither an address nor a network"),
        ("TRUSTED_PROXIES", "10.0.0.1/24", "'10.0.0.1/24' is neither an address nor a network"),
        ("TRUSTED_PROXIES", "127.0.0.1,", "'' is neither an address nor a network"),
        ("TRUSTED_PROXIES", "proxy.example.org", "is neither an address nor a network"),
        ("TRUSTED_PROXIES", "127.0.0.1:80", "is neither an address nor a network"),
        ("TIME_ZONE", "", "'' is not a time zone"),
        ("TIME_ZONE", "Asia", "'Asia' is not a time zone"),
        ("TIME_ZONE", "Asia/Hanoi", "'Asia/Hanoi' is not a time zone"),
        ("TIME_ZONE", "../etc/passwd", "'../etc/passwd' is not a time zone"),
        ("TIME_ZONE", "+07:00", "'+07:00' is not a time zone"),
        ("SECRET_KEY", None, "it is not set and there is no file .secret_key"),
        ("SECRET_KEY", "", "it has not 50 characters"),
        ("SECRET_KEY", "short", "it has not 50 characters"),
        ("SECRET_KEY", "ab" * 50, "5 of them different"),
        ("DATABASE_URL", "", "it is neither a PostgreSQL nor an SQLite address"),
        ("DATABASE_URL", "timeline.sqlite3", "it is neither a PostgreSQL nor an SQLite address"),
        ("DATABASE_URL", "mysql://u:p@db/t", "it is neither a PostgreSQL nor an SQLite address"),
        ("DATABASE_URL", "postgresql://u:p@db/", "it names no database"),
        ("DATABASE_URL", "postgresql://u:p@db:port/t", "it is not the address of a database"),
        ("DATABASE_URL", "postgresql://u:p@[db/t", "it is not the address of a database"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(value_of, name, text, problem):
    with pytest.raises(ImproperlyConfigured) as refusal:
        value_of(name, text)
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name}: ")
    assert problem in sentence
    assert f"; for example {name}=" in sentence
    assert "\n" not in sentence


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / ".secret_key").write_text(f"{KEY}\n", encoding="utf-8")
    assert env_secret("SECRET_KEY", file=tmp_path / ".secret_key") == KEY


@pytest.mark.parametrize(
    ("name", "text", "secret"),
    [
        ("SECRET_KEY", "hunter2", "hunter2"),
        ("DATABASE_URL", "mysql://u:hunter2@db/t", "hunter2"),
        ("DATABASE_URL", "postgresql://u:hunter2@db:x/t", "hunter2"),
    ],
)
def test_a_refusal_repeats_no_secret(value_of, name, text, secret):
    with pytest.raises(ImproperlyConfigured) as refusal:
        value_of(name, text)
    assert secret not in str(refusal.value)
