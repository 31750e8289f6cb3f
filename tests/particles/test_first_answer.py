"""Regression answers first: where accelerations were measured it may settle the law."""

import dataclasses

import numpy as np
import pytest
from motions import of_pairs

from forcelaw.distill import LibrarySearch
from forcelaw.laws import Formula
from forcelaw.particles import Trajectories, discover, fit, simulate
from forcelaw.particles.diagnosis import judge_formula
from forcelaw.particles.equations import Design, Regression
from forcelaw.particles.equations.basis import Basis
from forcelaw.particles.first_answer import answer_first
from forcelaw.particles.learning import CONFIRMING, STAGES
from forcelaw.particles.preparation import split_and_denoise
from forcelaw.training import Stage

SHORT = (Stage(epochs=2, learning_rate=5e-3),)
LAWS = {
    "spring": "2*(r - 1)",
    "charge": "-q_i*q_j/r**2",
    "damped": "pair: 2*(r - 1)\none-body: -0.5*v",
    "discontinuous": "where(r < 2, 0, 2*(r - 1))",
}


@pytest.mark.parametrize(
    "law",
    ["spring", *(pytest.param(law, marks=pytest.mark.slow) for law in LAWS if law != "spring")],
)
def test_a_law_is_settled_by_accelerations_without_noise(law):
    first = answer_first(simulate(law, trajectories=40))
    assert first.formula is not None
    assert first.formula.text(4) == LAWS[law]
    assert first.stages("pair", None) == CONFIRMING["pair"]
    # What was asked for is what is done.
    assert first.stages("pair", STAGES["pair"]) == STAGES["pair"]
    assert first.stages("pair", SHORT) == SHORT


def estimated():
    exact = simulate("spring", trajectories=30)
    return Trajectories(exact.position, exact.velocity, exact.time, exact.attributes)


@pytest.mark.parametrize(
    "data",
    [
        lambda: simulate("spring", trajectories=30, noise=1e-3),
        estimated,
        lambda: of_pairs(lambda r: 2 * np.sin(2 * r) / (0.3 + r), name="wavy"),
    ],
    ids=["noise", "estimated", "no known terms"],
)
@pytest.mark.slow
def test_noise_estimates_and_unknown_forms_are_left_to_the_search(data):
    first = answer_first(data())
    assert first.settled is None
    assert first.formula is None
    assert first.stages("pair", None) is None
    assert first.stages("pair", SHORT) == SHORT


@pytest.mark.slow
def test_what_is_made_ready_once_trains_the_same_network():
    data = simulate("spring", trajectories=20)
    how = {"stages": SHORT, "hidden": (16, 16), "seed": 3}
    one, two = fit(data, **how), fit(answer_first(data, seed=3).prepared, **how)
    assert [e.metrics for e in one.history] == [e.metrics for e in two.history]


@pytest.mark.slow
def test_the_settled_law_is_the_answer_and_a_search_that_is_asked_for_is_made():
    data = simulate("spring", trajectories=30)
    how = {"stages": SHORT, "hidden": (16, 16)}
    found = discover(data, **how)
    assert str(found.formula) == "2*(r - 1)"
    assert found.judgement.verdict == "law"
    assert {row.source for row in found.distilled.table()} <= {"none", "library"}
    searched = discover(data, searchers=(LibrarySearch(),), **how)
    assert str(searched.formula) == "2*(r - 1)"
    assert any("network" in row.source for row in searched.distilled.table())


def test_a_formula_that_is_nearly_met_is_examined():
    data = simulate("spring", trajectories=12, steps=40)
    split = split_and_denoise(data, 0)
    assert judge_formula(Formula.parse("2*(r - 1)"), split).verdict == "law"
    assert judge_formula(Formula.parse("2*(r - 1) + 0.01*r**3"), split).verdict != "law"
    # Accelerations that were estimated have errors, even where none shows.
    close = dataclasses.replace(data, estimated=("acceleration",))
    found = judge_formula(Formula.parse("2*(r - 1)"), split_and_denoise(close, 0))
    assert found.verdict == "law"


def test_columns_that_depend_on_each_other_have_factors():
    draw = np.random.default_rng(0)
    columns = draw.normal(size=(400, 3)) @ draw.normal(size=(3, 150))
    goal = columns @ draw.normal(size=150)
    # As rounding may leave products of columns: no square of any triangle.
    broken = columns.T @ columns - 1e-3 * np.eye(150)
    found = Basis.of(columns, 1e-7, broken).factors(goal)
    np.testing.assert_allclose(columns @ found, goal, atol=1e-6 * np.abs(goal).max())


def test_factors_without_a_part_are_those_of_the_rest():
    design = Design.of(simulate("spring", trajectories=40, noise=0.01), 400)
    columns = [design.pair_acceleration(design.length**power) for power in (-1, 0, 1)]
    regression = Regression.of(design, columns)
    found = regression.factors_without(5)
    part = (regression.block // 2) % 5
    for one in range(5):
        kept = part != one
        wanted = np.linalg.lstsq(regression.base[kept], regression.goal[kept], rcond=None)[0]
        np.testing.assert_allclose(found[one], wanted / regression.size, rtol=1e-6)
