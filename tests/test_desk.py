"""A good place to work: the buttons of a form, what follows, and what is shown before."""

from itertools import cycle

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from tests import builders, desk
from timeline import projection
from timeline.admin.paging import AHEAD, BoundedPaginator
from timeline.models import (
    Citation,
    Meeting,
    Participation,
    Person,
    TimelineEntry,
    Trip,
    TripLeg,
)
from timeline.models.codes import Role

pytestmark = pytest.mark.django_db

LATER = {"publish_at_0": "2099-01-01", "publish_at_1": "00:00:00"}


def titles(answer):
    return [str(row) for row in answer.context["cl"].result_list]


# Save and take the next step


@pytest.mark.parametrize(
    ("name", "state", "button"),
    [
        ("eli", "draft", "_submit"),
        ("eli", "review", None),
        ("petra", "draft", "_publish"),
        ("petra", "review", "_publish"),
        ("petra", "withdrawn", "_publish"),
        ("petra", "published", None),
    ],
)
def test_a_form_offers_the_step_that_comes_next(client, request, name, state, button):
    trip = desk.published_trip()
    Trip.objects.filter(pk=trip.pk).update(state=state)
    client.force_login(request.getfixturevalue(name))
    answer = client.get(desk.page(trip))
    assert answer.context.get("step_name") == button
    content = answer.content.decode()
    for other in ("_publish", "_submit"):
        assert (f'name="{other}"' in content) == (other == button)


def test_save_and_publish_is_one_act(client, petra):
    trip = builders.trip()
    builders.citation(trip)
    client.force_login(petra)
    answer = desk.send(client, desk.page(trip), title_en="To Lam at the UN", _publish="x")
    assert answer.status_code == 302
    assert desk.said(answer)[0] == "“To Lam at the UN” is published."
    assert TimelineEntry.objects.get().title_en == "To Lam at the UN"
    assert list(projection.differences()) == []
    assert [row.history_change_reason for row in trip.history.all()[:2]] == ["publish", None]


def test_a_new_record_is_published_as_it_is_saved(client, petra):
    source = builders.source()
    client.force_login(petra)
    data = desk.opened(client, desk.page(Trip, "add")) | {"title_en": "To Lam in Havana"}
    desk.add_inline(data, "citations", source=source.pk, stance="reports")
    assert client.post(desk.page(Trip, "add"), data | {"_publish": "x"}).status_code == 302
    assert TimelineEntry.objects.get().title_en == "To Lam in Havana"


def test_what_cannot_be_published_is_not_saved_and_stays_in_the_form(client, petra):
    trip = builders.trip()
    client.force_login(petra)
    answer = desk.send(client, desk.page(trip), title_en="To Lam at the UN", _publish="x")
    assert "It has no citation of a source" in desk.errors(answer)["__all__"]
    assert answer.context["adminform"].form["title_en"].value() == "To Lam at the UN"
    assert (Trip.objects.get().title_en, Trip.objects.get().state) == (trip.title_en, "draft")
    assert trip.history.count() == 1


def test_publishing_under_embargo_says_that_it_waits(client, petra):
    trip = builders.trip()
    builders.citation(trip)
    client.force_login(petra)
    answer = desk.send(client, desk.page(trip), **LATER, _publish="x")
    assert "nobody outside sees it before 2099-01-01 00:00" in desk.said(answer)[0]
    assert not TimelineEntry.objects.exists()


def test_an_editor_submits_and_cannot_publish_by_a_forged_button(client, eli):
    trip = builders.trip()
    builders.citation(trip)
    client.force_login(eli)
    assert desk.send(client, desk.page(trip), title_en="Mine", _publish="x").status_code == 403
    assert (Trip.objects.get().title_en, Trip.objects.get().state) == (trip.title_en, "draft")
    answer = desk.send(client, desk.page(trip), title_en="Mine", _submit="x")
    assert desk.said(answer)[0] == "“Mine” waits for review."
    assert (Trip.objects.get().title_en, Trip.objects.get().state) == ("Mine", "review")


# Save and next in list


