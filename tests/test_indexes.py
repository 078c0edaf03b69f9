"""The indexes of people, organisations and countries: their order, parts, and what they refuse."""

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import crowd
from tests.markup import Page
from timeline import text
from timeline.models import Country, Organization, Person, TimelineEntry
from timeline.views.people import parted

NAMES = [  # name, sorted under
    *(("Nguyễn Văn An", ""), ("Trần Thị Ánh", ""), ("Nguyễn Hoài Ân", ""), ("Lê Ái", "")),
    *(("Đặng Đạt", ""), ("Đỗ Dũng", ""), ("Ông Ích Khiêm", ""), ("Ôn Như Hậu", "")),
    *(("Ơn Thị Ý", ""), ("Oanh", ""), ("Ưng Hoè", ""), ("Uông Chu Lưu", ""), ("Ăn Mày", "")),
    *(("Joe Biden", "Biden, Joe"), ("Éamon de Valera", "de Valera, Éamon")),
    *(("Hoàng Hoa Thám", ""), ("Hoàng Hòa", ""), ("Hoàng Hoa", ""), ("7up", ""), ("習", "")),
]
BY_FAMILY = {
    "": ["習", "7up"],
    "ă": ["Ăn Mày"],
    "b": ["Joe Biden"],
    "d": ["Éamon de Valera"],
    "đ": ["Đặng Đạt", "Đỗ Dũng"],
    "h": ["Hoàng Hoa", "Hoàng Hòa", "Hoàng Hoa Thám"],
    "l": ["Lê Ái"],
    "n": ["Nguyễn Hoài Ân", "Nguyễn Văn An"],
    "o": ["Oanh"],
    "ô": ["Ôn Như Hậu", "Ông Ích Khiêm"],
    "ơ": ["Ơn Thị Ý"],
    "t": ["Trần Thị Ánh"],
    "u": ["Uông Chu Lưu"],
    "ư": ["Ưng Hoè"],
}
BY_GIVEN = {
    "": ["習", "7up"],
    "a": ["Lê Ái", "Nguyễn Văn An", "Trần Thị Ánh"],
    "â": ["Nguyễn Hoài Ân"],
    "d": ["Đỗ Dũng"],
    "đ": ["Đặng Đạt"],
    "e": ["Éamon de Valera"],
    "h": ["Ôn Như Hậu", "Hoàng Hoa", "Hoàng Hòa", "Ưng Hoè"],
    "j": ["Joe Biden"],
    "k": ["Ông Ích Khiêm"],
    "l": ["Uông Chu Lưu"],
    "m": ["Ăn Mày"],
    "o": ["Oanh"],
    "t": ["Hoàng Hoa Thám"],
    "y": ["Ơn Thị Ý"],
}


@pytest.mark.parametrize(
    ("turned", "expected"),
    [(lambda name, filed: filed or name, BY_FAMILY), (text.given_name_first, BY_GIVEN)],
    ids=["by family name", "by given name"],
)
def test_names_are_filed_as_vietnamese_readers_expect(turned, expected):
    """Marked letters are letters of their own, in their place; tones decide after all letters."""
    found = {}
    for name, filed in sorted(NAMES, key=lambda names: text.sort_key(turned(*names))):
        found.setdefault(text.letter_of(text.sort_key(turned(name, filed))), []).append(name)
    assert list(found.items()) == list(expected.items())


@pytest.mark.parametrize(
    ("name", "filed", "family", "given"),
    [
        ("Nguyễn Văn An", "", ("", "Nguyễn", " Văn An"), ("Nguyễn Văn ", "An", "")),
        ("Joe Biden", "Biden, Joe", ("Joe ", "Biden", ""), ("", "Joe", " Biden")),
        ("An An", "", ("", "An", " An"), ("An ", "An", "")),
        ("Suharto", "", ("", "Suharto", ""), ("", "Suharto", "")),
        ("習近平", "Xi, Jinping", ("", "", "習近平"), ("", "", "習近平")),
        ("Pelé", "Pelé,", ("", "Pelé", ""), ("", "Pelé", "")),
        ("?", ",", ("", "?", ""), ("", "?", "")),
    ],
)
def test_the_part_of_a_name_that_it_is_filed_by_is_marked(name, filed, family, given):
    assert parted(name, filed, "family") == family
    assert parted(name, filed, "given") == given


