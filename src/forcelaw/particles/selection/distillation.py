"""From a trained law to a formula: sample, search, refit on accelerations, choose."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.distill import (
    Attempts,
    Distillation,
    NumericalError,
    Searcher,
    check_searchers,
    distill,
)
from forcelaw.errors import check_type
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
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings
from forcelaw.particles.selection.unit_conversion import distilled_in_units, to_data_units
from forcelaw.particles.selection.validation_on_positions import (
    Validated,
    polish,
    validate_on_positions,
)
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments


def distill_law(
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    seed: int = 0,
    settings: SelectionSettings = SELECTION,
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

    **Raises** `InvalidSetting` for arguments of the wrong kind.
    """
    _check(fitted, searchers, seed)
    if fitted.units is None:
        scaled = to_data_units(fitted, settings=settings)
        found = distill_law(
            scaled, searchers=searchers, library=library, seed=seed, settings=settings
        )
        assert scaled.units is not None
        return distilled_in_units(found, scaled.units.inverse)
    snapshots = Design.of(fitted.split.train, settings.snapshots, seed=seed)
    train = observe(fitted.split.train, settings.snapshots, seed=seed, settings=settings.equations)
    check = observe(
        fitted.split.validation, settings.snapshots, seed=seed, settings=settings.equations
    )
    scalar = scalar_force(fitted.law, snapshots)
    variables, target = _samples(fitted, snapshots, scalar, seed, settings)
    weights = 1 / (np.abs(target) + median_size(target)) ** 2
    attempts = Attempts()
    found = distill(
        variables, target, weights=weights, searchers=searchers, seed=seed, attempts=attempts
    )
    searched = [c.expression for c in _shortlist(found, settings)]
    edges = [
        t
        for pair in searched
        for t in list_thresholds(scan_thresholds(pair, train, settings=settings.candidates))
    ]
    one_body = [
        *one_body_terms(train),
        *(attempts.make(find_external_fields, train, attempts, settings=settings.candidates) or ()),
    ]
    pairs = [("none", Expression.parse("0")), *(("network", pair) for pair in searched)]
    if library:
        likely = attempts.make(
            estimate_threshold, train, fitted.sizes.names, settings=settings.candidates
        )
        # Among the first, because a network that learned nothing has thresholds, too.
        edges[1:1] = [] if likely is None else [likely]
        sparse = fit_term_library(
            train,
            fitted.sizes.names,
            one_body,
            beyond=_distinct(edges, settings),
            attempts=attempts,
            settings=settings.candidates,
        )
        shaped = fit_shape_families(
            train, fitted.sizes.names, one_body, attempts=attempts, settings=settings.candidates
        )
        pairs += [("library", pair) for pair in [*sparse, *shaped]]
    choice = OneBodyChoice.of(one_body, train, settings=settings)
    tried = [
        attempts.make(_judge, source, pair, term, train, check, settings)
        for source, pair in pairs
        for term in attempts.make(choice.beside, pair) or (None,)
    ]
    judged = [
        item
        for item in tried
        if item is not None and is_plausible(item.formula.pair, train, settings=settings)
    ]
    windows = shooting_windows(fitted.split.train, seed=seed, settings=settings.equations)
    if windows is not None and train.weak is not None:
        some = shortlist(judged, settings=settings)
        confirmed = validate_on_positions(
            [item.formula for item in some], windows, train, settings=settings
        )
        confirmed = _led_on(confirmed, fitted, seed, settings)
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
        front = tuple(pareto(shot, shot, settings=settings))
        return Distilled(chosen.formula, front, found, attempts.counted(), confirmed)
    front = pareto(judged, settings=settings)
    chosen = choose(front, check, settings=settings)
    if windows is not None:
        # Noise in distances biases accelerations, not motions.
        better = dataclasses.replace(
            chosen, formula=polish(chosen.formula, windows, settings=settings)
        )
        front = [better if item is chosen else item for item in front]
        chosen = better
    moved = fit_between_frames(
        chosen.formula,
        fitted.split.train,
        fitted.split.validation,
        seed=seed,
        settings=settings.refinement,
    )
    if moved is not chosen.formula:
        better = dataclasses.replace(chosen, formula=moved, error=weighted_error(moved, check))
        front = [better if item is chosen else item for item in front]
        chosen = better
    return Distilled(chosen.formula, tuple(front), found, attempts.counted())


