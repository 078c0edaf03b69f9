"""The files that the desk gives out: what is in them, for whom, and at what cost."""

import io
import re
import zipfile
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from tests import builders, desk
from tests.files import CSV, XLSX, as_csv, as_xlsx, counts, export, read_csv, refusals, upload
from timeline.admin import importing
from timeline.exchange import writing_xlsx
from timeline.exchange.columns import COLUMNS
from timeline.exchange.leaving import Leaving
from timeline.models import (
    EDITED_MODELS,
    Agreement,
    Participation,
    Person,
    SourceDocument,
    Trip,
    TripLeg,
)

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "'", "＝1+1", "''x", "'x", "[clear]"]


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def many():
    usa = builders.country("US")
    for number, text in enumerate(FORMULAS):
        builders.person(
            f"P{number}", slug=f"p-{number}", aliases=f'{text}\nTô Lâm; "a, b"', country=usa
        )


def sheet_of(data):
    return load_workbook(io.BytesIO(data)).active


def test_no_cell_of_an_export_is_a_formula(client, vera):
    many()
    client.force_login(vera)
    data = export(client, Person)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 1 + len(FORMULAS)
    cells = [row["aliases"] for row in read_csv(data)]
    assert len(cells) == len(FORMULAS)
    sheet = sheet_of(export(client, Person, XLSX))
    written = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    for cell in [*cells, *(cell.value for cell in written)]:
        assert cell[0] not in "=+-@＝", cell


def test_every_cell_of_a_workbook_is_text_and_so_is_what_is_typed_below(client, vera):
    builders.trip(date_edtf="2013-07")
    client.force_login(vera)
    data = export(client, Trip, XLSX)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        markup = archive.read(writing_xlsx.SHEET)
    assert markup.count(b"<t ") == markup.count(b'<t xml:space="preserve">') > 0
    sheet = sheet_of(data)
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in written} == {("s", "@")}
    assert "2013-07" in {cell.value for cell in written}
    columns = sheet.column_dimensions.values()
    assert {(column.min, column.number_format) for column in columns} == {
        (place, "@") for place in range(1, len(COLUMNS[Trip]) + 4)
    }
    assert (sheet.sheet_view.pane.state, sheet.freeze_panes) == ("frozen", "A2")
    assert {cell.font.b for cell in sheet[1]} == {True}
    assert {cell.font.b for cell in sheet[2]} == {False}


def test_the_same_records_make_the_same_file(client, vera, monkeypatch):
    many()
    client.force_login(vera)
    for file_format in (CSV, XLSX):
        once = export(client, Person, file_format)
        monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
        assert export(client, Person, file_format) == once
        monkeypatch.undo()


def test_the_export_has_the_declared_columns_and_follows_the_filter(client, vera):
    builders.trip("To Lam in New York", kind="working_visit")
    builders.trip("To Lam in Havana", kind="state_visit", state="review")
    client.force_login(vera)
    rows = read_csv(export(client, Trip))
    assert list(rows[0]) == [*COLUMNS[Trip], "legs", "participants", "sources"]
    assert [row["slug"] for row in rows] == ["to-lam-in-havana", "to-lam-in-new-york"]
    address = f"{desk.page(Trip, 'export')}?kind__exact=state_visit"
    answer = client.post(address, {"format": CSV})
    assert answer.streaming
    assert re.fullmatch(
        r'attachment; filename="trip-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"]
    )
    rows = read_csv(answer.getvalue())
    assert [(row["slug"], row["state"]) for row in rows] == [("to-lam-in-havana", "review")]


def test_a_filter_that_makes_no_sense_is_told_before_the_file_begins(client, vera):
    builders.trip()
    client.force_login(vera)
    address = f"{desk.page(Trip, 'export')}?earliest__year=99999"
    assert client.post(address, {"format": CSV}).url == desk.page(Trip)


