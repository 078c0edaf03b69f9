"""Four groups stand after `migrate`, with exactly these rights."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from timeline import roles

pytestmark = pytest.mark.django_db

RECORDS = ["agreement", "meeting", "trip"]
PARTS = ["agreementitem", "citation", "correction", "participation", "tripleg"]
AUTHORITIES = ["country", "organization", "person", "sourcedocument", "tenure"]
ALL = [*RECORDS, *PARTS, *AUTHORITIES]
VIEWERS = {f"view_{model}" for model in [*ALL, "changeset"]}
EDITORS = {
    *VIEWERS,
    *(f"{action}_{model}" for action in ("add", "change") for model in ALL),
    *(f"delete_{model}" for model in PARTS),
}
PUBLISHERS = EDITORS | {"publish_agreement", "publish_meeting", "publish_trip"}
ADMINISTRATORS = {
    *PUBLISHERS,
    *(f"delete_{model}" for model in ALL),
    *("view_user", "add_user", "change_user", "delete_user", "view_group"),
}


def rights(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_the_groups_are_these_four():
    names = ["Administrators", "Editors", "Publishers", "Viewers"]
    assert list(Group.objects.order_by("name").values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    ("name", "codenames"),
    [
        ("Viewers", VIEWERS),
        ("Editors", EDITORS),
        ("Publishers", PUBLISHERS),
        ("Administrators", ADMINISTRATORS),
    ],
)
def test_a_group_has_exactly_these_rights(name, codenames):
    assert rights(name) == codenames


def test_every_right_that_is_given_exists():
    asked = set().union(*roles.GROUPS.values())
    ours = Permission.objects.filter(content_type__app_label__in=("timeline", "auth"))
    assert asked <= set(ours.values_list("codename", flat=True))


def test_nobody_edits_the_timeline_or_the_history_by_hand():
    for codenames in roles.GROUPS.values():
        assert not [n for n in codenames if n.endswith("timelineentry") or "historical" in n]


def test_migrating_again_gives_back_what_is_missing_and_keeps_what_was_added():
    viewers = Group.objects.get(name="Viewers")
    viewers.permissions.remove(Permission.objects.get(codename="view_trip"))
    viewers.permissions.add(Permission.objects.get(codename="view_logentry"))
    Group.objects.get(name="Publishers").delete()
    call_command("migrate", verbosity=0)
    assert rights("Viewers") == VIEWERS | {"view_logentry"}
    assert rights("Publishers") == PUBLISHERS
    assert Group.objects.count() == 4
