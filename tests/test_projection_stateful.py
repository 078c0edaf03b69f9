"""Random work of a desk, after each step of which the timeline is what the public may see.

Every text is unique (`q17x`), so that a text in an entry tells which row and column it is from.
What may be there is worked out below once more, as simply as it can be said.
"""

import re
from contextlib import nullcontext

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from timeline import projection, publication
from timeline.models import (
    EDITED_MODELS,
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
    TimelineEntry,
    Trip,
    TripLeg,
)

RECORDS = {"trip": Trip, "meeting": Meeting, "agreement": Agreement}
PARTS = (Participation, Citation)
MOVING = (*PARTS, TripLeg, Meeting, Agreement)
DATES = ("2024-09-21/2024-09-24", "2024-09", "2024-09-25~", "../2023", "2024-09-21/..", "")
SHOWN = {  # by which name a record or its part refers to it
    Person: "person",
    Organization: "organization",
    Country: "country",
    SourceDocument: "source",
}
FETCHED = ("participations__person", "participations__organization", "participations__country")
REFUSED = (ValidationError, IntegrityError, ProtectedError)
TEXTS = {
    Country: ("name_vi", "name_en"),
    Organization: ("name_vi", "name_en", "aliases"),
    Person: ("name", "name_latin", "sort_name", "aliases"),
    SourceDocument: ("title_vi", "title_en", "public_label_vi", "public_label_en", "author"),
    Tenure: ("title_vi", "title_en"),
    TripLeg: ("place_vi", "place_en", "invited_by_en"),
    AgreementItem: ("description_vi", "description_en"),
    Participation: ("capacity_vi", "capacity_en", "name_as_recorded"),
    Citation: ("locator", "statement_vi", "statement_en", "note"),
    Trip: ("title_vi", "title_en", "summary_vi", "summary_en", "purpose_vi", "date_note_en"),
    Meeting: ("title_vi", "title_en", "summary_vi", "summary_en", "place_vi", "place_en"),
    Agreement: ("title_vi", "title_en", "summary_vi", "summary_en"),
}
# What each row needs to refer to, and what else it may.
REFERENCES = {
    Organization: {"country": Country},
    Person: {"country": Country},
    SourceDocument: {"issuer": Organization},
    Tenure: {"person": Person, "country": Country},
    TripLeg: {"trip": Trip, "country": Country},
    AgreementItem: {"agreement": Agreement},
    Participation: {"person": Person, "organization": Organization, "country": Country},
    Citation: {"source": SourceDocument},
    Meeting: {"trip": Trip, "country": Country, "part_of": Meeting},
    Agreement: {"trip": Trip, "meeting": Meeting, "part_of": Agreement},
}

models = st.sampled_from([model for model in EDITED_MODELS if model is not Correction])
slugged = st.sampled_from([model for model in EDITED_MODELS if model not in (Country, Correction)])
kinds = st.sampled_from(list(RECORDS))
numbers = st.integers(0, 11)
ways = st.sampled_from(["save", "save", "batch", "undo"])


class Undone(Exception):
    """What a transaction raises to take itself back."""


