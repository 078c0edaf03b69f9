"""A real frame: the site that a setting names shows the timeline in it, and another one cannot.

And the data block of a page, which the content policy must not take for a script.
"""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests import chronicle
from tests.browsing import SCROLLS, look


@contextmanager
def site_that_frames(address):
    """The port of a server of somebody else, whose only page has a frame with `address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<!doctype html><iframe src="{address}"></iframe>'.encode())

        def log_message(self, *_args):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.django_db(transaction=True)
def test_a_frame_is_shown_where_it_may_be(page, live_server, settings):
    chronicle.tell()
    said = []
    page.on("console", lambda message: said.append(message.text))
    inside = page.frame_locator("iframe")
    with site_that_frames(f"{live_server.url}/vi/?embed=1") as port:
        allowed, other = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
        settings.EMBED_ANCESTORS = [allowed]
        page.goto(allowed)
        assert inside.locator("html").get_attribute("lang") == "vi"
        assert inside.locator(".entry").count() == len(chronicle.OLDEST_FIRST)
        with page.context.expect_page() as opened:
            inside.locator(".title a").first.click()
        opened.value.wait_for_load_state()
        assert "/vi/agreements/" in opened.value.url
        assert [text for text in said if "favicon" not in text] == []

        page.goto(other)
        assert inside.locator(".entry").count() == 0
        assert "frame-ancestors" in "".join(said)

    page.set_viewport_size({"width": 320, "height": 640})
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        page.goto(f"{live_server.url}/en/?embed=1&country=CU")
        assert look(page) == {}
        assert not page.evaluate(SCROLLS)

    said.clear()
    page.goto(f"{live_server.url}/en/trips/2026-us/")
    block = page.locator('script[type="application/ld+json"]')
    assert block.evaluate("block => JSON.parse(block.textContent)['@type']") == "Event"
    assert said == [], "data in a page is no script to the policy"
