"""What a law that does not explain all may lack, told from residuals by body and by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import MomentSettings, Order, Terms, iterate_equations


@dataclass(frozen=True)
class CauseSettings:
    """What decides whether a cause shows in residuals."""

    rows: int = 40_000
    """Equations that are looked at."""
    share: float = 0.05
    """Of the squares of residuals that a cause must tell, beyond what chance tells."""
    sure: float = 6.0
    """Standard deviations of what chance tells by which it must be more."""


CAUSES = CauseSettings()


def find_causes(
    data: Recordings,
    terms: Terms,
    factors: Float[np.ndarray, " column"],
    order: Order,
    cutoff: float,
    *,
    triples: float = 0.0,
    seed: int = 0,
    settings: CauseSettings = CAUSES,
) -> tuple[str, ...]:
    """Causes that residuals of a kind of receiver show, the one that tells most first.

    A mean over all bodies that changes in time is a field that does (`time-dependent`); a mean of
    each body that stays, or a law that is too strong for some and too weak for others, is a
    property of bodies that is not known (`hidden-attribute`).

    **Arguments:** `triples` the share of the residual that energies of three bodies tell, 0 where
    they do not (`three-body`).
    """
    left, told, time, body = [], [], [], []
    sums = MomentSettings(rows=settings.rows)
    number, last, most = 0, 0.0, max(part.n_bodies for part in data)
    for equations in iterate_equations(data, terms, order, cutoff, seed=seed, settings=sums):
        predicted = equations.columns @ factors
        left.append(equations.value - predicted)
        told.append(predicted)
        time.append(equations.snapshot)
        # Bodies of another recording, which starts anew, are others.
        start = float(equations.share.min())
        number += start < last
        last = start
        body.append(equations.body + most * number)
    if not left:
        return ()
    residual, law = np.concatenate(left), np.concatenate(told)
    rows = np.concatenate(body)
    found = {
        "time-dependent": _by_group(residual, np.concatenate(time), settings),
        "hidden-attribute": max(
            _by_group(residual, rows, settings), _by_slope(residual, law, rows, settings)
        ),
        "three-body": triples,
    }
    shown = {name: share for name, share in found.items() if share > 0}
    return tuple(sorted(shown, key=lambda name: -shown[name]))


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
    """The same of a factor of the law for each group."""
    _, index = np.unique(group, return_inverse=True)
    product = np.bincount(index, (residual * law).sum(axis=1))
    size = np.bincount(index, (law**2).sum(axis=1))
    there = size > 0
    squares = float((product[there] ** 2 / size[there]).sum())
    return _beyond_chance(squares, residual, int(there.sum()), settings)


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
