"""Pairs of states that no force meets: bodies that were mixed up, properties not recorded."""

from dataclasses import replace

import numpy as np
import pytest

from forcelaw.particles.pairs_of_states import StatePairs, discover_from_pairs
from forcelaw.particles.pairs_of_states.forces.forms_of_forces import FORMS_TRIED
from forcelaw.particles.pairs_of_states.search import search_pairs

SPRING = {"spring": FORMS_TRIED["spring"]}


def springs(strength, *, count=90, seed=0):
    """Two bodies on a spring of its own strength in each pair, solved exactly."""
    rng = np.random.default_rng(seed)
    start, velocity = 2 * rng.normal(size=(count, 2, 2)), rng.normal(size=(count, 2, 2))
    rate = np.sqrt(2 * np.broadcast_to(strength, (count,)))[:, None]
    apart, moving = start[:, 1] - start[:, 0], velocity[:, 1] - velocity[:, 0]
    later = apart * np.cos(rate) + moving * np.sin(rate) / rate
    middle = (start + velocity).mean(axis=1)
    end = middle[:, None] + later[:, None] * np.array([-0.5, 0.5])[:, None]
    return StatePairs(start, velocity, end, np.ones(count), {})


def test_pairs_whose_bodies_were_mixed_up_are_left_out():
    pairs = springs(2.0)
    mixed = replace(pairs, end=pairs.end.copy())
    mixed.end[::9] = mixed.end[::9, ::-1]
    found = search_pairs(mixed, forms=SPRING)
    assert len(found.pairs) == 80 and not found.missing and not found.astray
    np.testing.assert_allclose(found.candidates[0].numbers, [2, 0], atol=1e-6)
    assert found.candidates[0].misses.max() < 1e-5
    assert len(search_pairs(pairs, forms=SPRING).pairs) == 90


@pytest.mark.slow
def test_noise_is_no_property_of_bodies_and_a_strength_of_each_pair_is(monkeypatch):
    for name in set(FORMS_TRIED) - {"spring"}:
        monkeypatch.delitem(FORMS_TRIED, name)
    rng = np.random.default_rng(1)
    unknown = discover_from_pairs(springs(rng.choice([0.5, 1.5], 90)))
    assert unknown.causes == ("hidden-attribute",) and unknown.verdict != "law"
    assert any("a property of bodies that is not in the data" in one for one in unknown.notes)
    clean = springs(1.0)
    noisy = replace(clean, end=clean.end + 0.03 * rng.normal(size=clean.end.shape))
    found = discover_from_pairs(noisy)
    assert found.causes == () and found.verdict == "approximation"
    assert any(one.endswith("or noise") for one in found.notes)
