"""The end of an embargo: never early, at most a minute late, once, and in every time zone."""

import sqlite3
from configparser import ConfigParser
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from tests import builders, desk
from tests.files import as_csv, confirmation, refusals, upload
from timeline import projection, publication
from timeline.admin.scheduled import state_label
from timeline.management.commands import publish_due
from timeline.models import ChangeSet, Citation, SourceDocument, TimelineEntry, Trip

MINUTE = datetime(2030, 5, 1, 2, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def scheduled(build=builders.trip, title="Zzyzx visit", publish_at=MINUTE, **values):
    """A record that is published under embargo, as a fixture would bring it along."""
    record = build(title, publish_at=publish_at, **values)
    builders.citation(record, source=builders.source("Zzyzx source"))
    record.state = "published"
    record.save()
    assert record.is_scheduled
    return record


def run(**options):
    """What `publish_due` prints, by lines."""
    out = StringIO()
    call_command("publish_due", stdout=out, **options)
    return out.getvalue().splitlines()


# What the command does


@pytest.mark.django_db
def test_not_a_microsecond_early_and_repeatable(at):
    trip = scheduled()
    at(MINUTE - MOMENT)
    assert run() == []
    assert not TimelineEntry.objects.exists()
    at(MINUTE)
    assert run() == ["published trip zzyzx-visit"]
    trip.refresh_from_db()
    assert (trip.published_at, trip.is_published) == (MINUTE, True)
    assert TimelineEntry.objects.get().published_at == MINUTE
    assert run() == []
    last = trip.history.first()
    assert last.history_change_reason == last.change_set.note == "publish: embargo ended"
    assert (last.change_set.kind, last.change_set.user) == ("publication", None)


@pytest.mark.django_db
def test_what_cannot_be_published_is_told_and_does_not_keep_the_others(at):
    scheduled(builders.trip, "No source any more", publish_at=MINUTE - MOMENT)
    Citation.objects.all().delete()
    scheduled(builders.trip, "A date that is none", publish_at=MINUTE - MOMENT)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_trip SET date_edtf = '30 April' WHERE slug = 'a-date-that-is-none'"
        )
    scheduled(builders.meeting, "In order")
    at(MINUTE)
    out = StringIO()
    with pytest.raises(
        CommandError, match=r"^Records that could not be published: 2\.$"
    ) as refusal:
        call_command("publish_due", stdout=out)
    assert refusal.value.returncode == 1
    published, no_date, no_source = out.getvalue().splitlines()
    assert published == "published meeting in-order"
    assert no_date.startswith("not published trip a-date-that-is-none: '30 April'")
    assert no_source.startswith("not published trip no-source-any-more: It has no citation of a ")
    assert list(TimelineEntry.objects.values_list("slug", flat=True)) == ["in-order"]


@pytest.mark.django_db
def test_an_embargo_that_is_moved_or_taken_away(client, petra, at):
    trip, other = scheduled(), scheduled(builders.meeting)
    client.force_login(petra)
    later = {"publish_at_0": "2030-05-01", "publish_at_1": "10:00"}  # 03:00 UTC
    assert desk.send(client, desk.page(trip), **later).status_code == 302
    at(MINUTE + timedelta(minutes=59))
    assert run() == ["published meeting zzyzx-visit"]
    at(MINUTE + timedelta(minutes=60))
    assert run() == ["published trip zzyzx-visit"]
    other.refresh_from_db()
    assert other.published_at == MINUTE + timedelta(minutes=59)
    third = scheduled(builders.agreement, publish_at=MINUTE + timedelta(days=9))
    none = {"publish_at_0": "", "publish_at_1": ""}
    client.force_login(petra)  # years later
    assert desk.send(client, desk.page(third), **none).status_code == 302
    third.refresh_from_db()
    assert (third.is_published, third.publish_at) == (True, None)
    assert list(projection.differences()) == []


@pytest.mark.django_db
def test_an_embargo_that_is_moved_at_the_last_moment_is_kept(at, monkeypatch):
    trip = scheduled()
    at(MINUTE)

    def atomic():
        Trip.objects.update(publish_at=MINUTE + MOMENT)
        return transaction.atomic()

    monkeypatch.setattr(publication, "transaction", SimpleNamespace(atomic=atomic))
    assert publication.publish_due() == ([], [])
    assert [str(record) for record in Trip.objects.scheduled()] == ["Zzyzx visit"]
    assert trip.history.first().history_change_reason != "publish: embargo ended"


# What the public sees


def public_answers(client, person):
    source = SourceDocument.objects.get(slug="zzyzx-source").slug
    addresses = [
        *("/en/", "/en/timeline.csv", "/sitemap-entries.xml", "/en/meetings/zzyzx-visit/"),
        *(f"/en/people/{person.slug}/", "/en/people/", "/en/countries/LA/", "/en/countries/"),
        *(f"/en/sources/{source}/", "/en/sources/"),
    ]
    found = {address: client.get(address) for address in addresses}
    return {a: answer.getvalue() for a, answer in found.items() if answer.status_code == 200}


