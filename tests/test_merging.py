"""Two rows that are one: everything moves, nothing is lost unseen, and it can all be undone."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from tests import builders, desk
from timeline import going_back, merging, versions
from timeline.models import (
    EDITED_MODELS,
    ChangeSet,
    LinkCheck,
    Meeting,
    Organization,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
)
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

pytestmark = pytest.mark.django_db

MERGED = (Person, Organization, SourceDocument)
# What leads to them and is no row of the edit side: made anew from what is.
DERIVED = {(LinkCheck, "source"), (TimelineEntry, "people"), (TimelineEntry, "organizations")}


def merge(keep, away, user, **correction):
    with own_turn(ChangeKind.MERGE, user):
        stored = (type(row).objects.get(pk=row.pk) for row in (keep, away))
        merging.Merge(*stored).carry_out(user, **correction)
    keep.refresh_from_db()
    return ChangeSet.objects.first()


def undo(act, user):
    with own_turn(ChangeKind.RESTORATION, user):
        going_back.undone(act).carry_out(user, is_minor=True)


def picture():
    """Every row of the edit side with what somebody wrote in it."""
    return {
        (model, row.pk): [getattr(row, f.attname) for f in versions.written_fields(model)]
        for model in EDITED_MODELS
        for row in model.objects.all()
    }


def refused(keep, away, user):
    """Why a merge cannot be; nothing is written."""
    before = picture()
    with pytest.raises(ValidationError) as caught:
        merge(keep, away, user)
    assert picture() == before
    return " ".join(caught.value.messages)


def notices(keep, away):
    return " ".join(merging.Merge(keep, away).notices)


def fates(keep, away):
    return {fate.label: tuple(fate[1:]) for fate in merging.Merge(keep, away).fields()}


def one_person_twice():
    """Each in a meeting, and with an office."""
    keep = builders.person("Tô Lâm", slug="to-lam")
    away = builders.person("Tô Đại Tướng", slug="other", aliases="Tô Lâm\nTo  lam\nGeneral Tô")
    for person, title in ((keep, "Biden"), (away, "Parolin")):
        builders.participation(builders.meeting(title), person=person)
        builders.tenure(person=person, title_en=f"Office at {title}")
    return keep, away


@pytest.fixture
def two_people(db):
    return one_person_twice()


# Every reference


def test_no_key_towards_what_is_merged_is_forgotten():
    there = {
        (model, field.name)
        for model in apps.get_app_config("timeline").get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.related_model in MERGED and not model.__name__.startswith("Historical")
    }
    moved = {
        (holder, field.name) for model in MERGED for holder, field in merging.references(model)
    }
    assert there == moved | DERIVED
    assert len(moved) == 7


@pytest.mark.parametrize("model", MERGED)
def test_each_reference_moves_and_comes_back(ada, model):
    keep, away = builders.ROWS[model](), builders.ROWS[model]()
    for holder, field in merging.references(model):
        row = builders.ROWS[holder]()
        setattr(row, field.name, away)
        if field.name == "part_of":
            row.relation = "part"
        row.save()
    before = picture()
    act = merge(keep, away, ada)
    assert merging.referring(away) == []
    assert {key for key, _field in before.keys() - picture().keys()} == {model}
    found = {(type(row), field) for row, field in merging.referring(keep)}
    assert found == set(merging.references(model))
    assert merging.weight(keep) == len(found)
    undo(act, ada)
    assert picture() == before


# Names and fields


def test_names_become_aliases_once_and_empty_fields_are_filled(two_people, ada):
    keep, away = two_people
    country = builders.country("VN")
    Person.objects.filter(pk=away.pk).update(country=country, wikidata_id="Q1", sort_name="Tô")
    Person.objects.filter(pk=keep.pk).update(sort_name="Lâm")
    keep, away = Person.objects.get(slug="to-lam"), Person.objects.get(slug="other")
    assert fates(keep, away) == {
        "sorted under": ("Lâm", False, "Tô"),
        "other names": ("Tô Đại Tướng\nGeneral Tô", True, "To  lam"),
        "country": ("Viet Nam", True, ""),
        "Wikidata": ("Q1", True, ""),
        "slug": ("to-lam", False, "other"),
    }
    before = picture()
    act = merge(keep, away, ada)
    assert keep.aliases == "Tô Đại Tướng\nGeneral Tô"
    assert (keep.sort_name, keep.country, keep.wikidata_id) == ("Lâm", country, "Q1")
    assert {t.title_en for t in keep.tenures.all()} == {"Office at Biden", "Office at Parolin"}
    assert not Person.objects.filter(slug="other").exists()
    undo(act, ada)
    assert picture() == before


def test_what_goes_with_another_field_goes_with_it_alone(ada):
    whole = builders.source("Collection")
    away = builders.source(
        "B",
        url="https://b.example",
        accessed_on="2024-09-25",
        part_of=whole,
        relation="part",
        date_edtf="2024-09",
        file="sources/2024/b.pdf",
    )
    keep = builders.source("A", url="https://a.example", is_held=False)
    assert fates(keep, away) == {
        "title in English": ("A", False, "B"),
        "address": ("https://a.example", False, "https://b.example"),
        "read there on": ("", False, "2024-09-25"),
        "belongs to": ("Collection", True, ""),
        "relation": ("part of", True, ""),
        "date (EDTF)": ("2024-09", True, ""),
        "file": ("sources/2024/b.pdf", True, ""),
        "held": ("yes", True, "no"),
        "slug": ("a", False, "b"),
    }
    merge(keep, away, ada)
    assert (keep.part_of, keep.accessed_on, keep.file.name) == (whole, None, "sources/2024/b.pdf")


# Clashes


def test_two_rows_of_one_meeting_become_one_when_nothing_is_lost(two_people, ada):
    keep, away = two_people
    meeting = builders.meeting("Senators")
    stays = builders.participation(meeting, person=keep, capacity_en="President", order=3)
    builders.participation(meeting, person=away, capacity_vi="Chủ tịch", name_as_recorded="To Lam")
    builders.participation(meeting, person=away, role="host")
    before = picture()
    act = merge(keep, away, ada)
    stays.refresh_from_db()
    assert (stays.capacity_en, stays.capacity_vi) == ("President", "Chủ tịch")
    assert (stays.name_as_recorded, stays.order) == ("To Lam", 3)
    assert {row.role for row in meeting.participations.all()} == {"participant", "host"}
    undo(act, ada)
    assert picture() == before


def test_two_rows_of_one_meeting_that_differ_are_settled_first(two_people, ada):
    keep, away = two_people
    meeting = builders.meeting("Senators")
    builders.participation(meeting, person=keep, capacity_en="President")
    builders.participation(meeting, person=away, capacity_en="General Secretary")
    sentence = "Both stand here in one role and differ (office in English): Senators: "
    assert sentence in refused(keep, away, ada)


def test_a_body_stands_once_in_a_role_and_beside_its_unnamed_officials(ada):
    keep, away = builders.organization("Boeing"), builders.organization("Boeing Co")
    deal = builders.agreement()
    for body in (keep, away):
        builders.participation(deal, organization=body, role="seller")
    builders.participation(deal, organization=away, role="seller", capacity_en="Director")
    merge(keep, away, ada)
    assert sorted(row.capacity_en for row in deal.participations.all()) == ["", "Director"]


def test_one_office_recorded_twice_becomes_one_with_all_its_evidence(two_people, ada):
    keep, away = two_people
    stays, goes = (builders.tenure(person=person) for person in two_people)
    one, other = (builders.citation(office) for office in (stays, goes))
    before = picture()
    act = merge(keep, away, ada)
    assert {*Tenure.objects.get(pk=stays.pk).citations.all()} == {one, other}
    assert not Tenure.objects.filter(pk=goes.pk).exists()
    undo(act, ada)
    assert picture() == before


def test_one_office_of_two_countries_stays_twice_and_is_told(two_people, ada):
    for person, code in zip(two_people, ("VN", "LA"), strict=True):
        builders.tenure(person=person, country=builders.country(code))
    assert "Both have this office and differ in it (country)" in notices(*two_people)
    merge(*two_people, ada)
    assert two_people[0].tenures.filter(title_en="General Secretary").count() == 2


def test_two_numbers_at_wikidata_are_two_people(two_people, ada):
    for number, person in enumerate(two_people, 1):
        Person.objects.filter(pk=person.pk).update(wikidata_id=f"Q{number}")
        person.refresh_from_db()
    assert "at Wikidata one is Q1, the other Q2" in refused(*two_people, ada)


def test_a_document_and_its_part_are_two(ada):
    whole = builders.source("Programme")
    part = builders.source("Annex", part_of=whole, relation="part")
    page = builders.source("Page of the annex", part_of=part, relation="part")
    for pair in ((whole, part), (part, whole), (whole, page), (page, whole)):
        assert "these are two documents" in refused(*pair, ada)


def test_parts_follow_and_come_back(ada):
    keep, away = builders.source("A"), builders.source("B")
    part = builders.source("Annex", part_of=away, relation="part")
    before = picture()
    act = merge(keep, away, ada)
    part.refresh_from_db()
    assert part.part_of == keep
    undo(act, ada)
    assert picture() == before


def test_two_numbers_or_dates_ask_to_look_twice(ada):
    keep, away = builders.source("A", number="1"), builders.source("A", number="2")
    assert "look twice" in notices(keep, away)
    SourceDocument.objects.filter(pk=away.pk).update(number="")
    assert "look twice" not in notices(keep, SourceDocument.objects.get(pk=away.pk))


def test_two_citations_of_one_record_stay_two(ada):
    trip = builders.trip()
    pair = builders.source("A"), builders.source("B")
    for source in pair:
        builders.citation(trip, source=source)
    assert "1 citation of the one stands beside one of the other" in notices(*pair)
    merge(*pair, ada)
    assert sorted(row.note for row in trip.citations.all()) == ["", "Recorded under: B"]


@pytest.mark.parametrize("stays_open", [True, False])
def test_the_stricter_access_wins_in_both_directions(ada, stays_open):
    pair = [builders.source("Report"), builders.source("Report", access="internal", slug="r")]
    pair = pair if stays_open else pair[::-1]
    assert "the stricter one counts afterwards, which is “internal" in notices(*pair)
    merge(*pair, ada)
    assert pair[0].access == "internal"


def test_the_last_source_of_what_is_published_is_not_closed(ada):
    public, closed = builders.source("Report"), builders.source("Report", access="internal")
    trip = builders.published(builders.trip, "To Lam in New York", public)
    sentence = "“To Lam in New York” is published and rests on these two alone"
    assert sentence in refused(public, closed, ada)
    assert sentence in refused(closed, public, ada)
    builders.citation(trip, source=builders.source("Another one"))
    merge(closed, public, ada, is_minor=True)
    assert TimelineEntry.objects.get().sources_en == "Another one"


def test_an_open_document_that_becomes_closed_needs_a_label_and_an_address_that_tells_nothing(ada):
    public = builders.source("Report")
    closed = builders.source("Report", access="citation", public_label_en="A paper", slug="paper")
    [sentence] = merging.Merge(public, closed).obstacles(ada)
    assert sentence.startswith("The public sees the slug too")
    assert sentence in refused(public, closed, ada)
    merge(closed, public, ada)
    assert (closed.access, closed.slug) == ("citation", "paper")


# Who may


def test_what_the_public_reads_is_merged_by_those_who_may_publish(two_people, ada, eli):
    keep, away = two_people
    eli.user_permissions.set(ada.groups.get().permissions.filter(codename__startswith="delete_"))
    eli = type(eli).objects.get(pk=eli.pk)
    assert merging.Merge(keep, away).obstacles(eli) == []
    trip = desk.published_trip()
    builders.participation(trip, person=away)
    assert merging.Merge(keep, away).obstacles(eli) == [
        "“Tô Đại Tướng” is shown to the public, or is to be: a publisher can change it.",
        "“To Lam in New York” is published: a publisher can change it, or withdraw it first.",
    ]
    assert merging.Merge(keep, away).obstacles(ada) == []


def test_it_takes_the_right_to_change_what_moves_and_to_delete_what_becomes_one(two_people, ada):
    keep, away = two_people
    for person in two_people:
        builders.participation(
            builders.meeting(slug="m") if person is keep else Meeting.objects.get(slug="m"),
            person=person,
        )
    group = ada.groups.get()
    group.permissions.remove(
        *group.permissions.filter(codename__in=["change_tenure", "delete_participation"])
    )
    ada = type(ada).objects.get(pk=ada.pk)
    assert merging.Merge(keep, away).obstacles(ada) == [
        f"You may not do this: it takes the right “{right}”."
        for right in ("change_tenure", "delete_participation")
    ]


def test_a_row_that_very_many_refer_to_stays(two_people, ada, monkeypatch):
    monkeypatch.setattr(merging, "MAX_ROWS", 1)
    assert refused(*two_people, ada) == (
        "More than 1 rows refer to “Tô Đại Tướng”: let that one stay."
    )
