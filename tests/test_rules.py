"""Every data rule: what it reports, in which words, and what it leaves alone.

The rule on offices has its own file, test_offices.py; the command is in test_validate_records.py.
"""

import pytest

from tests import builders as make
from timeline.models import TimelineEntry
from timeline.rules import RULES

RULE = {rule.name: rule for rule in RULES}


def told(name):
    """What the rule of that name reports, one line each."""
    return [str(finding) for finding in RULE[name].findings()]


def in_both(name, text):
    return {f"{name}_vi": text, f"{name}_en": text}


def cited(row, **values):
    given = {"locator": "paragraph 2"} | in_both("statement", "It took place.") | values
    if "source" not in given:
        given["source"] = make.source(f"On {row}", title_vi=f"On {row}")
    return make.citation(row, **given)


class TestOwnRules:
    def test_a_meeting_outside_its_trip(self, db):
        make.meeting("Biden", slug="biden", trip=make.trip(), date_edtf="2024-09-25")
        assert told("own-rules") == [
            "meeting biden: date_edtf: 2024-09-25 lies outside the trip, which is dated "
            "2024-09-21/2024-09-24. Correct one of the two dates, or take the meeting out of the "
            "trip."
        ]

    def test_a_text_that_the_model_refuses(self, db):
        make.person("Joe Biden", wikidata_id="6279")
        assert told("own-rules") == ["person joe-biden: wikidata_id: A Wikidata number, as in Q42."]

    def test_rows_that_keep_their_rules(self, db):
        trip = make.trip()
        make.meeting(trip=trip, date_edtf="2024-09-24")
        make.meeting(trip=trip, date_edtf="")
        make.person("Joe Biden", wikidata_id="Q6279")
        assert told("own-rules") == []

    def test_it_asks_a_fixed_number_of_questions(self, db, django_assert_num_queries):
        for number in range(20):
            make.meeting(f"Meeting {number}", trip=make.trip(f"Trip {number}"))
        with django_assert_num_queries(13):
            told("own-rules")


class TestPublished:
    def test_a_published_record_without_evidence(self, db):
        make.trip("To Lam in New York", state="published")
        assert told("published-is-complete") == [
            "trip to-lam-in-new-york: It has no citation of a source that the public may know of. "
            "Add a citation whose source has the access “public” or “citation”."
        ]

    def test_a_complete_one_and_a_draft(self, db):
        make.published(make.trip, "To Lam in New York", make.source())
        make.meeting()
        assert told("published-is-complete") == []

    def test_a_timeline_that_differs(self, db):
        make.published(make.trip, "To Lam in New York", make.source())
        assert told("timeline-is-right") == []
        TimelineEntry.objects.update(title_en="To Lam in Havana")
        assert told("timeline-is-right") == ["trip to-lam-in-new-york: differs in title_en"]


class TestChildWithinParent:
    def test_a_leg_an_agreement_a_side_meeting_and_a_member_of_a_set(self, db):
        trip = make.trip(slug="new-york", date_edtf="2024-09-21/2024-09-24")
        make.leg(trip, "CU", slug="havana", date_edtf="2024-09-25/2024-09-27")
        make.agreement(slug="boeing", trip=trip, date_edtf="2024-09-20")
        session = make.meeting(slug="session", date_edtf="2026-02-19")
        make.meeting(slug="beside", part_of=session, date_edtf="2026-02-20")
        signings = make.agreement(slug="signings", date_edtf="2026-02-18")
        make.agreement(slug="member", part_of=signings, date_edtf="2026-03")
        assert told("child-within-parent") == [
            "tripleg havana: 2024-09-25/2024-09-27 lies outside 2024-09-21/2024-09-24, "
            "the date of trip new-york",
            "agreement boeing: 2024-09-20 lies outside 2024-09-21/2024-09-24, "
            "the date of trip new-york",
            "agreement member: 2026-03 lies outside 2026-02-18, the date of agreement signings",
            "meeting beside: 2026-02-20 lies outside 2026-02-19, the date of meeting session",
        ]

    @pytest.mark.parametrize(
        "date", ["2024-09-21", "2024-09-24", "2024-09", "../2024-09-21", "2024-09-24/..", ""]
    )
    def test_a_day_in_common_is_enough(self, db, date):
        trip = make.trip(date_edtf="2024-09-21/2024-09-24")
        make.leg(trip, date_edtf=date)
        make.agreement(trip=trip, date_edtf=date)
        session = make.meeting(date_edtf="2024-09-21/2024-09-24")
        make.meeting(part_of=session, date_edtf=date)
        assert told("child-within-parent") == []

    @pytest.mark.parametrize("date", ["", "2024-09-22/..", "../2024-09-22"])
    def test_a_parent_without_an_end(self, db, date):
        make.leg(make.trip(date_edtf=date), date_edtf="2024-09-22")
        assert told("child-within-parent") == []


