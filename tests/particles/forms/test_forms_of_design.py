"""Forms read off accelerations of plain motion: near enough to be refitted to the true law."""

import numpy as np
import pytest
from designs import random_design

from forcelaw.distill import refit_formula
from forcelaw.laws import Formula, numbers
from forcelaw.particles.candidates import one_body_terms
from forcelaw.particles.equations import Design, formula_acceleration, relative_error
from forcelaw.particles.forms import propose_forms


def apart():
    """Random snapshots in which no two bodies are close, and what drew them."""
    design, draw = random_design(3000)
    rows = np.flatnonzero(design.length.min(axis=1) > 0.5)[:300]
    attributes = {name: value[rows] for name, value in design.attributes.items()}
    states = design.position[rows], design.velocity[rows], design.acceleration[rows]
    return Design.build(*states, attributes, design.graph), draw


def refitted(pair, names=(), *, noise=0.0):
    """What is proposed where this is the law, all constants fitted again, and the errors."""
    design, draw = apart()
    truth = formula_acceleration(Formula.parse(pair), design)
    error = noise * np.sqrt(np.mean(truth**2)) * draw.normal(size=truth.shape)
    given, exact = design.with_acceleration(truth + error), design.with_acceleration(truth)
    arrays = (given.position, given.velocity, given.acceleration, given.attributes)
    trees = propose_forms(given, list(names), one_body_terms(given))
    found = [refit_formula(Formula.of_trees(tree), *arrays) for tree in trees]
    errors = [relative_error(formula, exact) for formula in found]
    return [(errors[k], found[k]) for k in np.argsort(errors)]


@pytest.mark.parametrize(
    ("pair", "count"),
    [
        ("-8*max(1.5 - r, 0)**1.5", 2),
        ("2*cos(4*r)/r**3", 2),
        ("6/r**7 - 250*exp(-3*r)", 3),
        ("0.5/r**3 - 6*exp(-2*r)*(2/r + 1/r**2)", 3),
        ("10*exp((r - 1.5)/0.3)/(1 + exp((r - 1.5)/0.3))**2", 3),
    ],
)
def test_named_forces_are_proposed_with_few_numbers(pair, count):
    errors = [(error, len(numbers(formula))) for error, formula in refitted(pair)]
    assert min(few for error, few in errors if error < 1e-5) == count


def test_the_form_is_proposed_in_spite_of_errors():
    error, formula = refitted("-8*max(1.5 - r, 0)**1.5", noise=0.05)[0]
    assert error < 0.02
    assert "max(0, " in formula.text()


def test_only_attributes_that_matter_multiply():
    found = refitted("-m_i*m_j*max(1.5 - r, 0)**1.5", ["mass"])
    assert all("m_i*m_j" in formula.text() for _, formula in found)


def test_a_rate_that_stands_twice_is_one_number():
    found = refitted("-q_i*q_j*exp(-2*r)*(2/r + 1/r**2)", ["charge"])
    exact = [np.abs(numbers(formula)) for error, formula in found if error < 1e-5]
    assert sorted(min(exact, key=len)) == pytest.approx([1, 2], rel=1e-4)
