"""Dates: what is read and how it is named, what is refused and what the refusal says.

The `edtf` package (5.0.2) is asked for a second opinion on bounds. What it takes and we do not
is listed in `ACCEPTED_BY_THE_PACKAGE`; what it guesses is named at `dated_bounds`.
"""

import ast
import copy
import datetime
import pickle
import re
import sys
from pathlib import Path

import edtf as package
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline import edtf_error
from timeline.edtf import EXAMPLES, MAX_LENGTH, EdtfError, parse

# text, earliest, latest, precision, qualifier, English label, Vietnamese label
GOOD = """
2024 | 2024-01-01 | 2024-12-31 | year | | 2024 | năm 2024
2013-07 | 2013-07-01 | 2013-07-31 | month | | July 2013 | tháng 7 năm 2013
2024-09-22 | 2024-09-22 | 2024-09-22 | day | | 22 September 2024 | ngày 22 tháng 9 năm 2024
2026-02-05 | 2026-02-05 | 2026-02-05 | day | | 5 February 2026 | ngày 5 tháng 2 năm 2026
2023-02 | 2023-02-01 | 2023-02-28 | month | | February 2023 | tháng 2 năm 2023
2024-02 | 2024-02-01 | 2024-02-29 | month | | February 2024 | tháng 2 năm 2024
1900-02 | 1900-02-01 | 1900-02-28 | month | | February 1900 | tháng 2 năm 1900
2024-02-29 | 2024-02-29 | 2024-02-29 | day | | 29 February 2024 | ngày 29 tháng 2 năm 2024
0001 | 0001-01-01 | 0001-12-31 | year | | 1 | năm 1
9999-12 | 9999-12-01 | 9999-12-31 | month | | December 9999 | tháng 12 năm 9999

2013-07~ | 2013-07-01 | 2013-07-31 | month | ~ | about July 2013 | khoảng tháng 7 năm 2013
2013-07? | 2013-07-01 | 2013-07-31 | month | ? | probably July 2013 | có lẽ tháng 7 năm 2013
2013-07% | 2013-07-01 | 2013-07-31 | month | % | probably about July 2013 \
    | có lẽ khoảng tháng 7 năm 2013
2024~ | 2024-01-01 | 2024-12-31 | year | ~ | about 2024 | khoảng năm 2024
2024-09-22~ | 2024-09-22 | 2024-09-22 | day | ~ | about 22 September 2024 \
    | khoảng ngày 22 tháng 9 năm 2024

2026-02-18/2026-02-20 | 2026-02-18 | 2026-02-20 | interval | | 18-20 February 2026 \
    | từ 18 đến 20 tháng 2 năm 2026
2024-09-30/2024-10-02 | 2024-09-30 | 2024-10-02 | interval | \
    | from 30 September 2024 to 2 October 2024 | từ 30 tháng 9 năm 2024 đến 2 tháng 10 năm 2024
2023-02-18/2024-02-20 | 2023-02-18 | 2024-02-20 | interval | \
    | from 18 February 2023 to 20 February 2024 | từ 18 tháng 2 năm 2023 đến 20 tháng 2 năm 2024
2024-05/2024-07 | 2024-05-01 | 2024-07-31 | interval | | from May 2024 to July 2024 \
    | từ tháng 5 năm 2024 đến tháng 7 năm 2024
2024/2026 | 2024-01-01 | 2026-12-31 | interval | | from 2024 to 2026 | từ năm 2024 đến năm 2026
2004-02-01/2005-02 | 2004-02-01 | 2005-02-28 | interval | \
    | from 1 February 2004 to February 2005 | từ 1 tháng 2 năm 2004 đến tháng 2 năm 2005
2024/2024-05 | 2024-01-01 | 2024-05-31 | interval | | from 2024 to May 2024 \
    | từ năm 2024 đến tháng 5 năm 2024
2024-05/2024 | 2024-05-01 | 2024-12-31 | interval | | from May 2024 to 2024 \
    | từ tháng 5 năm 2024 đến năm 2024
2024-05-30/2024-05 | 2024-05-30 | 2024-05-31 | interval | | from 30 May 2024 to May 2024 \
    | từ 30 tháng 5 năm 2024 đến tháng 5 năm 2024
2024-05-01/2024-05-01 | 2024-05-01 | 2024-05-01 | interval | | 1 May 2024 \
    | ngày 1 tháng 5 năm 2024
2024-05/2024-05 | 2024-05-01 | 2024-05-31 | interval | | May 2024 | tháng 5 năm 2024
2026-02-18~/2026-02-20 | 2026-02-18 | 2026-02-20 | interval | \
    | from about 18 February 2026 to 20 February 2026 \
    | từ khoảng ngày 18 tháng 2 năm 2026 đến 20 tháng 2 năm 2026
2026-02-18~/2026-02-20? | 2026-02-18 | 2026-02-20 | interval | \
    | from about 18 February 2026 to probably 20 February 2026 \
    | từ khoảng ngày 18 tháng 2 năm 2026 đến có lẽ ngày 20 tháng 2 năm 2026
2024~/2026~ | 2024-01-01 | 2026-12-31 | interval | ~ | from about 2024 to about 2026 \
    | từ khoảng năm 2024 đến khoảng năm 2026
2024-09-21/.. | 2024-09-21 | | interval | | from 21 September 2024 on \
    | từ 21 tháng 9 năm 2024 trở đi
../2024-09-21 | | 2024-09-21 | interval | | until 21 September 2024 | đến 21 tháng 9 năm 2024
2024-09-21/ | 2024-09-21 | | interval | | from 21 September 2024, end unknown \
    | từ 21 tháng 9 năm 2024, không rõ ngày kết thúc
/2024-09-21 | | 2024-09-21 | interval | | until 21 September 2024, beginning unknown \
    | đến 21 tháng 9 năm 2024, không rõ ngày bắt đầu
2013-07?/.. | 2013-07-01 | | interval | ? | from probably July 2013 on \
    | từ có lẽ tháng 7 năm 2013 trở đi
/2024% | | 2024-12-31 | interval | % | until probably about 2024, beginning unknown \
    | đến có lẽ khoảng năm 2024, không rõ ngày bắt đầu

[2026-02-19..2026-02-20] | 2026-02-19 | 2026-02-20 | set | | one of 19-20 February 2026 \
    | một trong các ngày 19-20 tháng 2 năm 2026
[2024-04-30..2024-05-02] | 2024-04-30 | 2024-05-02 | set | \
    | one of the days from 30 April 2024 to 2 May 2024 \
    | một trong các ngày từ 30 tháng 4 năm 2024 đến 2 tháng 5 năm 2024
[2024-05..2024-07] | 2024-05-01 | 2024-07-31 | set | \
    | one of the months from May 2024 to July 2024 \
    | một trong các tháng từ tháng 5 năm 2024 đến tháng 7 năm 2024
[2024..2026] | 2024-01-01 | 2026-12-31 | set | | one of the years from 2024 to 2026 \
    | một trong các năm từ năm 2024 đến năm 2026
[2024-05-03,2024-05-07] | 2024-05-03 | 2024-05-07 | set | | either 3 May 2024 or 7 May 2024 \
    | ngày 3 tháng 5 năm 2024 hoặc ngày 7 tháng 5 năm 2024
[2024-05,2024-07] | 2024-05-01 | 2024-07-31 | set | | either May 2024 or July 2024 \
    | tháng 5 năm 2024 hoặc tháng 7 năm 2024
[2013,2015,2023] | 2013-01-01 | 2023-12-31 | set | | either 2013, 2015 or 2023 \
    | năm 2013, năm 2015 hoặc năm 2023
[2024-05-03,2024-05-09..2024-05-11] | 2024-05-03 | 2024-05-11 | set | \
    | either 3 May 2024 or one of 9-11 May 2024 \
    | ngày 3 tháng 5 năm 2024 hoặc một trong các ngày 9-11 tháng 5 năm 2024
"""
GOOD = [[cell.strip() for cell in row.split("|")] for row in GOOD.splitlines() if row]


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row[0])
def test_good_text_is_read_and_named(row):
    text = row[0]
    value = parse(text)
    assert [
        str(value),
        value.earliest.isoformat() if value.earliest else "",
        value.latest.isoformat() if value.latest else "",
        value.precision,
        value.qualifier,
        value.label("en"),
        value.label("vi"),
    ] == row


