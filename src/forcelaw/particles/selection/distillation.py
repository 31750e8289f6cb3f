"""From a trained law to a formula: sample, search, refit on accelerations, choose."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts, Distillation, NumericalError, Searcher, distill
from forcelaw.laws import Expression, Formula, numbers, short_name
from forcelaw.particles.candidates import (
    OneBodyTerm,
    estimate_threshold,
    find_external_fields,
    fit_shape_families,
    fit_term_library,
    list_thresholds,
    one_body_terms,
    scan_thresholds,
)
from forcelaw.particles.equations import Design, observe, shooting_windows, weighted_error
from forcelaw.particles.learning import Fitted, scalar_force
from forcelaw.particles.preparation import median_size
from forcelaw.particles.refinement import fit_between_frames, fit_constants, round_constants
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.one_body_selection import OneBodyChoice
from forcelaw.particles.selection.pareto import Judged, choose, pareto, shortlist
from forcelaw.particles.selection.plausibility import is_plausible
from forcelaw.particles.selection.unit_conversion import distilled_in_units, to_data_units
from forcelaw.particles.selection.validation_on_positions import (
    Validated,
    polish,
    validate_on_positions,
)

_SNAPSHOTS = 2000
_PAIRS = 4000
_TRIED = 12
"""Members of the Pareto front that are refitted."""
_IRRELEVANT = 0.02
_SAME = 0.02


def distill_law(
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    seed: int = 0,
) -> Distilled:
    """The formula of a trained law.

    Scalars of pairs are sampled from the network (of a message network: what its messages do along
    the lines between the bodies) and searched for expressions. The best of each
    length get a one-body force if one helps, all constants are refitted jointly on measured
    accelerations, and the shortest formula is chosen that no longer one beats clearly. Where only
    noisy positions were measured, these take the accelerations' place: in the weak form for all
    candidates, in rollouts from free initial states for the best ones (`validate_on_positions`).

    **Arguments:** `searchers` as for `forcelaw.distill.distill`; `library` whether sums of few
    known terms, regressed on measured accelerations without the network, stand for choice too.
    """
    if fitted.units is None:
        scaled = to_data_units(fitted)
        found = distill_law(scaled, searchers=searchers, library=library, seed=seed)
        assert scaled.units is not None
        return distilled_in_units(found, scaled.units.inverse)
    snapshots = Design.of(fitted.split.train, _SNAPSHOTS, seed=seed)
    train = observe(fitted.split.train, _SNAPSHOTS, seed=seed)
    check = observe(fitted.split.validation, _SNAPSHOTS, seed=seed)
    scalar = scalar_force(fitted.law, snapshots)
    variables, target = _samples(fitted, snapshots, scalar, seed)
    weights = 1 / (np.abs(target) + median_size(target)) ** 2
    attempts = Attempts()
    found = distill(
        variables, target, weights=weights, searchers=searchers, seed=seed, attempts=attempts
    )
    searched = [c.expression for c in _shortlist(found)]
    edges = [t for pair in searched for t in list_thresholds(scan_thresholds(pair, train))]
    one_body = [
        *one_body_terms(train),
        *(attempts.make(find_external_fields, train, attempts) or ()),
    ]
    pairs = [("none", Expression.parse("0")), *(("network", pair) for pair in searched)]
    if library:
        likely = attempts.make(estimate_threshold, train, fitted.sizes.names)
        # Among the first, because a network that learned nothing has thresholds, too.
        edges[1:1] = [] if likely is None else [likely]
        sparse = fit_term_library(
            train, fitted.sizes.names, one_body, beyond=_distinct(edges), attempts=attempts
        )
        shaped = fit_shape_families(train, fitted.sizes.names, one_body, attempts=attempts)
        pairs += [("library", pair) for pair in [*sparse, *shaped]]
    choice = OneBodyChoice.of(one_body, train)
    tried = [
        attempts.make(_judge, source, pair, term, train, check)
        for source, pair in pairs
        for term in attempts.make(choice.beside, pair) or (None,)
    ]
    judged = [item for item in tried if item is not None and is_plausible(item.formula.pair, train)]
    windows = shooting_windows(fitted.split.train, seed=seed)
    if windows is not None and train.weak is not None:
        some = shortlist(judged)
        confirmed = validate_on_positions([item.formula for item in some], windows, train)
        confirmed = _led_on(confirmed, fitted, seed)
        shot = [
            dataclasses.replace(item, formula=shot.formula, error=shot.residual)
            for item, shot in zip(some, confirmed.shots, strict=True)
        ]
        for item in shot:
            if not np.isfinite(item.error):
                attempts.drop()
        chosen = shot[confirmed.chosen]
        # Rounding makes some of them the same.
        shot = list({item.formula.text(): item for item in [*shot, chosen]}.values())
        front = tuple(pareto(shot, shot))
        return Distilled(chosen.formula, front, found, attempts.counted(), confirmed)
    front = pareto(judged)
    chosen = choose(front, check)
    if windows is not None:
        # Noise in distances biases accelerations, not motions.
        better = dataclasses.replace(chosen, formula=polish(chosen.formula, windows))
        front = [better if item is chosen else item for item in front]
        chosen = better
    moved = fit_between_frames(
        chosen.formula, fitted.split.train, fitted.split.validation, seed=seed
    )
    if moved is not chosen.formula:
        better = dataclasses.replace(chosen, formula=moved, error=weighted_error(moved, check))
        front = [better if item is chosen else item for item in front]
        chosen = better
    return Distilled(chosen.formula, tuple(front), found, attempts.counted())


def _led_on(confirmed: Validated, fitted: Fitted, seed: int) -> Validated:
    """With the chosen constants through the motion from frame to frame, where that is met better.

    Frames may be so coarse that exact positions look noisy, yet lead to each other.
    """
    shots = list(confirmed.shots)
    shot = shots[confirmed.chosen]
    moved = fit_between_frames(shot.formula, fitted.split.train, fitted.split.validation, seed=seed)
    if len(numbers(moved)) != len(numbers(shot.formula)):
        return confirmed
    shots[confirmed.chosen] = shot._replace(formula=moved)
    return confirmed._replace(shots=tuple(shots))


def _samples(
    fitted: Fitted, design: Design, scalar: Float[np.ndarray, "sample edge"], seed: int
) -> tuple[dict[str, Float[np.ndarray, " row"]], Float[np.ndarray, " row"]]:
    """Random edges: their scalars, and `r` with those attributes that the law depends on."""
    rows = np.random.default_rng(seed).permutation(scalar.size)[:_PAIRS]
    known = {name: value.ravel()[rows] for name, value in design.variables().items()}
    kept = ["r"]
    for name in fitted.sizes.names:
        if _matters(fitted, design, scalar, name, seed):
            kept += [f"{short_name(name)}_i", f"{short_name(name)}_j"]
    return {name: known[name] for name in kept}, scalar.ravel()[rows]


def _matters(
    fitted: Fitted,
    design: Design,
    scalar: Float[np.ndarray, "sample edge"],
    name: str,
    seed: int,
) -> bool:
    """Whether the learned force changes when an attribute is exchanged between trajectories."""
    order = np.random.default_rng(seed).permutation(len(scalar))
    mixed = {**design.attributes, name: design.attributes[name][order]}
    other = scalar_force(fitted.law, dataclasses.replace(design, attributes=mixed))
    change = np.abs(other - scalar) / (np.abs(scalar) + median_size(scalar))
    return bool(np.mean(change) > _IRRELEVANT)


def _shortlist(found: Distillation) -> list[Any]:
    """At most so many members of the front, those around the chosen one."""
    front = list(found.front)
    middle = front.index(found.chosen)
    start = max(0, min(middle - _TRIED // 2, len(front) - _TRIED))
    return front[start : start + _TRIED]


def _distinct(values: Sequence[float]) -> list[float]:
    """The first of all values that are nearly the same, at most two."""
    kept: list[float] = []
    for value in values:
        if all(abs(value - other) > _SAME * abs(other) for other in kept):
            kept.append(value)
    return kept[:2]


def _judge(
    source: str, pair: Expression, one_body: OneBodyTerm | None, train: Design, check: Design
) -> Judged:
    formula = Formula.of_trees(pair.term, () if one_body is None else one_body.whole())
    formula = round_constants(fit_constants(formula, train), train)
    error = weighted_error(formula, check)
    if not np.isfinite(error):
        raise NumericalError(f"{formula.text()} is not finite on the validation part")
    return Judged(formula, error, source)
