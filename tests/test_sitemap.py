"""The sitemap: every public page in both languages, in files of bounded length."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.chronicle import OLDEST_FIRST
from tests.test_addresses import addresses
from timeline.models import TimelineEntry
from timeline.sitemaps import SITEMAPS, Localised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

SITE = "http://testserver"
FILES = (".csv", ".json", ".atom", ".ics", ".bib", ".ris", "/file/")
PAIR = re.compile("/countries/[A-Z]{2}/[A-Z]{2}/")
PEOPLE, ORGANIZATIONS, COUNTRIES, SOURCES = 6, 3, 4, 4


def files(client):
    """The files that the sitemap names, as texts."""
    index = client.get("/sitemap.xml").content.decode()
    assert "<sitemapindex" in index
    named = re.findall(f"<loc>{SITE}(.*?)</loc>", index)
    return {name: client.get(name).content.decode() for name in named}


def locations(content):
    return re.findall(f"<loc>{SITE}(.*?)</loc>", content)


def test_it_has_every_public_page_in_both_languages_once(client):
    found = [place for content in files(client).values() for place in locations(content)]
    pages = {a for a in addresses() if a[:4] in ("/en/", "/vi/") and not a.endswith(FILES)}
    assert {page for page in pages if not PAIR.search(page)} <= {*found}
    with override("vi"):
        assert {entry.get_absolute_url() for entry in TimelineEntry.objects.all()} <= {*found}
    rows = PEOPLE + ORGANIZATIONS + COUNTRIES + SOURCES + len(OLDEST_FIRST)
    assert len(found) == len({*found}) == 2 * (6 + rows)
    assert {client.get(place).status_code for place in found} == {200}


def test_each_address_names_the_same_page_in_the_other_languages(client):
    content = client.get("/sitemap-organizations.xml").content.decode()
    address = re.findall(r"<url>(.*?)</url>", content, re.S)[1]
    assert locations(address) == ["/vi/organizations/boeing/"]
    assert dict(re.findall('hreflang="(.*?)" href="(.*?)"', address)) == {
        "en": f"{SITE}/en/organizations/boeing/",
        "vi": f"{SITE}/vi/organizations/boeing/",
        "x-default": f"{SITE}/en/organizations/boeing/",
    }


def test_the_last_change_is_that_of_what_the_public_reads(client):
    last = TimelineEntry.objects.order_by("changed_at").last().changed_at
    TimelineEntry.objects.filter(slug="2026-trump").update(changed_at="2030-02-03T04:05Z")
    assert last.year < 2030
    for name, address in [
        ("entries", "/en/meetings/2026-trump/"),
        ("people", "/vi/people/trump-donald/"),
        ("pages", "/en/"),
    ]:
        content = client.get(f"/sitemap-{name}.xml").content.decode()
        dated = re.findall(f"<loc>{SITE}([^<]*)</loc>\\s*<lastmod>2030-02-03</lastmod>", content)
        assert address in dated, name
        assert len(dated) < content.count("<loc>"), name
    assert "<lastmod>" not in client.get("/sitemap-sources.xml").content.decode()


def test_no_file_is_long_and_none_costs_more_for_others(
    client, monkeypatch, django_assert_num_queries
):
    with django_assert_num_queries(2):
        client.get("/sitemap-entries.xml")
    monkeypatch.setattr(Localised, "limit", 5)
    parts = files(client)
    assert [name for name in parts if "entries" in name] == [
        "/sitemap-entries.xml",
        *(f"/sitemap-entries.xml?p={number}" for number in (2, 3, 4)),
    ]
    for content in parts.values():
        assert content.count("<loc>") <= 2 * 5
    with django_assert_num_queries(2):
        last = client.get("/sitemap-entries.xml?p=4").content.decode()
    slugs = [place.rstrip("/").rpartition("/")[2] for place in locations(last)[::2]]
    assert slugs == OLDEST_FIRST[15:]


def test_every_section_has_its_file(client):
    index = client.get("/sitemap.xml").content.decode()
    assert locations(index) == [
        reverse("sitemap_section", kwargs={"section": name}) for name in SITEMAPS
    ]
