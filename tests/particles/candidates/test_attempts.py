"""Candidates of which one fails: the others are judged all the same."""

import numpy as np
import pytest
from designs import random_design

from forcelaw.distill import Attempts
from forcelaw.laws import Expression, Formula
from forcelaw.laws.expression import Parameter
from forcelaw.particles.candidates import (
    fit_shape_families,
    one_body_terms,
    scan_thresholds,
    term_library,
)
from forcelaw.particles.candidates.shape_families import FAMILIES
from forcelaw.particles.equations import formula_acceleration
from forcelaw.particles.selection import SELECTION, Judging
from forcelaw.particles.selection.one_body_selection import OneBodyChoice


@pytest.fixture(scope="module")
def gravity():
    design, _ = random_design(120)
    return design.with_acceleration(formula_acceleration(Formula.parse("m_i*m_j/r**2"), design))


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
@pytest.mark.parametrize("pair", ["1/(r - r)", "exp(2000*r)"])
def test_a_candidate_that_is_not_finite_is_dropped_and_counted(gravity, pair):
    attempts, terms = Attempts(), tuple(one_body_terms(gravity))
    beside = OneBodyChoice.of(terms, gravity)
    judging = Judging(gravity, gravity, (), terms, beside, attempts, SELECTION)
    good = Expression.parse("1.1*m_i*m_j/r**1.9")
    judged = judging.judge(("library", one.term) for one in (Expression.parse(pair), good))
    assert [item.formula.text() for item in judged] == ["m_i*m_j/r**2"]
    # Each is tried beside one-body forces, and alone.
    assert attempts.counted() == {"tried": 4, "dropped": 1}


def test_a_family_that_fails_leaves_the_others(gravity, monkeypatch):
    at = Expression.at

    def failing(self, variables, constants=None):
        if "exp" in self.text():
            raise np.linalg.LinAlgError("SVD did not converge")
        return at(self, variables, constants)

    monkeypatch.setattr(Expression, "at", failing)
    attempts = Attempts()
    found = fit_shape_families(gravity, ["mass"], one_body_terms(gravity), attempts=attempts)
    assert found
    shape = Parameter(1.0)
    failed = sum("exp" in Expression.of(family.terms(shape)[0]).text() for family in FAMILIES)
    assert attempts.counted() == {"tried": len(FAMILIES), "dropped": failed}


def test_combinations_that_cannot_be_solved_are_dropped(gravity, monkeypatch):
    solve = term_library.solve_rows

    def failing(gram, rows):
        if 0 in rows:
            raise np.linalg.LinAlgError("Singular matrix")
        return solve(gram, rows)

    monkeypatch.setattr(term_library, "solve_rows", failing)
    attempts = Attempts()
    found = term_library.fit_term_library(
        gravity, ["mass"], one_body_terms(gravity), attempts=attempts
    )
    assert any("m_i*m_j/r**2" in pair.text(3) for pair in found)
    # The first of 16 terms, alone and with each other one.
    assert attempts.counted() == {"tried": 16 + 16 * 15 // 2, "dropped": 16}


def test_a_threshold_is_left_where_nothing_is_finite(gravity):
    pair = Expression.parse("where(r < 1.5, 0, 1/(r - r))")
    with np.errstate(all="ignore"):
        assert scan_thresholds(pair, gravity).numbers() == pair.numbers()
