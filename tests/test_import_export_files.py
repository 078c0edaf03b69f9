"""The files of the exchange: what goes out comes back, and what is too much is not read."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests import builders, desk
from tests.files import CSV, XLSX, as_csv, as_xlsx, confirmation, export, read_csv, refusals, upload
from timeline.admin import exchange
from timeline.exchange import formats
from timeline.exchange.resources import COLUMNS
from timeline.models import EDITED_MODELS, Correction, Participation, Person, SourceDocument, Trip

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "'", "＝1+1", "''x", "'x"]


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def many():
    usa = builders.country("US")
    for number, text in enumerate(FORMULAS):
        builders.person(
            f"P{number}", slug=f"p-{number}", aliases=f'{text}\nTô Lâm; "a, b"', country=usa
        )


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_what_is_exported_comes_back_unchanged(client, eli, file_format):
    many()
    trip = builders.trip(
        date_edtf="2013-07", publish_at=datetime.fromisoformat("2026-02-20T09:00+07:00")
    )
    deal = builders.agreement(value_amount="37200000000.50", value_currency="USD")
    builders.item(deal, quantity=90)
    builders.source(is_held=False, accessed_on="2026-02-20")
    builders.citation(trip, source=SourceDocument.objects.get(), statement_vi="=1\nhai")
    builders.leg(trip)
    builders.participation(deal, country=builders.country("US"), role="buyer")
    builders.tenure(person=Person.objects.first())
    builders.meeting(trip=trip, date_edtf="[2013-07-01..2013-07-02]")
    builders.organization()
    builders.correction(trip)
    client.force_login(eli)
    for model in EDITED_MODELS:
        name = f"x.{'csv' if file_format == CSV else 'xlsx'}"
        data = export(client, model, file_format)
        preview = upload(client, model, data, file_format, name)
        assert "confirm_form" in preview.context, (model, refusals(preview))
        totals = preview.context["result"].totals
        assert (totals["skip"], totals["new"], totals["update"]) == (model.objects.count(), 0, 0)
        before = list(model.objects.values())
        related = {field.related_model for field in model._meta.related_objects}
        if model is not Correction and not related & set(EDITED_MODELS):  # a draft has none
            model.objects.all().delete()
            model.history.all().delete()  # else the file would bring back what was deleted
            preview = upload(client, model, data, file_format, name)
            client.post(desk.page(model, "process_import"), confirmation(preview))
            volatile = ("id", "version", "created_at", "updated_at")
            after = list(model.objects.values())
            assert [{k: r[k] for k in r if k not in volatile} for r in after] == [
                {k: r[k] for k in r if k not in volatile} for r in before
            ]


def test_no_cell_of_an_export_is_a_formula(client, vera):
    many()
    client.force_login(vera)
    data = export(client, Person)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    cells = [row["aliases"] for row in read_csv(data)]
    assert len(cells) == len(FORMULAS)
    sheet = load_workbook(io.BytesIO(export(client, Person, XLSX))).active
    written = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in written} == {"s"}
    for cell in [*cells, *(cell.value for cell in written)]:
        assert cell[0] not in "=+-@＝", cell


def test_the_export_has_the_declared_columns_and_follows_the_filter(client, vera):
    builders.trip("To Lam in New York", kind="working_visit")
    builders.trip("To Lam in Havana", kind="state_visit", state="review")
    client.force_login(vera)
    rows = read_csv(export(client, Trip))
    assert list(rows[0]) == list(COLUMNS[Trip])
    address = f"{desk.page(Trip, 'export')}?kind__exact=state_visit"
    rows = read_csv(client.post(address, {"format": CSV}).content)
    assert [(row["slug"], row["state"]) for row in rows] == [("to-lam-in-havana", "review")]


def test_chosen_rows_are_exported_alone(client, vera):
    builders.trip("To Lam in New York")
    chosen = builders.trip("To Lam in Havana")
    client.force_login(vera)
    page = client.post(
        desk.page(Trip), {"action": "export_admin_action", "_selected_action": [chosen.pk]}
    )
    assert page.status_code == 200
    assert f'value="{chosen.pk}"' in page.content.decode()
    for keys, found in [([chosen.pk], ["to-lam-in-havana"])]:
        rows = read_csv(export(client, Trip, export_items=keys))
        assert [row["slug"] for row in rows] == found
    answer = client.post(desk.page(Trip, "export"), {"format": CSV, "export_items": ["x", "\0"]})
    assert answer.status_code == 200
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_every_column_is_a_field_and_every_field_but_the_derived_has_a_column():
    for model in EDITED_MODELS:
        names = {
            field.name for field in model._meta.fields if field.editable and field.name != "id"
        }
        state = {"state"} & {field.name for field in model._meta.fields}
        assert set(COLUMNS[model]) == names - {"file"} | state | {"version"}, model


def test_an_export_asks_a_bounded_number_of_questions(client, vera, django_assert_max_num_queries):
    trip = builders.trip()
    for number in range(30):
        who = builders.person(f"P {number}", country=builders.country("US"))
        builders.participation(trip, person=who, country=builders.country("US"))
    client.force_login(vera)
    with django_assert_max_num_queries(8):
        export(client, Participation)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_of_another_country_separates_otherwise(client, eli, delimiter):
    client.force_login(eli)
    data = f"slug{delimiter}name\r\nto-lam{delimiter}Tô Lâm\r\n{delimiter}\r\n".encode("utf-8-sig")
    preview = upload(client, Person, data)
    assert preview.context["result"].totals["new"] == 1


def test_a_workbook_with_plain_numbers_is_read(client, eli):
    builders.trip()
    client.force_login(eli)
    data = as_xlsx(
        ["slug", "trip", "country", "order"],
        ["to-lam-in-new-york-1-us", "to-lam-in-new-york", builders.country("US").code, 2],
    )
    preview = upload(client, builders.models.TripLeg, data, XLSX, "x.xlsx")
    assert "confirm_form" in preview.context, refusals(preview)


def bomb(rows=0, dimension="A1:XFD1048576", **parts):
    """A small file that unpacks to much, or says so."""
    out = io.BytesIO(as_xlsx(["slug", "name"], ["to-lam", "Tô Lâm"]))
    packed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"A1:B2", dimension.encode())
                content += b" " * rows
            new.writestr(name, content)
        for number in range(parts.get("entries", 0)):
            new.writestr(f"x{number}.xml", "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "file_format", "sentence"),
    [
        (b"slug,name\nto-lam,T\xf4", CSV, "The file is not UTF-8."),
        (b'slug,name\nto-lam,"T', CSV, "Line 2 is not CSV"),
        (b"\n", CSV, "The file is empty"),
        (b"slug,slug\nx,y\n", CSV, "A column appears twice: slug."),
        (b"slug,name\nto-lam,x,y\n", CSV, "Row 2 has no heading"),
        (b"slug,name\n,\nto-lam,x\n", CSV, "Row 3 has no heading"),
        (b"slug,name\n", CSV, "No valid data to import"),
        (b"slug," + b"x," * 200 + b"\n", CSV, "more than 100 columns"),
        (b"slug\n" + b"x\n" * 2_001, CSV, "The file has more than 2000 rows. Split it."),
        (b"slug\nx\n", XLSX, "This is not an XLSX workbook."),
        (b"PK\x03\x04", XLSX, "This is not an XLSX workbook."),
        (bomb(), XLSX, "The file has more than 2000 rows. Split it."),
        (bomb(dimension="A1:XFD2"), XLSX, "The file has more than 100 columns."),
        (bomb(rows=60_000_000), XLSX, "unpacks to far more"),
        (bomb(rows=5_000_000), XLSX, "unpacks to far more"),
        (bomb(dimension="A1:B2", entries=300), XLSX, "unpacks to far more"),
        (as_xlsx(["slug", "name"], ["x", "=1+1"]), XLSX, "The cell B2 holds a formula"),
        (
            as_xlsx(["slug", "name"], ["x", datetime(2013, 7, 1)]),
            XLSX,
            "2 name: The spreadsheet made a date of this cell. Format the column as text",
        ),
        (
            as_xlsx(["slug", "name"], *([f"p{n}", "x"] for n in range(2_001))),
            XLSX,
            "more than 2000",
        ),
        (b"x" * 10_000_001, CSV, "The file is larger than 10 MB. Split it."),
    ],
    ids=range(20),
)
def test_a_file_that_is_not_what_it_says_or_too_much_is_refused(
    client, eli, data, file_format, sentence
):
    client.force_login(eli)
    answer = upload(client, Person, data, file_format)
    assert answer.status_code == 200
    assert sentence in " | ".join(refusals(answer))
    assert not Person.objects.exists()


def test_a_date_cell_in_a_date_column_is_right_and_in_an_edtf_column_is_not(client, eli):
    client.force_login(eli)
    day = datetime(2026, 2, 20)
    right = as_xlsx(["slug", "title_en", "accessed_on"], ["x", "Communist Review", day])
    assert "confirm_form" in upload(client, SourceDocument, right, XLSX).context
    wrong = as_xlsx(["slug", "title_en", "date_edtf"], ["x", "Communist Review", day])
    [sentence] = refusals(upload(client, SourceDocument, wrong, XLSX))
    assert sentence.startswith("2 date_edtf: The spreadsheet made a date of this cell.")


def test_the_number_of_rows_is_bounded_as_said():
    assert (formats.MAX_ROWS, exchange.MAX_UPLOAD) == (2_000, 10_000_000)


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
