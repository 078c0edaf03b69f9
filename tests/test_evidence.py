"""What a record rests on, where it is opened, and how the page is cited."""

import datetime
import re
from decimal import Decimal

import bibtexparser
import pytest
import rispy
from django.template.defaultfilters import floatformat
from django.utils.translation import override

from tests import builders
from tests.chronicle import cite
from timeline.citing import Citable
from timeline.models import Citation, Meeting, SourceDocument
from timeline.views.evidence import cited
from timeline.views.support import Support


def supported(*sources):
    """The support of a meeting by citations of (source, stance)."""
    meeting = builders.meeting()
    for source, stance in sources:
        builders.citation(meeting, source=source, stance=stance)
    return Support(cited(meeting.citations.public()))


@pytest.mark.django_db
def test_documents_of_one_origin_are_one_witness():
    paper, agency = builders.organization("Paper"), builders.organization("Agency")
    article = builders.source("Article", issuer=paper)
    column = builders.source("Column", issuer=paper)
    photograph = builders.source("Photograph", issuer=agency, part_of=article, relation="part")
    leaflet, letter = builders.source("Leaflet"), builders.source("Letter")
    report = builders.source("Report", access="citation", public_label_en="A report")
    account = builders.source("Account", access="citation", public_label_en="An account")
    hidden = builders.source("File", access="internal")
    annex = builders.source("Annex", part_of=hidden, relation="attachment")
    other_annex = builders.source("Other annex", part_of=hidden, relation="attachment")
    trip = builders.trip()  # so that the article is public, and with it that it is a whole
    builders.citation(trip, source=article)
    trip.state = "published"
    trip.save()
    for sources, independent in [
        ([], 0),
        ([article], 1),
        ([article, column], 1),
        ([article, photograph], 1),
        ([column, photograph], 1),  # by the issuer of the document it is a part of
        ([article, leaflet], 2),
        ([leaflet, letter], 2),
        ([report, account], 1),
        ([report, account, leaflet], 2),
        ([annex, other_annex], 2),  # nobody may know that they belong together
    ]:
        support = supported(*((source, "reports") for source in sources))
        assert (support.sources, support.independent) == (len(sources), independent), sources


