"""A capacity that fits no office of the day is told after the save, which it does not stop."""

import pytest
from django.urls import reverse

from tests import builders, desk
from timeline.admin.capacity import MAX_TOLD
from timeline.models import Participation

FITS_NONE = (
    "“President” fits no office that Tô Lâm held on the date of the record (25 September 2024): "
    "“Tổng Bí thư” / “General Secretary”."
)
NONE_KNOWN = (
    "“President” is given, and no office of Tô Lâm is known for the date of the record (2020)."
)
LEFT_OUT = (
    "No office is given for Tô Lâm, who held on the date of the record (25 September 2024): "
    "“Tổng Bí thư” / “General Secretary”."
)


@pytest.fixture
def to_lam(db):
    person = builders.person("Tô Lâm")
    builders.tenure(person=person, date_edtf="2024-08-03/..")
    return person


@pytest.fixture
def meeting(client, eli):
    client.force_login(eli)
    return builders.meeting(date_edtf="2024-09-25")


def warnings(answer):
    return [sentence for sentence in desk.said(answer) if "successfully" not in sentence]


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"capacity_en": "President"}, [FITS_NONE]),
        ({"capacity_en": "General Secretary of the Party"}, []),
        ({"capacity_vi": "tổng bí thư"}, []),
        ({"capacity_en": "former President"}, []),
        ({"capacity_en": "Guest", "role": "spouse"}, []),
        ({"role": "spouse"}, []),
        ({}, [LEFT_OUT]),
    ],
    ids=str,
)
def test_a_row_that_was_added(client, meeting, to_lam, typed, sentences):
    data = desk.opened(client, desk.page(meeting))
    data = desk.add_inline(
        data, "participations", **{"person": to_lam.pk, "role": "participant", "order": 1} | typed
    )
    answer = client.post(desk.page(meeting), data)
    assert answer.status_code == 302
    assert warnings(answer) == sentences
    assert Participation.objects.get().person == to_lam


def test_only_what_was_written_is_told(client, meeting, to_lam):
    """A row, its record's date, a new record; not what stood there before."""
    builders.participation(meeting, person=to_lam, capacity_en="President")
    assert warnings(desk.send(client, desk.page(meeting), summary_en="They met.")) == []
    answer = desk.send(client, desk.page(meeting), **{"participations-0-order": "2"})
    assert warnings(answer) == [FITS_NONE]
    client.get(desk.page(meeting))  # which shows and forgets the message
    assert warnings(desk.send(client, desk.page(meeting), date_edtf="2020")) == [NONE_KNOWN]
    client.get(desk.page(meeting))
    assert warnings(desk.send(client, desk.page(meeting), date_edtf="")) == []


def test_on_the_page_of_the_participation(client, meeting, to_lam):
    answer = desk.send(
        client,
        desk.page(Participation, "add"),
        meeting=meeting.pk,
        person=to_lam.pk,
        capacity_en="President",
    )
    assert warnings(answer) == [FITS_NONE]
    body = builders.participation(meeting, organization=builders.organization(), slug="body")
    assert warnings(desk.send(client, desk.page(body), capacity_en="President")) == []


def test_many_are_told_as_a_number(client, meeting, to_lam, django_assert_max_num_queries):
    for number in range(MAX_TOLD + 2):
        person = builders.person(f"Person {number}")
        builders.participation(meeting, person=person, capacity_en="President")
    with django_assert_max_num_queries(250):
        answer = desk.send(client, desk.page(meeting), date_edtf="2020")
    sentences = warnings(answer)
    assert len(sentences) == MAX_TOLD + 1
    assert sentences[-1] == "2 more offices to look at."


def test_a_refused_save_tells_nothing(client, meeting, to_lam):
    builders.participation(meeting, person=to_lam, capacity_en="President")
    typed = {"participations-0-order": "2", "date_edtf": "2024-13"}
    answer = desk.send(client, desk.page(meeting), **typed)
    assert list(desk.errors(answer)) == ["date_edtf"]
    assert warnings(answer) == []


def test_the_fields_know_where_to_ask(client, meeting, to_lam):
    """A row of a record for its stored date, a new record and a participation for none."""
    offices = reverse("hints:offices")
    builders.participation(meeting, person=to_lam)
    asked = f'data-offices="{offices}?meeting={meeting.pk}"'
    assert client.get(desk.page(meeting)).content.decode().count(asked) == 4  # and the empty row
    for address in (desk.page(type(meeting), "add"), desk.page(Participation, "add")):
        assert f'data-offices="{offices}"' in client.get(address).content.decode()


def test_words_that_cannot_be_stored_are_told_and_stay(client, meeting, to_lam):
    builders.participation(meeting, person=to_lam)
    data = desk.opened(client, desk.page(meeting))
    for field in ("capacity_vi", "capacity_en", "name_as_recorded"):
        for typed in ("T" * 10_000, "Tổng\0Bí thư", "Tổng \u202eBí thư"):
            name = f"participations-0-{field}"
            answer = client.post(desk.page(meeting), data | {name: typed})
            assert list(desk.errors(answer)) == [name]
            [formset, *_others] = answer.context["inline_admin_formsets"]
            assert formset.formset.forms[0][field].value() == typed
