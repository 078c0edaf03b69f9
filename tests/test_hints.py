"""What the forms ask for while somebody types, and the date in words beside its field."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests import builders, desk
from timeline import edtf

NONSENSE = ["\0", "Tô\0", "T" * 10_000, "9" * 30, "-1", "²", "[", "\u202e", "%", "2024-02-30"]


@pytest.fixture
def to_lam(db):
    person = builders.person("Tô Lâm")
    president = {"title_vi": "Chủ tịch nước", "title_en": "President"}
    builders.tenure(person=person, date_edtf="2024-05-22/2024-10-21", **president)
    builders.tenure(person=person, date_edtf="2024-08-03/..")
    return person


def ask(client, what, *args, language="en", **query):
    answer = client.get(
        reverse(f"hints:{what}", args=args), query, headers={"accept-language": language}
    )
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


@pytest.mark.parametrize(
    ("typed", "english", "vietnamese", "meant"),
    [
        (
            "[2026-02-19..2026-02-20]",
            "one of 19-20 February 2026",
            "một trong các ngày 19-20 tháng 2 năm 2026",
            [],
        ),
        (" 2024-09 ", "September 2024", "tháng 9 năm 2024", []),
        ("", "", "", []),
        ("2024-0", "Not a date yet.", None, []),
        ("22/9/2024", "Not a date yet. Did you mean:", None, ["2024-09-22"]),
        (
            "18-20/2/2026",
            "Not a date yet. Did you mean:",
            None,
            ["2026-02-18/2026-02-20", "[2026-02-18..2026-02-20]"],
        ),
    ],
)
def test_a_date_in_words(client, vera, typed, english, vietnamese, meant):
    client.force_login(vera)
    answer = ask(client, "date", text=typed)
    assert answer["sentence"] == english
    assert [offer["text"] for offer in answer["meant"]] == meant
    assert [offer["words"] for offer in answer["meant"]] == [
        edtf.parse(text).label("en") for text in meant
    ]
    if vietnamese is not None:
        assert ask(client, "date", language="vi", text=typed)["sentence"] == vietnamese


def test_what_makes_no_sense_has_an_answer_all_the_same(client, vera, to_lam):
    client.force_login(vera)
    for typed in NONSENSE:
        assert ask(client, "date", text=typed)["meant"] == []
        assert ask(client, "namesakes", "person", text=typed, row=typed) == {"found": []}
        nobody = ask(client, "offices", person=typed, date=typed)
        assert nobody == {"sentence": "", "offices": []}
        offices = ask(client, "offices", person=to_lam.pk, date=typed, trip=typed)
        assert [office["en"] for office in offices["offices"]] == ["President", "General Secretary"]
    gone = ask(client, "offices", person=to_lam.pk, meeting=10**17)
    assert gone["sentence"] == "Offices of Tô Lâm:"
    padded = " " * 300
    assert ask(client, "namesakes", "person", text=f"Tô{padded}Lâm") == {"found": []}
    assert edtf.meant(f"22/9/2024{padded}") == []
    for what, args in (("date", []), ("namesakes", ["person"]), ("offices", [])):
        address = reverse(f"hints:{what}", args=args)
        # Bytes that are no UTF-8: a lone surrogate, half a letter.
        assert client.get(f"{address}?text=%ED%A0%80&person=%C3&date=%ED%A0%80").status_code == 200


def test_who_may_ask(client, vera, to_lam):
    addresses = [reverse("hints:date"), reverse("hints:offices")]
    addresses += [
        reverse("hints:namesakes", args=[model])
        for model in ("person", "organization", "sourcedocument")
    ]
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(vera)
    assert {client.get(address).status_code for address in addresses} == {200}
    assert {client.post(address).status_code for address in addresses} == {405}
    for model in ("trip", "user", "nothing"):
        assert client.get(reverse("hints:namesakes", args=[model])).status_code == 404
    nobody = get_user_model().objects.create_user("nora", password="nora", is_staff=True)
    client.force_login(nobody)
    assert [client.get(address).status_code for address in addresses] == [200, 403, 403, 403, 403]


def test_the_date_of_a_record_is_for_those_who_see_records(client, to_lam):
    nora = get_user_model().objects.create_user("nora", password="nora", is_staff=True)
    nora.user_permissions.add(Permission.objects.get(codename="view_tenure"))
    client.force_login(nora)
    answer = ask(client, "offices", person=to_lam.pk, meeting=builders.meeting().pk)
    assert answer["sentence"] == "Offices of Tô Lâm:"


def test_who_is_there_already(client, vera, to_lam):
    client.force_login(vera)
    [found] = ask(client, "namesakes", "person", text="lam to")["found"]
    assert found == {
        "key": to_lam.pk,
        "name": "Tô Lâm",
        "sentence": "There is already Tô Lâm, General Secretary.",
        "address": desk.page(to_lam),
        "take": "Take this one",
    }
    assert ask(client, "namesakes", "person", text="to lam", row=to_lam.pk) == {"found": []}
    assert ask(client, "namesakes", "organization", text="to lam") == {"found": []}


def test_the_offices_on_the_typed_date_else_on_the_stored_one(client, vera, to_lam):
    client.force_login(vera)
    meeting = builders.meeting(date_edtf="2024-09-25")
    undated = builders.meeting("Undated", date_edtf="")

    def offices(**query):
        answer = ask(client, "offices", person=to_lam.pk, **query)
        return answer["sentence"], [office["en"] for office in answer["offices"]]

    both, stored = ["President", "General Secretary"], {"meeting": meeting.pk}
    day = "Offices of Tô Lâm on this date (%s):"
    assert offices(**stored) == (day % "25 September 2024", both)
    assert offices(**stored, date="2024-06") == (day % "June 2024", ["President"])
    assert offices(**stored, date="2024-06-") == (day % "25 September 2024", both)
    assert offices(date="2020") == ("No office of Tô Lâm is known for this date (2020).", [])
    assert offices(meeting=undated.pk) == ("Offices of Tô Lâm:", both)
    answer = ask(client, "offices", person=to_lam.pk)
    assert answer["offices"][0] == {
        "label": "President",
        "held": "from 22 May 2024 to 21 October 2024",
        "vi": "Chủ tịch nước",
        "en": "President",
    }
    assert (
        ask(client, "offices", language="vi", person=to_lam.pk)["offices"][0]["label"]
        == "Chủ tịch nước"
    )


def test_few_questions_are_asked_of_the_database(
    client, vera, to_lam, django_assert_max_num_queries
):
    client.force_login(vera)
    with django_assert_max_num_queries(12):
        ask(client, "namesakes", "person", text="to lam")
    meeting = builders.meeting()
    with django_assert_max_num_queries(10):
        ask(client, "offices", person=to_lam.pk, meeting=meeting.pk)


def test_the_date_beside_its_field(client, eli, to_lam):
    """In words as stored and as typed, also in a row; the field names its reading."""
    trip = builders.trip(date_edtf="2024-09-21/2024-09-24")
    builders.leg(trip, date_edtf="2024-09-22")
    client.force_login(eli)
    content = client.get(desk.page(trip)).content.decode()
    assert reading("id_date_edtf", "21-24 September 2024") in content
    assert reading("id_legs-0-date_edtf", "22 September 2024") in content
    assert 'aria-describedby="id_date_edtf_helptext id_date_edtf_reading"' in content
    assert '<button type="button" data-date="[2026-02-19..2026-02-20]">' in content
    answer = desk.send(client, desk.page(trip), date_edtf="2024-09~", title_en="", title_vi="")
    assert list(desk.errors(answer)) == ["title_vi"]
    assert reading("id_date_edtf", "about September 2024") in answer.content.decode()
    answer = desk.send(client, desk.page(trip), date_edtf="<b>2024</b>")
    assert list(desk.errors(answer)) == ["date_edtf"]
    assert reading("id_date_edtf", "") in answer.content.decode()
    assert 'value="&lt;b&gt;2024&lt;/b&gt;"' in answer.content.decode()
    vietnamese = client.get(desk.page(trip), headers={"accept-language": "vi"}).content.decode()
    assert reading("id_date_edtf", "từ 21 đến 24 tháng 9 năm 2024") in vietnamese
    source = client.get(desk.page(builders.source(received_edtf="2026"))).content.decode()
    assert reading("id_received_edtf", "2026") in source


def reading(field, words):
    return f'<p class="hint" id="{field}_reading" role="status">{words}</p>'


def test_an_example_is_a_date():
    from timeline.admin.widgets import EXAMPLES

    assert all(edtf.parse(example) for example in EXAMPLES)
