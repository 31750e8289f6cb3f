"""Equations of one recording: what a curve does between every pair, times a number of the pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.hidden.spline_steps import SplineSteps
from forcelaw.particles.hidden.steps import Steps


@dataclass(frozen=True)
class EquationSettings:
    """How equations are weighted."""

    uncertainty: float = 0.1
    """Share of the change of a force within a step by which its mean over the step is uncertain."""
    tails: float = 3.0
    """Degrees of freedom of Student's t for residuals: bodies that bounced off a wall, or came
    too near each other between snapshots, say nothing against a law."""
    rounds: int = 4
    """Of weights and numbers in turn."""
    ridge: float = 1e-10
    """Of the mean size of columns: a pair that was never near gets a factor of zero."""


EQUATIONS = EquationSettings()


@dataclass(frozen=True, eq=False)
class Messages:
    """The mean of a curve over every step, between every pair."""

    force: Float[np.ndarray, "step pair dim"]
    """On the first body of the pair."""
    uncertainty: Float[np.ndarray, "step body"]
    """The mean square by which forces change within steps, summed over a body's pairs."""


@dataclass(frozen=True, eq=False)
class Couplings:
    """A number for each pair of a recording, and how far the motion tells it."""

    value: Float[np.ndarray, " column"]
    precision: Float[np.ndarray, "column column"]
    """The inverse of the covariance."""
    weights: Float[np.ndarray, "step body"]
    """Of equations: one over the variance, less for outliers."""
    log_likelihood: float
    spread: float
    """The median square that is left where forces change the least within a step."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Which number multiplies the force on each receiver from each sender."""

    index: Int[np.ndarray, "receiver sender"]
    """The diagonal is not read."""
    size: int

    @classmethod
    def of(cls, steps: Steps, *, reciprocal: bool) -> Columns:
        """One number for both directions of a pair, or one for each."""
        table, count = steps.pairs.table, len(steps.pairs.first)
        if reciprocal:
            return cls(table, count)
        upper = np.triu(np.ones_like(table), 1).astype(bool)
        return cls(np.where(upper, table, table + count), 2 * count)


def mean_messages(one: SplineSteps, factors: Float[np.ndarray, " spline"]) -> Messages:
    """What a force with these factors of splines does over every step."""
    steps, size = one.steps, one.force(factors)
    if steps.share.shape[1] == 1:
        return Messages(size[:, 0, :, None] * steps.direction[:, 0], np.zeros(steps.valid.shape))
    force = size[..., None] * steps.direction
    mean = np.einsum("km,kmpd->kpd", steps.share, force)
    change = np.einsum("km,kmpd->kp", steps.share, (force - mean[:, None]) ** 2)
    ends = np.zeros((len(steps.pairs.first), steps.pairs.bodies))
    ends[np.arange(len(ends)), steps.pairs.first] = 1
    ends[np.arange(len(ends)), steps.pairs.second] = 1
    return Messages(mean, change @ ends)


def alike_messages(
    one: SplineSteps, factors: Float[np.ndarray, " spline"]
) -> Float[np.ndarray, "step body dim"]:
    """What a force between all pairs alike does to every body."""
    total = np.zeros(one.steps.value.shape)
    if factors.any():
        force = mean_messages(one, factors).force
        for body in range(one.steps.pairs.bodies):
            total[:, body] = receiver_columns(one.steps, force, body)[0].sum(axis=-1)
    return total


def receiver_columns(
    steps: Steps,
    force: Float[np.ndarray, "step pair dim"],
    body: int,
    rows: slice = slice(None),
) -> tuple[Float[np.ndarray, "step dim sender"], Int[np.ndarray, " sender"]]:
    """The forces on one body from all others, and who these are."""
    others = np.delete(np.arange(steps.pairs.bodies), body)
    sign = np.where(others > body, 1.0, -1.0)
    return np.moveaxis(force[rows, steps.pairs.table[body, others]], 1, 2) * sign, others


def solve_couplings(
    steps: Steps,
    messages: Messages,
    columns: Columns,
    noise: float,
    target: Float[np.ndarray, "step body dim"],
    *,
    settings: EquationSettings = EQUATIONS,
) -> Couplings:
    """The number of each pair by least squares under Student's t.

    **Arguments:** `noise` the variance of changes beside the uncertainty of means over steps;
    `target` what pairs are to explain.
    """
    variance = noise + settings.uncertainty**2 * messages.uncertainty
    valid = steps.valid
    weights = np.where(valid, 1 / variance, 0)
    dim, tails = steps.dim, settings.tails
    parts = [receiver_columns(steps, messages.force, body) for body in range(steps.pairs.bodies)]
    value, normal, left, scale = np.zeros(columns.size), np.zeros(0), target, 1.0
    square = np.zeros(valid.shape)
    for _ in range(settings.rounds):
        normal, right = np.zeros((columns.size, columns.size)), np.zeros(columns.size)
        for body, (own, others) in enumerate(parts):
            index = columns.index[body, others]
            weighted = own * weights[:, body, None, None]
            flat = own.reshape(-1, len(others))
            normal[np.ix_(index, index)] += weighted.reshape(flat.shape).T @ flat
            right[index] += np.einsum("kds,kd->s", weighted, target[:, body])
        size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
        scaled = normal / size / size[:, None] + settings.ridge * np.eye(columns.size)
        value = np.linalg.solve(scaled, right / size) / size
        left = target - predict(steps, parts, columns, value)
        square = (left**2).sum(axis=-1) / variance
        # The median of a sum of squares of `dim` normal numbers.
        scale = max(float(np.median(square[valid])) / (dim - 0.63), 1e-30)
        weights = np.where(valid, (tails + dim) / (tails + square / scale) / variance, 0)
    told = np.log1p(square[valid] / scale / tails).sum() * (tails + dim) / 2
    told += dim / 2 * np.log(scale * variance[valid]).sum()
    calm = valid & (messages.uncertainty <= np.median(messages.uncertainty[valid]))
    spread = float(np.median((left**2).sum(axis=-1)[calm])) / (dim - 0.63)
    return Couplings(value, normal / scale, weights / scale, -float(told), spread)


def predict(
    steps: Steps,
    parts: list[tuple[Float[np.ndarray, "step dim sender"], Int[np.ndarray, " sender"]]],
    columns: Columns,
    value: Float[np.ndarray, " column"],
) -> Float[np.ndarray, "step body dim"]:
    """What pairs with these numbers do to every body."""
    total = np.zeros(steps.value.shape)
    for body, (own, others) in enumerate(parts):
        total[:, body] = own @ value[columns.index[body, others]]
    return total
