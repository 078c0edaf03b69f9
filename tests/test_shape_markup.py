"""The drawings of time as markup: sound, bounded, named, the same numbers in every language."""

import gzip
import re

import pytest
from django.template import Context, Template
from django.utils.translation import override

from tests.drawings import (
    SCHEDULE,
    full_overview,
    full_relation,
    full_schedule,
    overview,
    relation,
    schedule,
    trip,
)
from tests.markup import Page
from timeline.models import Agreement, Meeting, TimelineEntry, Trip

PAGE = '<html lang="en"><a href="#main">Skip</a><main id="main"><h1>Trips</h1>{}</main></html>'


@pytest.mark.parametrize(
    ("draw", "most"), [(full_overview, 5_000), (full_schedule, 3_000), (full_relation, 3_000)]
)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_drawing_is_sound_and_small_and_its_numbers_are_those_of_svg(draw, most, language):
    """`most` are the bytes that the largest one takes when it is sent."""
    with override(language):
        html = draw()
    assert Page(PAGE.format(html)).problems == []
    assert "<b>of</b>" not in html
    assert "=&quot;" not in html
    wanted = set(re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', html))
    assert {a or b for a, b in wanted} <= set(re.findall(r' id="([^"]*)"', html))
    numbers = re.findall(r' (?:x|y|x1|x2|y1|y2|width|height)="([^"]*)"', html)
    assert len(numbers) > 100
    assert [n for n in numbers if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(%|rem)?", n)] == []
    assert len(gzip.compress(html.encode())) < most


def test_columns_are_links_that_say_what_they_choose():
    with override("en"):
        html = full_overview("kind=trip&from=1968&to=1969", number=1, trips=0)
    links = re.findall(r'<a href="([^"]*)"( aria-current="true")?><title>([^<]*)</title>', html)
    assert len(links) == 60
    assert links[:2] == [
        ("/en/?from=1967&amp;to=1967&amp;kind=trip", "", "1967: 9 records, 6 of them perhaps"),
        (
            "/en/?from=1968&amp;to=1968&amp;kind=trip",
            ' aria-current="true"',
            "1968: 12 records, 9 of them perhaps",
        ),
    ]
    assert '<a href="/en/?kind=trip">All years</a>' in html
    rows = re.findall(r"<tr><th scope=\"row\"><a [^>]*>(.*?)</a></th>(.*?)</tr>", html)
    assert len(rows) == 60
    assert rows[1] == ("1968", "<td>1</td><td>1</td><td>1</td><td>9</td><td>12</td>")


def test_what_did_not_take_place_is_struck_out_and_what_is_announced_an_outline():
    def shape(status, date="2024-01-02/2024-02-28", form="rect"):
        html = relation([("in", trip(1, date, status))])
        return re.search(rf'<{form} class="bar (.*?)</a>', html, re.DOTALL)[1]

    held, announced, cancelled = map(shape, ("held", "announced", "cancelled"))
    assert held.startswith("held") and "fill=" not in held and "strike" not in held
    assert 'stroke="currentColor" stroke-dasharray="3 2"' in announced
    assert "strike" not in announced
    assert 'fill="none" stroke="currentColor"' in cancelled and 'class="strike"' in cancelled
    assert 'fill="url(#relation-50-50)"' in shape("held", "2024-02")
    assert 'fill="none" stroke="url(#relation-50-50)"' in shape("announced", "2024-02")
    assert 'fill="url(#relation-dots)"' in shape("held", "[2024-02-01..2024-02-28]")
    day, about = (shape("held", date, "circle") for date in ("2024-02-01", "2024-02-01~"))
    assert "fill=" not in day and 'fill="none" stroke="currentColor"' in about
    announced, cancelled = (shape(s, "2024-02-01", "circle") for s in ("announced", "cancelled"))
    assert "dasharray" in announced and "strike" not in announced
    assert 'class="strike"' in cancelled


def keys(html):
    return [words.strip() for words in re.findall(r"</svg>\s*([^<]+)</li>", html)]


def test_a_key_explains_what_is_drawn_and_nothing_else():
    def level(day, differ=False):
        entry = TimelineEntry(kind="agreement", slug=day, title_en="L", date_edtf=day)
        entry.sources_differ = differ
        return ("level", entry)

    with override("en"):
        assert keys(relation([level("2001-01-01")])) == ["level of relations"]
        assert keys(relation([level("2001-01", differ=True)])) == [
            "level of relations, exact day not known",
            "sources differ",
        ]
        assert keys(relation([("in", trip(1, "2001-01-01")), ("in", trip(2, "2001-02-01?"))])) == [
            "too short for a bar",
            "exact day not known",
        ]


def test_a_level_is_empty_and_framed_without_colour():
    entry = TimelineEntry(kind="agreement", slug="l", title_en="L", date_edtf="2023")
    plain = relation([("level", entry)])
    assert "relation-disputed" not in plain.replace('id="relation-disputed"', "")
    assert '<use class="glyph empty" fill="none" stroke="currentColor"' in plain
    assert 'height="0.1875rem" fill="url(#relation-50-50)"' in plain
    entry.sources_differ, entry.date_edtf = True, "2023-09-10"
    framed = relation([("level", entry)])
    assert framed.count('stroke-dasharray="3 2" href="#relation-disputed"') == 2, "mark and key"
    assert '<use class="glyph" href="#relation-level"' in framed


def test_the_table_of_the_overview_names_its_trips():
    trips = [trip(1, "2024-02-01/2024-02-03", "cancelled", "Chuyến đi"), trip(2, "2024")]
    with override("en"):
        html = overview([(2024, 2024, "", "trip", 2)], trips)
    assert (
        '<tr><th scope="row"><a href="/en/trips/trip-1/" lang="vi">Chuyến đi</a></th>'
        "<td>1-3 February 2024</td><td>cancelled</td></tr>"
    ) in html
    assert html.count("<td>held</td>") == 1


def test_what_has_no_day_is_told_in_words_under_the_days():
    with override("en"):
        html = schedule(["2024-09-22", "2024-09", "2024-09-23~"])
        agreed = [Agreement(slug="a", title_en="A", date_edtf="2024-09")]
        context = {"trip": Trip(date_edtf="2024-09-21/2024-09-27"), "agreements": agreed}
        context["meetings"] = [Meeting(slug="m", title_en="M", date_edtf="2024-09-22")]
        one = Template(SCHEDULE).render(Context(context))
    assert "2 meetings, exact day not stated." in " ".join(html.split())
    assert "1 agreement, exact day not stated." in " ".join(one.split())
    assert "not drawn" not in html + one


def test_a_name_is_told_with_date_and_status_in_the_language_of_the_title():
    with override("en"):
        html = relation([("in", trip(1, "2024-02", "cancelled"))])
    assert re.search(r'<title lang="vi">Trip &lt;b&gt;.*… · tháng 2 năm 2024 · hủy</title>', html)
    assert "&quot;Tô Lâm&quot;" in html


def test_what_has_no_date_is_counted_in_words():
    with override("en"):
        html = relation([("in", trip(1, "")), ("out", trip(2, ""))])
    assert "<svg" not in html
    assert "2 records without a date are not drawn." in html
