"""Which force leads from states to those much later: forms, caps and steps.

All are chosen on held-out pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.laws.expression import Parameter
from forcelaw.numerics import nearby_round_numbers
from forcelaw.particles.forms.known_forms import Form
from forcelaw.particles.pairs_of_states.candidates import Candidate, fewest_numbers
from forcelaw.particles.pairs_of_states.exchanged_bodies import find_exchanged
from forcelaw.particles.pairs_of_states.forces.central_forces import CAPS, Cap, CentralForce
from forcelaw.particles.pairs_of_states.forces.forms_of_forces import FORMS_TRIED
from forcelaw.particles.pairs_of_states.missing_forces import Missing, look_for_missing
from forcelaw.particles.pairs_of_states.pair_parts import PairParts
from forcelaw.particles.pairs_of_states.pairs_astray import Astray, find_astray, find_unrecorded
from forcelaw.particles.pairs_of_states.settings import PAIRS, PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs
from forcelaw.particles.pairs_of_states.stretches import (
    EncounterSteps,
    EulerSteps,
    LeapfrogSteps,
    Scheme,
)


@dataclass(frozen=True, eq=False)
class _Parts:
    """Pairs to fit and pairs to choose by."""

    first: StatePairs
    more: StatePairs
    all: StatePairs
    """To fit to."""
    check: StatePairs
    settings: PairsSettings

    @classmethod
    def of(cls, pairs: StatePairs, seed: int, settings: PairsSettings) -> _Parts:
        parts = PairParts.of(pairs, seed, least=settings.least, held=settings.more)
        first, more = (np.arange(min(len(parts.learn), n)) for n in (settings.first, settings.more))
        return cls(
            parts.learn.only(first), parts.learn.only(more), parts.learn, parts.check, settings
        )

    def fit(
        self, start: Candidate, learn: Problem, check: Problem, *, factors: int = 0
    ) -> Candidate:
        """From its numbers on; first its leading numbers alone, if any."""
        if factors:
            free = np.arange(len(start.numbers)) < factors
            short = replace(self.settings, scales=2, rounds=6)
            start = start.shot(learn, check, short, free)
        return start.shot(learn, check, self.settings)


@dataclass(frozen=True, eq=False)
class PairsSearch:
    """What a search found."""

    candidates: list[Candidate]
    """The chosen one first, the others by their misses."""
    pairs: StatePairs
    """Without those whose ends are met only if bodies are exchanged."""
    missing: tuple[Missing, ...] = ()
    """What the chosen one lacks, that of the largest gain first."""
    astray: tuple[Astray, ...] = ()
    """What it lacks to some pairs, or to all."""


def search_pairs(
    pairs: StatePairs,
    *,
    step: float | None = None,
    seed: int = 0,
    forms: Mapping[str, Form] = FORMS_TRIED,
    settings: PairsSettings = PAIRS,
    say: Callable[[str], None] = lambda line: None,
) -> PairsSearch:
    """Forces that lead from states to their ends.

    All forms are fitted to few pairs in coarse steps, those that miss least to more pairs in fine
    ones; a cap of the total force on a body is tried on the best. Of what misses held-out pairs
    about as little as the best, by the logarithm, the one of fewest numbers is chosen. What may act
    beside it is tried where it does not meet ends; last its numbers are rounded where that misses
    no more.

    **Arguments:** `forms` by name, the simplest first; `step` the length of the steps in which the
    motion was made, where it is known: motion in those steps is tried beside motion that is
    followed exactly.

    **Raises** `NotEnoughData` for too few pairs.
    """
    parts = _Parts.of(pairs, seed, settings)
    if pairs.is_free(settings.nothing):
        return PairsSearch([_without_force(parts, forms)], pairs)
    coarse = EulerSteps(settings.first_steps) if step else LeapfrogSteps(settings.first_steps)
    coupling, tried = _choose_coupling(parts, coarse, forms, say)
    tried += [
        _best_start(parts, name, form, coupling, coarse)
        for name, form in forms.items()
        if name not in {one.form for one in tried}
    ]
    tried.sort(key=lambda one: one.score(settings))
    for one in tried:
        say(f"{one.form}: misses {one.median:.2g} in coarse steps")
    learn, check = (Problem.of(one, coupling) for one in (parts.more, parts.check))
    scheme = _choose_scheme(tried[0], parts, check, step, say)
    fine = [
        parts.fit(replace(one, scheme=scheme), learn, check) for one in tried[: settings.refined]
    ]
    best = fewest_numbers(fine, list(forms), settings)
    say(f"{best.form}: misses {best.median:.2g}; is what acts on a body capped?")
    capped = [_with_cap(best, kind, parts, check) for kind in CAPS[1:]]
    first = next(iter(forms))
    if best.form != first and best.median > settings.law:
        # Softening looks like a cap, and a form that lacks its cap fits badly before it has one.
        plain = next(one for one in [*fine, *tried] if one.form == first)
        other = [_with_cap(replace(plain, scheme=scheme), kind, parts, check) for kind in CAPS[1:]]
        starts = [one.of_cap(kind) for one in other if one is not None for kind in CAPS[1:]]
        capped += [one.shot(learn, check, settings) for one in starts]
    fine += [one for one in capped if one is not None]
    for one in fine:
        say(f"{one.form}, cap {one.force.cap}: misses {one.median:.2g}, {one.score(settings):.3f}")
    best = fewest_numbers(fine, list(forms), settings)
    exchanged = find_exchanged(best, pairs, settings)
    if exchanged.any() and (~exchanged).sum() >= 3 * settings.least:
        say(f"{exchanged.sum()} ends are met if bodies are exchanged: they are left out")
        pairs = pairs.only(np.flatnonzero(~exchanged))
        parts = _Parts.of(pairs, seed, settings)
        learn, check = (Problem.of(one, coupling) for one in (parts.more, parts.check))
        fine = [parts.fit(one, learn, check) for one in fine]
        best = fewest_numbers(fine, list(forms), settings)
    fine = [best, *(one for one in fine if one is not best)]
    examined = look_for_missing(fine, list(forms), parts.all, parts.check, settings, say)
    best, *others = examined.tried
    others.sort(key=lambda one: one.score(settings))
    rest = tried[settings.refined :]
    best = _rounded(best, check, settings)
    astray = find_astray(best, parts.check, settings)
    if not examined.missing:
        astray += find_unrecorded(best, parts.check, settings)
    return PairsSearch([best, *others, *rest], pairs, examined.missing, astray)


def _without_force(parts: _Parts, forms: Mapping[str, Form]) -> Candidate:
    """The first form times zero, which explains nothing."""
    name, form = next(iter(forms.items()))
    shapes = form.shapes(1.0)[0]
    factors = len(form.terms(tuple(map(Parameter, shapes))))
    expression, ties = form.written([0.0] * factors, shapes)
    numbers = np.array([0.0] * factors + list(shapes))
    missed = np.ones(len(parts.check))
    return Candidate(name, CentralForce(expression, ties), numbers, None, EncounterSteps(), missed)


def _choose_coupling(
    parts: _Parts, scheme: Scheme, forms: Mapping[str, Form], say: Callable[[str], None]
) -> tuple[str | None, list[Candidate]]:
    """The attribute whose product multiplies the force, by the first form; with what it made."""
    name, form = next(iter(forms.items()))
    known = [key for key, value in parts.more.attributes.items() if np.ptp(value) > 0]
    tried = [_best_start(parts, name, form, key, scheme) for key in (None, *known)]
    best = min(tried, key=lambda one: one.score(parts.settings))
    say(f"pairs act by the product of {best.coupling}" if best.coupling else "all pairs act alike")
    return best.coupling, [best]


def _best_start(
    parts: _Parts, name: str, form: Form, coupling: str | None, scheme: Scheme
) -> Candidate:
    """A form from each of its starts, the best of them."""
    few = parts.check.only(np.arange(min(len(parts.check), parts.settings.first)))
    learn, check = (Problem.of(one, coupling) for one in (parts.first, few))
    unit = float(np.median(parts.first.distances()))
    found = []
    for shapes in form.shapes(unit):
        factors = len(form.terms(tuple(map(Parameter, shapes))))
        expression, ties = form.written([0.0] * factors, shapes)
        numbers = np.array([0.0] * factors + list(shapes))
        start = Candidate(
            name, CentralForce(expression, ties), numbers, coupling, scheme, np.zeros(0)
        )
        found.append(parts.fit(start, learn, check, factors=factors if shapes else 0))
    return min(found, key=lambda one: one.score(parts.settings))


def _choose_scheme(
    best: Candidate,
    parts: _Parts,
    check: Problem,
    step: float | None,
    say: Callable[[str], None],
) -> Scheme:
    """How motion is followed: by what misses least with the best form fitted to few pairs."""
    longest = float(parts.more.stretch.max())
    schemes: list[Scheme] = [EncounterSteps()]
    if step:
        count = round(longest / step)
        schemes += [EulerSteps(count, step), LeapfrogSteps(count, step)]
    else:
        return schemes[0]
    learn = Problem.of(parts.first, best.coupling)
    tried = [parts.fit(replace(best, scheme=one), learn, check) for one in schemes]
    for one in tried:
        say(f"{one.scheme.words}: misses {one.median:.2g}, {one.score(parts.settings):.3f}")
    return min(tried, key=lambda one: one.score(parts.settings)).scheme


def _with_cap(best: Candidate, kind: Cap, parts: _Parts, check: Problem) -> Candidate | None:
    """The same with a cap, fitted to the motions that reach it; None where none is of use."""
    settings = parts.settings
    force = CentralForce(best.force.expression, best.force.ties, cap=kind)
    unit = float(np.median(parts.first.distances()))
    typical = abs(float(force.expression.at({"r": np.array(unit)}, best.constants)))
    if not 0 < typical < np.inf:
        return None
    everything = Problem.of(parts.all, best.coupling)

    def logs(problem: Problem, cap: float) -> Float[np.ndarray, " pair"]:
        misses = problem.misses(force, best.scheme, np.append(best.numbers, cap))
        return np.log10(misses + settings.exact)

    # Of no cap, motions are those of the largest: it is reached by none.
    caps = [typical * factor for factor in settings.caps]
    free = logs(everything, 1e9 * caps[-1])
    tried = [logs(everything, cap) for cap in caps]
    nearest = int(np.argmin([one.mean() for one in tried]))
    touched = np.abs(tried[nearest] - free) > settings.slight
    if tried[nearest].mean() >= free.mean() or touched.sum() < settings.reached:
        return None
    # Few pairs of one size: one compilation.
    rows = np.flatnonzero(touched)[: settings.first]
    problem = Problem.of(parts.all.only(np.resize(rows, settings.first)), best.coupling)
    width, cap = 4.0, caps[nearest]
    for _ in range(settings.narrowed):
        finer = [cap * width ** (place / 3) for place in range(-2, 3)]
        cap = min(finer, key=lambda one: float(logs(problem, one).mean()))
        width **= 1 / 2
    numbers = np.append(best.numbers, cap)
    last = np.arange(len(numbers)) == len(best.numbers)
    return replace(best, force=force, numbers=numbers).shot(problem, check, settings, last)


def _rounded(best: Candidate, check: Problem, settings: PairsSettings) -> Candidate:
    """Round numbers in place of those near them, where these miss no more.

    Zero is one of them: a spring may have no length at rest, a field no part along an axis.
    """
    for place in range(len(best.numbers)):
        value = best.numbers[place]
        limit = best.score(settings) + settings.worse
        near = nearby_round_numbers(value, reach=settings.near * abs(value), digits=settings.digits)
        for simple in [0.0, *near]:
            numbers = best.numbers.copy()
            numbers[place] = simple
            tried = best.checked(numbers, check)
            if tried.score(settings) <= limit:
                best = tried
                break
    return best
