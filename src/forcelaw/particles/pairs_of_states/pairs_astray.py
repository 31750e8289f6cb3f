"""Held-out pairs that a law misses though no encounter made them sensitive: what sets them apart.

A law that meets most pairs to rounding may lack what few of them felt: a wall, a core, a cutoff.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import rankdata

from forcelaw.particles.diagnosis import Cause
from forcelaw.particles.pairs_of_states.candidates import Candidate
from forcelaw.particles.pairs_of_states.settings import PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs


@dataclass(frozen=True)
class Astray:
    """Pairs that are missed, and by what they differ most from those that are met."""

    count: int
    of: int
    cause: Cause
    words: str

    def sentence(self) -> str:
        """For notes."""
        return (
            f"{self.count} of {self.of} held-out ends are missed though no encounter explains it: "
            f"{self.words}"
        )


def find_astray(best: Candidate, check: StatePairs, settings: PairsSettings) -> tuple[Astray, ...]:
    """What is missing of a law to few pairs; nothing where they are no more than a law may miss.

    **Arguments:** `check` the pairs of `best.misses`.
    """
    missed = best.misses > settings.far
    if not 0 < missed.mean() < 0.5:
        return ()
    _, slopes = Problem.of(check, best.coupling).linearised(best.forces, best.scheme, best.numbers)
    steep = np.sqrt(np.mean((slopes * best.numbers) ** 2, axis=(1, 2)))
    # Those that cannot be followed at all have no slopes.
    calm = (steep > 0) & (steep < settings.calm * np.median(steep[~missed]))
    astray = missed & calm
    if astray.sum() <= settings.astray * len(astray):
        return ()
    measures = _measures(check)
    apart = [abs(_share(one.value, astray, ~missed) - 0.5) for one in measures]
    most = measures[int(np.argmax(apart))]
    larger = np.median(most.value[astray]) > np.median(most.value[~missed])
    words = most.larger if larger else most.smaller
    return (Astray(int(astray.sum()), len(astray), most.cause, words),)


def find_unrecorded(
    best: Candidate, check: StatePairs, settings: PairsSettings
) -> tuple[Astray, ...]:
    """Whether most pairs are missed, and by more where forces do more: no noise does that.

    Looked at is the half of pairs that encounters have made least sensitive.
    """
    missed = best.misses > settings.far
    if not missed.mean() > 0.5:
        return ()
    problem = Problem.of(check, best.coupling)
    _, slopes = problem.linearised(best.forces, best.scheme, best.numbers)
    steep = np.sqrt(np.mean((slopes * best.numbers) ** 2, axis=(1, 2)))
    done = np.sqrt(np.mean(check.forced**2, axis=(1, 2))) / problem.unit
    sensitive = steep / (done + 1e-300)
    calm = (steep > 0) & (sensitive <= np.median(sensitive))
    if calm.sum() < settings.least:
        return ()
    ranks = rankdata(best.misses[calm]), rankdata(done[calm])
    correlation = float(np.corrcoef(*ranks)[0, 1])
    # By chance it is one over the square root of the number of pairs.
    chance = settings.significance * calm.sum() ** -0.5
    if not correlation > max(settings.grows, chance):
        return ()
    words = (
        "by more where forces do more, which is no noise: a property of bodies that is not in the "
        "data, or a force that is no function of their distance"
    )
    return (Astray(int(missed.sum()), len(missed), "hidden-attribute", words),)


@dataclass(frozen=True, eq=False)
class _Measure:
    """Of each pair of states, with what it means that missed ones have larger or smaller ones."""

    value: Float[np.ndarray, " pair"]
    cause: Cause
    larger: str
    smaller: str


def _measures(pairs: StatePairs) -> list[_Measure]:
    first, second = np.triu_indices(pairs.bodies, 1)
    states = np.stack([pairs.position, pairs.end])
    apart = np.linalg.norm(states[:, :, first] - states[:, :, second], axis=-1)
    where = np.abs(states - states.mean(axis=(1, 2))[:, None, None]).max(axis=(0, 2, 3))
    speed = np.linalg.norm(pairs.velocity, axis=-1).max(axis=1)
    near = "bodies come nearer to each other there, where the force may be another"
    far = "bodies are farther from each other there, where the force may be another"
    out, inside = "bodies are farther out there, as at a wall", "bodies are farther inside there"
    return [
        _Measure(apart.max(axis=(0, 2)), "form", far, near),
        _Measure(apart.min(axis=(0, 2)), "form", far, near),
        _Measure(where, "external-field", out, inside),
        _Measure(speed, "velocity-dependent", "bodies are faster there", "bodies are slower there"),
    ]


def _share(
    value: Float[np.ndarray, " pair"],
    missed: Bool[np.ndarray, " pair"],
    met: Bool[np.ndarray, " pair"],
) -> float:
    """How often a missed pair has the larger one of two values."""
    return float(np.mean(value[missed][:, None] > value[met][None]))