@pytest.mark.django_db
def test_what_announces_what_tells_and_what_contradicts_is_counted():
    first, second = builders.source("First"), builders.source("Second")
    support = supported(
        *((first, "announces"), (first, "announces"), (second, "announces")),
        *((first, "reports"), (second, "mentions"), (second, "contradicts")),
    )
    assert (support.announcing, support.telling) == (2, 1)
    assert [citation.source.slug for citation in support.contradicting] == ["second"]


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("status", "stance", "sentence"),
    [
        ("held", "announces", "Announced beforehand in: 1; reported or confirmed afterwards in: 1"),
        ("announced", "announces", "Announced only: no source recorded here says"),
        ("cancelled", "announces", "Announced by 1 source"),
        ("held", "mentions", None),
    ],
)
def test_a_record_says_what_was_announced_and_what_was_held(client, status, stance, sentence):
    cite(Meeting.objects.get(slug="2026-trump"), "annex", "It will take place.", stance=stance)
    Meeting.objects.filter(slug="2026-trump").update(status=status)
    html = " ".join(client.get("/en/meetings/2026-trump/").content.decode().split())
    if sentence:
        assert sentence in html
    else:
        assert "nnounced" not in re.sub(r"<option.*?</option>", "", html)


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_each_part_of_a_trip_carries_the_statements_of_its_own_sources(client):
    shown = client.get("/en/trips/2026-us/").context
    rows = [*shown["meetings"], *shown["agreements"]]
    found = {row.slug: sorted(c.slug for c in row.evidence) for row in rows}
    public = Citation.objects.public()
    assert found == {
        row.slug: sorted(public.filter(**{row.kind_of_record: row}).values_list("slug", flat=True))
        for row in rows
    }
    assert all(found.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_a_citation_opens_in_place_with_source_locator_and_statement(client):
    html = client.get("/en/meetings/2026-trump/").content.decode()
    [citation] = client.get("/en/meetings/2026-trump/").context["support"].citations
    mark = re.search(r'<details class="cite">.*?</details>', html, re.DOTALL)[0]
    for part in (str(citation.source), citation.source.get_absolute_url(), citation.statement):
        assert part in mark


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
def test_lists_of_sources_and_statements_come_in_pages(client, monkeypatch):
    monkeypatch.setattr("timeline.views.sources.SIZE", 2)
    lists = {"/en/sources/": "sources", "/en/sources/communist-review/": "statements"}
    for path, name in lists.items():
        whole, number = [], 1
        while True:
            shown = client.get(f"{path}?page={number}").context
            assert 1 <= len(shown[name]) <= 2
            whole += [row.slug for row in shown[name]]
            if not shown["page"].has_next():
                break
            number += 1
        assert len(whole) == len({*whole}) == shown["page"].paginator.count
        assert number > 1
        for nonsense in (number + 1, 0, -1, "x", "1" * 400, "%00"):
            assert client.get(f"{path}?page={nonsense}").status_code == 404
    assert {row.slug for row in client.get("/en/sources/").context["sources"]} < {
        *SourceDocument.objects.values_list("slug", flat=True)
    }


ODD = r"“90% of {all #1 & 2_3” \ ~ ^ $ – Tô Lâm"


TEX_NAMES = [
    *(("textbackslash", "\\"), ("textasciitilde", "~"), ("textasciicircum", "^")),
    *(("textbraceleft", "{"), ("textbraceright", "}")),
]


def page(title=ODD):
    return Citable(
        title=title,
        address="https://example.org/en/trips/a_trip/",
        changed=datetime.date(2026, 11, 21),
        language="en",
        slug="a-trip",
    )


def test_a_page_is_cited_in_a_sentence():
    assert page("A trip").as_sentence() == (
        "“A trip”, Timeline of diplomacy, version of 21 November 2026, "
        "https://example.org/en/trips/a_trip/"
    )


def test_bibtex_is_read_back_by_others():
    library = bibtexparser.parse_string(page().as_bibtex())
    [entry] = library.entries
    assert library.failed_blocks == []
    assert (entry.entry_type, entry.key) == ("misc", "a-trip")
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    title = fields.pop("title")
    for plain in ("&", "%", "$", "#", "_"):
        title = title.replace(f"\\{plain}", plain)
    for name, plain in TEX_NAMES:
        title = title.replace(f"\\{name}{{}}", plain)
    assert title == f"{{{ODD}}}"
    assert fields == {
        "author": "{Timeline of diplomacy}",
        "year": "2026",
        "month": "11",
        "date": "2026-11-21",
        "language": "en",
        "url": "https://example.org/en/trips/a_trip/",
    }


def test_ris_is_read_back_by_others():
    [entry] = rispy.loads(page().as_ris())
    assert entry == {
        "type_of_reference": "ELEC",
        "title": ODD,
        "authors": ["Timeline of diplomacy,"],
        "year": "2026",
        "date": "2026/11/21/",
        "language": "en",
        "urls": ["https://example.org/en/trips/a_trip/"],
        "id": "a-trip",
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("style", ["bib", "ris"])
def test_the_files_name_the_page_in_its_language(client, style):
    answer = client.get(f"/vi/meetings/2026-trump/cite.{style}")
    assert answer["Content-Disposition"] == f'attachment; filename="2026-trump.{style}"'
    content = answer.content.decode()
    assert "http://testserver/vi/meetings/2026-trump/" in content
    assert Meeting.objects.get(slug="2026-trump").title_vi in content
    assert client.get(f"/vi/meetings/secret/cite.{style}").status_code == 404


@pytest.mark.parametrize(("language", "written"), [("en", "37,200.5"), ("vi", "37.200,5")])
def test_a_large_number_is_written_in_groups_of_three(language, written):
    with override(language):
        assert floatformat(Decimal("37200.50"), "-1g") == written


@pytest.mark.django_db
def test_statements_of_one_source_stand_in_the_order_of_the_source():
    meeting, source = builders.meeting(), builders.source()
    places = ["", "paragraph 3", "paragraph 11", "section II.2, paragraph 1", "² of 3"]
    for number, place in enumerate(reversed(places)):
        builders.citation(meeting, source=source, locator=place, slug=f"a-{number}")
    assert [citation.place for citation in cited(meeting.citations.public())] == places
