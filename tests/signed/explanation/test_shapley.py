"""What columns add to the log-odds of a decoder: the sum is the log-odds, and each is exact."""

from __future__ import annotations

import itertools
import math

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.signed.decoder import DecoderSettings
from forcelaw.signed.decoder.ensemble import Ensemble, Examples, fit_ensemble
from forcelaw.signed.decoder.geometry_decoder import Standard
from forcelaw.signed.decoder.shapley import attribute
from forcelaw.signed.decoder.trees import NODES, Trees

COLUMNS = 4


def random_tree(random):
    """Arrays of one tree of up to eight leaves, grown at random leaves."""
    feature, left, right = np.zeros(NODES, int), np.arange(NODES), np.arange(NODES)
    threshold, value = np.zeros(NODES), np.zeros(NODES)
    leaves, used = [0], 1
    for _ in range(random.integers(0, 8)):
        node = leaves.pop(random.integers(len(leaves)))
        feature[node], threshold[node] = random.integers(COLUMNS), random.normal()
        left[node], right[node] = used, used + 1
        leaves += [used, used + 1]
        used += 2
    value[leaves] = random.normal(size=len(leaves))
    return feature, threshold, left, right, value


def random_ensemble(seed, members=2, count=3, share=0.6):
    random = np.random.default_rng(seed)
    grown = [[random_tree(random) for _ in range(count)] for _ in range(members)]
    arrays = [np.array([[tree[k] for tree in member] for member in grown]) for k in range(5)]
    ensemble = Ensemble.untrained(COLUMNS, members, count, key=jax.random.key(0))
    integers = [jnp.asarray(arrays[k], jnp.int32) for k in (0, 2, 3)]
    trees = Trees(
        jnp.asarray(random.normal(size=members), float),
        integers[0],
        jnp.asarray(arrays[1], float),
        integers[1],
        integers[2],
        jnp.asarray(arrays[4], float),
    )
    standard = Standard(
        jnp.asarray(random.normal(size=COLUMNS), float), jnp.asarray([1.0, 2.0, 0.5, 3.0])
    )
    return eqx.tree_at(
        lambda tree: (
            tree.standard,
            tree.members.linear,
            tree.members.bias,
            tree.trees,
            tree.share,
        ),
        ensemble,
        (
            standard,
            jnp.asarray(random.normal(size=(members, COLUMNS)), float),
            jnp.asarray(random.normal(size=members), float),
            trees,
            jnp.asarray(share, float),
        ),
    )


@eqx.filter_jit
def of_ensemble(ensemble, rows):
    return ensemble(rows)


def log_odds(ensemble, rows):
    return np.asarray(of_ensemble(ensemble, jnp.asarray(rows)))


def shapley_by_definition(ensemble, row):
    """The mean over all orders of what each column changes when it comes in."""
    mean = np.asarray(ensemble.standard.shift)
    coalitions = list(itertools.product([False, True], repeat=COLUMNS))
    mixed = np.stack([np.where(chosen, row, mean) for chosen in coalitions])
    game = dict(zip(coalitions, log_odds(ensemble, mixed).tolist(), strict=True))
    found = np.zeros(COLUMNS)
    for order in itertools.permutations(range(COLUMNS)):
        chosen = [False] * COLUMNS
        for column in order:
            before = game[tuple(chosen)]
            chosen[column] = True
            found[column] += game[tuple(chosen)] - before
    return found / math.factorial(COLUMNS)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.25, 1.0]))
def test_contributions_are_shapley_values_and_add_up(seed, share):
    ensemble = random_ensemble(seed, share=share)
    rows = np.random.default_rng(seed + 1).normal(size=(3, COLUMNS)).astype(np.float32)
    found = attribute(ensemble, rows)
    np.testing.assert_allclose(found.log_odds, log_odds(ensemble, rows), atol=2e-5)
    base = log_odds(ensemble, np.asarray(ensemble.standard.shift)[None])[0]
    assert found.base == pytest.approx(float(base), abs=2e-5)
    np.testing.assert_allclose(found.column[0], shapley_by_definition(ensemble, rows[0]), atol=5e-5)


def test_blocks_of_rows_do_not_matter():
    ensemble = random_ensemble(3)
    rows = np.random.default_rng(4).normal(size=(50, COLUMNS)).astype(np.float32)
    whole, parts = (
        attribute(ensemble, rows),
        attribute(ensemble, rows, DecoderSettings(tree_cells=1)),
    )
    np.testing.assert_allclose(whole.column, parts.column, atol=1e-14)
    np.testing.assert_allclose(attribute(ensemble, rows[:0]).column, np.zeros((0, COLUMNS)))


def test_the_average_pair_is_explained_by_nothing():
    ensemble = random_ensemble(5)
    np.testing.assert_allclose(
        attribute(ensemble, np.asarray(ensemble.standard.shift)[None]).column, 0
    )


def test_a_fitted_decoder_is_a_sum_to_double_precision():
    random = np.random.default_rng(0)
    feature = random.normal(size=(1500, 3)).astype(np.float32)
    positive = random.random(1500) < 1 / (1 + np.exp(-2 * np.sin(3 * feature[:, 0])))
    ensemble, _ = fit_ensemble(
        Examples(
            feature=jnp.asarray(feature),
            positive=jnp.asarray(positive, jnp.float32),
            present=jnp.ones(1500, jnp.float32),
            member=jnp.arange(1500) % 5,
            members=5,
        ),
        trees=True,
    )
    assert float(ensemble.share) > 0
    rows = random.normal(size=(400, 3)).astype(np.float32)
    found = attribute(ensemble, rows)
    np.testing.assert_allclose(found.log_odds, ensemble(jnp.asarray(rows)), atol=1e-5)
    np.testing.assert_allclose(found.log_odds, in_double_precision(ensemble, rows), atol=1e-12)


def in_double_precision(ensemble, rows):
    """The mean log-odds, node by node down each tree."""
    part, standard = float(ensemble.share), ensemble.standard
    values = (rows.astype(float) - np.asarray(standard.shift, float)) / np.asarray(
        standard.scale, float
    )
    trees, total = jax.tree.map(np.asarray, ensemble.trees), np.zeros(len(rows))
    for member in range(len(trees.base)):
        weight = np.asarray(ensemble.members.linear[member], float)
        total += (1 - part) * (values @ weight + float(ensemble.members.bias[member]))
        total += part * float(trees.base[member])
        for tree in range(trees.value.shape[1]):
            at = (member, tree)
            node = np.zeros(len(rows), int)
            for _ in range(NODES):
                above = (
                    rows[np.arange(len(rows)), trees.feature[at][node]] > trees.threshold[at][node]
                )
                node = np.where(above, trees.right[at][node], trees.left[at][node])
            total += part * trees.value[at][node].astype(float)
    return total / len(trees.base)
