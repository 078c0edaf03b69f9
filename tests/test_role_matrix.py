"""Every address by every role, state of the record and method, against the rules of matrix.py."""

from contextlib import ExitStack
from itertools import cycle
from types import SimpleNamespace
from unittest import mock

import pytest
from django.apps import apps
from django.contrib.auth import middleware
from django.core.files.storage import InMemoryStorage
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory
from django.urls import path

from tests import desk_rows, matrix
from tests.asker import silence
from tests.desk_forms import Forms
from timeline.models import SourceDocument

pytestmark = pytest.mark.django_db
EVERY = 10  # of what is allowed, so many are tried by turns
UNUSUAL = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")


class Door:
    """Where people come in: who they are is said, not proven; tests/test_sign_in.py has that."""

    def __init__(self, people):
        self.people = people
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.factory = RequestFactory()
        self.rendered = set()

    def ask(self, name, method, cell, form=None, token=True):
        """The answer to `name`. One page of each view is rendered: that is what costs."""
        kind = cell.table, cell.view, method
        data = {"data": form} if form else {}
        request = getattr(self.factory, method.lower())(cell.path, **data)
        request._dont_enforce_csrf_checks = token
        with ExitStack() as stack:
            come_in = mock.patch.object(middleware, "get_user", lambda _: self.people[name])
            stack.enter_context(come_in)
            if kind in self.rendered:
                empty = mock.patch.object(SimpleTemplateResponse, "rendered_content", "")
                stack.enter_context(empty)
            answer = self.handler.get_response(request)
        if answer.status_code in (200, 403):
            self.rendered.add(kind)
        return answer


def fingerprint():
    """What changes with every write: how many rows there are in each table, and their versions."""
    counted = []
    for model in apps.get_models(include_auto_created=True):
        columns = {field.column for field in model._meta.concrete_fields}
        total = 'SUM("version")' if "version" in columns else "0"
        table = model._meta.db_table
        counted.append(f"SELECT '{table}', COUNT(*), {total} FROM \"{table}\"")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counted))
        return {table: (rows, int(versions or 0)) for table, rows, versions in cursor.fetchall()}


def verdict(answer):
    """What became of a request, in a word."""
    status = answer.status_code
    if status == 302 and answer["Location"].startswith("/admin/login/"):
        return "login"
    known = {200: "open", 302: "open", 400: "open", 403: "refused", 404: "refused", 405: "method"}
    return known.get(status, f"broken: {status}")


def expected(cell, user, method):
    """The verdicts that the rules allow, whether the rules open it, or both."""
    reads, writes = matrix.rules(cell)
    rule = writes if method == "POST" else reads
    if method not in matrix.ONLY.get(cell.view, {method}):
        return {"method", "refused", "login"} | ({"open"} if rule is matrix.anybody else set())
    if rule(user, cell):
        return {"open"} if method in ("GET", "POST") else {"open", "method"}
    if rule is matrix.nobody:
        return {"refused", "login"}
    return {"refused"} if user.is_staff else {"login"}


class Walk:
    """Goes to every address in every role; `wrong` has a sentence for each surprise."""

    def __init__(self):
        self.people = matrix.people()
        self.rows = desk_rows.written(self.people)
        self.door, self.forms = Door(self.people), Forms(self.rows)
        self.wrong, self.cells = [], 0
        self.filled = cycle([True, False, True])  # of an odd length: as many roles have both
        self.turns = cycle([True, *[False] * (EVERY - 1)])
        self.unusual = cycle((name, method) for method in UNUSUAL for name in self.people)

    def go(self):
        stored = fingerprint()
        for cell in matrix.cells(self.rows):
            form = self.forms.of(self.door, cell)
            for name in self.people:
                self.ask(cell, name, "GET")
                self.ask(cell, name, "POST", next(self.filled) and form)
            self.ask(cell, *next(self.unusual))
            self.ask(cell, "root", "POST", form, token=False)
            if (now := fingerprint()) != stored:
                told = sorted(now.items() ^ stored.items())
                self.wrong.append(f"{cell.path}: changed without a right to: {told}")
                stored = now

    def ask(self, cell, name, method, form=None, token=True):
        """Try one thing. All that is refused is tried; of what is allowed, some by turns."""
        allowed = expected(cell, self.people[name], method) if token else {"refused", "method"}
        is_open = allowed == {"open"}
        if is_open and not next(self.turns):
            return
        self.cells += 1
        with transaction.atomic():
            before = fingerprint() if is_open and form else None
            found = verdict(self.door.ask(name, method, cell, form, token))
            if is_open and form and cell.view in ("add", "change") and fingerprint() == before:
                found = "without effect"
            transaction.set_rollback(is_open and method == "POST")
        if found not in allowed:
            what = f"{name}: {method} {cell.path} ({cell.view}{', filled in' if form else ''})"
            self.wrong.append(f"{what}: {found}, not {' or '.join(sorted(allowed))}")


def test_everybody_gets_what_the_rules_say():
    file = SourceDocument._meta.get_field("file")
    with silence(), mock.patch.object(file, "storage", InMemoryStorage()):
        walk = Walk()
        walk.go()
    print(f"{walk.cells} cells")
    print("\n".join(walk.wrong[:70]))
    assert walk.wrong == []
    assert walk.cells > 4000


def test_an_address_that_nobody_placed_fails():
    def resolver(*patterns):
        return SimpleNamespace(url_patterns=patterns)

    page = path("admin/new/", lambda request: None, name="new")
    with pytest.raises(
        matrix.UnknownAddress, match=r"who may read and write at /admin/new/ \(new\)"
    ):
        matrix.cells({}, resolver(page))
