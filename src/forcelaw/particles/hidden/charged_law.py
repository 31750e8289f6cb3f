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
from forcelaw.particles.hidden.pair_equations import (
    Columns,
    alike_messages,
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

    powers: tuple[float, ...] = (-4.0, -2.0, 0.0, 1.0)
    """Of the distance: first guesses of the force between charges."""
    trials: int = 2
    """First guesses that are followed to the end: those that say most after few rounds."""
    first: int = 3
    """Rounds after which that is seen."""
    rounds: int = 25
    """Of forces and charges in turn."""
    gain: float = 1e-5
    """Share of the log-likelihood by which a round must improve to go on."""
    turns: int = 2
    """Of charges under the same forces, a round."""


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
    steps: Sequence[SplineSteps], *, settings: ChargedLawSettings = CHARGED_LAW
) -> ChargedFit:
    """Forces and charges that explain these recordings best."""
    plain = [one.steps for one in steps]
    basis, lengths = steps[0].basis, acting_lengths(plain)
    nothing = np.zeros(basis.size)
    empty = SharedLaw(basis, nothing, 0.0, 1e-2 * typical_square(plain))
    # What acts between all, before any charge is known.
    without = _forces(
        steps, ChargedLaw(empty, nothing), [np.zeros(one.pairs.bodies) for one in plain]
    )
    begun = []
    for power in settings.powers:
        guess = replace(without.shared, factors=power_of_distance(basis, power))
        law = replace(without, shared=scaled_law(guess, lengths))
        charges = [_first_charges(one, law) for one in steps]
        begun.append(_improve(steps, law, charges, settings.first, settings))
    begun.sort(key=lambda one: -one[2])
    ends = [
        _improve(steps, law, charges, settings.rounds, settings)
        for law, charges, _ in begun[: settings.trials]
    ]
    law, charges, _ = max(ends, key=lambda one: one[2])
    return finish_charges(steps, law, charges)


def solve_charges(
    one: SplineSteps, law: ChargedLaw, *, settings: ChargedLawSettings = CHARGED_LAW
) -> ChargedFit:
    """The charges of one recording under forces that are known."""
    charges = _first_charges(one, law)
    for _ in range(settings.first * settings.turns):
        charges = improve_charges(one, law, charges)
    return finish_charges([one], law, [charges])


def _improve(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: list[Float[np.ndarray, " body"]],
    rounds: int,
    settings: ChargedLawSettings,
) -> tuple[ChargedLaw, list[Float[np.ndarray, " body"]], float]:
    before = told = -np.inf
    for _ in range(rounds):
        law = _forces(steps, law, charges)
        for _ in range(settings.turns):
            charges = [improve_charges(one, law, q) for one, q in zip(steps, charges, strict=True)]
        size = float(np.sqrt(np.mean(np.concatenate(charges) ** 2))) or 1.0
        charges = [q / size for q in charges]
        shared = replace(law.shared, factors=law.shared.factors * size**2)
        law = replace(law, shared=shared)
        told = sum(left_by(one, law, q).told for one, q in zip(steps, charges, strict=True))
        if told - before < settings.gain * abs(told):
            break
        before = told
    return law, charges, told


def _first_charges(one: SplineSteps, law: ChargedLaw) -> Float[np.ndarray, " body"]:
    """From the numbers of pairs, of which a common part says nothing of charges."""
    steps = one.steps
    target = law.shared.target(steps) - alike_messages(one, law.between_all)
    columns = Columns.of(steps, reciprocal=True)
    messages = mean_messages(one, law.shared.factors)
    found = solve_couplings(steps, messages, columns, law.shared.noise, target)
    sure = np.diag(found.precision)
    best = np.zeros(steps.pairs.bodies), -1.0
    mean = float((sure * found.value).sum() / max(sure.sum(), 1e-300))
    for offset in (0.0, mean):
        value = found.value - offset
        table = np.zeros((steps.pairs.bodies, steps.pairs.bodies))
        size = np.sqrt(np.maximum(sure, 0))
        table[steps.pairs.first, steps.pairs.second] = np.clip(size * value, -30, 30)
        root, vectors = np.linalg.eigh(table + table.T)
        # Both signs of the product are possible: the force may be turned.
        largest = int(np.argmax(np.abs(root)))
        share = float(np.abs(root[largest]) / max(np.linalg.norm(root), 1e-300))
        if share > best[1]:
            typical = np.sqrt(np.median(np.abs(value)) + 1e-24)
            best = vectors[:, largest] * np.sqrt(len(root)) * typical, share
    return best[0]


def _forces(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: Sequence[Float[np.ndarray, " body"]],
) -> ChargedLaw:
    """Both forces and the drag, by least squares under the weights of what is left now."""
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
