"""The forms of the admin: what is typed is stored whole, or refused beside its field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders, desk
from timeline import projection
from timeline.models import Meeting, Participation, Person, SourceDocument, Trip
from timeline.models.codes import Access

pytestmark = pytest.mark.django_db


# Forms: from an empty page to the timeline, and every refusal


def test_a_whole_trip_is_typed_in_on_one_page(client, petra):
    usa, person, source = builders.country("US"), desk.to_lam(), builders.source()
    client.force_login(petra)
    data = desk.opened(client, desk.page(Trip, "add"))
    data |= {
        "title_vi": "Tổng Bí thư, Chủ tịch nước Tô Lâm công tác tại Hoa Kỳ",
        "date_edtf": "2024-09-21/2024-09-25",
    }
    desk.add_inline(
        data, "legs", order=1, country=usa.pk, kind="working_visit", date_edtf="2024-09"
    )
    desk.add_inline(data, "participations", order=1, role="head", person=person.pk)
    desk.add_inline(data, "citations", source=source.pk, stance="reports")
    answer = client.post(desk.page(Trip, "add"), data)
    assert answer.status_code == 302, desk.errors(answer)
    trip = Trip.objects.get()
    assert trip.slug == "tong-bi-thu-chu-tich-nuoc-to-lam-cong-tac-tai-hoa-ky"
    assert [leg.slug for leg in trip.legs.all()] == [f"{trip.slug}-1-us"]
    assert [str(row) for row in trip.participations.all()] == ["Tô Lâm (head of delegation)"]
    assert trip.state == "draft"
    assert list(projection.differences()) == []


@pytest.mark.parametrize("model", [Trip, Meeting])
def test_a_bad_date_is_an_error_beside_its_field(client, eli, model):
    trip = builders.trip()
    client.force_login(eli)
    data = {"title_en": "To Lam in Havana", "date_edtf": "20.9.2024"}
    if model is Meeting:
        data["trip"] = trip.pk
    answer = desk.send(client, desk.page(model, "add"), **data)
    assert answer.status_code == 200
    assert list(desk.errors(answer)) == ["date_edtf"]
    assert "20.9.2024" in desk.errors(answer)["date_edtf"]
    assert "2024-09-20" in desk.errors(answer)["date_edtf"]
    assert 'value="20.9.2024"' in answer.content.decode()


def test_a_bad_date_in_an_inline_is_an_error_beside_its_field(client, eli):
    usa, person = builders.country("US"), desk.to_lam()
    client.force_login(eli)
    data = desk.opened(client, desk.page(Trip, "add")) | {"title_en": "To Lam in New York"}
    desk.add_inline(data, "legs", order=1, country=usa.pk, kind="unknown", date_edtf="30/2/2024")
    answer = client.post(desk.page(Trip, "add"), data)
    assert list(desk.errors(answer)) == ["legs-0-date_edtf"]
    data = desk.opened(client, desk.page(person))
    desk.add_inline(data, "tenures", title_en="President", basis="attested", date_edtf="2024-13")
    answer = client.post(desk.page(person), data)
    assert list(desk.errors(answer)) == ["tenures-0-date_edtf"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "T" * 10_000, "at most 300 characters"),
        ("name", "Tô\0Lâm", "Null characters are not allowed"),
        ("name", "Tô \u202eLâm", "U+202E"),
        ("aliases", "To Lam\n" * 1_500, "at most 10000 characters"),
        ("aliases", "To\x08Lam", "U+0008"),
        ("name", "", "required"),
        ("slug", "tô-lâm", "Enter a valid"),
        ("slug", "s" * 201, "at most 200 characters"),
        ("wikidata_id", "42", "as in Q42"),
        ("change_reason", "because\u202e", "U+202E"),
        ("country", "9" * 30, "not one of the available choices"),
        ("country", "Viet Nam", "not one of the available choices"),
    ],
)
def test_what_cannot_be_stored_is_told_beside_its_field_and_stays(
    client, eli, field, typed, sentence
):
    person = desk.to_lam()
    client.force_login(eli)
    answer = desk.send(client, desk.page(person), **{field: typed})
    assert answer.status_code == 200
    assert list(desk.errors(answer)) == [field]
    assert sentence in desk.errors(answer)[field]
    assert answer.context["adminform"].form[field].value() == typed
    assert Person.objects.get().name == "Tô Lâm"


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("javascript:alert(1)", False),
        ("ftp://example.org/file", False),
        ("https://www.tapchicongsan.org.vn/", True),
    ],
)
def test_an_address_is_http_or_https(client, eli, url, accepted):
    source = builders.source()
    client.force_login(eli)
    answer = desk.send(client, desk.page(source), url=url)
    assert answer.status_code == (302 if accepted else 200)
    if not accepted:
        assert list(desk.errors(answer)) == ["url"]
        assert answer.context["adminform"].form["url"].value() == url


def test_a_script_in_a_name_is_text_wherever_it_is_shown(client, ada):
    name = "<script>alert('Tô Lâm')</script>"
    person = builders.person(name)
    trip = builders.trip(name)
    builders.participation(trip, person=person)
    client.force_login(ada)
    for row in (person, trip):
        pages = [
            desk.page(type(row)),
            *(desk.page(row, v) for v in ("change", "history", "delete")),
        ]
        if row is trip:
            pages.append(f"{desk.page(Trip)}publication/submit/?id={trip.pk}")
        for address in pages:
            content = client.get(address).content.decode()
            assert "<script>alert" not in content, address
            assert "&lt;script&gt;alert" in content, address


def test_constraints_speak_beside_their_field_or_above_the_form(client, eli):
    trip, person = builders.trip(), desk.to_lam()
    client.force_login(eli)
    add = desk.page(Participation, "add")
    answer = desk.send(client, add, trip=trip.pk, role="member")
    assert desk.errors(answer) == {
        "__all__": "Choose at least one of person, organisation and country."
    }
    assert desk.send(client, add, trip=trip.pk, person=person.pk, role="head").status_code == 302
    answer = desk.send(client, add, trip=trip.pk, person=person.pk, role="head")
    assert "already recorded here in the same role" in desk.errors(answer)["__all__"]
    answer = desk.send(client, add, person=person.pk, role="head")
    assert desk.errors(answer) == {"__all__": "Choose exactly one of: trip, meeting, agreement."}


def test_the_same_participant_twice_on_one_page_is_refused_beside_the_row(client, eli):
    trip, person = builders.trip(), desk.to_lam()
    builders.participation(trip, person=person, role="head")
    client.force_login(eli)
    data = desk.opened(client, desk.page(trip))
    desk.add_inline(data, "participations", order=2, role="head", person=person.pk)
    answer = client.post(desk.page(trip), data)
    assert desk.errors(answer) == {
        "participations-1-role": "This participant is already recorded here in the same role."
    }


def test_what_only_the_database_notices_is_a_sentence_too(client, eli):
    """Two rows that exchange their people pass every check of the form."""
    trip = builders.trip()
    for order, name in enumerate(["Tô Lâm", "Joe Biden"], start=1):
        builders.participation(trip, person=builders.person(name), role="head", order=order)
    client.force_login(eli)
    data = desk.opened(client, desk.page(trip))
    keys = ("participations-0-person", "participations-1-person")
    data[keys[0]], data[keys[1]] = data[keys[1]], data[keys[0]]
    answer = client.post(desk.page(trip), data)
    assert answer.status_code == 200
    assert list(desk.errors(answer)) == ["__all__"]
    assert [row.name for row in trip.participations.all()] == ["Tô Lâm", "Joe Biden"]


def test_a_moment_out_of_range_is_a_sentence(client, eli):
    trip = builders.trip()
    client.force_login(eli)
    answer = desk.send(client, desk.page(trip), publish_at_0="0001-01-01", publish_at_1="00:00:00")
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("moment", ["abc", "2024-09-21", "", "%00"])
def test_a_moment_in_the_address_of_a_new_row_is_no_error_of_ours(client, eli, moment):
    client.force_login(eli)
    assert client.get(f"{desk.page(Trip, 'add')}?publish_at={moment}").status_code == 200


def test_no_form_of_a_part_shows_its_slug(client, ada):
    client.force_login(ada)
    for row in desk.rows():
        for inline in client.get(desk.page(row)).context["inline_admin_formsets"]:
            assert "slug" not in inline.formset.empty_form.fields


def test_a_long_delegation_can_be_saved(client, eli):
    """More inputs than Django accepts as shipped."""
    trip, vietnam = builders.trip(), builders.country("VN")
    with projection.batch():
        for number in range(110):
            builders.participation(
                trip, country=vietnam, capacity_en=f"Member {number}", role="member"
            )
    client.force_login(eli)
    assert desk.send(client, desk.page(trip), title_en="To Lam in Havana").status_code == 302


# Sources and their files


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b.pdf", "C:\\x\\y.pdf", "Tô Lâm.pdf"])
def test_a_file_is_kept_in_private_storage_whatever_it_is_called(
    client, eli, name, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    source = builders.source()
    client.force_login(eli)
    answer = desk.send(client, desk.page(source), file=SimpleUploadedFile(name, b"%PDF"))
    assert answer.status_code in (200, 302)
    stored = SourceDocument.objects.get().file
    assert not stored or stored.name.startswith("sources/20")
    assert {path.parent.parent for path in tmp_path.rglob("*") if path.is_file()} <= {
        tmp_path / "sources"
    }
    content = client.get(desk.page(source)).content.decode()
    assert "Currently" not in content
    assert "/sources/20" not in content


def test_a_source_that_published_records_rest_on_alone_cannot_be_closed(client, petra):
    trip = desk.published_trip()
    source = SourceDocument.objects.get()
    client.force_login(petra)
    answer = desk.send(client, desk.page(source), access=Access.INTERNAL)
    assert desk.errors(answer) == {
        "access": "Published records rest on this source alone: “To Lam in New York”. Withdraw "
        "them first, or let them cite another source that the public may know of."
    }
    builders.citation(trip, source=builders.source("Communist Review"))
    assert desk.send(client, desk.page(source), access=Access.INTERNAL).status_code == 302
    assert list(projection.differences()) == []


@pytest.mark.parametrize(
    ("slug", "accepted"),
    [
        ("secret-programme", False),
        ("the-secret-programme-2024", False),
        ("secret-programmes", True),
        ("ministry-paper", True),
        ("", True),
    ],
)
def test_the_slug_of_a_source_that_is_closed_does_not_keep_its_title(client, petra, slug, accepted):
    source = builders.source("Secret programme", public_label_en="Paper of a ministry")
    client.force_login(petra)
    page = client.get(desk.page(source)).content.decode()
    assert "The public sees it also when the access is “citation”" in page
    answer = desk.send(client, desk.page(source), access=Access.CITATION, slug=slug)
    if accepted:
        assert answer.status_code == 302
        stored = SourceDocument.objects.values_list("slug", flat=True).get()
        assert stored == (slug or "paper-of-a-ministry")
    else:
        assert desk.errors(answer) == {
            "slug": "The public sees the slug too, and this one has the title in it. Choose "
            "another one, or leave it empty."
        }
        assert desk.send(client, desk.page(source), slug=slug).status_code == 302, "it is open"