class TestAgreementAtItsMeeting:
    def test_dated_apart(self, db):
        ceremony = make.meeting(slug="ceremony", date_edtf="2026-02-18")
        make.agreement(slug="boeing", meeting=ceremony, date_edtf="2026-02-19")
        assert told("agreement-at-its-meeting") == [
            "agreement boeing: is dated 2026-02-19, and meeting ceremony, where it was signed, "
            "2026-02-18"
        ]

    @pytest.mark.parametrize("date", ["2026-02-18", "[2026-02-17..2026-02-18]", "2026", ""])
    def test_on_one_day(self, db, date):
        make.agreement(meeting=make.meeting(date_edtf="2026-02-18"), date_edtf=date)
        assert told("agreement-at-its-meeting") == []


class TestBasisFitsDate:
    def test_a_basis_without_a_date_and_a_date_without_a_basis(self, db):
        make.trip(slug="new-york", date_edtf="2024-09", date_basis="unknown")
        make.meeting(slug="letter", date_edtf="", date_basis="stated")
        make.agreement(slug="boeing", date_edtf="2026-02-18", date_basis="within_trip")
        assert told("basis-fits-date") == [
            "trip new-york: has the date 2024-09 of unknown basis",
            "meeting letter: has no date, and yet the basis of a date: stated",
            "agreement boeing: has the basis within_trip and belongs to no trip",
        ]

    def test_both_or_neither(self, db):
        trip = make.trip(date_basis="inferred")
        make.meeting(trip=trip, date_basis="within_trip")
        make.agreement(date_edtf="", date_basis="unknown")
        assert told("basis-fits-date") == []


class TestAuthorityIsUsed:
    def test_nobody_refers_to_them(self, db):
        make.person("Joe Biden")
        make.organization("United Nations")
        make.country("CU")
        assert told("authority-is-used") == [
            "person joe-biden: nothing refers to Joe Biden",
            "organization united-nations: nothing refers to United Nations",
        ]

    def test_each_way_to_refer_to_them(self, db):
        make.participation(make.trip(), person=make.person("Joe Biden"))
        office = make.tenure(person=make.person("Tô Lâm"), organization=make.organization("Party"))
        make.participation(make.meeting(), organization=make.organization("United Nations"))
        make.citation(office, source=make.source(issuer=make.organization("Communist Review")))
        assert told("authority-is-used") == []


class TestStandsOnce:
    def test_people(self, db):
        make.person("Donald Trump", slug="donald")
        make.person("Trump Donald", slug="trump")
        make.person("Tô Lâm", slug="general-secretary")
        make.person("Le To", slug="le-to", aliases="Lê Tô\nto lam")
        assert told("stands-once") == [
            "person le-to: may be the same as general-secretary: both are called “to lam”",
            "person trump: may be the same as donald: both are called “Trump Donald”",
        ]

    def test_organisations(self, db):
        make.organization("Communist Party of Vietnam", slug="cpv", name_vi="Đảng Cộng sản")
        make.organization("Dang Cong san", slug="party")
        make.organization("Ruling party", slug="ruling", aliases="CPV\ncommunist party of Vietnam")
        assert told("stands-once") == [
            "organization party: may be the same as cpv: both are called “Dang Cong san”",
            "organization ruling: may be the same as cpv: both are called "
            "“communist party of Vietnam”",
        ]

    def test_sources(self, db):
        address = "https://www.tapchicongsan.org.vn/1"
        make.source("Results of the trip", slug="first", url=address, number="1")
        make.source("RESULTS of the trip", slug="second", number="1")
        make.source("Another title", slug="third", url=address)
        assert told("stands-once") == [
            "sourcedocument second: may be the same as first: both are called "
            "“RESULTS of the trip”",
            f"sourcedocument third: may be the same as first: both are called “{address}”",
        ]

    def test_three_of_a_name_are_two_findings(self, db):
        for slug in ("a", "b", "c"):
            make.person("Joe Biden", slug=slug)
        assert [line.split(":")[0] for line in told("stands-once")] == ["person b", "person c"]

    def test_namesakes(self, db):
        make.person("Tô Lâm", aliases="Tô Lâm\nTo Lam")
        make.person("Tô Huy Lâm")
        make.organization("Ministry of Foreign Affairs", country=make.country("VN"))
        make.organization("Ministry of Foreign Affairs", country=make.country("US"))
        make.organization("Affairs of the Ministry")
        make.source("Statement", number="1")
        make.source("Statement", number="2")
        make.source("Report", date_edtf="2024-09-22")
        make.source("Report", date_edtf="2026-02-20")
        assert told("stands-once") == []