@pytest.fixture
def stored(told):
    """`NAMES` as people of the United States, in a public entry."""
    america = Country.objects.get(code="US")
    rows = [
        Person.objects.create(name=name, sort_name=filed, country=america) for name, filed in NAMES
    ]
    show(rows)
    return rows


def show(people):
    entry = TimelineEntry.objects.get(slug="2026-trump")
    links = TimelineEntry.people.through
    crowd.write([links(timelineentry=entry, person=person) for person in people])


def shelves(answer):
    """{heading: names} of an index, as the page has them."""
    return {
        group.label: [str(getattr(row, "person", row)) for row in group.rows]
        for group in answer.context["index"].shown
    }


def labelled(expected):
    return {letter.upper() or "0–9 and others": names for letter, names in expected.items()}


@pytest.mark.django_db
def test_each_language_opens_with_its_order_and_the_other_is_one_click_away(client, stored):
    TimelineEntry.people.through.objects.exclude(person__in=stored).delete()
    english, vietnamese = client.get("/en/people/"), client.get("/vi/people/")
    assert shelves(english) == labelled(BY_FAMILY)
    assert list(shelves(vietnamese).values()) == list(BY_GIVEN.values())
    assert shelves(client.get("/en/people/?by=given")) == labelled(BY_GIVEN)
    for answer, switches in [
        (
            english,
            ['<a href="/en/people/?by=given">', '<a href="/en/people/" aria-current="true">'],
        ),
        (vietnamese, ['<a href="/vi/people/" aria-current="true">', '<a href="/vi/people/?by=f']),
    ]:
        assert all(switch in answer.content.decode() for switch in switches)
    for asked, canonical in [
        ("?by=family", ""),
        ("?by=given&x=1", "?by=given"),
        ("?letter=%C4%90&by=family", "?letter=%C4%91"),
        ("?q=Ho%C3%A0ng&country=US", "?country=US&q=Ho%C3%A0ng"),
    ]:
        assert client.get(f"/en/people/{asked}").context["canonical_path"] == (
            f"/en/people/{canonical}"
        )


ASKED = {
    "people/?letter=đ": {"Đ": ["Đặng Đạt", "Đỗ Dũng"]},
    "people/?letter=Đ&by=given": {"Đ": ["Đặng Đạt"]},
    "people/?letter=other": {"0–9 and others": ["習", "7up"]},
    "people/?letter=q": {},
    "people/?q=hoang+tham": {"H": ["Hoàng Hoa Thám"]},
    "people/?q=%20TH%E1%BB%8A%20": {"Ơ": ["Ơn Thị Ý"], "T": ["Trần Thị Ánh"]},
    "people/?q=oan": {"O": ["Oanh"]},
    "people/?q=bid+jo&country=US": {"B": ["Joe Biden", "Joe Biden"]},
    "people/?q=biden&country=VN": {},
    "people/?q=lam": {"T": ["Tô Lâm"]},
    "people/?q=zzyzx": {},
    "organizations/?q=air": {"V": ["Vietnam Airlines"]},
    "organizations/?by=kind&kind=company": {"company": ["Boeing"]},
    "organizations/?kind=company&letter=v": {},
    "organizations/?by=kind&letter=v": {"other organisation": ["Vietnam Airlines"]},
    "countries/?q=hoa": {"U": ["United States"]},  # by any of its names
    "countries/?letter=h": {"H": ["Holy See"]},
}


@pytest.mark.django_db
def test_an_index_shows_what_is_asked(client, stored):
    Organization.objects.filter(slug="boeing").update(kind="company")
    found = {}
    for path in ASKED:
        answer = client.get(f"/en/{path}")
        assert answer.status_code == 200, path
        found[path] = shelves(answer)
    assert found == ASKED


