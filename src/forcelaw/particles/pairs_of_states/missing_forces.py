"""What a force from pairs of states lacks: all that may act beside it is tried on it.

Found is what makes held-out misses clearly smaller. What acts on a body alone becomes part of the
law; all else, another form among it, is a cause why there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forcelaw.laws.attribute_names import AXES
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.diagnosis import Cause
from forcelaw.particles.pairs_of_states.candidates import Candidate, fewest_numbers
from forcelaw.particles.pairs_of_states.forces_beside import (
    Alignment,
    Bends,
    BodyFactors,
    Drag,
    ForceBeside,
    ForcesBeside,
    MagneticField,
    OneBodyForce,
    Transverse,
    Trap,
    UniformField,
)
from forcelaw.particles.pairs_of_states.settings import PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem, shoot_pairs
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs


@dataclass(frozen=True)
class Missing:
    """What a law lacks, and what it would be worth."""

    cause: Cause
    words: str
    gain: float
    """By which it makes the mean decimal logarithm of held-out misses smaller."""


@dataclass(frozen=True, eq=False)
class Examined:
    """Candidates with what acts beside pairs of bodies, and what they still lack."""

    tried: list[Candidate]
    """The best first."""
    missing: tuple[Missing, ...]
    """That of the largest gain first."""


def look_for_missing(
    fitted: Sequence[Candidate],
    names: Sequence[str],
    pairs: StatePairs,
    check: StatePairs,
    settings: PairsSettings,
    say: Callable[[str], None],
) -> Examined:
    """Adds to candidates what acts beside them, as long as that clearly leads closer.

    **Arguments:** `fitted` candidates, the chosen one first; `names` of forms, the simplest first;
    `pairs` to fit to.
    """
    tried, missing = list(fitted), ()
    few = pairs.only(np.arange(min(len(pairs), settings.first)))
    problem, held = (Problem.of(one, tried[0].coupling) for one in (few, check))
    for _ in range(settings.beside):
        best = tried[0]
        if best.median <= settings.met:
            return Examined(tried, ())
        gains = _gains(best, few, problem, held, settings, say)
        missing = tuple(Missing(one.cause, one.words, gain) for one, gain in gains)
        if not gains or not isinstance(added := gains[0][0], OneBodyForce):
            break
        zeros = np.zeros(added.count)
        whole = Problem.of(pairs.only(np.arange(min(len(pairs), settings.more))), best.coupling)
        more = [
            replace(one, beside=(*one.beside, added), numbers=np.append(one.numbers, zeros)).shot(
                whole, held, settings
            )
            for one in tried
            if one.beside == best.beside
        ]
        chosen = fewest_numbers([*more, *tried], names, settings)
        if chosen not in more:
            break
        say(f"{chosen.form} with {added.words}: misses {chosen.median:.2g}")
        tried = [chosen, *(one for one in [*more, *tried] if one is not chosen)]
    else:
        missing = ()
    return Examined(tried, missing)


def _gains(
    best: Candidate,
    few: StatePairs,
    problem: Problem,
    held: Problem,
    settings: PairsSettings,
    say: Callable[[str], None],
) -> list[tuple[ForceBeside, float]]:
    """What clearly leads closer than the best candidate does, by how much, the most first."""
    others = [one for one in _kinds(few, settings) if one not in best.beside]
    forces = ForcesBeside(best.force, best.own, (*best.beside, *others))
    start = np.append(best.numbers, np.zeros(sum(one.count for one in others)))
    brief = replace(settings, scales=settings.beside_scales, rounds=settings.beside_rounds)
    base, at = len(best.numbers), len(best.numbers)
    found: list[tuple[ForceBeside, float]] = []
    # All in one set of forces, of which those that are not tried are zero: one compilation.
    now = shoot_pairs(
        forces, best.scheme, problem, start, free=np.arange(len(start)) < base, settings=brief
    )
    logs = _logs(forces, best, held, now, settings)
    for one in others:
        places = np.arange(len(start))
        free = (places < base) | ((places >= at) & (places < at + one.count))
        at += one.count
        numbers = shoot_pairs(forces, best.scheme, problem, now, free=free, settings=brief)
        then = _logs(forces, best, held, numbers, settings)
        clear = not as_good_as_the_best(
            np.stack([logs, then]), significance=settings.significance, slight=settings.clear
        )[0]
        say(f"with {one.words}: misses {then.mean():.3f}, without {logs.mean():.3f}")
        if clear:
            found.append((one, float(logs.mean() - then.mean())))
    return sorted(found, key=lambda item: -item[1])


def _logs(
    forces: ForcesBeside,
    best: Candidate,
    held: Problem,
    numbers: np.ndarray,
    settings: PairsSettings,
) -> np.ndarray:
    return np.log10(held.misses(forces, best.scheme, numbers) + settings.exact)


def _kinds(pairs: StatePairs, settings: PairsSettings) -> list[ForceBeside]:
    """All that may be in such data."""
    distances = pairs.distances()
    unit = float(np.median(distances))
    low, high = np.log(np.quantile(distances, settings.bends_between))
    places = settings.bends
    dim = pairs.dim
    found: list[ForceBeside] = [
        Drag(dim),
        UniformField(dim),
        Alignment(unit),
        Bends(float(low), float(high - low) / (places - 1), places),
    ]
    if dim <= len(AXES):
        found.append(Trap(dim))
    if dim in {2, 3}:
        found.append(MagneticField(dim))
    if dim == 2:
        found.append(Transverse())
    if pairs.bodies <= settings.factors:
        found.append(BodyFactors(pairs.bodies))
    return found
