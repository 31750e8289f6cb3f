"""The band of a force holds the truth and is no wider than the data make it."""

import numpy as np
import pytest

from benchmarks.particles import worlds
from benchmarks.particles.worlds import ALIKE, positions_only
from forcelaw.particles.kernels import ONE, Block, Central, FirstOrder, Terms, fit_terms
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.curves import free_curves


@pytest.mark.parametrize(("noise", "least", "widest"), [(0.0, 5, 1), (0.03, 6, 3)])
def test_curves_have_as_many_pieces_as_the_data_tell(noise, least, widest):
    """Errors of positions leave little of what was known before; so few pieces tell it."""
    world = worlds.brownian_yukawa(bodies=16, snapshots=500, box=6.5, seed=0, noise=noise)
    data = positions_only(world.recordings)
    candidates = find_candidates(data)
    terms = Terms(0, (Block(0, Central(), ONE, candidates.fine),), ())
    fit = fit_terms(data, terms, FirstOrder(), candidates.cutoff, rows=300_000)
    assert fit.estimator.instruments and fit.joined >= least
    assert fit.joined == 5 or noise
    ((curve,), _) = free_curves(fit)
    value = world.pairs[ALIKE].value
    assert value is not None
    seen = (curve.r > 0.8) & (curve.r < 3)
    truth = value(curve.r[seen])
    held = (curve.low[seen] <= truth) & (truth <= curve.high[seen])
    assert held.mean() > 0.8
    width = 0.5 * (curve.high - curve.low)[seen]
    assert np.median(width) < widest * np.sqrt(np.mean(truth**2))
