"""Reading in a real browser: every kind of public page, in both languages, as all may meet it."""

import gzip
from functools import cache
from itertools import cycle, islice, product

import pytest

from tests import browsing
from tests.browsing import DESK, PHONE, Watch, follow, look, titles

TRIP = "trips/2024-09-to-lam-united-states-cuba/"
PAGES = [
    "",
    "?q=to+lam&from=2024-09&country=CU",
    "?q=no+such+words",
    TRIP,
    "meetings/2026-02-19-board-of-peace-opening-session/",
    "agreements/2026-02-18-vietnam-airlines-boeing/",
    "?q=to+lam&order=best",
    "?embed=1&from=2024",
    *("people/", "people/?by=given&q=nguyen", "people/to-lam/"),
    *("organizations/", "organizations/2-sides-project/"),
    *("countries/", "countries/US/", "countries/US/VN/"),
    *(
        "sources/",
        "sources/internal-account-2026/?page=2",
        "sources/tccs-to-lam-works-in-the-united-states/",
    ),
    "sources/internal-account-2026/",
    "data/",
]
REFUSED = {"?from=2026-02-30&kind=war": 400, "trips/no-such-trip/": 404}
# The sizes and colours that a page is looked at in, in each language: a few, which take turns from
# page to page, or with `--every-look` all of them.
NARROW = {"width": 320, "height": 640}
LOOKS = list(product([NARROW, PHONE, DESK], ["light", "dark"]))
HEAVIEST = 60_000  # bytes of a page with all that it asks for, compressed
CUBA = [
    "Trip of General Secretary and President Tô Lâm to the United States and Cuba, September 2024",
    "Planned courtesy call of Tô Lâm on General Raúl Castro Ruz",
    "Planned talks between Tô Lâm and Miguel Díaz-Canel",
    (
        "Planned meeting of Tô Lâm with Esteban Lazo Hernández, President of the National "
        "Assembly of Cuba"
    ),
    "Planned meeting of Tô Lâm with Prime Minister Manuel Marrero Cruz of Cuba",
]


@pytest.mark.django_db(transaction=True)
def test_reading(page, new_context, live_server, request):
    browsing.seed()
    watch = Watch(page.context, live_server.url)
    looks = {"en": cycle(LOOKS), "vi": cycle(reversed(LOOKS))}
    each = len(LOOKS) if request.config.getoption("every_look") else 1
    for path in PAGES:
        watch.visit(page, f"/en/{path}")
        everybody_can_read(page, "en", islice(looks["en"], each))
        if "embed" in path:  # which has no links to other pages
            watch.visit(page, f"/vi/{path}")
        else:
            follow(page.get_by_role("link", name="Tiếng Việt"))
        assert page.url == f"{watch.site}/vi/{path}"
        # The words are others, the colours the same: they are judged once.
        everybody_can_read(page, "vi", islice(looks["vi"], each), contrast=each > 1)
        assert weight(page) < HEAVIEST, page.url
    for path, status in REFUSED.items():
        for language in looks:
            watch.visit(page, f"/{language}/{path}", status)
            everybody_can_read(page, language, islice(looks[language], each))
    the_keyboard_is_enough(page, watch)
    without_scripts = new_context(java_script_enabled=False)
    the_keyboard_is_enough(without_scripts.new_page(), Watch(without_scripts, live_server.url))
    assert watch.faults == []


def everybody_can_read(page, language, looks, *, contrast=True):
    assert page.locator("html").get_attribute("lang") == language
    for size, colours in looks:
        page.emulate_media(color_scheme=colours)
        page.set_viewport_size(size)
        assert look(page, contrast=contrast) == {}, (page.url, size, colours)
    page.set_viewport_size(NARROW)
    assert not page.evaluate(browsing.SCROLLS), f"{page.url} is wider than 320 pixels"


def weight(page):
    """The bytes of the page and of all that it asks for, compressed."""
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    return sum(weight_of(url, page) for url in {page.url, *asked})


@cache
def weight_of(url, page):
    return len(gzip.compress(page.request.get(url).body()))


def the_keyboard_is_enough(page, watch):
    """From the skip link to the first entry; from the search to what it finds."""
    page.set_viewport_size(DESK)
    watch.visit(page, "/en/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    [first, *_rest] = titles(page)
    walked = walk(page, until="Skip to the records")
    assert "Search" in walked, "the search comes before the entries"
    page.keyboard.press("Enter")
    page.wait_for_url("**#records")
    walk(page, until=first)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/"))
    assert page.locator("h1").inner_text() == first

    watch.visit(page, "/en/?to=2024")
    page.get_by_label("Search:").focus()
    page.keyboard.type("to lam")
    walk(page, until="More filters")
    page.keyboard.press("Enter")
    walk(page, until="Country")
    page.keyboard.type("Cuba")
    walk(page, until="Show")
    page.keyboard.press("Enter")
    page.wait_for_url("**country=CU**")
    assert titles(page) == CUBA
    assert watch.faults == []


def walk(page, until):
    """Press Tab until the focus is on what is called `until`; return what was passed."""
    passed = []
    while (name := focused(page)) != until:
        passed.append(name)
        assert len(passed) < 60, passed
        page.keyboard.press("Tab")
    return passed


def focused(page):
    """What the element in focus is called: its label, else its text."""
    return page.evaluate(
        "(({labels, textContent}) => (labels?.length ? labels[0] : {textContent})"
        ".textContent.trim().replace(/:$/, ''))(document.activeElement)"
    )


def test_what_a_page_may_not_do_is_noticed(page):
    """The eye itself: a page that does all of it."""
    page.route(
        "http://site.test/**",
        lambda route: route.fulfill(
            content_type="text/html",
            headers={"Content-Security-Policy": "script-src 'self'"},
            body="<html lang=en><title>T</title><main><h1>T</h1><p onclick='1()'>T</p>"
            "<img src='http://elsewhere.test/a.png'></main>",
        ),
    )
    page.route("http://elsewhere.test/**", lambda route: route.abort())
    watch = Watch(page.context, "http://site.test")
    watch.visit(page, "/")
    assert look(page) == {"image-alt": ["img"]}
    assert look(page, excused=["image-alt"]) == {}
    kinds = [fault.split(":")[0] for fault in watch.faults]
    assert sorted(kinds) == ["error in /", "error in http", "request to elsewhere"]
