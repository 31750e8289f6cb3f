"""Formulas in rollouts: compiled once whatever their numbers, in whatever units."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Expression, Formula, State
from forcelaw.motion import rollout


class Counted(Formula):
    """Counts how often it is traced: every trace is compiled."""

    traces = 0

    def __call__(self, graph, state, attributes):
        type(self).traces += 1
        return super().__call__(graph, state, attributes)


def test_other_constants_compile_nothing():
    graph, draw = Graph.complete_graph(3), np.random.default_rng(0)
    position, velocity = (jnp.asarray(part, float) for part in draw.normal(size=(2, 3, 2)))
    state = State(position, velocity)

    def end(stiffness, length, drag):
        law = Counted.parse(f"{stiffness}*(r - {length})", f"-{drag}*v")
        return rollout(law, graph, state, steps=5, dt=0.01).position[-1]

    first = end(2.0, 1.0, 0.1)
    Counted.traces = 0
    others = [end(2.0 + k, 1.5 * k, 0.2 * k) for k in range(1, 5)]
    assert Counted.traces == 0
    assert all(np.abs(other - first).max() > 1e-4 for other in others)


LAWS = {
    "stars": ("6.674e-11*m_i*m_j/r**2", None, 1e11, 1e4, 1e30, 2e5),
    "moons": ("(6.674e-11*m_i*m_j)/r**2 - 1e5*m_i*m_j/(r*r*r)", None, 1e8, 1e3, 1e22, 1e3),
    "atoms": ("-1.17e-10*(2*(3.4e-10/r)**13 - (3.4e-10/r)**7)", None, 4e-10, 3e2, 6.6e-26, 1e-15),
}


@pytest.mark.parametrize("name", LAWS)
def test_si_units_overflow_nowhere_in_single_precision(name):
    text, own, length, speed, mass, dt = LAWS[name]
    draw, graph = np.random.default_rng(3), Graph.complete_graph(3)
    corners = np.asarray([[0.0, 0, 0], [1, 0.1, 0], [0.4, 0.9, 0.2]])
    x, v = length * corners, speed * draw.normal(size=(3, 3))
    masses = mass * np.exp(0.3 * draw.normal(size=3))

    def run(dtype):
        law = Formula.parse(text, own)

        def end(x, masses):
            state = State(x, jnp.asarray(v, dtype))
            moved = rollout(law, graph, state, Attributes({"mass": masses}), steps=20, dt=dt)
            return jnp.sum(moved.position[-1, 0]) / length

        both = jax.value_and_grad(end, argnums=(0, 1))
        value, (at_x, at_mass) = both(jnp.asarray(x, dtype), jnp.asarray(masses, dtype))
        assert value.dtype == dtype
        return [np.asarray(part) for part in (value, at_x * length, at_mass * mass)]

    with jax.enable_x64(True):
        exact = run(jnp.float64)
    for single, double in zip(run(jnp.float32), exact, strict=True):
        np.testing.assert_allclose(single, double, rtol=1e-3, atol=1e-3 * np.abs(double).max())


def test_where_plain_arithmetic_does_products_are_the_same_to_the_bit():
    draw = np.random.default_rng(0)
    known = {name: jnp.asarray(draw.uniform(0.1, 9, 200), jnp.float32) for name in ("r", "m", "q")}
    r, m, q = (known[name] for name in ("r", "m", "q"))
    for text, plain in [
        ("m*q/r**2", m * q / r**2),
        ("-(m*q)*r**3/(q*r)", -(m * q) * r**3 / (q * r)),
        ("m*(q - 4.5)*r", m * (q - 4.5) * r),
    ]:
        np.testing.assert_array_equal(Expression.parse(text)(known), plain)
    some = jnp.asarray([0.0, jnp.inf, 1.0], jnp.float32)
    found = Expression.parse("r*r/r")({"r": some})
    np.testing.assert_array_equal(found, some * some / some)
