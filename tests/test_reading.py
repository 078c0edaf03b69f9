"""Files taken apart: what is read, and what is refused with the row and the column."""

import io
from datetime import date, datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests import hostile
from tests.files import as_csv, as_xlsx
from timeline.exchange.cells import guard
from timeline.exchange.reading import UnreadableFile, read

BOM = b"\xef\xbb\xbf"


def table(data, max_rows=None):
    with read(io.BytesIO(data), max_rows) as found:
        rows = list(found)
        assert len(rows) == len(found)
        assert list(found) == rows, "it can be gone through again"
        return [found.headers, *rows]


def refusal(data, max_rows=None):
    with pytest.raises(UnreadableFile) as refused:
        read(io.BytesIO(data), max_rows)
    return str(refused.value)


# CSV


@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("separator", [b",", b";"])
@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_csv_as_the_programs_of_the_world_write_it(mark, separator, end):
    lines = b"slug;name", "a;Tô Lâm".encode(), b'b;"x; ""y"""', b'"c";""', b"d", b";", b""
    found = table(mark + end.join(lines).replace(b";", separator))
    shown = f'x{separator.decode()} "y"'
    rows = [["a", "Tô Lâm"], ["b", shown], ["c", ""], ["d", ""]]
    assert found == [["slug", "name"], *enumerate(rows, start=2)]


def test_what_stands_in_quotation_marks_stays_as_it_is():
    text = 'one\ntwo\r\nthree\rfour,;\t"" \'x'
    assert table(as_csv(["slug", "name"], ["a", text]))[1] == (2, ["a", text])
    assert table(b'"slug","na""me, x"\na,b')[0] == ["slug", 'na"me, x']


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty: its first row has to name the columns."),
        (BOM + b"\r\n\r\n", "The file is empty: its first row has to name the columns."),
        (b"slug\tname\na\tb", "The first row has to name the columns, separated by commas or by"),
        (b"slug|name\na|b", "The first row has to name the columns, separated by commas or by"),
        (b"slug,name;kind\n", "The first row has to name the columns, separated by commas or by"),
        (b"slug,name\na,b\nc,T\xf4", "Row 3, column “name”: a byte is not UTF-8. In Excel choose"),
        (b"slug,T\xf4\na,b", "Row 1, column B: a byte is not UTF-8."),
        (b"slug,name\na,\xed\xa0\x80", "Row 2, column “name”: a byte is not UTF-8."),
        (
            b"slug,name\n" * 200 + b"a,b\0",
            "Row 201, column “name”: the cell holds a NUL",
        ),
        (b'slug,name\na,"b\nc,d\n', "Row 2, column “name”: a quotation mark is opened here and"),
        (b'slug,name\n"a"b,c\n', "Row 2, column “slug”: a quotation mark stands where none may."),
        (b'slug,name\na,b "c"\n', "Row 2, column “name”: a quotation mark stands where none may."),
        (b"slug,name\na,b,c\n", "Row 2, column C: this column has no heading."),
        (b"slug,,name\n", "Row 1, column B: this column has no heading."),
        (b"slug,name,slug, name\n", "A column appears twice: name, slug."),
        (b"slug\na\n\nb\n", "Row 3 is empty, and rows follow it. Delete it."),
        (b"slug,name\n,\na,b\n", "Row 2 is empty, and rows follow it. Delete it."),
        (b"\nslug,name\na,b\n", "The file is empty: its first row has to name the columns."),
        (b"slug\na\nb\nc\n", "The file has more than 2 rows. Split it."),
        (",".join(f"c{n}" for n in range(101)).encode(), "The file has more than 100 columns."),
        (b"slug,name\na," + b"x" * 100_001, "Row 2, column “name”: the cell has more than 100000"),
        (b"slug\n" + b"x,y," * 300_000, "Row 2 has more than 1000000 characters."),
        ("slug,name".encode("utf-16"), "The file is UTF-16, not UTF-8."),
        ("slug,name".encode("utf-16-le"), "This is neither a CSV file in UTF-8 nor an XLSX"),
    ],
)
def test_csv_that_is_not_for_certain_is_refused(data, sentence):
    assert refusal(data, max_rows=300 if len(data) > 1000 else 2).startswith(sentence)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=3, max_size=3
        ),
        min_size=1,
    )
)
def test_whatever_is_written_as_csv_comes_back(rows):
    data = as_csv(["slug", "a", "b", "c"], *(["x", *map(guard, row)] for row in rows))
    assert table(data)[1:] == list(enumerate((["x", *row] for row in rows), start=2))


