"""Links of sources: asked for within bounds, never within our own network, and what is stored."""

import socket
import ssl
from http.client import BadStatusLine
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import builders
from timeline import guarded_http, links
from timeline.links import Checker, UsedUp
from timeline.models import LinkCheck, SourceDocument

pytestmark = pytest.mark.django_db

ANSWERS = {  # path: (status, Location)
    "/found": (200, None),
    "/moved": (301, "/found"),
    "/moved-far": (308, "/moved"),
    "/moved-away": (301, "/gone"),
    "/for-now": (302, "/found"),
    "/first-for-now": (307, "/moved"),
    "/circle": (302, "/circle"),
    "/nowhere": (302, None),
    "/to-ftp": (301, "ftp://example.org/"),
    "/to-file": (301, "file:///etc/passwd"),
    "/to-nonsense": (301, "http://[::1"),
    "/gone": (404, None),
    "/no-more": (410, None),
    "/people-only": (403, None),
    "/not-now": (503, None),
    "/empty": (416, None),
    "/a%20b?c=%C4%91": (200, None),
}


class Handler(BaseHTTPRequestHandler):
    """Answers as ANSWERS says, and keeps what it was asked, and by whom."""

    asked, agents = [], set()

    def do_HEAD(self):
        self.asked.append((self.command, self.path))
        self.agents.add(self.headers["User-Agent"])
        if self.path == "/dripping":
            return self.drip()
        if self.path == "/no-head" and self.command == "HEAD":
            return self.reply(405)
        if self.path == "/no-head":
            return self.reply(206 if self.headers["Range"] == "bytes=0-0" else 500)
        return self.reply(*ANSWERS[self.path])

    do_GET = do_HEAD

    def reply(self, status, location=None):
        self.send_response(status)
        if location:
            self.send_header("Location", location.replace("PORT", str(self.server.server_port)))
        self.end_headers()

    def drip(self):
        for letter in b"HTTP/1.0 200 OK\r\nX: " + 200 * b"x":
            try:
                self.wfile.write(bytes([letter]))
            except OSError:
                return
            sleep(0.05)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def asked():
    Handler.asked.clear()
    return Handler.asked


def checker(requests=100, per_host=100, pause=0, timeout=5, allow_private=True):
    return Checker(requests, per_host, pause, timeout, allow_private)


def outcome(url, **options):
    found = checker(**options).check(url)
    return found.outcome, found.status, found.detail


# What becomes of a link


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/found", ("found", 200, "")),
        ("/found#part-2", ("found", 200, "")),
        ("/a b?c=đ", ("found", 200, "")),
        ("/no-head", ("found", 206, "")),
        ("/empty", ("found", 200, "")),
        ("/nowhere", ("found", 302, "")),
        ("/moved", ("moved", 200, "SERVER/found")),
        ("/moved-far", ("moved", 200, "SERVER/found")),
        ("/for-now", ("found", 200, "")),
        ("/first-for-now", ("found", 200, "")),
        ("/moved-away", ("broken", 404, "")),
        ("/gone", ("broken", 404, "")),
        ("/no-more", ("broken", 410, "")),
        ("/to-ftp", ("broken", None, guarded_http.NOT_HTTP)),
        ("/to-file", ("broken", None, guarded_http.NOT_HTTP)),
        ("/to-nonsense", ("broken", None, guarded_http.NO_NAME)),
        ("/circle", ("unreachable", 302, links.IN_CIRCLES)),
        ("/people-only", ("unreachable", 403, links.NOT_TOLD)),
        ("/not-now", ("unreachable", 503, links.IN_TROUBLE)),
    ],
)
def test_what_becomes_of_a_link(server, path, expected):
    found, status, detail = expected
    assert outcome(server + path) == (found, status, detail.replace("SERVER", server))


def test_the_body_is_never_read_and_get_comes_after_head_alone(server, asked):
    outcome(f"{server}/found")
    outcome(f"{server}/gone")
    outcome(f"{server}/circle")
    assert asked[:3] == [("HEAD", "/found"), ("HEAD", "/gone"), ("GET", "/gone")]
    assert asked[3:] == 6 * [("HEAD", "/circle")]
    assert Handler.agents == {links.USER_AGENT}, "it says who asks"


def test_a_server_that_drips_is_cut_off(server):
    assert outcome(f"{server}/dripping", timeout=0.2) == (
        *("unreachable", None),
        guarded_http.TOO_SLOW,
    )


def test_a_door_that_is_closed():
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}/"
    assert outcome(address) == ("unreachable", None, guarded_http.NO_CONNECTION)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ssl.SSLCertVerificationError("expired"), guarded_http.BAD_CERTIFICATE),
        (ssl.SSLError("handshake"), guarded_http.NO_CONNECTION),
        (TimeoutError("slow"), guarded_http.TOO_SLOW),
        (ConnectionResetError("reset"), guarded_http.NO_CONNECTION),
        (BadStatusLine("SSH-2.0"), guarded_http.NO_HTTP),
    ],
)
def test_a_connection_that_fails(monkeypatch, error, sentence):
    def connect(self):
        raise error

    monkeypatch.setattr(guarded_http.Pinned, "connect", connect)
    assert outcome("https://127.0.0.1/") == ("unreachable", None, sentence)