@pytest.fixture
def trips(db):
    """In the order of the list: two on one day, a longer one, one without a date."""
    made = [("D", ""), ("B", "2013-07"), ("A", "2013-07"), ("C", "2013/2015")]
    return {title: builders.trip(title, slug=title.lower(), date_edtf=d) for title, d in made}


def walk(client, start, query, **changes):
    """The titles that “Save and next in list” leads through, from `start` on."""
    address, seen = f"{desk.page(start)}?{query}", []
    while True:
        seen.append(client.get(address).context["original"].title_en)
        answer = desk.send(client, address, _next="x", **changes)
        assert answer.status_code == 302
        if "/change/" not in answer.url:
            assert desk.said(answer)[-1] == "That was the last one in the list."
            return seen
        address = answer.url


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", "CABD"),
        ("_changelist_filters=o%3D-2.-1", "DABC"),
        ("_changelist_filters=o%3D-4.1%26p%3D7", "CABD"),
        ("_changelist_filters=when%3D2013-07", "CAB"),
        ("_changelist_filters=when%3Dnone", "D"),
        ("_changelist_filters=q%3Da", "A"),
    ],
)
def test_next_follows_the_list_it_was_opened_from(client, eli, trips, query, order):
    client.force_login(eli)
    listed = client.get(
        f"{desk.page(Trip)}?{query.partition('=')[2].replace('%3D', '=').replace('%26p=7', '')}"
    )
    assert titles(listed) == list(order)
    assert walk(client, trips[order[0]], query) == list(order)


def test_next_goes_on_from_where_the_record_stood(client, eli, trips):
    """A record that leaves the list by being saved is followed by the one that followed it."""
    client.force_login(eli)
    query = "_changelist_filters=verification__exact%3Dunverified"
    assert walk(client, trips["C"], query, verification="verified") == list("CABD")
    answer = desk.send(client, desk.page(trips["C"]), date_edtf="2020", _next="x")
    assert answer.url == desk.page(trips["A"]), "from where it stood before, not where it is now"


@pytest.mark.parametrize("query", ["when=x", "nonsense=1", "slug=%2500", "o=x", "p=99999"])
def test_a_made_up_list_has_no_next_one_or_is_the_whole(client, eli, trips, query):
    client.force_login(eli)
    address = f"{desk.page(trips['C'])}?_changelist_filters={query.replace('=', '%3D')}"
    assert desk.send(client, address, _next="x").status_code == 302


def test_a_list_that_the_database_cannot_read_does_not_end_the_write(
    client, eli, trips, monkeypatch
):
    monkeypatch.setattr("timeline.admin.lists.PATTERNS", set())
    client.force_login(eli)
    address = f"{desk.page(trips['C'])}?_changelist_filters=title_en__regex%3D%2528"
    answer = desk.send(client, address, title_en="To Lam in Havana", _next="x")
    assert "That was the last one in the list." in desk.said(answer)
    assert Trip.objects.get(slug="c").title_en == "To Lam in Havana"


# Parts


def delegation(size, vietnam, source):
    """A trip with `size` rows of each part, written as one: only showing them is tested."""
    trip = builders.trip(f"Trip of {size}")
    people = [builders.person(f"Member {size} {number}") for number in range(3)]
    rows = [{"trip": trip, "slug": f"{trip.slug}-{number}"} for number in range(size)]
    QuerySet(Participation).bulk_create(
        Participation(person=people[n % 3], country=vietnam, capacity_en=f"{n}", role=role, **row)
        for n, (row, role) in enumerate(zip(rows, cycle(Role.values), strict=False))
    )
    QuerySet(TripLeg).bulk_create(TripLeg(country=vietnam, **row) for row in rows)
    QuerySet(Citation).bulk_create(Citation(source=source, **row) for row in rows)
    return trip


def test_sixty_parts_ask_no_more_than_ten(client, eli):
    client.force_login(eli)
    vietnam, source, numbers = builders.country("VN"), builders.source(), {}
    for size in (10, 60):
        address = desk.page(delegation(size, vietnam, source))
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            content = client.get(address).content.decode()
        numbers[size] = len(asked)
        assert f'<span class="number">{size}</span>' in content
        assert content.count("selected>Member") == size
    assert numbers[10] == numbers[60]


