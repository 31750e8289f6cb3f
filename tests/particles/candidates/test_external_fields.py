"""What acts on bodies from outside: fields, traps, magnets and fixed centres."""

import numpy as np
import pytest
from designs import random_design

from forcelaw.laws import Expression, Formula, numbers, with_numbers
from forcelaw.particles.candidates import find_external_fields, one_body_terms
from forcelaw.particles.equations import Design, formula_acceleration, relative_error
from forcelaw.particles.refinement import fit_constants, round_constants
from forcelaw.particles.refinement.linearised_motion import constants_jacobian
from forcelaw.particles.refinement.settings import REFINEMENT
from forcelaw.particles.selection.one_body_selection import OneBodyChoice

PAIR = "-q_i*q_j/r"
BALL = "sqrt((x - 3)**2 + (y + 6)**2)"


def world(one_body, pair=PAIR, noise=0.0, samples=200):
    design, draw = random_design(samples)
    acceleration = formula_acceleration(Formula.parse(pair, one_body), design)
    size = np.median(np.abs(acceleration))
    noisy = acceleration + noise * size * draw.normal(size=acceleration.shape)
    return design.with_acceleration(noisy)


def best(design, pair=PAIR):
    """The last one-body force that is offered beside the true pair force, fitted and rounded."""
    choice = OneBodyChoice.of([*one_body_terms(design), *find_external_fields(design)], design)
    *_, term = choice.beside(Expression.parse(pair))
    formula = Formula.of_trees(Expression.parse(pair).term, () if term is None else term.whole())
    return round_constants(fit_constants(formula, design), design)


@pytest.mark.parametrize(
    ("one_body", "text"),
    [
        (("-2*(x - 0.5)", "-2*(y + 1)"), "(-2*(x - 0.5), -2*(y + 1))"),
        (("-2*x", "-3*y"), "(-2*x, -3*y)"),
        (("1.5*q*vy", "-1.5*q*vx"), "(1.5*q*vy, -1.5*q*vx)"),
        (("-0.5*vx", "-0.5*vy - 3*m"), "(-0.5*vx, -3*m - 0.5*vy)"),
        (("0", "-m"), "(0, -m)"),
        ("-0.4*speed*v", "-0.4*speed*v"),
    ],
)
def test_fields_are_found_exactly(one_body, text):
    assert best(world(one_body)).one_body_text() == text


@pytest.mark.parametrize(
    "one_body",
    [
        (f"(x - 3)/({BALL}*({BALL} - 1)**2)", f"(y + 6)/({BALL}*({BALL} - 1)**2) - m"),
        pytest.param(("4/(x + 12)**2", "0"), marks=pytest.mark.slow),
    ],
)
def test_fixed_centres_are_found_far_from_the_bodies(one_body):
    design = world(one_body)
    found = best(design)
    assert relative_error(found, design) < 1e-6
    truth = Formula.parse(PAIR, one_body)
    elsewhere = Design.build(
        2 * design.position,
        design.velocity,
        design.acceleration,
        design.attributes,
        design.graph,
    )
    elsewhere = elsewhere.with_acceleration(formula_acceleration(truth, elsewhere))
    assert relative_error(found, elsewhere) < 1e-4


@pytest.mark.slow
def test_pair_forces_alone_speak_for_no_field():
    assert find_external_fields(world(None)) == []
    assert find_external_fields(world(None, noise=0.05)) == []
    assert find_external_fields(world("-0.3*v", noise=0.05)) == []


def test_numbers_of_one_size_are_one_number_in_the_self_force():
    formula = Formula.parse("2.5*(r - 2.5)", ("-1.5*(x - 4)", "1.5*(y + 4)"))
    np.testing.assert_allclose(numbers(formula), [2.5, 2.5, 1.5, 4.0])
    changed = with_numbers(formula, [1.0, 3.0, 7.0, 5.0])
    assert changed.one_body_text() == "(-7*(x - 5), 7*(y + 5))"
    np.testing.assert_allclose(numbers(changed), [1.0, 3.0, 7.0, 5.0])
    alike = with_numbers(formula, [1.0, 3.0, 7.0, 7.0])
    np.testing.assert_allclose(numbers(alike), [1.0, 3.0, 7.0, 7.0])


def test_accelerations_change_with_positions_as_differences_say():
    law = Formula.parse(PAIR, (f"-5*m*(x - 3)/{BALL}**3", "-2*q*y"))
    design = world(None, samples=5)
    step, body, axis = 1e-6, 1, 0
    moved = design.position.copy()
    moved[:, body, axis] += step
    other = Design.build(
        moved, design.velocity, design.acceleration, design.attributes, design.graph
    )
    change = formula_acceleration(law, other) - formula_acceleration(law, design)
    slope = constants_jacobian(law, design, REFINEMENT)[:, :, 2 * body + axis]
    np.testing.assert_allclose(slope, (change / step).reshape(slope.shape), rtol=1e-3, atol=1e-3)
