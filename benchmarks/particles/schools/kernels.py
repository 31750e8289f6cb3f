"""forcelaw's kernels on schools of fish: splines of attraction and alignment, with bands.

The columns are those of `forcelaw.particles.kernels`, at the last place and velocity that are
known. How many pieces the splines have, whether friction along the line and transverse forces take
part, how much the kernels are held back (a ridge on them alone) and over how many frames velocities
are averaged is chosen on the frames that are learned from: thrice the first of them predict the
next fifth.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from benchmarks.particles.schools.recorded import Model, Steps, one_body
from benchmarks.particles.worlds.world import recording
from forcelaw.particles.kernels import (
    ONE,
    Alignment,
    Block,
    Central,
    LineFriction,
    PairTerm,
    RadialBasis,
    Terms,
    Transverse,
    find_pairs,
    place_breaks,
)
from forcelaw.particles.kernels.columns import Snapshots, evaluate_columns

PIECES = (3, 5, 8)
FEW: tuple[PairTerm, ...] = (Central(), Alignment())
MANY: tuple[PairTerm, ...] = (*FEW, LineFriction(), Transverse())
HELD = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
"""The ridge, in units of the mean squares of kernels' columns."""
MEMORIES = (0.5, 1.0, 2.0, 3.0, 5.0)
"""Frames over which velocities are averaged, with weights that fall off exponentially."""
STARTS = (0.4, 0.6, 0.8)
"""Shares of the early frames that are learned from when choosing; the fifth after is predicted."""
_BAND = 1.96


class Shape(NamedTuple):
    """What is chosen."""

    pieces: int
    """0: no interaction."""
    kinds: tuple[PairTerm, ...]
    held: float
    memory: float
    """0: the last step is the velocity."""


class Kernel(NamedTuple):
    """One function of the distance, with its 95 % band."""

    name: str
    r: Float[np.ndarray, " point"]
    value: Float[np.ndarray, " point"]
    error: Float[np.ndarray, " point"]


@dataclass(frozen=True, eq=False)
class Learned:
    """Factors of all features, and what was chosen."""

    shape: Shape
    terms: Terms | None
    factors: Float[np.ndarray, " feature"]
    covariance: Float[np.ndarray, "feature feature"]

    def __call__(self, steps: Steps) -> Float[np.ndarray, "time body 2"]:
        """Predicted changes of the velocity."""
        return features(steps, self.terms, self.shape) @ self.factors

    def kernels(self, points: int = 5) -> list[Kernel]:
        """Of every function of the distance."""
        if self.terms is None:
            return []
        first = len(self.factors) - self.terms.size
        made = []
        for number, block in enumerate(self.terms.blocks):
            own = np.arange(len(self.factors))[first:][self.terms.columns_of(number)]
            r = np.linspace(block.splines.breaks[0], block.splines.breaks[-1], points)
            values = block.splines.matrix(r)
            spread = values @ self.covariance[np.ix_(own, own)] @ values.T
            error = _BAND * np.sqrt(np.maximum(np.diag(spread), 0))
            made.append(Kernel(block.term.key, r, values @ self.factors[own], error))
        return made


def methods() -> dict[str, Callable[[Steps], Model]]:
    """By the last step alone, as the rival; and by averages over the steps before."""
    remembered = [Shape(0, (), 0.0, memory) for memory in MEMORIES]
    return {
        "forcelaw": lambda early: learn(early, _shapes((0.0,))),
        "one-body, averaged velocities": lambda early: learn(early, remembered),
        "forcelaw, averaged velocities": lambda early: learn(early, _shapes(MEMORIES)),
    }


def _shapes(memories: Sequence[float]) -> list[Shape]:
    return [Shape(*one) for one in itertools.product(PIECES, (FEW, MANY), HELD, memories)]