def test_a_part_is_a_line_that_opens_when_there_is_something_to_see(client, eli):
    trip = builders.trip()
    builders.participation(trip, person=desk.to_lam(), role="head", capacity_en="General Secretary")
    client.force_login(eli)
    content = client.get(desk.page(trip)).content.decode()
    assert "1 · head of delegation · Tô Lâm · General Secretary" in content
    assert content.count('<details class="part-fields" open>') == 3, "the rows to add"
    answer = desk.send(client, desk.page(trip), **{"participations-0-order": "x"})
    assert answer.content.decode().count('<details class="part-fields" open>') == 4


# The lists


def test_a_list_is_counted_no_further_than_somebody_looks(client, vera, monkeypatch):
    monkeypatch.setattr("timeline.admin.paging.AHEAD", 5)
    Trip.objects.bulk_create([Trip(title_en=f"Trip {n}", slug=f"trip-{n}") for n in range(120)])
    assert AHEAD == 1_000
    pages = BoundedPaginator(Trip.objects.all(), 50)
    assert (pages.count, pages.num_pages, pages.is_open) == (55, 2, True)
    pages = BoundedPaginator(Trip.objects.all(), 50, page=3)
    assert (pages.count, pages.num_pages, pages.is_open) == (120, 3, False)
    client.force_login(vera)
    content = client.get(desk.page(Trip)).content.decode()
    assert "more than 55" in content
    assert "across all pages" not in content, "an unknown number of rows is not chosen at once"
    assert len(titles(client.get(f"{desk.page(Trip)}?p=3"))) == 20


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("2013", "CAB"),
        ("2013-07", "CAB"),
        ("2013-08", "C"),
        ("2014", "C"),
        ("2010/2019", "CABE"),
        ("2015-02-19", "CE"),
        ("2016", "E"),
        ("../2012", ""),
        ("none", "D"),
    ],
)
def test_the_dates_of_a_list_overlap(client, vera, trips, when, found):
    """A set, an interval over years and an open end are found wherever they may touch."""
    builders.trip("E", slug="e", date_edtf="2015-02-19/..")
    client.force_login(vera)
    answer = client.get(desk.page(Trip), {"when": when})
    assert titles(answer) == list(found)
    assert answer.content.decode().count('<b class="narrows">') == 1


@pytest.mark.parametrize("query", ["when=x", "when=%00", "when=2013-02-30", "state__exact=x"])
def test_a_filter_that_makes_no_sense_never_means_everything(client, vera, trips, query):
    client.force_login(vera)
    answer = client.get(f"{desk.page(Trip)}?{query}")
    assert answer.status_code == 302


def test_the_years_are_within_their_decade_and_the_months_within_their_year(client, vera, trips):
    client.force_login(vera)
    offered = client.get(desk.page(Trip), {"when": "2013"}).context["cl"].filter_specs[1]
    labels = [label for _value, label in offered.lookup_choices]
    assert labels[:4] == ["2010–2019", "2010", "2011", "2012"]
    assert labels[4:7] == ["2013", "January 2013", "February 2013"]
    assert labels[-2:] == ["2019", "no date"]


def test_scheduled_is_a_state_of_its_own(client, vera, petra):
    waiting, public, draft = desk.published_trip(), desk.published_trip(), builders.trip("Draft")
    Trip.objects.filter(pk=waiting.pk).update(state="draft")
    waiting.refresh_from_db()
    waiting.publish_at = "2099-01-01T00:00+07:00"
    waiting.state, waiting.published_at = "published", None
    waiting.save()
    client.force_login(vera)
    content = client.get(desk.page(Trip)).content.decode()
    assert "scheduled for 2099-01-01 00:00" in content
    for state, number in [("draft", 1), ("scheduled", 1), ("published", 1), ("review", 0)]:
        assert (
            f'{state if state != "review" else "in review"} <span class="number">{number}<'
            in content
        )
    for state, row in [("scheduled", waiting), ("published", public), ("draft", draft)]:
        answer = client.get(desk.page(Trip), {"state__exact": state})
        assert list(answer.context["cl"].result_list) == [row]


