"""A law on bodies with masked neighbours: padding, order, boxes, kinds, gradients."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.laws import KindEmbedding, MessageNetwork, PairNetwork, Units
from forcelaw.laws.networks.kind_embedding import embedded_names
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.kernels import SecondOrder
from forcelaw.particles.networks.arrays import on_device
from forcelaw.particles.networks.evaluation import Stars, evaluate, explain, weighted_means
from forcelaw.particles.networks.snapshot_forces import values_at
from forcelaw.particles.networks.windows import Moving, cut_stretches

TRICLINIC = np.array([[4.0, 0.0], [1.3, 4.2]])


def law_of(model, kinds=(), names=()):
    every = [*names, *embedded_names(len(kinds))]
    how = {"key": jax.random.key(1), "hidden": (8,)}
    law = MessageNetwork(2, every, **how) if model == "message" else PairNetwork(2, every, **how)
    return KindEmbedding.of(law, kinds, len(kinds), key=jax.random.key(2)) if kinds else law


def drifting(bodies=7, times=9, seed=0, kinds=(), **more):
    draw = np.random.default_rng(seed)
    velocity = draw.normal(0, 0.3, (bodies, 2))
    start = draw.uniform(0, 1, (bodies, 2)) @ TRICLINIC
    time = 0.1 * np.arange(times)
    position = start + time[:, None, None] * velocity + 0.05 * np.sin(time)[:, None, None]
    species = tuple(kinds[k % len(kinds)] for k in range(bodies)) if kinds else ()
    part = Recording(
        position,
        time,
        np.ones((times, bodies), bool),
        cell=Cell(TRICLINIC[None], (True, True)),
        species=species,
    )
    return replace(part, **more) if more else part


def values(law, part, at=4):
    data = Recordings((part,))
    moving = Moving.of(data, part, SecondOrder())
    pairs = moving.pairs(at, at + 1, 1.9)
    return values_at(law, pairs, moving.velocity[at], moving.attributes)


def stars(slots=3, seed=0):
    draw = np.random.default_rng(seed)
    count = 5 * (1 + slots)
    return Stars(
        jnp.asarray(draw.normal(size=(5, slots, 2))),
        jnp.ones((5, slots), bool),
        jnp.asarray(draw.normal(size=(count, 2))),
        {},
    )


@pytest.mark.parametrize("model", ["pair", "message"])
def test_masked_neighbours_have_no_influence(model):
    law, some = law_of(model), stars()
    wider = Stars(
        jnp.concatenate([some.difference, 0.1 * jnp.ones((5, 2, 2))], axis=1),
        jnp.concatenate([some.near, jnp.zeros((5, 2), bool)], axis=1),
        jnp.concatenate(
            [
                some.velocity[:5],
                jnp.concatenate(
                    [some.velocity[5:].reshape(5, 3, 2), 9 * jnp.ones((5, 2, 2))], axis=1
                ).reshape(-1, 2),
            ]
        ),
        {},
    )
    one, other = (evaluate(law, s, mutual=False)[0] for s in (some, wider))
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", ["pair", "message"])
def test_order_of_bodies_changes_nothing(model):
    part, order = drifting(), np.random.default_rng(3).permutation(7)
    turned = replace(part, position=part.position[:, order], present=part.present[:, order])
    law = law_of(model)
    np.testing.assert_allclose(values(law, turned), values(law, part)[order], rtol=1e-4, atol=1e-5)


def test_third_law_in_a_triclinic_box():
    law = eqx.tree_at(lambda law: law.one_body, law_of("pair"), None)
    force = values(law, drifting())
    assert np.abs(force).max() > 1e-3
    assert np.abs(force.sum(axis=0)).max() < 1e-5 * np.abs(force).sum()


@pytest.mark.parametrize("model", ["pair", "message"])
def test_images_of_bodies_are_one(model):
    part, law = drifting(), law_of(model)
    moved = part.position.copy()
    moved[:, 2] += TRICLINIC[0] - 2 * TRICLINIC[1]
    other = replace(part, position=moved)
    np.testing.assert_allclose(values(law, other), values(law, part), rtol=1e-4, atol=1e-5)


def test_absent_bodies_have_no_influence():
    law, part = law_of("pair"), drifting(times=12)
    present = part.present.copy()
    present[:, 0] = False
    gone = np.where(present[..., None], part.position, np.nan)
    without = replace(
        part, position=part.position[:, 1:], present=part.present[:, 1:], bodies=part.bodies[1:]
    )
    masked = values(law, replace(part, position=gone, present=present))
    np.testing.assert_allclose(masked[1:], values(law, without), rtol=1e-5, atol=1e-6)


def test_swapped_kinds_with_swapped_vectors_are_the_same_law():
    part = drifting(kinds=("A", "B"))
    names = {"A": "B", "B": "A"}
    renamed = replace(part, species=tuple(names[kind] for kind in part.species))
    law = law_of("message", ("A", "B"))
    assert isinstance(law, KindEmbedding)
    swapped = eqx.tree_at(lambda law: law.table, law, law.table[::-1])
    assert np.abs(values(law, renamed) - values(law, part)).max() > 1e-4
    np.testing.assert_allclose(values(swapped, renamed), values(law, part), rtol=1e-5, atol=1e-6)


def test_kinds_of_one_vector_are_one_kind():
    law = law_of("pair", ("A", "B"))
    assert isinstance(law, KindEmbedding)
    alike = eqx.tree_at(lambda law: law.table, law, jnp.ones_like(law.table))
    part = drifting(kinds=("A", "B"))
    other = replace(part, species=("A",) * 6 + ("B",))
    np.testing.assert_allclose(values(alike, other), values(alike, part), rtol=1e-6)


def test_means_over_five_snapshots_are_weighted_sums():
    draw = np.random.default_rng(0)
    value, weights = draw.normal(size=(2, 9, 2)), draw.normal(size=(2, 9, 5))
    weights[:, [0, 1, -2, -1]] = 0
    expected = sum(weights[:, 2:-2, k, None] * value[:, k : k + 5] for k in range(5))
    np.testing.assert_allclose(
        weighted_means(value, weights)[:, 2:-2], expected, rtol=1e-4, atol=1e-5
    )


def test_stretches_hold_every_change_once():
    part = drifting(times=40)
    order = SecondOrder()
    moving = Moving.of(Recordings((part,)), part, order)
    found = cut_stretches(Recordings((part,)), (moving,), 1.9, Units(), order).windows
    assert found.valid.sum() == moving.changes.valid.sum()
    total = moving.changes.value[moving.changes.valid].sum(axis=0)
    np.testing.assert_allclose(found.target[found.valid].sum(axis=0), total, rtol=1e-9)


def test_gradients_are_those_of_finite_differences():
    part, order = drifting(times=16), SecondOrder()
    moving = Moving.of(Recordings((part,)), part, order)
    found = cut_stretches(Recordings((part,)), (moving,), 1.9, Units(), order)
    with jax.enable_x64(True):
        law = jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), law_of("message"))
        windows, entries = on_device(found.windows), on_device(found.entries)
        direction = jax.tree.map(lambda a: jnp.sin(jnp.arange(a.size)).reshape(a.shape), law)

        def value(step):
            moved = jax.tree.map(lambda a, d: a + step * d, law, direction)
            predicted = explain(moved, windows, entries, mutual=False).predicted
            return jnp.sum(jnp.where(windows.valid[..., None], predicted, 0) ** 2)

        slope = jax.grad(value)(0.0)
        step = 1e-5
        np.testing.assert_allclose(slope, (value(step) - value(-step)) / (2 * step), rtol=1e-5)
