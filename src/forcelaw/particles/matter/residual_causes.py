"""What a law that does not explain all may lack, told from residuals by body and by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    MomentSettings,
    Order,
    Terms,
    fill_motion,
    iterate_equations,
)
from forcelaw.particles.kernels.moments import Equations
from forcelaw.particles.matter.candidate_terms import Candidates
from forcelaw.particles.matter.formulas import Reading
from forcelaw.particles.matter.order_choice import lasting_share
from forcelaw.particles.matter.searches.shape_scan import triples_explain
from forcelaw.particles.matter.searches.thermostats import find_thermostat


@dataclass(frozen=True)
class CauseSettings:
    """What decides whether a cause shows in residuals."""

    rows: int = 40_000
    """Equations that are looked at."""
    share: float = 0.05
    """Of the squares of residuals that a cause must tell, beyond what chance tells."""
    cells: int = 64
    """Into which space, and velocities, are cut, at most, as many bodies in each."""
    listed: int = 3
    """Other formulas that are named, at most."""
    sure: float = 6.0
    """Standard deviations of what chance tells by which it must be more."""


CAUSES = CauseSettings()


class Missing(NamedTuple):
    """What a law may lack."""

    causes: tuple[str, ...]
    """The one that tells most first."""
    notes: tuple[str, ...] = ()
    """What is known of them, in words."""


def explain_residual(
    data: Recordings, candidates: Candidates, reading: Reading, order: Order, seed: int
) -> Missing:
    """What may be missing in the law of a kind of receiver that does not explain all.

    A thermostat, if it tells most. Under chance, where formulas explain as much as curves do and
    others as much as they, it is chance that leaves them alike.
    """
    fit, joint, judged = reading
    factors, cutoff, chance = joint.factors(fit), candidates.cutoff, fit.estimator.instruments
    found = None
    if not chance and not fit.terms.of_headings:
        found = find_thermostat(data, fit.terms, factors, order, cutoff, seed=seed)
    if found is not None:
        return Missing(("velocity-dependent", "time-dependent"), (found.sentence,))
    coarse = candidates.coarsened(fit.terms)
    causes = find_causes(
        data,
        fit.terms,
        factors,
        order,
        cutoff,
        triples=triples_explain(data, coarse, order, cutoff, seed=seed),
        lasting=lasting_share(fit),
        lag=fit.lag if chance else 0,
        seed=seed,
    )
    as_likely = [text for block in joint.others for text in block]
    if not (chance and as_likely and judged.answer == "formula"):
        return Missing(causes)
    listed = ", ".join(as_likely[: CAUSES.listed])
    return Missing(
        (*causes, "stochastic"),
        (
            f"chance leaves other formulas as likely as the one found: {listed}; longer recordings "
            "tell them apart",
        ),
    )


def find_causes(
    data: Recordings,
    terms: Terms,
    factors: Float[np.ndarray, " column"],
    order: Order,
    cutoff: float,
    *,
    triples: float = 0.0,
    lasting: float = 0.0,
    lag: int = 0,
    seed: int = 0,
    settings: CauseSettings = CAUSES,
) -> tuple[str, ...]:
    """Causes that residuals of a kind of receiver show, the one that tells most first.

    A mean over all bodies that changes in time is a field that does (`time-dependent`); a mean of
    each body that stays, or a law that is too strong for some and too weak for others, is a
    property of bodies that is not known (`hidden-attribute`); a mean that depends on the place is
    an `external-field`, one that depends on the own velocity `velocity-dependent`. What lasts in
    first order and is none of these is the way that bodies go by themselves (`self-propulsion`).

    **Arguments:** `triples` the share of the residual that energies of three bodies tell, 0 where
    they do not (`three-body`); `lasting` that which lasts for some snapshots; `lag` snapshots
    before the middle of changes at which laws and places know nothing of their chance: where a body
    is now, chance brought it, so that residuals seem to undo the law at that place.
    """
    left, told, time, body, states = [], [], [], [], []
    sums = MomentSettings(rows=settings.rows)
    number, last, most = 0, 0.0, max(part.n_bodies for part in data)
    for equations in iterate_equations(
        data, terms, order, cutoff, seed=seed, lag=lag, settings=sums
    ):
        left.append(equations.value - equations.columns @ factors)
        told.append(equations.instruments @ factors)
        time.append(equations.snapshot)
        # Bodies of another recording, which starts anew, are others.
        start = float(equations.share.min())
        number += start < last
        last = start
        body.append(equations.body + most * number)
        states.append(_states(equations, lag))
    if not left:
        return ()
    residual, law = np.concatenate(left), np.concatenate(told)
    rows, (places, velocities) = np.concatenate(body), np.concatenate(states, axis=1)
    found = {
        "time-dependent": _by_group(residual, np.concatenate(time), settings),
        "hidden-attribute": max(
            _by_group(residual, rows, settings), _by_slope(residual, law, rows, settings)
        ),
        "three-body": triples,
    }
    # Bodies that stay where they are make places tell what bodies do.
    most = max(found.values())
    by_state = _by_state(residual, places, velocities, order, settings)
    found |= {name: share for name, share in by_state.items() if share > most}
    if order.number == 1 and not terms.of_headings:
        found["self-propulsion"] = max(0.0, lasting - sum(found.values()) - settings.share)
    shown = {name: share for name, share in found.items() if share > 0}
    return tuple(sorted(shown, key=lambda name: -shown[name]))


def _states(equations: Equations, lag: int) -> Float[np.ndarray, "2 row dim"]:
    """Places, in a box those within it, and velocities of the bodies of equations."""
    part, at, body = equations.part, equations.snapshot - lag, equations.body
    filled = fill_motion(part)
    place = filled.position[at, body]
    if part.cell is not None:
        vectors = part.cell.vectors[at if len(part.cell.vectors) > 1 else 0 * at]
        turns = np.einsum("rd,rde->re", place, np.linalg.inv(vectors))
        whole = np.floor(turns) * np.asarray(part.cell.periodic)
        place = place - np.einsum("rd,rde->re", whole, vectors)
    return np.stack([place, filled.velocity[at, body]])


def _by_state(
    residual: Float[np.ndarray, "row dim"],
    place: Float[np.ndarray, "row dim"],
    velocity: Float[np.ndarray, "row dim"],
    order: Order,
    settings: CauseSettings,
) -> dict[str, float]:
    """What means over cells of space tell, and over cells of velocities in second order.

    Both, where each tells little without the other: friction at a wall.
    """
    if residual.shape != place.shape:
        return {}
    where = _cells(place, settings)
    found = {"external-field": _by_group(residual, where, settings)}
    if order.number == 1:
        return found
    how = _cells(velocity, settings)
    found["velocity-dependent"] = _by_group(residual, how, settings)
    ways = (velocity > 0) @ (1 << np.arange(velocity.shape[1]))
    both = _by_group(residual, where * (1 << velocity.shape[1]) + ways, settings)
    if both > 2 * max(found.values()):
        return {"velocity-dependent": both, "external-field": both / 2}
    return found


def _cells(
    states: Float[np.ndarray, "row dim"], settings: CauseSettings
) -> Int[np.ndarray, " row"]:
    """The number of the cell of each, cut so that each axis has as many in every part."""
    parts = max(2, int(settings.cells ** (1 / states.shape[1])))
    shares = np.arange(1, parts) / parts
    cell = np.zeros(len(states), int)
    for axis in states.T:
        cell = parts * cell + np.searchsorted(np.quantile(axis, shares), axis)
    return cell


def _by_group(
    residual: Float[np.ndarray, "row dim"], group: Int[np.ndarray, " row"], settings: CauseSettings
) -> float:
    """The share of squares that means of groups tell beyond chance; 0 where it may be chance."""
    _, index = np.unique(group, return_inverse=True)
    size = np.bincount(index)
    means = np.stack([np.bincount(index, part) / size for part in residual.T], axis=1)
    squares = float((size[:, None] * means**2).sum())
    return _beyond_chance(squares, residual, len(size) * residual.shape[1], settings)


def _by_slope(
    residual: Float[np.ndarray, "row dim"],
    law: Float[np.ndarray, "row dim"],
    group: Int[np.ndarray, " row"],
    settings: CauseSettings,
) -> float:
    """The same of a factor of the law for each group, beyond one for all."""
    _, index = np.unique(group, return_inverse=True)
    product = np.bincount(index, (residual * law).sum(axis=1))
    size = np.bincount(index, (law**2).sum(axis=1))
    there = size > 0
    if not there.any():
        return 0.0
    product, size = product[there], size[there]
    squares = float((product**2 / size).sum() - product.sum() ** 2 / size.sum())
    return _beyond_chance(squares, residual, len(size) - 1, settings)


def _beyond_chance(
    squares: float, residual: Float[np.ndarray, "row dim"], numbers: int, settings: CauseSettings
) -> float:
    whole = float((residual**2).sum())
    if whole <= 0 or numbers >= residual.size / 2:
        return 0.0
    # Changes overlap over two snapshots, so that as many numbers tell twice as much by chance.
    expected = 2 * numbers / residual.size
    doubt = 2 * np.sqrt(2 * numbers) / residual.size
    share = squares / whole
    return share if share > expected + max(settings.sure * doubt, settings.share) else 0.0


def in_order(causes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Those of all kinds of receivers, each once."""
    return tuple(dict.fromkeys(cause for part in causes for cause in part))