NOT_THE_FORM = "a date has the form YYYY, YYYY-MM or YYYY-MM-DD"
ORDER = "the dates of a set stand in order, each once"
MISSING = "a date is missing"

# text, what the message says is wrong; it then shows EXAMPLES
REFUSED = [
    # no such day
    ("2023-02-29", "February 2023 has no day 29"),
    ("1900-02-29", "February 1900 has no day 29"),
    ("2024-04-31", "April 2024 has no day 31"),
    ("2024-04-00", "April 2024 has no day 00"),
    ("2024-13", "there is no month 13"),
    ("2024-00", "there is no month 00"),
    ("2024-99-01", "there is no month 99"),
    ("0000", "the years run from 0001 to 9999"),
    ("0000-01-01", "the years run from 0001 to 9999"),
    ("2024-05-01/2023-02-29", "February 2023 has no day 29"),
    ("[2023-02-28,2023-02-29]", "February 2023 has no day 29"),
    # not a date at all
    ("", MISSING),
    ("   ", MISSING),
    ("hello", NOT_THE_FORM),
    ("-0044", NOT_THE_FORM),
    ("12024", NOT_THE_FORM),
    ("Y12024", NOT_THE_FORM),
    ("24-09-22", NOT_THE_FORM),
    ("22/9/24", NOT_THE_FORM),
    ("2024-W05", NOT_THE_FORM),
    ("2024-123", NOT_THE_FORM),
    ("2024S2", NOT_THE_FORM),
    ("2024~~", NOT_THE_FORM),
    ("2024-~05", NOT_THE_FORM),
    ("2024?-05", NOT_THE_FORM),
    ("19XX", NOT_THE_FORM),
    ("2024-05/07", NOT_THE_FORM),
    ("31/2/2024", NOT_THE_FORM),
    ("٢٠٢٤", NOT_THE_FORM),
    ("20\x0024", NOT_THE_FORM),
    ("\u202e2024", NOT_THE_FORM),
    ("\ud800", NOT_THE_FORM),
    ("2024]", NOT_THE_FORM),
    ("2024-21", "seasons are not used"),
    ("2024-41", "seasons are not used"),
    ("2024-42", "there is no month 42"),
    ("{2024,2025}", "sets of several dates {} are not used, only one of a set []"),
    # intervals
    ("2024-05/2024-04", "it ends before it begins"),
    ("2024-05-02/2024-05-01", "it ends before it begins"),
    ("2024-05-01/2024-04", "it ends before it begins"),
    ("2025/2024-12-31~", "it ends before it begins"),
    ("/", "an interval needs a date at one end at least"),
    ("../..", "an interval needs a date at one end at least"),
    ("../", "an interval needs a date at one end at least"),
    ("/..", "an interval needs a date at one end at least"),
    ("..", NOT_THE_FORM),
    ("..~/2024", NOT_THE_FORM),
    ("2024/2025/2026", NOT_THE_FORM),
    ("2024//2025", NOT_THE_FORM),
    ("2024/[2025,2026]", NOT_THE_FORM),
    # sets
    ("[2024]", "a set needs two dates at least"),
    ("[]", MISSING),
    ("[2024,]", MISSING),
    ("[..2024]", MISSING),
    ("[2024..]", MISSING),
    ("[2024,2025", "the bracket [ is not closed with ]"),
    ("[2024,2025]~", "the bracket [ is not closed with ]"),
    ("[2024,2024]", ORDER),
    ("[2024..2024]", ORDER),
    ("[2026,2024]", ORDER),
    ("[2026..2024]", ORDER),
    ("[2024..2026,2025]", ORDER),
    ("[2024-05,2024]", "the dates of a set are all days, all months or all years"),
    ("[2024..2025-05]", "the dates of a set are all days, all months or all years"),
    ("[2024~,2025]", "the dates of a set carry no ?, ~ or %"),
    ("[2024..2025?]", "the dates of a set carry no ?, ~ or %"),
    ("[2024..2025..2026]", NOT_THE_FORM),
    ("[2024/2025,2026]", NOT_THE_FORM),
]


