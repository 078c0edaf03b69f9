"""The hidden rows of the woven world: between the public ones in every order there is.

Their dates and names lie between those of public rows, their people and countries are the same,
they share words and they hold the slugs that parts of public rows would have had.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.chronicle import cite, take_part
from timeline import publication
from timeline.models import (
    Agreement,
    AgreementItem,
    Citation,
    Correction,
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

# Beside those that are shown: the same names in other letters, and names in between.
PEOPLE = [("to-lam-2", "To Lam"), ("biden-joe-2", "Jóe Bíden"), ("smith", "Smith")]
PEOPLE += [("biden-joe-participant", "Zzyzx"), ("aaronson", "Aaronson")]
BODIES = [("boeing-2", "Boeing"), ("bank", "Bank of Zzyzx"), ("ministry", "Ministry of Nowhere")]


def authorities():
    """Before there is anything public: the small keys are taken."""
    for slug, name in PEOPLE:
        Person.objects.create(slug=slug, name=name, aliases="Tô Lâm\nZzyzx")
    for slug, name in BODIES:
        Organization.objects.create(slug=slug, name_en=name, name_vi=name)
    for slug, access in [
        ("secret-programme", "internal"),
        ("secret-letter", "internal"),
        ("draft-report", "public"),
        ("idle-report", "public"),
        ("hidden-office-list", "public"),
        ("hidden-label", "citation"),
        ("review", "internal"),
    ]:
        SourceDocument.objects.create(
            slug=slug, access=access, title_en=f"Zzyzx {slug}", public_label_en=f"Label {slug}"
        )


def before_records():
    """Drafts that take the slugs of parts of records to come, and the first place in each list."""
    early = Meeting.objects.create(slug="2024", title_en="Biden and Tô Lâm", date_edtf="2024-09-22")
    biden = Person.objects.get(slug="biden-joe-participant")
    Participation.objects.create(
        meeting=early, person=biden, slug="2024-biden-biden-joe-participant"
    )
    cite(early, "review", "Zzyzx", slug="2024-biden-communist-review")
    cite(early, "review", "Zzyzx", slug="2026-trump-annex")
    for model in (Trip, Meeting, Agreement):
        model.objects.create(title_en="Zzyzx 2026 us", date_edtf="2026-02-19")


def after_records():
    """Records in every hidden state, tied to the public ones."""
    trip, france = Trip.objects.get(slug="2026-us"), Country.objects.get(code="FR")
    for kind, model, state in [
        *(("trip", Trip, state) for state in STATES),
        *(("meeting", Meeting, state) for state in STATES),
        *(("agreement", Agreement, state) for state in STATES),
    ]:
        slug, title = f"{state}-{kind}", f"Signing by Tô Lâm and Zzyzx ({state})"
        record = model.objects.create(slug=slug, title_en=title, date_edtf="2026-02-19")
        take_part(record, "to-lam", capacity="Zzyzx", organization="boeing")
        take_part(record, "smith", "host", country="FR")
        take_part(record, organization="ministry", role="observer")
        cite(record, "draft-report", "Zzyzx of a draft")
        cite(record, "communist-review", "Zzyzx, and much more")
        cite(record, "hidden-label", "Zzyzx")
        Correction.objects.create(**{kind: record}, note_en="Zzyzx was wrong")
        if kind == "trip":
            TripLeg.objects.create(trip=record, country=france, place_en="Nowhere")
        elif kind == "agreement":
            AgreementItem.objects.create(agreement=record, description_en="Zzyzx jet")
            model.objects.filter(slug=slug).update(trip=trip)
        else:
            take_part(record, "to-lam", "speaker")
            model.objects.filter(slug=slug).update(trip=trip, country=france, kind="speech")
    _offices()
    _parents()


STATES = ["draft", "review", "withdrawn", "scheduled"]


def _offices():
    to_lam, smith = (Person.objects.get(slug=slug) for slug in ("to-lam", "smith"))
    unproven = Tenure.objects.create(person=to_lam, title_en="Zzyzx office", date_edtf="2025/..")
    cite(unproven, "secret-letter", "Zzyzx proof")
    hidden = Tenure.objects.create(person=smith, title_en="Zzyzx office", date_edtf="2024/..")
    cite(hidden, "hidden-office-list", "Zzyzx elected")
    cite(hidden, "office-list", "Zzyzx stands in it too")


def _parents():
    """Published records that belong to hidden ones, in place of nothing at all."""
    meeting = Meeting.objects.get(slug="draft-meeting")
    Meeting.objects.filter(slug="2026-trump").update(part_of=meeting)
    Meeting.objects.filter(slug="2024-summit").update(trip=Trip.objects.get(slug="draft-trip"))
    Agreement.objects.filter(slug="partnership").update(
        trip=Trip.objects.get(slug="withdrawn-trip"),
        meeting=Meeting.objects.get(slug="scheduled-meeting"),
        part_of=Agreement.objects.get(slug="review-agreement"),
    )


def publication_steps(petra, until):
    """Bring the records into their states by the steps that anybody takes."""
    for kind, model in (("trip", Trip), ("meeting", Meeting), ("agreement", Agreement)):
        publication.submit(model.objects.get(slug=f"review-{kind}"), petra)
        withdrawn = model.objects.get(slug=f"withdrawn-{kind}")
        publication.publish(withdrawn, petra)
        publication.withdraw(withdrawn, petra, "Zzyzx reason")
        scheduled = model.objects.get(slug=f"scheduled-{kind}")
        scheduled.publish_at = until
        scheduled.save()
        publication.publish(scheduled, petra)


def touch():
    """Change all that the public does not read of public rows, long after they were published."""
    for record in (Trip.objects.get(slug="2026-us"), Meeting.objects.get(slug="2026-trump")):
        cite(record, "secret-programme", "Zzyzx statement of an internal source")
        record._change_reason = "Zzyzx reason"
        record.save()
    for citation in Citation.objects.exclude(statement_en__contains="Zzyzx"):
        citation.note = "Zzyzx note"
        citation.save()
    secret = SourceDocument.objects.get(slug="secret-letter")
    for slug in ("secret-letter", "information-2026", "idle-report"):
        source = SourceDocument.objects.get(slug=slug)
        source.file = SimpleUploadedFile("zzyzx.txt", b"Zzyzx")
        source.save()
    body = Organization.objects.get(slug="bank")
    SourceDocument.objects.filter(slug="annex").update(part_of=secret, relation="attachment")
    SourceDocument.objects.filter(slug="secret-programme").update(
        part_of=SourceDocument.objects.get(slug="annex"), relation="part"
    )
    SourceDocument.objects.filter(slug="information-2026").update(
        title_en="Zzyzx internal title",
        number="Zzyzx 699",
        author="Zzyzx author",
        signatory="Zzyzx signatory",
        marking="Zzyzx marking",
        url="https://example.org/Zzyzx",
        archive_url="https://example.org/archive/Zzyzx",
        accessed_on="2026-02-02",
        date_edtf="1999-09-09",
        received_edtf="1999-09-10",
        language="fr",
        kind="letter",
        issuer=body,
        is_held=False,
    )
    france = Country.objects.get(code="FR")
    Person.objects.filter(slug="to-lam").update(country=france)
    Organization.objects.filter(slug="boeing").update(country=france)
    Tenure.objects.filter(title_en="General Secretary").update(country=france, organization=body)


def write_a_note():
    """Of all the changes of `touch` the smallest, once more."""
    citation = Citation.objects.filter(meeting__slug="2024-biden").first()
    citation.note = "Zzyzx again"
    citation.save()
