"""Walking through pages: every entry once, in order, in both directions and both orders."""

from itertools import chain, islice

import pytest
from django.http import QueryDict

from tests.answers import slugs
from tests.chronicle import NEWEST_FIRST, OLDEST_FIRST
from timeline.models import Meeting, TimelineEntry
from timeline.views import paging, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

ORDERS = {"oldest": OLDEST_FIRST, "newest": NEWEST_FIRST}


@pytest.fixture(params=[1, 5, 17, 18, 19])
def page_size(request, monkeypatch):
    def of_this_size(*args, **cursors):
        return paging.page_of(*args, **cursors, size=request.param)

    monkeypatch.setattr(timeline, "page_of", of_this_size)
    return request.param


@pytest.mark.parametrize("order", ORDERS)
def test_walking_there_and_back_passes_every_entry_once(client, page_size, order):
    url, there = f"/en/?order={order}", []
    while url:
        answer = client.get(url)
        there.append(slugs(answer))
        assert len(there[-1]) <= page_size
        assert len(there) <= len(OLDEST_FIRST), "the pages go round in circles"
        last, url = url, answer.context["next_url"]
    assert list(chain(*there)) == ORDERS[order]
    back, url = [], last
    while url:
        answer = client.get(url)
        back.append(slugs(answer))
        assert len(back) <= len(there), "the pages go round in circles"
        assert (answer.context["first_url"] is None) == (answer.context["previous_url"] is None)
        url = answer.context["previous_url"]
    assert back[::-1] == there


def test_the_links_of_a_page_keep_the_filters(client, page_size):
    url, found = "/vi/?person=to-lam&order=newest&q=lam", []
    while url:
        answer = client.get(url)
        found += slugs(answer)
        assert len(found) <= len(OLDEST_FIRST), "the pages go round in circles"
        assert answer.context["csv_url"] == "/vi/timeline.csv?q=lam&person=to-lam&order=newest"
        url = answer.context["next_url"]
        assert url is None or url.startswith("/vi/?q=lam&person=to-lam&order=newest&after=")
    with_to_lam = TimelineEntry.objects.filter(people__slug="to-lam")
    assert found == list(with_to_lam.order_by("newest_key").values_list("slug", flat=True))


def test_a_page_holds_fifty_entries(client, db):
    for number in range(60):
        Meeting.objects.create(
            slug=f"call-{number:02}", title_en="Call", date_edtf="1999", state="published"
        )
    answer = client.get("/en/?to=1999")
    # The letter of unknown beginning may be of 1999 as well, and stands at its known end.
    assert slugs(answer) == [f"call-{number:02}" for number in range(50)]
    assert answer.context["count"] == 61
    assert 'class="shape years"' in answer.content.decode()
    answer = client.get(answer.context["next_url"])
    assert slugs(answer) == [*(f"call-{n}" for n in range(50, 60)), "gaza-membership-letter"]
    html = answer.content.decode()
    assert html.count("51–61 of 61 records") == 2, "above the list, and in the title"
    assert html.index('rel="prev">Previous page') < html.index('<div id="records"')
    assert 'class="shape years"' not in html, "the drawing stands on the first page"
    back = client.get(answer.context["previous_url"])
    assert back.context["position"] == 0
    assert 'class="shape years"' in back.content.decode()


def test_a_cursor_works_on_when_its_entry_is_gone(client):
    cursor = TimelineEntry.objects.get(slug="2024-biden").oldest_key
    Meeting.objects.get(slug="2024-biden").delete()
    rest = OLDEST_FIRST[OLDEST_FIRST.index("2024-biden") + 1 :]
    assert slugs(client.get("/en/", {"after": cursor})) == rest
    assert slugs(client.get("/en/", {"before": cursor})) == OLDEST_FIRST[:2]


@pytest.mark.parametrize(
    "query",
    [
        "after=2",
        "after=2024-09-22",
        "after=20240922.79759077.1.",
        "after=20240922.79759077.3.slug",
        "after=20240922.79759077.1.slug'",
        "after=20240922.79759077.1.slug%0Ax",
        "after=20240932.79759077.1.slug",
        "after=20240922.79759077.1.slug&order=newest",
        "before=79759076.79759077.1.slug",
        "before=79759076.79759077.1.slug&order=oldest",
        "before=%00",
        "after=20240922.79759077.1.a&before=20240922.79759077.1.b",
        "after=20240922.79759077.1.a&after=20240922.79759077.1.a",
        "after=２０240922.79759077.1.a",
        f"after=20240922.79759077.1.{'a' * 201}",
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(client, query):
    answer = client.get("/en/", QueryDict(query))
    assert answer.status_code == 400
    assert slugs(answer) == []


@pytest.mark.parametrize("query", ["after=99999999.00000000.2.x", "before=99999999.00000000.0.a"])
def test_a_cursor_among_the_undated_is_taken(client, query):
    assert client.get("/en/", QueryDict(query)).status_code == 200


def test_no_chunk_of_a_long_list_is_longer_than_asked(django_assert_num_queries):
    entries = TimelineEntry.objects.order_by("newest_key")
    for size in (1, 5, 6, 17, 18, 19):
        with django_assert_num_queries(18 // size + 1):
            chunks = paging.in_chunks(entries, "newest_key", size=size)
            assert [entry.slug for entry in islice(chunks, 99)] == NEWEST_FIRST