@pytest.mark.parametrize(("text", "problem"), REFUSED, ids=[ascii(text) for text, _ in REFUSED])
def test_refused_text_is_named_with_the_problem_and_examples(text, problem):
    with pytest.raises(EdtfError) as refused:
        parse(text)
    assert str(refused.value) == f"{text!r} is not a date: {problem}. Write for example {EXAMPLES}."


RANGE = '2024-05-01/2024-05-03 for "1-3 May 2024", or [2024-05-01..2024-05-03] for "one of 1-3 May'
TRIP = '2026-02-18/2026-02-20 for "18-20 February 2026", or [2026-02-18..2026-02-20] for "one of'

# what editors write, what the message tells them to write
MEANT = [
    ("22/9/2024", '2024-09-22 for "22 September 2024".'),
    ("22-09-2024", '2024-09-22 for "22 September 2024".'),
    ("22.9.2024", '2024-09-22 for "22 September 2024".'),
    ("9/22/2024", '2024-09-22 for "22 September 2024".'),
    ("3/4/2024", '2024-04-03 for "3 April 2024".'),
    ("9/2024", '2024-09 for "September 2024".'),
    ("09-2024", '2024-09 for "September 2024".'),
    ("2024/09", '2024-09 for "September 2024".'),
    ("2024.9", '2024-09 for "September 2024".'),
    ("2024-9", '2024-09 for "September 2024".'),
    ("2024/9/22", '2024-09-22 for "22 September 2024".'),
    ("2024-9-1", '2024-09-01 for "1 September 2024".'),
    ("20240922", '2024-09-22 for "22 September 2024".'),
    ("２０２４", '2024 for "2024".'),
    ("22 September 2024", '2024-09-22 for "22 September 2024".'),
    ("July 2013", '2013-07 for "July 2013".'),
    ("Ngày 22 tháng 9 năm 2024", '2024-09-22 for "22 September 2024".'),
    ("Nga\u0300y 22/9/2024", '2024-09-22 for "22 September 2024".'),
    ("Tháng 7/2013", '2013-07 for "July 2013".'),
    ("tháng 02 năm 2026", '2026-02 for "February 2026".'),
    ("2024-09-22T10:00", '2024-09-22 for "22 September 2024".'),
    ("2024-09-22 00:00:00", '2024-09-22 for "22 September 2024".'),
    ("2013-07 ~", '2013-07~ for "about July 2013".'),
    ("~2013-07", '2013-07~ for "about July 2013".'),
    ("about 2013", '2013~ for "about 2013".'),
    ("c. 2013", '2013~ for "about 2013".'),
    ("khoảng tháng 7/2013", '2013-07~ for "about July 2013".'),
    ("2013?~", '2013% for "probably about 2013".'),
    ("2013-XX", '2013 for "2013".'),
    ("2013-uu-uu", '2013 for "2013".'),
    ("201X", '2010/2019 for "from 2010 to 2019", or [2010..2019] for "one of the years from'),
    ("2004-06/open", '2004-06/.. for "from June 2004 on".'),
    ("unknown/2004", '/2004 for "until 2004, beginning unknown".'),
    ("2024-05-01 - 2024-05-03", RANGE),
    ("2024-05-01-2024-05-03", RANGE),
    ("2024-05-01 – 2024-05-03", RANGE),
    ("2024-05-01 to 2024-05-03", RANGE),
    ("2024-05-01 / 2024-05-03", RANGE),
    ("2024-05-01..2024-05-03", RANGE),
    ("1/5/2024 - 3/5/2024", RANGE),
    ("2013-2015", '2013/2015 for "from 2013 to 2015", or [2013..2015] for "one of the years from'),
    ("18-20/02/2026", TRIP),
    ("ngày 18 - 20/02/2026", TRIP),
    ("từ 18 đến 20 tháng 2 năm 2026", TRIP),
    ("từ ngày 18/2/2026 đến ngày 20/2/2026", TRIP),
    ("2024-05-03 or 2024-05-07", '[2024-05-03,2024-05-07] for "either 3 May 2024 or 7 May'),
    ("[2024-05-03, 2024-05-07]", '[2024-05-03,2024-05-07] for "either 3 May 2024 or 7 May'),
]


