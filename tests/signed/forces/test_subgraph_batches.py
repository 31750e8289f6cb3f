"""Forces trained part by part: the same loss and gradient as on the whole network."""

import dataclasses

import jax
import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed.forces import PRESETS, Choices, make_views
from forcelaw.signed.forces.objective import hidden_loss, untrained_forces
from forcelaw.signed.forces.simulation import random_start
from forcelaw.signed.forces.subgraph_batches import (
    divide_into_subgraphs,
    subgraph_batches,
    subgraph_loss,
)
from forcelaw.training import Stage, StageValues

CHOICES = Choices(dim=4, capacity=1, directed=False, start="camps", segments=1)
STAGE = StageValues.of(Stage(1, 1, 0.1, 1.7))


@pytest.fixture(scope="module")
def views():
    return make_views(signed.synthetic(60, degree=8.0, seed=0), folds=2, seed=0)


def test_parts_add_up_to_the_whole_loss_and_gradient(views):
    # One step is within the halo of pairs; the reference's objective knows no centre of all nodes.
    forces = untrained_forces(views, PRESETS["spr"], key=jax.random.key(0))
    task = divide_into_subgraphs(views, CHOICES, 3, seed=0, halo=2)
    batches = subgraph_batches(task, jax.random.key(1))
    first = jax.tree.map(lambda leaf: leaf[: task.cut.parts], batches)
    view, hidden = views.fold(first.fold[0])
    start = random_start(views.graph.nodes, CHOICES.dim, "camps", key=first.start[0]).at(view)

    def whole(forces):
        mean, weight, _ = hidden_loss(forces, CHOICES, views.graph, view, hidden, start, STAGE)
        return mean * weight

    def in_parts(forces):
        total = 0.0
        for part in range(task.cut.parts):
            batch = jax.tree.map(lambda leaf, part=part: leaf[part], first)
            mean, weight, _ = subgraph_loss(forces, task, batch, STAGE, jax.random.key(9))
            total = total + mean * weight
        return total

    one, slope = jax.value_and_grad(whole)(forces)
    other, slope_in_parts = jax.value_and_grad(in_parts)(forces)
    np.testing.assert_allclose(other, one, rtol=1e-5)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5), slope_in_parts, slope
    )


def test_every_hidden_pair_is_in_one_part(views):
    task = divide_into_subgraphs(views, CHOICES, 3, seed=0, halo=1)
    node = np.asarray(task.cut.node)

    def found(hidden, number):
        """Each pair with its sign and weight, by the nodes of the whole network."""
        real = np.argwhere(np.asarray(hidden.weight) > 0)
        ends, positive, weight = (
            np.asarray(leaf) for leaf in (hidden.ends, hidden.positive, hidden.weight)
        )
        return sorted(
            (*number(place, ends[*place]), float(positive[*place]), float(weight[*place]))
            for place in real
        )

    for fold in range(2):
        whole = jax.tree.map(lambda leaf, fold=fold: leaf[fold], views.hidden)
        parts = jax.tree.map(lambda leaf, fold=fold: leaf[fold], task.hidden)
        assert found(parts, lambda place, ends: node[place[0]][ends].tolist()) == found(
            whole, lambda place, ends: ends.tolist()
        )


@pytest.mark.filterwarnings("ignore:the springs have learned nothing")
@pytest.mark.slow
def test_a_budget_is_planned_and_told():
    network = signed.synthetic(60, degree=8.0, seed=0)
    preset = dataclasses.replace(
        PRESETS["spr"], stages=(Stage(1, 2, 0.1, 1.7, 0.02),), steps=2, folds=2
    )
    told = []
    model = signed.SpringEmbedding(4, preset=preset)
    model.fit(network, memory="64GB", note=told.append)
    planned = [line for line in told if "not learned" not in line]
    assert all(line.startswith("memory: ") and "64.00 GB" in line for line in planned)
    assert planned
    with pytest.raises(InputError, match="budget of 1 MB"):
        model.fit(network, memory="1MB")
