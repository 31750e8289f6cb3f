"""Where forces end: distances beyond which nothing acts, for each function of the distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import chi2

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import Fit, Order, RadialBasis, Terms, whitened
from forcelaw.particles.matter.searches.scan_equations import ScanEquations


@dataclass(frozen=True)
class EndSettings:
    """What decides where forces end."""

    chance: float = 1e-4
    """That a force is seen beyond its end."""
    before: int = 4
    """Pieces before the end that a smooth curve tells, within which it may be: smooth curves follow
    a jump by as many."""
    zones: int = 6
    """That are looked through, each nearer, while the force may end before it."""
    places: int = 16
    """At which a force may end there: a hundredth of the distance apart, typically."""
    rows: int = 4_000
    """Equations that are looked at."""
    window: int = 12
    """Snapshots of one stretch, of which four have no equations."""
    outlying: float = 6.0
    """Median residuals above which an equation counts less."""


ENDS = EndSettings()


class ForceEnd(NamedTuple):
    """Where a force ends, to how much that is known."""

    place: float
    apart: float
    """How far apart the places are at which it was looked for: it ends after the place before."""


def find_end(fit: Fit, index: int, *, settings: EndSettings = ENDS) -> float:
    """The shortest distance beyond which a function of the distance explains no more than chance.

    **Arguments:** `index` of its block.
    """
    equations, goal = whitened(fit)
    size = np.linalg.norm(equations, axis=0)
    equations = equations / np.where(size > 0, size, 1)
    whole = _left(equations, goal)
    own, breaks = fit.terms.columns_of(index), fit.terms.blocks[index].splines.breaks
    for end in range(1, len(breaks)):
        # Splines with a number below this one are zero beyond.
        kept = np.ones(fit.terms.size, bool)
        kept[own.start + end : own.stop] = False
        lost = _left(equations[:, kept], goal) - whole
        if lost <= chi2.ppf(1 - settings.chance, own.stop - own.start - end):
            return float(breaks[end])
    return float(breaks[-1])


def find_ends(
    data: Recordings,
    terms: Terms,
    fit: Fit,
    order: Order,
    cutoff: float,
    *,
    seed: int = 0,
    settings: EndSettings = ENDS,
) -> dict[int, ForceEnd]:
    """Of blocks that end before the last distance, where.

    Forces may be cut off there: splines that are free to jump at many places tell at which. Where
    chance moves bodies it hides that, and none is told.

    **Arguments:** `fit` of the same terms in coarser splines.
    """
    if fit.estimator.instruments or not terms.blocks:
        return {}
    starts = [_first_zone(fit, index, settings) for index in range(len(terms.blocks))]
    zones = [zone for zone in starts if zone is not None]
    ends: dict[int, ForceEnd] = {}
    for _ in range(settings.zones if zones else 0):
        found = _ends_within(data, terms, zones, order, cutoff, seed, settings)
        ends |= found
        zones = [
            replace(zone, end=zone.start + 1)
            for zone in zones
            if zone.block in found
            and found[zone.block].place == zone.places[0]
            and zone.start + 1 > settings.before
        ]
        if not zones:
            break
    return ends


@dataclass(frozen=True, eq=False)
class _Zone:
    """Distances at which one force may end."""

    block: int
    breaks: Float[np.ndarray, " break"]
    """Of the coarser splines."""
    end: int
    """The break before the last at which it may end."""
    settings: EndSettings

    @property
    def start(self) -> int:
        """The break at which it may end first."""
        return self.end - self.settings.before

    @property
    def places(self) -> Float[np.ndarray, " place"]:
        """Equally far apart."""
        first, last = self.breaks[self.start], self.breaks[self.end + 1]
        return np.linspace(first, last, self.settings.places + 1)


def _first_zone(fit: Fit, index: int, settings: EndSettings) -> _Zone | None:
    """Around the end that a smooth curve tells, or before the last distance; None for bonds."""
    block = fit.terms.blocks[index]
    breaks = block.splines.breaks
    end = int(np.searchsorted(breaks, find_end(fit, index, settings=settings)))
    # Smooth curves that follow a jump swing beyond it, up to the last distance.
    end = min(end, len(breaks) - 2)
    if block.bonded or end <= settings.before:
        return None
    return _Zone(index, breaks, end, settings)


def _ends_within(
    data: Recordings,
    terms: Terms,
    zones: Sequence[_Zone],
    order: Order,
    cutoff: float,
    seed: int,
    settings: EndSettings,
) -> dict[int, ForceEnd]:
    """For blocks of which one of the places will do, the first beyond which nothing acts."""
    blocks = list(terms.blocks)
    for zone in zones:
        torn = _torn(blocks[zone.block].splines, zone.places)
        blocks[zone.block] = replace(blocks[zone.block], basis=torn)
    wider = replace(terms, blocks=tuple(blocks))
    equations = ScanEquations(
        data, wider, order, cutoff, rows=settings.rows, window=settings.window, seed=seed
    )
    if len(equations.value) < 4 * wider.size:
        return {}
    squares = _Squares(equations.known, equations.value, settings.outlying)
    whole = squares.left(np.ones(wider.size, bool))
    found: dict[int, ForceEnd] = {}
    for zone in zones:
        last = wider.columns_of(zone.block).stop
        for number, place in enumerate(zone.places[:-1].tolist()):
            # Between two places lie four splines.
            dropped = 4 * (settings.places - number)
            kept = np.ones(wider.size, bool)
            kept[last - dropped : last] = False
            # Changes overlap over two snapshots: chance tells twice as much.
            allowed = 2 * chi2.ppf(1 - settings.chance, dropped)
            if squares.left(kept) - whole <= allowed * whole / squares.freedom:
                found[zone.block] = ForceEnd(place, float(zone.places[1] - zone.places[0]))
                break
    return found


def _torn(basis: RadialBasis, zone: Float[np.ndarray, " place"]) -> RadialBasis:
    """Splines that may jump wherever a force may end, and end with the last of these places."""
    smooth = basis.breaks[basis.breaks < zone[0] - 1e-9 * zone[-1]]
    return RadialBasis.between(np.concatenate([smooth, np.repeat(zone[:-1], 4), zone[-1:]]))


class _Squares:
    """What some of the columns leave of values, from sums of products."""

    def __init__(
        self,
        columns: Float[np.ndarray, "row column"],
        value: Float[np.ndarray, " row"],
        outlying: float,
    ) -> None:
        size = np.linalg.norm(columns, axis=0)
        columns = columns / np.where(size > 0, size, 1)
        left = np.abs(value - columns @ np.linalg.lstsq(columns, value, rcond=1e-10)[0])
        typical = outlying * max(float(np.median(left)), 1e-300)
        root = np.sqrt(np.minimum(1, typical / np.maximum(left, 1e-300)))
        turned, self._root = np.linalg.qr(root[:, None] * columns)
        self._goal = turned.T @ (root * value)
        self._rest = float(np.square(root * value).sum() - self._goal @ self._goal)
        self.freedom = max(len(value) - columns.shape[1], 1)

    def left(self, kept: Bool[np.ndarray, " column"]) -> float:
        """The squares that these columns leave."""
        return max(self._rest, 0.0) + _left(self._root[:, kept], self._goal)


def _left(columns: Float[np.ndarray, "row column"], goal: Float[np.ndarray, " row"]) -> float:
    factors = np.linalg.lstsq(columns, goal, rcond=1e-10)[0]
    return float(np.square(goal - columns @ factors).sum())
