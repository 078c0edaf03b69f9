"""Who may do what in the admin, and that nobody makes more of an account than their own."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from tests import builders, desk
from timeline import projection
from timeline.models import EDITED_MODELS

pytestmark = pytest.mark.django_db

CAST = ("vera", "eli", "petra", "ada")
PARTS = ("tripleg", "agreementitem", "participation", "citation", "correction")


# Who may do what


@pytest.mark.parametrize("name", CAST)
def test_everybody_at_the_desk_sees_every_page(client, request, name):
    client.force_login(request.getfixturevalue(name))
    for row in desk.rows():
        for address in (desk.page(type(row)), desk.page(row), desk.page(row, "history")):
            assert client.get(address).status_code == 200, address
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("name", "add", "delete_parts", "delete_all"),
    [
        ("vera", 403, 403, 403),
        ("eli", 200, 200, 403),
        ("petra", 200, 200, 403),
        ("ada", 200, 200, 200),
    ],
)
def test_who_may_add_change_and_delete(client, request, name, add, delete_parts, delete_all):
    client.force_login(request.getfixturevalue(name))
    found = desk.rows()
    assert {type(row) for row in found} == set(EDITED_MODELS)
    for row in found:
        expected = delete_parts if row._meta.model_name in PARTS else delete_all
        assert client.get(desk.page(type(row), "add")).status_code == add, row
        assert client.get(desk.page(row, "delete")).status_code == expected, row
        changeable = client.get(desk.page(row)).context["has_change_permission"]
        assert changeable is (add == 200), row
        if add == 403:
            assert client.post(desk.page(row), {}).status_code == 403


def test_somebody_without_rights_sees_nothing(client, vera):
    vera.groups.clear()
    client.force_login(vera)
    for model in EDITED_MODELS:
        assert client.get(desk.page(model)).status_code == 403, model
        assert client.get(desk.page(model, "export")).status_code == 403, model


def test_the_projection_is_not_for_editing(client, ada):
    client.force_login(ada)
    assert client.get("/admin/timeline/timelineentry/").status_code == 404


def test_an_editor_reads_a_published_record_and_is_told_who_can_change_it(client, eli):
    trip = desk.published_trip()
    client.force_login(eli)
    answer = client.get(desk.page(trip))
    assert answer.context["has_change_permission"] is False
    for inline in answer.context["inline_admin_formsets"]:
        assert (inline.has_add_permission, inline.has_change_permission) == (False, False)
        assert not inline.has_delete_permission
    assert (
        "“To Lam in New York” is published: a publisher can change it, or withdraw it first."
        in answer.content.decode()
    )
    assert client.post(desk.page(trip), {"title_en": "x"}).status_code == 403


def test_an_editor_cannot_go_round_by_the_parts(client, eli):
    trip, draft = desk.published_trip(), builders.trip("To Lam in Havana")
    cited = trip.citations.get()
    own = builders.citation(draft, source=cited.source)
    client.force_login(eli)
    assert client.post(desk.page(cited), {"locator": "II"}).status_code == 403
    assert desk.delete(client, cited).status_code == 403
    for subject in ({"trip": str(trip.pk)}, {"trip": trip.pk, "locator": "II"}):
        answer = desk.send(client, desk.page(own), **subject)
        assert "is published: a publisher can change it" in desk.errors(answer)["__all__"]
    answer = desk.send(
        client, desk.page(type(own), "add"), source=cited.source_id, trip=trip.pk, stance="reports"
    )
    assert "is published: a publisher can change it" in desk.errors(answer)["__all__"]
    client.post(
        desk.page(type(own)),
        {"action": "delete_selected", "_selected_action": [cited.pk], "post": "yes"},
    )
    assert list(trip.citations.all()) == [cited]
    assert desk.send(client, desk.page(own), locator="II").status_code == 302


def test_a_publisher_changes_a_published_record(client, petra):
    trip = desk.published_trip()
    client.force_login(petra)
    assert (
        desk.send(client, desk.page(trip), title_en="To Lam at the UN", is_minor="on").status_code
        == 302
    )
    assert trip.__class__.objects.get().title_en == "To Lam at the UN"
    assert list(projection.differences()) == []


# Accounts


def test_an_administrator_makes_accounts_and_no_superusers(client, ada):
    client.force_login(ada)
    eve = get_user_model().objects.create_user("eve", password="eve")
    delete_group = Permission.objects.get(codename="delete_group")
    everything = Group.objects.create(name="Everything")
    everything.permissions.add(delete_group)
    answer = desk.send(
        client,
        desk.page(eve),
        is_superuser="on",
        user_permissions=str(delete_group.pk),
        is_staff="on",
        groups=str(Group.objects.get(name="Editors").pk),
    )
    assert answer.status_code == 302
    eve.refresh_from_db()
    assert (eve.is_superuser, eve.is_staff, eve.user_permissions.count()) == (False, True, 0)
    assert [group.name for group in eve.groups.all()] == ["Editors"]
    answer = desk.send(client, desk.page(eve), groups=str(everything.pk))
    assert "is not one of the available choices" in desk.errors(answer)["groups"]


@pytest.mark.parametrize("active", [True, False])
def test_an_administrator_cannot_take_over_an_account_that_can_do_more(client, ada, active):
    root = get_user_model().objects.create_superuser("root", is_active=active)
    client.force_login(ada)
    assert client.post(desk.page(root), {"username": "root"}).status_code == 403
    assert client.get(desk.page(root, "delete")).status_code == 403
    assert client.post(f"{desk.page(root)[:-7]}password/", {}).status_code == 403
