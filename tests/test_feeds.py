"""The timeline as feed and calendar, read back by parsers that are not ours, in every filter."""

from datetime import date, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from tests.answers import rows
from tests.chronicle import OLDEST_FIRST, SECRETS, record
from timeline import projection
from timeline.feeds import atom, calendar
from timeline.models import Agreement, Correction, Meeting, TimelineEntry, Trip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

SITE = "http://testserver"
VAGUE = [  # a month, days of which it was one, an open end, an open beginning, no date
    "comprehensive-strategic-partnership",
    *("2024-biden", "2024-diaz-canel", "2026-senators"),
    *("trade-negotiations", "gaza-membership-letter", "gaza-charter"),
]
ON_DAYS = [slug for slug in OLDEST_FIRST if slug not in VAGUE]
# Each filter alone, and some together: what the CSV lists for it, all other forms have as well.
QUERIES = [
    *("", "q=trump", "q=to+lam+cuba", "from=2026-02-19", "to=2024-09", "kind=agreement"),
    *("status=announced", "country=CU", "country=US&with=VN", "person=trump-donald"),
    *("organization=boeing", "order=newest", "order=best&q=lam", "q=no+such+words"),
    *("dated=no", "stage=negotiating"),
    "q=lam&from=2024&to=2026&kind=meeting&status=held&country=US&person=to-lam&order=newest",
]
NONSENSE = ["from=tomorrow", "kind=war", "country=ZZ", "person=nobody", "order=up", "q=%00"]


def feed_of(client, query="", language="en"):
    answer = client.get(f"/{language}/timeline.atom?{query}")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    headers = {"content-type": answer["Content-Type"]}
    read = feedparser.parse(answer.content, response_headers=headers)
    assert (read.bozo, read.version) == (0, "atom10"), read.get("bozo_exception")
    return read


def calendar_of(client, query="", language="en"):
    answer = client.get(f"/{language}/timeline.ics?{query}")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(answer.getvalue().decode())


def named(addresses):
    return [address.rstrip("/").rpartition("/")[2] for address in addresses]


def test_every_filter_is_honoured_in_every_form(client):
    for query in QUERIES:
        expected = [row["slug"] for row in rows(client.get(f"/en/timeline.csv?{query}"))]
        assert bool(expected) != ("such" in query), query
        written = client.get(f"/en/timeline.json?{query}").json()
        assert [row["slug"] for row in written["records"]] == expected, query
        assert written["count"] == len(expected), query
        told = named(entry.link for entry in feed_of(client, query).entries)
        assert sorted(told) == sorted(expected), query
        on_days = {event.uid for event in calendar_of(client, query).events}
        assert {uid.partition("@")[0].partition(".")[2] for uid in on_days} == (
            {*expected} & {*ON_DAYS}
        ), query


