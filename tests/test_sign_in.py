"""Signing in: the answer is the same for everybody who may not, and guessing comes to an end."""

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from timeline.sign_in import address

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
PASSWORD_CHANGE = "/admin/password_change/"
LOCK_OUTS = "/admin/auth/user/lock-outs/"
WRONG = "Please enter the correct username and password"


def attempt(client, name, password="wrong", **values):
    return client.post(LOGIN, {"username": name, "password": password}, **values)


def lock(client, name, **values):
    for _number in range(5):
        answer = attempt(client, name, **values)
    return answer


def is_in(client):
    return client.get("/admin/").status_code == 200


def essence(answer, name):
    """What a browser gets, without the name that was typed and the token of the form."""
    content = answer.content.decode().replace(f'value="{name}"', "")
    content = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", content)
    varying = {"Expires", "Content-Length"}
    headers = {key: value for key, value in answer.headers.items() if key not in varying}
    return answer.status_code, headers, content


@pytest.fixture
def nobody(eli, vera, petra):
    """Names that all may not come in, with the password that each of them is tried with."""
    get_user_model().objects.filter(username="vera").update(is_active=False)
    get_user_model().objects.filter(username="petra").update(is_staff=False)
    return {"unknown": "unknown", "eli": "wrong", "vera": "vera", "petra": "petra"}


# The same answer for everybody


def test_whoever_may_not_come_in_gets_the_same_answers_until_locked_out(nobody):
    answers = []
    for name, password in nobody.items():
        client = Client()
        answers.append([essence(attempt(client, name, password), name) for _n in range(7)])
    assert answers[1:] == answers[:1] * 3
    assert [status for status, _headers, _content in answers[0]] == [200] * 4 + [429] * 3
    assert WRONG in answers[0][0][2]


def test_every_wrong_attempt_costs_one_hash(nobody, monkeypatch):
    """The time of an answer is that of the hash: an unknown name must not be quicker."""
    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda *arguments: (hashed.append(arguments), encode(*arguments))[1],
    )
    costs = {}
    for name, password in nobody.items():
        hashed.clear()
        attempt(Client(), name, password)
        costs[name] = len(hashed)
    assert set(costs.values()) == {1}, costs


@pytest.mark.parametrize("name", ["eli\0", "e" * 10_000, "\ud800", "\u202eeli", ""])
def test_a_name_that_cannot_be_is_refused_like_any_other(client, eli, name):
    answer = client.post(
        f"{LOGIN}?next=%00&x=%ED%A0%80",
        b"password=eli&username=" + name.encode("utf-8", "surrogatepass").replace(b"\0", b"%00"),
        content_type="application/x-www-form-urlencoded",
        headers={"User-Agent": "a" * 5000, "Accept": "b" * 5000},
    )
    assert answer.status_code == 200
    assert not is_in(client)
    assert all(len(row.username) <= 150 for row in AccessAttempt.objects.all())


# The lock-out


@pytest.mark.parametrize("language", ["en", "vi"])
def test_who_is_locked_out_reads_for_how_long(client, language):
    answer = lock(client, "zzyzx", headers={"Accept-Language": language})
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "no-store" in answer["Cache-Control"]
    content = answer.content.decode()
    assert f'<html lang="{language}"' in content
    assert re.search(r'<p class="errornote">[^<]*15', content)
    assert "zzyzx" not in content


def test_the_lock_holds_for_the_right_password_and_ends_with_the_cool_off(client, eli):
    lock(client, "eli")
    assert attempt(client, "eli", "eli").status_code == 429
    before = AccessAttempt.objects.get().attempt_time
    assert lock(client, "eli").status_code == 429
    assert AccessAttempt.objects.get().attempt_time == before, "trying on makes it no longer"
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert attempt(client, "eli", "eli").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(client, "eli", "eli").status_code == 302
    assert is_in(client)


