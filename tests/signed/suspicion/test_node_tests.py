"""Tests of nodes: p-values are never too small, whatever the number of edges."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.signed.suspicion import node_tests_of


def tail(own):
    """The exact probability of signs that are no likelier than these."""
    seen, total = np.prod(own), 0.0
    for kept in itertools.product([True, False], repeat=len(own)):
        chance = np.prod(np.where(kept, own, 1 - own))
        total += chance if chance <= seen * (1 + 1e-9) else 0.0
    return total


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9))
def test_the_bound_is_above_the_exact_probability(own):
    own = np.array(own)
    found = node_tests_of(np.zeros(len(own), int), own, 2)
    exact = tail(own)
    assert exact * (1 - 1e-6) <= found.p_value[0] <= 1
    assert found.edges.tolist() == [len(own), 0]
    assert found.contradicted[0] == (own < 0.5).sum()
    assert found.p_value[1] == 1 and np.isnan(found.z[1])
    if (own < 0.45).all():
        # All signs are the less likely ones: one outcome alone.
        assert found.p_value[0] == pytest.approx(np.prod(own), rel=0.02)


def test_z_is_standard_where_signs_are_drawn_from_the_probabilities():
    random = np.random.default_rng(0)
    node, positive = np.repeat(np.arange(2000), 30), random.uniform(0.05, 0.95, 60_000)
    own = np.where(random.random(60_000) < positive, positive, 1 - positive)
    found = node_tests_of(node, own, 2000)
    assert abs(found.z.mean()) < 0.1
    assert found.z.std() == pytest.approx(1, abs=0.1)
    assert found.contradicted.sum() == pytest.approx(found.expected.sum(), rel=0.03)
    for level in (0.05, 0.01):
        assert (found.p_value < level).mean() <= level


def test_certain_probabilities_are_finite():
    found = node_tests_of(np.array([0, 0, 1]), np.array([1.0, 1.0, 0.0]), 2)
    assert np.isfinite(found.z).all()
    assert found.p_value[0] == pytest.approx(1)
    assert found.p_value[1] < 1e-9