class Desk(RuleBasedStateMachine):
    petra = None
    count = 0

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def text(self):
        self.count += 1
        return f"q{self.count}x"

    def pick(self, model, number):
        rows = model.objects.order_by("pk")
        return rows[number % found] if (found := rows.count()) else None

    def write(self, change, way="save"):
        """Do `change` at once, in a batch, or in a transaction that is taken back."""
        try:
            with transaction.atomic(), projection.batch() if way == "batch" else nullcontext():
                change()
                if way == "undo":
                    raise Undone
        except (*REFUSED, Undone):
            pass

    def change(self, row, column, way):
        if row:
            names = TEXTS[type(row)]
            setattr(row, names[column % len(names)], self.text())
            self.write(row.save, way)

    def make(self, model, number, **values):
        texts = {name: self.text() for name in TEXTS[model]}
        if number % 3 == 0:
            texts |= {name: "" for name in texts if name.endswith("_vi")}
        references = {
            name: self.pick(to, number)
            for name, to in REFERENCES.get(model, {}).items()
            if name != "part_of"
        }
        if model in PARTS:
            kind = list(RECORDS)[number % 3]
            references[kind] = self.pick(RECORDS[kind], number)
        row = model(**texts | references | values)
        row.save()
        return row

    @rule(model=slugged, number=numbers, way=ways)
    def add(self, model, number, way):
        self.write(lambda: self.make(model, number), way)

    @rule(model=models, number=numbers, column=numbers, way=ways)
    def edit(self, model, number, column, way):
        self.change(self.pick(model, number), column, way)

    @rule(model=st.sampled_from(list(SHOWN)), number=st.integers(0, 99), column=numbers, way=ways)
    def edit_what_records_show(self, model, number, column, way):
        """A person, body, country or source changes that stands in the timeline."""
        rows = [row for kind in RECORDS.values() for row in rows_shown_by(kind, SHOWN[model])]
        self.change(rows[number % len(rows)] if rows else None, column, way)

    @rule(model=models, column=numbers, way=ways)
    def edit_all(self, model, column, way):
        name = TEXTS[model][column % len(TEXTS[model])]
        self.write(lambda: model.objects.update(**{name: self.text()}), way)

    @rule(kind=kinds, number=numbers, date=st.sampled_from(DATES), way=ways)
    def date(self, kind, number, date, way):
        if record := self.pick(RECORDS[kind], number):
            record.date_edtf = date
            self.write(lambda: record.save(update_fields=["date_edtf"]), way)

    @rule(number=numbers, access=st.sampled_from(["public", "citation", "internal"]), way=ways)
    def open_or_close(self, number, access, way):
        if source := self.pick(SourceDocument, number):
            source.access = access
            self.write(source.save, way)

    @rule(part=st.sampled_from(MOVING), number=numbers, kind=kinds, to=numbers, way=ways)
    def move(self, part, number, kind, to, way):
        """A part goes from one record to another, of any kind where it may."""
        kind = kind if part in PARTS else "trip"
        row, record = self.pick(part, number), self.pick(RECORDS[kind], to)
        if row and record:
            for name in RECORDS if part in PARTS else ["trip"]:
                setattr(row, name, record if name == kind else None)
            self.write(row.save, way)

    @rule(
        model=st.sampled_from(list(REFERENCES)),
        column=numbers,
        number=numbers,
        to=st.none() | numbers,
        way=ways,
    )
    def refer(self, model, column, number, to, way):
        """A leg goes to another trip, a meeting to none, a participation to another person ..."""
        name, target = list(REFERENCES[model].items())[column % len(REFERENCES[model])]
        if row := self.pick(model, number):
            setattr(row, name, None if to is None else self.pick(target, to))
            self.write(row.save, way)

    @rule(model=slugged, number=numbers, way=ways)
    def rename(self, model, number, way):
        if row := self.pick(model, number):
            row.slug = self.text()
            self.write(row.save, way)

    @rule(model=models, number=numbers, way=ways)
    def delete(self, model, number, way):
        if row := self.pick(model, number):
            self.write(row.delete, way)

    @rule(model=models, number=numbers, way=ways)
    def bring_back(self, model, number, way):
        versions = model.history.order_by("pk")
        if found := versions.count():
            self.write(versions[(number * 5) % found].instance.save, way)

    @rule(kind=kinds, number=numbers)
    def show(self, kind, number):
        """Publish a record, with a citation that lets it be published."""
        record = self.pick(RECORDS[kind], number)
        source = SourceDocument.objects.citable().first()
        if record and source:
            Citation.objects.create(source=source, **{kind: record})
            self.write(lambda: publication.publish(record, by=self.petra))

    @rule(
        kind=kinds,
        number=numbers,
        verb=st.sampled_from(["publish", "withdraw", "submit", "return_to_draft"]),
        way=ways,
    )
    def decide(self, kind, number, verb, way):
        if record := self.pick(RECORDS[kind], number):
            decision = getattr(publication, verb)
            self.write(lambda: decision(record, self.petra, "a reason"), way)

    @invariant()
    def the_timeline_shows_what_is_public_and_nothing_else(self):
        assert list(projection.differences()) == []
        entries = TimelineEntry.objects.select_related("trip")
        shown = {(entry.kind, entry.slug): entry for entry in entries}
        public = {
            (kind, record.slug): record
            for kind, model in RECORDS.items()
            for record in model.objects.filter(state="published").prefetch_related(
                *FETCHED, "citations__source"
            )
        }
        assert shown.keys() == public.keys()
        for key, record in public.items():
            assert texts_in(shown[key]) == public_texts(record), key
            assert parent(shown[key]) == parent(record), key


def rows_shown_by(model, name):
    """What the published records of a model refer to by `name`, once for each time."""
    for record in model.objects.filter(state="published"):
        parts = [*record.participations.all(), *record.citations.all()]
        parts += record.legs.all() if model is Trip else [record]
        yield from (row for part in parts if (row := getattr(part, name, None)))


def texts_in(entry):
    values = (getattr(entry, field.attname) for field in entry._meta.concrete_fields)
    return set(re.findall(r"q\d+x", " ".join(str(value) for value in values)))


def public_texts(record):
    """The texts that the entry of a published record shows or is found by."""
    texts = [record.slug, record.title_vi, record.title_en, record.summary_vi, record.summary_en]
    places = record.legs.all() if isinstance(record, Trip) else [record]
    if not isinstance(record, Agreement):
        for place in places:
            texts += [place.place_vi, place.place_en, *names(place.country)]
    for part in record.participations.all():
        texts += [part.capacity_vi, part.capacity_en, part.name_as_recorded]
        texts += [*names(part.person), *names(part.organization), *names(part.country)]
    for citation in record.citations.all():
        if citation.source.access == "public":
            texts += pair(citation.source, "title")
        elif citation.source.access == "citation":
            texts += pair(citation.source, "public_label")
    return set(texts) - {""}


def names(row):
    wanted = ("name", "name_latin", "name_vi", "name_en", "aliases")
    return [row.__dict__[name] for name in wanted if name in row.__dict__] if row else []


def pair(row, name):
    return [getattr(row, f"{name}_vi"), getattr(row, f"{name}_en")]


def parent(row):
    trip = getattr(row, "trip", None)
    hidden = trip is None or getattr(trip, "state", "published") != "published"
    return None if hidden else trip.slug


def open_the_desk():
    """What every example starts with: a few rows of each kind, some of them published."""
    Desk.petra = get_user_model().objects.create_superuser("petra")
    desk = Desk()
    with projection.batch():
        for code in ("VN", "US", "CU"):
            desk.make(Country, 1, code=code, iso3=f"{code}X")
        for access in ("public", "citation", "internal"):
            desk.make(SourceDocument, 1, access=access)
        for model in (Organization, Person, Person, Trip, Trip, Meeting, TripLeg):
            desk.make(model, 2)  # in another country than the participants
        desk.make(Agreement, 1)  # of a trip that is still a draft
        for number, kind in enumerate(RECORDS):
            desk.make(Participation, number)
            desk.show(kind, 0)
    desk.example.__exit__(None, None, None)
    Desk.count = desk.count


@pytest.mark.django_db
def test_random_work_leaves_the_timeline_right():
    open_the_desk()
    run(
        Desk,
        settings=settings(
            max_examples=6,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