@pytest.mark.parametrize(("text", "advice"), MEANT, ids=[ascii(text) for text, _ in MEANT])
def test_refused_text_is_answered_with_what_the_editor_meant(text, advice):
    with pytest.raises(EdtfError) as refused:
        parse(text)
    assert str(refused.value).startswith(f"{text!r} is not a date: {NOT_THE_FORM}. Write {advice}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None is not text but NoneType: format the cell as text"),
        (2024, "2024 is not text but int"),
        (b"2024", "b'2024' is not text but bytes"),
        (datetime.date(2013, 7, 1), "datetime.date(2013, 7, 1) is not text but date"),
    ],
)
def test_only_text_is_read(value, shown):
    with pytest.raises(EdtfError) as refused:
        parse(value)
    assert str(refused.value).startswith(shown)
    assert EXAMPLES in str(refused.value)


def test_long_text_is_refused_and_shortened_in_the_message():
    longest = f"[{','.join(f'2024-05-{day:02}' for day in range(1, 10))}]"
    assert len(longest) == MAX_LENGTH
    assert parse(longest).latest == datetime.date(2024, 5, 9)
    for text in (longest.replace("]", ",2024-05-10]"), "x" * 10_000, "2024" * 2_500, "[" * 10_000):
        with pytest.raises(EdtfError, match="is longer than 100 characters") as refused:
            parse(text)
        assert len(str(refused.value)) < 300


