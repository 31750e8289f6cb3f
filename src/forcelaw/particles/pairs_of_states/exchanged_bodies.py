"""Pairs of states whose bodies were mixed up: ends are met once they are exchanged."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from forcelaw.particles.pairs_of_states.candidates import Candidate
from forcelaw.particles.pairs_of_states.settings import PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs


def find_exchanged(
    best: Candidate, pairs: StatePairs, settings: PairsSettings
) -> Bool[np.ndarray, " pair"]:
    """Pairs that a force meets only if the bodies at their ends have other names.

    By chance no such end is met; see `linear_sum_assignment` of SciPy for who is who. On a line
    none are: there alike bodies that bounce off each other do the same.
    """
    problem = Problem.of(pairs, best.coupling)
    led = problem.ends(best.forces, best.scheme, best.numbers)
    missed = problem.misses(best.forces, best.scheme, best.numbers) > settings.far
    exchanged = np.zeros(len(pairs), bool)
    if pairs.dim == 1 or not missed.mean() < settings.mixed_up:
        return exchanged
    for row in np.flatnonzero(missed & np.isfinite(led).all(axis=(1, 2))):
        whose = linear_sum_assignment(cdist(led[row], pairs.end[row]))[1]
        apart = led[row] - pairs.end[row][whose]
        exchanged[row] = np.sqrt(np.mean(apart**2)) <= settings.far * problem.unit
    return exchanged
