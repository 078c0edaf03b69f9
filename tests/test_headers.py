"""Every answer tells the browser what it must not do, an error page included."""

import pytest
from django.test import Client

from timeline.views import records

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ANSWERS = {
    "/": 302,
    "/en/": 200,
    "/vi/timeline.csv": 200,
    "/en/?from=nonsense": 400,
    "/en/no-such-page/": 404,
    "/en/trips/broken/": 500,
    "/healthz": 200,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/admin/": 302,
    "/admin/login/": 200,
    "/static/admin/css/base.css": 200,
    "/static/timeline/favicon.svg": 200,
    "/static/nothing.css": 404,
}


def is_strict(answer):
    parts = answer["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts) == POLICY and all(
        answer.headers.get(name) == value for name, value in STRICT.items()
    )


def test_every_answer_is_guarded(monkeypatch, ada):
    def fail(*_args, **_kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(records, "get_object_or_404", fail)
    client = Client(raise_request_exception=False)
    answers = {address: client.get(address) for address in ANSWERS}
    assert {address: answer.status_code for address, answer in answers.items()} == ANSWERS
    strange = {"headers": {"Host": "evil.example.org"}}
    answers["another host"] = client.get("/en/", **strange)
    answers["method"] = client.post("/en/")
    answers["forged"] = Client(enforce_csrf_checks=True).post("/admin/login/")
    client.force_login(ada)
    answers["desk"] = client.get("/admin/")
    answers["forbidden"] = client.get("/admin/auth/group/add/")
    others = ("another host", "method", "forged", "desk", "forbidden")
    assert [answers[name].status_code for name in others] == [400, 405, 403, 200, 403]
    assert [name for name, answer in answers.items() if not is_strict(answer)] == []
    for answer in answers.values():
        answer.close()  # those of static files hold them open


def test_what_is_refused_before_django_sets_its_headers_has_them_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/en/", headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    assert is_strict(answer)


def test_the_host_is_the_one_that_the_connection_asks_for(client):
    answer = client.get("/robots.txt", headers={"X-Forwarded-Host": "evil.example.org"})
    assert answer.status_code == 200
    assert "evil" not in answer.content.decode()
    for host in ("evil.example.org", "testserver.evil.example.org", "testserver@evil", "a b", ""):
        assert client.get("/en/", headers={"Host": host}).status_code == 400, host


def test_the_cookies_of_the_admin_are_out_of_reach_of_scripts_and_other_sites(client, ada):
    client.post("/admin/login/", {"username": "ada", "password": "ada"})
    client.get("/admin/password_change/")
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin/")