def test_blanks_around_the_text_are_dropped():
    assert parse(" \t2013-07~\n") == parse("2013-07~")
    assert str(parse("\u00a02013-07~ ")) == "2013-07~"
    assert parse(" " * 10_000 + "2024") == parse("2024")


def test_a_label_needs_a_language_we_have():
    for language in ("fr", "", "EN", None):
        with pytest.raises(ValueError, match="only in en and vi"):
            parse("2024").label(language)


def test_a_value_is_frozen_comparable_and_can_be_stored():
    value = parse("[2026-02-19..2026-02-20]")
    with pytest.raises(AttributeError):
        value.earliest = None
    assert {value, parse(str(value))} == {value}
    assert value != parse("2026-02-19/2026-02-20")
    for copied in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert (copied, copied.label("vi")) == (value, value.label("vi"))


@pytest.mark.parametrize("name", ["edtf.py", "edtf_error.py"])
def test_the_module_imports_the_standard_library_only(name):
    source = Path(__file__).parents[1] / "timeline" / name
    imported = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module != "timeline.edtf_error":
            imported.add("" if node.level else node.module.split(".")[0])
    assert imported <= sys.stdlib_module_names


# Generated values. A text is cut from ISO days: four characters for a year, seven for a month.
WIDTHS = st.sampled_from([4, 7, 10])
QUALIFIERS = st.sampled_from(["", "", "?", "~", "%"])
DATES = st.builds(lambda day, width, mark: f"{day}"[:width] + mark, st.dates(), WIDTHS, QUALIFIERS)


@st.composite
def intervals(draw):
    days = sorted([draw(st.dates()), draw(st.dates())])
    start, end = (str(day)[: draw(WIDTHS)] + draw(QUALIFIERS) for day in days)
    missing = draw(st.sampled_from(["", ".."]))
    return draw(st.sampled_from([f"{start}/{end}", f"{start}/{missing}", f"{missing}/{end}"]))


