"""Who adds or renames a person, body or source is asked when the name is there already."""

import unicodedata

import pytest
from django.utils.html import escape

from tests import builders, desk
from timeline.admin import duplicates
from timeline.admin.duplicates import MAX_FOUND, namesakes
from timeline.models import Organization, Person, SourceDocument

TO_LAM = "There is already Tô Lâm, General Secretary."


@pytest.fixture
def to_lam(db):
    person = builders.person("Tô Lâm", aliases="Lâm Tô Tổng\nTo Lam, H.E.")
    builders.tenure(person=person, title_en="President", date_edtf="2024-05-22/2024-10-21")
    builders.tenure(person=person, title_en="General Secretary", date_edtf="2024-08-03/..")
    return person


def test_names_that_are_the_same_and_names_that_are_not(to_lam):
    trump = builders.person("Donald Trump", sort_name="Trump, Donald")
    dang = builders.person("Đặng Hoàng Giang")
    assert {typed: namesakes(Person, [typed]) for typed in SAME} == {
        typed: {"lam": [to_lam], "trump": [trump], "dang": [dang]}[who]
        for typed, who in SAME.items()
    }
    assert [typed for typed in DIFFERENT if namesakes(Person, [typed])] == []


SAME = {
    "Tô Lâm": "lam",
    unicodedata.normalize("NFD", "Tô Lâm"): "lam",
    "to lam": "lam",
    "TÔ  LÂM ": "lam",
    "Lâm Tô": "lam",
    "to lam h.e.": "lam",
    "Trump, Donald": "trump",
    "dang hoang giang": "dang",
    "Ðặng Hoàng Giang": "dang",  # an eth, of old typefaces
}
DIFFERENT = ["Tô", "Tô Lâm Anh", "Tô Lâm Tô", "Tolam", "%", "_", "–", "", "Lâm" * 1_000, "Tô\0"]


def test_bodies_and_sources_are_compared_word_by_word_in_their_order(db):
    body = builders.organization("United Nations", name_vi="Liên Hợp Quốc", aliases="UN\nUNO")
    source = builders.source("Boeing sells 737 MAX", title_vi="Boeing bán 737 MAX")
    for typed in ("united nations", "lien hop quoc", "uno", "U.N.", "Nations United", "Nations"):
        expected = [body] if typed in ("united nations", "lien hop quoc", "uno") else []
        assert namesakes(Organization, [typed]) == expected, typed
    assert namesakes(SourceDocument, ["Other", "BOEING BAN 737 MAX"]) == [source]
    assert namesakes(SourceDocument, ["Boeing sells 737 MAX"], but=source.pk) == []


def test_a_short_name_is_found_among_many_that_hold_it(db, monkeypatch):
    """More rows hold its letters than are read."""
    monkeypatch.setattr(duplicates, "MAX_CANDIDATES", MAX_FOUND + 3)
    Person.objects.bulk_create(
        Person(name=f"Nguyễn Văn An {number}", slug=f"an-{number}")
        for number in range(MAX_FOUND + 5)
    )
    an = [builders.person("An") for _ in range(MAX_FOUND + 1)]
    assert namesakes(Person, ["ẤN"]) == an[:MAX_FOUND]


def test_a_new_person_with_a_name_that_is_there(client, eli, to_lam):
    """Asked once, with a link and all that was typed; then the box lets it through."""
    client.force_login(eli)
    add = desk.page(Person, "add")
    typed = {"name": "to lâm", "aliases": "Nobody else\nthis one", "sort_name": "To, Lam"}
    assert "is_another" not in shown(client.get(add))
    answer = desk.send(client, add, **typed)
    assert list(desk.errors(answer)) == ["name"]
    content = answer.content.decode()
    assert f'<a href="{desk.page(to_lam)}" target="_blank" class="namesake"' in content
    assert f">{TO_LAM}</a>" in content
    assert "is_another" in shown(answer)
    assert "This is somebody else" in content
    form = answer.context["adminform"].form
    assert {name: form[name].value() for name in typed} == typed
    assert Person.objects.count() == 1

    answer = client.post(add, desk.read(answer) | {"is_another": "on", "wikidata_id": "42"})
    assert list(desk.errors(answer)) == ["wikidata_id"]
    assert "is_another" in shown(answer)
    assert answer.context["adminform"].form["is_another"].value() is True

    answer = client.post(add, desk.read(answer) | {"is_another": "on", "wikidata_id": ""})
    assert answer.status_code == 302
    assert [person.name for person in Person.objects.order_by("pk")] == ["Tô Lâm", "to lâm"]