@pytest.mark.parametrize("form", ["atom", "ics", "json"])
def test_nonsense_is_told_in_one_line_and_never_means_everything(client, form):
    for query in NONSENSE:
        answer = client.get(f"/vi/timeline.{form}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
        text = answer.content.decode()
        assert text.startswith(f"{query.partition('=')[0]}: "), text
        assert text.count("\n") == 1
    cursor = TimelineEntry.objects.first().oldest_key
    status = 200 if form == "json" else 400
    assert client.get(f"/en/timeline.{form}?after={cursor}").status_code == status


@pytest.mark.parametrize("form", ["atom", "ics", "json"])
def test_nothing_unpublished_is_in_it_and_a_head_has_no_body(client, form):
    address = f"/en/timeline.{form}"
    content = client.get(address).getvalue().decode()
    assert [secret for secret in SECRETS if secret in content] == []
    answer = client.head(address)
    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert answer["Content-Type"] == client.get(address)["Content-Type"]


@pytest.mark.parametrize("form", ["atom", "ics", "json"])
def test_who_has_it_already_is_not_sent_it_again(client, form):
    address = f"/vi/timeline.{form}?country=CU"
    answer = client.get(address)
    known = {"If-None-Match": answer["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(address)["ETag"] == answer["ETag"]
    Trip.objects.filter(slug="2024-us-cuba").update(state="withdrawn")
    assert client.get(address, headers=known).status_code == 200


def test_the_tag_of_a_calendar_is_that_of_all_that_is_told(client, django_assert_num_queries):
    address = "/en/timeline.ics?q=lam"
    told = calendar_of(client, "q=lam")
    tags = {client.get(address)["ETag"], client.get("/vi/timeline.ics?q=lam")["ETag"]}
    assert len(tags) == 2, "of both languages"
    known = {"If-None-Match": client.get(address)["ETag"]}
    with django_assert_num_queries(2):  # no event is made
        assert client.get(address, headers=known).status_code == 304
    for change in (
        lambda: Meeting.objects.filter(slug="2026-trump").update(status="cancelled"),
        lambda: record(Meeting, "vague", "Tô Lâm", "2026-03"),  # one more is left out
        lambda: Trip.objects.filter(slug="2026-us").update(title_en="Another title"),
    ):
        change()
        answer = client.get(address, headers=known)
        assert answer.status_code == 200
        known = {"If-None-Match": answer["ETag"]}
    assert len(calendar_of(client, "q=lam").events) == len(told.events)


def test_the_tag_of_a_calendar_moves_when_a_trip_is_withdrawn_from_its_parts(client):
    address = "/en/timeline.ics?person=parolin-pietro"
    known = {"If-None-Match": client.get(address)["ETag"]}
    assert "RELATED-TO" in client.get(address).getvalue().decode()
    Trip.objects.filter(slug="2024-us-cuba").update(state="withdrawn")
    answer = client.get(address, headers=known)
    assert answer.status_code == 200
    assert "RELATED-TO" not in answer.getvalue().decode()


def test_a_feed_says_where_it_is_from_and_where_else_to_look(client):
    feed = feed_of(client, "person=to-lam&order=newest", "vi").feed
    query = "?person=to-lam&order=newest"
    assert feed.language == "vi"
    assert feed.title == "Dòng thời gian đối ngoại · Nhân vật: Tô Lâm"
    assert feed.author == "Dòng thời gian đối ngoại"
    assert feed.id == f"{SITE}/vi/timeline.atom{query}"
    links = {(link.rel, link.get("hreflang", "")): link.href for link in feed.links}
    assert links == {
        ("self", ""): f"{SITE}/vi/timeline.atom{query}",
        ("alternate", ""): f"{SITE}/vi/{query}",
        ("alternate", "en"): f"{SITE}/en/timeline.atom{query}",
    }
    last = max(TimelineEntry.objects.filter(people__slug="to-lam").values_list("changed_at"))
    assert datetime.fromisoformat(feed.updated) == last[0]


def test_an_entry_of_a_feed_names_its_page_its_times_and_its_texts(client):
    [entry] = feed_of(client, "q=chuyen+cong+tac+khai+mac", "vi").entries
    trip = TimelineEntry.objects.get(slug="2026-us")
    address = f"{SITE}/vi/trips/2026-us/"
    assert (entry.id, entry.link) == (address, address)
    assert entry.title == "Chuyến công tác dự phiên khai mạc Hội đồng Hòa bình về Gaza"
    assert entry.title_detail.language == entry.content[0].language == "vi"
    assert datetime.fromisoformat(entry.published) == trip.published_at
    assert datetime.fromisoformat(entry.updated) == trip.changed_at
    assert [tag.term for tag in entry.tags] == ["trip", "unknown"]
    told = entry.content[0].value
    assert "18-20 tháng 2 năm 2026" in told or "từ 18 đến 20 tháng 2 năm 2026" in told
    assert "<p>Tổng Bí thư Tô Lâm dự phiên khai mạc tại Đặng Sơn.</p>" in told
    assert "Tô Lâm (General Secretary)" in told
    assert "Tài liệu thông tin về chuyến công tác năm 2026" in told


def test_a_text_in_the_other_language_is_marked_in_a_feed(client):
    Meeting.objects.filter(slug="2026-trump").update(title_vi="", summary_en="He <b> & she")
    [entry] = feed_of(client, "person=trump-donald", "vi").entries
    assert entry.title_detail.language == "en"
    assert '<p lang="en">He &lt;b&gt; &amp; she</p>' in entry.content[0].value


def test_a_corrected_record_comes_to_the_top_with_the_public_note(client):
    meeting = Meeting.objects.get(slug="2024-parolin")
    now = timezone.now()
    for number in range(7):
        note = {"note_en": f"The day was wrong, {number}.", "note_vi": f"Sai ngày, {number}."}
        moment = now - timedelta(minutes=number)
        Correction.objects.create(meeting=meeting, corrected_at=moment, **note)
    hidden = Meeting.objects.get(slug="draft-meeting")
    Correction.objects.create(meeting=hidden, note_en="Zzyzx")
    first, *others = feed_of(client, language="vi").entries
    assert named([first.link]) == ["2024-parolin"]
    told = first.content[0].value
    told_of = [number for number in range(7) if f"Sai ngày, {number}." in told]
    assert told_of == list(range(atom.TOLD)), "the latest ones"
    assert told.index("Sai ngày, 0.") < told.index("Sai ngày, 1.")
    assert not any("Sai ngày" in entry.content[0].value for entry in others)
    assert datetime.fromisoformat(first.updated) > datetime.fromisoformat(others[0].updated)


def test_a_feed_is_short_and_costs_the_same_for_any_number(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/en/timeline.atom")
    with projection.batch():
        for number in range(60):
            record(Meeting, f"call-{number}", "Call", "2026-05-01")
    with django_assert_num_queries(2):
        entries = feed_of(client).entries
    assert len(entries) == atom.SIZE
    assert {name[:5] for name in named(entry.link for entry in entries)} == {"call-"}


def test_a_feed_without_entries_does_not_change_with_the_clock(client):
    read = feed_of(client, "q=no+such+words")
    assert (read.entries, read.feed.updated) == ([], "1970-01-01T00:00:00+00:00")


def test_what_xml_has_no_sign_for_is_left_out(client):
    Meeting.objects.filter(slug="2026-trump").update(title_en="Before\uffff\ufffeafter 🕊 ]]>")
    [entry] = feed_of(client, "person=trump-donald").entries
    assert entry.title == "Beforeafter 🕊 ]]>"
    assert feed_of(client, "q=%EF%BF%BF+lam").feed.title.endswith(" lam")


def test_the_events_stand_on_the_days_that_are_known(client):
    events = {event.uid: event for event in calendar_of(client).events}
    days = {
        uid.partition("@")[0].partition(".")[2]: (event.dtstart, event.dtend)
        for uid, event in events.items()
    }
    assert days == {
        "2024-us-cuba": (date(2024, 9, 21), date(2024, 9, 28)),
        "2024-parolin": (date(2024, 9, 22), None),
        "2024-summit-of-the-future": (date(2024, 9, 22), None),
        "resolution-2803": (date(2025, 11, 17), None),
        "2026-us": (date(2026, 2, 18), date(2026, 2, 21)),
        "2026-signing-ceremony": (date(2026, 2, 18), None),
        "2026-boeing-737-max": (date(2026, 2, 18), None),
        "2026-signings": (date(2026, 2, 18), None),
        "2026-gaza-opening": (date(2026, 2, 19), None),
        "2026-greer": (date(2026, 2, 19), None),
        "2026-trump": (date(2026, 2, 20), None),
    }
    assert sorted(days) == sorted(ON_DAYS)


KNOWN_DAYS = ["2026-03-01", "2026-03-01/2026-03-04", "2026-03-01/2026-03-01"]
NO_DAYS = [
    *("2026-03-01~", "2026-03-01?", "2026-03-01%", "2026-03", "2026", "2026/2027~"),
    *("2026-03/2026-04", "2026-03-01/2026-03-04~", "2026-03-01~/2026-04", "2026-03/2026-03-04"),
    *("../2026-03", "2026-03/..", "2026-03-01/..", "/2026-03-01", ""),
    *("[2026-03-01..2026-03-04]", "[2026-03-01,2026-03-04]"),
    "9999-12-31",  # and no event could end after it
]


def test_no_date_is_filled_up_to_a_day(client):
    with projection.batch():
        for number, text in enumerate([*KNOWN_DAYS, *NO_DAYS]):
            record(Meeting, f"form-{number}", "Form of a date", text)
    found = calendar_of(client, "q=form+of+a+date")
    expected = [f"meeting.form-{number}@testserver" for number in range(len(KNOWN_DAYS))]
    assert sorted(event.uid for event in found.events) == expected
    told = f"{len(NO_DAYS)} records without a certain day are left out."
    assert told in found.description[0]


def test_what_lasted_within_a_trip_at_some_time_is_on_no_day(client):
    days = "2026-02-18/2026-02-20"
    record(Meeting, "some-time", "Some time", days, date_basis="within_trip")
    record(Meeting, "all-time", "All the time", days, date_basis="stated")
    assert [event.uid for event in calendar_of(client, "q=time").events] == [
        "meeting.all-time@testserver"
    ]


def test_a_calendar_says_in_its_language_what_it_leaves_out(client):
    told = calendar_of(client, "country=CU&order=newest", "vi")
    assert told.name == ["Dòng thời gian đối ngoại · Quốc gia: Cuba"]
    assert told.url == f"{SITE}/vi/?country=CU&order=newest"
    assert told.source == f"{SITE}/vi/timeline.ics?country=CU&order=newest"
    assert len(told.events) == 1
    assert told.refresh_interval == timedelta(days=1)
    assert "1" in told.description[0]
    content = client.get("/vi/timeline.ics?country=CU").getvalue().decode()
    assert "LANGUAGE=en" not in content
    whole = calendar_of(client).description[0]
    assert f"{len(VAGUE)} records without a certain day are left out." in whole


def test_in_vietnamese_every_label_is_vietnamese(client):
    words = ["Sources", "Who took part", "record", "certain", "Timeline", "Meeting", "held"]
    for form in ("atom", "ics"):
        text = client.get(f"/vi/timeline.{form}?person=trump-donald").getvalue().decode()
        lines = [line for line in text.replace("\r\n ", "").splitlines() if "PRODID" not in line]
        assert [word for word in words if word in "\n".join(lines)] == [], form


def test_an_event_tells_what_it_is(client):
    by_uid = {event.uid: event for event in calendar_of(client).events}
    trump = by_uid["meeting.2026-trump@testserver"]
    entry = TimelineEntry.objects.get(slug="2026-trump")
    moment = entry.changed_at.replace(microsecond=0)
    assert (trump.dtstamp, trump.last_modified) == (moment, moment)
    assert trump.created == entry.published_at.replace(microsecond=0)
    assert trump.summary == "President Trump"
    assert trump.url == f"{SITE}/en/meetings/2026-trump/"
    assert trump.categories == ["Meeting"]
    assert trump.transparency == "TRANSPARENT"
    assert [whole.uid for whole in trump.related_to] == ["trip.2026-us@testserver"]
    assert trump.description.split("\n\n") == [
        "Meeting · held",
        "Who took part:\nTô Lâm (General Secretary): participant\n"
        "Donald Trump (President of the United States): host",
        "Sources:\nInformation document on the trip of 2026",
        trump.url,
    ]
    assert by_uid["trip.2024-us-cuba@testserver"].location == (
        "New York, United States; New York, Cuba"
    )


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("held", "CONFIRMED"),
        ("announced", "TENTATIVE"),
        ("postponed", "TENTATIVE"),
        ("cancelled", "CANCELLED"),
        ("not_held", "CANCELLED"),
    ],
)
def test_the_status_is_the_calendar_s_own(client, status, word):
    Meeting.objects.filter(slug="2026-trump").update(status=status)
    [event] = calendar_of(client, "person=trump-donald").events
    assert event.status.value == word


def test_vietnamese_text_is_folded_between_its_letters(client):
    title = "Thủ tướng Chính phủ, Chủ tịch nước; “ngoại giao” \\ 🕊 " * 5
    Meeting.objects.filter(slug="2026-trump").update(title_vi=title, summary_vi="Một\nHai\tBa")
    lines = client.get("/vi/timeline.ics?person=trump-donald").getvalue().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])  # no letter is cut in two, no line is empty
    [event] = calendar_of(client, "person=trump-donald", "vi").events
    assert event.summary == title.strip()
    assert "Một\nHai\tBa" in event.description