@pytest.mark.django_db
def test_the_public_reads_nothing_before_the_minute_and_everything_after_it(client, at):
    person = builders.person("Zzyzx Guest")
    trip = builders.published(builders.trip, "To Lam in Vientiane", builders.source("A speech"))
    before = builders.meeting("Zzyzx visit", trip=trip, publish_at=MINUTE)
    builders.participation(before, person=person, country=builders.country("LA"))
    builders.citation(before, source=builders.source("Zzyzx source"))
    without = public_answers(client, person)
    before.state = "published"
    before.save()
    at(MINUTE - MOMENT)
    assert run() == []
    assert public_answers(client, person) == without
    assert b"yzx" not in b"".join(without.values()).lower()
    assert list(without) == [
        *("/en/", "/en/timeline.csv", "/sitemap-entries.xml", "/en/people/"),
        *("/en/countries/", "/en/sources/"),
    ]
    at(MINUTE)
    assert run() == ["published meeting zzyzx-visit"]
    after = public_answers(client, person)
    assert len(after) == 10
    assert [a for a, content in after.items() if b"yzx" not in content.lower()] == [
        "/en/countries/"  # where it is Laos that is new
    ]
    assert b"Laos" in after["/en/countries/"]


# Two at once


def elsewhere(work, name):
    """Do `work` in a thread with a connection of its own, on SQLite to the database `name`."""

    def do():
        connection.settings_dict = connection.settings_dict | {"NAME": name}
        try:
            results.append(work())
        finally:
            connection.close()

    results = []
    thread = Thread(target=do)
    thread.start()
    return thread, results


@pytest.mark.django_db(transaction=True)
def test_two_at_once_publish_each_record_once(monkeypatch, tmp_path):
    slug = scheduled(publish_at=timezone.now() + timedelta(hours=1)).slug
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # in memory, threads would share one connection's locks
        name = str(tmp_path / "db.sqlite3")
        with sqlite3.connect(name) as copy:
            connection.connection.backup(copy)
        copy.close()
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=2))
    both_have_read = Barrier(2, timeout=20)

    def atomic():
        both_have_read.wait()
        return transaction.atomic()

    monkeypatch.setattr(publication, "transaction", SimpleNamespace(atomic=atomic))
    runs = [elsewhere(publication.publish_due, name) for _ in range(2)]
    for thread, _results in runs:
        thread.join()
    outcomes = [results[0] for _thread, results in runs]
    assert sorted(len(published) for published, _refused in outcomes) == [0, 1]
    assert [refused for _published, refused in outcomes] == [[], []]

    def left_behind():
        trip = Trip.objects.get(slug=slug)
        reasons = trip.history.values_list("history_change_reason", flat=True)
        return list(reasons).count("publish: embargo ended"), ChangeSet.objects.count()

    thread, results = elsewhere(left_behind, name)
    thread.join()
    assert results == [(1, 1)]


# Every minute


class Clock:
    """A clock that goes on while somebody sleeps; `parent` is there until `until`."""

    def __init__(self, start, until):
        self.now, self.until, self.parent, self.naps = start, until, 42, []

    def time(self):
        return self.now

    def sleep(self, seconds):
        assert 0 < seconds <= publish_due.NAP
        self.now += seconds

    def getppid(self):
        return self.parent if self.now < self.until else 1


def ticking(monkeypatch, clock):
    monkeypatch.setattr(publish_due, "time", clock)
    monkeypatch.setattr(publish_due, "os", clock)
    return clock


def test_it_runs_at_once_and_at_each_full_minute_until_its_parent_has_gone(monkeypatch):
    clock = ticking(monkeypatch, Clock(start=90.25, until=241.5))
    moments = [(clock.now, period) for period in publish_due.ticks(60, clock.parent)]
    assert moments == [(90.25, 1), (120.0, 2), (180.0, 3), (240.0, 4)]
    assert 241.5 <= clock.now <= 242.5, "gone within a second"
    assert list(publish_due.ticks(60, parent=7)) == [], "a parent that was gone before"


def test_a_clock_that_is_set_back_does_not_stop_it(monkeypatch):
    clock = ticking(monkeypatch, Clock(start=7_230.0, until=99_999.0))
    moments = []
    for _period in publish_due.ticks(60, clock.parent):
        moments.append(clock.now)
        if len(moments) == 2:
            clock.now -= 3_600
        if len(moments) == 4:
            break
    assert moments == [7_230.0, 7_260.0, 3_660.0, 3_720.0]


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_once_and_asked_again(monkeypatch, capsys):
    answers = iter(
        [
            OperationalError("connection refused\nIs the server running?"),
            OperationalError("connection refused\nIs the server running?"),
            ([scheduled()], []),
            ([], []),
        ]
    )

    def due():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(publication, "publish_due", due)
    monkeypatch.setattr(publish_due, "ticks", lambda every, parent: range(4))
    assert run(every=60) == [
        "The database does not answer; it is asked again next time: connection refused",
        "published trip zzyzx-visit",
    ]


@pytest.mark.parametrize("every", ["0", "-1", "3601", "x", "1.5"])
def test_a_pace_that_makes_no_sense_is_refused(every):
    with pytest.raises(CommandError, match="--every: invalid seconds value"):
        call_command("publish_due", "--every", every)


