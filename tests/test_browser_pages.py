"""Every page of the admin in a real browser: sound for those who cannot see it, and quiet.

Each page is opened once, in turn in both languages, light and dark, wide and narrow; the colours,
which take long to judge, are judged on a few pages in all of these ways.
"""

import re
from itertools import cycle, product

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import URLPattern

from tests import browsing, desk
from tests.browsing import DESK, PHONE, Watch, look
from timeline.models import ChangeSet, Person, Trip
from timeline.models.changeset import ChangeKind

# Of every table of the admin; then of one table, which stands for all that have such a page.
OF_EVERY_TABLE = {"changelist": "", "change": "{pk}/change/"}
OF_ONE = {
    "add": (Trip, "add/"),
    "delete": (Trip, "{pk}/delete/"),
    "history": (Trip, "{pk}/history/"),
    "simple_history": (Trip, "{pk}/history/{version}/"),
    "compare": (Trip, "{pk}/history/compare/?from=2000-01-01T00:00Z&to=2199-01-01T00:00Z"),
    "restore": (Trip, "{pk}/history/restore/?at=2199-01-01T00:00Z"),
    "publication": (Trip, "publication/publish/?id={pk}"),
    "import": (Trip, "import/"),
    "export": (Trip, "export/"),
    "merge": (Person, "{pk}/merge/"),
}
OF_THE_SITE = {
    "index": "/admin/",
    "app_list": "/admin/timeline/",
    "password_change": "/admin/password_change/",
    "password_change_done": "/admin/password_change/done/",
    "timeline_deleted": "/admin/timeline/changeset/deleted/",
    "lock_outs": "/admin/auth/user/lock-outs/",
    "login": "/admin/login/",
}
# They have no page, or one that tests of their own open.
OTHERS = {
    *(None, "logout", "autocomplete", "jsi18n", "view_on_site", "process_import", "file"),
    *("import_report", "import_progress"),
    *("return", "undo", "second_factor", "second_factor_codes", "second_factor_enrol"),
}
WAYS = list(product(["en", "vi"], ["light", "dark"], [DESK, PHONE]))


def kinds(patterns):
    """The kind of every address of the admin: its name without that of its table."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield re.sub(r"^(timeline|auth)_[a-z]+_", "", pattern.name) if pattern.name else None
        else:
            yield from kinds(pattern.url_patterns)


def test_every_page_is_known():
    known = OF_EVERY_TABLE.keys() | OF_ONE.keys() | OF_THE_SITE.keys() | OTHERS
    assert set(kinds(admin.site.get_urls())) == known


def addresses():
    """The address of every page, for those who administer everything."""
    change_set = ChangeSet.objects.create(kind=ChangeKind.EDIT)
    rows = [*desk.rows(), User.objects.first(), Group.objects.first(), change_set]
    rows = {type(row): row for row in rows}
    for model in admin.site._registry:
        row = rows[model]
        yield from (desk.page(model) + path.format(pk=row.pk) for path in OF_EVERY_TABLE.values())
    for model, path in OF_ONE.values():
        version = rows[model].history.first().pk
        yield desk.page(model) + path.format(pk=rows[model].pk, version=version)
    yield from OF_THE_SITE.values()


def show(page, way):
    language, scheme, size = way
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.context.add_cookies(
        [
            {
                "name": "django_language",
                "value": language,
                "url": page.url.split("/admin/")[0] + "/admin/",
            }
        ]
    )


@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_admin_is_sound(page, live_server, admin_user, client):
    watch = Watch(page.context, live_server.url)
    client.force_login(admin_user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**session, "url": f"{live_server.url}/admin/"}])
    watch.visit(page, "/admin/")
    found = []
    for address, way in zip(addresses(), cycle(WAYS), strict=False):
        show(page, way)
        watch.visit(page, address)
        faults = look(page, contrast=False)
        if page.evaluate(browsing.SCROLLS):
            faults["sideways"] = ["html"]
        if faults:
            found.append(f"{address} {way}: {faults}")
    for address, way in product([desk.page(Trip), desk.page(Trip.objects.first())], WAYS[::3]):
        show(page, way)
        watch.visit(page, address)
        if faults := look(page):
            found.append(f"{address} {way}: {faults}")
    working_by_keyboard(page, watch)
    found += watch.faults
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def working_by_keyboard(page, watch):
    """Save and stay, save and go on; a question before what was typed is lost; how it looks."""
    show(page, ("en", "light", DESK))
    here = desk.page(Trip.objects.first())
    watch.visit(page, here)
    title = page.get_by_label("Title in English:")
    with page.expect_navigation():
        title.fill("To Lam at the United Nations")
        page.keyboard.press("Control+s")
    assert "You may edit it again below" in page.locator(".messagelist").inner_text()
    bar = page.locator(".submit-row").bounding_box()
    assert bar["y"] + bar["height"] <= DESK["height"], "in sight, and it is a long form"

    title.fill("Not saved")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with page.expect_navigation():
        page.get_by_role("link", name="Home").click()
    assert asked == ["beforeunload"]

    watch.visit(page, here)
    page.get_by_role("button", name="Toggle theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    browsing.follow(page.get_by_role("button", name="Tiếng Việt"))
    assert page.url.endswith(here)
    assert page.evaluate("document.documentElement.lang") == "vi"
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")
    assert page.url.endswith(desk.page(Trip)), "there is no next one"