def test_what_belongs_to_a_record_stands_on_its_row_and_is_not_read_back(client, eli):
    deal = builders.agreement()
    builders.item(deal, quantity=90, unit="aircraft", description_en="Boeing 737 MAX")
    builders.participation(deal, country=builders.country("US"), role="buyer")
    builders.citation(deal, source=builders.source(slug="s"), locator="II")
    client.force_login(eli)
    data = export(client, Agreement)
    [row] = read_csv(data)
    assert row["items"] == "90 aircraft: Boeing 737 MAX"
    assert row["participants"] == "United States [US] (buyer)"
    assert row["sources"].endswith("[s], II")
    changed = data.replace(b"90 aircraft", b"91 aircraft")
    report = upload(client, Agreement, changed).context["report"]
    assert report.counts["unchanged"] == 1
    assert report.shown == ["items", "participants", "sources"]


def test_what_belongs_to_a_record_is_told_in_the_language_of_who_asked():
    builders.leg(builders.trip())
    with override("vi"):
        asked = Leaving(Trip.objects.all(), None)
    _headings, [*_cells, legs, _participants, _sources] = asked  # sent when another may be active
    assert legs == "Hoa Kỳ [US]"


def test_what_somebody_may_not_view_is_not_on_the_row_of_a_record(client, vera):
    builders.leg(builders.trip())
    rights = Permission.objects.filter(codename__in=["view_trip", "view_tripleg", "view_country"])
    vera.groups.clear()
    vera.user_permissions.set(rights)
    client.force_login(vera)
    [row] = read_csv(export(client, Trip))
    assert row["legs"] == "United States [US]"
    assert "participants" not in row
    assert "sources" not in row
    assert "participants" not in client.get(desk.page(Trip, "export")).content.decode()


def test_chosen_rows_are_exported_alone(client, vera):
    builders.trip("To Lam in New York")
    chosen = builders.trip("To Lam in Havana")
    client.force_login(vera)
    address = f"{desk.page(Trip)}?kind__exact={chosen.kind}"
    page = client.post(
        address, {"action": "export_admin_action", "_selected_action": [chosen.pk]}
    ).content.decode()
    assert f'<input type="hidden" name="export_items" value="{chosen.pk}"' in page
    assert f'action="{desk.page(Trip, "export")}?kind__exact={chosen.kind}"' in page
    rows = read_csv(export(client, Trip, export_items=[chosen.pk]))
    assert [row["slug"] for row in rows] == ["to-lam-in-havana"]


@pytest.mark.parametrize(
    "sent",
    [
        {"format": CSV, "export_items": ["x", "\0"]},
        {"format": CSV, "export_items": ["9" * 30]},
        {"format": "7"},
        {"format": "\0"},
        {"format": "-1"},
    ],
)
def test_a_forged_form_gives_the_page_again_and_no_file(client, vera, sent):
    builders.trip()
    client.force_login(vera)
    answer = client.post(desk.page(Trip, "export"), sent)
    assert answer.status_code == 200
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert answer.context["form"].errors


def test_a_text_that_no_cell_of_a_workbook_holds_is_named_and_not_cut(client, vera, monkeypatch):
    trip = builders.trip(summary_en="x" * 9_000)
    monkeypatch.setattr(writing_xlsx, "MAX_TEXT", 8_999)
    client.force_login(vera)
    answer = client.post(desk.page(Trip, "export"), {"format": XLSX})
    [sentence] = answer.context["form"].errors["format"]
    assert sentence == (
        f"Row 2, column “summary_en”: the text of {trip.slug} is longer than the 32,767 characters "
        "that a cell of a workbook holds. Export as CSV."
    )
    monkeypatch.undo()
    monkeypatch.setattr(writing_xlsx, "MAX_ROWS", 1)
    answer = client.post(desk.page(Trip, "export"), {"format": XLSX})
    assert answer.context["form"].errors["format"] == [
        "A workbook holds no more than 1,048,576 rows. Export as CSV."
    ]
    assert export(client, Trip, CSV)


