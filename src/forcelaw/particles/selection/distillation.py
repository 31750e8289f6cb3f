"""From a trained law to a formula: sample, search, refit on accelerations, choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts, Distillation, Searcher, check_searchers, distill
from forcelaw.errors import check_type
from forcelaw.laws import Expression, short_name
from forcelaw.particles.candidates import list_thresholds, scan_thresholds
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import Fitted, scalar_force
from forcelaw.particles.preparation import median_size
from forcelaw.particles.selection.choice import choose_formula, settle_law
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.judging import Judging
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings
from forcelaw.particles.selection.unit_conversion import distilled_in_units, to_data_units
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

    Where regression leaves of measured accelerations nothing but their rounding, there is nothing
    to search for, unless `searchers` are given (`settle_law`).

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
    judging = Judging.of(fitted.split, fitted.sizes.names, seed=seed, settings=settings)
    if library and searchers is None:
        settled = settle_law(judging, fitted.split, seed)
        if settled is not None:
            return settled
    return search_law(judging, fitted, searchers=searchers, library=library, seed=seed)


def search_law(
    judging: Judging,
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None,
    library: bool,
    seed: int,
) -> Distilled:
    """The rest of `distill_law`, in the scales of `fitted`, where regression settles nothing."""
    settings = judging.settings
    searched = _search(fitted, searchers, seed, judging.attempts, settings)
    edges = [
        t
        for pair in searched
        for t in list_thresholds(scan_thresholds(pair, judging.train, settings=settings.candidates))
    ]
    pairs = [("none", Expression.parse("0").term)]
    pairs += [("network", pair.term) for pair in searched]
    if library:
        # Among the first, because a network that learned nothing has thresholds, too.
        edges[1:1] = judging.threshold
        pairs += [("library", pair) for pair in judging.regress(_distinct(edges, settings))]
    return choose_formula(judging.judge(pairs), judging, fitted.split, seed)


def _search(
    fitted: Fitted,
    searchers: Sequence[Searcher] | None,
    seed: int,
    attempts: Attempts,
    settings: SelectionSettings,
) -> list[Expression]:
    """Expressions of the network's force between samples of pairs, the likely ones."""
    snapshots = Design.of(fitted.split.train, settings.snapshots, seed=seed).scanned
    scalar = scalar_force(fitted.law, snapshots)
    variables, target = _samples(fitted, snapshots, scalar, seed, settings)
    weights = 1 / (np.abs(target) + median_size(target)) ** 2
    found = distill(
        variables, target, weights=weights, searchers=searchers, seed=seed, attempts=attempts
    )
    return [candidate.expression for candidate in _shortlist(found, settings)]


def _check(fitted: Any, searchers: Any, seed: Any) -> None:
    """**Raises** `InvalidSetting` for arguments of the wrong kind."""
    check_type("distill_law", fitted, Fitted, then="give what fl.particles.fit(data) returns")
    check_searchers(searchers)
    check_arguments(ParticlesSettings, seed=seed)


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
    """Whether the learned force changes when an attribute is exchanged between trajectories.

    Between bodies, where it is the same in all of them.
    """
    value, draw = design.bodies.attributes[name], np.random.default_rng(seed)
    order = draw.permutation(len(scalar))
    alike = not np.ptp(value, axis=0).any()
    mixed = value[:, draw.permutation(value.shape[1])] if alike else value[order]
    other = scalar_force(fitted.law, design.with_attribute(name, mixed))
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
