"""What the public reads is changed by publishers: also people, bodies, offices and sources."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import builders, desk
from tests.files import as_csv, refusals, store, upload
from timeline import public, publication
from timeline.models import (
    Citation,
    Country,
    Organization,
    Person,
    SourceDocument,
    Tenure,
)
from timeline.models.codes import Access

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def trip(db):
    """Published: it shows Tô Lâm, his office and the United Nations, and cites a closed paper."""
    trip = desk.published_trip()
    builders.participation(trip, person=desk.to_lam())
    builders.participation(trip, organization=builders.organization())
    office = builders.tenure(person=Person.objects.get())
    builders.citation(office, source=SourceDocument.objects.get(), locator="I")
    paper = builders.source("Secret programme", access=Access.INTERNAL, slug="paper-7")
    builders.citation(trip, source=paper)
    return trip


def shown():
    return [
        *(Person.objects.get(), Organization.objects.get(), Country.objects.get()),
        *(Tenure.objects.get(), Citation.objects.get(locator="I")),
        SourceDocument.objects.get(access=Access.PUBLIC),
    ]


def idle():
    """Rows like these that the public is not shown."""
    biden = builders.person("Joe Biden")
    office = builders.tenure(person=biden, title_en="President")
    source = builders.source("Communist Review")
    return [
        *(biden, office, source, builders.citation(office, source=source)),
        *(builders.organization("Boeing"), builders.country("CU")),
        builders.tenure(person=Person.objects.get(slug="to-lam"), title_en="President"),
    ]


def test_the_public_is_shown_exactly_these(trip):
    assert [public.shows(row) for row in shown()] == [True] * 6
    assert [public.shows(row) for row in idle()] == [False] * 7
    assert not public.shows(SourceDocument.objects.get(slug="paper-7"))
    assert not any(public.shows(row) for row in (Person(), Tenure(), Citation(), SourceDocument()))


def test_names_beside_an_office_or_an_open_source_are_shown_too(trip):
    party, boeing = builders.organization("The Party"), builders.organization("Boeing")
    SourceDocument.objects.filter(access=Access.PUBLIC).update(issuer=party)
    Tenure.objects.update(organization=boeing, country=builders.country("CU"))
    assert [public.shows(row) for row in (party, boeing, builders.country("CU"))] == [True] * 3


def test_an_editor_reads_what_is_shown_and_is_told_who_changes_it(client, eli, trip):
    client.force_login(eli)
    for row in shown():
        answer = client.get(desk.page(row))
        assert answer.context["has_change_permission"] is False, row
        sentence = f"“{row}” is shown to the public, or is to be: a publisher can change it."
        assert answer.context["locked"] == sentence
        assert client.post(desk.page(row), {"slug": "x"}).status_code == 403
        assert desk.delete(client, row).status_code == 403
    for row in idle():
        assert client.get(desk.page(row)).context["has_change_permission"] is True, row


def test_a_publisher_changes_what_is_shown(client, petra, trip):
    client.force_login(petra)
    for row in shown():
        answer = client.get(desk.page(row))
        assert answer.context["has_change_permission"] is True, row
        assert "locked" not in answer.context
        assert desk.send(client, desk.page(row)).status_code == 302
    paper = SourceDocument.objects.get(slug="paper-7")
    assert desk.send(client, desk.page(paper), access=Access.PUBLIC).status_code == 302


@pytest.mark.parametrize("access", [Access.PUBLIC, Access.CITATION])
def test_an_editor_does_not_open_a_source_that_published_records_cite(client, eli, trip, access):
    paper = SourceDocument.objects.get(slug="paper-7")
    client.force_login(eli)
    sentence = "“Secret programme” would be shown to the public: a publisher can do this."
    answer = desk.send(client, desk.page(paper), access=access, public_label_en="Paper")
    assert desk.errors(answer) == {"__all__": sentence}
    assert answer.context["has_change_permission"] is True, "the form is shown as it was typed"
    rows = [["slug", "access", "public_label_en"], ["paper-7", access, "Paper"]]
    assert refusals(upload(client, SourceDocument, as_csv(*rows))) == [f"2 : {sentence}"]
    assert desk.send(client, desk.page(paper), title_en="Programme").status_code == 302
    builders.source("Draft programme", access=Access.INTERNAL, slug="draft")
    store(client, SourceDocument, ["slug", "access"], ["draft", "public"])
    assert SourceDocument.objects.get(slug="draft").access == Access.PUBLIC
    assert SourceDocument.objects.get(slug="paper-7").access == Access.INTERNAL


def test_an_editor_does_not_show_an_office_of_somebody_public(client, eli, trip):
    office, source = idle()[-1], SourceDocument.objects.get(slug="communist-review")
    client.force_login(eli)
    refused = "“Tô Lâm: President” would be shown to the public: a publisher can do this."
    data = desk.opened(client, desk.page(office))
    desk.add_inline(data, "citations", source=source.pk, stance="reports")
    answer = client.post(desk.page(office), data)
    assert desk.errors(answer) == {"__all__": refused}
    data = desk.opened(client, desk.page(Tenure, "add"))
    data |= {"person": office.person_id, "title_en": "President", "date_edtf": "2024-05-22/"}
    desk.add_inline(data, "citations", source=source.pk, stance="reports")
    assert desk.errors(client.post(desk.page(Tenure, "add"), data)) == {"__all__": refused}
    cited = {"source": source.pk, "tenure": office.pk, "stance": "reports"}
    answer = desk.send(client, desk.page(Citation, "add"), **cited)
    assert "would be shown to the public" in desk.errors(answer)["__all__"]
    bidens = Tenure.objects.get(person__slug="joe-biden")
    answer = desk.send(client, desk.page(bidens), person=office.person_id)
    assert desk.errors(answer) == {"__all__": refused}
    assert list(public.tenures()) == [Tenure.objects.get(title_en="General Secretary")]


def test_an_editor_adds_rows_beside_those_that_are_shown(client, eli, trip):
    client.force_login(eli)
    store(client, Person, ["slug", "name"], ["joe-biden", "Joe Biden"])
    to_lam = Person.objects.get(slug="to-lam")
    add = {"person": to_lam.pk, "title_en": "Minister", "date_edtf": "2016/2024"}
    assert desk.send(client, desk.page(Tenure, "add"), **add).status_code == 302
    rows = [["slug", "name", "aliases"], ["to-lam", "Tô Lâm", "x"], ["joe-biden", "Joe Biden", "x"]]
    sentence = "2 : “Tô Lâm” is shown to the public, or is to be: a publisher can change it."
    assert refusals(upload(client, Person, as_csv(*rows))) == [sentence]
    answer = client.get(
        "/admin/autocomplete/",
        {
            "term": "to lam",
            "app_label": "timeline",
            "model_name": "participation",
            "field_name": "person",
        },
    )
    assert [row["text"] for row in answer.json()["results"]] == ["Tô Lâm"]


def test_asking_costs_at_most_two_questions(trip, django_assert_max_num_queries):
    for row in shown():
        with django_assert_max_num_queries(2):
            assert public.shows(row)


def test_what_waits_for_the_end_of_its_embargo_is_locked_as_well(client, eli, petra):
    meeting = builders.meeting(publish_at=timezone.now() + timedelta(days=1))
    person, source = builders.person(), builders.source()
    builders.participation(meeting, person=person)
    builders.citation(meeting, source=source)
    client.force_login(eli)
    publication.submit(meeting, eli)
    for row in (person, source):
        assert client.get(desk.page(row)).context["has_change_permission"], row
    publication.publish(meeting, petra)
    for row in (meeting, person, source):
        assert not client.get(desk.page(row)).context["has_change_permission"], row


def test_the_page_of_a_public_withdrawal_is_not_moved(client, eli, petra):
    meeting = builders.published(builders.meeting, "To Lam meets Joe Biden", builders.source())
    publication.withdraw(meeting, petra, "It was another day.")
    client.force_login(eli)
    assert client.get(desk.page(meeting)).context["has_change_permission"]
    publication.publish(meeting, petra)
    publication.withdraw(meeting, petra, "It was another day.", in_public=True)
    answer = client.get(desk.page(meeting))
    assert not answer.context["has_change_permission"]
    assert "The public reads why" in answer.content.decode()
