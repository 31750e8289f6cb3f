"""What a report draws of a law that was found in recordings, beside the changes it explains."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Float

from forcelaw.particles.comparison import Predictions
from forcelaw.particles.data import Recording
from forcelaw.particles.kernels import (
    MomentSettings,
    OneBody,
    RadialBasis,
    Terms,
    fill_motion,
    iterate_equations,
    nearest_image,
)
from forcelaw.particles.matter import MatterResult
from forcelaw.particles.matter.force_law import PairForce
from forcelaw.particles.shaped_terms import ShapedTerm

_ROWS = 6_000
"""Changes of bodies that are compared."""
_STRETCHES = 24
"""Of time in which these lie, at least, so that what runs with time shows."""
_NUMBERS = 60_000
"""Of columns that are held at a time: few, so that stretches are short and many."""
_FINER = 6
"""Splines between two knots of those that were fitted: they miss a thousandth of what one does."""
_CHANGES = {1: "velocity", 2: "acceleration"}
"""What a law predicts, by its order."""


def compare_recordings(found: MatterResult, *, seed: int) -> Predictions | None:
    """Changes of bodies beside what the law makes of them; None where nothing was fitted.

    Of all snapshots, those among them that the law was fitted to.
    """
    parts: list[tuple[np.ndarray, ...]] = []
    chance = False
    for fit, (terms, factors) in zip(found.fits, _finely(found), strict=True):
        number, last = 0, 0.0
        chance |= fit.estimator.instruments
        # What happens by chance moves bodies near each other, too: where they were before is asked.
        lag = fit.lag if fit.estimator.instruments else 0
        sums = MomentSettings(_NUMBERS, _ROWS // len(found.fits), _STRETCHES, shortest=1)
        for equations in iterate_equations(
            found.data, terms, found.order.order, found.cutoff,
            seed=seed, lag=fit.lag, settings=sums,
        ):  # fmt: skip
            # A recording that starts anew holds other bodies.
            start = float(equations.share.min())
            number, last = number + (start < last), start
            part = equations.part
            distance, towards = _nearest(part, equations.snapshot - lag, equations.body)
            parts.append(
                (
                    equations.value,
                    equations.columns @ factors,
                    equations.instruments @ factors,
                    equations.body + float(part.n_bodies * number),
                    part.time[equations.snapshot],
                    distance,
                    towards,
                )
            )
    if not parts:
        return None
    measured, predicted, before, body, time, distance, towards = (
        np.concatenate(rows) for rows in zip(*parts, strict=True)
    )
    what = _CHANGES[found.law.order]
    return Predictions(
        what, measured, predicted, body, time, distance, towards, before if chance else None
    )


def _finely(found: MatterResult) -> list[tuple[Terms, Float[np.ndarray, " column"]]]:
    """The terms of each fit and the law as factors of them.

    Splines are finer than those that were fitted, so that they follow formulas. The forces of the
    law stand in the order of the fits.
    """
    law = found.law
    pairs, alone, shaped = iter(law.pairs), iter(law.one_body), iter(law.shaped)
    each = []
    for fit in found.fits:
        blocks = tuple(replace(one, basis=_finer(one.splines)) for one in fit.terms.blocks)
        columns = [
            block.splines.coefficients(partial(_column, force))[:, 0]
            for block, force in zip(blocks, pairs, strict=False)
        ]
        singles = [
            next(alone if isinstance(term, OneBody) else shaped).factor.value
            if isinstance(term, OneBody | ShapedTerm)
            else 0.0
            for term in fit.terms.singles
        ]
        each.append((replace(fit.terms, blocks=blocks), np.concatenate([*columns, singles])))
    return each


def _finer(basis: RadialBasis) -> RadialBasis:
    breaks = basis.breaks
    places = np.arange((len(breaks) - 1) * _FINER + 1) / _FINER
    return RadialBasis.between(np.interp(places, np.arange(len(breaks)), breaks))


def _column(force: PairForce, r: Float[np.ndarray, " point"]) -> Float[np.ndarray, "point 1"]:
    return np.nan_to_num(force.at(r))[:, None]


def _nearest(
    part: Recording, snapshots: np.ndarray, bodies: np.ndarray
) -> tuple[Float[np.ndarray, " row"], Float[np.ndarray, "row dim"]]:
    """The distance to the nearest body in each snapshot, and the direction; nan without any."""
    filled, cell = fill_motion(part), part.cell
    distance = np.full(len(bodies), np.nan)
    towards = np.full((len(bodies), part.dim), np.nan)
    for snapshot in np.unique(snapshots).tolist():
        rows = np.flatnonzero(snapshots == snapshot)
        places, there = filled.position[snapshot], np.flatnonzero(filled.known[snapshot])
        line = places[there] - places[bodies[rows], None]
        if cell is not None:
            line = nearest_image(line, cell.at(snapshot), cell.periodic)
        length = np.linalg.norm(line, axis=-1)
        length[there == bodies[rows, None]] = np.inf
        if not np.isfinite(length).any():
            continue
        chosen = np.argmin(length, axis=1)
        each = np.arange(len(rows))
        distance[rows] = length[each, chosen]
        towards[rows] = line[each, chosen] / np.maximum(length[each, chosen], 1e-300)[:, None]
    return distance, towards
