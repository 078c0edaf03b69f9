"""What trips-colt.csv means: its columns as documented, exact days, heads of state."""

import re
from itertools import product

import pytest
from django.utils.translation import override

from tests.test_documentation import section
from timeline import edtf
from timeline.exchange.colt import certain
from timeline.exchange.colt.columns import COLUMNS
from timeline.exchange.colt.heads import leads_its_country
from timeline.models import Country

# As the dataset names them.
OF_COLT = (
    "TripID LeaderCountryISO LeaderFullName LeaderTitle CountryVisited CountryVisitedISO "
    "CityVisited TripYear TripStartDate TripEndDate TripDuration AttendedMultilatEvent "
    "NameMultilatEvent MetHostHoGS HostHOGSName MetNonhostHOGS NonhostHOGSNames SignedAgreement "
    "PublicAddress Notes SourceLink1 SourceLink2 SourceLink3 SourceLink4 SourceLink5"
)
NAMES = [column.name for column in COLUMNS]


def told(heading):
    """The rows of the table in a section of the codebook, without its head."""
    lines = re.findall(r"^\| (.+) \|$", section("fixtures/README.md", heading), re.M)
    return [line.split(" | ") for line in lines[1:]]


def test_the_columns_of_the_dataset_come_first_and_all_are_in_the_codebook():
    assert NAMES[: len(OF_COLT.split())] == OF_COLT.split()
    assert len(NAMES) == len({*NAMES})
    documented = [
        (name, definition)
        for names, definition in told("trips-colt.csv")
        for name in re.findall(r"`(\w+)`", names)
    ]
    with override("en"):
        assert documented == [(column.name, str(column.definition)) for column in COLUMNS]


@pytest.mark.django_db
def test_the_page_of_downloads_tells_of_each_column_in_both_languages(client):
    pages = {code: client.get(f"/{code}/data/").content.decode() for code in ("en", "vi")}
    for code, page in pages.items():
        assert f'href="/{code}/trips-colt.csv"' in page
        assert [name for name in NAMES if f"<code>{name}</code>" not in page] == []


def test_the_table_of_dates_in_the_codebook_is_right():
    table = told("What a date gives in trips-colt.csv")
    assert len(table) > 20
    for text, *cells in table:
        date = edtf.parse(text.strip("`")) if text != "no date" else None
        first, last = certain.first_day(date), certain.last_day(date)
        days = (last - first).days + 1 if first and last else None
        found = [certain.first_year(date), first, last, days]
        assert [str(cell) if cell else "–" for cell in found] == cells, text


def test_a_day_is_given_when_the_text_names_it_and_only_then():
    """Of every form of date that can be written with a few dates: the text alone decides."""
    plain = ["2024", "2024-02", "2024-02-28", "2024-02-29", "2025-01-01"]
    dates = [date + sign for date, sign in product(plain, ["", "?", "~", "%"])]
    texts = [*dates, *(f"{a}/{b}" for a, b in product([*dates, "", ".."], repeat=2))]
    texts += [f"[{a}{sign}{b}]" for a, b in product(plain, repeat=2) for sign in (",", "..")]
    read = 0
    for text in texts:
        try:
            date = edtf.parse(text)
        except edtf.EdtfError:
            continue
        read += 1
        first, last = certain.first_day(date), certain.last_day(date)
        named = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:/.*)?", text)
        assert str(first or "") == (named[1] if named else ""), text
        named = re.fullmatch(r"(?:.*/)?(\d{4}-\d\d-\d\d)", text)
        assert str(last or "") == (named[1] if named else ""), text
        assert first in (None, date.earliest)
        assert last in (None, date.latest)
        year = certain.first_year(date)
        assert year in (None, date.earliest and date.earliest.year), text
        assert certain.only_year(date) in (None, year), text
        assert (certain.doubts(date) == []) == (not {*text} & {*"?~%"}), text
    assert read > 350


OFFICES = {
    "United States": {
        True: ["President", "President of the United States", "President, Founding Chairman"],
        False: [
            *("Vice President", "Former President of the United States", "President-elect"),
            *("Acting President", "Spouse of the President", "Senator", "", "Presidents"),
            *("President of the United States Senate", "President of Columbia University"),
            *("Assistant to the President, Prime Minister", "Chancellor", "Premier"),
            *(
                "Special Envoy of the General Secretary and President",
                "Many members of the cabinet",
            ),
        ],
    },
    "Cuba": {
        True: [
            *("Prime Minister of Cuba", "President of the Republic of Cuba"),
            "First Secretary of the Central Committee and President of Cuba",
        ],
        False: ["President of the National Assembly of Cuba", "First Secretary", "General"],
    },
    "Vietnam": {
        True: [
            *("State President", "State President of the Socialist Republic of Vietnam"),
            "General Secretary of the Communist Party of Vietnam and President of Vietnam",
        ],
        False: [
            *("General Secretary of the Communist Party of Vietnam", "General Secretary"),
            *("Deputy Prime Minister and Minister of Foreign Affairs", "Head of the Party"),
            "President of the Vietnam Union of Friendship Organizations",
        ],
    },
    "Trinidad and Tobago": {True: ["Prime Minister of Trinidad and Tobago"], False: []},
    "Germany": {
        True: ["Federal Chancellor of Germany", "Chancellor of the Federal Republic of Germany"],
        False: ["Federal Chancellor"],
    },
    "Spain": {True: ["King", "King of Spain", "PRIME MINISTER"], False: ["Queen of Spain"]},
    "Guinea": {True: ["President of Guinea"], False: ["President of Equatorial Guinea"]},
    "Côte d'Ivoire": {True: ["President of the Republic of Côte d'Ivoire"], False: []},
}


def test_an_office_counts_when_it_can_be_read_in_one_way_only():
    for name, wordings in OFFICES.items():
        for expected, offices in wordings.items():
            for office in offices:
                assert leads_its_country(office, Country(name_en=name)) is expected, office


def test_a_bare_title_of_somebody_who_speaks_for_a_body_is_not_of_the_country():
    america = Country(name_en="United States")
    assert not leads_its_country("President", america, of_a_body=True)
    assert leads_its_country("President of the United States", america, of_a_body=True)