def shown(answer):
    """The fields on the page."""
    return [name for line in answer.context["adminform"] for name in fields(line)]


def fields(fieldset):
    return [field.field.name for line in fieldset for field in line if not field.is_readonly]


def test_only_a_new_name_is_asked_about(client, eli, to_lam):
    other = builders.person("Tô Lâm", aliases="Somebody")
    client.force_login(eli)
    answer = desk.send(client, desk.page(other), sort_name="Tô Lâm", aliases="Somebody\nElse")
    assert answer.status_code == 302
    answer = desk.send(client, desk.page(other), aliases="Somebody\nLam To Tong")
    assert list(desk.errors(answer)) == ["aliases"]
    assert TO_LAM in desk.errors(answer)["aliases"]
    third = builders.person("Trần Đại Quang")
    answer = desk.send(client, desk.page(third), name="Tô Lâm", name_latin="To Lam")
    assert list(desk.errors(answer)) == ["name"]  # the same two rows are told once
    assert desk.errors(answer)["name"].count("There is already") == 2


def test_the_window_that_a_choice_opens_asks_too(client, eli, db):
    builders.organization("Boeing", country=builders.country("US"), kind="company")
    builders.source("Press release", kind="news", date_edtf="2026-02-18")
    client.force_login(eli)
    add = f"{desk.page(Organization, 'add')}?_popup=1"
    answer = desk.send(client, add, name_vi="BOEING", _popup="1")
    assert "There is already Boeing, company, United States." in desk.errors(answer)["name_vi"]
    assert "This is another body" in answer.content.decode()
    answer = client.post(add, desk.read(answer) | {"is_another": "on", "_popup": "1"})
    assert b"data-popup-response" in answer.content
    answer = desk.send(client, desk.page(SourceDocument, "add"), title_en="Press Release")
    assert "Press release" in desk.errors(answer)["title_en"]
    assert "18 February 2026" in desk.errors(answer)["title_en"]
    assert "This is another document" in answer.content.decode()


def test_the_question_in_vietnamese_escapes_what_is_there(client, eli, db):
    name = "<script>alert('Tô Lâm')</script>"
    builders.person(name)
    client.force_login(eli)
    answer = client.post(
        desk.page(Person, "add"),
        desk.opened(client, desk.page(Person, "add")) | {"name": name},
        headers={"accept-language": "vi"},
    )
    content = answer.content.decode()
    assert "<script>alert" not in content
    assert escape(name) in content


def test_a_name_that_cannot_be_stored_is_told_and_stays(client, eli, db):
    """Also where the question about the same name is asked."""
    client.force_login(eli)
    for model, field in [
        *((Organization, name) for name in ("name_vi", "name_en", "aliases")),
        *((SourceDocument, name) for name in ("title_vi", "title_en")),
        *((Person, name) for name in ("name", "name_latin", "aliases")),
    ]:
        other = {"name": "X"} if model is Person and field != "name" else {}
        data = desk.opened(client, desk.page(model, "add")) | other
        for typed in ("T" * 10_001, "Tô\0Lâm", "Tô \u202eLâm"):
            answer = client.post(desk.page(model, "add"), data | {field: typed})
            assert answer.status_code == 200, (field, typed[:20])
            assert field in desk.errors(answer), (field, typed[:20])
            assert answer.context["adminform"].form[field].value() == typed
    assert not Person.objects.exists()


def test_a_decomposed_name_is_stored_composed(client, eli, db):
    client.force_login(eli)
    desk.send(client, desk.page(Person, "add"), name=unicodedata.normalize("NFD", "Đỗ Mười"))
    assert Person.objects.get().name == "Đỗ Mười"


def test_a_form_without_its_management_form_is_told(client, eli, to_lam):
    client.force_login(eli)
    data = desk.opened(client, desk.page(to_lam))
    data = {name: value for name, value in data.items() if not name.startswith("tenures-")}
    answer = client.post(desk.page(to_lam), data | {"name": "Tô Lâm Mới"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form["name"].value() == "Tô Lâm Mới"
    assert Person.objects.get().name == "Tô Lâm"
