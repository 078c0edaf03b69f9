"""Two worlds with the same public rows; into one of them hidden rows are woven (`woven.py`).

In the woven world the public rows come about in another order and between hidden ones, so that
every primary key, version and time of creation differs. What the public may read does not.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import woven
from tests.chronicle import cite, take_part
from timeline import projection, publication
from timeline.models import (
    Agreement,
    AgreementItem,
    Correction,
    Country,
    Meeting,
    Organization,
    Person,
    SourceDocument,
    Tenure,
    Trip,
    TripLeg,
)

WITHIN = "[2024-09-21..2024-09-27]"
# slug, model, date, parent trip, source, values
RECORDS = [
    ("2024-us-cuba", Trip, "2024-09-21/2024-09-27", None, "communist-review", {}),
    ("2024-biden", Meeting, WITHIN, "2024-us-cuba", "communist-review", {"status": "announced"}),
    ("2024-parolin", Meeting, "2024-09-22", "2024-us-cuba", "communist-review", {}),
    ("2024-summit", Meeting, "2024-09-22", None, "communist-review", {"kind": "session"}),
    ("2026-us", Trip, "2026-02-18/2026-02-20", None, "information-2026", {}),
    ("2026-ceremony", Meeting, "2026-02-18", "2026-us", "annex", {"kind": "ceremony"}),
    ("2026-gaza-opening", Meeting, "2026-02-19", "2026-us", "annex", {"kind": "session"}),
    ("2026-greer", Meeting, "2026-02-19", "2026-us", "information-2026", {}),
    ("2026-trump", Meeting, "2026-02-20", "2026-us", "annex", {"verification": "disputed"}),
    ("membership-letter", Meeting, "/2026-02-18", None, "communist-review", {"mode": "letter"}),
    ("2026-signings", Agreement, "2026-02-18", "2026-us", "information-2026", {"kind": "set"}),
    ("2026-boeing", Agreement, "2026-02-18", "2026-us", "information-2026", {"stage": "signed"}),
    ("partnership", Agreement, "2023-09", None, "communist-review", {"kind": "partnership"}),
    ("trade-talks", Agreement, "2025-04/..", None, "communist-review", {"stage": "negotiating"}),
    ("gaza-charter", Agreement, "", None, "annex", {"kind": "charter"}),
    ("taken-back", Meeting, "2026-02-21", None, "annex", {}),  # for a reason the public may read
]
# record, person, organisation, country, role, office
PARTS = [
    ("2024-us-cuba", "to-lam", None, "VN", "head", "General Secretary and President"),
    ("2024-biden", "biden-joe", None, "US", "participant", "President of the United States"),
    ("2024-biden", "to-lam", None, None, "participant", "General Secretary and President"),
    ("2024-parolin", "parolin-pietro", None, "VA", "participant", "Cardinal"),
    ("2024-parolin", "to-lam", None, "VN", "participant", ""),
    ("2026-us", "to-lam", None, "VN", "head", "General Secretary"),
    ("2026-gaza-opening", None, "gaza-board", None, "organiser", ""),
    ("2026-gaza-opening", "to-lam", None, "VN", "participant", "General Secretary"),
    ("2026-greer", None, None, "US", "participant", "Trade Representative"),
    ("2026-trump", "trump-donald", None, "US", "host", "President of the United States"),
    ("2026-trump", "to-lam", None, "VN", "participant", "General Secretary"),
    ("2026-boeing", None, "boeing", "US", "seller", ""),
    ("2026-boeing", None, "vietnam-airlines", "VN", "buyer", ""),
]


def day(number):
    return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=number)


EDITED, TOUCHED, ASKED, EMBARGO = day(40), day(50), day(60), day(90)


class Clock:
    """Stands where it was set: what both worlds do at the same time has the same time."""

    def __init__(self):
        self.now = day(0)

    def __call__(self):
        return self.now


@contextmanager
def stopped():
    """Every moment that the code inside asks for is that of the clock it gets."""
    clock = Clock()
    wall = mock.Mock(time=lambda: clock.now.timestamp())
    with mock.patch.object(timezone, "now", clock), mock.patch("django.utils.cache.time", wall):
        yield clock


def written(text):
    return SimpleUploadedFile("document.txt", text.encode())


def build(clock, *, with_hidden):
    """Write a world, with the hidden rows when asked to, and leave the clock at ASKED."""
    petra = get_user_model().objects.create_superuser("petra")
    turn = (lambda rows: rows[::-1]) if with_hidden else list
    with projection.batch():
        if with_hidden:
            woven.authorities()
        _authorities(turn)
        if with_hidden:
            woven.before_records()
        _records(turn)
        _parts(turn)
        if with_hidden:
            woven.after_records()
    _publish(clock, petra, turn)
    clock.now = EDITED
    _edit(petra)
    if with_hidden:
        clock.now = TOUCHED
        woven.publication_steps(petra, until=EMBARGO)
        woven.touch()
    clock.now = ASKED


def _authorities(turn):
    for code, iso3, name in turn(
        [
            *(("VN", "VNM", "Vietnam"), ("US", "USA", "United States"), ("CU", "CUB", "Cuba")),
            *(("VA", "VAT", "Holy See"), ("FR", "FRA", "France"), ("JP", "JPN", "Japan")),
        ]
    ):
        Country.objects.create(code=code, iso3=iso3, name_vi=name, name_en=name)
    for slug, name, sort_name in turn(
        [
            *(("to-lam", "Tô Lâm", ""), ("trump-donald", "Donald Trump", "Trump, Donald")),
            ("biden-joe", "Joe Biden", "Biden, Joe"),
            ("parolin-pietro", "Pietro Parolin", "Parolin, Pietro"),
        ]
    ):
        Person.objects.create(slug=slug, name=name, sort_name=sort_name)
    for slug, name in turn(
        [
            *(("boeing", "Boeing"), ("vietnam-airlines", "Vietnam Airlines")),
            *(("gaza-board", "Board of Peace for Gaza"), ("issuer", "Party Publishing House")),
        ]
    ):
        Organization.objects.create(slug=slug, name_en=name, name_vi=name)
    issuer = Organization.objects.get(slug="issuer")
    label = "Information document on the trip of 2026"
    for slug, access, values in turn(
        [
            ("communist-review", "public", {"issuer": issuer, "url": "https://example.org/review"}),
            ("information-2026", "citation", {"public_label_en": label}),
            *(("annex", "public", {"file": written("annex")}), ("office-list", "public", {})),
        ]
    ):
        title = slug.replace("-", " ").title()
        SourceDocument.objects.create(slug=slug, access=access, title_en=title, **values)


def _records(turn):
    for slug, model, date, _trip, _source, values in turn(RECORDS):
        title = slug.replace("-", " ").capitalize()
        model.objects.create(slug=slug, title_en=title, date_edtf=date, **values)
    for slug, model, _date, trip, source, _values in turn(RECORDS):
        record = model.objects.get(slug=slug)
        if trip:
            model.objects.filter(slug=slug).update(trip=Trip.objects.get(slug=trip))
        cite(record, source, f"What is said of {slug}", locator="II.1")
    both = Agreement.objects.get(slug="2026-signings")
    ceremony = Meeting.objects.get(slug="2026-ceremony")
    Agreement.objects.filter(slug="2026-boeing").update(part_of=both, meeting=ceremony)
    opening = Meeting.objects.get(slug="2026-gaza-opening")
    Meeting.objects.filter(slug="2026-greer").update(part_of=opening)


def _parts(turn):
    models = {slug: model for slug, model, *_rest in RECORDS}
    for slug, person, organization, country, role, office in turn(PARTS):
        named = {"organization": organization, "country": country}
        named = {name: value for name, value in named.items() if value}
        take_part(models[slug].objects.get(slug=slug), person, role, office, **named)
    trip = Trip.objects.get(slug="2024-us-cuba")
    for order, code in turn([(1, "US"), (2, "CU")]):
        country = Country.objects.get(code=code)
        TripLeg.objects.create(trip=trip, order=order, country=country, place_en=f"Place {order}")
    planes = Agreement.objects.get(slug="2026-boeing")
    for order in turn([1, 2]):
        AgreementItem.objects.create(agreement=planes, order=order, description_en=f"Jet {order}")
    trump = Meeting.objects.get(slug="2026-trump")
    cite(trump, "communist-review", "It was another day.", stance="contradicts")
    office = Tenure.objects.create(
        person=Person.objects.get(slug="to-lam"), title_en="General Secretary", date_edtf="2024/.."
    )
    cite(office, "office-list", "Elected in August 2024")


def _publish(clock, petra, turn):
    for number, (slug, model, *_rest) in turn(list(enumerate(RECORDS))):
        clock.now = day(number)
        publication.publish(model.objects.get(slug=slug), petra)


def _edit(petra):
    """What is done in both worlds after publication, in the open."""
    summit = Meeting.objects.get(slug="2024-summit")
    summit.title_en = "Summit of the Future"
    summit.save()
    wrong = "Its name was wrong."
    Correction.objects.create(meeting=summit, note_en=wrong, corrected_at=timezone.now())
    publication.withdraw(Meeting.objects.get(slug="taken-back"), petra, "It was a hoax.", True)
