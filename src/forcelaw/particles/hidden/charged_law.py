"""A force between charges, one between all bodies, and the charges, from motion alone.

Given the charges the forces are linear, given the forces each charge nearly is; so both are solved
in turn. They begin with the number of every pair under a power of the distance: of charges these
numbers are a product, whose leading eigenvector tells the signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.hidden.pair_equations import (
    EQUATIONS,
    Columns,
    mean_messages,
    receiver_columns,
    solve_couplings,
)
from forcelaw.particles.hidden.shared_law import (
    SharedLaw,
    acting_alike,
    acting_lengths,
    iterate_parts,
    mean_splines,
    scaled_law,
    typical_square,
)
from forcelaw.particles.hidden.steps import Steps
from forcelaw.particles.kernels import RadialBasis, place_breaks


@dataclass(frozen=True)
class ChargedLawSettings:
    """How forces and charges are searched for."""

    pieces: int = 14
    """Of forces against distance."""
    powers: tuple[float, ...] = (-4.0, -2.0, -1.0, 0.0, 1.0)
    """Of the distance: first guesses of the force between charges."""
    rounds: int = 30
    """Of forces and charges in turn."""
    gain: float = 1e-5
    """Share of the log-likelihood by which a round must improve to go on."""
    turns: int = 3
    """Of each charge given the others, a round."""


CHARGED_LAW = ChargedLawSettings()


@dataclass(frozen=True, eq=False)
class ChargedFit:
    """Forces with the charges of every recording."""

    law: SharedLaw
    charges: tuple[Float[np.ndarray, " body"], ...]
    errors: tuple[Float[np.ndarray, " body"], ...]
    rises: tuple[Float[np.ndarray, " body"], ...]
    """By how much the energy (-2 log-likelihood) rises when one charge turns its sign."""
    log_likelihood: float


def fit_charged_law(
    steps: Sequence[Steps], *, settings: ChargedLawSettings = CHARGED_LAW
) -> ChargedFit:
    """Forces and charges that explain these recordings best."""
    lengths = np.concatenate([acting_lengths(one) for one in steps])
    basis = RadialBasis.between(place_breaks(lengths, settings.pieces, float(lengths.max())))
    nothing = np.zeros(basis.size)
    plain = SharedLaw(basis, nothing, nothing, 0.0, 1e-2 * typical_square(steps))
    alike = [np.zeros(one.pairs.bodies) for one in steps]
    # What acts between all, before any charge is known.
    plain = _forces(steps, plain, alike)
    ends = []
    for power in settings.powers:
        low = basis.breaks[0]
        spline = basis.coefficients(lambda r, p=power, low=low: (r / low)[:, None] ** p)[:, 0]
        guess = scaled_law(replace(plain, factors=spline), lengths)
        charges = [_first_charges(one, guess) for one in steps]
        ends.append(_improve(steps, guess, charges, settings))
    return max(ends, key=lambda fit: fit.log_likelihood)


def solve_charges(
    one: Steps, law: SharedLaw, *, settings: ChargedLawSettings = CHARGED_LAW
) -> ChargedFit:
    """The charges of one recording under forces that are known."""
    charges = [_first_charges(one, law)]
    for _ in range(settings.turns):
        charges = [_charges(one, law, charges[0])]
    return _finished([one], law, charges)


def _improve(
    steps: Sequence[Steps],
    law: SharedLaw,
    charges: list[Float[np.ndarray, " body"]],
    settings: ChargedLawSettings,
) -> ChargedFit:
    before = -np.inf
    for _ in range(settings.rounds):
        law = _forces(steps, law, charges)
        for _ in range(settings.turns):
            charges = [_charges(one, law, q) for one, q in zip(steps, charges, strict=True)]
        size = float(np.sqrt(np.mean(np.concatenate(charges) ** 2))) or 1.0
        charges = [q / size for q in charges]
        law = replace(law, factors=law.factors * size**2)
        told = sum(_left(one, law, q).told for one, q in zip(steps, charges, strict=True))
        if told - before < settings.gain * abs(told):
            break
        before = told
    return _finished(steps, law, charges)


@dataclass(frozen=True, eq=False)
class _Left:
    """What forces and charges leave of one recording."""

    force: Float[np.ndarray, "step pair dim"]
    """Between charges of one."""
    left: Float[np.ndarray, "step body dim"]
    weights: Float[np.ndarray, "step body"]
    told: float


def _left(one: Steps, law: SharedLaw, charges: Float[np.ndarray, " body"]) -> _Left:
    messages = mean_messages(one, law.curve)
    doubt = messages.doubt
    target = one.value + law.drag * one.velocity
    if law.between_all.any():
        common = mean_messages(one, law.common)
        doubt = doubt + common.doubt
        target = target - acting_alike(one, law.common)
    predicted = np.zeros_like(target)
    for body in range(one.pairs.bodies):
        own, others = receiver_columns(one, messages.force, body)
        predicted[:, body] = charges[body] * (own @ charges[others])
    left = target - predicted
    variance = law.noise + EQUATIONS.doubt**2 * doubt
    tails, dim, valid = EQUATIONS.tails, one.dim, one.valid
    square = (left**2).sum(axis=-1) / variance
    scale = max(float(np.median(square[valid])) / (dim - 0.63), 1e-30)
    weights = np.where(valid, (tails + dim) / (tails + square / scale) / variance / scale, 0)
    told = np.log1p(square[valid] / scale / tails).sum() * (tails + dim) / 2
    told += dim / 2 * np.log(scale * variance[valid]).sum()
    return _Left(messages.force, left, weights, -float(told))


def _first_charges(one: Steps, law: SharedLaw) -> Float[np.ndarray, " body"]:
    """From the numbers of pairs, of which a common part says nothing of charges."""
    target = one.value + law.drag * one.velocity
    if law.between_all.any():
        target = target - acting_alike(one, law.common)
    columns = Columns.of(one, reciprocal=True)
    found = solve_couplings(one, mean_messages(one, law.curve), columns, law.noise, target)
    sure = np.diag(found.precision)
    best = np.zeros(one.pairs.bodies), -1.0
    mean = float((sure * found.value).sum() / max(sure.sum(), 1e-300))
    for offset in (0.0, mean) if law.between_all.any() else (0.0,):
        value = found.value - offset
        table = np.zeros((one.pairs.bodies, one.pairs.bodies))
        size = np.sqrt(np.maximum(sure, 0))
        table[one.pairs.first, one.pairs.second] = np.clip(size * value, -30, 30)
        table += table.T
        root, vectors = np.linalg.eigh(table)
        # Both signs of the product are possible: the force may be turned.
        largest = int(np.argmax(np.abs(root)))
        share = float(np.abs(root[largest]) / max(np.linalg.norm(root), 1e-300))
        if share > best[1]:
            typical = np.sqrt(np.median(np.abs(value)) + 1e-300)
            best = vectors[:, largest] * np.sqrt(len(root)) * max(typical, 1e-12), share
    return best[0]


def _forces(
    steps: Sequence[Steps], law: SharedLaw, charges: Sequence[Float[np.ndarray, " body"]]
) -> SharedLaw:
    """Both forces and the drag, by least squares under the weights of what is left now."""
    size = law.basis.size
    count = 2 * size + 1
    normal, right, noises = np.zeros((count, count)), np.zeros(count), []
    for one, q in zip(steps, charges, strict=True):
        now = _left(one, law, q)
        noises.append(np.median((now.left[one.valid] ** 2).sum(axis=-1)) / (one.dim - 0.63))
        for part, rows in iterate_parts(one, size):
            splines = mean_splines(part, law.basis)
            for body in range(one.pairs.bodies):
                others = np.delete(np.arange(one.pairs.bodies), body)
                sign = np.where(others > body, 1.0, -1.0)
                own = splines[:, one.pairs.table[body, others]]
                both = np.stack([sign * q[body] * q[others], sign], axis=1)
                x = np.einsum("kpds,pc->kdcs", own, both, optimize=True)
                x = x.reshape(len(own), one.dim, 2 * size)
                x = np.concatenate([x, -part.velocity[:, body, :, None]], axis=-1)
                weight = now.weights[rows, body][:, None, None]
                flat = x.reshape(-1, count)
                weighted = (weight * x).reshape(-1, count)
                normal += weighted.T @ flat
                right += weighted.T @ part.value[:, body].ravel()
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / scale / scale[:, None] + 1e-8 * np.eye(count)
    found = np.linalg.solve(scaled, right / scale) / scale
    noise = max(float(np.median(noises)), 1e-9 * typical_square(steps))
    if not any(q.any() for q in charges):
        found[:size] = 0
    return replace(
        law,
        factors=found[:size] if any(q.any() for q in charges) else law.factors,
        between_all=found[size : 2 * size],
        drag=float(found[-1]),
        noise=noise,
    )


def _charges(
    one: Steps, law: SharedLaw, charges: Float[np.ndarray, " body"]
) -> Float[np.ndarray, " body"]:
    """A step of Gauss and Newton, halved until it explains more."""
    now = _left(one, law, charges)
    normal, right = _normal(one, now, charges)
    size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / size / size[:, None] + 1e-6 * np.eye(len(size))
    turn = np.linalg.solve(scaled, right / size) / size
    for factor in (1.0, 0.5, 0.25, 0.1):
        other = charges + factor * turn
        if _left(one, law, other).told > now.told:
            return other
    return charges


def _normal(
    one: Steps, now: _Left, charges: Float[np.ndarray, " body"]
) -> tuple[Float[np.ndarray, "body body"], Float[np.ndarray, " body"]]:
    """The normal equations of small changes of charges."""
    count = len(charges)
    normal, right = np.zeros((count, count)), np.zeros(count)
    for body in range(count):
        own, others = receiver_columns(one, now.force, body)
        jacobian = np.zeros((*own.shape[:2], count))
        jacobian[..., others] = charges[body] * own
        jacobian[..., body] = own @ charges[others]
        weight = now.weights[:, body][:, None, None]
        flat = jacobian.reshape(-1, count)
        weighted = (weight * jacobian).reshape(-1, count)
        normal += weighted.T @ flat
        right += weighted.T @ now.left[:, body].ravel()
    return normal, right


def _finished(
    steps: Sequence[Steps], law: SharedLaw, charges: Sequence[Float[np.ndarray, " body"]]
) -> ChargedFit:
    """With signs turned where that explains more, and errors."""
    ends, errors, rises, told = [], [], [], 0.0
    for one, q in zip(steps, charges, strict=True):
        current, rise = q, np.zeros(len(q))
        for _ in range(len(q) + 1):
            now = _left(one, law, current)
            rise = _rises(one, now, current)
            worst = int(rise.argmin())
            if rise[worst] >= 0:
                break
            turned = current.copy()
            turned[worst] *= -1
            if _left(one, law, turned).told <= now.told:
                break
            current = turned
        now = _left(one, law, current)
        normal, _ = _normal(one, now, current)
        size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
        inverse = np.linalg.inv(normal / size / size[:, None] + 1e-9 * np.eye(len(size)))
        ends.append(current)
        errors.append(np.sqrt(np.maximum(np.diag(inverse), 0)) / size)
        rises.append(rise)
        told += now.told
    return ChargedFit(law, tuple(ends), tuple(errors), tuple(rises), told)


def _rises(
    one: Steps, now: _Left, charges: Float[np.ndarray, " body"]
) -> Float[np.ndarray, " body"]:
    """By how much each turned sign raises the weighted squares."""
    rise = np.zeros(len(charges))
    for body in range(len(charges)):
        own, others = receiver_columns(one, now.force, body)
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