def test_a_heading_alone_is_no_table():
    for data in (b"slug,name\n", b"slug,name\n,\n\n", as_xlsx(["slug", "name"])):
        assert refusal(data) == "The file has no rows below its heading."


# XLSX


def test_a_workbook_as_somebody_typed_it():
    moment = datetime(2026, 2, 20, 9, 30)
    data = as_xlsx(
        ["slug", "text", "number", "truth", "day", "moment"],
        ["a", "Tô Lâm\nx", 2013, True, date(2026, 2, 20), moment],
        ["b", None, -1.5, False, None, None],
        ["c", " x ", 37200000000.5, None, None, ""],
        [None, None],
    )
    assert table(data) == [
        ["slug", "text", "number", "truth", "day", "moment"],
        (2, ["a", "Tô Lâm\nx", "2013", "TRUE", datetime(2026, 2, 20), moment]),
        (3, ["b", "", "-1.5", "FALSE", "", ""]),
        (4, ["c", " x ", "37200000000.5", "", "", ""]),
    ]


def cells(*written, **parts):
    """A workbook whose row 2 has these `<c>` elements; its text."""
    row = "".join(written)
    return hostile.sheet(f'<row r="2">{row}</row>')


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('<c r="B2"><v>0.28999999999999998</v></c>', "0.29"),
        ('<c r="B2"><v>1E-3</v></c>', "0.001"),
        ('<c r="B2"><v>007</v></c>', "7"),
        ('<c r="B2" t="str"><v>x</v></c>', "x"),
        ('<c r="B2" t="d"><v>2026-02-20T00:00:00</v></c>', datetime(2026, 2, 20)),
        ('<c r="B2" t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r></is></c>', "a b"),
        ('<c r="B2" t="inlineStr"><is><t>東京</t><rPh><t>とうきょう</t></rPh></is></c>', "東京"),
        ('<c r="B2" t="inlineStr"><is><t>a_x000D_b_x0041_</t></is></c>', "a\rbA"),
        ('<c r="B2" t="inlineStr"><is><t>_x005F_x0041_ _x41_</t></is></c>', "_x0041_ _x41_"),
        ('<c r="B2" t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c>', "😀"),
        ('<c r="B2" t="inlineStr"><is><t xml:space="preserve"> &lt;\n </t></is></c>', " <\n "),
        ('<c t="inlineStr"><is><t/></is></c><c><v>5</v></c>', "5"),
    ],
)
def test_the_cells_of_a_workbook(written, read_as):
    assert table(cells(written))[1] == (2, ["", read_as])


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "Row 2, column “name”: the cell holds a formula."),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "Row 2, column “name”: the cell holds an error."),
        ('<c r="B2"><v>1E+15</v></c>', "Row 2, column “name”: the spreadsheet made a number of"),
        ('<c r="B2"><v>NaN</v></c>', "Row 2, column “name”: the spreadsheet made a number of"),
        ('<c r="B2" t="inlineStr"><is><t>_x0000_</t></is></c>', "Row 2, column “name”: the cell h"),
        ('<c r="B2" t="inlineStr"><is><t>_xD83D_</t></is></c>', "Row 2, column “name”: the cell h"),
        ('<c r="C2"><v>1</v></c>', "Row 2, column C: this column has no heading."),
        ('<c r="CW2"><v>1</v></c>', "The file has more than 100 columns."),
        ('<c r="B2" t="s"><v>-1</v></c>', hostile.NEITHER),
        ('<c r="B2" t="s"><v>1</v></c>', hostile.NEITHER),
        ('<c r="B2" t="d"><v>soon</v></c>', hostile.NEITHER),
        ('<c r="b2"><v>1</v></c>', hostile.NEITHER),
        ('<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>', hostile.NEITHER),
        ('<c r="XFE2"><v>1</v></c>', hostile.NEITHER),
        ("<c", hostile.NEITHER),
        ('</row><row r="2">', hostile.NEITHER),
    ],
)
def test_the_cells_of_a_workbook_that_are_refused(written, sentence):
    assert refusal(cells(written)).startswith(sentence)