def test_a_calendar_is_short_whatever_there_is(client, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/en/timeline.ics").getvalue()
    monkeypatch.setattr(calendar, "LONGEST", 4)
    told = calendar_of(client)
    assert sorted(event.uid.partition("@")[0] for event in told.events) == [
        *("meeting.2026-gaza-opening", "meeting.2026-greer", "meeting.2026-trump", "trip.2026-us"),
    ]
    assert f"{len(ON_DAYS) - 4} earlier records are left out" in told.description[0]


def test_many_participants_make_no_long_event(client):
    people = "\n".join(f"Member {number}: participant" for number in range(40))
    TimelineEntry.objects.filter(slug="2026-trump").update(participants_en=people)
    [event] = calendar_of(client, "person=trump-donald").events
    assert f"Member {calendar.NAMED - 1}: participant\nand 28 more\n" in event.description
    [entry] = feed_of(client, "person=trump-donald").entries
    assert "Member 11" in entry.content[0].value
    assert "Member 12" not in entry.content[0].value


def test_what_is_left_out_is_told_where_the_calendar_is_offered(client):
    page = client.get("/en/").content.decode()
    assert f"{len(VAGUE)} records without a certain day are left out." in page
    page = client.get("/en/?person=trump-donald&order=newest").content.decode()
    assert "without a certain day" not in page
    for form in ("atom", "ics", "json", "csv"):
        assert f'href="/en/timeline.{form}?person=trump-donald&amp;order=newest"' in page
    assert "follow" not in client.get("/en/?from=nonsense").content.decode().partition("<main")[2]


def test_moments_are_those_that_the_public_can_read(client):
    """An internal note moves nothing: the answers are the same byte for byte."""
    forms = [f"/en/timeline.{form}" for form in ("atom", "ics", "json")]
    before = [client.get(address).getvalue() for address in forms]
    agreement = Agreement.objects.get(slug="2026-signings")
    citation = agreement.citations.get()
    citation.note = "Zzyzx"
    citation.save()
    assert [client.get(address).getvalue() for address in forms] == before
