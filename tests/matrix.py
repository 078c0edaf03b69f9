"""Who may do what at which address of the admin: a table of rules, and whom it is about.

Every address of the admin has a place in one of the tables; the walk of tests/test_role_matrix.py
fails for one that has none. A rule, `may(user, cell)`, is written in terms of rights; which rights
somebody has, timeline/roles.py says.
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from timeline import publication
from timeline.models import ChangeSet, Person, Tenure

# Who there is: a group, or what makes the account special.
ROLES = {
    "guest": {},
    "idle": {"is_staff": True},
    "vera": "Viewers",
    "eli": "Editors",
    "petra": "Publishers",
    "ada": "Administrators",
    "root": {"is_staff": True, "is_superuser": True},
}


@dataclass(frozen=True)
class Cell:
    """An address: which view it is, and of which row of which model, verb or app."""

    table: str
    view: str
    path: str
    model: type | None = None
    row: object = None
    word: str = ""


# The rules: “Viewers see, Editors add and change drafts and submit for review, Publishers publish,
# withdraw and return, Administrators also delete and manage users.”


def has(user, action, model):
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def anybody(user, cell):
    return True


def nobody(user, cell):
    return False


def staff(user, cell):
    return user.is_staff


def sees(user, cell):
    return user.is_staff and any(has(user, action, cell.model) for action in ("view", "change"))


def adds(user, cell):
    return user.is_staff and has(user, "add", cell.model)


def changes(user, cell):
    return user.is_staff and has(user, "change", cell.model) and is_free(cell.row, user)


def deletes(user, cell):
    return user.is_staff and has(user, "delete", cell.model) and is_free(cell.row, user)


def may_change(user, cell):
    """Listened to; what is locked for somebody it tells them, and leaves it as it is."""
    return user.is_staff and has(user, "change", cell.model)


def imports(user, cell):
    return adds(user, cell) and has(user, "change", cell.model)


def merges(user, cell):
    return may_change(user, cell) and has(user, "delete", cell.model)


def takes_step(user, cell):
    return user.is_staff and has(user, publication.TRANSITIONS[cell.word][0], cell.model)


def sees_app(user, cell):
    return user.is_staff and user.has_module_perms(cell.word)


def is_free(row, user):
    """“A published record is changed by a Publisher”, and so is what the public reads with it.

    Nobody touches an account that can do more than their own.
    """
    if isinstance(row, get_user_model()):
        return user.is_superuser or row.get_all_permissions() <= user.get_all_permissions()
    kinds = getattr(row, "kept_for", ())
    return not kinds or any(user.has_perm(f"timeline.publish_{kind}") for kind in kinds)


# The tables: who may read at an address, and who may write (POST) there.
TABLES = {
    "model": {
        "changelist": (sees, sees),
        "add": (adds, adds),
        "change": (sees, changes),
        "delete": (deletes, deletes),
        "history": (sees, sees),
        "simple_history": (sees, sees),
        "compare": (sees, sees),
        "restore": (may_change, may_change),
        "merge": (merges, merges),
        "import": (imports, imports),
        "process_import": (imports, imports),
        # Of an upload, to who made it and in their session: tests/test_import_export.py.
        "import_report": (nobody, nobody),
        "import_progress": (imports, imports),
        "export": (sees, sees),
        "publication": (takes_step, takes_step),
        "password_change": (changes, changes),  # of an account
        "second_factor": (changes, changes),  # of an account
        "lock_outs": (changes, changes),  # of all accounts
        "file": (sees, sees),  # of a source
        "undo": (sees, sees),  # of an act, as far as whoever asks may do each part of it
        "timeline_deleted": (sees, sees),
        "timeline_deleted_return": (sees, sees),
        "": (staff, staff),  # leads to the page of a row
    },
    "site": {
        "index": (staff, staff),
        "login": (anybody, anybody),
        "logout": (anybody, anybody),
        "password_change": (staff, staff),
        "password_change_done": (staff, staff),
        "jsi18n": (staff, staff),
        "autocomplete": (sees, sees),  # in what is chosen from
        "view_on_site": (nobody, nobody),
        "app_list": (sees_app, sees_app),
        # Off in this test: tests/test_second_factor.py has it on.
        "second_factor": (nobody, nobody),
        "second_factor_enrol": (nobody, nobody),
        "second_factor_codes": (nobody, nobody),
        "": (nobody, nobody),  # whatever has no other address, and "view_on_site" for anything
    },
    "beside": {
        "choose_language": (anybody, anybody),
        "hints:date": (staff, staff),
        "hints:namesakes": (sees, sees),
        "hints:offices": (sees, sees),
    },
}
# Acts at the desk are written by what is done; their pages only show them.
ELSE = {
    (ChangeSet, "add"): (nobody, nobody),
    (ChangeSet, "change"): (sees, sees),
    (ChangeSet, "delete"): (nobody, nobody),
}
# What takes these methods alone.
ONLY = {
    "logout": {"POST", "OPTIONS"},
    "password_change_done": {"GET", "HEAD", "OPTIONS"},
    "jsi18n": {"GET", "HEAD", "OPTIONS"},
    "autocomplete": {"GET", "HEAD", "OPTIONS"},
    "process_import": {"POST"},
    "simple_history": {"GET"},
    "file": {"GET", "HEAD"},
    "choose_language": {"POST"},
    "hints:date": {"GET"},
    "hints:namesakes": {"GET"},
    "hints:offices": {"GET"},
}
# Where something has to stand in the address: what is tried, and the model it is about.
ASKED = {
    "autocomplete": (
        "/admin/autocomplete/?app_label=timeline&model_name=tenure&field_name=person",
        Person,
    ),
    "hints:namesakes": ("/admin/timeline/hints/namesakes/person/?text=Tô Lâm", Person),
    "hints:offices": ("/admin/timeline/hints/offices/", Tenure),
    "hints:date": ("/admin/timeline/hints/date/?text=2024", None),
    "": ("/admin/no/such/page/", None),
}
QUERIES = {
    "publication": "?id={row.pk}",
    "compare": "?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z",
    "restore": "?at=2100-01-01T00:00:00Z",
}
# The views whose rules ask for the row; of the others one row tells as much as all.
FOR_EACH_ROW = ("change", "delete", "publication", "password_change", "second_factor")


def rules(cell):
    """(who may read, who may write)."""
    return ELSE.get((cell.model, cell.view)) or TABLES[cell.table][cell.view]


class UnknownAddress(LookupError):
    """An address that no table has: say in tests/matrix.py who may read and write there."""


# A row that was deleted: tests/desk_rows.py does.
DELETED = {"noun": "country", "key": None}
NOBODYS_UPLOAD = "0" * 32


def people():
    """{role: user}; `anonymous` is nobody who has an account."""
    found = {"anonymous": AnonymousUser()}
    today = timezone.now().replace(microsecond=0)  # as a form reads it back
    for name, of in ROLES.items():
        values = of if isinstance(of, dict) else {"is_staff": True}
        found[name] = get_user_model().objects.create_user(name, date_joined=today, **values)
        if isinstance(of, str):
            found[name].groups.add(Group.objects.get(name=of))
    return found


def cells(rows, resolver=None):
    """Every address of the admin for `rows`, {model: [row, ...]}."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        prefix = f"/{entry.pattern}"
        if not prefix.startswith("/admin/"):
            continue
        if isinstance(entry, URLPattern):
            found.append(_placed("beside", entry.name, prefix))
        elif entry.namespace == "admin":
            found += _of_site(entry, rows)
        else:
            found += [
                _placed("beside", f"{entry.namespace}:{inner.name}", f"{prefix}{inner.pattern}")
                for inner in entry.url_patterns
            ]
    return found


