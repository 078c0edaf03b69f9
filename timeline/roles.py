"""The four groups of a desk and what each may do. They exist after every `migrate`."""

from django.apps import apps as installed

# What belongs to a record is edited with it, so that editors may also take it away again.
PARTS = ("participation", "citation", "tripleg", "agreementitem", "correction")
RECORDS = ("trip", "meeting", "agreement")
AUTHORITIES = ("country", "organization", "person", "tenure", "sourcedocument")
EVERYTHING = (*RECORDS, *AUTHORITIES, *PARTS)


def _each(actions, models):
    return {f"{action}_{model}" for action in actions for model in models}


VIEWERS = _each(["view"], [*EVERYTHING, "changeset"])
EDITORS = VIEWERS | _each(["add", "change"], EVERYTHING) | _each(["delete"], PARTS)
PUBLISHERS = EDITORS | _each(["publish"], RECORDS)
ADMINISTRATORS = (
    PUBLISHERS
    | _each(["delete"], EVERYTHING)
    | _each(["view", "add", "change", "delete"], ["user"])
    | {"view_group"}
)
GROUPS = {
    "Viewers": VIEWERS,
    "Editors": EDITORS,
    "Publishers": PUBLISHERS,
    "Administrators": ADMINISTRATORS,
}


def create_groups(apps=installed, using="default", **kwargs):
    """Make the groups and give them what is missing; rights an installation added stay."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.using(using).filter(
                content_type__app_label__in=("timeline", "auth"), codename__in=codenames
            )
        )