@st.composite
def sets(draw):
    width = draw(WIDTHS)
    days = draw(st.lists(st.dates(), min_size=2, max_size=5, unique_by=lambda d: str(d)[:width]))
    text = ""
    for day in sorted(days):
        may_run_on = text and ".." not in text[-width - 2 :]  # a..b..c is no set
        text += draw(st.sampled_from([",", ".."] if may_run_on else [","])) + str(day)[:width]
    return f"[{text[1:]}]"


# Any code points, lone surrogates included; st.text() first spends two seconds on a table of them.
ANY_TEXT = st.lists(st.integers(0, sys.maxunicode).map(chr)).map("".join)
VALUES = DATES | intervals() | sets()
NEAR_MISSES = st.builds(
    lambda text, at, wrong: text[: at % len(text)] + wrong + text[at % len(text) + 1 :],
    VALUES,
    st.integers(0, MAX_LENGTH),
    st.sampled_from([*"0123456789-/.,[]{}?~%TXxu ", "", "..", " - ", " to ", " or ", "tháng "]),
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_what_is_printed_is_read_as_the_same_value(text):
    value = parse(text)
    assert str(value) == text
    assert parse(str(value)) == value
    assert value.earliest is None or value.latest is None or value.earliest <= value.latest


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | st.text("0123456789-/.,[]?~%X ") | NEAR_MISSES)
def test_any_text_is_a_value_or_one_printable_sentence(text):
    try:
        value = parse(text)
    except EdtfError as refused:
        assert str(refused).isprintable()
        assert ". Write " in str(refused)
        assert len(str(refused)) < 500
    else:
        assert parse(str(value)) == value
        assert value.label("en")
        assert value.label("vi")


def dated_bounds(text):
    """The package's strict bounds, None for an open end (it answers infinity) or an unknown one.

    The package guesses an unknown end to be ten years away, also beyond year 9999, so that bound
    is not asked for. This is the only place where its bounds differ from the specification's on
    texts that both accept.
    """
    value = package.parse_edtf(text)
    asked = [
        None if text.startswith(("/", "..")) else value.lower_strict(),
        None if text.endswith(("/", "..")) else value.upper_strict(),
    ]
    return [datetime.date(*bound[:3]) if bound else None for bound in asked]


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_bounds_are_those_of_the_edtf_package(text):
    value = parse(text)
    assert [value.earliest, value.latest] == dated_bounds(text)


ACCEPTED_BY_THE_PACKAGE = [
    *("2023-02-29", "1900-02-29", "0000", "-0044", "2024-21", "19XX", "{2024,2025}", "../.."),
    *("2024-05/2024-04", "[2026,2024]", "[2024,2024]", "[2024..2024]", "[2024,2025-05]"),
    *("[2024~,2025]", "[..2024]", "[2024, 2025]", "2024 / 2025"),
]


@pytest.mark.parametrize("text", ACCEPTED_BY_THE_PACKAGE)
def test_we_refuse_more_than_the_edtf_package(text):
    assert package.parse_edtf(text) is not None
    with pytest.raises(EdtfError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "2024-13",
            "'2024-13' không phải ngày tháng: không có tháng 13. Hãy viết ví dụ: ",
        ),
        ("2024-02-30", "'2024-02-30' không phải ngày tháng: tháng 2 năm 2024 không có ngày 30."),
        ("22/9/2024", 'Hãy viết 2024-09-22 nếu là "ngày 22 tháng 9 năm 2024".'),
        ("{2024,2025}", "tập hợp nhiều ngày {} không được dùng"),
        ("x" * 101, "dài quá 100 ký tự."),
        (2024, "2024 không phải văn bản mà là int: hãy định dạng ô thành văn bản"),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese_too(text, sentence):
    with pytest.raises(EdtfError) as refused:
        parse(text)
    assert sentence in refused.value.sentence("vi")


def test_every_problem_is_told_in_both_languages_with_the_same_values():
    for english, vietnamese in edtf_error._PROBLEMS.values():
        assert english != vietnamese
        named = re.findall(r"{(\w+)[:}]", english)
        assert {*named} - {"name"} <= {*re.findall(r"{(\w+)[:}]", vietnamese)}
