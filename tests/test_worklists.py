"""The first page of the desk: to everybody the work that is theirs, at a price that stays."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import builders, desk
from timeline import changes, publication
from timeline.admin import worklists
from timeline.admin.worklists import section, works
from timeline.models import Agreement, LinkCheck, Meeting, Participation, Trip
from timeline.models.codes import Verification

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=3)


def lists(user):
    """{name of a list: the labels in it}."""
    return {s.name: labels(s) for s in worklists.sections(user)}


def labels(found):
    return [label for item in found.items for label, _address in item.links]


def one(user, name):
    return next(s for s in worklists.sections(user) if s.name == name)


@pytest.fixture
def desk_of_five(eli, petra):
    """One record for each list, beside others that belong to none."""
    source = builders.source()
    quiet = {"verification": Verification.VERIFIED}
    for title, state in [("Submitted first", "review"), ("Submitted then", "review")]:
        builders.citation(builders.trip(title, state=state, **quiet), source=source)
    with changes.made("edit", eli):
        mine = builders.meeting("Eli began this", **quiet)
        mine._history_user = eli
        mine.save()
    builders.citation(mine, source=source)
    builders.agreement("Nobody cites this", **quiet)
    closed = builders.source("Closed", access="internal")
    builders.citation(builders.agreement("Closed source", **quiet), source=closed)
    builders.published(builders.trip, "Disputed", source, verification="disputed")
    builders.published(builders.meeting, "Unverified", source)
    waits = {"publish_at": timezone.now() + SOON, **quiet}
    builders.published(builders.meeting, "Waits", source, **waits)
    waits["publish_at"] += SOON
    builders.citation(builders.trip("Would miss it", **waits), source=source)
    builders.published(builders.trip, "In order", source, **quiet)
    builders.trip("Withdrawn", state="withdrawn", withdrawn_reason="x", publish_at=timezone.now())


WORK = {
    "review": ["Submitted first", "Submitted then"],
    "embargo": ["Waits", "Would miss it"],
    "mine": [],
    "uncited": ["Closed source", "Nobody cites this"],
    "disputed": ["Disputed"],
    "capacities": [],
    "links": [],
    "unverified": ["Unverified"],
    "recent": ["Eli began this"],
}
OF_EDITORS = ["mine", "uncited", "disputed", "capacities", "links", "unverified", "recent"]


def test_everybody_finds_their_own_work(desk_of_five, vera, eli, petra, ada):
    assert lists(vera) == {"links": [], "recent": ["Eli began this"]}
    theirs = {name: WORK[name] for name in OF_EDITORS}
    assert lists(eli) == theirs | {"mine": ["Eli began this"], "recent": []}
    assert lists(petra) == lists(ada) == WORK
    eli.groups.clear()
    assert lists(type(eli).objects.get(pk=eli.pk)) == {}


def test_a_right_to_one_kind_of_record_gives_the_work_with_that_kind(desk_of_five, vera):
    vera.user_permissions.add(Permission.objects.get(codename="publish_meeting"))
    found = lists(type(vera).objects.get(pk=vera.pk))
    assert (found["review"], found["embargo"]) == ([], ["Waits"])


def test_each_list_leads_to_all_of_its_rows(client, desk_of_five, petra, eli):
    for user in (petra, eli):
        client.force_login(user)
        for found in worklists.sections(user):
            if found.name in ("capacities", "recent") or not found.items:
                continue
            listed = []
            for more in found.more:
                answer = client.get(more.address)
                assert answer.status_code == 200, more.address
                rows = [str(row) for row in answer.context["cl"].result_list]
                assert len(rows) == more.number
                listed += rows
            assert sorted(listed) == sorted(labels(found)), found.name


@pytest.mark.parametrize("model", [Trip, Meeting, Agreement])
@pytest.mark.parametrize("name", ["review", "embargo", "links", "x", "%00", "mine&work=x"])
def test_a_list_that_is_not_ours_is_no_list(client, eli, model, name):
    client.force_login(eli)
    answer = client.get(f"{desk.page(model)}?work={name}", follow=True)
    assert answer.redirect_chain or not answer.context["cl"].result_list


def test_the_page_shows_what_there_is_and_names_what_is_empty(client, desk_of_five, petra):
    client.force_login(petra)
    content = client.get(reverse("admin:index")).content.decode()
    for titles in WORK.values():
        for title in titles:
            assert f">{title}</a>" in content
    assert "Nothing waits in: My drafts; Offices that do not fit; Broken links." in " ".join(
        content.split()
    )
    assert "style=" not in content
    within = client.get(reverse("admin:app_list", args=["timeline"])).content.decode()
    assert "work-lists" not in within, "the page of one application has no work lists"


def test_a_title_is_text(client, petra):
    builders.trip("<script>alert(1)</script>", state="review")
    client.force_login(petra)
    content = client.get(reverse("admin:index")).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


# Embargo


def test_an_embargo_that_was_missed_raises_an_alarm(petra, monkeypatch):
    builders.published(builders.trip, "Waits", builders.source(), publish_at=timezone.now() + SOON)
    later = timezone.now() + SOON + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert one(petra, "embargo").alarm == "", "the minute in which publish_due runs"
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(minutes=2))
    found = one(petra, "embargo")
    assert found.alarm.startswith("An embargo has ended and its record is not public: “publish_due")
    assert found.items[0].about.startswith("trip · due since ")
    publication.publish_due()
    assert (one(petra, "embargo").items, one(petra, "embargo").alarm) == ([], "")


def test_what_would_miss_its_time_says_in_which_state_it_is(petra):
    builders.trip("Draft", publish_at=timezone.now() + SOON)
    about = one(petra, "embargo").items[0].about
    assert about.startswith("trip · draft, not before 2")
    assert about.endswith("(Asia/Ho_Chi_Minh, UTC+07:00)")


# What checks found


def test_broken_links_are_those_of_addresses_that_still_stand(client, eli):
    row = builders.source("Gone", url="https://example.org/gone", archive_url="https://a.org/")
    since = timezone.now() - timedelta(days=9)
    values = {"source": row, "outcome": "broken", "broken_since": since}
    LinkCheck.objects.create(field="url", url=row.url, status=404, **values)
    LinkCheck.objects.create(field="archive_url", url="https://former.org/", **values)
    fine = builders.source("Fine", url="https://example.org/")
    LinkCheck.objects.create(source=fine, field="url", url=fine.url, outcome="found", status=200)
    found = one(eli, "links")
    assert labels(found) == ["Gone"]
    day = timezone.localtime(since).strftime("%Y-%m-%d")
    assert found.items[0].about == f"https://example.org/gone · broken · 404 · since {day}"
    client.force_login(eli)
    listed = client.get(found.more[0].address).context["cl"].result_list
    assert [str(row) for row in listed] == ["Gone"]
    row.url = "https://example.org/found-again"
    row.save()
    assert labels(one(eli, "links")) == []


def test_offices_that_do_not_fit_are_told_with_the_reason(eli):
    held = builders.tenure()
    for title, capacity in [("Fits", "General Secretary"), ("Does not", "Ambassador")]:
        builders.participation(builders.meeting(title), person=held.person, capacity_en=capacity)
    withdrawn = builders.meeting("Withdrawn", state="withdrawn", withdrawn_reason="x")
    builders.participation(withdrawn, person=held.person, capacity_en="Ambassador")
    builders.participation(builders.trip("A country"), country=builders.country())
    found = one(eli, "capacities")
    assert labels(found) == ["Does not"]
    assert found.items[0].about.startswith("“Ambassador” fits no office that Tô Lâm held on the ")


def test_a_justified_capacity_is_no_work(eli, monkeypatch):
    row = builders.participation(
        builders.meeting(), person=builders.tenure().person, capacity_en="Ambassador"
    )
    key = ("capacity-fits-office", "participation", row.slug)
    monkeypatch.setattr(worklists.checks.justified, "read", lambda: {key: "the source says so"})
    assert labels(one(eli, "capacities")) == []


# What others did


def test_recent_changes_lead_to_what_was_changed(eli, petra):
    trip, person = builders.trip("Changed by its part"), builders.person()
    with changes.made("edit", petra):
        builders.participation(trip, person=person)
    with changes.made("import", petra, file_name="to-lam.csv"):
        person.aliases = "To Lam"
        person.save()
        gone = builders.meeting("Gone")
    with changes.made("deletion", petra, note="twice the same"):
        gone.delete()
    with changes.made("publication", note="publish: embargo ended"):
        builders.agreement("Came out")
    with changes.made("edit", eli):
        builders.meeting("By eli")
    found = one(eli, "recent")
    assert [[label for label, _address in item.links] for item in found.items] == [
        ["Came out"],
        ["meeting, deleted"],
        ["meeting, deleted", "Tô Lâm"],
        ["Changed by its part"],
    ]
    assert [item.about.rpartition(" · ")[0] for item in found.items] == [
        "manage.py: publication step – publish: embargo ended",
        "petra: deleted – twice the same",
        "petra: imported – to-lam.csv",
        "petra: edited",
    ]
    assert found.items[3].links == [("Changed by its part", desk.page(trip))]
    assert found.items[1].links[0][1] is None
    assert labels(one(petra, "recent"))[0] == "By eli"


def test_who_sees_a_kind_of_row_not_reads_nothing_of_its_changes(vera, petra):
    with changes.made("edit", petra):
        builders.trip("Hidden from vera")
    with changes.made("edit", petra):
        builders.person()
    vera.groups.clear()
    vera.user_permissions.add(Permission.objects.get(codename="view_person"))
    assert lists(type(vera).objects.get(pk=vera.pk)) == {"recent": ["Tô Lâm"]}


# The price


def queries(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("admin:index")).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_for_more_rows_and_counts_no_further(
    client, petra, eli, monkeypatch
):
    """Two of everything, and then more than is shown and counted; the bounds are made small."""
    monkeypatch.setattr(section, "MANY", 3)
    for module in (works, worklists.checks):
        monkeypatch.setattr(module, "MANY", 3)
    client.force_login(petra)
    source, person = builders.source(), builders.tenure().person

    def tell(number):
        for build in (builders.trip, builders.meeting, builders.agreement):
            with changes.made("edit", eli):
                row = build(f"In review {number}", state="review")
            builders.participation(row, person=person, capacity_en="Ambassador")
            builders.published(build, f"Disputed {number}", source, verification="disputed")
            waits = timezone.now() + SOON
            builders.published(build, f"Waits {number}", source, publish_at=waits)
            draft = build(f"Draft {number}")
            draft._history_user = petra
            draft.save()
        row = builders.source(f"Source {number}", url=f"https://example.org/{number}")
        values = {"outcome": "broken", "broken_since": timezone.now()}
        LinkCheck.objects.create(source=row, field="url", url=row.url, **values)

    tell(0)
    tell(1)
    queries(client)  # which fills the caches of a new process
    few = queries(client)
    for number in range(2, 4):
        tell(number)
    assert queries(client) == few <= 40
    found = {s.name: s for s in worklists.sections(petra)}
    counted = [more for s in found.values() for more in s.more if s.name != "recent"]
    assert {more.many for more in counted} == {3}
    assert len(found["review"].items) == section.SHOWN
    assert "more than 3" in client.get(reverse("admin:index")).content.decode()


def test_a_slow_question_is_asked_of_the_rows_changed_last(petra, monkeypatch):
    for number in range(4):
        builders.trip(f"Trip {number}")
    monkeypatch.setattr(works, "WINDOW", 2)
    assert labels(one(petra, "uncited")) == ["Trip 3", "Trip 2"]
    monkeypatch.setattr(worklists.checks, "PARTICIPATIONS", 1)
    person = builders.tenure().person
    for number in range(2):
        trip = Trip.objects.get(slug=f"trip-{number}")
        builders.participation(trip, person=person, capacity_en="Ambassador")
    assert labels(one(petra, "capacities")) == ["Trip 1"]
    assert Participation.objects.count() == 2


def test_the_lists_stand_in_vietnamese_too(client, desk_of_five, petra):
    client.force_login(petra)
    client.cookies["django_language"] = "vi"
    assert client.get(reverse("admin:index")).status_code == 200