REFUSED = [
    *("by=name", "by=kind", "letter=aa", "letter=%C3%A1", "letter=7", "letter=%25"),
    *("letter=%00", "letter=" + "a" * 10_000, "letter=a&letter=b", "letter=%E2%80%AE"),
    *("q=%00", "q=...", "q=" + "x" * 10_000, "q=a%E2%80%AEb", "q=a&q=b"),
    *("country=FR", "country=JP", "country=ZZ", "country=us", "country=%00", "country=USA"),
    *("after=hidden-person", "after=never-existed", "after=%00", "after=a%20b", "after=T%C3%B4"),
    *("after=" + "a" * 10_000, "kind=war"),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_nonsense_is_told_in_a_sentence_and_is_never_everything(client):
    for query in REFUSED:
        for index in ("people", "organizations"):
            if (index, query) in [("people", "kind=war"), ("organizations", "by=kind")]:
                continue
            answer = client.get(f"/en/{index}/?{query}")
            assert answer.status_code == 400, (index, query[:40])
            assert len(answer.context["form"].errors) == 1, query[:40]
            assert Page(answer.content.decode()).problems == []
            assert b"to-lam" not in answer.content
    hidden, never = (
        client.get(f"/vi/people/?after={slug}") for slug in ("hidden-person", "never-existed")
    )
    assert hidden.content == never.content
    assert "to-lam" in client.get("/en/people/?kind=war&page=2").content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_an_index_tells_the_latest_office_the_country_and_the_number_of_records(client):
    index = client.get("/en/people/").context["index"]
    rows = [row for group in index.shown for row in group.rows]
    assert [
        (
            row.person.slug,
            row.person.entry_count,
            row.office and (row.office.title, row.office.year),
        )
        for row in rows
    ] == [
        *(("biden-joe", 1, None), ("diaz-canel-miguel", 1, None), ("greer-jamieson", 1, None)),
        ("parolin-pietro", 1, None),
        ("to-lam", 7, ("General Secretary", None)),
        ("trump-donald", 1, ("President of the United States", 2026)),
    ]
    Person.objects.filter(slug="trump-donald").update(country=Country.objects.get(code="FR"))
    index = client.get("/en/people/?q=trump").context["index"]
    assert index.shown[0].rows[0].person.country is None, "no entry shows that country"


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_the_other_indexes_list_what_the_timeline_shows_with_counts(client):
    def listed(path):
        groups = client.get(path).context["index"].shown
        return [(row.natural_key()[0], row.entry_count) for group in groups for row in group.rows]

    assert listed("/en/organizations/") == [
        *(("gaza-board", 1), ("boeing", 1), ("vietnam-airlines", 1)),
    ]
    assert listed("/en/countries/") == [("CU", 2), ("VA", 1), ("US", 5), ("VN", 2)]
    assert listed("/vi/countries/") == [("CU", 2), ("US", 5), ("VA", 1), ("VN", 2)]


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_of_thousands_of_names_a_letter_is_shown_in_pages(client):
    america = Country.objects.get(code="US")
    few = len(queries(client, "/vi/people/"))
    show(crowd.people(1500, america))
    answer = client.get("/en/people/")
    index = answer.context["index"]
    assert (index.total, index.is_whole, [group.label for group in index.shown]) == (
        *(1506, False, ["Â"]),
    )
    assert [(group.label, group.count) for group in index.groups] == [
        *(("Â", 75), ("B", 76), ("D", 1), ("Đ", 75), ("G", 1), ("L", 75), ("N", 825)),
        *(("Ô", 75), ("P", 1), ("T", 77), ("Ư", 75), ("V", 75), ("X", 75)),
    ]
    assert index.groups[6].url == "/en/people/?letter=n"
    walked, address = [], "/en/people/?letter=n"
    while address:
        answer = client.get(address)
        assert len(gzip.compress(answer.content)) < 20_000
        index = answer.context["index"]
        walked.append([row.person.slug for group in index.shown for row in group.rows])
        address, last = index.next_url, index
    assert [len(page) for page in walked] == [300, 300, 225]
    assert len({slug for page in walked for slug in page}) == 825
    second = client.get(last.previous_url).context["index"]
    assert [row.person.slug for row in second.shown[0].rows] == walked[1]
    assert (second.first_url, second.previous_url) == ("/en/people/?letter=n", None)
    assert len(queries(client, "/vi/people/")) <= few
    found = shelves(client.get("/en/people/?q=00013"))
    assert found == {"N": ["Nguyễn Văn 00013 Hòa"]}


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return captured
