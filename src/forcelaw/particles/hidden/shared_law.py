"""One force against distance for all pairs of all recordings, and a number for every pair.

Neither is known. For a given force the numbers follow by least squares, and the force is improved
with the numbers following it (variable projection; Golub & Pereyra, SIAM J. Numer. Anal. 10, 413,
1973), from powers of the distance as first guesses, of which the one that ends best is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.hidden.pair_equations import (
    Columns,
    Couplings,
    Curve,
    mean_messages,
    receiver_columns,
    solve_couplings,
)
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
_NUMBERS = 4_000_000
"""Of splines that are held at a time: 32 MB."""


@dataclass(frozen=True, eq=False)
class SharedLaw:
    """What all pairs and bodies have in common."""

    basis: RadialBasis
    factors: Float[np.ndarray, " spline"]
    """Of the force that a pair's number multiplies."""
    between_all: Float[np.ndarray, " spline"]
    """Of a force between all pairs alike; zero where there is none."""
    drag: float
    noise: float
    """Variance of changes in one component."""

    @property
    def curve(self) -> Curve:
        """The force for a pair whose number is one."""
        return lambda r: self.basis.matrix(r) @ self.factors

    @property
    def common(self) -> Curve:
        """The force between all."""
        return lambda r: self.basis.matrix(r) @ self.between_all


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
    steps: Sequence[Steps],
    *,
    reciprocal: bool = True,
    common: bool = False,
    settings: SharedLawSettings = SHARED_LAW,
) -> CoupledFit:
    """The force and the numbers of pairs that explain these recordings best.

    **Arguments:** `reciprocal`: both directions of a pair have the same number; `common`: beside
    that force, one acts between all pairs alike.
    """
    lengths = np.concatenate([acting_lengths(one) for one in steps])
    basis = RadialBasis.between(place_breaks(lengths, settings.pieces, float(lengths.max())))
    typical = np.median(np.concatenate([(one.value[one.valid] ** 2).sum(axis=-1) for one in steps]))
    least = settings.least * float(typical) + 1e-300
    nothing = np.zeros(basis.size)
    low = basis.breaks[0]
    starts = []
    for power in settings.powers:
        spline = basis.coefficients(lambda r, p=power: (r / low)[:, None] ** p)[:, 0]
        law = scaled_law(SharedLaw(basis, spline, nothing, 0.0, 1e-4 * typical), lengths)
        starts.append(solve_all(steps, law, reciprocal=reciprocal))
    starts.sort(key=lambda fit: -fit.log_likelihood)
    ends = [
        _improve(steps, fit, lengths, least, reciprocal, common, settings)
        for fit in starts[: settings.trials]
    ]
    return max(ends, key=lambda fit: fit.log_likelihood)


def solve_all(steps: Sequence[Steps], law: SharedLaw, *, reciprocal: bool) -> CoupledFit:
    """The numbers of all pairs under a law."""
    found = []
    for one in steps:
        columns = Columns.of(one, reciprocal=reciprocal)
        target = one.value + law.drag * one.velocity
        if law.between_all.any():
            target = target - acting_alike(one, law.common)
        messages = mean_messages(one, law.curve)
        found.append(solve_couplings(one, messages, columns, law.noise, target))
    return CoupledFit(law, tuple(found))


def _improve(
    steps: Sequence[Steps],
    fit: CoupledFit,
    lengths: Float[np.ndarray, " pair"],
    least: float,
    reciprocal: bool,
    common: bool,
    settings: SharedLawSettings,
) -> CoupledFit:
    """Improves the law until that adds nothing more."""
    for _ in range(settings.rounds):
        spread = max(float(np.median([one.spread for one in fit.couplings])), least)
        start = solve_all(steps, replace(fit.law, noise=spread), reciprocal=reciprocal)
        turn = _shared_step(steps, start, reciprocal, common)
        size, best = 1.0, start
        for _ in range(settings.halvings):
            law = scaled_law(_moved(start.law, size * turn, common), lengths)
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


def _moved(law: SharedLaw, turn: Float[np.ndarray, " shared"], common: bool) -> SharedLaw:
    size = law.basis.size
    alike = law.between_all + turn[size : 2 * size] if common else law.between_all
    return replace(
        law, factors=law.factors + turn[:size], between_all=alike, drag=law.drag - turn[-1]
    )


