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

from forcelaw.particles.hidden.charge_equations import (
    ChargedLaw,
    energy_rises,
    improve_charges,
    left_by,
    normal_equations,
)
from forcelaw.particles.hidden.joint_steps import improve_jointly
from forcelaw.particles.hidden.pair_equations import (
    Columns,
    mean_messages,
    solve_couplings,
)
from forcelaw.particles.hidden.shared_law import (
    SharedLaw,
    acting_lengths,
    power_of_distance,
    scaled_law,
    typical_square,
)
from forcelaw.particles.hidden.spline_steps import SplineSteps


@dataclass(frozen=True)
class ChargedLawSettings:
    """How forces and charges are searched for."""

    powers: tuple[float, ...] = (-2.0, 0.0)
    """Of the distance: first guesses of the force between charges."""
    trials: int = 2
    """First guesses that are followed to the end: those that say most at first."""
    rounds: int = 25
    """Of forces and charges in turn."""
    searched: int = 600_000
    """Pairs at places, over all recordings, on which that is done."""
    last: int = 4
    """Rounds on all of them, at the end."""
    gain: float = 1e-5
    """Share of the log-likelihood by which a round must improve to go on."""
    apart: int = 2
    """Rounds at first in which charges and forces are improved in turn."""


CHARGED_LAW = ChargedLawSettings()


@dataclass(frozen=True, eq=False)
class ChargedFit:
    """Forces with the charges of every recording."""

    law: ChargedLaw
    charges: tuple[Float[np.ndarray, " body"], ...]
    errors: tuple[Float[np.ndarray, " body"], ...]
    rises: tuple[Float[np.ndarray, " body"], ...]
    """By how much the energy (-2 log-likelihood) rises when one charge turns its sign."""
    log_likelihood: float


def fit_charged_law(
    steps: Sequence[SplineSteps],
    *,
    guess: SharedLaw | None = None,
    settings: ChargedLawSettings = CHARGED_LAW,
) -> ChargedFit:
    """Forces and charges that explain these recordings best.

    **Arguments:** `guess` of the force between charges, beside powers of the distance.
    """
    every, each = steps, settings.searched // len(steps)
    steps = [one.thinned(each) for one in every]
    plain = [one.steps for one in steps]
    basis, lengths = steps[0].basis, acting_lengths(plain)
    nothing = np.zeros(basis.size)
    empty = SharedLaw(basis, nothing, 0.0, 1e-2 * typical_square(plain))
    # What acts between all, before any charge is known.
    without = _forces(
        steps, ChargedLaw(empty, nothing), [np.zeros(one.pairs.bodies) for one in plain]
    )
    begun = []
    curves = [power_of_distance(basis, power) for power in settings.powers]
    for factors in [*curves, *([] if guess is None else [guess.factors])]:
        shared = scaled_law(replace(without.shared, factors=factors), lengths)
        first = replace(without, shared=shared)
        for charges in zip(*(_guesses(one, first) for one in every), strict=True):
            law = _forces(steps, _forces(steps, without, charges), charges)
            begun.append((law, list(charges), _told(steps, law, charges)))
    begun.sort(key=lambda one: -one[2])
    ends = [
        _improve(steps, law, charges, settings.rounds, settings)
        for law, charges, _ in begun[: settings.trials]
    ]
    law, charges, _ = max(ends, key=lambda one: one[2])
    law, charges, _ = _improve(every, law, charges, settings.last, settings)
    return finish_charges(every, law, charges)


def solve_charges(
    one: SplineSteps, law: ChargedLaw, *, settings: ChargedLawSettings = CHARGED_LAW
) -> ChargedFit:
    """The charges of one recording under forces that are known."""
    found = []
    for guess in _guesses(one, law):
        charges = guess
        for _ in range(2 * settings.last):
            charges = improve_charges(one, law, charges)
        found.append((charges, _told([one], law, [charges])))
    best = max(found, key=lambda end: end[1])[0]
    return finish_charges([one], law, [best])


def _improve(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: list[Float[np.ndarray, " body"]],
    rounds: int,
    settings: ChargedLawSettings,
) -> tuple[ChargedLaw, list[Float[np.ndarray, " body"]], float]:
    before, told = -np.inf, _told(steps, law, charges)
    for index in range(rounds):
        # In turn where they are far from the truth, then together.
        if index < settings.apart:
            charges = [improve_charges(one, law, q) for one, q in zip(steps, charges, strict=True)]
        else:
            law, charges, _ = improve_jointly(steps, law, charges)
        size = float(np.sqrt(np.mean(np.concatenate(charges) ** 2))) or 1.0
        charges = [q / size for q in charges]
        shared = replace(law.shared, factors=law.shared.factors * size**2)
        law = _forces(steps, replace(law, shared=shared), charges)
        told = _told(steps, law, charges)
        if index > settings.apart and told - before < settings.gain * abs(told):
            break
        before = told
    return law, charges, told


