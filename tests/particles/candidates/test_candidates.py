"""Candidates for a law, their constants and the choice between them, without a network."""

import numpy as np
import pytest

from forcelaw.laws import Formula
from forcelaw.particles import simulate
from forcelaw.particles.candidates import (
    estimate_threshold,
    fit_term_library,
    list_thresholds,
    one_body_terms,
    scan_thresholds,
)
from forcelaw.particles.equations import Design
from forcelaw.particles.refinement import round_constants
from forcelaw.particles.selection.pareto import Judged, choose, choose_first_good


def test_terms_and_thresholds_are_found_on_accelerations():
    data = simulate("discontinuous", bodies=3, trajectories=30, steps=40, dt=0.05, seed=0)
    design = Design.of(data, 1000)
    rough = Formula.parse("where(r < 1.9, 0, 2*(r - 1))").pair
    scanned = scan_thresholds(rough, design)
    assert list_thresholds(scanned)[0] == pytest.approx(2, abs=0.02)
    pairs = fit_term_library(
        design, ["mass"], one_body_terms(design), beyond=list_thresholds(scanned)
    )
    assert "2*(r - 1)" in {part.text(3).split(", ")[-1].rstrip(")") + ")" for part in pairs}


def test_a_threshold_is_likely_only_where_there_is_one():
    slack = simulate("discontinuous", bodies=3, trajectories=30, steps=40, dt=0.05, seed=0)
    assert estimate_threshold(Design.of(slack, 600), []) == pytest.approx(2, rel=0.1)
    springs = simulate("spring", bodies=3, trajectories=10, steps=40, dt=0.05, seed=0)
    assert estimate_threshold(Design.of(springs, 300), ["mass"]) is None


def test_round_numbers_replace_near_ones_only():
    springs = simulate("spring", bodies=3, trajectories=10, steps=40, dt=0.05, seed=0)
    exact = Design.of(springs, 300)
    noise = 0.02 * np.random.default_rng(0).normal(size=exact.acceleration.shape)
    noisy = exact.with_acceleration(exact.acceleration * (1 + noise))
    assert round_constants(Formula.parse("1.9995*(r - 1.0004)"), noisy).text() == "2*(r - 1)"
    kept = round_constants(Formula.parse("1.97*(r - 1.0004)"), exact)
    assert kept.pair.numbers()[0] == 1.97
    assert round_constants(Formula.parse("2*(r**1.0001 - 1)"), noisy).text() == "2*(r - 1)"
    tiny = Formula.parse("2.0*m_i**1e-9*(r - 1.0)", "1e-10*v")
    assert round_constants(tiny, exact).text() == "2*(r - 1)"


def test_the_shortest_formula_that_none_beats_clearly_is_chosen():
    even = np.ones(100)
    assert choose_first_good(np.stack([0.5 * even, 0.0101 * even, 0.01 * even])) == 1
    assert choose_first_good(np.stack([1e-9 * even, 1e-16 * even])) == 0
    # Half of the error in one snapshot of a hundred says little.
    rare = np.where(np.arange(100) == 7, 1.0, 0.01)
    assert choose_first_good(np.stack([rare, 0.01 * even])) == 0
    assert choose_first_good(np.stack([0.03 * even, rare / 10, 0.01 * even])) == 1


def test_formulas_are_compared_on_instants():
    springs = simulate("spring", bodies=3, trajectories=10, steps=40, dt=0.05, seed=0)
    design = Design.of(springs, 200)
    texts = ("r", "2*(r - 1)", "2*(r - 1) + 1e-9*log(r)")
    front = [Judged(Formula.parse(text), 0.0) for text in texts]
    assert choose(front, design) is front[1]