def _shared_step(
    steps: Sequence[Steps], fit: CoupledFit, reciprocal: bool, common: bool
) -> Float[np.ndarray, " shared"]:
    """The change of what is shared that explains most of what is left, numbers following it."""
    law = fit.law
    count = law.basis.size * (1 + common) + 1
    normal, right = np.zeros((count, count)), np.zeros(count)
    for one, own in zip(steps, fit.couplings, strict=True):
        columns = Columns.of(one, reciprocal=reciprocal)
        pairs = len(own.value)
        cross, inner = np.zeros((pairs, count)), np.zeros((pairs, pairs))
        score = np.zeros(pairs)
        for part, rows in iterate_parts(one, law.basis.size):
            force = mean_messages(part, law.curve).force
            splines = mean_splines(part, law.basis)
            alike = acting_alike(part, law.common) if law.between_all.any() else 0.0
            target = part.value + law.drag * part.velocity - alike
            for body in range(one.pairs.bodies):
                mine, others = receiver_columns(part, force, body)
                index = columns.index[body, others]
                shared = _shared_columns(part, splines, own.value, columns, body, common)
                weight = np.sqrt(own.weights[rows, body])[:, None, None]
                a = (weight * mine).reshape(-1, len(others))
                x = (weight * shared).reshape(-1, count)
                y = (weight[..., 0] * (target[:, body] - mine @ own.value[index])).ravel()
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


def iterate_parts(one: Steps, splines: int) -> Iterator[tuple[Steps, slice]]:
    """A recording some steps at a time, so few that splines between all pairs fit in memory."""
    count = len(one.value)
    each = max(1, _NUMBERS // (len(one.pairs.first) * one.dim * splines))
    for start in range(0, count, each):
        yield one.between(start, start + each), slice(start, start + each)


def _shared_columns(
    one: Steps,
    splines: Float[np.ndarray, "step pair dim spline"],
    value: Float[np.ndarray, " column"],
    columns: Columns,
    body: int,
    common: bool,
) -> Float[np.ndarray, "step dim shared"]:
    """What splines, weighted by pairs' numbers, splines alike for all, and drag do to a body."""
    others = np.delete(np.arange(one.pairs.bodies), body)
    sign = np.where(others > body, 1.0, -1.0)
    own = splines[:, one.pairs.table[body, others]]
    weighted = np.einsum("kpds,p->kds", own, sign * value[columns.index[body, others]])
    parts = [weighted]
    if common:
        parts.append(np.einsum("kpds,p->kds", own, sign))
    return np.concatenate([*parts, one.velocity[:, body, :, None]], axis=-1)


def mean_splines(one: Steps, basis: RadialBasis) -> Float[np.ndarray, "step pair dim spline"]:
    """The mean of every spline over every step, between every pair."""
    steps, nodes, pairs = one.length.shape
    total = np.zeros((steps, pairs, one.dim, basis.size))
    for node in range(nodes):
        first, values = basis.nonzero(one.length[:, node].ravel())
        vectors = one.share[:, node, None, None] * one.direction[:, node]
        flat = total.reshape(steps * pairs, one.dim, basis.size)
        rows = np.arange(len(first))
        for k in range(values.shape[1]):
            flat[rows, :, first + k] += values[:, k, None] * vectors.reshape(-1, one.dim)
    return total


def acting_alike(one: Steps, curve: Curve) -> Float[np.ndarray, "step body dim"]:
    """What a force between all pairs alike does."""
    force = mean_messages(one, curve).force
    total = np.zeros(one.value.shape)
    for body in range(one.pairs.bodies):
        mine, _ = receiver_columns(one, force, body)
        total[:, body] = mine.sum(axis=-1)
    return total


def typical_square(steps: Sequence[Steps]) -> float:
    """The median square of changes."""
    squares = [(one.value[one.valid] ** 2).sum(axis=-1) for one in steps]
    return float(np.median(np.concatenate(squares))) + 1e-300


def acting_lengths(one: Steps) -> Float[np.ndarray, " pair"]:
    """Distances of pairs that act on each other."""
    return one.length[np.abs(one.direction).sum(axis=-1) > 0]


def scaled_law(law: SharedLaw, lengths: Float[np.ndarray, " pair"]) -> SharedLaw:
    """The same with a force whose median size is one: pairs' numbers take the rest."""
    some = lengths[:: max(1, len(lengths) // 2000)]
    size = float(np.median(np.abs(law.curve(some))))
    return replace(law, factors=law.factors / size) if size > 0 else law