class TestLanguages:
    def test_a_text_in_one_language(self, db):
        make.trip(slug="new-york", title_vi="Tô Lâm tại New York", summary_en="A working trip.")
        make.participation(
            make.meeting(title_vi="Gặp ông Biden"), slug="part", capacity_vi="Tổng Bí thư"
        )
        assert told("both-languages") == [
            "trip new-york: summary: in English only",
            "participation part: capacity: in Vietnamese only",
        ]

    def test_a_title_in_one_language(self, db):
        make.agreement("Boeing 737 MAX purchase", slug="boeing")
        assert told("both-languages") == ["agreement boeing: title: in English only"]

    def test_a_record_without_a_summary(self, db):
        make.meeting("To Lam meets Joe Biden")
        make.trip(summary_en="A working trip.")
        assert told("record-has-summary") == ["meeting to-lam-meets-joe-biden: has no summary"]

    def test_both_or_neither(self, db):
        trip = make.trip(**in_both("title", "New York"), **in_both("summary", "Work"))
        make.leg(trip, **in_both("place", "New York"))
        assert told("both-languages") == told("record-has-summary") == []


class TestEvidence:
    def test_a_held_source_that_nothing_cites(self, db):
        make.source("Communist Review")
        assert told("source-is-cited") == ["sourcedocument communist-review: nothing cites it"]

    def test_a_source_that_is_cited_or_whose_part_is_or_that_is_not_held(self, db):
        make.citation(make.trip(), source=make.source("Communist Review"))
        whole = make.source("Information document")
        annex = make.source("Annex", part_of=whole, relation="part")
        make.citation(make.meeting(), source=annex)
        make.source("Official letter", is_held=False)
        assert told("source-is-cited") == []

    def test_what_has_no_citation(self, db):
        make.trip("To Lam in New York")
        make.tenure(slug="office")
        assert told("subject-is-cited") == [
            "trip to-lam-in-new-york: has no citation",
            "tenure office: has no citation",
        ]

    def test_what_has_one(self, db):
        source = make.source()
        for row in (make.trip(), make.meeting(), make.agreement(), make.tenure()):
            make.citation(row, source=source)
        assert told("subject-is-cited") == []

    def test_a_citation_without_a_place_or_a_statement(self, db):
        make.citation(make.trip(), slug="where", statement_en="He went to New York.")
        make.citation(make.meeting(), slug="what", locator="paragraph 3", source=make.source("B"))
        assert told("citation-is-complete") == [
            "citation what: has no statement",
            "citation where: has no place in the source",
        ]

    def test_a_complete_citation(self, db):
        cited(make.trip())
        assert told("citation-is-complete") == []

    def test_a_status_that_its_sources_do_not_bear_out(self, db):
        source = make.source()
        trip = make.trip("To Lam in New York", status="held")
        make.citation(trip, source=source, stance="announces")
        meeting = make.meeting("To Lam meets Joe Biden", status="announced")
        make.citation(meeting, source=source, stance="reports")
        assert told("status-fits-stance") == [
            "trip to-lam-in-new-york: is held, and its sources only announce it",
            "meeting to-lam-meets-joe-biden: is announced, and a source reports it",
        ]

    @pytest.mark.parametrize(
        ("status", "stances"),
        [
            ("held", ["reports"]),
            ("held", ["announces", "mentions"]),
            ("held", []),
            ("announced", ["announces", "confirms", "mentions"]),
            ("cancelled", ["announces"]),
            ("not_held", ["announces", "reports"]),
        ],
    )
    def test_a_status_that_they_do(self, db, status, stances):
        trip, source = make.trip(status=status), make.source()
        for stance in stances:
            make.citation(trip, source=source, stance=stance)
        assert told("status-fits-stance") == []
