"""Products of columns and changes, summed over all recordings in one pass.

All that follows, curves, formulas and what they explain, is computed from these sums alone: the
data are read once, and memory does not grow with them.

Columns at an earlier snapshot serve as instruments: what happens by chance later, and the errors of
later positions, know nothing of them, so that estimates keep no bias from either (instrumental
variables; for stochastic motion with measurement noise: Amri et al., Phys. Rev. Research 6, 043030,
2024; Gerardos & Ronceray, Phys. Rev. Lett. 135, 167401, 2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels.columns import (
    Terms,
    bodies_of,
    evaluate_columns,
    spans,
    take_snapshots,
)
from forcelaw.particles.kernels.factors import Moments
from forcelaw.particles.kernels.filled_motion import FilledMotion, fill_motion
from forcelaw.particles.kernels.following.means_between import mean_columns
from forcelaw.particles.kernels.observed_changes import (
    Changes,
    Order,
    errors_of_means,
    weigh_overlaps,
)


@dataclass(frozen=True)
class MomentSettings:
    """What decides how data are read."""

    numbers: int = 600_000
    """Of columns that are held at a time: 5 MB, so that they stay in the cache. With ten times as
    many, a pass takes more than three times as long."""
    rows: int = 300_000
    """Equations that are summed, at most: errors of factors fall with the root of their number, and
    so many leave less than a thousandth."""
    folds: int = 5
    """Parts, of which each is held out once."""
    over_gaps: bool = False
    """Whether changes count whose middle was not seen: bodies are taken to be in between there,
    which is exact to what chance moves them meanwhile."""
    shortest: int = 16
    """Snapshots that are read at a time, at least; four more are read beside them."""
    turns: int = 4
    """Stretches of time of each recording in each part: bodies that spread out in time leave no
    distance to one part alone."""


MOMENTS = MomentSettings()
SOON = 1
"""Snapshots before the middle of changes at which chance has not happened yet."""
BEFORE = 3
"""Likewise, at which positions have no errors in common with those that changes are made of."""
_OUTLYING = 6.0
"""Median residuals above which one counts less: of normal ones, one of 10,000."""


class Equations(NamedTuple):
    """Some equations: changes that columns explain, and instruments."""

    columns: Float[np.ndarray, "row dim column"]
    value: Float[np.ndarray, "row dim"]
    instruments: Float[np.ndarray, "row dim column"]
    turn: Float[np.ndarray, "row dim column"]
    """Columns two snapshots later less those two earlier; empty where not asked for."""
    snapshot: Int[np.ndarray, " row"]
    """Of the recording."""
    body: Int[np.ndarray, " row"]
    share: Float[np.ndarray, " row"]
    """How far into the recording, from 0 to 1."""
    part: Recording
    """The recording."""
    error: Float[np.ndarray, " row"]
    """About how large the error of the mean over snapshots is by itself, of a law that was given;
    zeros where none was."""
    weight: Float[np.ndarray, " row"]
    """One, and up to two where fewer others than in a row without gaps say the same."""


class Reference(NamedTuple):
    """An earlier estimate, by which equations are weighted."""

    factors: Float[np.ndarray, " column"]
    scale: float
    """The median size of what it leaves."""
    chance: bool = False
    """Whether that is chance: how well snapshots follow the motion cannot be told then."""

    def weights(self, equations: Equations) -> Float[np.ndarray, " row"]:
        """One, and less where bodies are so near each other that snapshots do not follow them.

        Where that is told by the equation itself, by the inverse of its variance. The residual has
        sizes that neither chance nor noise has (Huber 1964).
        """
        left = np.linalg.norm(equations.value - equations.columns @ self.factors, axis=-1)
        weights = np.minimum(1, _OUTLYING * self.scale / np.maximum(left, 1e-300))
        if self.chance:
            return weights
        square = max(self.scale**2, 1e-300)
        return np.minimum(weights, square / (square + equations.error**2))


def sum_moments(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    *,
    seed: int = 0,
    reference: Reference | None = None,
    lag: int = SOON,
    settings: MomentSettings = MOMENTS,
) -> Moments:
    """One pass over the data, or where there are more than enough of them, over a sample.

    **Arguments:** `lag` snapshots from instruments to the middle of changes.
    """
    size, folds = terms.size, settings.folds
    shapes = [(folds, size, size), (folds, size), (folds,)]
    xx, xy, yy = (np.zeros(shape) for shape in shapes)
    zx, zy = np.zeros(shapes[0]), np.zeros(shapes[1])
    zz, count, errors = np.zeros(shapes[0]), np.zeros(folds), np.zeros(folds)
    law = None if reference is None or reference.chance else reference.factors
    for equations in iterate_equations(
        data, terms, order, cutoff, seed=seed, lag=lag, settings=settings, law=law
    ):
        fold = (equations.share * folds * settings.turns).astype(int) % folds
        root = np.sqrt(equations.weight)
        if reference is not None:
            root = root * np.sqrt(reference.weights(equations))
        for index in np.unique(fold):
            rows = fold == index
            by = root[rows, None, None]
            x = _rows(by * equations.columns[rows])
            z = _rows(by * equations.instruments[rows])
            y = (by[..., 0] * equations.value[rows]).ravel()
            xx[index] += x.T @ x
            xy[index] += x.T @ y
            yy[index] += y @ y
            zx[index] += z.T @ x
            zy[index] += z.T @ y
            zz[index] += z.T @ z
            count[index] += len(y)
            errors[index] += float(((root * equations.error)[rows] ** 2).sum())
    return Moments(xx, xy, yy, zx, zy, zz, count, errors)


def _rows(columns: Float[np.ndarray, "row dim column"]) -> Float[np.ndarray, "number column"]:
    """A row for each component."""
    rows, dim, size = columns.shape
    return columns.reshape(rows * dim, size)


def iterate_equations(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    *,
    seed: int = 0,
    lag: int = SOON,
    settings: MomentSettings = MOMENTS,
    turns: bool = False,
    law: Float[np.ndarray, " column"] | None = None,
) -> Iterator[Equations]:
    """The equations of all recordings, some snapshots at a time, sampled where they are many.

    **Arguments:** `law` factors by which it is told how well snapshots follow the motion.
    """
    plan, total = [], 0
    for part in data:
        kinds = data.kind_of(part)
        bodies = bodies_of(kinds, terms)
        if not len(bodies):
            continue
        cut = spans(
            part.n_times, len(bodies) * part.dim, terms.size, settings.numbers, settings.shortest
        )
        plan += [(part, kinds, span) for span in cut]
        total += part.n_times * len(bodies)
    share = min(1.0, settings.rows / max(total, 1))
    if share < 1:
        rng = np.random.default_rng(seed)
        chosen = np.sort(rng.permutation(len(plan))[: max(settings.folds, int(share * len(plan)))])
        plan = [plan[index] for index in chosen]
    known: tuple[Recording, FilledMotion, Changes] | None = None
    for part, kinds, span in plan:
        if known is None or known[0] is not part:
            known = part, fill_motion(part), order.changes(part)
        found = _equations(
            known, terms, kinds, span, cutoff, lag, turns, law, over_gaps=settings.over_gaps
        )
        if len(found.value):
            yield found


def _equations(
    known: tuple[Recording, FilledMotion, Changes],
    terms: Terms,
    kinds: Int[np.ndarray, " body"],
    span: tuple[int, int],
    cutoff: float,
    lag: int,
    turns: bool,
    law: Float[np.ndarray, " column"] | None,
    *,
    over_gaps: bool,
) -> Equations:
    part, filled, changes = known
    backward = terms.reads_velocity and part.velocity is None
    lag += backward and lag > SOON
    back = max(lag + backward, 2)
    bodies = bodies_of(kinds, terms)
    start, stop = max(span[0], back), min(span[1], part.n_times - 2)
    low, high = max(span[0] - back, 0), min(span[1] + 2, part.n_times)
    if stop <= start:
        empty = np.zeros((0, terms.components(part.dim), terms.size))
        none = np.zeros(0, int)
        zero = np.zeros(0)
        return Equations(empty, empty[..., 0], empty, empty, none, none, zero, part, zero, zero)
    receivers, cutoff = None if terms.shaped else bodies, min(cutoff, terms.reach)
    at = take_snapshots(part, filled, kinds, (low, high), cutoff, receivers=receivers)
    columns = evaluate_columns(terms, at, bodies)
    early = columns
    if backward:
        slower = at._replace(velocity=filled.earlier_velocity[low:high])
        early = evaluate_columns(terms, slower, bodies, besides=columns)
    x = mean_columns(terms, at, columns, changes, slice(start, stop), cutoff, bodies)
    z = early[start - lag - low : stop - lag - low]
    valid = changes.valid[:, bodies]
    weight = np.ones(valid.shape)
    if over_gaps:
        valid = valid | (changes.bridged & filled.known)[:, bodies]
        weight = weigh_overlaps(valid)
    valid = valid[start:stop] & part.present[start - lag : stop - lag, bodies]
    if backward:
        moving = filled.moving[:, bodies]
        for shift in (-1, 0, 1):
            valid &= moving[start + shift : stop + shift]
        valid &= filled.known[start - lag - 1 : stop - lag - 1, bodies]
    if turns:
        valid &= part.present[start + 2 : stop + 2, bodies]
    snapshot, body = np.nonzero(valid)
    snapshot_of = snapshot + start
    error = np.zeros(valid.shape)
    if law is not None:
        near = slice(start - 2 - low, stop + 2 - low)
        slower = (early[near] - columns[near]) @ law if backward else None
        moved = columns[near][..., terms.read_velocity] @ law[terms.read_velocity]
        error = errors_of_means(
            columns[near] @ law, changes.apart[start:stop, bodies], moved, slower
        )
    return Equations(
        x[snapshot, body],
        changes.value[start:stop][:, bodies][snapshot, body],
        z[snapshot, body],
        _turn(columns, start - low, stop - low)[snapshot, body] if turns else x[:0, 0],
        snapshot_of,
        bodies[body],
        snapshot_of / part.n_times,
        part,
        error[snapshot, body],
        weight[start:stop][snapshot, body],
    )


def _turn(
    columns: Float[np.ndarray, "snapshot receiver dim column"], start: int, stop: int
) -> Float[np.ndarray, "inner receiver dim column"]:
    return columns[start + 2 : stop + 2] - columns[start - 2 : stop - 2]


def shared_names(parts: Sequence[Recording]) -> tuple[str, ...]:
    """Names of attributes other than the mass whose values vary."""
    names = parts[0].attributes
    return tuple(
        sorted(
            name
            for name in names
            if name != "mass"
            and np.ptp(np.concatenate([part.attributes[name] for part in parts])) > 0
        )
    )
