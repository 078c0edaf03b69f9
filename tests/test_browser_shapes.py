"""The drawings of time as Chromium paints them: on a desk and on a phone, light, dark, printed."""

import base64
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.utils.translation import override

from tests import drawings
from tests.browsing import DESK, PHONE, SCROLLS, look

STYLES = settings.BASE_DIR / "timeline" / "static" / "timeline"
SMALL = {"width": 320, "height": 640}
# Pixels of a picture, by the browser that took it.
DECODE = """async picture => {
    const image = await createImageBitmap(await (await fetch(picture)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const {data, width} = context.getImageData(0, 0, image.width, image.height);
    let text = "";
    for (let at = 0; at < data.length; at += 32768)
        text += String.fromCharCode(...data.subarray(at, at + 32768));
    return [btoa(text), width];
}"""
# Of each text that is seen: [size of its type, left, top, right, bottom], and the drawing's box.
TEXTS = """figure => [...figure.querySelectorAll("svg text")].filter(t => t.getClientRects().length)
    .map(text => {
        const {left, top, right, bottom} = text.getBoundingClientRect();
        const drawing = text.closest("figure").getBoundingClientRect();
        return [parseFloat(getComputedStyle(text).fontSize), left, top, right, bottom,
            drawing.left, drawing.right];
    })"""
# What a pointer meets in the middle of each link of a drawing, or at 2 pixels over its lower end.
HITS = """links => links.map(link => {
    const {x, width, bottom} = link.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, bottom - 2)?.closest("a") === link;
})"""


@dataclass
class Picture:
    """What was painted: `light(x, y)` from 0, black, to 255; both from 0 to 1 of its size."""

    data: bytes
    width: int

    @classmethod
    def of(cls, target):
        shot = base64.b64encode(target.screenshot()).decode()
        data, width = target.page.evaluate(DECODE, f"data:image/png;base64,{shot}")
        return cls(base64.b64decode(data), width)

    @property
    def height(self):
        return len(self.data) // self.width // 4

    def light(self, x, y):
        column = min(int(x * self.width), self.width - 1)
        row = min(int(y * self.height), self.height - 1)
        at = 4 * (row * self.width + column)
        return sum(self.data[at : at + 3]) / 3

    def across(self, y=0.5):
        return [self.light(x / self.width, y) for x in range(self.width)]

    def down(self, x):
        return [self.light(x, y / self.height) for y in range(self.height)]