@pytest.mark.parametrize(
    "url",
    [
        *("http://", "http:///x", "http://[::1", "http://a:x/", "http://a:99999/"),
        *(f"http://{'x' * 64}.org/", "http://a..b/", "http://a/\ud800", "//example.org", "x"),
    ],
)
def test_an_address_that_is_none(url):
    found = checker().check(url)
    assert (found.outcome, found.status) == ("broken", None)


# Nothing within our own network

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
]
OUTSIDE = ["1.1.1.1", "203.162.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize(("address", "public"), [(a, a in OUTSIDE) for a in INSIDE + OUTSIDE])
def test_which_addresses_are_public(address, public):
    assert guarded_http.is_public(address) is public


def resolving(monkeypatch, **names):
    """Let each name resolve to its list of answers, one after the other; returns what was asked."""
    asked, real = [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host not in names:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        addresses = names[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture
def connected(monkeypatch):
    """The places that a connection was opened to."""
    places, real = [], socket.create_connection

    def create_connection(place, *args, **kwargs):
        places.append(place[0])
        return real(place, *args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return places


@pytest.fixture
def our_server_is_public(monkeypatch):
    """As if the server of these tests stood outside, and everything else of the loopback inside."""
    real = guarded_http.is_public
    monkeypatch.setattr(guarded_http, "is_public", lambda a: a == "127.0.0.1" or real(a))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:7f00:1]"),
        *("169.254.169.254", "10.0.0.1"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_inside_is_not_asked(server, asked, connected, scheme, host):
    port = server.rpartition(":")[2]
    refused = ("broken", None, guarded_http.NOT_PUBLIC)
    assert outcome(f"{scheme}://{host}:{port}/found", allow_private=False) == refused
    assert asked == connected == []


def test_a_name_with_one_address_inside_is_not_asked(monkeypatch, connected):
    resolving(monkeypatch, mixed=[["1.1.1.1", "192.168.1.1"]])
    refused = ("broken", None, guarded_http.NOT_PUBLIC)
    assert outcome("http://mixed/", allow_private=False) == refused
    assert connected == []


@pytest.mark.parametrize("inside", ["127.0.0.2", "169.254.169.254", "[::1]", "localhost2"])
def test_a_redirect_inside_is_not_followed(
    monkeypatch, server, asked, connected, our_server_is_public, inside
):
    resolving(monkeypatch, localhost2=[["10.0.0.1"]])
    monkeypatch.setitem(ANSWERS, "/inside", (301, f"http://{inside}:PORT/found"))
    refused = ("broken", None, guarded_http.NOT_PUBLIC)
    assert outcome(f"{server}/inside", allow_private=False) == refused
    assert (asked, connected) == ([("HEAD", "/inside")], ["127.0.0.1"])


def test_a_name_that_changes_its_address_meanwhile_leads_nowhere(
    monkeypatch, server, connected, our_server_is_public
):
    port = server.rpartition(":")[2]
    names = resolving(monkeypatch, rebinding=[["127.0.0.1"], ["127.0.0.2"]])
    assert outcome(f"http://rebinding:{port}/found", allow_private=False) == ("found", 200, "")
    assert (names, connected) == (["rebinding"], ["127.0.0.1"]), "asked once, and gone there"
    refused = ("broken", None, guarded_http.NOT_PUBLIC)
    assert outcome(f"http://rebinding:{port}/found", allow_private=False) == refused
    assert connected == ["127.0.0.1"]


# Within bounds


def test_requests_are_counted_over_all_and_for_each_server(server, asked):
    one = checker(requests=5, per_host=3)
    assert one.check(f"{server}/moved").outcome == "moved"
    with pytest.raises(UsedUp) as limit:
        one.check(f"{server}/gone")
    assert (limit.value.host, len(asked), one.left) == ("127.0.0.1", 3, 2)
    other = server.replace("127.0.0.1", "localhost")
    with pytest.raises(UsedUp) as limit:
        one.check(f"{other}/moved-far")
    assert (limit.value.host, len(asked), one.left) == (None, 5, 0)


def test_there_is_a_pause_between_two_requests_to_one_server(monkeypatch, server):
    naps, now = [], [100.0]

    class Time:
        monotonic = staticmethod(lambda: now[0])

        @staticmethod
        def sleep(seconds):
            naps.append(seconds)
            now[0] += seconds

    monkeypatch.setattr(links, "time", Time)
    one = checker(pause=2)
    one.check(f"{server}/found")
    now[0] += 0.5
    one.check(f"{server}/gone")
    one.check(server.replace("127.0.0.1", "localhost") + "/found")
    assert naps == [1.5, 2]


# The command


def run(**options):
    out = StringIO()
    options = {"allow_private": True, "pause": 0, "timeout": 5} | options
    call_command("check_links", stdout=out, **options)
    return out.getvalue().splitlines()


def source(name, **values):
    return builders.source(name, slug=name, **values)


def stored():
    rows = LinkCheck.objects.order_by("source__slug", "field")
    return [(row.source.slug, row.field, row.outcome, row.status) for row in rows]


def test_what_the_command_stores_and_says(server, asked):
    source("both", url=f"{server}/found", archive_url=f"{server}/moved")
    source("gone", url=f"{server}/gone")
    source("the-same", url=f"{server}/found")
    source("without")
    assert run() == [
        f"broken gone {server}/gone: 404",
        "Links checked: 4 of 4 (2 found, 1 moved, 1 broken, 0 unreachable).",
    ]
    assert stored() == [
        ("both", "archive_url", "moved", 200),
        ("both", "url", "found", 200),
        ("gone", "url", "broken", 404),
        ("the-same", "url", "found", 200),
    ]
    moved = LinkCheck.objects.get(outcome="moved")
    assert (moved.detail, moved.url) == (f"{server}/found", f"{server}/moved")
    assert asked.count(("HEAD", "/found")) == 2, "once for both sources, once after the redirect"


def test_broken_since_is_kept_until_it_works_again(server, monkeypatch):
    source("a", url=f"{server}/changing")
    first = timezone.now()
    history = []
    for status in (404, 503, 200, 404):
        monkeypatch.setitem(ANSWERS, "/changing", (status, None))
        run()
        row = LinkCheck.objects.get()
        assert row.checked_at > first
        history.append(row.broken_since)
    assert history[0] == history[1]
    assert history[2] is None
    assert history[3] > history[0]
    SourceDocument.objects.update(url=f"{server}/gone")
    run()
    assert LinkCheck.objects.get().broken_since > history[3], "another address has its own story"


def test_the_link_that_was_checked_longest_ago_comes_first(server, asked):
    for name in ("found", "empty", "no-head"):
        source(name, url=f"{server}/{name}")
    run(requests=2)
    assert [slug for slug, *_rest in stored()] == ["found"], "empty takes two requests"
    asked.clear()
    run(requests=2)
    assert [path for _method, path in asked] == ["/empty", "/empty"]
    run(requests=2)
    asked.clear()
    assert run(requests=1)[-1].startswith("Links checked: 1 of 3 ")
    assert asked == [("HEAD", "/found")]
    SourceDocument.objects.filter(slug="no-head").update(url=f"{server}/moved")
    asked.clear()
    run(requests=2)
    assert asked[0] == ("HEAD", "/moved"), "an address that is new was never checked"


def test_a_server_with_many_links_does_not_keep_the_others_waiting(server):
    for number in range(3):
        source(f"a-{number}", url=f"{server}/found?{number}")
        ANSWERS[f"/found?{number}"] = (200, None)
    source("other", url=server.replace("127.0.0.1", "localhost") + "/found")
    assert run(per_host=2)[-1].startswith("Links checked: 3 of 4 ")
    assert [slug for slug, *_rest in stored()] == ["a-0", "a-1", "other"]


def test_offline_nothing_is_stored(monkeypatch, server):
    source("a", url=f"{server}/found")
    source("b", url="http://example.org/")

    def offline(*args, **kwargs):
        raise socket.gaierror("no network")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", offline)
        with pytest.raises(CommandError) as refusal:
            run()
    sentence = "No server could be reached: this machine seems to be offline. Nothing was stored."
    assert (str(refusal.value), refusal.value.returncode) == (sentence, 3)
    assert stored() == []
    unknown = monkeypatch.context()
    with unknown as patch:
        patch.setattr(socket, "getaddrinfo", failing_for("example.org"))
        assert run()[-1] == "Links checked: 2 of 2 (1 found, 0 moved, 0 broken, 1 unreachable)."
    assert stored() == [("a", "url", "found", 200), ("b", "url", "unreachable", None)]


def failing_for(name):
    real = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if host == name:
            raise socket.gaierror("unknown")
        return real(host, *args, **kwargs)

    return getaddrinfo


def test_what_is_inside_is_told_without_a_network_too(server, asked):
    source("a", url=f"{server}/found")
    assert run(allow_private=False) == [
        f"broken a {server}/found: It leads into a private network, where nothing is asked.",
        "Links checked: 1 of 1 (0 found, 0 moved, 1 broken, 0 unreachable).",
    ]
    assert asked == []


def test_without_any_link_there_is_nothing_to_do():
    source("without")
    assert run() == ["Links checked: 0 of 0 (0 found, 0 moved, 0 broken, 0 unreachable)."]


def test_a_source_that_is_changed_while_it_is_checked_keeps_no_result(server, monkeypatch):
    row = source("a", url=f"{server}/found")
    real = Checker.check

    def check(self, url):
        SourceDocument.objects.filter(pk=row.pk).update(url=f"{server}/gone")
        return real(self, url)

    monkeypatch.setattr(Checker, "check", check)
    run()
    assert stored() == []


@pytest.mark.parametrize(
    "option", ["--requests=0", "--per-host=-1", "--pause=-1", "--timeout=x", "--timeout=nan"]
)
def test_a_bound_that_makes_no_sense_is_refused(option):
    with pytest.raises(CommandError, match="invalid"):
        call_command("check_links", option)
