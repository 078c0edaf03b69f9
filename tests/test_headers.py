"""Every answer tells the browser what it must not do, an error page included."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/en/", "/admin/login/", "/en/no-such-page/"])
def test_every_answer_is_guarded(client, address):
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
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
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_cookies_of_the_admin_are_out_of_reach_of_scripts_and_other_sites(client, ada):
    client.post("/admin/login/", {"username": "ada", "password": "ada"})
    client.get("/admin/password_change/")
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"
