"""A small chronicle of real records, with an unpublished sibling of every kind beside them."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from timeline import projection
from timeline.models import (
    Agreement,
    AgreementItem,
    Citation,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    Trip,
    TripLeg,
)

# Every public entry, in the order of the timeline.
OLDEST_FIRST = [
    "comprehensive-strategic-partnership",
    "2024-us-cuba",
    "2024-biden",
    "2024-diaz-canel",
    "2024-parolin",
    "2024-summit-of-the-future",
    "trade-negotiations",
    "resolution-2803",
    "2026-us",
    "2026-senators",
    "2026-signing-ceremony",
    "gaza-membership-letter",
    "2026-boeing-737-max",
    "2026-signings",
    "2026-gaza-opening",
    "2026-greer",
    "2026-trump",
    "gaza-charter",
]
NEWEST_FIRST = [
    "2026-trump",
    "2026-gaza-opening",
    "2026-greer",
    "2026-us",
    "2026-senators",
    "2026-signing-ceremony",
    "gaza-membership-letter",
    "2026-boeing-737-max",
    "2026-signings",
    "resolution-2803",
    "trade-negotiations",
    "2024-parolin",
    "2024-summit-of-the-future",
    "2024-us-cuba",
    "2024-biden",
    "2024-diaz-canel",
    "comprehensive-strategic-partnership",
    "gaza-charter",
]
TRIP_2024 = ["2024-us-cuba", "2024-biden", "2024-diaz-canel", "2024-parolin"]
TRIP_2024 += ["2024-summit-of-the-future"]

HIDDEN = {
    "trip": ["withdrawn-trip"],
    "meeting": ["draft-meeting", "review-meeting", "embargoed-meeting"],
    "agreement": ["draft-agreement"],
    "person": ["hidden-person", "idle-person"],
    "organization": ["hidden-body"],
    "country": ["FR", "JP"],
    "source": ["secret-programme", "draft-source", "idle-source", "hidden-office-list"],
}
WITHOUT_FILE = ["annex", "office-list"]
HIDDEN["source_file"] = [*HIDDEN["source"], "information-2026", *WITHOUT_FILE]
# Words that stand in hidden rows alone: no public answer may hold one of them.
SECRETS = ["nowhere", "hidden-", "Zzyzx", "secret-", "draft-", "withdrawn", "idle-", "France"]


def tell():
    """Write the whole chronicle."""
    with projection.batch():
        _authorities()
        _sources()
        _trip_of_2024()
        _trip_of_2026()
        _between()
        _tenures()
        _unpublished()


def record(model, slug, title, date="", **values):
    """A published record, unless `state` says otherwise, with a citation of `source`."""
    source = values.pop("source", "communist-review")
    values = {"title_en": title, "title_vi": title, "state": "published"} | values
    row = model.objects.create(slug=slug, date_edtf=date, **values)
    if source:
        cite(row, source, f"Source on {slug}")
    return row


def cite(row, source, statement, **values):
    subject = {row._meta.model_name: row}
    source = SourceDocument.objects.get(slug=source)
    return Citation.objects.create(source=source, statement_en=statement, **subject, **values)


def take_part(row, person=None, role="participant", capacity="", **values):
    if person:
        values["person"] = Person.objects.get(slug=person)
    if "organization" in values:
        values["organization"] = Organization.objects.get(slug=values["organization"])
    if "country" in values:
        values["country"] = Country.objects.get(code=values["country"])
    values |= {"role": role, "capacity_en": capacity, row._meta.model_name: row}
    return Participation.objects.create(**values)


def _authorities():
    for code, iso3, name_vi, name_en in [
        ("VN", "VNM", "Việt Nam", "Vietnam"),
        ("US", "USA", "Hoa Kỳ", "United States"),
        ("CU", "CUB", "Cuba", "Cuba"),
        ("VA", "VAT", "Tòa thánh", "Holy See"),
        ("FR", "FRA", "Pháp", "France"),
        ("JP", "JPN", "Nhật Bản", "Japan"),
    ]:
        Country.objects.create(code=code, iso3=iso3, name_vi=name_vi, name_en=name_en)
    for slug, name, sort_name, code in [
        ("to-lam", "Tô Lâm", "Tô Lâm", "VN"),
        ("trump-donald", "Donald Trump", "Trump, Donald", "US"),
        ("biden-joe", "Joe Biden", "Biden, Joe", "US"),
        ("greer-jamieson", "Jamieson Greer", "Greer, Jamieson", "US"),
        ("diaz-canel-miguel", "Miguel Díaz-Canel", "Díaz-Canel, Miguel", "CU"),
        ("parolin-pietro", "Pietro Parolin", "Parolin, Pietro", "VA"),
        ("hidden-person", "Zzyzx Hidden", "", "FR"),
        ("idle-person", "Zzyzx Idle", "", "VN"),
    ]:
        country = Country.objects.get(code=code)
        Person.objects.create(slug=slug, name=name, sort_name=sort_name, country=country)
    for slug, name in [
        ("boeing", "Boeing"),
        ("vietnam-airlines", "Vietnam Airlines"),
        ("gaza-board", "Board of Peace for Gaza"),
        ("hidden-body", "Zzyzx Body"),
    ]:
        Organization.objects.create(slug=slug, name_en=name, name_vi=name)


def file_of(slug):
    """The name of a stored file; the same one for every test, since the storage is not undone."""
    name = f"sources/told/{slug}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(f"%PDF-1.7 {slug}".encode()))
    return name


def _sources():
    def source(slug, access, title, **values):
        values |= {"slug": slug, "access": access, "title_en": title, "title_vi": title}
        if slug not in WITHOUT_FILE:
            values["file"] = file_of(slug)
        return SourceDocument.objects.create(**values)

    hidden_body = Organization.objects.get(slug="hidden-body")
    source("communist-review", "public", "Communist Review", url="https://www.tapchicongsan.org.vn")
    source(
        "information-2026",
        "citation",
        "Zzyzx internal title",
        public_label_en="Information document on the trip of 2026",
        public_label_vi="Tài liệu thông tin về chuyến công tác năm 2026",
        number="Zzyzx 699",
        author="Zzyzx author",
        signatory="Zzyzx signatory",
        marking="Zzyzx marking",
        url="https://example.org/Zzyzx",
        archive_url="https://example.org/archive/Zzyzx",
        date_edtf="1999-09-09",
        issuer=hidden_body,
    )
    letter = source("secret-programme", "internal", "Zzyzx programme")
    source("annex", "public", "Annex on Gaza", part_of=letter, relation="attachment")
    source("office-list", "public", "List of offices")
    source("hidden-office-list", "public", "Zzyzx list of offices")
    source("draft-source", "public", "Zzyzx source of a draft")
    source("idle-source", "public", "Zzyzx source of nothing")


def _trip_of_2024():
    trip = record(
        Trip,
        "2024-us-cuba",
        "Trip to the United States and Cuba",
        "2024-09-21/2024-09-27",
        title_vi="Chuyến công tác tại Hoa Kỳ và Cuba",
        status="held",
    )
    take_part(trip, "to-lam", "head", "General Secretary and President", country="VN")
    for order, code in enumerate(["US", "CU"], 1):
        country = Country.objects.get(code=code)
        TripLeg.objects.create(trip=trip, order=order, country=country, place_en="New York")
    days = "[2024-09-21..2024-09-27]"
    for slug, title, date, person, code in [
        ("2024-summit-of-the-future", "Summit of the Future", "2024-09-22", None, None),
        ("2024-parolin", "Cardinal Parolin", "2024-09-22", "parolin-pietro", "VA"),
        ("2024-biden", "President Biden", days, "biden-joe", "US"),
        ("2024-diaz-canel", "First Secretary Díaz-Canel", days, "diaz-canel-miguel", "CU"),
    ]:
        status = "announced" if slug == "2024-diaz-canel" else "held"
        meeting = record(Meeting, slug, title, date, trip=trip, status=status)
        take_part(meeting, "to-lam", capacity="General Secretary and President")
        if person:
            take_part(meeting, person, country=code, order=2)


def _trip_of_2026():
    trip = record(
        Trip,
        "2026-us",
        "Trip to the United States for the opening of the Board of Peace",
        "2026-02-18/2026-02-20",
        title_vi="Chuyến công tác dự phiên khai mạc Hội đồng Hòa bình về Gaza",
        summary_vi="Tổng Bí thư Tô Lâm dự phiên khai mạc tại Đặng Sơn.",
        source="information-2026",
    )
    take_part(trip, "to-lam", "head", "General Secretary", country="VN")
    TripLeg.objects.create(trip=trip, country=Country.objects.get(code="US"))
    cite(trip, "secret-programme", "Zzyzx statement of an internal source")
    cite(trip, "annex", "Another day", stance="contradicts", note="Zzyzx note")

    def meeting(slug, title, date, **values):
        return record(Meeting, slug, title, date, trip=trip, source="information-2026", **values)

    days = "[2026-02-18..2026-02-20]"
    meeting("2026-senators", "Calls with senators", days, kind="call", mode="phone")
    ceremony = meeting("2026-signing-ceremony", "Signing ceremony", "2026-02-18", kind="ceremony")
    opening = meeting("2026-gaza-opening", "Opening session", "2026-02-19", kind="session")
    take_part(opening, role="organiser", organization="gaza-board")
    greer = meeting("2026-greer", "Ambassador Greer", "2026-02-19", part_of=opening)
    take_part(greer, "greer-jamieson", country="US")
    trump = meeting("2026-trump", "President Trump", "2026-02-20")
    take_part(trump, "to-lam", capacity="General Secretary")
    take_part(trump, "trump-donald", "host", "President of the United States", country="US")
    signed = {"stage": "signed", "trip": trip, "meeting": ceremony, "source": "information-2026"}
    both = record(Agreement, "2026-signings", "Signings", "2026-02-18", kind="set", **signed)
    planes = record(
        Agreement, "2026-boeing-737-max", "Boeing 737 MAX", "2026-02-18", part_of=both, **signed
    )
    take_part(planes, role="buyer", organization="vietnam-airlines")
    take_part(planes, role="seller", organization="boeing")
    AgreementItem.objects.create(agreement=planes, quantity=50, description_en="aircraft")


def _between():
    record(Agreement, "comprehensive-strategic-partnership", "Partnership", "2023-09")
    record(Agreement, "trade-negotiations", "Trade negotiations", "2025-04/..", stage="negotiating")
    record(Agreement, "resolution-2803", "Resolution 2803", "2025-11-17", kind="resolution")
    record(Agreement, "gaza-charter", "Charter of the Board of Peace", kind="charter")
    record(
        Meeting,
        "gaza-membership-letter",
        "Letter on membership",
        "/2026-02-18",
        kind="correspondence",
        mode="letter",
    )


def _tenures():
    to_lam = Person.objects.get(slug="to-lam")
    hidden = Person.objects.get(slug="hidden-person")
    body = Organization.objects.get(slug="hidden-body")
    shown = Tenure.objects.create(
        person=to_lam, title_en="General Secretary", date_edtf="2024-08-03/..", organization=body
    )
    cite(shown, "office-list", "Elected in August 2024")
    unproven = Tenure.objects.create(person=to_lam, title_en="Zzyzx office")
    cite(unproven, "secret-programme", "Zzyzx internal proof")
    cite(Tenure.objects.create(person=hidden, title_en="Zzyzx"), "hidden-office-list", "Zzyzx")


def _unpublished():
    trip = Trip.objects.get(slug="2026-us")
    draft = record(Meeting, "draft-meeting", "Zzyzx", "2026-02-19", trip=trip, state="draft")
    draft.country = Country.objects.get(code="FR")
    draft.save()
    take_part(draft, "hidden-person", country="FR")
    take_part(draft, "to-lam", capacity="Zzyzx", organization="boeing")
    take_part(draft, organization="hidden-body")
    cite(draft, "draft-source", "Zzyzx in nowhere")
    record(Meeting, "review-meeting", "Zzyzx", "2026-02-20", part_of=draft, state="review")
    tomorrow = timezone.now() + timedelta(days=1)
    record(Meeting, "embargoed-meeting", "Zzyzx", "2026-02-20", publish_at=tomorrow, state="review")
    record(Trip, "withdrawn-trip", "Zzyzx", "2026-02-19", state="withdrawn")
    record(Agreement, "draft-agreement", "Zzyzx", "2026-02-19", trip=trip, state="draft")
    # A published record that belongs to hidden ones does not name them.
    Meeting.objects.filter(slug="2026-trump").update(part_of=draft)
