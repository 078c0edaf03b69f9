"""The right title on the right day: the offices of a person, and capacities that fit them."""

import pytest

from tests import builders as make
from tests.test_rules import told
from timeline import edtf
from timeline.models.person import tenures_on


class TestCapacityFitsOffice:
    @pytest.fixture
    def to_lam(self, db):
        person = make.person("Tô Lâm")
        make.tenure(person=person, date_edtf="2024-08-03/..")
        return person

    def take_part(self, person, date="2024-09-22", slug="part", **values):
        meeting = make.meeting("Summit of the Future", slug="summit", date_edtf=date)
        return make.participation(meeting, slug=slug, person=person, **values)

    def test_an_office_of_another_name(self, to_lam):
        self.take_part(to_lam, capacity_vi="Chủ tịch nước", capacity_en="President")
        assert told("capacity-fits-office") == [
            "participation part: “President” fits no office of Tô Lâm on 2024-09-22: "
            "“General Secretary”"
        ]

    def test_a_day_without_an_office(self, to_lam):
        self.take_part(to_lam, date="2024-08-02", capacity_en="General Secretary")
        assert told("capacity-fits-office") == [
            "participation part: no office of Tô Lâm is recorded for 2024-08-02"
        ]

    @pytest.mark.parametrize(
        "values",
        [
            {"capacity_en": "General Secretary"},
            {"capacity_en": "General Secretary and President of Vietnam"},
            {"capacity_en": "secretary"},
            {"capacity_vi": "Tổng bí thư", "capacity_en": "Leader of the Party"},
            {"capacity_vi": "TỔNG BÍ THƯ, Chủ tịch nước"},
            {"capacity_en": "Former Minister of Public Security"},
            {"capacity_vi": "nguyên Bộ trưởng Công an"},
            {"capacity_en": "Spouse", "role": "spouse"},
            {},
        ],
        ids=str,
    )
    def test_a_wording_of_the_office(self, to_lam, values):
        self.take_part(to_lam, **values)
        assert told("capacity-fits-office") == []

    @pytest.mark.parametrize(
        "wording",
        ["Deputy General Secretary", "Acting General Secretary", "General Secretaryship", "–"],
    )
    def test_a_wording_of_another_office(self, to_lam, wording):
        self.take_part(to_lam, capacity_en=wording)
        assert told("capacity-fits-office") == [
            f"participation part: “{wording}” fits no office of Tô Lâm on 2024-09-22: "
            "“General Secretary”"
        ]

    def test_an_undated_record_and_an_unnamed_officeholder(self, to_lam):
        self.take_part(to_lam, date="", capacity_en="President")
        host = make.country("US")
        make.participation(make.trip(), country=host, capacity_en="President")
        assert told("capacity-fits-office") == []

    def test_it_asks_a_fixed_number_of_questions(self, to_lam, django_assert_num_queries):
        for number in range(20):
            person = make.person(f"Person {number}")
            make.tenure(person=person)
            make.participation(make.meeting(f"Meeting {number}"), person=person, capacity_en="X")
        with django_assert_num_queries(2):
            assert len(told("capacity-fits-office")) == 20


@pytest.mark.parametrize(
    ("date", "titles"),
    [
        ("2024-05-21", []),
        ("2024-05-22", ["President"]),
        ("2024-08", ["President", "General Secretary"]),
        ("2024-10-21/2024-11", ["President", "General Secretary"]),
        ("2024-10-22", ["General Secretary"]),
        ("../2024-08-02", ["Minister of Public Security", "President"]),
        ("2030/..", ["General Secretary"]),
        ("2016?", ["Minister of Public Security"]),
    ],
)
def test_the_offices_on_a_day(db, date, titles):
    person = make.person()
    for title, held in [
        ("Minister of Public Security", "2016-04-09~/2016"),
        ("President", "2024-05-22/2024-10-21"),
        ("General Secretary", "2024-08-03/.."),
    ]:
        make.tenure(person=person, title_en=title, date_edtf=held)
    assert [tenure.title for tenure in tenures_on(person, edtf.parse(date))] == titles


def test_an_office_without_a_date_counts_on_every_day(db):
    person = make.person()
    make.tenure(person=person, date_edtf="")
    assert len(tenures_on(person, edtf.parse("1995"))) == 1
