"""Searching: what a query means, what it finds, in which order, and how that is shown."""

import unicodedata
from collections import Counter

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.answers import listed, slugs
from tests.chronicle import OLDEST_FIRST
from timeline import text
from timeline.filters import TimelineFilter
from timeline.models import (
    Agreement,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    TimelineEntry,
)
from timeline.search import Search, parse, spans
from timeline.views import timeline
from timeline.views.paging import in_chunks, page_of

# What a query means: a phrase stands in brackets.
MEANINGS = {
    "": [],
    " \t ": [],
    "Tô Lâm": ["to", "lam"],
    "lam LÂM lấm": ["lam"],
    "Đặng đạng": ["dang"],
    '"Tô Lâm" Biden': ["[to lam]", "biden"],
    "“Tô Lâm” «hoa kỳ» „biden“": ["[to lam]", "[hoa ky]", "[biden]"],
    '"to lam': ["to", "lam"],
    'a"b" c': ["a", "[b]", "c"],
    'a "" “.” b': ["a", "b"],
    "COVID-19 U.S.": ["covid 19", "u s"],
    "lam [lam] (lam)": ["lam"],
    'lam "lam"': ["lam", "[lam]"],
    "½ ㎏ ﬁ": ["1 2", "kg", "fi"],
    "越南 Việt": ["越南", "viet"],
}