def draw(page, html, size, colours="light", media="screen"):
    """Show a drawing with the stylesheets of the site; returns its figure."""
    styles = "".join((STYLES / name).read_text() for name in ("timeline.css", "shapes.css"))
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=colours, media=media)
    page.set_content(
        f"<!doctype html><html lang=en><title>T</title><style>{styles}</style>"
        f"<main id=main><h1>T</h1>{html}</main>"
    )
    return page.locator("figure")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def columns():
    spans = [
        (2020, 2020, "", "trip", 40),
        (2023, 2023, "", "meeting", 20),
        (2026, 2026, "", "agreement", 40),
        (2029, 2029, "about", "trip", 40),
    ]
    return drawings.overview(spans)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_columns_are_as_high_as_their_numbers_and_kinds_are_told_without_colour(page, size):
    figure = draw(page, columns(), size)
    painted = Picture.of(figure.locator(".columns > svg"))
    paper = painted.light(0.15, 0.5)
    trips, meetings, agreements, perhaps = (painted.down(x) for x in (0.05, 0.35, 0.65, 0.95))
    high, half = (sum(paper - light > 30 for light in each) for each in (trips, meetings))
    assert (high, high / half) == pytest.approx((painted.height, 2), rel=0.06)
    inside = [each[len(each) * 3 // 4] for each in (trips, meetings, agreements, perhaps)]
    dark, middle, light, empty = inside
    assert dark + 30 < middle < light - 30
    assert empty == paper, "what is not sure is an empty frame"
    rows = [painted.across(y / 50)[int(painted.width * 0.9) :] for y in range(20, 40)]
    assert min(map(min, rows)) < paper - 20, "with a line around it"


BARS = {
    "held": ("2024-03-01/2024-10-31", "held"),
    "month": ("2024", "held"),
    "open": ("2024-03-01/..", "held"),
    "one of": ("[2024-03-01..2024-10-31]", "held"),
    "announced": ("2024-03-01/2024-10-31", "announced"),
    "cancelled": ("2024-03-01/2024-10-31", "cancelled"),
}


@pytest.mark.parametrize(("size", "colours"), [(DESK, "light"), (PHONE, "dark")])
def test_bars_are_solid_fading_dotted_or_empty(page, size, colours):
    trips = [drawings.trip(n, *bar) for n, bar in enumerate(BARS.values())]
    spans = [(2024, 2024, "", "trip", len(BARS))]
    figure = draw(page, drawings.overview(spans, trips, "from=2024&to=2024"), size, colours)
    painted = {
        name: Picture.of(bar)
        for name, bar in zip(BARS, figure.locator(".bars .bar").all(), strict=True)
    }
    paper = Picture.of(figure.locator(".bars")).light(0.99, 0.99)
    ink = painted["held"].light(0.5, 0.5)
    assert abs(paper - ink) > 80

    def strength(name, x, y=0.5):
        return (painted[name].light(x, y) - paper) / (ink - paper)

    assert [strength("held", x) for x in (0.05, 0.5, 0.95)] == pytest.approx([1, 1, 1], abs=0.05)
    assert strength("month", 0.05) < 0.25 < 0.9 < strength("month", 0.5)
    assert strength("month", 0.95) < 0.25
    assert strength("open", 0.02) > 0.85 > 0.6 > strength("open", 0.5) > strength("open", 0.9)
    dots = [strength("one of", x / 200) for x in range(40, 160)]
    assert min(dots) < 0.2 and max(dots) > 0.5
    assert max(strength("announced", x / 20) for x in range(2, 19)) < 0.1
    dashes = [strength("announced", x / 200, 0.02) for x in range(40, 160)]
    assert min(dashes) < 0.3 and max(dashes) > 0.3
    assert min(abs(strength("cancelled", x / 20)) for x in range(2, 19)) > 0.3, "struck out"


@pytest.mark.parametrize("drawing", ["full_overview", "full_schedule", "full_relation", "columns"])
def test_words_are_large_enough_apart_and_within_the_drawing(page, drawing):
    html = columns() if drawing == "columns" else getattr(drawings, drawing)()
    seen = []
    for size in (SMALL, PHONE, DESK):
        figure = draw(page, html, size)
        figure.locator("summary").click()
        assert not page.evaluate(SCROLLS), size
        texts = figure.evaluate(TEXTS)
        seen.append(len(texts))
        assert len(texts) >= 3
        for type_size, left, top, right, bottom, start, end in texts:
            assert type_size >= 11
            assert start - 1 <= left and right <= end + 1
            others = [box[1:5] for box in texts if box[1:5] != [left, top, right, bottom]]
            assert not [
                box
                for box in others
                if box[0] < right and left < box[2] and box[1] < bottom - 3 and top < box[3] - 3
            ]
    small, phone, desk = seen
    assert small == phone <= desk
    assert desk == 11 or drawing != "columns", "a desk has room for every year, and the peak"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_words_and_ink_stand_out_in_both_colour_schemes_and_in_print(page, colours):
    figure = draw(page, drawings.full_schedule(), PHONE, colours)
    text = figure.locator("text").first
    lightness = "e => getComputedStyle(e).fill.match(/[0-9]+/g).map(Number)[1]"
    assert (text.evaluate(lightness) > 128) == (colours == "dark")
    page.emulate_media(media="print", color_scheme=colours)
    assert text.evaluate(lightness) == 0
    figure = draw(page, columns(), DESK, colours, "print")
    painted = Picture.of(figure.locator(".columns > svg"))
    inside = [painted.light(x, 0.75) for x in (0.05, 0.35, 0.65, 0.95)]
    assert inside[0] == 0 and inside[2:] == [255, 255] and 40 < inside[1] < 200


def test_columns_and_bars_are_links_that_pointer_and_keyboard_reach(page):
    figure = draw(page, drawings.full_overview(), DESK)
    assert look(page, contrast=False) == {}
    links = figure.locator(".columns a")
    assert links.count() == 60
    assert all(links.evaluate_all(HITS))
    assert links.first.evaluate("a => a.textContent.trim()").startswith("1967: ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip the drawing"
    before = Picture.of(links.first)
    page.keyboard.press("Tab")
    assert links.first.evaluate("a => a === document.activeElement")
    assert Picture.of(links.first).data != before.data, "the focus is seen"
    assert figure.locator(".bars a").first.get_attribute("tabindex") == "-1"
