"""What the browser tests share: the chronicle of fixtures/, an eye on all that a page does."""

from io import StringIO

from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

AXE = Axe()
# axe would load the stylesheets once more to look for rules on orientation: there are none.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}

RUN_AXE = """async ([{exclude}, options]) =>
    (await axe.run(exclude ? {exclude} : document, options)).violations"""
# Contrast is slow to find out, and the fourth row of a list has the colours of the first three.
FIRST_ROWS = {"exclude": [":is(li, tr, dd, option):nth-child(n + 4)"]}

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def seed():
    """Write the records of fixtures/ into the database of the test."""
    call_command("seed", stdout=StringIO())


class Watch:
    """Collects what no page of `context` may do: errors, blocked content, calls to elsewhere.

    A breach of the Content-Security-Policy is an error in the console of Chromium.
    """

    def __init__(self, context, site):
        self.site = site
        self.faults = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._see)

    def _hear(self, message):
        if message.type in ("error", "warning"):
            where = message.location["url"].removeprefix(self.site)
            self.faults.append(f"{message.type} in {where}: {message.text}")

    def _see(self, request):
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self.faults.append(f"request to elsewhere: {request.url}")

    def visit(self, page, path, status=200):
        """Open `path`, whose answer has this `status`."""
        if status == 200:
            assert page.goto(self.site + path).status == status, path
        else:
            assert self.faults == []
            with page.expect_console_message(lambda said: f"status of {status}" in said.text):
                assert page.goto(self.site + path).status == status, path
            # The console says so of the page itself, and of nothing else.
            assert [fault.split(": ")[0] for fault in self.faults] == [f"error in {path}"]
            self.faults.clear()


def look(page, *, excused=(), contrast=True):
    """What axe finds wrong on the page as it stands, as {rule: [selectors]}, without `excused`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    off = {rule: {"enabled": False} for rule in ("color-contrast", *excused)}
    found = page.evaluate(RUN_AXE, [{}, {**AXE_OPTIONS, "rules": off}])
    if contrast:
        found += page.evaluate(
            RUN_AXE, [FIRST_ROWS, {**AXE_OPTIONS, "runOnly": ["color-contrast"]}]
        )
    return {
        rule["id"]: [" ".join(map(str, node["target"])) for node in rule["nodes"]] for rule in found
    }


def follow(target):
    """Click what leads to another page, and wait until that is there."""
    with target.page.expect_navigation():
        target.click()


def titles(page):
    """The titles on a timeline page, in their order."""
    return page.locator(".entry .title").all_inner_texts()