def test_every_column_is_a_field_and_every_field_but_the_derived_has_a_column():
    for model in EDITED_MODELS:
        names = {
            field.name for field in model._meta.fields if field.editable and field.name != "id"
        }
        state = {"state"} & {field.name for field in model._meta.fields}
        assert set(COLUMNS[model]) == names - {"file"} | state | {"version"}, model


def questions(client, model):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        export(client, model)
    return len(asked)


@pytest.mark.parametrize("model", [Trip, Participation])
def test_an_export_asks_no_more_for_more_rows(client, vera, model):
    client.force_login(vera)
    found = []
    for number in range(3):
        for trip in (builders.trip(f"Trip {number}{part}") for part in "ab"[: number + 1]):
            builders.leg(trip)
            builders.citation(trip, source=builders.source(f"S {trip.slug}"))
            who = builders.person(f"P {trip.slug}", country=builders.country("US"))
            builders.participation(trip, person=who, country=builders.country("US"))
        found.append(questions(client, model))
    assert found[1] == found[2] <= 15  # the first one asks what the others remember


# What the desk takes in: the rest is told where files are read


def test_a_file_that_cannot_be_read_is_refused_at_the_desk(client, eli, monkeypatch):
    client.force_login(eli)
    [sentence] = refusals(upload(client, Person, b"slug,name\nto-lam,T\xf4"))
    assert sentence.startswith("Row 2, column “name”: a byte is not UTF-8.")
    monkeypatch.setattr(importing, "MAX_ROWS", 2)
    many = as_csv(["slug", "name"], *([f"p-{n}", "Tô Lâm"] for n in range(3)))
    assert refusals(upload(client, Person, many)) == ["The file has more than 2 rows. Split it."]
    monkeypatch.setattr(importing, "MAX_UPLOAD", 10)
    assert refusals(upload(client, Person, many)) == ["The file is larger than 0 MB. Split it."]
    assert not Person.objects.exists()


def test_the_size_of_a_file_is_bounded_as_said():
    assert (importing.MAX_ROWS, importing.MAX_UPLOAD) == (20_000, 20_000_000)


def test_a_workbook_with_plain_numbers_is_read(client, eli):
    builders.trip()
    client.force_login(eli)
    data = as_xlsx(
        ["slug", "trip", "country", "order"],
        ["to-lam-in-new-york-1-us", "to-lam-in-new-york", builders.country("US").code, 2],
    )
    assert counts(upload(client, TripLeg, data, XLSX, "x.xlsx")) == (1, 0, 0, 0)


def test_a_date_cell_in_a_date_column_is_right_and_in_an_edtf_column_is_not(client, eli):
    client.force_login(eli)
    day = datetime(2026, 2, 20)
    right = as_xlsx(["slug", "title_en", "accessed_on"], ["x", "Communist Review", day])
    assert "confirm_form" in upload(client, SourceDocument, right, XLSX).context
    wrong = as_xlsx(["slug", "title_en", "date_edtf"], ["x", "Communist Review", day])
    [sentence] = refusals(upload(client, SourceDocument, wrong, XLSX))
    assert sentence.startswith("2 date_edtf: The spreadsheet made a date of this cell.")


def test_pages_carry_no_script_and_no_style_of_their_own(client, eli):
    builders.person("Tô Lâm")
    client.force_login(eli)
    rows = as_csv(["slug", "name"], ["to-lam", "Tô <b>Lâm</b>"], ["joe", "<script>x</script>"])
    for answer in (
        client.get(desk.page(Person, "import")),
        client.get(desk.page(Person, "export")),
        upload(client, Person, rows),
        upload(client, Person, as_csv(["slug", "name"], ["Ô", "<script>x</script>"])),
    ):
        content = answer.content.decode()
        assert "style=" not in content
        assert "onchange" not in content
        assert "<b>Lâm" not in content
        assert "<script>" not in content
        assert content.count("<script") == content.count("<script src=") + content.count(
            '<script id="django-admin'
        )
