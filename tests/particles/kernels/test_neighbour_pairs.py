"""Pairs by trees are those by hand, in any box."""

import numpy as np
import pytest

from forcelaw.particles.data import Cell, Recording
from forcelaw.particles.kernels import find_pairs, largest_cutoff, neighbour_pairs

TILTED = np.array([[[6.0, 0, 0], [1.5, 5.0, 0], [0.5, -1.0, 7.0]]])
CELLS = {
    "open": None,
    "box": Cell.of([5.0, 6.0, 7.0]),
    "slab": Cell.of([5.0, 6.0, 7.0], [True, True, False]),
    "tilted": Cell(TILTED, (True, True, True)),
}


@pytest.fixture(params=CELLS, name="part")
def made(request):
    rng = np.random.default_rng(0)
    x = rng.uniform(-9, 9, (3, 200, 3))
    return Recording(x, np.arange(3.0), np.ones((3, 200), bool), cell=CELLS[request.param])


def test_a_tree_finds_what_all_differences_do(part, monkeypatch):
    cutoff = 2.0
    some = np.array([3, 50, 199])
    by_hand = find_pairs(part, part.position, part.present, 0, cutoff)
    of_some = find_pairs(part, part.position, part.present, 0, cutoff, some)
    monkeypatch.setattr(neighbour_pairs, "FEW", 0)
    by_tree = find_pairs(part, part.position, part.present, 0, cutoff)
    same = find_pairs(part, part.position, part.present, 0, cutoff, some)
    assert len(by_hand.length) > 100
    own = np.isin(by_hand.receiver, some)
    for one, other, few, too in zip(by_tree, by_hand, of_some, same, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)
        np.testing.assert_allclose(few, other[own], atol=1e-9)
        np.testing.assert_allclose(too, other[own], atol=1e-9)


def test_forces_are_mutual(part):
    pairs = find_pairs(part, part.position, part.present, 0, 2.0)
    there = {
        (s, i, j): d
        for s, i, j, d in zip(
            pairs.snapshot, pairs.receiver, pairs.sender, pairs.difference, strict=True
        )
    }
    for (snapshot, i, j), difference in there.items():
        np.testing.assert_allclose(there[snapshot, j, i], -difference, atol=1e-9)


def test_absent_bodies_are_in_no_pair(part):
    known = part.present.copy()
    known[:, 7] = False
    pairs = find_pairs(part, part.position, known, 0, 3.0)
    assert not (pairs.receiver == 7).any()
    assert not (pairs.sender == 7).any()


def test_half_the_least_width_is_the_largest_cutoff():
    assert largest_cutoff(Cell.of([4.0, 8.0])) == 2
    assert largest_cutoff(Cell.of([4.0, 8.0], [False, True])) == 4
