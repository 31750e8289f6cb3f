"""How likely each pair of a recording has each value, all pairs of it together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.hidden.levels import Levels
from forcelaw.particles.hidden.pair_equations import Couplings


@dataclass(frozen=True)
class ProbabilitySettings:
    """How assignments of values are gone through."""

    sweeps: int = 100
    """Of changes to a better assignment, at most."""
    tails: float = 4.0
    """Degrees of freedom of Student's t: one encounter that snapshots do not follow moves all
    numbers of a recording by more than their errors say."""


PROBABILITIES = ProbabilitySettings()


def level_probabilities(
    couplings: Couplings, levels: Levels, *, settings: ProbabilitySettings = PROBABILITIES
) -> tuple[Int[np.ndarray, " pair"], Float[np.ndarray, "pair level"]]:
    """The likeliest level of every pair, and the probability of each.

    Numbers of pairs of one recording have errors in common. The best assignment is climbed to by
    changes of one pair or of two at a time; probabilities are shares of it and of all assignments
    that are so near to it.
    """
    count, kinds = len(couplings.value), len(levels.value)
    precision = _precision(couplings, levels)
    prior = np.log(np.maximum(levels.share, 1e-12))
    level = np.abs(couplings.value[:, None] - levels.value).argmin(axis=1)
    single = np.zeros((count, kinds))
    for _ in range(settings.sweeps):
        single, double = _changes(couplings, levels, precision, prior, level)
        best = int(single.argmin())
        if double.size and double.min() < min(single.min(), -1e-9):
            one, other = np.unravel_index(int(double.argmin()), double.shape)
            for change in (one, other):
                level[change // kinds] = change % kinds
        elif single.min() < -1e-9:
            level[best // kinds] = best % kinds
        else:
            break
    away = couplings.value - levels.value[level]
    energy = float(away @ precision @ away)
    single, double = _changes(couplings, levels, precision, prior, level)
    weight = _weights(single.ravel(), energy, count, settings)
    pair = _weights(double.ravel(), energy, count, settings).reshape(double.shape)
    upper = np.triu(pair, 1)
    # Of a change: alone, or with one of any other pair.
    changed = weight + upper.sum(axis=0) + upper.sum(axis=1)
    stays = np.zeros((count, kinds), bool)
    stays[np.arange(count), level] = True
    changed = np.where(stays.ravel(), 0, changed).reshape(count, kinds)
    whole = 1 + np.where(stays.ravel(), 0, weight).sum() + upper.sum()
    probability = changed / whole
    probability[stays] = 1 - probability.sum(axis=1)
    return level, probability


def _precision(couplings: Couplings, levels: Levels) -> Float[np.ndarray, "pair pair"]:
    """Of the numbers around their values."""
    precision = couplings.precision / levels.inflation**2
    identity = np.eye(len(couplings.value))
    return np.linalg.solve(identity + levels.spread**2 * precision, precision)


def _changes(
    couplings: Couplings,
    levels: Levels,
    precision: Float[np.ndarray, "pair pair"],
    prior: Float[np.ndarray, " level"],
    level: Int[np.ndarray, " pair"],
) -> tuple[Float[np.ndarray, "pair level"], Float[np.ndarray, "change change"]]:
    """By how much the energy rises with every change of one pair, and of two."""
    kinds = len(levels.value)
    away = couplings.value - levels.value[level]
    step = levels.value[None] - levels.value[level][:, None]
    slope = precision @ away
    rise = -2 * step * slope[:, None] + step**2 * np.diag(precision)[:, None]
    single = rise - 2 * (prior[None] - prior[level][:, None])
    flat = step.ravel()
    both = 2 * np.repeat(np.repeat(precision, kinds, 0), kinds, 1) * flat[:, None] * flat
    double = single.ravel()[:, None] + single.ravel()[None] + both
    same = np.repeat(np.arange(len(level)), kinds)
    double[(same[:, None] == same) | (flat == 0) | (flat == 0)[:, None]] = np.inf
    return single, double


def _weights(
    rise: Float[np.ndarray, " change"], energy: float, count: int, settings: ProbabilitySettings
) -> Float[np.ndarray, " change"]:
    """Probabilities over that of the best assignment, under Student's t."""
    tails = settings.tails
    size = np.maximum(rise, -0.999 * (tails + energy)) / (tails + energy)
    return np.exp(-0.5 * (tails + count) * np.log1p(size))