# Several at once


def choose(client, model, *rows, query="", **extra):
    keys = [row.pk for row in rows]
    chosen = {"action": "delete_selected", "_selected_action": keys, **extra}
    return client.post(f"{desk.page(model)}{query}", chosen)


def test_deleting_several_shows_first_what_goes_and_what_stays(client, ada):
    free, used, public = builders.trip("Free"), builders.trip("Used"), desk.published_trip()
    builders.leg(free)
    builders.meeting("Talks", trip=used)
    client.force_login(ada)
    answer = choose(client, Trip, free, used, public, query="?q=")
    told = {str(row): (kept, company) for row, kept, company in answer.context["plan"]}
    assert told["Free"] == ([], ["Legs: 1"])
    assert told["Used"][0] == ["“Used” is in use: “Talks”."]
    assert "withdraw it first" in told[str(public)][0][0]
    assert "Delete 1 row" in answer.content.decode()
    assert Trip.objects.count() == 3
    hidden = dict(answer.context["plan"].hidden)
    answer = choose(
        client,
        Trip,
        free,
        used,
        public,
        query="?q=",
        post="yes",
        **{name: value for name, value in hidden.items() if name != "_selected_action"},
    )
    assert answer.url == f"{desk.page(Trip)}?q=", "the filters of the list stay"
    assert "“Used” is in use: “Talks”." in desk.said(answer)
    assert desk.said(answer)[-1] == "Deleted: Free."
    assert set(Trip.objects.all()) == {used, public}
    assert not TripLeg.objects.exists()


def test_an_account_is_deleted_from_the_list_and_only_by_those_who_may(client, ada, admin_user):
    other = User.objects.create_user("nobody")
    client.force_login(ada)
    answer = choose(client, User, other, admin_user)
    told = {str(row): kept for row, kept, _company in answer.context["plan"]}
    assert told == {"nobody": [], "admin": ["You may not delete “admin”."]}
    assert choose(client, User, other).context["list_address"] == desk.page(User)
    choose(client, User, other, admin_user, post="yes")
    assert set(User.objects.all()) == {ada, admin_user}


def test_deleting_what_has_changed_since_is_refused(client, ada):
    trip = builders.trip("Free")
    client.force_login(ada)
    marks = dict(choose(client, Trip, trip).context["plan"].hidden)
    del marks["_selected_action"]
    builders.leg(trip)
    for seen in (marks, {}):
        answer = choose(client, Trip, trip, post="yes", **seen)
        assert (
            desk.said(answer)[-1] == "“Free” has been changed since you looked at it: look again."
        )
    assert Trip.objects.get() == trip


def test_the_question_costs_the_same_for_many(client, ada):
    people = [builders.person(f"Person {number}") for number in range(30)]
    client.force_login(ada)
    choose(client, Person, people[0])
    asked = []
    for rows in (people[:3], people):
        with CaptureQueriesContext(connection) as queries:
            assert choose(client, Person, *rows).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_too_many_to_delete_are_refused_with_a_sentence(client, ada):
    Trip.objects.bulk_create([Trip(title_en=f"Trip {n}", slug=f"trip-{n}") for n in range(201)])
    client.force_login(ada)
    answer = choose(client, Trip, *Trip.objects.all()[:2], select_across="1", index="0")
    assert desk.said(answer) == ["Choose at most 200 records at a time."]


def test_a_step_keeps_the_list_it_was_chosen_in(client, petra):
    meeting = builders.meeting()
    client.force_login(petra)
    chosen = {"action": "publish", "_selected_action": [meeting.pk]}
    answer = client.post(f"{desk.page(Meeting)}?status__exact=held", chosen)
    back = client.get(answer.url).context["list_address"]
    assert back == f"{desk.page(Meeting)}?status__exact=held"
