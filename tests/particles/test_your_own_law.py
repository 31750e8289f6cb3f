"""A law that the library does not know trains, is discovered, and takes a formula."""

import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float

from forcelaw.distill import LibrarySearch
from forcelaw.errors import InputError
from forcelaw.graph import Graph, edge_lengths, edge_sum
from forcelaw.laws import Attributes, Expression, Formula, Law, PairNetwork, State, inertia
from forcelaw.particles import discover, fit, insert_formula, simulate
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import scalar_force
from forcelaw.particles.learning.learned_force import edge_forces
from forcelaw.training import Stage

SHORT = (Stage(epochs=5, learning_rate=5e-2),)


class Rope(Law):
    """`stiffness (r - rest)` between all bodies, and friction of each."""

    stiffness: Float[Array, ""]
    rest: Float[Array, ""]
    friction: Float[Array, ""]

    def __call__(self, graph: Graph, state: State, attributes: Attributes):
        length = edge_lengths(graph, state.position)
        tension = self.stiffness * (length - self.rest) / length
        force = edge_sum(graph, tension, state.position) - self.friction * state.velocity
        return force / inertia(attributes, graph.nodes)

    def with_pair(self, pair: Expression, *, messages, force) -> Law:
        del messages, force
        stiffness, rest = pair.numbers()
        return rope(stiffness, rest)

    def settings(self):
        return {}

    @classmethod
    def from_settings(cls, settings):
        return rope(**settings)


class Silent(Rope):
    """The same, into which nothing can be inserted."""

    with_pair = Law.with_pair


def rope(stiffness: float = 1.0, rest: float = 0.0, of: type[Rope] = Rope) -> Rope:
    return of(*(jnp.asarray(number, float) for number in (stiffness, rest, 0.1)))


@pytest.fixture(scope="module")
def springs():
    return simulate("spring", bodies=3, trajectories=40, steps=40, dt=0.05, seed=0)


@pytest.fixture(scope="module")
def fitted(springs):
    return fit(springs, start=rope(), stages=SHORT, batch=64)


def test_it_trains(fitted):
    law = fitted.law
    made = law(fitted.split.train.graph, *first(fitted))
    true = Formula.parse("2*(r - 1)")(fitted.split.train.graph, *first(fitted))
    np.testing.assert_allclose(made, true, atol=0.05 * float(jnp.abs(true).max()))


@pytest.mark.slow
def test_it_is_discovered(springs):
    found = discover(springs, start=rope(), stages=SHORT, batch=64, searchers=(LibrarySearch(),))
    assert found.formula.text() == "2*(r - 1)"
    assert found.verdict == "law"
    assert "network" in found.document["curves"]["force"]["series"]


def test_a_formula_is_inserted_by_its_own_method(fitted):
    law = insert_formula(fitted, Formula.parse("3*(r - 0.5)"))
    assert isinstance(law, Rope)
    assert (law.stiffness, law.rest) == (3, 0.5)


def test_without_such_a_method_that_is_said(springs):
    fitted = fit(springs, start=rope(of=Silent), stages=SHORT, batch=64)
    with pytest.raises(InputError, match="found a Silent, expected a law into which"):
        insert_formula(fitted, Formula.parse("r"))


def test_its_edge_forces_are_those_of_two_bodies_alone(springs):
    design = Design.of(springs, 50)
    expected = (2 * (design.length - 0.5))[..., None] * design.direction
    np.testing.assert_allclose(edge_forces(rope(2, 0.5), design), expected, atol=1e-4)
    np.testing.assert_allclose(
        scalar_force(rope(2, 0.5), design), 2 * (design.length - 0.5), atol=1e-4
    )


def test_the_edge_forces_of_a_network_are_its_scalars(springs):
    import jax

    design = Design.of(springs, 50)
    law = PairNetwork(2, ("mass",), key=jax.random.key(1), hidden=(8,))
    mass = jnp.asarray(design.mass, float)[..., None]
    ends = mass[:, design.receiver], mass[:, design.sender]
    scalar = law.pair(jnp.asarray(design.length, float), *ends)
    np.testing.assert_allclose(scalar_force(law, design), scalar, rtol=1e-3, atol=1e-5)


def first(fitted) -> tuple[State, Attributes]:
    states, attributes = Design.of(fitted.split.train, 1).states()
    return State(states.position[0], states.velocity[0]), Attributes(
        {name: value[0] for name, value in attributes.node.items()}
    )