def test_the_lock_is_on_the_name_at_the_address_and_on_no_other(client, eli, vera):
    lock(client, "eli", REMOTE_ADDR="192.0.2.1")
    assert attempt(client, "vera", REMOTE_ADDR="192.0.2.1").status_code == 200
    assert attempt(client, "eli", REMOTE_ADDR="192.0.2.2").status_code == 200
    other = {"REMOTE_ADDR": "192.0.2.1", "headers": {"User-Agent": "another"}}
    assert attempt(client, "eli", **other).status_code == 429
    assert attempt(client, " ｅli ", **other).status_code == 429, "the same name to Django"


def test_signing_in_forgives_earlier_slips(client, eli):
    for _day in range(2):
        for _slip in range(4):
            assert attempt(client, "eli").status_code == 200
        assert attempt(client, "eli", "eli").status_code == 302


def test_a_forged_address_does_not_go_round_the_lock(client, eli, settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    for number in range(5):
        said = f"198.51.100.{number}, 192.0.2.7"
        answer = attempt(client, "eli", headers={"X-Forwarded-For": said})
    assert answer.status_code == 429
    assert [row.ip_address for row in AccessAttempt.objects.all()] == ["192.0.2.7"]
    settings.TRUSTED_PROXIES = []
    lock(client, "eli", headers={"X-Forwarded-For": "192.0.2.8"})
    assert AccessAttempt.objects.filter(ip_address="127.0.0.1").exists()


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "found"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "127.0.0.1", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.1", "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "forged, 198.51.100.1", "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.0.0.7", "127.0.0.1,10.0.0.0/24", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.9, 10.0.0.7", "127.0.0.1,10.0.0.0/24", "10.0.0.9"),
        ("127.0.0.1", "", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "9" * 5000, "127.0.0.1", "127.0.0.1"),
        ("", "198.51.100.1", "127.0.0.1", "198.51.100.1"),
        ("", "198.51.100.1", "", None),
        ("::ffff:192.0.2.1", "", "", "192.0.2.1"),
        ("::1", "2001:db8:1:2:3::4", "::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "", "", "2001:db8:1:2::"),
    ],
)
def test_the_address_of_a_visitor(settings, peer, forwarded, trusted, found):
    settings.TRUSTED_PROXIES = [ip_network(part) for part in trusted.split(",") if part]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    assert address(request) == found


# Letting in again


def test_an_administrator_ends_a_lock_out_and_nobody_else_sees_them(client, eli, petra, ada):
    lock(Client(), "eli")
    lock(Client(), "unknown")
    for user, status in ((eli, 403), (petra, 403), (ada, 200)):
        client.force_login(user)
        assert client.get(LOCK_OUTS).status_code == status
    content = client.get(LOCK_OUTS).content.decode()
    assert re.findall(r'<th scope="row">(.*?)</th>', content) == ["unknown", "eli"]
    for forged in ({}, {"username": "e\0"}, {"username": "eli", "ip_address": "x"}):
        client.post(LOCK_OUTS, forged)
    assert attempt(Client(), "eli", "eli").status_code == 429
    client.post(LOCK_OUTS, {"username": "eli", "ip_address": "127.0.0.1"})
    assert "unknown" in client.get(LOCK_OUTS).content.decode()
    assert attempt(Client(), "eli", "eli").status_code == 302
    assert attempt(Client(), "unknown").status_code == 429
    client.force_login(eli)
    assert client.post(LOCK_OUTS, {"username": "unknown"}).status_code == 403


