"""Many rows at once are written as each is by itself, with fewer questions."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.taking import imported, values
from timeline import going_back, projection
from timeline.models import (
    Citation,
    Meeting,
    Organization,
    Person,
    SourceDocument,
    Tenure,
    TimelineEntry,
    Trip,
    TripLeg,
)

pytestmark = pytest.mark.django_db

OF_HISTORY = {"history_id", "history_date", "change_set_id"}


def saved(user, model, rows):
    """What `rows`, dicts of field and value, are when each is saved by itself."""
    for row in rows:
        key = model.natural_key_field
        found = model.objects.filter(**{key: row[key]}).first() or model()
        for name, value in row.items():
            setattr(found, name, value)
        found._history_user, found._change_reason = user, "file"
        found.save()


def test_rows_are_written_as_a_save_writes_them(ada):
    usa, source = builders.country("US"), builders.source()
    trip = builders.published(builders.trip, "To Lam in New York", source)
    person = builders.person("Tô Lâm", country=usa)
    builders.participation(trip, person=person, capacity_en="General Secretary")
    builders.meeting("Old", slug="old")
    citation = trip.citations.get()
    cases = [
        (Person, [{"slug": person.slug, "aliases": "To Lam"}, {"slug": "x", "name": "Đỗ Mười"}]),
        (Trip, [{"slug": trip.slug, "title_en": "New  York ", "date_edtf": "2024-09-22~"}]),
        (TripLeg, [{"slug": "leg", "trip": trip, "country": usa, "place_en": "New York"}]),
        (
            Meeting,
            [
                {"slug": "m", "title_vi": "Gặp gỡ", "date_edtf": "2024-09", "trip": trip},
                {"slug": "old", "title_en": "New", "mode": "online"},
            ],
        ),
        (SourceDocument, [{"slug": source.slug, "title_en": "Another title"}]),
        (Citation, [{"slug": citation.slug, "statement_en": "More than 60 meetings"}]),
    ]
    found = []
    for way in ("save", "import"):
        with transaction.atomic():
            for model, rows in cases:
                if way == "save":
                    saved(ada, model, rows)
                    continue
                headers = list(dict.fromkeys(name for row in rows for name in row))
                cells = [
                    [getattr(v, "natural_key", lambda v=v: [v])()[0] for v in map(row.get, headers)]
                    for row in rows
                ]
                cells = [["" if cell is None else cell for cell in row] for row in cells]
                report, run = imported(ada, model, headers, *cells, correction={"is_minor": True})
                assert run, (report.sentences, report.rows["refused"])
            found.append(
                [
                    *(values(model.objects.order_by("slug")) for model, _rows in cases),
                    *(
                        values(model.history.order_by("slug", "version"), *OF_HISTORY)
                        for model, _rows in cases
                    ),
                    values(TimelineEntry.objects.order_by("kind", "slug"), "changed_at", "trip_id"),
                ]
            )
            assert list(projection.differences()) == []
            connection.set_rollback(True)
    assert found[0] == found[1]


def test_a_thousand_rows_cost_no_more_questions_than_their_chunks(ada):
    builders.country("US")
    asked = []
    for number in (500, 1000):
        rows = [[f"m{number}-{n}", f"Meeting {n}", "US"] for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            report, _run = imported(ada, Meeting, ["slug", "title_en", "country"], *rows)
        assert report.counts == {"new": number}
        asked.append(len(queries))
    bound = 40 if connection.vendor == "postgresql" else 75  # SQLite takes fewer values at a time
    assert asked[1] - asked[0] <= bound, asked


def test_what_protects_the_public_is_asked_for_a_chunk_and_not_for_a_row(eli):
    tenure, trip, source = builders.tenure(), builders.trip(), builders.source()
    person, country = tenure.person, builders.country("US")
    cases = {
        Person: {"name": "P"},
        Organization: {"name_en": "O"},
        SourceDocument: {"title_en": "S", "access": "public"},
        Tenure: {"person": person.slug, "title_en": "T"},
        Citation: {"source": source.slug, "tenure": tenure.slug, "locator": "I"},
        TripLeg: {"trip": trip.slug, "country": country.code, "place_en": "L"},
    }
    for model, cells in cases.items():
        *others, last = cells.values()
        asked = []
        for number in (20, 40):
            for text in (last, "internal" if last == "public" else f"{last} changed"):
                rows = [[f"x{number}-{n}", *others, text] for n in range(number)]
                with CaptureQueriesContext(connection) as queries:
                    report, run = imported(eli, model, ["slug", *cells], *rows)
                assert run, (report.sentences, report.rows["refused"])
            assert report.counts == {"changed": number}
            with CaptureQueriesContext(connection) as of_undoing:
                going_back.undone(run).carry_out(eli)
            assert not model.objects.filter(**{list(cells)[-1]: text}).exists()
            asked.append((len(queries), len(of_undoing)))
        more = [most - least for least, most in zip(*asked, strict=True)]
        assert max(more) < 10, (model, asked)
