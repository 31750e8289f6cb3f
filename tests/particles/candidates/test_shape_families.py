import pytest
from designs import random_design

from forcelaw.distill import refit_formula
from forcelaw.laws import Formula
from forcelaw.particles.candidates import fit_shape_families, one_body_terms
from forcelaw.particles.equations import formula_acceleration, relative_error


def world(pair, one_body=None, samples=300):
    design, _ = random_design(samples)
    return design.with_acceleration(formula_acceleration(Formula.parse(pair, one_body), design))


@pytest.mark.parametrize(
    ("pair", "one_body"),
    [
        ("m_i*m_j/r**1.7", "-0.3*v"),
        ("-q_i*q_j*exp(-2*r)*(2/r + 1/r**2)", None),
        ("4*(1 - exp(1.5 - 1.5*r))*exp(1.5 - 1.5*r)", "-0.2*speed*v"),
        ("24*(1/r**7 - 2/r**13)", None),
        ("m_i*m_j*r/(r**2 + 0.1)**1.5", None),
    ],
)
def test_forces_with_a_shape_are_near_enough_to_be_refitted(pair, one_body):
    design = world(pair, one_body)
    arrays = (design.position, design.velocity, design.acceleration, design.attributes)
    own_start = None if one_body is None else one_body.replace("0.", "0.1")
    errors = [
        relative_error(refit_formula(Formula.parse(found.text(None), own_start), *arrays), design)
        for found in fit_shape_families(design, ["mass", "charge"], one_body_terms(design))
    ]
    assert min(errors) < 1e-4


def test_only_the_attributes_that_matter_multiply():
    design = world("m_i*m_j/r**1.7")
    found = fit_shape_families(design, ["mass", "charge"], one_body_terms(design))
    assert found and all("m_i*m_j" in pair.text() for pair in found)
