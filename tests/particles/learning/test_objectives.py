import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, MessageNetwork, State
from forcelaw.motion import rollout
from forcelaw.particles.learning import Objective
from forcelaw.particles.learning.objectives import (
    Example,
    Prediction,
    acceleration,
    kl,
    l1,
    loss,
    mean_absolute,
    mean_square,
    next_state,
    relative,
    relative_l1,
    trajectory,
)

GRAPH = Graph.complete_graph(3)
SPRING = Formula.parse("2*(r - 1)")
FRAMES, DT = 4, 1e-3


def examples(batch=5):
    """True motion of springs, cut into examples."""

    def one(key):
        keys = jax.random.split(key, 2)
        start = State(jax.random.normal(keys[0], (3, 2)), jax.random.normal(keys[1], (3, 2)))
        frames = rollout(SPRING, GRAPH, start, steps=FRAMES, dt=DT)
        later = jax.tree.map(lambda leaf: leaf[1:], frames)
        none = Attributes()
        return Example(start, SPRING(GRAPH, start, none), none, later, jnp.asarray(DT))

    return jax.vmap(one)(jax.random.split(jax.random.key(0), batch))


def network(regularise="l1"):
    return MessageNetwork(2, key=jax.random.key(1), regularise=regularise, hidden=(8,), message=3)


@pytest.mark.parametrize(
    ("target", "tolerance"), [(acceleration, 1e-6), (next_state, 2e-2), (trajectory, 1e-6)]
)
def test_the_true_law_has_no_error(target, tolerance, double_precision):
    objective = Objective(target, {"error": (1.0, mean_absolute)}, FRAMES)
    value, parts = loss(objective, SPRING, GRAPH, examples())
    assert value < tolerance
    assert value == parts["error"]
    wrong, _ = loss(objective, Formula.parse("3*(r - 1)"), GRAPH, examples())
    assert wrong > 20 * value


def test_terms_are_weighted_and_reported_plain():
    objective = Objective(acceleration, {"error": (2.0, mean_absolute), "messages": (0.1, l1)})
    value, parts = loss(objective, network(), GRAPH, examples())
    assert set(parts) == {"error", "messages"}
    np.testing.assert_allclose(value, 2 * parts["error"] + 0.1 * parts["messages"], rtol=1e-6)


def test_a_term_of_ones_own():
    def largest(prediction):
        return jnp.max(jnp.abs(prediction.predicted))

    objective = Objective(acceleration, {"mine": (1.0, largest)})
    value, _ = loss(objective, network(), GRAPH, examples())
    assert value > 0


def test_relative_errors_do_not_know_units():
    truth = jnp.asarray([[3.0, 4.0], [0.0, 0.0]])
    one = Prediction(truth * 1.1, truth, None)
    other = Prediction(truth * 1100, truth * 1000, None)
    np.testing.assert_allclose(relative(1e-6)(one), 0.05, rtol=1e-5)
    np.testing.assert_allclose(relative(1.0)(one), relative(1000.0)(other), rtol=1e-5)
    np.testing.assert_allclose(mean_square(one), 0.0625, rtol=1e-5)


def test_kl_is_zero_only_for_the_standard_normal():
    law = network("kl")
    drawn = acceleration(law, GRAPH, one_example(), None)
    assert kl(drawn) > 0
    assert drawn.messages is not None
    zeros = jnp.zeros_like(drawn.messages.mean)
    standard = Prediction(
        drawn.predicted, drawn.true, drawn.messages._replace(mean=zeros, log_variance=zeros)
    )
    assert kl(standard) == 0


def test_the_price_of_a_message_is_relative_to_the_force_on_its_receiver():
    law, example = network(), one_example()
    found = acceleration(law, GRAPH, example, None)
    net_force = jnp.linalg.norm(example.acceleration, axis=1)[GRAPH.receiver]
    assert found.net_force is not None and found.messages is not None
    np.testing.assert_allclose(found.net_force, net_force, rtol=1e-5)
    price = relative_l1(1e-6)(found)
    messages = found.messages._replace(mean=100 * found.messages.mean)
    louder = Prediction(found.predicted, found.true, messages, 100 * found.net_force)
    np.testing.assert_allclose(relative_l1(1e-6)(louder), price, rtol=1e-4)


def one_example():
    return jax.tree.map(lambda leaf: leaf[0], examples(1))


def test_messages_are_drawn_in_training_only():
    law, objective = network("kl"), Objective(acceleration, {"error": (1.0, mean_absolute)})
    calm = [loss(objective, law, GRAPH, examples())[0] for _ in range(2)]
    drawn = [loss(objective, law, GRAPH, examples(), jax.random.key(seed))[0] for seed in range(2)]
    assert calm[0] == calm[1]
    assert len({float(value) for value in (*drawn, calm[0])}) == 3


def test_terms_that_need_messages_say_so():
    with pytest.raises(ValueError, match="needs messages"):
        l1(acceleration(SPRING, GRAPH, one_example(), None))
    with pytest.raises(ValueError, match="regularise='kl'"):
        kl(acceleration(network("l1"), GRAPH, one_example(), None))


def test_objectives_are_values():
    objective = Objective(acceleration, {"error": (1.0, mean_absolute)})
    assert dataclasses.replace(objective, frames=2).frames == 2
