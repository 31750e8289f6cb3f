"""Laws in other units: the same motion, numbers that stay decimals, single precision."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import (
    Attributes,
    Formula,
    HamiltonianNetwork,
    Law,
    MessageNetwork,
    PairNetwork,
    Scale,
    State,
    Units,
)

SI = Units(length=1e11, time=1e7, attributes={"mass": 1e30, "charge": 1e-19})
PLANETS = Units(length=1e8, time=1e5, attributes={"mass": 1e24, "charge": 1.0})
ATOMS = Units(length=1e-10, time=1e-12, attributes={"mass": 1e-26, "charge": 1e-19})
FORMULAS = [
    ("2*(r - 1)", None),
    ("6.674*m_i*m_j/r**2", None),
    ("m_i*m_j/r**2", "-0.5*v"),
    ("r/(r**2 + 0.01)**1.5", "-0.1*speed*v"),
    ("where(r < 2, 0, 2*(r - 1))", None),
    ("3*r - 2*r**3", "(0, -9.8*m, x - 2)"),
    ("q_i*q_j*exp(-2*r)*(1/r**2 + 2/r)", None),
    ("-log(r)", "(vy*q, -vx*q, 0)"),
    ("r**2 - r", None),
    ("r**(-1.5)", None),
    ("min(r, 2)*tanh(r - 1)", None),
    ("sqrt(abs(r - 2))", None),
]


def world():
    draw = np.random.default_rng(0)
    position, velocity = draw.normal(size=(2, 4, 3))
    mass = np.exp(draw.normal(size=4))
    return position, velocity, {"mass": mass, "charge": np.array([1.0, -1.0, 1.0, 1.0])}


def acceleration(law, units):
    """What a law in `units` says of one and the same state, in the units that it came in."""
    position, velocity, attributes = world()
    state = State(jnp.asarray(position / units.length), jnp.asarray(velocity / units.speed))
    own = {name: jnp.asarray(v / units.attribute(name)) for name, v in attributes.items()}
    return units.acceleration * law(Graph.complete_graph(4), state, Attributes(own))


def values(law, units):
    """What the parts of a formula in `units` say at the same places, in the units in use."""
    draw = np.random.default_rng(0)
    known = {name: draw.uniform(0.1, 3, 20) for name in ("r", "m_i", "m_j", "q_i", "q_j", "m", "q")}
    known |= {name: draw.normal(size=20) for name in ("x", "v", "vx", "vy", "speed")}
    of = {"r": units.length, "x": units.length, "m": units.attribute("mass")}
    of |= {"q": units.attribute("charge"), **dict.fromkeys(("v", "s"), units.speed)}
    there = {name: value / of[name[0]] for name, value in known.items()}
    return [units.force * part.at(there) for part in (law.pair, *law.one_body)]


@pytest.mark.parametrize("texts", FORMULAS, ids=str)
@settings(max_examples=20, deadline=None)
@given(
    length=st.floats(0.01, 100),
    time=st.floats(0.01, 100),
    mass=st.floats(0.01, 100),
    charge=st.floats(0.1, 10),
)
def test_a_formula_in_any_units_is_the_same_law(texts, length, time, mass, charge):
    units = Units(length, time, {"mass": mass, "charge": charge})
    with jax.enable_x64(True):
        law = Formula.parse(*texts)
        there = law.rescaled(units)
        for same in (values(there, units), values(there.rescaled(units.inverse), Units())):
            np.testing.assert_allclose(same, values(law, Units()), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("2*(r - 1)", Units(length=1e-3), "2*(r - 1000)"),
        ("2*(r - 1)", Units(length=1e3), "2*(r - 0.001)"),
        ("6.674e-11*m_i*m_j/r**2", SI, "6.674*m_i*m_j/r**2"),
        ("m_i*m_j/r**2", SI.inverse, "1e-11*m_i*m_j/r**2"),
        ("where(r < 2, 0, 2*(r - 1))", Units(length=1e-9), "where(r < 2e+09, 0, 2*(r - 1e+09))"),
        ("3*r - 2*r**3", Units(length=10.0), "3*r - 200*r**3"),
        (
            "exp(-2*r)*(1/r**2 + 2/r)",
            Units(length=10.0, time=10.0),
            "0.1*exp(-20*r)*(1/r**2 + 20/r)",
        ),
    ],
)
def test_decimals_stay_decimals_in_the_form_they_had(text, units, expected):
    assert Formula.parse(text).rescaled(units).text() == expected


@pytest.mark.parametrize(
    "text", ["0.4*(2*r**(-13) - r**(-7))", "(0.8 - 0.4*r**6)/r**13", "0.8/r**13 - 0.4/r**7"]
)
def test_lennard_jones_in_si_units_keeps_its_length_inside_of_powers(text):
    found = Formula.parse(text).rescaled(ATOMS.inverse)
    assert found.text() == "4e-13*(2*(1e-10/r)**13 - (1e-10/r)**7)"


def test_numbers_beyond_single_precision_are_written_in_parts():
    found = Formula.parse("0.5*m_i*m_j*r").rescaled(SI.inverse)
    assert found.text() == "5e-15*m_i*(1e-30*m_j)*r"


def test_a_core_is_a_length():
    assert Formula.parse("1/r", core=0.5).rescaled(Units(length=10.0)).core == 0.05


@pytest.mark.parametrize("units", [PLANETS, ATOMS], ids=["planets", "atoms"])
@pytest.mark.parametrize("family", [PairNetwork, HamiltonianNetwork, MessageNetwork])
def test_a_network_in_other_units_is_the_same_law(family, units):
    names = ("mass", "charge")
    scale = Scale(length=2.0, speed=0.5, acceleration=3.0, center=[0.1, 0.0], spread=[1.0, 2.0])
    law = family(3, names, key=jax.random.key(0), scale=scale)
    there = law.rescaled(units.inverse)
    expected = acceleration(law, Units())
    found = acceleration(there, units.inverse)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("family", [PairNetwork, HamiltonianNetwork, MessageNetwork])
def test_a_formula_inside_a_network_is_measured_anew_too(family):
    units = Units(1e3, 1e-2, {"mass": 1e4})
    law = family(3, ("mass",), key=jax.random.key(0), formula="2*m_i*m_j*(r - 1)")
    expected = acceleration(law, Units())
    found = acceleration(law.rescaled(units), units)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


class Drag(Law):
    """A law that knows nothing of units."""

    def __call__(self, graph, state, attributes):
        return -0.5 * state.velocity * attributes.node["mass"][:, None]

    def settings(self):
        return {}

    @classmethod
    def from_settings(cls, settings):
        return cls()


def test_any_law_can_be_seen_from_other_units():
    law = Drag()
    other = law.rescaled(SI.inverse)
    expected = acceleration(law, Units())
    np.testing.assert_allclose(acceleration(other, SI.inverse), expected, rtol=1e-5)
    assert other.rescaled(SI) is law
    with pytest.raises(InputError, match="save that"):
        other.settings()
