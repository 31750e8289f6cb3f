"""Points of a force are measured: they lie on the truth whatever the curve beside them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matter_laws import pair
from worlds_of_matter import mixture

from benchmarks.particles import worlds
from forcelaw.laws import Formula
from forcelaw.particles.data import with_kinds_by
from forcelaw.particles.kernels import (
    ONE,
    Block,
    Central,
    FirstOrder,
    SecondOrder,
    Terms,
    fit_terms,
)
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.curves import free_curves
from forcelaw.particles.runs.recordings_measured import measure_fitted, true_forces


def measured(data, kinds, order, noise, cutoff=None) -> Iterator[Any]:
    """Points of the forces on the first kind, of their curves, and of curves that are too high."""
    candidates = find_candidates(data, cutoff)
    blocks = tuple(Block(kind, Central(), ONE, candidates.fine) for kind in range(kinds))
    fit = fit_terms(data, Terms(0, blocks, ()), order, candidates.cutoff, rows=300_000, noise=noise)
    forces = [
        replace(pair("1/r", reach=candidates.cutoff), curve=curve) for curve in free_curves(fit)[0]
    ]
    for by in (0.0, 0.3):
        moved = [
            replace(one, curve=replace(one.curve, force=one.curve.force + by)) for one in forces
        ]
        yield measure_fitted(data, fit, moved, order, candidates.cutoff, seed=0)


def test_points_between_two_kinds_lie_on_the_truth():
    data = with_kinds_by(mixture().recordings, "kind")
    for alike, other in measured(data, 2, SecondOrder(), "none"):
        for some, truth in ((alike, -2 * np.exp(-alike.r)), (other, other.r - 1.2)):
            assert len(some.r) > 15 and (some.pairs >= 20).all()
            # A hundredth of the largest: few bodies pass each other so near.
            np.testing.assert_allclose(some.force, truth, atol=0.03)


def test_bars_under_chance_hold_the_truth_and_narrow_with_pairs():
    world = worlds.brownian_yukawa(bodies=16, snapshots=1000, box=6.5, seed=0)
    ((some,), (moved,)) = measured(world.recordings, 1, FirstOrder(), "langevin", 3.0)
    value = world.pairs[worlds.ALIKE].value
    assert value is not None
    truth = value(some.r)
    assert np.mean(np.abs(some.force - truth) < some.half) > 0.85
    np.testing.assert_allclose(moved.force, some.force, atol=0.3 * np.median(some.half))
    few = some.pairs < np.median(some.pairs)
    assert some.half[few].mean() > some.half[~few].mean()
    assert len(some.to_json()["x"]) == len(some.to_json()["pairs"]) <= 30


@pytest.mark.parametrize(
    ("text", "both", "known"),
    [("2*(r - 1)", (), True), ("q_i*q_j/r", ("charge",), True), ("q_i*q_j/r", (), False)],
)
def test_the_truth_is_drawn_where_it_is_of_the_same_numbers(text, both, known):
    one = pair("r", both=both)
    (force,) = true_forces([one], Formula.parse(text))
    assert (force is not None) is known
    if force is not None:
        r = one.curve.r
        np.testing.assert_allclose(force, 1 / r if both else 2 * (r - 1))
    assert true_forces([one], None) == [None]
