"""The timeline in somebody else's frame: for whom, and what it leads to."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.answers import slugs
from tests.chronicle import OLDEST_FIRST, SECRETS
from tests.test_headers import STRICT
from timeline.views import embed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

SITE = "https://news.example.org"
OTHER = "https://*.example.net:8443"


def frame_ancestors(answer):
    return re.search("frame-ancestors ([^;]*)", answer["Content-Security-Policy"])[1]


def links(html):
    """{address: target} of the links of a page."""
    found = re.findall(r'<a href="([^"]*)"(?: rel="\w+")?(?: target="(\w+)")?', html)
    return {address.replace("&amp;", "&"): target for address, target in found}


def test_nobody_may_frame_anything_unless_a_setting_names_them(client):
    for address in ("/en/", "/en/?embed=1", "/en/?embed=2", "/en/trips/2026-us/"):
        answer = client.get(address)
        assert frame_ancestors(answer) == "'none'", address
        assert answer["X-Frame-Options"] == "DENY"
    assert "iframe" not in client.get("/en/").content.decode()


def test_the_sites_of_the_setting_may_frame_the_embedded_timeline_alone(client, settings):
    settings.EMBED_ANCESTORS = [SITE, OTHER]
    for query in ("embed=1", "embed=1&country=CU", "embed=1&from=nonsense"):
        answer = client.get(f"/vi/?{query}")
        assert frame_ancestors(answer) == f"{SITE} {OTHER}"
        assert "X-Frame-Options" not in answer
        others = {name: value for name, value in STRICT.items() if name != "X-Frame-Options"}
        assert {name: answer[name] for name in others} == others
    for address in ("/en/", "/en/?country=CU", "/en/trips/2026-us/?embed=1", "/en/timeline.json"):
        answer = client.get(address)
        assert frame_ancestors(answer) == "'none'", address
        assert answer["X-Frame-Options"] == "DENY"


def test_the_page_offers_the_lines_for_it(client, settings):
    settings.EMBED_ANCESTORS = [SITE]
    page = client.get("/vi/?country=CU&order=newest").content.decode()
    [address] = re.findall("&lt;iframe src=&quot;([^&]*(?:&amp;[^&]*)*)&quot; title", page) or (
        re.findall('&lt;iframe src="([^"]*)"', page)
    )
    address = address.replace("&amp;amp;", "&").replace("&amp;", "&")
    assert address == "http://testserver/vi/?country=CU&order=newest&embed=1"
    assert client.get(address).status_code == 200
    assert 'src="http://testserver/vi/?embed=1"' in client.get("/vi/").content.decode()


def test_the_frame_has_the_list_of_the_page_and_no_more(client):
    answer = client.get("/en/?embed=1")
    assert slugs(answer) == OLDEST_FIRST
    html = answer.content.decode()
    assert [secret for secret in SECRETS if secret in html] == []
    assert '<meta name="robots" content="noindex">' in html
    assert '<link rel="canonical" href="http://testserver/en/">' in html
    for other in ("<form", "<nav", "<script", "hreflang", "skip"):
        assert other not in html
    for query in ("country=CU", "q=to+lam&kind=meeting", "person=trump-donald&order=newest"):
        framed, whole = (client.get(f"/en/?{query}{more}") for more in ("&embed=1", ""))
        assert slugs(framed) == slugs(whole) != OLDEST_FIRST


def test_links_lead_out_of_the_frame_but_for_those_within_the_list(client, monkeypatch):
    monkeypatch.setattr(embed, "SIZE", 5)
    first = client.get("/en/?embed=1&person=to-lam&order=newest").content.decode()
    assert '<base target="_blank">' in first
    inside = {address for address, target in links(first).items() if target == "_self"}
    assert {urlsplit(address).path for address in inside} == {"/en/"}
    assert all(parse_qs(urlsplit(address).query)["embed"] == ["1"] for address in inside)
    assert len(inside) == 2  # without the filter, and the next page
    outside = links(first).keys() - inside
    assert "/en/?person=to-lam&order=newest" in outside
    assert not any("embed" in address for address in outside)
    for address in inside | outside:
        assert client.get(address.partition("#")[0]).status_code == 200, address
    [following] = [address for address in inside if "after" in address]
    second = client.get(following)
    assert len(slugs(second)) == 2
    assert any("before=" in address for address in links(second.content.decode()))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("embed=2", "Frame: Write embed=1, or leave it out."),
        ("embed=", "Frame: Write embed=1, or leave it out."),
        ("embed=1&embed=1", "Frame: Give this once, not several times."),
        ("embed=1&kind=war", "Kind: There is no such choice; there are: trip, meeting, agreement."),
        ("embed=%00", "Frame: "),
    ],
)
def test_nonsense_is_told_and_lists_nothing(client, query, sentence):
    answer = client.get(f"/en/?{query}")
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "/meetings/" not in answer.content.decode()


def test_a_frame_costs_the_same_for_any_number(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/en/?embed=1")
