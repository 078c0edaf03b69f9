"""Read settings from the environment, strictly.

Every function takes the name of a variable and answers its value. A variable that is not set
answers the default; one that is set to something that makes no sense, the empty text included,
raises `ImproperlyConfigured` with one sentence: the name, what is wrong, an example. Secrets and
passwords are never repeated in a sentence.
"""

import os
import re
import reprlib
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BOOLEANS = dict.fromkeys(("1", "on", "true", "yes"), True) | dict.fromkeys(
    ("0", "off", "false", "no"), False
)
# The rules of Django's own deployment check, security.W009.
SECRET_LENGTH = 50
SECRET_DISTINCT = 5


class Kind(NamedTuple):
    """What each value of a list must be."""

    noun: str
    example: str
    pattern: re.Pattern[str]


HOST = Kind(
    "the name of a host",
    "timeline.example.org,localhost",
    re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]"),
)
ORIGIN = Kind(
    "an origin",
    "https://timeline.example.org",
    re.compile(r"https?://(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]{1,5})?"),
)
LICENCE = Kind(
    "the identifier of a licence (SPDX)",
    "CC-BY-4.0",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}"),
)


def env_bool(name: str, default: bool) -> bool:
    """`on`, `true`, `yes`, `1` or `off`, `false`, `no`, `0`, in any case."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in BOOLEANS:
        raise _refused(name, f"{reprlib.repr(value)} is neither on nor off", "on")
    return BOOLEANS[value.lower()]


def env_int(name: str, default: int, minimum: int, maximum: int) -> int:
    """A whole number in decimal digits, from `minimum` to `maximum`."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,18}", value) or not minimum <= int(value) <= maximum:
        problem = f"{reprlib.repr(value)} is not a whole number from {minimum} to {maximum}"
        raise _refused(name, problem, str(default))
    return int(value)


def env_list(name: str, default: list[str], kind: Kind) -> list[str]:
    """Values of one kind, separated by commas."""
    value = os.environ.get(name)
    if value is None:
        return default
    items = [item.strip() for item in value.split(",")]
    for item in items:
        if not kind.pattern.fullmatch(item):
            raise _refused(name, f"{reprlib.repr(item)} is not {kind.noun}", kind.example)
    return items


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks of machines, separated by commas; none when it is not set."""
    value = os.environ.get(name)
    if value is None:
        return []
    networks = []
    for item in value.split(","):
        try:
            networks.append(ip_network(item.strip()))
        except ValueError:
            problem = f"{reprlib.repr(item)} is neither an address nor a network"
            raise _refused(name, problem, "127.0.0.1,10.0.0.0/24") from None
    return networks


def env_zone(name: str, default: str) -> str:
    """The name of a time zone of the IANA database."""
    value = os.environ.get(name, default)
    try:
        ZoneInfo(value)
    except (OSError, KeyError, ValueError):
        raise _refused(name, f"{reprlib.repr(value)} is not a time zone", default) from None
    return value


def env_secret(name: str, file: Path) -> str:
    """A secret of 50 characters or more, from the variable or else from `file`."""
    value = os.environ.get(name)
    if value is None:
        try:
            value = file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            problem = f"it is not set and there is no file {file.name}"
            raise _refused(name, problem, f"the text that `make {file.name}` writes") from None
    if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_DISTINCT:
        problem = f"it has not {SECRET_LENGTH} characters, {SECRET_DISTINCT} of them different"
        raise _refused(name, problem, f"the text that `make {file.name}` writes")
    return value


def env_database(name: str, default: str) -> dict:
    """The entry for Django's DATABASES that a `sqlite:` or `postgresql:` address stands for."""
    value = os.environ.get(name, default)
    example = "postgresql://user:password@localhost:5432/timeline"
    try:
        if urlsplit(value).scheme not in ("sqlite", "postgres", "postgresql"):
            problem = "it is neither a PostgreSQL nor an SQLite address"
            raise _refused(name, problem, example)
        database = dj_database_url.parse(value)
    except ValueError:
        raise _refused(name, "it is not the address of a database", example) from None
    if not database["NAME"]:
        raise _refused(name, "it names no database", example)
    return database


def _refused(name: str, problem: str, example: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: {problem}; for example {name}={example}")