def _check(fitted: Any, searchers: Any, seed: Any) -> None:
    """**Raises** `InvalidSetting` for arguments of the wrong kind."""
    check_type("distill_law", fitted, Fitted, then="give what fl.particles.fit(data) returns")
    check_searchers(searchers)
    check_arguments(ParticlesSettings, seed=seed)


def _led_on(
    confirmed: Validated, fitted: Fitted, seed: int, settings: SelectionSettings
) -> Validated:
    """With the chosen constants through the motion from frame to frame, where that is met better.

    Frames may be so coarse that exact positions look noisy, yet lead to each other.
    """
    shots = list(confirmed.shots)
    shot = shots[confirmed.chosen]
    moved = fit_between_frames(
        shot.formula,
        fitted.split.train,
        fitted.split.validation,
        seed=seed,
        settings=settings.refinement,
    )
    if len(numbers(moved)) != len(numbers(shot.formula)):
        return confirmed
    shots[confirmed.chosen] = shot._replace(formula=moved)
    return confirmed._replace(shots=tuple(shots))


def _samples(
    fitted: Fitted,
    design: Design,
    scalar: Float[np.ndarray, "sample edge"],
    seed: int,
    settings: SelectionSettings,
) -> tuple[dict[str, Float[np.ndarray, " row"]], Float[np.ndarray, " row"]]:
    """Random edges: their scalars, and `r` with those attributes that the law depends on."""
    rows = np.random.default_rng(seed).permutation(scalar.size)[: settings.distillation.pairs]
    known = {name: value.ravel()[rows] for name, value in design.variables().items()}
    kept = ["r"]
    for name in fitted.sizes.names:
        if _matters(fitted, design, scalar, name, seed, settings):
            kept += [f"{short_name(name)}_i", f"{short_name(name)}_j"]
    return {name: known[name] for name in kept}, scalar.ravel()[rows]


def _matters(
    fitted: Fitted,
    design: Design,
    scalar: Float[np.ndarray, "sample edge"],
    name: str,
    seed: int,
    settings: SelectionSettings,
) -> bool:
    """Whether the learned force changes when an attribute is exchanged between trajectories."""
    order = np.random.default_rng(seed).permutation(len(scalar))
    mixed = {**design.attributes, name: design.attributes[name][order]}
    other = scalar_force(fitted.law, dataclasses.replace(design, attributes=mixed))
    change = np.abs(other - scalar) / (np.abs(scalar) + median_size(scalar))
    return bool(np.mean(change) > settings.distillation.irrelevant)


def _shortlist(found: Distillation, settings: SelectionSettings) -> list[Any]:
    """At most so many members of the front, those around the chosen one."""
    front = list(found.front)
    middle = front.index(found.chosen)
    start = max(
        0, min(middle - settings.distillation.tried // 2, len(front) - settings.distillation.tried)
    )
    return front[start : start + settings.distillation.tried]


def _distinct(values: Sequence[float], settings: SelectionSettings) -> list[float]:
    """The first of all values that are nearly the same, at most a few."""
    kept: list[float] = []
    for value in values:
        if all(abs(value - other) > settings.distillation.same * abs(other) for other in kept):
            kept.append(value)
    return kept[: settings.distillation.thresholds]


def _judge(
    source: str,
    pair: Expression,
    one_body: OneBodyTerm | None,
    train: Design,
    check: Design,
    settings: SelectionSettings,
) -> Judged:
    formula = Formula.of_trees(pair.term, () if one_body is None else one_body.whole())
    formula = round_constants(
        fit_constants(formula, train, settings=settings.refinement),
        train,
        settings=settings.refinement,
    )
    error = weighted_error(formula, check)
    if not np.isfinite(error):
        raise NumericalError(f"{formula.text()} is not finite on the validation part")
    return Judged(formula, error, source)
