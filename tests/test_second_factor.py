"""The second factor: with it on, a password opens nothing; with it off, nobody hears of it."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.test_sign_in import ELSEWHERE, LOGIN, is_in, posts
from timeline import second_factor

pytestmark = pytest.mark.django_db

ASK = "/admin/second-factor/"
ENROL = "/admin/second-factor/enrol/"
CODES = "/admin/second-factor/codes/"


@pytest.fixture(autouse=True)
def on(settings):
    settings.SECOND_FACTOR = True


def code_of(device, step=0):
    """A code of `device`; each is good once, so a second one has to be that of another step."""
    return f"{totp(device.bin_key, drift=step):06}"


def give_device(user):
    device = TOTPDevice.objects.create(user=user, name="TOTP")
    second_factor.new_recovery_codes(user)
    return device


def with_password(user, next_page="/admin/timeline/trip/"):
    """A browser in which `user` has given the password, and the page they were led to."""
    client = Client()
    data = {"username": user.username, "password": user.username, "next": next_page}
    answer = client.post(LOGIN, data, follow=True)
    return client, answer


def codes_on(answer):
    return re.findall(r"<li><code>([a-z2-7]{4}-[a-z2-7]{4})</code></li>", answer.content.decode())


def error_on(answer):
    return " ".join(answer.context["form"].errors.get("code", []))


# Enrolment


def test_who_has_no_device_sets_one_up_and_is_let_in(eli):
    client, answer = with_password(eli)
    assert answer.redirect_chain[-1][0].startswith(f"{ENROL}?next=")
    assert "no-store" in answer["Cache-Control"]
    content = answer.content.decode()
    assert '<img src="data:image/svg+xml' in content
    secret = re.search(r'<code class="secret">([A-Z2-7-]+)</code>', content)[1].replace("-", "")
    assert f"secret={secret}" in content
    assert not is_in(client)
    assert "not right" in error_on(client.post(answer.wsgi_request.get_full_path(), {"code": "1"}))
    assert TOTPDevice.objects.count() == 0
    key = client.cookies["sessionid"].value
    answer = client.post(
        answer.wsgi_request.get_full_path(), {"code": f" {totp(b32decode(secret)):06} "}
    )
    assert len(set(codes_on(answer))) == 10
    assert 'href="/admin/timeline/trip/"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.cookies["sessionid"].value != key, "the session is another one"
    assert is_in(client)
    for page in (ENROL, ASK, CODES):
        assert codes_on(client.get(page, follow=True)) == [], "codes are shown once"
    assert client.get(CODES).context["left"] == 10


def test_another_window_is_not_shown_the_same_key(eli):
    keys = {with_password(eli)[1].context["secret"] for _window in range(2)}
    assert len(keys) == 2


def test_a_password_alone_adds_no_device_to_one_that_is_there(eli):
    mine, answer = with_password(eli)
    secret = answer.context["secret"].replace("-", "")
    give_device(eli)
    code = f"{totp(b32decode(secret)):06}"
    answer = mine.post(ENROL, {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, ASK)
    another = TOTPDevice(user=eli)
    with pytest.raises(ValidationError):  # as when two windows send at once
        second_factor.enrol(eli, another.key, code_of(another))
    assert not is_in(mine)
    assert mine.post(CODES)["Location"] == ASK
    assert TOTPDevice.objects.count() == 1


# Signing in


def test_a_code_lets_in_once(eli):
    device = give_device(eli)
    client, answer = with_password(eli)
    assert answer.redirect_chain[-1][0].startswith(f"{ASK}?next=")
    key, code = client.cookies["sessionid"].value, code_of(device)
    answer = client.post(answer.wsgi_request.get_full_path(), {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/timeline/trip/")
    assert client.cookies["sessionid"].value != key
    assert is_in(client)
    other = with_password(eli)[0]
    assert "not right" in error_on(other.post(ASK, {"code": code}))
    assert not is_in(other)


def test_a_recovery_code_lets_in_once(eli):
    give_device(eli)
    code = StaticToken.objects.first().token
    client = with_password(eli)[0]
    answer = client.post(ASK, {"code": f"{code[:4]}-{code[4:].upper()}"}, follow=True)
    assert "That recovery code is used up. 9 are left." in answer.content.decode()
    assert is_in(client)
    other = with_password(eli)[0]
    assert "not right" in error_on(other.post(ASK, {"code": code}))
    assert not is_in(other)


def test_each_wrong_code_makes_the_next_wait_longer(eli):
    device = give_device(eli)
    client = with_password(eli)[0]
    wrong = f"{(int(code_of(device)) + 500_000) % 1_000_000:06}"
    assert "not right" in error_on(client.post(ASK, {"code": wrong}))
    TOTPDevice.objects.update(throttling_failure_count=5)
    answer = client.post(ASK, {"code": code_of(device)})
    assert "Too many wrong codes. Wait 16 seconds" in error_on(answer)
    assert not is_in(client)
    past = timezone.now() - timedelta(seconds=17)
    TOTPDevice.objects.update(throttling_failure_timestamp=past)
    client.post(ASK, {"code": code_of(device)})
    assert is_in(client)


@pytest.mark.parametrize(
    "code",
    ["", "\0", "0" * 41, "a" * 10_000, "\ud800", "٤٤٤٤٤٤", "²²²²²²", "-", "000000", "aaaaaaaa"],
)
def test_what_is_no_code_is_a_sentence(eli, code):
    give_device(eli)
    client = with_password(eli)[0]
    body = b"code=" + code.encode("utf-8", "surrogatepass").replace(b"\0", b"%00")
    answer = client.post(ASK, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert error_on(answer)


def test_the_code_of_somebody_else_opens_nothing(eli, vera):
    give_device(eli)
    hers = give_device(vera)
    client = with_password(eli)[0]
    token = StaticToken.objects.filter(device__user=vera).first().token
    for code in (code_of(hers), token):
        assert "not right" in error_on(client.post(ASK, {"code": code}))
    session = client.session
    session["otp_device_id"] = hers.persistent_id
    session.save()
    assert not is_in(client)


# What is closed


@pytest.mark.parametrize("has_device", [True, False])
def test_a_password_alone_opens_no_page_of_the_admin(has_device):
    root = get_user_model().objects.create_superuser("root", password="root")
    if has_device:
        give_device(root)
    client = with_password(root)[0]
    own = {LOGIN, ASK, ENROL, CODES, "/admin/logout/", "/admin/language/"}
    addresses = {
        found for found in posts(get_resolver().url_patterns, "/") if found.startswith("/admin/")
    } - own
    assert len(addresses) > 100
    open_ones = {}
    for address in addresses:
        for ask in (client.get, client.post):
            answer = ask(address)
            if (answer.status_code, answer.headers.get("Location", "")[:19]) != (
                302,
                f"{LOGIN}?next=",
            ):
                open_ones[address] = answer.status_code
    assert open_ones == {}
    assert "user-tools" not in client.get(ASK, follow=True).content.decode()


def test_who_has_no_second_factor_at_hand_can_leave(eli):
    give_device(eli)
    client = with_password(eli)[0]
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(ASK)["Location"].startswith(LOGIN)


def test_the_pages_are_for_those_who_gave_their_password(client, eli):
    for page in (ASK, ENROL, CODES):
        for ask in (client.get, client.post):
            assert ask(page)["Location"].startswith(f"{LOGIN}?next=/admin/second-factor/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eli)
    assert [strict.post(page).status_code for page in (ASK, ENROL, CODES)] == [403] * 3


def test_no_code_leads_to_another_site(eli):
    device = give_device(eli)
    client = with_password(eli)[0]
    assert client.post(f"{ASK}?next=//evil.example.org", {"code": code_of(device)})["Location"] == (
        "/admin/"
    )
    for wanted in ELSEWHERE:
        for data in ({"query_params": {"next": wanted}}, {"data": {"next": wanted}}):
            assert client.post(ASK, **data)["Location"] == "/admin/", wanted


def test_off_it_asks_nothing(client, eli, settings):
    settings.SECOND_FACTOR = False
    give_device(eli)
    client.post(LOGIN, {"username": "eli", "password": "eli"})
    content = client.get("/admin/").content.decode()
    assert "Recovery codes" not in content
    assert [client.get(page).status_code for page in (ASK, ENROL, CODES)] == [404] * 3


# Lost telephones


def verified(user):
    client = with_password(user)[0]
    client.post(ASK, {"code": code_of(TOTPDevice.objects.get(user=user))})
    assert is_in(client)
    return client


def test_new_recovery_codes_take_the_place_of_the_old(eli):
    give_device(eli)
    old = set(StaticToken.objects.values_list("token", flat=True))
    client = verified(eli)
    assert "Recovery codes" in client.get("/admin/").content.decode()
    new = {code.replace("-", "") for code in codes_on(client.post(CODES))}
    assert new == set(StaticToken.objects.values_list("token", flat=True))
    assert new.isdisjoint(old)


def test_an_administrator_takes_a_lost_device_away(eli, ada):
    for user in (eli, ada):
        give_device(user)
    old, desk = verified(eli), verified(ada)
    page = f"/admin/auth/user/{eli.pk}/second-factor/"
    assert page in desk.get(f"/admin/auth/user/{eli.pk}/change/").content.decode()
    assert "10 recovery codes are left" in desk.get(page).content.decode()
    assert TOTPDevice.objects.filter(user=eli).exists(), "to look takes nothing away"
    assert desk.post(page).status_code == 302
    assert not TOTPDevice.objects.filter(user=eli).exists()
    assert not StaticDevice.objects.filter(user=eli).exists()
    assert old.get(ENROL)["Location"].startswith(LOGIN), "the finder of the phone is out as well"
    assert with_password(eli)[1].redirect_chain[-1][0].startswith(ENROL)
    assert "has no device" in desk.get(page).content.decode()


def test_nobody_takes_a_device_from_who_can_do_more(petra, ada):
    root = get_user_model().objects.create_superuser("root", password="root")
    for user in (root, petra, ada):
        give_device(user)
    for client, user in ((verified(ada), root), (verified(petra), ada)):
        page = f"/admin/auth/user/{user.pk}/second-factor/"
        assert client.get(page).status_code == client.post(page).status_code == 403
    assert verified(root).get("/admin/auth/user/999999/second-factor/").status_code == 404
    assert TOTPDevice.objects.count() == 3


def test_the_command_takes_a_device_away_as_well(eli):
    give_device(eli)
    call_command("let_in", "eli", verbosity=0)
    assert TOTPDevice.objects.count() == 1
    call_command("let_in", "eli", "--new-device")
    assert TOTPDevice.objects.count() == 0
