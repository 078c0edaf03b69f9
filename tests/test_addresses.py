"""Every address: who may ask how, and that what is hidden answers like what never was."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override

from tests.answers import unpacked
from tests.chronicle import HIDDEN, OLDEST_FIRST, SECRETS
from timeline.models import TimelineEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

# A new address has to be put into one of these three: public in both languages, public without
# one, or behind the door of the admin. Of the first kind, something that stands and its key.
PUBLIC = {
    "timeline": None,
    "timeline_csv": None,
    "trips_csv": None,
    "trip": ("slug", ["2024-us-cuba", "2026-us"]),
    "meeting": ("slug", ["2026-trump", "2026-gaza-opening", "gaza-membership-letter"]),
    "agreement": ("slug", ["2026-boeing-737-max", "2026-signings", "gaza-charter"]),
    "people": None,
    "person": ("slug", ["to-lam", "trump-donald"]),
    "organizations": None,
    "organization": ("slug", ["boeing", "gaza-board"]),
    "countries": None,
    "country": ("code", ["VN", "US", "CU", "VA"]),
    "sources": None,
    "source": ("slug", ["communist-review", "information-2026", "annex", "office-list"]),
    "source_file": ("slug", ["communist-review"]),
    "data": None,
}
WITHOUT_LANGUAGE = {
    "entrance": "/",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "package": "/data/package.zip",
}
NEVER = {"slug": "never-existed", "code": "ZZ"}


def addresses():
    """Every public address there is an example for."""
    yield from WITHOUT_LANGUAGE.values()
    for language in ("en", "vi"):
        with override(language):
            for name, example in PUBLIC.items():
                key, values = example or ("", [None])
                for value in values:
                    yield reverse(name, kwargs={key: value} if example else None)


ADDRESSES = list(addresses())


def test_every_address_is_known_to_be_public_or_not():
    found = {"public": set(), "without language": set(), "closed": set()}
    for entry in get_resolver().url_patterns:
        if str(entry.pattern).startswith("admin/"):
            found["closed"].add(str(entry.pattern))
        elif isinstance(entry, URLPattern):
            found["without language"].add(entry.name)
        elif isinstance(entry.pattern, LocalePrefixPattern):
            found["public"] |= {inner.name for inner in entry.url_patterns}
    assert found == {
        "public": set(PUBLIC),
        "without language": set(WITHOUT_LANGUAGE),
        "closed": {"admin/", "admin/language/", "admin/timeline/hints/"},
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_public_address_answers_anybody_the_same_and_sets_no_cookie(address):
    get_user_model().objects.create_superuser("ada", password="ada")
    of_ada, of_a_mess = Client(), Client()
    of_ada.force_login(get_user_model().objects.get(username="ada"))
    of_a_mess.cookies.load({"sessionid": "x", "csrftoken": "y", "django_language": "vi"})
    answers = [client.get(address) for client in (Client(), of_ada, of_a_mess)]
    assert {answer.status_code for answer in answers} == {302 if address == "/" else 200}
    assert len({answer.getvalue() for answer in answers}) == 1
    for answer in answers:
        answer.headers.pop("Expires", None)  # of the second in which it was asked
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies
        varies = None if address[:4] in ("/en/", "/vi/") else "Accept-Language"
        assert answer.headers.get("Vary") == varies


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_public_address_is_read_and_never_written_to(address):
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        answer = getattr(strict, method)(address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), method
    answer = strict.head(address)
    assert answer.status_code == (302 if address == "/" else 200)
    assert answer.getvalue() == b""


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a != "/"])
def test_a_public_answer_holds_nothing_unpublished(client, address):
    text = "\n".join(unpacked(client.get(address)).values())
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in HIDDEN.items() for value in values]
)
def test_what_is_hidden_answers_like_what_never_was(client, language, name, value):
    key = PUBLIC[name][0]
    with override(language):
        paths = [reverse(name, kwargs={key: given}) for given in (value, NEVER[key])]
    hidden, never = (client.get(path) for path in paths)
    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content
    assert hidden.headers == never.headers
    assert f'lang="{language}"' in hidden.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/en/countries/us/",
        "/en/countries/USA/",
        "/en/people/T%C3%B4/",
        "/en/people/%00/",
        "/en/people/%ED%A0%80/",
        f"/en/people/{'a' * 10_000}/",
        f"/en/trips/{'9' * 400}/",
        "/en/trips/",
        "/en/timeline.json",
        "/fr/",
        "/people/",
        "/people/to-lam/",
    ],
)
def test_other_addresses_do_not_exist(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_an_answer_to_a_wrong_address_does_not_repeat_it(client):
    answers = {client.get(path).content for path in ("/en/Zzyzx", "/en/a/b/c", "/en/trips/x/")}
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("vi", "vi"), ("vi-VN,en;q=0.5", "vi"), ("en-GB", "en"), ("fr,vi;q=0.3", "vi"), ("fr", "en")],
)
def test_the_entrance_leads_to_the_language_of_the_browser(client, wanted, language):
    client.cookies.load({"django_language": "en" if language == "vi" else "vi"})
    answer = client.get("/", headers={"Accept-Language": wanted})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert answer["Vary"] == "Accept-Language"


def test_following_every_link_finds_every_public_page_and_no_other(client):
    seen, waiting = set(), ["/en/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if "html" in answer["Content-Type"]:
            links = re.findall(r'href="(/(?:en|vi)/[^"]*)"', answer.content.decode())
            waiting += [link.replace("&amp;", "&") for link in links]
    assert {address for address in ADDRESSES if address[:4] in ("/en/", "/vi/")} <= seen
    assert {f"/en/{e.kind}s/{e.slug}/" for e in TimelineEntry.objects.all()} <= seen


def test_the_sitemap_has_every_public_page_in_both_languages(client):
    content = client.get("/sitemap.xml").content.decode()
    found = set(re.findall(r"<loc>http://testserver(.*?)</loc>", content))
    expected = {address for address in ADDRESSES if address[:4] in ("/en/", "/vi/")}
    expected -= {a for a in expected if a.endswith((".csv", "/file/"))}
    assert expected <= found
    with override("vi"):
        assert {entry.get_absolute_url() for entry in TimelineEntry.objects.all()} <= found
    per_language = 6 + len(OLDEST_FIRST) + 6 + 3 + 4 + 4
    assert len(found) == content.count("<loc>") == 2 * per_language


def test_robots_are_kept_from_the_admin_and_shown_the_sitemap(client):
    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"
    )
