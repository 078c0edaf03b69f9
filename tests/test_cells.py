"""Formulas are kept from running, and every text comes back unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.exchange.cells import guard, unguard

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
]
PLAIN = ["", "Tô Lâm", "2024-09", "1-2", "a=b", " =1", "“x”", "ASEAN+3"]


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


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝＋－＠a")) | st.text())
def test_what_was_guarded_comes_back(cell):
    assert unguard(guard(cell)) == cell
    assert guard(cell)[:1] in ("", "'") or guard(cell) == cell
