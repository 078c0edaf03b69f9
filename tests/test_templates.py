"""The public templates: every page is sound, every link leads somewhere, every word is marked."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings

from tests.markup import Page
from timeline.models import Meeting

FOLDER = settings.BASE_DIR / "templates"
STYLE = settings.BASE_DIR / "timeline" / "static" / "timeline" / "timeline.css"
SOUND = '<html lang="en"><a href="#main">Skip</a><main id="main"><h1>Trips</h1>{}</main></html>'


def crawl(client, start):
    """{address: Page} of every HTML page that `start` leads to, and [(from, to)] of dead links."""
    pages, dead, waiting = {}, [], [("", start)]
    while waiting:
        origin, address = waiting.pop()
        if address in pages:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            dead.append((origin, address))
        elif answer["Content-Type"].startswith("text/html"):
            pages[address] = Page(answer.content.decode())
            for link in pages[address].links:
                target = urlsplit(urljoin(address, link))
                if not target.netloc:
                    path = target.path + (f"?{target.query}" if target.query else "")
                    waiting.append((address, path))
    return pages, dead


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_every_page_is_sound_and_every_link_leads_somewhere(client):
    pages, dead = crawl(client, "/en/")
    assert dead == []
    assert {address: page.problems for address, page in pages.items() if page.problems} == {}
    wrong = [url for url, page in pages.items() if page.language != url.split("/")[1]]
    assert wrong == []
    for kind in ("trips", "meetings", "agreements", "people", "organizations", "sources"):
        assert any(address.startswith(f"/vi/{kind}/") for address in pages), kind


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?q=never", 200),
        ("?from=nonsense&status=odd", 400),
        ("?after=nonsense", 400),
        ("nowhere/", 404),
    ],
)
def test_an_empty_a_refused_and_a_missing_page_are_sound(client, language, query, status):
    answer = client.get(f"/{language}/{query}")
    assert answer.status_code == status
    page = Page(answer.content.decode())
    assert (page.problems, page.language) == ([], language)


@pytest.mark.django_db
def test_a_refused_filter_is_told_beside_its_field(client):
    html = client.get("/en/?from=nonsense").content.decode()
    field = re.search(r'<input[^>]* id="id_from"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_from_error"' in field
    assert 'href="#id_from"' in html


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_text_in_the_other_language_says_which_it_is(client):
    Meeting.objects.filter(slug="2026-trump").update(title_vi="", title_en="President Trump")
    vietnamese = client.get("/vi/meetings/2026-trump/").content.decode()
    english = client.get("/en/meetings/2026-trump/").content.decode()
    assert '<h1 lang="en">President Trump</h1>' in vietnamese
    assert "<h1>President Trump</h1>" in english


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("address", "words", "days"),
    [
        ("/en/meetings/2026-trump/", "20 February 2026", {"2026-02-20"}),
        ("/en/meetings/2024-biden/", "one of 21-27 September 2024", set()),
        ("/vi/agreements/trade-negotiations/", "từ tháng 4 năm 2025 trở đi", set()),
        ("/en/agreements/gaza-charter/", "no date", set()),
    ],
)
def test_a_date_is_worded_as_precisely_as_it_is_known(client, address, words, days):
    html = client.get(address).content.decode()
    assert words in html
    assert set(re.findall(r'<time datetime="([^"]*)"', html)) == days


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_sources_that_disagree_are_marked_in_words(client):
    html = client.get("/en/trips/2026-us/").content.decode()
    assert "The sources do not agree." in html
    assert "Contradicts" in html
    assert (
        "The sources do not agree." not in client.get("/en/meetings/2026-trump/").content.decode()
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<h2>Meetings</h2><h3>A day</h3><h2>Evidence</h2>", None),
        ("<h3>A day</h3>", "h3 follows h1"),
        ("<h1>Again</h1>", "2 h1"),
        ('<p style="color: red">', "<p> holds a style or a script"),
        ('<b onclick="run()"></b>', "<b> holds a script"),
        ("<script></script>", "<script> holds a style or a script"),
        ('<i id="a"></i><i id="a"></i>', "the id a stands twice"),
        ('<label for="id_q"></label>', "nothing has the id id_q"),
        ('<img src="x">', "<img> has no alt"),
    ],
)
def test_the_reader_of_pages_finds_what_is_wrong(content, problem):
    assert Page(SOUND.format(content)).problems[:1] == ([problem] if problem else [])


def test_the_templates_are_in_the_form_of_the_project_and_short():
    paths = sorted(FOLDER.rglob("*.html"))
    djade = Path(sys.executable).with_name("djade")
    subprocess.run([djade, "--target-version", "5.2", "--check", *paths], check=True)
    long = [path.name for path in paths if len(path.read_text("utf-8").splitlines()) > 80]
    assert long == []


def test_the_stylesheet_is_small_and_asks_nobody_else():
    style = STYLE.read_text(encoding="utf-8")
    assert len(style.encode()) <= 12_000
    assert re.findall(r"@import|url\(|//", style) == []
