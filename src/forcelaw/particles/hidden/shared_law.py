"""One force against distance for all pairs of all recordings, and a number for every pair.

Neither is known. For a given force the numbers follow by least squares, and the force is improved
with the numbers following it (variable projection; Golub & Pereyra, SIAM J. Numer. Anal. 10, 413,
1973), from powers of the distance as first guesses, of which the one that ends best is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.hidden.pair_equations import (
    Columns,
    Couplings,
    mean_messages,
    receiver_columns,
    solve_couplings,
)
from forcelaw.particles.hidden.spline_steps import SplineSteps
from forcelaw.particles.hidden.steps import Steps
from forcelaw.particles.kernels import RadialBasis, place_breaks


@dataclass(frozen=True)
class SharedLawSettings:
    """How the force is searched for."""

    pieces: int = 14
    """Of the force against distance."""
    powers: tuple[float, ...] = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0)
    """Of the distance: first guesses."""
    trials: int = 3
    """First guesses that are followed to the end: those that say most at first."""
    rounds: int = 12
    """Of improvements."""
    gain: float = 1e-4
    """Share of the log-likelihood by which a round must improve to go on."""
    halvings: int = 4
    """Of a step that does not improve."""
    least: float = 1e-9
    """Share of the changes' mean square that noise is at least: rounding."""


SHARED_LAW = SharedLawSettings()


@dataclass(frozen=True, eq=False)
class SharedLaw:
    """What all pairs and bodies have in common."""

    basis: RadialBasis
    factors: Float[np.ndarray, " spline"]
    """Of the force that a pair's number multiplies."""
    drag: float
    noise: float
    """Variance of changes in one component."""

    def target(self, steps: Steps) -> Float[np.ndarray, "step body dim"]:
        """What pairs are to explain."""
        return steps.value + self.drag * steps.velocity


@dataclass(frozen=True, eq=False)
class CoupledFit:
    """A law with the numbers of all pairs, recording by recording."""

    law: SharedLaw
    couplings: tuple[Couplings, ...]

    @property
    def log_likelihood(self) -> float:
        """Of all recordings."""
        return sum(one.log_likelihood for one in self.couplings)


def fit_shared_law(
    steps: Sequence[SplineSteps],
    *,
    reciprocal: bool = True,
    settings: SharedLawSettings = SHARED_LAW,
) -> CoupledFit:
    """The force and the numbers of pairs that explain these recordings best.

    **Arguments:** `reciprocal`: both directions of a pair have the same number.
    """
    plain = [one.steps for one in steps]
    lengths, basis, typical = acting_lengths(plain), steps[0].basis, typical_square(plain)
    starts = []
    for power in settings.powers:
        law = SharedLaw(basis, power_of_distance(basis, power), 0.0, 1e-4 * typical)
        starts.append(solve_all(steps, scaled_law(law, lengths), reciprocal=reciprocal))
    starts.sort(key=lambda fit: -fit.log_likelihood)
    least = settings.least * typical
    ends = [
        _improve(steps, fit, lengths, least, reciprocal, settings)
        for fit in starts[: settings.trials]
    ]
    return max(ends, key=lambda fit: fit.log_likelihood)


def power_of_distance(basis: RadialBasis, power: float) -> Float[np.ndarray, " spline"]:
    """Splines nearest to a power, one at the shortest distance."""
    low = basis.breaks[0]
    return basis.coefficients(lambda r: (r / low)[:, None] ** power)[:, 0]


def solve_all(steps: Sequence[SplineSteps], law: SharedLaw, *, reciprocal: bool) -> CoupledFit:
    """The numbers of all pairs under a law."""
    found = []
    for one in steps:
        columns = Columns.of(one.steps, reciprocal=reciprocal)
        messages = mean_messages(one, law.factors)
        found.append(
            solve_couplings(one.steps, messages, columns, law.noise, law.target(one.steps))
        )
    return CoupledFit(law, tuple(found))