def _of_site(site, rows):
    for entry in site.url_patterns:
        if not isinstance(entry, URLPattern):
            model = apps.get_model(*str(entry.pattern).strip("/").split("/"))
            for inner in entry.url_patterns:
                yield from _of_model(model, inner, f"/admin/{entry.pattern}", rows[model])
        elif entry.name == "app_list":
            for app in ("timeline", "auth"):
                yield _placed("site", "app_list", f"/admin/{app}/", word=app)
        elif entry.name == "view_on_site":
            for [row, *_others] in rows.values():
                type_key = ContentType.objects.get_for_model(row).pk
                yield _placed("site", entry.name, f"/admin/r/{type_key}/{row.pk}/", row=row)
        else:
            yield _placed("site", entry.name or "", f"/admin/{entry.pattern}")


def _of_model(model, pattern, prefix, rows):
    view = (pattern.name or "").removeprefix(f"{model._meta.label_lower.replace('.', '_')}_")
    route = str(pattern.pattern).replace(r"^([^/]+)/history/([^/]+)/$", "<id>/history/<version>/")
    if "<" not in route and view not in FOR_EACH_ROW:
        rows = [None]
    elif view not in FOR_EACH_ROW:
        rows = rows[:1]
    for row in rows:
        for verb in publication.TRANSITIONS if "<slug:verb>" in route else [""]:
            parts = re.split("<(.*?)>", prefix + route)
            parts[1::2] = (_filled(part.rpartition(":")[2], row, verb) for part in parts[1::2])
            path = "".join(parts) + QUERIES.get(view, "").format(row=row)
            yield _placed("model", view, path, model=model, row=row, word=verb)


def _filled(name, row, verb):
    """What stands in the part `name` of an address."""
    if name == "version":
        return str(row.history.first().pk)
    known = {"object_id": row.pk, "id": row.pk, "verb": verb, "token": NOBODYS_UPLOAD}
    known |= DELETED
    if name not in known:
        raise UnknownAddress(f"say in tests/matrix.py what stands for <{name}> in an address")
    return str(known[name])


def _placed(table, view, path, **about):
    if view not in TABLES[table]:
        raise UnknownAddress(f"say in tests/matrix.py who may read and write at {path} ({view})")
    if view in ASKED and table != "model":
        path, about["model"] = ASKED[view]
    return Cell(table, view, path, **about)