def learn(early: Steps, shapes: Sequence[Shape]) -> Learned:
    """The shape that predicts best within the early steps, fitted to all of them."""
    terms: dict[tuple[int, tuple[PairTerm, ...]], Terms | None] = {}
    made: dict[tuple[int, tuple[PairTerm, ...], float], np.ndarray] = {}
    scores = []
    for shape in shapes:
        key = shape.pieces, shape.kinds
        if key not in terms:
            terms[key] = _terms(early, shape)
        whole = (*key, shape.memory)
        if whole not in made:
            made[whole] = features(early, terms[key], shape)
        scores.append(_ahead(made[whole], early, terms[key], shape))
    best = shapes[int(np.argmax(scores))]
    key = best.pieces, best.kinds
    return _fit(made[*key, best.memory], early.change, terms[key], best)


def _ahead(made: np.ndarray, early: Steps, terms: Terms | None, shape: Shape) -> float:
    """The mean log density of later steps within the early ones."""
    found = []
    for share in STARTS:
        start, stop = (int(s * len(made)) for s in (share, share + 0.2))
        learned = _fit(made[:start], early.change[:start], terms, shape)
        left = early.change[:stop] - made[:stop] @ learned.factors
        variance = np.square(left[:start]).mean()
        error = np.square(left[start:]).sum(axis=-1).mean()
        found.append(-np.log(2 * np.pi * variance) - error / (2 * variance))
    return float(np.mean(found))


def _fit(made: np.ndarray, change: np.ndarray, terms: Terms | None, shape: Shape) -> Learned:
    """Least squares, held back by a ridge on the kernels."""
    rows = made.reshape(-1, made.shape[-1])
    size = np.sqrt(np.square(rows).mean(axis=0)) + 1e-30
    rows = rows / size
    squares, goal = rows.T @ rows, change.ravel()
    kernels = np.arange(len(size)) >= len(size) - (0 if terms is None else terms.size)
    ridge = np.where(kernels, shape.held, 1e-12) * len(rows)
    inverse = np.linalg.inv(squares + np.diag(ridge))
    factors = inverse @ (rows.T @ goal)
    variance = np.square(goal - rows @ factors).mean()
    covariance = variance * (inverse @ squares @ inverse)
    return Learned(shape, terms, factors / size, covariance / size / size[:, None])


def features(
    steps: Steps, terms: Terms | None, shape: Shape
) -> Float[np.ndarray, "time body 2 feature"]:
    """What acts on a fish alone, its last step where velocities are averaged, and all kernels."""
    averaged = replace(steps, velocity=_averaged(steps.velocity, shape.memory))
    parts = [one_body(averaged)]
    if shape.memory:
        parts.append(steps.velocity[..., None])
    if terms is not None:
        times, bodies, _ = steps.position.shape
        part = recording(steps.position, 1.0)
        reach = float(terms.blocks[0].splines.breaks[-1])
        pairs = find_pairs(part, steps.position, np.ones((times, bodies), bool), 0, reach)
        kinds = np.zeros(bodies, int)
        at = Snapshots(part, 0, steps.position, averaged.velocity, kinds, pairs)
        parts.append(evaluate_columns(terms, at, np.arange(bodies)))
    return np.concatenate(parts, axis=-1)


def _averaged(
    velocity: Float[np.ndarray, "time body 2"], memory: float
) -> Float[np.ndarray, "time body 2"]:
    """Of the steps up to each, an exponential mean; of all of them while they are few."""
    mean, found = velocity[0], np.empty_like(velocity)
    for number, step in enumerate(velocity):
        mean = mean + max(1 / (1 + memory), 1 / (number + 1)) * (step - mean)
        found[number] = mean
    return found


def _terms(early: Steps, shape: Shape) -> Terms | None:
    """Splines over all distances of the early steps."""
    if not shape.pieces:
        return None
    some = early.position[::10]
    length = np.linalg.norm(some[:, None] - some[:, :, None], axis=-1)
    length = length[length > 0]
    basis = RadialBasis.between(place_breaks(length, shape.pieces, float(length.max())))
    return Terms(0, tuple(Block(0, kind, ONE, basis) for kind in shape.kinds), ())
