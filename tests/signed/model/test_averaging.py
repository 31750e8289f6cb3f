"""Decoders of several choices of folds as one."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw import signed
from forcelaw.signed.decoder.ensemble import Examples, fit_ensemble
from forcelaw.signed.model import count_fold_choices, fold_counts
from forcelaw.signed.model.averaging import average_ensembles
from forcelaw.signed.splits import make_folds

MOST = 16


def ensemble(rows, seed):
    random = np.random.default_rng(seed)
    feature = random.normal(2.0 + seed, 1.5 + seed, size=(rows, 3))
    positive = random.random(rows) < 1 / (1 + np.exp(-np.sin(2 * feature[:, 0]) - feature[:, 1]))
    return fit_ensemble(
        Examples(
            feature=jnp.asarray(feature, jnp.float32),
            positive=jnp.asarray(positive, jnp.float32),
            present=jnp.ones(rows, jnp.float32),
            member=jnp.arange(rows) % 5,
            members=5,
        ),
        trees=True,
    )[0]


@pytest.mark.parametrize("rows", [(200, 150), (1500, 1200, 200)], ids=["linear", "with trees"])
def test_members_keep_their_log_odds(rows):
    parts = [ensemble(count, seed) for seed, count in enumerate(rows)]
    whole = average_ensembles(parts)
    assert (float(whole.share) > 0) == (max(rows) > 1000)
    feature = jnp.asarray(np.random.default_rng(9).normal(2, 2, size=(50, 3)), jnp.float32)
    expected = np.concatenate([np.asarray(part.each(feature)) for part in parts])
    np.testing.assert_allclose(whole.each(feature), expected, rtol=2e-4, atol=2e-4)
    assert average_ensembles(parts[:1]) is parts[0]
    assert jax.tree.structure(whole) == jax.tree.structure(parts[0])


def test_small_networks_get_more_choices():
    networks = [signed.synthetic(nodes, degree=12.0, seed=0) for nodes in (20, 450, 4000)]
    counts = [count_fold_choices(network, MOST) for network in networks]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == MOST and counts[-1] == 1 < counts[1]
    assert count_fold_choices(dataclasses.replace(networks[0], forecast=True), MOST) == 1


@pytest.mark.parametrize(
    ("edges", "expected"),
    [(6, (6, 6)), (58, (10, 10)), (150_000, (10, 10)), (400_000, (10, 3)), (3_000_000, (10, 3))],
)
def test_of_large_networks_fewer_folds_are_hidden_and_none_is_larger(edges, expected):
    assert fold_counts(10, edges) == expected


def test_folds_that_are_not_hidden_stay_visible():
    network = signed.synthetic(60, degree=8.0, seed=0)
    every, some = make_folds(network, 10, 0), make_folds(network, 10, 0, hidden=3)
    assert len(some) == 3
    for one, other in zip(every, some, strict=False):
        np.testing.assert_array_equal(one.hidden, other.hidden)
        np.testing.assert_array_equal(other.visible, ~other.hidden)