def test_dates_are_known_by_the_format_of_their_cells():
    book, out = Workbook(), io.BytesIO()
    book.active.append(["slug", "a", "b", "c", "d"])
    book.active.append(["x", 46073, 46073, 46073.5, 59])
    formats = {"B2": "mmm yy", "C2": '0 "days"', "D2": 'd/m/yyyy "at" h:mm', "E2": "[$-42A]dd mmmm"}
    for cell, shown in formats.items():
        book.active[cell].number_format = shown
    book.save(out)
    days = [datetime(2026, 2, 20), "46073", datetime(2026, 2, 20, 12), datetime(1900, 2, 28)]
    assert table(out.getvalue())[1] == (2, ["x", *days])


def test_a_workbook_may_count_its_days_from_1904():
    book, out = Workbook(), io.BytesIO()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["slug", "day"])
    book.active.append(["x", date(2026, 2, 20)])
    book.save(out)
    assert table(out.getvalue())[1] == (2, ["x", datetime(2026, 2, 20)])


@pytest.mark.parametrize("value", [time(9, 30), 60, -1, 3_000_000])
def test_what_is_shown_as_a_date_and_is_none_is_refused(value):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["slug", "day"])
    book.active.append(["x", value])
    if not isinstance(value, time):
        book.active["B2"].number_format = "yyyy-mm-dd"
    book.save(out)
    assert refusal(out.getvalue()).startswith("Row 2, column “day”: the ")


def test_a_workbook_has_one_sheet_and_no_merged_cells():
    book, out = Workbook(), io.BytesIO()
    book.active.append(["slug", "name"])
    book.active.append(["x", "y"])
    book.active.merge_cells("A2:A3")
    book.save(out)
    assert refusal(out.getvalue()).startswith("The cells A2:A3 are merged.")
    book.create_sheet("2").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()).startswith("The workbook has 2 sheets, hidden ones")


def test_texts_that_cells_share():
    for content, text in {
        "<si><t>Tô Lâm</t></si><si/>": "Tô Lâm",
        "<si><r><t>a </t></r><r><t>b_x0041_</t></r></si>": "a bA",
        "<si><t>東京</t><rPh><t>とうきょう</t></rPh></si>": "東京",
    }.items():
        assert table(hostile.shared(content))[1:] == [(2, ["", text])]
    blank = hostile.shared("<si/><si><t>x</t></si>")
    assert refusal(blank) == "The file has no rows below its heading."


def test_no_text_is_cut_wherever_it_ends():
    for length in range(700_000, 800_000, 20_000):
        cell = hostile.CELL.format("B2", "x" * length)
        assert refusal(hostile.sheet(f'<row r="2">{cell}</row>', level=0)) == hostile.TOO_LONG


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_workbook_may_name_its_elements_in_another_way(prefix):
    text = '<row r="1"><c t="inlineStr"><is><t>slug</t></is></c></row><row><c><v>1</v></c></row>'
    text = f"<worksheet {hostile.MAIN}><sheetData>{text}</sheetData></worksheet>"
    if prefix:
        text = text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
        text = text.replace("xmlns=", "xmlns:x=")
    assert table(hostile.workbook({hostile.SHEET: lambda old: text})) == [["slug"], (2, ["1"])]


# Both


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_the_marker_clears_and_what_reads_like_it_does_not(make):
    data = make(["slug", "a", "b", "c", "d"], ["x", " [CLEAR] ", "'[clear]", "''=1", "'=1"])
    assert table(data)[1] == (2, ["x", None, "[clear]", "'=1", "=1"])


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_several_go_through_a_table_at_once(make):
    data = make(["slug"], *([f"{number}"] for number in range(5)))
    with read(io.BytesIO(data)) as found:
        assert list(zip(found, found, strict=True)) == [(row, row) for row in found]


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_an_upload_is_read_and_left_open(make, tmp_path):
    data = make(["slug"], ["x"])
    small = SimpleUploadedFile("x.csv", data)
    large = TemporaryUploadedFile("x", "text/csv", len(data), None)
    large.write(data)
    for file in (small, large):
        with read(file) as found:
            assert list(found) == [(2, ["x"])]
        file.seek(0)
        assert file.read() == data
    large.close()
