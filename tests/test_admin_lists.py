"""Finding things in the admin: lists, search, choices, and the history of a row."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Group, User

from tests import builders, desk
from timeline.models import EDITED_MODELS, Meeting, Person, SourceDocument, Trip

pytestmark = pytest.mark.django_db


# Search, lists and choices


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("to lam", ["to-lam"]),
        ("TÔ LÂM", ["to-lam"]),
        ("lam to", ["to-lam"]),
        ("dang", ["dang-hoang-giang"]),
        ("to biden", []),
        ("", ["dang-hoang-giang", "to-lam"]),
        ("\0", []),
        ("a " * 2_000, []),
        ("%", []),
    ],
)
def test_search_and_autocomplete_need_no_tone_marks(client, eli, term, found):
    desk.to_lam()
    builders.person("Đặng Hoàng Giang")
    client.force_login(eli)
    listed = client.get(desk.page(Person), {"q": term})
    if listed.status_code == 200:
        assert [row.slug for row in listed.context["cl"].queryset.order_by("slug")] == found
    else:
        assert listed.status_code == 302
    answer = client.get(
        "/admin/autocomplete/",
        {
            "term": term,
            "app_label": "timeline",
            "model_name": "participation",
            "field_name": "person",
        },
    )
    keys = [int(result["id"]) for result in answer.json()["results"]]
    slugs = Person.objects.filter(pk__in=keys).order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == found


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "state__exact=%00",
        "slug=%00",
        "state__exact=x",
        "nonsense=1",
        "id__exact=" + "9" * 40,
        *("earliest__year=99999", "earliest__year=" + "9" * 30, "earliest__year=x"),
        *("created_at__year=99999", "earliest__day=" + "9" * 30, "part_of=" + "9" * 30),
        *("o=x", "p=x", "p=99999", "q=" + "x" * 10_000, "trip__slug=%00", "_to_field=x"),
    ],
)
def test_nonsense_in_the_address_of_a_list_is_no_error_of_ours(client, eli, query):
    builders.meeting()
    client.force_login(eli)
    assert client.get(f"{desk.page(Meeting)}?{query}", follow=True).status_code in (200, 400)


@pytest.mark.parametrize("lookup", ["title_en__regex", "earliest__year__regex", "slug__iregex"])
def test_a_list_takes_no_patterns_from_its_address(client, vera, lookup):
    builders.trip()
    client.force_login(vera)
    for pattern in ("(", "To"):
        answer = client.get(desk.page(Trip), {lookup: pattern})
        assert answer.status_code == 302
        assert desk.said(answer)[-1] == "That address or choice made no sense."
    assert client.get(desk.page(Trip), {"title_en__contains": "To"}).status_code == 200


@pytest.mark.parametrize("path", ["x/change/", "%00/change/", "9" * 40 + "/change/", "x/history/"])
def test_nonsense_in_the_address_of_a_row_is_no_error_of_ours(client, eli, path):
    client.force_login(eli)
    answer = client.get(desk.page(Trip) + path, follow=True)
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize("year", ["99999", "9" * 30])
def test_a_year_out_of_range_is_told(client, eli, year):
    client.force_login(eli)
    answer = client.get(f"{desk.page(Meeting)}?earliest__year={year}", follow=True)
    assert desk.said(answer) == ["That address or choice made no sense."]


@pytest.mark.parametrize(
    "query",
    ["nonsense=1", "id=x", "earliest__year=99999", "earliest__year=" + "9" * 30, "slug=%00"],
)
def test_nonsense_in_the_address_of_an_export_is_no_error_of_ours(client, eli, query):
    builders.meeting()
    client.force_login(eli)
    address = f"{desk.page(Meeting, 'export')}?{query}"
    assert client.get(address, follow=True).status_code == 200
    assert client.post(address, {"format": "0", "resource": "0"}, follow=True).status_code == 200


@pytest.mark.parametrize("query", ["username=%00", "name=%00", "q=%00", "date_joined__year=99999"])
@pytest.mark.parametrize("model", [User, Group])
def test_the_lists_of_accounts_stand_nonsense_too(admin_client, model, query):
    answer = admin_client.get(f"{desk.page(model)}?{query}", follow=True)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("key", ["x", "\0", "9" * 30])
@pytest.mark.parametrize("model", [Trip, User, Group])
def test_a_forged_choice_of_rows_is_no_error_of_ours(admin_client, model, key):
    for action in ("publish", "delete_selected"):
        chosen = {"action": action, "_selected_action": [key]}
        answer = admin_client.post(desk.page(model), chosen)
        assert answer.status_code == 302
        assert desk.said(answer)[-1] == "That address or choice made no sense."


def test_every_relation_is_chosen_by_searching():
    for model in EDITED_MODELS:
        page = admin.site._registry[model]
        shown = {name for _title, options in page.fieldsets for name in flat(options["fields"])}
        keys = {field.name for field in model._meta.fields if field.is_relation} & shown
        assert keys == set(page.autocomplete_fields), model
        for inline in page.inlines:
            keys = {f.name for f in inline.model._meta.fields if f.is_relation}
            assert keys & set(flat(inline.fields)) == set(inline.autocomplete_fields), inline


def flat(fields):
    return [name for part in fields for name in (part if isinstance(part, tuple) else [part])]


def test_every_field_of_a_model_can_be_reached(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    for model in EDITED_MODELS:
        shown = set(flatten_fieldsets(admin.site._registry[model].get_fieldsets(request)))
        fields = {f.name for f in model._meta.fields if f.editable and f.name != "id"}
        assert fields <= shown, model


def test_lists_ask_a_bounded_number_of_questions(client, ada, django_assert_max_num_queries):
    client.force_login(ada)
    deal = builders.agreement()
    for number in range(12):
        trip = builders.trip(f"Trip {number}")
        who = builders.person(f"Person {number}")
        source = builders.source(f"Source {number}", date_edtf="2024-09")
        builders.leg(trip)
        builders.meeting(f"Meeting {number}", trip=trip)
        builders.item(deal, order=number)
        builders.tenure(person=who)
        builders.participation(trip, person=who)
        builders.citation(trip, source=source)
    client.get(desk.page(Trip))
    for model in EDITED_MODELS:
        # Of records also how many are in each of five states, and the two ends of their dates.
        with django_assert_max_num_queries(15):
            assert client.get(desk.page(model)).status_code == 200


def test_lists_name_dates_in_words(client, vera):
    builders.trip(date_edtf="2024-09-21/2024-09-24")
    client.force_login(vera)
    assert "21-24 September 2024" in client.get(desk.page(Trip)).content.decode()
    client.cookies["django_language"] = "vi"
    assert "từ 21 đến 24 tháng 9 năm 2024" in client.get(desk.page(Trip)).content.decode()


def test_view_on_site_leads_to_what_is_published_alone(client, ada):
    trip, draft = desk.published_trip(), builders.trip("To Lam in Havana")
    builders.participation(trip, person=desk.to_lam())
    idle = builders.person("Joe Biden")
    client.force_login(ada)
    for row, url in [
        (trip, f"/en/trips/{trip.slug}/"),
        (draft, None),
        (Person.objects.get(slug="to-lam"), "/en/people/to-lam/"),
        (idle, None),
        (SourceDocument.objects.get(), f"/en/sources/{SourceDocument.objects.get().slug}/"),
    ]:
        answer = client.get(desk.page(row))
        assert answer.context.get("absolute_url") == url
        if url:
            assert client.get(url).status_code == 200


def test_a_public_row_without_its_slug_is_shown_again_with_what_else_is_wrong(client, petra):
    trip = desk.published_trip()
    client.force_login(petra)
    answer = desk.send(client, desk.page(trip), slug="", date_edtf="20.9.2024")
    assert list(desk.errors(answer)) == ["date_edtf"]
    assert answer.context.get("absolute_url") is None


# History


def test_the_history_names_who_changed_what_and_why(client, eli):
    person = desk.to_lam()
    client.force_login(eli)
    desk.send(client, desk.page(person), aliases="To Lam", change_reason="Spelling of the UN")
    desk.send(client, desk.page(person))
    versions = [
        (str(version.history_user), version.history_change_reason, version.aliases)
        for version in person.history.all()[:1]
    ]
    assert versions == [("eli", "Spelling of the UN", "To Lam")]
    assert person.history.count() == 2, "saving an unchanged form is no change"
    content = client.get(desk.page(person, "history")).content.decode()
    for text in ("eli", "Spelling of the UN", "To Lam"):
        assert text in content
    assert "style=" not in content


def test_an_old_version_can_be_read_and_not_brought_back(client, petra, vera):
    trip = builders.trip("To Lam in Havana")
    trip.title_en = "To Lam in New York"
    trip.save()
    old = trip.history.last()
    address = f"{desk.page(trip, 'history')}{old.pk}/"
    for user in (petra, vera):
        client.force_login(user)
        content = client.get(address).content.decode()
        assert "To Lam in Havana" in content
        assert 'name="title_en"' not in content
        assert 'value="Revert"' not in content
        assert client.post(address, {"title_en": "To Lam in Havana"}).status_code == 403
    assert Trip.objects.get().title_en == "To Lam in New York"
