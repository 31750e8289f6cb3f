"""What is seen of an object at a prompt or in a notebook: one readable line."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import forcelaw as fl
from forcelaw.graph import Graph
from forcelaw.laws import (
    Attributes,
    Expression,
    HamiltonianNetwork,
    MessageNetwork,
    PairNetwork,
    Perceptron,
    Spring,
    State,
    TabulatedForce,
)

NETWORK = fl.signed.synthetic(1200, degree=4)
SPRING = Expression.parse("2*(r - 1)")
RAMP = np.linspace(0.0, 2.0, 50)


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (SPRING, "Expression('2*(r - 1)')"),
        (fl.Formula.parse("2*(r - 1)"), "Formula('2*(r - 1)')"),
        (
            fl.Formula.parse("1/r", ("0", "-9.8*m"), core=0.1),
            "Formula('1/r', '(0, -9.8*m)', core=0.1)",
        ),
        (
            fl.signed.ForceFormula(SPRING, 0.99, 2.0),
            "ForceFormula('2*(r - 1)', r2=0.9900, reach=2)",
        ),
        (fl.signed.ForceFormula(SPRING, None, 2.0), "ForceFormula('2*(r - 1)', reach=2)"),
        (
            fl.signed.SocialForce(RAMP, RAMP, RAMP, RAMP),
            "SocialForce(friend, enemy, unknown at 50 distances from 0 to 2)",
        ),
        (
            fl.signed.FeatureTable(np.zeros((3, 2)), ("degree", "share")),
            "FeatureTable(3 rows: degree, share)",
        ),
    ],
)
def test_one_line_says_what_it_is(shown, line):
    assert repr(shown) == line


def test_networks_show_their_sizes():
    enemies = f"{(NETWORK.sign < 0).mean():.0%} enemies"
    assert (
        repr(NETWORK)
        == f"SignedNetwork('synthetic': 1,200 nodes, 2,400 undirected edges, {enemies})"
    )
    parts = fl.signed.split(NETWORK, "pairs", validation=0.1)
    assert repr(parts.test).startswith(f"SignedPairs({len(parts.test):,} pairs, ")
    assert repr(parts).startswith("Split('pairs', train=SignedNetwork('synthetic': ")
    assert len(repr(parts)) < 300
    assert "\n" not in repr(parts)
    none = NETWORK.subset(np.zeros(NETWORK.n_edges, bool))
    assert repr(none) == "SignedNetwork('synthetic': 1,200 nodes, 0 undirected edges)"


def test_results_show_their_sizes():
    data = fl.particles.simulate("spring", trajectories=3, steps=4)
    formula = fl.Formula.parse("2*(r - 1)")
    moved = fl.particles.predict_motion(formula, data.initial, steps=4, dt=0.25)
    assert repr(moved) == "Rollout(3 of 4 bodies in 2 dimensions, 5 frames to time 1)"
    assert repr(data.samples()) == "Samples(15 snapshots of 4 bodies in 2 dimensions)"
    places = fl.signed.Layout(np.zeros((1200, 2)), 0.01234)
    assert repr(places) == "Layout(1,200 nodes in 2 dimensions, marker=0.0123)"
    learned = fl.signed.load_learned_model("default")
    assert repr(learned).startswith("Learned(AttributeSpring, dim=64, undirected, trained on ")
    pairs = [("a", "b"), ("a", "c")]
    told = fl.signed.Predictions(pairs, np.array([1, -1]), RAMP[:2], RAMP[:2] >= 0, RAMP[:2])
    assert repr(told) == "Predictions(2 pairs, 50% enemies)"


def test_graphs_states_and_starts_show_their_sizes():
    data = fl.particles.simulate("1/r2", trajectories=3, steps=4)
    start, one = data.initial, data.initial[0]
    graph = "Graph(4 nodes, 12 edges, complete)"
    assert repr(start) == f"Initial(State(3 of 4 nodes in 2 dimensions), node: mass, {graph})"
    assert repr(one.state) == "State(4 nodes in 2 dimensions)"
    assert repr(Graph.from_edges([(0, 1)], nodes=3)) == "Graph(3 nodes, 1 edge, directed)"
    some = Attributes({"mass": jnp.ones(2)}, {"sign": jnp.ones(2), "age": jnp.ones(2)})
    assert repr(some) == "Attributes(node: mass; edge: sign, age)"
    assert repr(Attributes()) == "Attributes()"


KEY = jax.random.key(0)


@pytest.mark.parametrize(
    ("law", "line"),
    [
        (
            PairNetwork(2, ["mass"], hidden=(8, 8), one_body=False, key=KEY),
            "PairNetwork(2 dimensions, reads mass, 4-8-8-2 tanh, 136 numbers)",
        ),
        (
            HamiltonianNetwork(1, formula="r**2", key=KEY),
            "HamiltonianNetwork(1 dimension, 'r**2', 3 numbers)",
        ),
        (
            MessageNetwork(3, hidden=(4,), message=6, key=KEY),
            "MessageNetwork(3 dimensions, 11-4-6 silu, messages of 6 components, l1, 131 numbers)",
        ),
        (
            MessageNetwork(2, hidden=(4,), formula="3/r", key=KEY),
            "MessageNetwork(2 dimensions, '3/r', messages of 2 components, 37 numbers)",
        ),
        (
            TabulatedForce(
                [1.0, 2.0, 4.0], [3.0, 2.0, 1.0], ["mass"], fl.Formula.parse("0", "-0.5*v")
            ),
            "TabulatedForce(3 distances up to 4, times mass of both, one-body -0.5*v, 7 numbers)",
        ),
        (Spring(), "Spring(7 numbers)"),
        (Perceptron([3, 8, 1], key=KEY), "Perceptron(3-8-1 relu)"),
    ],
)
def test_laws_show_their_sizes_or_their_formula(law, line):
    assert repr(law) == line


def test_what_is_no_law_or_state_inside_of_transformations_is_shown_as_it_is():
    state = State(jnp.zeros((4, 2)), jnp.zeros((4, 2)))
    graph = Graph.complete_graph(3)
    for one in (PairNetwork(2, hidden=(8,), key=KEY), Perceptron([3, 1], key=KEY), state, graph):
        assert "None" in repr(eqx.filter(one, lambda leaf: False))
        shapes = repr(jax.eval_shape(lambda same: same, eqx.filter(one, eqx.is_array)))
        assert repr(type(one).__name__)[1:-1] in shapes
        jax.jit(lambda same: repr(same) and 0)(one)


def test_formulas_are_mathematics_in_a_notebook():
    formula = fl.Formula.parse("2*(r - 1)")
    for shown in (SPRING, formula):
        assert shown._repr_latex_() == f"${shown.latex()}$"
    assert fl.signed.ForceFormula(SPRING, 1.0, 2.0)._repr_latex_() == SPRING._repr_latex_()


def test_constants_that_are_no_numbers_are_shown_as_they_are():
    formula = fl.Formula.parse("2*(r - 1)")
    changes = [
        lambda one: jax.eval_shape(lambda same: same, one),
        lambda one: eqx.filter(one, lambda leaf: False),
        lambda one: jax.tree.map(lambda leaf: leaf[None], one),
    ]
    for change in changes:
        assert "constants=" in repr(change(formula))
    jax.jit(lambda one: repr(one) and one.core)(formula)
