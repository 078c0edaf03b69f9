"""Every address: who may ask how, and that what is hidden answers like what never was."""

from itertools import count
from urllib.robotparser import RobotFileParser

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override

from tests.answers import unpacked
from tests.chronicle import HIDDEN, SECRETS
from tests.crawling import crawl
from timeline.models import RECORDS, TimelineEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

# A new address has to be put into one of these three: public in both languages, public without
# one, or behind the door of the admin. Of the first kind, something that stands and its keys.
PUBLIC = {
    "timeline": None,
    "timeline_csv": None,
    "timeline_json": None,
    "timeline_atom": None,
    "timeline_ics": None,
    "trips_csv": None,
    "trip": ("slug", ["2024-us-cuba", "2026-us"]),
    "meeting": ("slug", ["2026-trump", "2026-gaza-opening", "gaza-membership-letter"]),
    "agreement": ("slug", ["2026-boeing-737-max", "2026-signings", "gaza-charter"]),
    **{
        f"{kind}_{style}": ("slug", [slug])
        for kind, slug in [
            ("trip", "2026-us"),
            ("meeting", "2026-trump"),
            ("agreement", "gaza-charter"),
        ]
        for style in ("bib", "ris")
    },
    "people": None,
    "person": ("slug", ["to-lam", "trump-donald"]),
    "organizations": None,
    "organization": ("slug", ["boeing", "gaza-board"]),
    "countries": None,
    "country": ("code", ["VN", "US", "CU", "VA"]),
    "country_pair": ("code other", ["US VN", "CU VN"]),
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
    "sitemap_section": "/sitemap-people.xml",
    "openapi": "/openapi.json",
    "package": "/data/package.zip",
}
NEVER = {"slug": "never-existed", "code": "ZZ"}


def addresses():
    """Every public address there is an example for."""
    yield from WITHOUT_LANGUAGE.values()
    for language in ("en", "vi"):
        with override(language):
            for name, example in PUBLIC.items():
                keys, values = example or ("", [""])
                for value in values:
                    kwargs = dict(zip(keys.split(), value.split(), strict=True))
                    yield reverse(name, kwargs=kwargs)


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
        "/en/timeline.xml",
        "/timeline.json",
        "/en/openapi.json",
        "/sitemap-nothing.xml",
        "/sitemap-entries.xml?p=2",
        "/sitemap-entries.xml?p=%00",
        "/fr/",
        "/people/",
        "/people/to-lam/",
    ],
)
def test_other_addresses_do_not_exist(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Cookie" not in answer.headers.get("Vary", "")


# Pages that ask again about what they have found, and how they answer when that is gone.
IN_PARTS = {"meetings/2026-trump": {200, 404}, "sources": {200}, "people": {200}}
IN_PARTS |= {"people/to-lam": {200, 404}, "countries/US/VN": {200, 404}}


@pytest.mark.parametrize("page", IN_PARTS)
def test_what_is_withdrawn_between_two_queries_of_a_page_is_not_there(client, page):
    def withdraw_everything():
        for model in RECORDS.values():
            QuerySet(model).update(state="withdrawn")
        TimelineEntry.objects.all().delete()

    def asked(since):
        """The status of the answer when all is withdrawn before the query `since`, if there is."""
        queries = count()

        def run_later(run, *query):
            if next(queries) == since:
                withdraw_everything()
            return run(*query)

        with transaction.atomic():
            with connection.execute_wrapper(run_later):
                status = client.get(f"/en/{page}/").status_code
            transaction.set_rollback(True)
        return status, next(queries)

    _status, number = asked(since=None)
    assert {asked(since)[0] for since in range(number)} == IN_PARTS[page]


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
    seen, dead = crawl(client, "/en/")
    assert dead == []
    assert {address for address in ADDRESSES if address[:4] in ("/en/", "/vi/")} <= seen.keys()
    assert {f"/en/{e.kind}s/{e.slug}/" for e in TimelineEntry.objects.all()} <= seen.keys()


def test_robots_are_kept_from_the_admin_and_searches_and_shown_the_sitemap(client):
    told = client.get("/robots.txt").content.decode()
    assert told == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /*?*q=\n\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )
    plain = RobotFileParser()  # it knows no wildcards
    plain.parse(told.splitlines())
    assert plain.site_maps() == ["http://testserver/sitemap.xml"]
    assert [path for path in ADDRESSES if not plain.can_fetch("*", path)] == []
    assert not plain.can_fetch("*", "/admin/login/")


def test_search_engines_list_pages_and_not_what_can_be_asked_without_end(client):
    cursor = TimelineEntry.objects.order_by("oldest_key")[2].oldest_key
    listed = ["/en/", "/vi/?country=VN", "/en/?order=newest", "/en/people/to-lam/", "/en/data/"]
    asked = ["q=lam", f"after={cursor}", f"before={cursor}", "country=VN&kind=trip", "q=zzyzx"]
    for address in [*listed, *(f"/en/?{query}" for query in asked)]:
        head = client.get(address).content.decode().partition("</head>")[0]
        told = '<meta name="robots" content="noindex,follow">' in head
        assert told == (address not in listed), address