def _improve(
    steps: Sequence[SplineSteps],
    fit: CoupledFit,
    lengths: Float[np.ndarray, " pair"],
    least: float,
    reciprocal: bool,
    settings: SharedLawSettings,
) -> CoupledFit:
    """Improves the law until that adds nothing more."""
    for _ in range(settings.rounds):
        spread = max(float(np.median([one.spread for one in fit.couplings])), least)
        start = solve_all(steps, replace(fit.law, noise=spread), reciprocal=reciprocal)
        turn = _shared_step(steps, start, reciprocal)
        size, best = 1.0, start
        for _ in range(settings.halvings):
            law = scaled_law(_moved(start.law, size * turn), lengths)
            other = solve_all(steps, law, reciprocal=reciprocal)
            if other.log_likelihood > best.log_likelihood:
                best = other
                break
            size /= 4
        before, fit = fit, best
        if best is start or _small(before, best, settings.gain):
            break
    return fit


def _small(before: CoupledFit, after: CoupledFit, gain: float) -> bool:
    rise = after.log_likelihood - before.log_likelihood
    return (
        abs(rise) < gain * abs(after.log_likelihood)
        and abs(after.law.noise / before.law.noise - 1) < 0.1
    )


def _moved(law: SharedLaw, turn: Float[np.ndarray, " shared"]) -> SharedLaw:
    return replace(law, factors=law.factors + turn[:-1], drag=law.drag - turn[-1])


def _shared_step(
    steps: Sequence[SplineSteps], fit: CoupledFit, reciprocal: bool
) -> Float[np.ndarray, " shared"]:
    """The change of what is shared that explains most of the residual, numbers following it."""
    law = fit.law
    count = law.basis.size + 1
    normal, right = np.zeros((count, count)), np.zeros(count)
    for one, own in zip(steps, fit.couplings, strict=True):
        columns = Columns.of(one.steps, reciprocal=reciprocal)
        force = mean_messages(one, law.factors).force
        target = law.target(one.steps)
        pairs = len(own.value)
        cross, inner = np.zeros((pairs, count)), np.zeros((pairs, pairs))
        score = np.zeros(pairs)
        for rows, splines in one.columns([own.value[columns.index]]):
            velocity = one.steps.velocity[rows][..., None]
            shared = np.concatenate([splines, velocity], axis=-1)
            root = np.sqrt(own.weights[rows])[..., None, None]
            for body in range(one.steps.pairs.bodies):
                mine, others = receiver_columns(one.steps, force, body, rows)
                index = columns.index[body, others]
                weight = root[:, body]
                a = (weight * mine).reshape(-1, len(others))
                x = (weight * shared[:, body]).reshape(-1, count)
                y = (weight[..., 0] * (target[rows, body] - mine @ own.value[index])).ravel()
                normal += x.T @ x
                right += x.T @ y
                cross[index] += a.T @ x
                inner[np.ix_(index, index)] += a.T @ a
                score[index] += a.T @ y
        size = np.sqrt(np.maximum(np.diag(inner), 1e-300))
        scaled = inner / size / size[:, None] + 1e-10 * np.eye(pairs)
        solved = np.linalg.solve(scaled, np.c_[cross, score] / size[:, None]) / size[:, None]
        normal -= cross.T @ solved[:, :-1]
        right -= cross.T @ solved[:, -1]
    size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / size / size[:, None] + 1e-8 * np.eye(count)
    return np.linalg.solve(scaled, right / size) / size


def typical_square(steps: Sequence[Steps]) -> float:
    """The median square of changes."""
    squares = [(one.value[one.valid] ** 2).sum(axis=-1) for one in steps]
    return float(np.median(np.concatenate(squares))) + 1e-300


def put_on_splines(steps: Sequence[Steps], pieces: int) -> tuple[SplineSteps, ...]:
    """Recordings on splines that are fine where their distances are."""
    lengths = acting_lengths(steps)
    basis = RadialBasis.between(place_breaks(lengths, pieces, float(lengths.max())))
    return tuple(SplineSteps.of(one, basis) for one in steps)


def acting_lengths(steps: Sequence[Steps]) -> Float[np.ndarray, " pair"]:
    """Distances of pairs that act on each other."""
    return np.concatenate([one.length[np.abs(one.direction).sum(axis=-1) > 0] for one in steps])


def scaled_law(law: SharedLaw, lengths: Float[np.ndarray, " pair"]) -> SharedLaw:
    """The same with a force whose median size is one: pairs' numbers take the rest."""
    some = lengths[:: max(1, len(lengths) // 2000)]
    size = float(np.median(np.abs(law.basis.matrix(some) @ law.factors)))
    return replace(law, factors=law.factors / size) if size > 0 else law