def _guesses(one: SplineSteps, law: ChargedLaw) -> list[Float[np.ndarray, " body"]]:
    """Charges from the numbers of pairs, in several ways, always in the same order.

    The numbers are a product of charges, and a part common to all; each counts as it is, or,
    for signs alone, by its size over its error, or by its precision.
    """
    steps = one.steps
    columns = Columns.of(steps, reciprocal=True)
    messages = mean_messages(one, law.shared.factors)
    target = law.shared.target(steps)
    found = solve_couplings(steps, messages, columns, law.shared.noise, target)
    sure = np.maximum(np.diag(found.precision), 0)
    mean = float((sure * found.value).sum() / max(sure.sum(), 1e-300))
    ways = [
        (np.sqrt(sure) * found.value, 1),
        (np.sqrt(sure) * (found.value - mean), 2),
        (sure * (found.value - mean), 2),
    ]

    def leading(entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        table = np.zeros((steps.pairs.bodies, steps.pairs.bodies))
        table[steps.pairs.first, steps.pairs.second] = entries
        root, vectors = np.linalg.eigh(table + table.T)
        # Both signs of the product are possible: the force may be turned.
        order = np.argsort(-np.abs(root))
        return root[order], vectors[:, order]

    root, vectors = leading(found.value)
    guesses = [vectors[:, 0] * np.sqrt(np.abs(root[0]) + 1e-24)]
    for entries, count in ways:
        _, vectors = leading(entries)
        guesses += [np.where(vectors[:, k] < 0, -1.0, 1.0) for k in range(count)]
    return guesses


def _told(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: Sequence[Float[np.ndarray, " body"]],
) -> float:
    return sum(left_by(one, law, q).told for one, q in zip(steps, charges, strict=True))


def _forces(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: Sequence[Float[np.ndarray, " body"]],
) -> ChargedLaw:
    """Both forces and the drag, by least squares under the weights of the residuals now."""
    size = law.shared.basis.size
    charged = any(q.any() for q in charges)
    count = (2 if charged else 1) * size + 1
    normal, right, noises = np.zeros((count, count)), np.zeros(count), []
    for one, q in zip(steps, charges, strict=True):
        now, plain = left_by(one, law, q), one.steps
        noises.append(np.median((now.left[plain.valid] ** 2).sum(axis=-1)) / (plain.dim - 0.63))
        alike = np.ones((len(q), len(q)))
        for rows, splines in one.columns([np.outer(q, q), alike] if charged else [alike]):
            x = np.concatenate([splines, -plain.velocity[rows][..., None]], axis=-1)
            flat = x.reshape(-1, count)
            weight = np.repeat(now.weights[rows].ravel(), plain.dim)
            weighted = weight[:, None] * flat
            normal += weighted.T @ flat
            right += weighted.T @ plain.value[rows].ravel()
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / scale / scale[:, None] + 1e-8 * np.eye(count)
    found = np.linalg.solve(scaled, right / scale) / scale
    least = 1e-9 * typical_square([one.steps for one in steps])
    shared = replace(
        law.shared,
        factors=found[:size] if charged else law.shared.factors,
        drag=float(found[-1]),
        noise=max(float(np.median(noises)), least),
    )
    return ChargedLaw(shared, found[-1 - size : -1])


def finish_charges(
    steps: Sequence[SplineSteps], law: ChargedLaw, charges: Sequence[Float[np.ndarray, " body"]]
) -> ChargedFit:
    """Charges with signs turned where that explains more, and errors."""
    ends, errors, rises, told = [], [], [], 0.0
    for one, q in zip(steps, charges, strict=True):
        current, rise = q, np.zeros(len(q))
        for _ in range(len(q) + 1):
            now = left_by(one, law, current)
            rise = energy_rises(one, now, current)
            worst = int(rise.argmin())
            if rise[worst] >= 0:
                break
            turned = current.copy()
            turned[worst] *= -1
            if left_by(one, law, turned).told <= now.told:
                break
            current = turned
        now = left_by(one, law, current)
        normal, _ = normal_equations(one, now, current)
        size = np.sqrt(np.maximum(np.diag(normal), 1e-300))
        inverse = np.linalg.inv(normal / size / size[:, None] + 1e-9 * np.eye(len(size)))
        ends.append(current)
        errors.append(np.sqrt(np.maximum(np.diag(inverse), 0)) / size)
        rises.append(rise)
        told += now.told
    return ChargedFit(law, tuple(ends), tuple(errors), tuple(rises), told)
