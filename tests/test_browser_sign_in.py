"""Signing in with a second factor, in a real browser that obeys the content policy."""

from base64 import b32decode

import pytest
from django_otp.oath import totp

from tests.browsing import DESK, PHONE, Watch, follow, look

LOADED = "document.querySelector('.qr-code img').naturalWidth > 100"


@pytest.mark.django_db(transaction=True)
def test_a_device_is_set_up_and_asked_for(page, live_server, eli, settings):
    settings.SECOND_FACTOR = True
    watch = Watch(page.context, live_server.url)
    sign_in(page, watch)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert look(page) == {}
    assert page.evaluate(LOADED)
    key = page.locator(".secret").inner_text().replace("-", "")
    page.get_by_label("Code:").fill(f"{totp(b32decode(key)):06}")
    follow(page.get_by_role("button", name="Continue"))
    assert look(page) == {}
    code = page.locator(".recovery-codes li").first.inner_text()
    follow(page.get_by_role("link", name="I have kept them: continue"))
    assert page.locator("h1").inner_text() == "The desk"
    follow(page.get_by_role("link", name="Recovery codes"))
    assert look(page) == {}
    follow(page.get_by_role("button", name="Log out"))

    sign_in(page, watch)
    page.get_by_label("Code:").fill("wrong")
    follow(page.get_by_role("button", name="Continue"))
    assert "not right" in page.locator(".errorlist").inner_text()
    assert look(page) == {}
    follow(page.get_by_role("button", name="Log out"))

    eli.staticdevice_set.update(throttling_failure_count=0)
    sign_in(page, watch)
    page.get_by_label("Code:").fill(code)
    follow(page.get_by_role("button", name="Continue"))
    assert "9 are left" in page.locator(".messagelist").inner_text()
    assert watch.faults == []


@pytest.mark.django_db(transaction=True)
def test_the_page_of_who_is_locked_out_is_sound(page, live_server, eli):
    watch = Watch(page.context, live_server.url)
    for _number in range(5):
        sign_in(page, watch, "wrong")
    assert page.locator("h1").inner_text() == "Too many attempts"
    assert look(page) == {}
    follow(page.get_by_role("link", name="Log in"))
    assert page.get_by_label("Username:").is_visible()


def sign_in(page, watch, password="eli"):
    watch.visit(page, "/admin/login/")
    page.get_by_label("Username:").fill("eli")
    page.get_by_label("Password:").fill(password)
    follow(page.get_by_role("button", name="Log in"))
