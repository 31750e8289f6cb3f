"""Forces that are known as a table."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, State, TabulatedForce, Units
from forcelaw.storage.law_files import load, save

R = np.geomspace(0.2, 5, 200)


def springs() -> TabulatedForce:
    return TabulatedForce(R.tolist(), (2 * (R - 1)).tolist())


def state(bodies: int = 4) -> State:
    draw = np.random.default_rng(0)
    position, velocity = draw.normal(size=(2, bodies, 2))
    return State(jnp.asarray(position, float), jnp.asarray(velocity, float))


def test_a_table_of_a_formula_is_the_formula():
    graph, none = Graph.complete_graph(4), Attributes({})
    curve, exact = (law(graph, state(), none) for law in (springs(), Formula.parse("2*(r - 1)")))
    np.testing.assert_allclose(curve, exact, atol=2e-3)
    # Newton's third law.
    np.testing.assert_allclose(curve.sum(axis=0), 0, atol=1e-5)


def test_beyond_the_table_the_force_keeps_its_last_value():
    law = springs()
    np.testing.assert_allclose(law.pair(jnp.asarray([0.01, 0.2])), 2 * (0.2 - 1), rtol=1e-5)
    np.testing.assert_allclose(law.pair(jnp.asarray([5.0, 50.0])), 2 * (5 - 1), rtol=1e-5)


def test_bodies_in_one_place_give_a_finite_gradient():
    graph, none = Graph.complete_graph(2), Attributes({})

    def total(position):
        return jnp.sum(springs()(graph, State(position, 0 * position), none))

    assert np.isfinite(jax.grad(total)(jnp.zeros((2, 2)))).all()


def test_attributes_and_a_self_force_take_part():
    graph = Graph.complete_graph(3)
    own = Attributes({"mass": jnp.asarray([1.0, 2.0, 3.0])})
    curve = TabulatedForce(R.tolist(), (1 / R**2).tolist(), ("mass",), Formula.parse("0", "-v"))
    exact = Formula.parse("m_i*m_j/r**2", "-v")
    one, other = (law(graph, state(3), own) for law in (curve, exact))
    np.testing.assert_allclose(one, other, rtol=2e-3, atol=1e-4)


def test_units_change_the_table_and_not_the_motion():
    units = Units(length=1e3, time=10.0, attributes={"mass": 4.0})
    law = TabulatedForce(R.tolist(), (1 / R**2).tolist(), ("mass",))
    graph, here = Graph.complete_graph(3), state(3)
    mass = jnp.asarray([1.0, 2.0, 3.0])
    there = State(here.position / units.length, here.velocity / units.speed)
    changed = law.rescaled(units)(graph, there, Attributes({"mass": mass / 4}))
    expected = law(graph, here, Attributes({"mass": mass})) / units.acceleration
    np.testing.assert_allclose(changed, expected, rtol=1e-4)


def test_it_is_saved(tmp_path):
    law = TabulatedForce(R.tolist(), R.tolist(), ("charge",), Formula.parse("0", "-0.5*v"))
    save(tmp_path / "law", law)
    again = load(tmp_path / "law")
    assert isinstance(again, TabulatedForce)
    assert again.names == law.names
    assert again.alone.one_body_text() == law.alone.one_body_text()
    np.testing.assert_array_equal(again.force, law.force)


def test_a_table_needs_two_rows():
    with pytest.raises(InputError, match="at least two in a row"):
        TabulatedForce([1.0], [1.0])
