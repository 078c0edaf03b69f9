"""The main path in a real browser: read, sign in, record a meeting, publish it, take it away."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import browsing
from tests.browsing import DESK, PHONE, Watch, follow, look, titles

TITLE_EN = "Tô Lâm visits the Embassy of Viet Nam"
TITLE_VI = "Tô Lâm thăm Đại sứ quán Việt Nam"
SLUG = "2026-02-19-to-lam-embassy"
TRIP = "/en/trips/2026-02-to-lam-united-states/"
DAY = "from=2026-02-19&to=2026-02-20&person=to-lam&kind=meeting"
FOUND = "/admin/timeline/meeting/?q=tham+dai+su+quan"
CUBA = [
    "Trip of General Secretary and President Tô Lâm to the United States and Cuba, September 2024",
    "Planned courtesy call of Tô Lâm on General Raúl Castro Ruz",
    "Planned talks between Tô Lâm and Miguel Díaz-Canel",
    (
        "Planned meeting of Tô Lâm with Esteban Lazo Hernández, President of the National "
        "Assembly of Cuba"
    ),
    "Planned meeting of Tô Lâm with Prime Minister Manuel Marrero Cruz of Cuba",
]


@pytest.mark.django_db(transaction=True)
def test_the_main_path(page, live_server, eli, petra):
    browsing.seed()
    watch = Watch(page.context, live_server.url)
    page.set_viewport_size(DESK)

    reading(page, watch)
    sign_in(page, watch, "eli")
    recording(page, watch)
    submitting(page, watch)
    sign_in(page, watch, "petra")
    publishing(page, watch)
    seeing(page, watch)
    taking_the_timeline_away(page, watch)
    taking_chosen_rows_away_and_back(page, watch)
    withdrawing(page, watch)
    assert watch.faults == []


def reading(page, watch):
    watch.visit(page, "/en/?to=2024-12")
    assert look(page) == {}
    page.get_by_text("More filters").click()
    page.get_by_label("Country", exact=False).first.select_option("CU")
    page.get_by_label("Search:").fill("to lam")
    enter(page)
    assert titles(page) == CUBA
    assert look(page) == {}

    follow(page.get_by_role("link", name=CUBA[0], exact=True))
    assert page.locator("h1").inner_text() == CUBA[0]
    assert look(page) == {}
    source = page.locator(".evidence .source a").first
    name = source.inner_text()
    follow(source)
    assert page.locator("h1").inner_text() == name
    assert look(page) == {}
    rests = page.get_by_role("region", name="What rests on it")
    follow(rests.get_by_role("link", name=CUBA[0], exact=True).first)
    follow(page.get_by_role("link", name="Tiếng Việt"))
    assert page.url == f"{watch.site}/vi/trips/2024-09-to-lam-united-states-cuba/"
    assert look(page) == {}


def sign_in(page, watch, name):
    watch.visit(page, "/admin/")
    if page.get_by_role("button", name="Log out").count():
        follow(page.get_by_role("button", name="Log out"))
        assert look(page) == {}
        watch.visit(page, "/admin/")
    assert look(page) == {}
    page.get_by_label("Username:").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    enter(page)
    assert page.locator("h1").inner_text() == "The desk"
    assert look(page) == {}


def recording(page, watch):
    """A meeting within the trip, with a participant and a citation; at first with a wrong date."""
    follow(page.get_by_role("link", name="Meetings", exact=True))
    follow(page.get_by_role("link", name="Add meeting"))
    page.get_by_label("Title in Vietnamese:").fill(TITLE_VI)
    page.get_by_label("Title in English:").fill(TITLE_EN)
    page.get_by_label("Slug:").fill(SLUG)
    page.get_by_label("Date (EDTF):").fill("2026-02-30")
    choose(page, "Trip:", "to lam working trip 2026", "Working trip of Tô Lâm")
    page.get_by_role("button", name="Add another Participation").click()
    row = page.locator("#participations-0")
    row.get_by_label("Role").select_option(label="participant")
    choose(row, "Person", "to lam", "Tô Lâm")
    row.get_by_label("Office in English").fill("General Secretary")
    row.get_by_label("Office in Vietnamese").fill("Tổng Bí thư")
    page.get_by_role("button", name="Add another Citation").click()
    evidence = page.locator("#citations-0")
    choose(evidence, "Source:", "attends opening meeting", "Internal information document")
    statement = evidence.get_by_label("Statement in English:")
    statement.fill("He visited the embassy on 19 February.")
    help_text = page.locator(f"#{statement.get_attribute('aria-describedby')}")
    assert help_text.inner_text().startswith("What this source says here")
    look_at_form(page)

    save(page)
    sentence = page.locator(".field-date_edtf .errorlist").inner_text()
    assert "2026-02-30" in sentence
    assert page.get_by_label("Date (EDTF):").input_value() == "2026-02-30"
    assert page.get_by_label("Title in Vietnamese:").input_value() == TITLE_VI
    assert chosen(row, "Person") == "Tô Lâm"
    look_at_form(page)

    page.get_by_label("Date (EDTF):").fill("2026-02-19")
    save(page)
    assert "was added successfully" in page.locator(".messagelist").inner_text()
    assert look(page) == {}
    visitor = page.context.new_page()
    watch.visit(visitor, f"/en/?{DAY}")
    assert TITLE_EN not in titles(visitor)
    watch.visit(visitor, f"/en/meetings/{SLUG}/", 404)
    visitor.close()


def submitting(page, watch):
    """An editor hands in, and cannot publish."""
    watch.visit(page, FOUND)
    follow(page.locator("#result_list").get_by_role("link", name=TITLE_EN))
    steps = page.locator(".publication-step")
    assert steps.all_text_contents() == ["Submit for review"]
    publish = steps.first.get_attribute("href").replace("/submit/", "/publish/")
    follow(steps.first)
    assert look(page) == {}
    follow(page.get_by_role("button", name="Submit for review"))
    assert f"Submitted for review: {TITLE_EN}." in page.locator(".messagelist").inner_text()
    assert steps.count() == 0
    watch.visit(page, publish, 403)
    assert look(page) == {}


def publishing(page, watch):
    watch.visit(page, "/admin/timeline/meeting/?state__exact=review")
    assert look(page) == {}
    follow(page.locator("#result_list").get_by_role("link", name=TITLE_EN))
    follow(page.get_by_role("link", name="Publish", exact=True))
    assert page.locator(".publication-records").inner_text().startswith(TITLE_EN)
    assert look(page) == {}
    follow(page.get_by_role("button", name="Publish"))
    assert f"Published: {TITLE_EN}." in page.locator(".messagelist").inner_text()
    look_at_form(page)


def seeing(page, watch):
    """On the timeline, between the session of its day and the next by slug; on its trip."""
    watch.visit(page, f"/en/?{DAY}")
    assert titles(page)[-4:] == [
        "Opening session of the Board of Peace on Gaza",
        TITLE_EN,
        "Tô Lâm receives Jamieson Greer",
        "Tô Lâm meets Donald Trump at the White House",
    ]
    follow(page.get_by_role("link", name="Tiếng Việt"))
    assert titles(page)[-4:] == [
        "Phiên khai mạc của Hội đồng Hòa bình về Gaza",
        TITLE_VI,
        "Tô Lâm tiếp Jamieson Greer",
        "Tô Lâm gặp Donald Trump tại Nhà Trắng",
    ]
    watch.visit(page, TRIP)
    follow(page.get_by_role("link", name=TITLE_EN, exact=True))
    assert page.url == f"{watch.site}/en/meetings/{SLUG}/"
    assert "Tô Lâm, General Secretary" in page.locator(".roles").inner_text()
    assert "He visited the embassy on 19 February." in page.locator(".evidence").inner_text()
    assert look(page) == {}


def taking_the_timeline_away(page, watch):
    watch.visit(page, f"/en/?{DAY}")
    content = download(page, lambda: page.get_by_role("link", name="take them away").click())
    assert content.startswith(b"\xef\xbb\xbfkind,slug,")
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = {row["slug"]: row for row in read(content)}
    assert rows[SLUG]["title_vi"] == TITLE_VI
    assert rows[SLUG]["participants_en"] == "Tô Lâm (General Secretary): participant"
    assert rows[SLUG]["trip"] == "2026-02-to-lam-united-states"
    assert rows[SLUG]["url"] == f"{watch.site}/en/meetings/{SLUG}/"


def taking_chosen_rows_away_and_back(page, watch):
    """Out of the list of the admin into a file, whose import would change nothing."""
    watch.visit(page, FOUND)
    page.get_by_role("row", name=TITLE_EN).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Export selected meetings")
    follow(page.get_by_role("button", name="Go"))
    page.get_by_label("Format:").select_option(label="CSV")
    assert look(page) == {}
    content = download(page, lambda: page.get_by_role("button", name="Export").click())
    assert [(row["slug"], row["date_edtf"]) for row in read(content)] == [(SLUG, "2026-02-19")]

    watch.visit(page, "/admin/timeline/meeting/import/")
    assert look(page) == {}
    preview(page, content)
    told = page.locator("#content").inner_text().split()
    assert [told[told.index(word) - 1] for word in ("new", "changed", "unchanged")] == [*"001"]
    assert look(page) == {}
    preview(page, content.replace(b",2026-02-19,", ",19 tháng 2,".encode()) + b"x,,,\r\n")
    assert page.locator(".errorlist").inner_text().startswith(f"Row 2 ({SLUG}), date_edtf: ")
    page.set_viewport_size(PHONE)
    assert look(page) == {}
    preview(page, content.replace(TITLE_VI.encode(), b"[clear]"), minor=True)
    assert page.locator("#clearing-rows").inner_text() == "Values that are cleared"
    assert look(page) == {}
    assert not page.evaluate(browsing.SCROLLS)
    page.set_viewport_size(DESK)
    follow(page.get_by_role("button", name="Confirm import"))
    assert "Imported: 0 new, 1 changed, 0 unchanged." in page.locator(".messagelist").inner_text()
    follow(page.get_by_role("link", name="Look at it or undo it"))
    follow(page.get_by_role("link", name="Undo this …"))
    page.get_by_label("Minor change:").check()
    follow(page.get_by_role("button", name="Write this"))


def preview(page, content, *, minor=False):
    """Send a file of meetings from the page of the import."""
    if page.get_by_role("button", name="Preview").count() == 0:
        follow(page.get_by_role("link", name="Another file"))
    file = {"name": "meetings.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File to import:").set_input_files(file)
    page.get_by_label("Minor change:").set_checked(minor)
    follow(page.get_by_role("button", name="Preview"))


def withdrawing(page, watch):
    watch.visit(page, FOUND)
    follow(page.locator("#result_list").get_by_role("link", name=TITLE_EN))
    follow(page.get_by_role("link", name="Withdraw"))
    page.get_by_label("Reason:", exact=True).fill("The day is in doubt")
    assert look(page) == {}
    follow(page.get_by_role("button", name="Withdraw"))
    assert f"Withdrawn: {TITLE_EN}." in page.locator(".messagelist").inner_text()
    follow(page.get_by_role("link", name="History"))
    assert "withdraw: The day is in doubt" in page.locator("#content").inner_text()
    assert look(page) == {}
    for language, title in [("en", TITLE_EN), ("vi", TITLE_VI)]:
        watch.visit(page, f"/{language}/meetings/{SLUG}/", 404)
        assert look(page) == {}
        watch.visit(page, f"/{language}/?{DAY}")
        assert title not in titles(page)


def choose(part, label, words, expected):
    """Choose by searching, with the keyboard alone: `expected`, the first that fits."""
    box = part.get_by_role("combobox", name=label)
    box.focus()
    page = box.page
    page.keyboard.press("Enter")
    page.locator(".select2-search__field:focus").wait_for()
    with page.expect_response(lambda answer: query(answer.url).get("term") == [words]):
        page.keyboard.type(words)
    page.locator(".select2-results__option--highlighted", has_text=expected).wait_for()
    if label == "Trip:":
        assert look(page) == {}
    page.keyboard.press("Enter")
    assert chosen(part, label).startswith(expected)


def query(address):
    return parse_qs(urlsplit(address).query)


def chosen(part, label):
    box = part.get_by_role("combobox", name=label)
    return box.inner_text().replace("×", "").strip()


def enter(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def save(page):
    follow(page.get_by_role("button", name="Save", exact=True).first)


def look_at_form(page):
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert look(page, contrast=size == DESK) == {}
        assert not page.evaluate(browsing.SCROLLS)


def download(page, act):
    with page.expect_download() as started:
        act()
    return started.value.path().read_bytes()


def read(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
