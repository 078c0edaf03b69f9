"""Formulas are kept from running, and every text comes back unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.exchange.cells import guard, take, unguard

GUARDED = [
    "=1+1",
    "+84",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "[clear]",
    " [Clear]\n",
    "'[clear]",
]
PLAIN = ["", "Tô Lâm", "2024-09", "1-2", "a=b", " =1", "“x”", "ASEAN+3", "[clear] it", "[", "[sic]"]


@pytest.mark.parametrize("cell", GUARDED)
def test_a_cell_that_a_spreadsheet_could_run_gets_an_apostrophe(cell):
    assert guard(cell) == f"'{cell}"
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("cell", PLAIN)
def test_any_other_cell_stays_as_it_is(cell):
    assert guard(cell) == cell
    assert unguard(cell) == cell


def test_an_apostrophe_that_we_did_not_write_is_kept():
    assert unguard("'s-Hertogenbosch") == "'s-Hertogenbosch"


@pytest.mark.parametrize("cell", ["[clear]", "[CLEAR]", "\t[Clear] "])
def test_the_marker_clears_in_any_case_and_with_blanks_around_it(cell):
    assert take(cell) is None


HOSTILE = st.lists(st.sampled_from([*"'=+-@\t\r\n＝＋－＠a [", "[clear]", "[CLEAR]"]), max_size=5)


@given(HOSTILE.map("".join) | st.text())
def test_what_was_guarded_comes_back_and_is_neither_formula_nor_marker(cell):
    written = guard(cell)
    assert take(written) == unguard(written) == cell
    assert written[:1] == "'" or written == cell
