"""What a force from pairs of states lacks: all that may act beside it is tried on it.

Found is what makes held-out misses clearly smaller. What acts on a body alone becomes part of the
law; all else, another form among it, is a cause why there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool

from forcelaw.laws.attribute_names import AXES
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.diagnosis import Cause
from forcelaw.particles.pairs_of_states.candidates import Candidate, fewest_numbers
from forcelaw.particles.pairs_of_states.forces.forces_beside import (
    Alignment,
    Bends,
    BodyFactors,
    Drag,
    ForceBeside,
    ForcesBeside,
    MagneticField,
    OneBodyForce,
    QuadraticDrag,
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
    # As many, so that slopes of both are one compilation.
    some = check.only(np.resize(np.arange(min(len(check), len(few))), len(few)))
    unseen = Problem.of(some, tried[0].coupling)
    for _ in range(settings.beside):
        best = tried[0]
        if best.median <= settings.met:
            return Examined(tried, ())
        say(f"{best.form} misses {best.median:.2g}: what acts beside it?")
        gains = _gains(best, few, (problem, unseen, held), settings, say)
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
    problems: tuple[Problem, Problem, Problem],
    settings: PairsSettings,
    say: Callable[[str], None],
) -> list[tuple[ForceBeside, float]]:
    """What clearly leads closer than the best candidate does, by how much, the most first.

    Of those that lead as close as the closest that of fewest numbers comes first.

    How far each leads is first read from slopes, of all in one set of forces; those that promise
    most are shot.

    **Arguments:** `problems` to fit to; as many held-out ones; all held-out ones.
    """
    problem, _, held = problems
    others = [one for one in _kinds(few, settings) if one not in best.beside]
    forces = ForcesBeside(best.force, best.own, (*best.beside, *others))
    base = len(best.numbers)
    start = np.append(best.numbers, np.zeros(sum(one.count for one in others)))
    brief = replace(settings, scales=settings.beside_scales, rounds=settings.beside_rounds)
    logs = best.logs(settings)
    seen, unseen = (one.linearised(forces, best.scheme, start) for one in problems[:2])
    places, at = np.arange(len(start)), base
    promised: list[tuple[ForceBeside, float]] = []
    for one in others:
        free = (places < base) | ((places >= at) & (places < at + one.count))
        promised.append((one, _promised(seen, unseen, free, settings)))
        at += one.count
    promised.sort(key=lambda item: item[1])
    found: list[tuple[ForceBeside, np.ndarray]] = []
    for one, promise in promised[: settings.beside_shot]:
        # With nothing but itself, so that a step has few slopes.
        forces = ForcesBeside(best.force, best.own, (*best.beside, one))
        numbers = np.append(best.numbers, np.zeros(one.count))
        its = np.arange(len(numbers)) >= base
        for free in (its, np.ones(len(numbers), bool)):
            numbers = shoot_pairs(forces, best.scheme, problem, numbers, free=free, settings=brief)
        then = np.log10(held.misses(forces, best.scheme, numbers) + settings.exact)
        say(
            f"with {one.words}: misses {then.mean():.3f}, by slopes {promise:.3f}; "
            f"without {logs.mean():.3f}"
        )
        both = np.stack([logs, then])
        clear = not as_good_as_the_best(
            both, significance=settings.significance, slight=settings.clear
        )[0]
        if clear:
            found.append((one, then))
    if not found:
        return []
    good = as_good_as_the_best(
        np.stack([then for _, then in found]),
        significance=settings.significance,
        slight=settings.clear,
    )
    order = sorted(
        range(len(found)),
        key=lambda k: (not good[k], found[k][0].count if good[k] else 0, found[k][1].mean()),
    )
    return [(found[k][0], float(logs.mean() - found[k][1].mean())) for k in order]


def _promised(
    seen: tuple[np.ndarray, np.ndarray],
    unseen: tuple[np.ndarray, np.ndarray],
    free: Bool[np.ndarray, " number"],
    settings: PairsSettings,
) -> float:
    """Mean decimal logarithm of held-out misses, as far as ends are linear in numbers.

    Iterated weights of Cauchy's loss, where a pair that an encounter made sensitive counts less.
    """
    missed, slopes = seen[0], seen[1][..., free]
    steep = np.sqrt(np.mean(slopes**2, axis=(1, 2)))
    calm = 1 / (1 + (steep / (10 * np.median(steep) + 1e-300)) ** 2)
    step = np.zeros(slopes.shape[-1])
    for _ in range(settings.beside_rounds):
        size = np.sqrt(np.mean((missed + slopes @ step) ** 2, axis=1))
        weight = calm / (1 + (size / (np.median(size) + 1e-300)) ** 2)
        hessian = np.einsum("p,pra,prb->ab", weight, slopes, slopes)
        unit = np.sqrt(np.diag(hessian)) + 1e-150
        pull = np.einsum("p,pra,pr->a", weight, slopes, missed) / unit
        step = -np.linalg.lstsq(hessian / np.outer(unit, unit), pull, rcond=1e-8)[0] / unit
    then = np.sqrt(np.mean((unseen[0] + unseen[1][..., free] @ step) ** 2, axis=1))
    return float(np.mean(np.log10(then + settings.exact)))


def _kinds(pairs: StatePairs, settings: PairsSettings) -> list[ForceBeside]:
    """All that may be in such data."""
    distances = pairs.distances()
    unit = float(np.median(distances))
    low, high = np.log(np.quantile(distances, settings.bends_between))
    places = settings.bends
    dim = pairs.dim
    found: list[ForceBeside] = [
        Drag(dim),
        QuadraticDrag(dim),
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
