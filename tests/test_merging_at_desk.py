"""Two rows are chosen, looked at and merged in the admin."""

import pytest

from tests import builders, desk
from tests.test_merging import MERGED, one_person_twice
from timeline import merging, publication
from timeline.models import ChangeSet, Correction, Meeting, Participation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_people(db):
    return one_person_twice()


def address(keep, away):
    return f"/admin/timeline/{keep._meta.model_name}/{keep.pk}/merge/?with={away.pk}"


def test_two_are_chosen_looked_at_and_merged(client, two_people, ada):
    keep, away = two_people
    builders.participation(builders.trip(), person=keep)
    client.force_login(ada)
    for chosen in ([keep], [keep, away, builders.person("Joe Biden")]):
        form = {"action": "merge_two", "_selected_action": [row.pk for row in chosen]}
        answer = client.post(desk.page(Person), form)
        assert desk.said(answer)[-1] == "Choose exactly two rows to merge."
    form = {"action": "merge_two", "_selected_action": [keep.pk, away.pk]}
    answer = client.post(desk.page(Person), form)
    assert answer.url == address(keep, away), "the one with more references stays"
    asked = client.get(answer.url)
    content = asked.content.decode()
    assert address(away, keep) in content
    assert [(group.name, group.number) for group in asked.context["moves"]] == [
        ("Offices held", 1),
        ("Participations", 1),
    ]
    assert "Parolin: Tô Đại Tướng (participant)" in content
    form = {"mark": asked.context["merge"].mark(), "reason": "The same general"}
    answer = client.post(address(keep, away), form)
    assert answer.url == desk.page(keep)
    act = ChangeSet.objects.first()
    assert (act.kind, act.user) == ("merge", ada)
    assert act.note == (
        "“Tô Đại Tướng” (other) becomes one with “Tô Lâm” (to-lam): The same general"
    )
    link = f'<a href="/admin/timeline/changeset/{act.pk}/change/">'
    assert link in desk.said(answer)[-1]
    undo_page = f"/admin/timeline/changeset/{act.pk}/undo/"
    mark = client.get(undo_page).context["mark"]
    assert client.post(undo_page, {"mark": mark}).status_code == 302
    assert Person.objects.get(slug="other").participations.count() == 1


def test_the_public_is_told_once_for_all_records_or_it_is_minor(client, two_people, ada):
    keep, away = two_people
    trip = desk.published_trip()
    builders.participation(trip, person=away)
    client.force_login(ada)
    asked = client.get(address(keep, away))
    assert "Published records show the one that goes" in asked.content.decode()
    form = {"mark": asked.context["merge"].mark()}
    answer = client.post(address(keep, away), form)
    assert "write what was corrected" in answer.content.decode()
    assert Person.objects.count() == 2
    form["correction_en"] = "His usual name."
    assert client.post(address(keep, away), form).status_code == 302
    assert Correction.objects.get().trip == trip


def test_a_merge_is_refused_when_something_changed_since_it_was_looked_at(client, two_people, ada):
    keep, away = two_people
    client.force_login(ada)
    changes = [
        lambda: Person.objects.filter(pk=keep.pk).update(sort_name="Lâm"),
        lambda: Participation.objects.filter(person=away).update(capacity_en="General"),
        lambda: builders.participation(builders.trip(), person=away),
        lambda: publication.submit(Meeting.objects.get(title_en="Parolin"), ada),
    ]
    for change in changes:
        mark = client.get(address(keep, away)).context["merge"].mark()
        change()
        answer = client.post(address(keep, away), {"mark": mark})
        assert "Something has been changed since you looked" in answer.content.decode()
        assert answer.context["merge"].mark() in answer.content.decode(), "it was looked at again"
    assert Person.objects.count() == 2


def test_what_the_database_refuses_is_a_sentence(client, two_people, ada, monkeypatch):
    keep, away = two_people
    for person in two_people:
        builders.participation(Meeting.objects.get(title_en="Biden"), person=person, role="host")
    monkeypatch.setattr(merging, "WHOLE", {})
    client.force_login(ada)
    mark = client.get(address(keep, away)).context["merge"].mark()
    answer = client.post(address(keep, away), {"mark": mark})
    assert "This could not be stored: it clashes with another row" in answer.content.decode()
    assert away.participations.count() == 2


def test_the_page_of_a_row_leads_to_the_choice_of_another_one(client, two_people, ada):
    keep, away = two_people
    namesake = builders.person("Lam To")
    client.force_login(ada)
    page = f"/admin/timeline/person/{keep.pk}/merge/"
    assert page in client.get(desk.page(keep)).content.decode()
    answer = client.get(page)
    assert dict(answer.context["likely"]) == {row: address(keep, row) for row in (away, namesake)}
    search = "/admin/autocomplete/?app_label=timeline&model_name=tenure&field_name=person&term=lam"
    assert "admin/autocomplete/" in answer.content.decode()
    assert len(client.get(search).json()["results"]) == 3
    assert client.get(f"{page}?with={keep.pk}").url == page
    for forged in ("x", "%00", "0", "9" * 30, "9" * 10_000, "%ED%A0%80", keep.pk + 1000):
        assert client.get(f"{page}?with={forged}").status_code == 404
    assert client.post(f"{page}?with=0", {"mark": "x"}).status_code == 404
    answer = client.post(address(keep, away), {"mark": "\0", "reason": "x" * 10_000})
    assert answer.status_code == 200
    assert Person.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "status"), [("vera", 403), ("eli", 403), ("petra", 403), ("ada", 200)]
)
def test_only_administrators_merge(client, request, name, status):
    client.force_login(request.getfixturevalue(name))
    for model in MERGED:
        pair = builders.ROWS[model](), builders.ROWS[model]()
        assert client.get(address(*pair)).status_code == status
        assert client.get(address(*pair).split("?")[0]).status_code == status
        assert ("merge/" in client.get(desk.page(pair[0])).content.decode()) is (status == 200)
        assert ("merge_two" in client.get(desk.page(model)).content.decode()) is (status == 200)
        if status == 403:
            assert client.post(address(*pair), {"mark": "x"}).status_code == 403
        assert model.objects.filter(pk=pair[1].pk).exists()
