"""What pages tell machines: read by a parser of RDF, and held to the words of schema.org."""

import json
import re
from html.parser import HTMLParser

import pytest
from rdflib import RDF, SDO, Graph, Literal, Namespace, URIRef

from tests.chronicle import SECRETS, record, take_part
from timeline.models import Meeting, Organization, Person, SourceDocument, Tenure, Trip

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("told"),
    # rdflib 7 says so of itself, each time that it reads JSON-LD.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

SITE = "http://testserver"
DCTERMS, EDTF = (
    Namespace("http://purl.org/dc/terms/"),
    Namespace("http://id.loc.gov/datatypes/edtf/"),
)
# What https://schema.org answers a reader of JSON-LD, as far as it is needed: nobody is asked here.
ADDRESSES = ("url", "sameAs", "eventStatus", "eventAttendanceMode")
WORDS = {"@vocab": str(SDO), **{name: {"@type": "@id"} for name in ADDRESSES}}


class Blocks(HTMLParser):
    """The data blocks of a page as a browser cuts them out."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside = (tag, dict(attributes).get("type")) == ("script", "application/ld+json")

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)

    def handle_endtag(self, tag):
        self.inside = False


def block_of(client, path, language="en"):
    page = client.get(f"/{language}/{path}").content.decode()
    [block] = Blocks(page).found
    return json.loads(block)


def graph_of(client, path, language="en"):
    """The block of a page as triples, with what it is about."""
    described = block_of(client, path, language)
    site, own = described["@context"]
    assert site == "https://schema.org"
    text = json.dumps(described | {"@context": [WORDS, own]})
    return Graph().parse(data=text, format="json-ld"), URIRef(f"{SITE}/{language}/{path}")


def values(graph, about, name):
    return sorted(str(value) for value in graph.objects(about, SDO[name]))


PAGES = {
    "trips/2024-us-cuba/": "Event",
    "meetings/2026-trump/": "Event",
    "agreements/2026-boeing-737-max/": "Event",
    "people/to-lam/": "Person",
    "organizations/boeing/": "Organization",
    "countries/CU/": "Country",
    "data/": "Dataset",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_described_in_words_that_schema_org_has(client, path):
    for language in ("en", "vi"):
        graph, about = graph_of(client, path, language)
        assert (about, RDF.type, SDO[PAGES[path]]) in graph
        assert (about, SDO.url, about) in graph
        words = {*graph.predicates(), *graph.objects(predicate=RDF.type)} - {RDF.type}
        unknown = [word for word in words if word in Namespace(SDO) and word not in SDO]
        assert unknown == []
        assert {word for word in words if word not in Namespace(SDO)} <= {DCTERMS.date}


def test_a_meeting_tells_when_where_and_with_whom(client):
    Meeting.objects.filter(slug="2026-trump").update(place_en="White House")
    graph, meeting = graph_of(client, "meetings/2026-trump/")
    assert values(graph, meeting, "name") == ["President Trump"]
    assert values(graph, meeting, "startDate") == ["2026-02-20"]
    assert (meeting, DCTERMS.date, Literal("2026-02-20", datatype=EDTF.EDTF)) in graph
    assert (meeting, SDO.eventStatus, SDO.EventScheduled) in graph
    assert (meeting, SDO.eventAttendanceMode, SDO.OfflineEventAttendanceMode) in graph
    assert (meeting, SDO.superEvent, URIRef(f"{SITE}/en/trips/2026-us/")) in graph
    assert (meeting, SDO.subjectOf, URIRef(f"{SITE}/en/sources/information-2026/")) in graph
    [place] = graph.objects(meeting, SDO.location)
    assert values(graph, place, "name") == ["White House"]
    roles = {
        str(graph.value(role, SDO.attendee)): (
            str(graph.value(role, SDO.roleName)),
            str(graph.value(role, SDO.description)),
        )
        for role in graph.objects(meeting, SDO.attendee)
    }
    assert roles == {
        f"{SITE}/en/people/to-lam/": ("participant", "General Secretary"),
        f"{SITE}/en/people/trump-donald/": ("host", "President of the United States"),
    }


DATES = {  # the startDate and the endDate that say the same, if there are such
    "2024-09-22": ("2024-09-22", None),
    "2013-07": ("2013-07", None),
    "2013": ("2013", None),
    "2026-02-18/2026-02-20": ("2026-02-18", "2026-02-20"),
    "2024-05/2024": ("2024-05", "2024"),
    "2025-04/..": ("2025-04", None),
    "/2026-02-18": (None, "2026-02-18"),
    "2024-05~/2024-07": (None, "2024-07"),
    "2024-09-22~": (None, None),
    "2013-07?": (None, None),
    "[2024-09-21..2024-09-27]": (None, None),
    "": (None, None),
}


def test_a_date_is_told_as_precisely_as_it_is_known(client):
    for number, (text, dates) in enumerate(DATES.items()):
        record(Meeting, f"dated-{number}", "Dated", text)
        told = block_of(client, f"meetings/dated-{number}/")
        assert (told.get("startDate"), told.get("endDate")) == dates, text
        expected = {"@type": "edtf:EDTF", "@value": text} if text else None
        assert told.get("dcterms:date") == expected
    record(Meeting, "within", "Within", "2026-02-18/2026-02-20", date_basis="within_trip")
    assert "startDate" not in block_of(client, "meetings/within/")


@pytest.mark.parametrize(
    ("values", "terms"),
    [
        ({"status": "announced"}, ["EventScheduled", "OfflineEventAttendanceMode"]),
        ({"status": "postponed", "mode": "phone"}, ["EventPostponed", "OnlineEventAttendanceMode"]),
        (
            {"status": "cancelled", "mode": "online"},
            ["EventCancelled", "OnlineEventAttendanceMode"],
        ),
        ({"status": "not_held", "mode": "letter"}, ["EventCancelled", None]),
    ],
)
def test_the_status_and_the_mode_are_terms(client, values, terms):
    Meeting.objects.filter(slug="2026-trump").update(**values)
    told = block_of(client, "meetings/2026-trump/")
    found = [told.get(name) for name in ("eventStatus", "eventAttendanceMode")]
    assert found == [term and f"https://schema.org/{term}" for term in terms]


def test_each_takes_the_part_that_it_took(client):
    meeting = record(Meeting, "parts", "Parts")
    take_part(meeting, role="organiser", organization="boeing")
    take_part(meeting, "parolin-pietro", "subject", order=2)
    take_part(meeting, "biden-joe", "inviter", order=3)
    take_part(meeting, role="participant", country="CU", order=4)
    take_part(meeting, role="spouse", country="US", capacity="Spouse", order=5)
    told = block_of(client, "meetings/parts/")
    parts = {
        part: [role[part]["@id"].removeprefix(f"{SITE}/en/") for role in told[part]]
        for part in ("organizer", "about", "contributor", "attendee")
    }
    assert parts == {
        "organizer": ["organizations/boeing/"],
        "about": ["people/parolin-pietro/"],
        "contributor": ["people/biden-joe/"],
        "attendee": ["countries/CU/"],  # whose spouse came is not said
    }


def test_an_office_since_when_is_told_of_an_appointment_alone(client):
    Person.objects.filter(slug="to-lam").update(wikidata_id="Q42", aliases="To Lam\nTô Đại tướng")
    told = block_of(client, "people/to-lam/")
    [office] = told["hasOccupation"]
    assert office["hasOccupation"]["name"] == "General Secretary"
    assert office["dcterms:date"]["@value"] == "2024-08-03/.."
    assert "startDate" not in office
    assert told["sameAs"] == "https://www.wikidata.org/entity/Q42"
    assert told["alternateName"] == ["To Lam", "Tô Đại tướng"]
    Tenure.objects.filter(title_en="General Secretary").update(basis="appointed")
    [office] = block_of(client, "people/to-lam/")["hasOccupation"]
    assert office["startDate"] == "2024-08-03"


def test_the_kind_of_an_organisation_is_a_word_of_schema_org(client):
    Organization.objects.filter(slug="boeing").update(kind="company", name_vi="", aliases="BA")
    told = block_of(client, "organizations/boeing/", "vi")
    assert told["@type"] == "Corporation"
    assert told["name"] == {"@language": "en", "@value": "Boeing"}
    assert told["alternateName"] == ["Boeing", "BA"]
    assert block_of(client, "countries/CU/")["identifier"] == ["CU", "CUB"]


def test_the_data_page_offers_the_whole_as_a_data_set(client, settings):
    settings.DATA_LICENSE = ["CC-BY-4.0"]
    told = block_of(client, "data/")
    assert told["license"] == ["https://spdx.org/licenses/CC-BY-4.0"]
    files = {file["contentUrl"]: file["encodingFormat"] for file in told["distribution"]}
    assert files == {
        f"{SITE}/en/timeline.csv": "text/csv",
        f"{SITE}/en/timeline.json": "application/json",
        f"{SITE}/data/package.zip": "application/zip",
    }
    for address, media in files.items():
        assert client.get(address)["Content-Type"].partition(";")[0] == media


EVIL = '</script><script>alert(1)</script><!-- & "quoted" \u2028 ]]>'


def test_no_text_ends_the_block(client):
    Trip.objects.filter(slug="2026-us").update(title_en=EVIL, summary_en=EVIL)
    SourceDocument.objects.filter(slug="annex").update(title_en=EVIL)
    page = client.get("/en/trips/2026-us/").content.decode()
    assert len(re.findall("<script", page)) == 1
    told = block_of(client, "trips/2026-us/")
    assert (told["name"], told["description"]) == (EVIL, EVIL)
    assert EVIL in {source["name"] for source in told["subjectOf"]}
    head = page.partition("</head>")[0]
    assert "<!--" not in head
    assert 'content="&lt;/script&gt;' in head


def test_no_page_describes_what_is_hidden_or_withdrawn(client):
    for path in PAGES:
        text = json.dumps(block_of(client, path))
        assert [secret for secret in SECRETS if secret in text] == []
    Trip.objects.filter(slug="withdrawn-trip").update(
        withdrawn_in_public=True, withdrawn_reason="Told twice"
    )
    answer = client.get("/en/trips/withdrawn-trip/")
    assert answer.status_code == 410
    assert Blocks(answer.content.decode()).found == []
    assert "Zzyzx" not in answer.content.decode()
    for path in ("", "people/", "?from=nonsense", "sources/annex/"):
        assert Blocks(client.get(f"/en/{path}").content.decode()).found == []


HEAD = {
    "": ("Trips, meetings and agreements", "website", ""),
    "?country=CU": ("Trips, meetings and agreements · Cuba", "website", "?country=CU"),
    "meetings/2026-trump/": ("President Trump", "article", ""),
    "people/to-lam/": ("Tô Lâm", "website", "?person=to-lam"),
    "countries/CU/": ("Cuba", "website", "?country=CU"),
    "organizations/boeing/": ("Boeing", "website", "?organization=boeing"),
    "sources/annex/": ("Annex on Gaza", "website", ""),
    "sources/": ("Sources", "website", ""),
}


@pytest.mark.parametrize("path", HEAD)
def test_the_head_of_a_page_says_what_it_is_and_where_else(client, path):
    title, kind, query = HEAD[path]
    page = client.get(f"/en/{path}").content.decode().partition("</head>")[0]
    told = dict(re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', page))
    assert (told["og:title"], told["og:type"]) == (title, kind)
    assert told["og:url"] == f"{SITE}/en/{path}"
    assert (told["og:locale"], told["og:locale:alternate"]) == ("en_GB", "vi_VN")
    assert told["og:site_name"] == "Timeline of diplomacy"
    assert 20 < len(told["description"]) <= 200
    assert told["description"] == told["og:description"]
    assert told["og:image"] == f"{SITE}/static/timeline/card.png"
    links = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page)
    assert dict(links) == {
        "en": f"{SITE}/en/{path}",
        "vi": f"{SITE}/vi/{path}",
        "x-default": f"{SITE}/en/{path}",
    }
    assert f'<link rel="canonical" href="{SITE}/en/{path}">' in page
    [feed] = re.findall(r'type="application/atom\+xml" title="[^"]+" href="([^"]*)"', page)
    assert feed == f"/en/timeline.atom{query}"
    assert client.get(feed).status_code == 200
