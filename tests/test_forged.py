"""Forged forms: what a form does not show it does not take, whoever sends it."""

from unittest import mock

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.storage import InMemoryStorage
from django.db import models, transaction

from tests import desk_rows, matrix
from tests.asker import silence
from tests.desk_forms import TYPED, Forms
from tests.test_role_matrix import Door
from timeline.models import EDITED_MODELS, Meeting, SourceDocument, Trip

pytestmark = pytest.mark.django_db
# From a change that may be made.
FOLLOWS = {"version", "updated_at", "search", "sort_key", "given_key"}


@pytest.fixture
def people():
    return matrix.people()


@pytest.fixture
def rows(people):
    file = SourceDocument._meta.get_field("file")
    with silence(), mock.patch.object(file, "storage", InMemoryStorage()):
        yield desk_rows.written(people)


@pytest.fixture
def door(people):
    return Door(people)


def everything():
    """{(model, key): columns} of all rows that are edited at the desk."""
    found = {}
    for model in (*EDITED_MODELS, User):
        for row in model.objects.values():
            found[model, row["id"]] = row
    for user in User.objects.all():
        found[User, user.pk]["rights"] = sorted(user.get_all_permissions())
    return found


def changed(before):
    """{(model, key): names of the columns} that are not as they were; of a new row all."""
    now = everything()
    return {
        row: {
            name
            for name in {*before.get(row, {}), *now.get(row, {})}
            if before.get(row, {}).get(name) != now.get(row, {}).get(name)
        }
        for row in before.keys() | now.keys()
        if before.get(row) != now.get(row)
    }


def junk(model, shown):
    """Inputs for everything that rows of `model` have and a form that has `shown` does not."""
    inputs = {"id": "1", "pk": "1", "_state": "published", "history_user": "1"}
    for field in model._meta.get_fields():
        if field.name in shown or not hasattr(field, "choices"):
            continue
        if field.choices:
            inputs[field.name] = field.choices[-2][0]
        elif isinstance(field, models.DateTimeField):
            inputs |= {f"{field.name}_0": "2001-01-01", f"{field.name}_1": "00:00"}
            inputs[field.name] = "2001-01-01T00:00"
        elif isinstance(field, models.BooleanField):
            inputs[field.name] = "on"
        else:
            inputs[field.name] = "7"
    return inputs


def test_a_form_takes_nothing_that_it_does_not_show(door, rows):
    forms = Forms(rows)
    pages = {cell.model: cell for cell in reversed(matrix.cells(rows)) if cell.view == "change"}
    for cell in pages.values():  # of the first row of each model
        name = "ada" if cell.model is User else "petra"
        if not matrix.changes(door.people[name], cell):
            continue
        form = forms.of(door, cell)
        before = everything()
        with transaction.atomic():
            answer = door.ask(name, "POST", cell, form | junk(cell.model, forms.shown))
            found = changed(before)
            transaction.set_rollback(True)
        assert answer.status_code == 302, cell.path
        written = found.pop((cell.model, cell.row.pk))
        assert found == {}, cell.path
        assert len(written & {*TYPED}) == 1, cell.path
        assert written <= {*TYPED, *FOLLOWS}, cell.path
    assert {*EDITED_MODELS, User} <= pages.keys()


def test_a_new_row_begins_as_all_do(door, rows):
    forms = Forms(rows)
    for cell in matrix.cells(rows):
        if cell.view != "add" or cell.model not in forms.new:
            continue
        form = forms.of(door, cell)
        before = everything()
        with transaction.atomic():
            answer = door.ask("petra", "POST", cell, form | junk(cell.model, forms.shown))
            [(_model, key)] = changed(before)
            row = everything()[cell.model, key]
            transaction.set_rollback(True)
        assert answer.status_code == 302, cell.path
        fresh = cell.model()
        for name in ("version", "state", "published_at", "withdrawn_reason", "withdrawn_in_public"):
            if name in row:
                assert row[name] == getattr(fresh, name), (cell.path, name)
        assert row["created_at"].year > 2001


def test_the_parts_of_other_records_stay_where_they_are(door, rows):
    draft, review, *_rest = rows[Trip]
    cell = next(c for c in matrix.cells(rows) if c.view == "change" and c.row is draft)
    form, before = Forms(rows).of(door, cell), everything()
    theirs = {name: str(getattr(review, name).get().pk) for name in ("participations", "citations")}
    for forged in [
        {"participations-0-id": theirs["participations"]},
        {"citations-0-id": theirs["citations"]},
        {"participations-0-trip": str(review.pk)},
        {"citations-0-trip": str(review.pk), "citations-0-meeting": str(rows[Meeting][0].pk)},
        {"participations-0-id": "x\0"},
        *({"citations-TOTAL_FORMS": number} for number in ("-1", "9", "x", "\0", "")),
        *({"citations-INITIAL_FORMS": number} for number in ("-1", "9", "x", "\0", "")),
        {"citations-INITIAL_FORMS": "0"},
        {"citations-TOTAL_FORMS": "0"},
        {"citations-0-DELETE": "on", "citations-0-id": theirs["citations"]},
    ]:
        with transaction.atomic():
            answer = door.ask("petra", "POST", cell, form | forged)
            mine = {(type(part), part.pk) for part in (draft, *desk_rows.parts_of(draft))}
            foreign = {row for row in changed(before) if row in before and row not in mine}
            transaction.set_rollback(True)
        assert answer.status_code in (200, 302, 400, 409), forged
        assert foreign == set(), forged


def test_a_step_is_taken_with_the_records_of_its_address_alone(door, rows):
    cell = next(c for c in matrix.cells(rows) if c.word == "submit" and c.row is rows[Trip][0])
    others = {"id": [row.pk for row in rows[Trip][1:]], "verb": "publish", "state": "published"}
    form, before = Forms(rows).of(door, cell), everything()
    assert door.ask("eli", "POST", cell, form | others).status_code == 302
    [(row, names)] = changed(before).items()
    assert row == (Trip, cell.row.pk)
    assert names <= {"state", *FOLLOWS}
    assert Trip.objects.get(pk=cell.row.pk).state == "review"


def test_an_administrator_gives_nobody_more_than_they_have(door, rows):
    everybody = Group.objects.create(name="Everything")
    everybody.permissions.set(Permission.objects.all())
    cell = next(c for c in matrix.cells(rows) if c.view == "change" and c.row is rows[User][0])
    form, before = Forms(rows).of(door, cell), everything()
    own = {"is_superuser": "on", "user_permissions": str(Permission.objects.last().pk)}
    for forged, refused in [
        (own, False),
        (own | {"groups": str(everybody.pk)}, True),
        ({"password": "x", "last_login": "2001-01-01"}, False),
    ]:
        with transaction.atomic():
            answer = door.ask("ada", "POST", cell, form | forged)
            found = changed(before)
            transaction.set_rollback(True)
        assert answer.status_code == (200 if refused else 302), forged
        assert found == ({} if refused else {(User, cell.row.pk): {"first_name"}})
