"""Names that a spreadsheet would run, written as text where it is asked for."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelaw.files import spreadsheet_text
from forcelaw.signed.evaluation.predictions import Predictions
from forcelaw.signed.io import write_positions

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", " =1"]
PLAIN = ["a", "-3", "+1.5", "1e-3", "a=b", "", "'=1", "é"]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_becomes_text(name):
    assert spreadsheet_text(name) == f"'{name}"


@pytest.mark.parametrize("name", PLAIN)
def test_any_other_name_stays(name):
    assert spreadsheet_text(name) == name


@given(st.text())
def test_no_cell_begins_a_formula(name):
    written = spreadsheet_text(name)
    assert written in (name, f"'{name}")
    if written.lstrip(" ")[:1] in tuple("=+-@\t\r"):
        float(written)


@pytest.mark.parametrize("safe", [True, False])
def test_files_are_safe_on_request_only(safe, tmp_path):
    names = ("=1+1", "b")
    position = np.zeros((2, 2))
    write_positions(tmp_path / "a.csv", names, position, spreadsheet_safe=safe)
    with (tmp_path / "a.csv").open(newline="") as file:
        assert [row["node"] for row in csv.DictReader(file)] == ["'=1+1" if safe else "=1+1", "b"]
    found = Predictions([names], np.array([1]), np.array([0.75]), np.array([True]), np.array([0.5]))
    row = next(csv.DictReader(io.StringIO(found.csv(spreadsheet_safe=safe))))
    assert (row["source"], row["target"]) == ("'=1+1" if safe else "=1+1", "b")