@pytest.mark.parametrize("query", MEANINGS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_query_is_words_and_phrases(query, form):
    terms = parse(unicodedata.normalize(form, query))
    found = [" ".join(term.words) for term in terms]
    assert [f"[{t}]" if term.is_phrase else t for term, t in zip(terms, found, strict=True)] == (
        MEANINGS[query]
    )


MARKED = [
    ("to lam", "Tô Lâm, Tổng Bí thư", "<mark>Tô</mark> <mark>Lâm</mark>, <mark>Tổng</mark> Bí thư"),
    ('"to lam"', "Tổ Lâm Tô Lâm Tô-Lâm", "<mark>Tổ Lâm</mark> <mark>Tô Lâm</mark> *Tô-Lâm*"),
    ('"to"', "Tô tong", "<mark>Tô</mark> tong"),
    ("dang", "Đặng, ĐẢNG; gia đàng", "*Đặng*, *ĐẢNG*; gia *đàng*"),
    ("737-max", "Boeing 737 MAX 8", "Boeing *737 MAX* 8"),
    ('lam "lam to"', "Lâm Tô", "*Lâm Tô*"),
    ("b", "<b>&amp;</b>", "&lt;*b*&gt;&amp;amp;&lt;/*b*&gt;"),
    ("script", "<script>", "&lt;*script*&gt;"),
    ("2", "½", "*½*"),
    ("zzyzx", "a < b", "a &lt; b"),
]


@pytest.mark.parametrize(("query", "shown", "marked"), MARKED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_matches_is_marked_as_it_was_written(query, shown, marked, form):
    shown, marked = (unicodedata.normalize(form, given) for given in (shown, marked))
    html = Search(query).marked(shown)
    assert html.replace("<mark>", "*").replace("</mark>", "*") == (
        marked.replace("<mark>", "*").replace("</mark>", "*")
    )
    assert html.__html__() == html


@given(st.text(max_size=30))
def test_marks_know_the_same_words_as_the_search(shown):
    found = spans(shown)
    assert [word for _start, _end, word in found] == text.words(shown)
    assert all(word in "".join(text.words(shown[start:end])) for start, end, word in found)


def test_what_is_marked_is_what_is_found():
    """A text that a term marks has its line, and one with the line is marked."""
    shown = ["Tô Lâm", "Tổng Bí thư Tô Lâm đến Hoa Kỳ", "To-Lam", "Lâm Tô", "Atô lâm", "tô lâmm"]
    for query in ["to", '"to"', "to-lam", '"to lam"', "lam", '"hoa ky"', "hoa-k"]:
        [term] = parse(query)
        for row in shown:
            assert (term.line in text.search_line(row)) == ("<mark>" in Search(query).marked(row))


# What is found

FOUND = {
    "lam biden": ["2024-biden"],
    "TÔ LÂM BIDEN": ["2024-biden"],
    '"to lam" biden': ["2024-biden"],
    '"lam to"': [],
    "am biden": [],
    "dang son": ["2026-us"],
    "Đăng Sơn": ["2026-us"],
    '"son dang"': [],
    "737": ["2026-boeing-737-max"],
    "737-max": ["2026-boeing-737-max"],
    '"boeing 737"': ["2026-boeing-737-max"],
    '"boeing 73"': [],
    "holy see": ["2024-parolin"],
    "toa thanh": ["2024-parolin"],
    "united states of": ["2026-us", "2026-trump"],
    '"of the united"': ["2026-trump"],
    '"of the unit"': [],
    "100%": [],
}


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_every_term_must_be_there(client):
    for query, expected in FOUND.items():
        for form in ("NFC", "NFD"):
            asked = unicodedata.normalize(form, query)
            assert listed(client, "/en/", {"q": asked}) == expected, query
            assert listed(client, "/vi/timeline.csv", {"q": asked}) == expected, query


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_aliases_organisations_and_offices_are_searched_and_say_why(client):
    Person.objects.filter(slug="biden-joe").update(aliases="Joseph Robinette\nGiô Bai-đơn")
    Organization.objects.filter(slug="boeing").update(aliases="Hãng Bô-ing")
    take = Participation.objects.filter(person__slug="parolin-pietro")
    take.update(capacity_en="Cardinal", capacity_vi="Quốc vụ khanh")
    why = {
        "bai don": ("2024-biden", "Another name or office: <span>gio <mark>bai</mark> don"),
        "bo-ing": ("2026-boeing-737-max", "<span>hang <mark>bo ing</mark></span>"),
        "vu khanh": ("2024-parolin", 'lang="vi">Pietro Parolin (Quốc <mark>vụ</mark>'),
    }
    for query, (slug, reason) in why.items():
        answer = client.get("/en/", {"q": query})
        assert slugs(answer) == [slug]
        assert reason in answer.content.decode()
    assert listed(client, "/en/", {"q": '"robinette gio"'}) == [], "no phrase goes beyond a line"


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_long_summary_that_is_not_shown_is_quoted_round_the_match(client):
    told = f"{'before ' * 30}Hiệp định <Paris> {'after ' * 30}"
    Meeting.objects.filter(slug="2026-trump").update(summary_vi=told)
    html = client.get("/en/", {"q": '"hiep dinh"'}).content.decode()
    assert html.count("<mark>Hiệp định</mark> &lt;Paris&gt; after") == 1
    [excerpt] = [line for line in html.splitlines() if "Hiệp định</mark>" in line]
    assert '<span lang="vi">…before' in excerpt
    assert "after…</span>" in excerpt
    assert len(excerpt) < 300


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_matches_are_marked_in_the_row_and_nothing_else_is_said(client):
    html = client.get("/en/?q=biden").content.decode()
    assert '">President <mark>Biden</mark></a>' in html
    assert "<li>Joe <mark>Biden</mark>" in html
    assert 'class="small found"' not in html
    assert "<mark>" not in client.get("/en/meetings/2024-biden/").content.decode()
    assert "<mark>" not in client.get("/en/").content.decode()


# The best match first

BEST = [
    ("boeing-talks", "Talks with Boeing", "", "1999"),
    ("airlines-and-boeing", "Airlines, Boeings", "", "1998"),
    ("told-of-in-passing", "Talks", "Boeing was named; so were airlines", "1997"),
    ("boeing-airlines", "Boeing Airlines", "", "2001"),
]


@pytest.fixture
def ranked(told):
    for slug, title, summary, date in BEST:
        Agreement.objects.create(
            slug=slug, title_en=title, summary_en=summary, date_edtf=date, state="published"
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("ranked")
def test_the_best_match_stands_first_only_when_it_is_asked_for(client):
    words = {"q": "boeing airlines"}
    by_date = ["told-of-in-passing", "airlines-and-boeing", "boeing-airlines"]
    assert listed(client, "/en/", words) == [*by_date, "2026-boeing-737-max"]
    best = ["boeing-airlines", "airlines-and-boeing", "2026-boeing-737-max", "told-of-in-passing"]
    for path in ("/en/", "/en/timeline.csv"):
        assert listed(client, path, {**words, "order": "best"}) == best
    in_title = ["boeing-talks", "boeing-airlines", "2026-boeing-737-max"]
    others = ["told-of-in-passing", "airlines-and-boeing"]
    assert listed(client, "/en/", {"q": "boeing", "order": "best"}) == [*in_title, *others]


@pytest.mark.django_db
@pytest.mark.usefixtures("ranked")
def test_pages_and_chunks_of_the_best_matches_hold_each_once(client, monkeypatch):
    asked = QueryDict("q=boeing&order=best")
    whole = [entry.slug for entry in TimelineFilter(asked).qs]
    assert len(whole) == 5
    for size in (1, 2, 5):
        chunks = in_chunks(TimelineFilter(asked).qs, "best_key", size=size)
        assert [entry.slug for entry in chunks] == whole
    monkeypatch.setattr(timeline, "page_of", lambda *args, **to: page_of(*args, **to, size=2))
    url, there = f"/en/?{asked.urlencode()}", []
    while url:
        last, url = url, client.get(url).context["next_url"]
        there.append(slugs(client.get(last)))
    assert [slug for page in there for slug in page] == whole
    back, url = [], last
    while url:
        answer = client.get(url)
        back.append(slugs(answer))
        url = answer.context["previous_url"]
    assert back[::-1] == there


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_without_a_search_no_match_is_better(client):
    assert listed(client, "/en/", {"order": "best"}) == OLDEST_FIRST
    answer = client.get("/en/?q=lam&order=best&kind=trip")
    assert [row["remove_url"] for row in answer.context["active_filters"]] == [
        *("/en/?kind=trip", "/en/?q=lam&order=best"),
    ]
    offered = [(order["label"], order["is_chosen"]) for order in answer.context["orders"]]
    assert offered[-1] == ("best match first", True)
    assert len(client.get("/en/").context["orders"]) == 2
    assert answer.context["years"] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=lam&order=best&after=1500.20240922.79759077.1.a", 200),
        ("q=lam&order=best&after=20240922.79759077.1.a", 400),
        ("q=lam&order=best&after=2500.20240922.79759077.1.a", 400),
        ("q=lam&after=1500.20240922.79759077.1.a", 400),
        ("order=best&after=20240922.79759077.1.a", 200),
    ],
)
def test_a_page_of_another_order_is_refused(client, query, status):
    assert client.get(f"/en/?{query}").status_code == status


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_search_for_many_terms_keeps_its_rank_within_its_digits(client):
    words = " ".join(f"w{number}" for number in range(50))
    Meeting.objects.filter(slug="2026-trump").update(title_en=words)
    asked = QueryDict(mutable=True)
    asked.update({"q": words, "order": "best"})
    [entry] = TimelineFilter(asked).qs
    key = TimelineEntry.objects.get(slug="2026-trump").oldest_key
    assert entry.best_key.partition(".")[2] == key
    assert 1000 <= int(entry.best_key.partition(".")[0]) < 1200


# No hit


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_no_hit_says_what_could_be_left_out(client):
    shown = client.get("/en/", {"q": 'biden "to lam" zzyzx', "kind": "meeting"}).context
    assert [(row.value, row.number, row.is_alone) for row in shown["relaxations"]] == [
        *(('biden "to lam" zzyzx', 10, False), ("zzyzx", 1, False)),
    ]
    url = shown["relaxations"][1].url
    assert url == "/en/?q=biden+%E2%80%9Cto+lam%E2%80%9D&kind=meeting"
    assert listed(client, *_address(url)) == ["2024-biden"]
    shown = client.get("/en/", {"q": "zzyzx", "person": "biden-joe", "country": "CU"}).context
    assert [(str(row.value), row.number, row.is_alone) for row in shown["relaxations"]] == [
        *(("Cuba", 2, True), ("Joe Biden", 1, True)),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_what_is_left_out_leaves_as_many_as_it_says(client):
    queries = [
        "q=biden+trump&person=to-lam&kind=meeting",
        "country=CU&with=VA",
        "person=biden-joe&from=2026&to=2026&status=held",
        "organization=boeing&kind=trip&q=zzyzx",
    ]
    for query in queries:
        relaxations = client.get(f"/en/?{query}").context["relaxations"]
        assert relaxations, query
        numbers = [relaxation.number for relaxation in relaxations]
        assert numbers == sorted(numbers, reverse=True)
        for relaxation in relaxations:
            left = listed(client, *_address(relaxation.url))
            assert len(left) == relaxation.number > 0


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_search_without_a_hit_looks_for_each_term_once_more(client):
    asked = Counter()

    def count(run, sql, params, *rest):
        asked.update(param for param in params or () if str(param).startswith("% "))
        return run(sql, params, *rest)

    words = ["biden", "trump", "lam", "meeting", "zzyzx"]
    with connection.execute_wrapper(count):
        answer = client.get("/en/", {"q": " ".join(words), "country": "US"})
    assert answer.context["count"] == 0
    assert asked == {f"% {word}%": 2 for word in words}


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_search_without_a_hit_costs_a_bounded_number_of_queries(
    client, django_assert_max_num_queries
):
    asked = {"q": " ".join(f"x{n}" for n in range(40)), "country": "US", "with": "VN"}
    asked |= {"from": "2020", "to": "2027", "kind": "trip", "status": "held", "person": "to-lam"}
    with django_assert_max_num_queries(30):
        answer = client.get("/en/", asked)
    assert answer.context["count"] == 0
    assert "No record fits all of this" in answer.content.decode()


def _address(url):
    path, _mark, query = url.partition("?")
    return path, QueryDict(query)


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_country_is_found_by_the_names_people_use(client):
    named = {entry.slug for entry in client.get("/en/?country=US").context["matching"]}
    assert named
    assert not client.get('/vi/?q="mỹ"').context["count"]
    Country.objects.filter(code="US").update(aliases="Mỹ\nUSA")
    for query in ("mỹ", "MY", "usa"):
        found = client.get("/vi/", {"q": f'"{query}"'}).context["matching"]
        assert {entry.slug for entry in found} == named