def test_the_tables_of_attempts_and_devices_have_no_pages(admin_client):
    for page in ("axes/accessattempt/", "otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert admin_client.get(f"/admin/{page}").status_code == 404


def test_the_command_lets_in_as_well(eli, capsys):
    lock(Client(), "eli")
    call_command("let_in", "eli")
    assert capsys.readouterr().out == "eli may try again.\n"
    assert attempt(Client(), "eli", "eli").status_code == 302
    with pytest.raises(CommandError, match="There is no user elias"):
        call_command("let_in", "elias")


# Sessions


def test_signing_in_gives_another_session(client, eli):
    client.get(LOGIN)
    client.cookies["sessionid"] = planted = "planted0planted0planted0planted0"
    Session.objects.create(
        session_key=planted, expire_date=timezone.now() + timedelta(hours=1), session_data=""
    )
    attempt(client, "eli", "eli")
    assert client.cookies["sessionid"].value != planted
    assert is_in(client)


def test_a_new_password_ends_every_other_session(client, eli):
    old = Client()
    for visitor in (client, old):
        visitor.force_login(eli)
    key = client.cookies["sessionid"].value
    new = "a new passphrase"
    answer = client.post(
        PASSWORD_CHANGE, {"old_password": "eli", "new_password1": new, "new_password2": new}
    )
    assert answer.status_code == 302
    assert is_in(client)
    assert client.cookies["sessionid"].value != key
    assert not is_in(old)


def test_a_password_that_an_administrator_sets_ends_the_sessions(client, eli, ada):
    old = Client()
    old.force_login(eli)
    client.force_login(ada)
    new = {"password1": "a new passphrase", "password2": "a new passphrase"}
    data = new | {"usable_password": "true", "set-password": "1"}
    assert client.post(f"/admin/auth/user/{eli.pk}/password/", data).status_code == 302
    assert not is_in(old)


def test_deactivation_ends_the_sessions_for_good(client, eli, vera):
    other = Client()
    other.force_login(vera)
    client.force_login(eli)
    eli.is_active = False
    eli.save()
    assert not is_in(client)
    eli.is_active = True
    eli.save()
    assert not is_in(client)
    assert is_in(other)


def test_a_session_ends_after_a_day_in_which_nobody_touched_it(client, eli, monkeypatch):
    client.force_login(eli)
    client.get("/admin/")
    ends = Session.objects.get().expire_date
    assert timedelta(hours=11) < ends - timezone.now() <= timedelta(hours=12)
    assert client.cookies["sessionid"]["max-age"] == "", "nor does it outlive the browser"
    client.get("/admin/")
    assert Session.objects.get().expire_date == ends, "not a write for each page"
    session = client.session
    session["renewed"] -= 2 * 60 * 60
    session.set_expiry(None)
    session.save()
    Session.objects.update(expire_date=ends - timedelta(hours=2))
    client.get("/admin/")
    assert Session.objects.get().expire_date > ends - timedelta(minutes=1), "who works stays in"
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)


def test_expired_sessions_are_forgotten(client, eli):
    past = timezone.now() - timedelta(hours=1)
    Session.objects.create(session_key="old", session_data="", expire_date=past)
    client.force_login(eli)
    assert [row.session_key for row in Session.objects.all()] == [client.session.session_key]


# Requests that somebody else made up


def posts(patterns, prefix):
    """An example of every address below the admin."""
    for entry in patterns:
        found = prefix + re.sub(r"<[^>]*>", "1", str(entry.pattern))
        found = re.sub(r"\(\?P.*?\)\$?", "1", found).replace("^", "").replace("$", "")
        if isinstance(entry, URLPattern):
            yield found
        else:
            yield from posts(entry.url_patterns, found)


def test_every_address_of_the_admin_refuses_a_post_without_token(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    addresses = [
        found for found in posts(get_resolver().url_patterns, "/") if found.startswith("/admin/")
    ]
    assert len(addresses) > 100
    assert {
        address: status
        for address in addresses
        if (status := strict.post(address, {"post": "yes"}).status_code) != 403
    } == {}


ELSEWHERE = [
    *("https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "\\\\evil"),
    *("javascript:alert(1)", "https:evil.example.org", "///evil", "http://testserver@evil", " //e"),
]


def test_no_address_leads_to_another_site(client, eli):
    sign_in = {"username": "eli", "password": "eli"}
    for wanted in ELSEWHERE:
        for query, data in (({"next": wanted}, {}), ({}, {"next": wanted})):
            answer = client.post(LOGIN, sign_in | data, query_params=query)
            assert (answer.status_code, answer["Location"]) == (302, "/admin/"), wanted
            answer = client.post("/admin/logout/", data, query_params=query)
            assert answer.headers.get("Location", "/admin/logout/") == "/admin/logout/", wanted


def test_an_own_address_is_led_to(client, eli):
    answer = client.post(
        f"{LOGIN}?next=/admin/timeline/trip/", {"username": "eli", "password": "eli"}
    )
    assert answer["Location"] == "/admin/timeline/trip/"
