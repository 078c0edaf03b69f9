"""The public templates: every page is sound, every link leads somewhere, every word is marked."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from tests.crawling import crawl
from tests.markup import Page
from timeline.models import Meeting, TimelineEntry
from timeline.templatetags import chronicle

FOLDER = settings.BASE_DIR / "templates"
STYLES = settings.BASE_DIR / "timeline" / "static" / "timeline"
SOUND = '<html lang="en"><a href="#main">Skip</a><main id="main"><h1>Trips</h1>{}</main></html>'


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_every_page_is_sound_and_every_link_leads_somewhere(client):
    pages, dead = crawl(client, "/en/")
    assert dead == []
    pages = {address: page for address, page in pages.items() if page}
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


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("trip", "state_visit", "Trip · state visit"),
        ("meeting", "meeting", "Meeting"),
        ("meeting", "correspondence", "Letter or message"),
        ("agreement", "treaty", "Agreement · treaty or intergovernmental agreement"),
    ],
)
def test_not_all_with_the_kind_of_a_meeting_is_called_one(kind, code, words):
    with override("en"):
        assert chronicle.kind_in_words(TimelineEntry(kind=kind, type=code)) == words


def test_who_has_two_roles_takes_part_once():
    entry = TimelineEntry(
        participants_en="Ada (President): host\nBo: participant\nAda (President): signatory\n"
        "Ada (Chairman: board): chair"
    )
    with override("en"):
        assert chronicle.participants(entry) == ["Ada (President)", "Bo", "Ada (Chairman: board)"]


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_rows_say_what_they_are_who_has_a_part_and_once_that_they_have_no_date(client):
    def read(address):
        return " ".join(client.get(f"/en/{address}").content.decode().split())

    html = read("")
    assert '<p class="kind">Letter or message <' in html
    assert "Meeting ·" not in html
    assert html.count("Parties:") == 1, "of the aircraft; the other agreements name nobody"
    assert html.count("Undated") == 1
    assert "no date" not in html
    assert '<p class="kind">Letter or message <' in read("meetings/gaza-membership-letter/")
    assert '<p class="kind">Call <' in read("trips/2026-us/")


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


def test_the_stylesheets_are_small_and_ask_nobody_else():
    linked = re.findall(r"timeline/(\w+\.css)", (FOLDER / "base.html").read_text(encoding="utf-8"))
    assert linked[0] == "timeline.css"
    style = "".join((STYLES / name).read_text(encoding="utf-8") for name in linked)
    assert len(gzip.compress(style.encode())) <= 12_000
    assert re.findall(r"@import|url\((?!#)|//", style) == []
