"""One recording under forces between charges: what they leave, and better charges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.hidden.pair_equations import (
    EQUATIONS,
    alike_messages,
    mean_messages,
    receiver_columns,
)
from forcelaw.particles.hidden.shared_law import SharedLaw
from forcelaw.particles.hidden.spline_steps import SplineSteps


@dataclass(frozen=True, eq=False)
class ChargedLaw:
    """What all recordings have in common."""

    shared: SharedLaw
    """The force between charges of one, the drag and the noise."""
    between_all: Float[np.ndarray, " spline"]
    """Of the force between all bodies alike."""


@dataclass(frozen=True, eq=False)
class Left:
    """What forces and charges leave of one recording."""

    force: Float[np.ndarray, "step pair dim"]
    """Between charges of one."""
    left: Float[np.ndarray, "step body dim"]
    weights: Float[np.ndarray, "step body"]
    told: float


def left_by(one: SplineSteps, law: ChargedLaw, charges: Float[np.ndarray, " body"]) -> Left:
    """The residuals under these charges, and how much each equation counts (Student's t)."""
    messages, steps = mean_messages(one, law.shared.factors), one.steps
    uncertainty = messages.uncertainty
    if law.between_all.any():
        uncertainty = uncertainty + mean_messages(one, law.between_all).uncertainty
    target = law.shared.target(steps) - alike_messages(one, law.between_all)
    predicted = np.zeros_like(target)
    for body in range(steps.pairs.bodies):
        own, others = receiver_columns(steps, messages.force, body)
        predicted[:, body] = charges[body] * (own @ charges[others])
    left = target - predicted
    variance = law.shared.noise + EQUATIONS.uncertainty**2 * uncertainty
    tails, dim, valid = EQUATIONS.tails, steps.dim, steps.valid
    square = (left**2).sum(axis=-1) / variance
    scale = max(float(np.median(square[valid])) / (dim - 0.63), 1e-30)
    weights = np.where(valid, (tails + dim) / (tails + square / scale) / variance / scale, 0)
    told = np.log1p(square[valid] / scale / tails).sum() * (tails + dim) / 2
    told += dim / 2 * np.log(scale * variance[valid]).sum()
    return Left(messages.force, left, weights, -float(told))


def improve_charges(
    one: SplineSteps, law: ChargedLaw, charges: Float[np.ndarray, " body"]
) -> Float[np.ndarray, " body"]:
    """A step of Gauss and Newton, halved until it explains more."""
    now = left_by(one, law, charges)
    normal, right = normal_equations(one, now, charges)
    size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / size / size[:, None] + 1e-6 * np.eye(len(size))
    turn = np.linalg.solve(scaled, right / size) / size
    for factor in (1.0, 0.5, 0.25, 0.1):
        other = charges + factor * turn
        if left_by(one, law, other).told > now.told:
            return other
    return charges


def charge_columns(
    one: SplineSteps,
    now: Left,
    charges: Float[np.ndarray, " body"],
    body: int,
    rows: slice = slice(None),
) -> Float[np.ndarray, "step dim body"]:
    """What a small change of each charge does to one body."""
    own, others = receiver_columns(one.steps, now.force, body, rows)
    jacobian = np.zeros((*own.shape[:2], len(charges)))
    jacobian[..., others] = charges[body] * own
    jacobian[..., body] = own @ charges[others]
    return jacobian


def normal_equations(
    one: SplineSteps, now: Left, charges: Float[np.ndarray, " body"]
) -> tuple[Float[np.ndarray, "body body"], Float[np.ndarray, " body"]]:
    """The normal equations of small changes of charges."""
    count = len(charges)
    normal, right = np.zeros((count, count)), np.zeros(count)
    for body in range(count):
        jacobian = charge_columns(one, now, charges, body)
        weight = now.weights[:, body][:, None, None]
        flat = jacobian.reshape(-1, count)
        weighted = (weight * jacobian).reshape(-1, count)
        normal += weighted.T @ flat
        right += weighted.T @ now.left[:, body].ravel()
    return normal, right


def energy_rises(
    one: SplineSteps, now: Left, charges: Float[np.ndarray, " body"]
) -> Float[np.ndarray, " body"]:
    """By how much each turned sign raises the weighted squares."""
    rise = np.zeros(len(charges))
    for body in range(len(charges)):
        own, others = receiver_columns(one.steps, now.force, body)
        each = charges[body] * charges[others] * own
        weight = now.weights[:, body][:, None]
        whole = 2 * each.sum(axis=-1)
        rise[body] += (weight * (whole**2 + 2 * whole * now.left[:, body])).sum()
        # What it does to this body is turned with the sign of each sender alone, too.
        turned = (weight[..., None] * (4 * each**2 + 4 * each * now.left[:, body, :, None])).sum(
            axis=(0, 1)
        )
        rise[others] += turned
    return rise