# Time zones: (zone of the site, what is typed, the moment in UTC or None when there is not one)

HANOI, CALIFORNIA = "Asia/Ho_Chi_Minh", "America/Los_Angeles"
TYPED = [
    (HANOI, "2030-05-01T09:00", "2030-05-01T02:00"),
    ("UTC", "2030-05-01T09:00", "2030-05-01T09:00"),
    (CALIFORNIA, "2030-05-01T09:00", "2030-05-01T16:00"),
    (CALIFORNIA, "2030-01-15T09:00", "2030-01-15T17:00"),
    (CALIFORNIA, "2030-03-10T01:59", "2030-03-10T09:59"),
    (CALIFORNIA, "2030-03-10T02:30", None),  # the clocks go from 2 to 3
    (CALIFORNIA, "2030-03-10T03:00", "2030-03-10T10:00"),
    (CALIFORNIA, "2030-11-03T00:59", "2030-11-03T07:59"),
    (CALIFORNIA, "2030-11-03T01:30", None),  # they go from 2 back to 1
    (CALIFORNIA, "2030-11-03T02:00", "2030-11-03T10:00"),
]
WITH_OFFSET = [
    (HANOI, "2030-05-01T09:00+00:00", "2030-05-01T09:00"),
    ("UTC", "2030-05-01T09:00+07:00", "2030-05-01T02:00"),
    (CALIFORNIA, "2030-05-01T09:00Z", "2030-05-01T09:00"),
    (CALIFORNIA, "2030-11-03T01:30-07:00", "2030-11-03T08:30"),
    (CALIFORNIA, "2030-11-03T01:30-08:00", "2030-11-03T09:30"),
]


def moment_of(text):
    return text and datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.django_db
def test_an_embargo_in_a_form_is_of_the_time_zone_of_the_site(client, petra, settings):
    trip = builders.trip(publish_at=MINUTE)
    client.force_login(petra)
    for zone, typed, expected in TYPED:
        settings.TIME_ZONE = zone
        day, time = typed.split("T")
        answer = desk.send(client, desk.page(trip), publish_at_0=day, publish_at_1=time)
        stored = Trip.objects.get().publish_at
        if expected:
            assert stored == moment_of(expected), (zone, typed)
            shown = client.get(desk.page(trip)).context["adminform"].form["publish_at"]
            assert shown.subwidgets[0].data["subwidgets"][1]["value"] == f"{time}:00"
        else:
            assert list(desk.errors(answer)) == ["publish_at"], (zone, typed)
            sentence = f"{day} {time}:00 couldn’t be interpreted in time zone {zone}"
            assert sentence in desk.errors(answer)["publish_at"]
            assert f'value="{time}"' in answer.content.decode(), "what was typed stays"


@pytest.mark.django_db
def test_an_embargo_in_a_file_is_of_its_offset_or_else_of_the_site(client, petra, settings, at):
    client.force_login(petra)
    for number, (zone, typed, expected) in enumerate(TYPED + WITH_OFFSET):
        settings.TIME_ZONE = zone
        slug = f"trip-{number}"
        lines = as_csv(["slug", "title_en", "publish_at"], [slug, "To Lam in Havana", typed])
        answer = upload(client, Trip, lines)
        if not expected:
            assert f"comes twice or not at all in the time zone {zone}" in refusals(answer)[0]
            continue
        client.post(desk.page(Trip, "process_import"), confirmation(answer))
        trip = Trip.objects.get(slug=slug)
        assert trip.publish_at == moment_of(expected), (zone, typed)


@pytest.mark.django_db
def test_the_state_is_told_with_the_time_and_the_zone(settings, at):
    trip = scheduled()
    labels = []
    for zone in (HANOI, "UTC", CALIFORNIA):
        settings.TIME_ZONE = zone
        labels.append(state_label(trip))
    assert labels == [
        "scheduled for 2030-05-01 09:00 (Asia/Ho_Chi_Minh, UTC+07:00)",
        "scheduled for 2030-05-01 02:00 (UTC, UTC+00:00)",
        "scheduled for 2030-04-30 19:00 (America/Los_Angeles, UTC-07:00)",
    ]
    at(MINUTE)
    assert state_label(trip) == "due since 2030-04-30 19:00 (America/Los_Angeles, UTC-07:00)"
    assert state_label(builders.meeting()) == "draft"


# What a deployment is given


@pytest.mark.parametrize("name", ["publish-due", "check-links"])
def test_the_timers_start_commands_that_exist(name):
    def read(kind):
        unit = ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str
        unit.read(settings.BASE_DIR / "deploy" / f"timeline-{name}.{kind}")
        return unit

    command = name.replace("-", "_")
    assert command in get_commands()
    assert read("service")["Service"]["ExecStart"].endswith(f"/python manage.py {command}")
    timer = read("timer")["Timer"]
    due = {"OnCalendar": "*-*-* *:*:00", "AccuracySec": "1s"}
    assert name != "publish-due" or dict(timer) == due
    assert timer["OnCalendar"]
