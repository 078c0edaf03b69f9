"""Which versions somebody had before their eyes when they decided: an act on others is refused."""

import hashlib

from django.utils.translation import gettext as _

from timeline.models import PARTS

FIELD = "seen"


def marks(rows):
    """{key: mark} of `rows` of one model: a mark changes with each change of a row or its parts."""
    rows = list(rows)
    if not rows:
        return {}
    versions = {row.pk: [("", row.pk, row.version)] for row in rows}
    for part, field in PARTS[type(rows[0])].items():
        found = part.objects.filter(**{f"{field}__in": rows}).order_by("pk")
        for whole, *version in found.values_list(f"{field}_id", "pk", "version"):
            versions[whole].append((part._meta.model_name, *version))
    return {
        key: hashlib.sha256(repr(seen).encode()).hexdigest()[:16] for key, seen in versions.items()
    }


def field_of(row):
    """The name of the hidden field that carries the mark of `row`."""
    return f"{FIELD}-{row.pk}"


def changed(row, mark):
    """A sentence when `row` is not as it was when `mark` was made of it, else None."""
    return None if marks([row])[row.pk] == mark else sentence(row)


def sentence(row):
    return _("“%s” has been changed since you looked at it: look again.") % row
