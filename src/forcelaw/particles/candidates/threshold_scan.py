"""Thresholds of piecewise laws, which have no gradient: found by scanning accelerations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forcelaw.laws import Expression
from forcelaw.laws.expression import COMPARISONS, Call, Constant, walk
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design


def scan_thresholds(
    pair: Expression, design: Design, *, settings: CandidatesSettings = CANDIDATES
) -> Expression:
    """Every threshold moved, by a tenth at most, to where the error is smallest.

    One threshold after the other, on a grid that shrinks; the other constants keep their values.
    """
    for index in _thresholds(pair):
        width = settings.thresholds.around
        for _ in range(settings.thresholds.rounds):
            here = pair.numbers()[index]
            options = here * (1 + width * np.linspace(-1, 1, settings.thresholds.points))
            errors = [_error(_with(pair, index, float(value)), design) for value in options]
            errors = np.where(np.isfinite(errors), errors, np.inf)
            if not np.isfinite(errors).any():
                # The force is not finite wherever it begins: nothing to choose by.
                break
            # Between two samples nothing changes: the middle of the best stretch.
            best = np.flatnonzero(errors <= errors.min() * (1 + 1e-9))
            pair = _with(pair, index, float(np.mean(options[best])))
            width *= 2 / (settings.thresholds.points - 1) * max(len(best), 1)
    return pair


def estimate_threshold(
    design: Design, names: Sequence[str], *, settings: CandidatesSettings = CANDIDATES
) -> float | None:
    """The distance below which nothing acts, if the accelerations speak for one; roughly.

    A straight line in `r`, also times the products of attributes `names`, is fitted beyond each
    of many distances.
    """
    some = design.first(settings.thresholds.snapshots, trajectories=settings.trajectories)
    factors = [some.product_of(chosen) for chosen in [(), *((name,) for name in names)]]
    lines = [factor * shape for factor in factors for shape in (1.0, some.length)]

    def left(threshold: float) -> float:
        return some.solve(
            [some.pair_acceleration(line * (some.length >= threshold)) for line in lines]
        )[1]

    options = np.quantile(
        some.length, np.linspace(0.02, 0.95, settings.thresholds.distances)
    ).tolist()
    errors = [left(option) for option in options]
    best = int(np.argmin(errors))
    return options[best] if errors[best] < settings.thresholds.clear * left(0.0) else None


def list_thresholds(pair: Expression) -> list[float]:
    """The numbers that `r` is compared with."""
    return [pair.numbers()[index] for index in _thresholds(pair)]


def _thresholds(pair: Expression) -> list[int]:
    """The constants that `r` is compared with."""
    return [
        part.index
        for node in walk(pair.tree)
        if isinstance(node, Call) and node.operator in COMPARISONS
        for part in node.arguments
        if isinstance(part, Constant)
    ]


def _with(pair: Expression, index: int, value: float) -> Expression:
    numbers = pair.numbers()
    numbers[index] = value
    return pair.with_constants(numbers)


def _error(pair: Expression, design: Design) -> float:
    error = design.pair_acceleration(pair.at(design.variables())) - design.acceleration
    return float(np.mean(np.abs(error) * design.weight[..., None]))
