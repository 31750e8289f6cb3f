"""Charges of bodies, with sign, where they were not recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.errors import wrong_input
from forcelaw.particles.data import Recordings
from forcelaw.particles.hidden.charged_law import (
    ChargedFit,
    fit_charged_law,
    solve_charges,
)
from forcelaw.particles.hidden.findings import FoundCharges, HiddenCharges
from forcelaw.particles.hidden.inferred_couplings import check_equations, choose_recordings
from forcelaw.particles.hidden.shared_law import (
    SHARED_LAW,
    fit_shared_law,
    put_on_splines,
)
from forcelaw.particles.hidden.spline_steps import SplineSteps
from forcelaw.particles.hidden.steps import Steps, check_bodies, read_steps

CHARGE = "charge"
"""The attribute that is found."""


@dataclass(frozen=True)
class ChargeSettings:
    """What decides what is said of charges."""

    equal: float = 0.05
    """Share of the typical size by which sizes may differ and be equal."""
    errors: float = 1.5
    """Likewise in standard errors."""
    lasting: float = 0.5
    """Correlation of velocities in steps that follow each other, below which chance moves bodies
    in first order."""
    tails: float = 4.0
    """Degrees of freedom of Student's t, by which probabilities of signs are told."""


CHARGES = ChargeSettings()


def infer_charges(
    data: Recordings,
    order: int,
    cutoff: float | None = None,
    *,
    seed: int = 0,
    settings: ChargeSettings = CHARGES,
    say: Callable[[str], None] = lambda line: None,
) -> HiddenCharges:
    """A charge for every body, so that pairs act as the product of both times one force.

    Beside it another force may act between all bodies alike. Charges are told up to their unit,
    and up to all signs of a recording at once. One size for all is found where it is so.

    **Raises** `InputError` where charges are recorded, and as `infer_couplings`.
    """
    if CHARGE in data.attributes:
        raise wrong_input(
            data.name,
            found="charges",
            expected="none, where they are looked for",
            then="leave them out, or leave infer='charge' (--infer charge) out",
        )
    for part in data:
        check_bodies(part)
    reach = np.inf if cutoff is None else cutoff
    chosen = choose_recordings(data, seed)
    plain = [read_steps(data.parts[index], order, reach) for index in chosen]
    check_equations(data, plain)
    by_chance = order == 1 and _lasting(plain) < settings.lasting
    if by_chance:
        plain = [read_steps(data.parts[index], order, reach, stochastic=True) for index in chosen]
    say(f"charges and forces, from {len(plain)} of {len(data)} recordings")
    steps = put_on_splines(plain, SHARED_LAW.pieces)
    # Without chance the numbers of pairs tell the force before it is known that they are products.
    guess = None if by_chance else fit_shared_law(steps).law
    fit = fit_charged_law(steps, guess=guess)
    known = {index: _one_of(fit, place) for place, index in enumerate(chosen)}
    for index, part in enumerate(data):
        if index not in known:
            one = read_steps(part, order, reach, stochastic=by_chance)
            known[index] = solve_charges(SplineSteps.of(one, steps[0].basis), fit.law)
    return _said(data, [known[index] for index in range(len(data))], settings)


def with_charges(data: Recordings, hidden: HiddenCharges) -> Recordings:
    """The recordings with the charges that were found."""
    parts = tuple(
        replace(part, attributes={**part.attributes, CHARGE: found.value})
        for part, found in zip(data, hidden.recordings, strict=True)
    )
    return replace(data, parts=parts)


def _one_of(fit: ChargedFit, place: int) -> ChargedFit:
    own = slice(place, place + 1)
    return replace(fit, charges=fit.charges[own], errors=fit.errors[own], rises=fit.rises[own])


def _said(data: Recordings, fits: Sequence[ChargedFit], settings: ChargeSettings) -> HiddenCharges:
    size = np.abs(np.concatenate([fit.charges[0] for fit in fits]))
    error = np.concatenate([fit.errors[0] for fit in fits])
    unit = float(np.median(size)) or 1.0
    apart = np.abs(size - unit)
    typical = float(np.median(apart))
    equal = typical < max(settings.equal * unit, settings.errors * float(np.median(error)))
    # Errors of charges that are all of one size are seen, and may be larger than stated.
    ratio = float(np.median(apart / np.maximum(error, 1e-300))) / 0.6745
    inflation = max(1.0, ratio) if equal else 1.0
    found = []
    for part, fit in zip(data, fits, strict=True):
        value, stated = fit.charges[0] / unit, inflation * fit.errors[0] / unit
        rise = np.maximum(fit.rises[0], 0) / inflation**2
        wrong = (1 + rise / settings.tails) ** (-0.5 * (settings.tails + 1))
        # The sign of the first is free.
        value = value * (np.sign(value[0]) or 1.0)
        sign = np.where(value < 0, -1.0, 1.0)
        found.append(
            FoundCharges(part.name, part.bodies, sign if equal else value, stated, 1 / (1 + wrong))
        )
    return HiddenCharges(tuple(found), equal)


def _lasting(steps: Sequence[Steps]) -> float:
    """The correlation of changes from step to step."""
    both, whole = 0.0, 1e-300
    for one in steps:
        value: Float[np.ndarray, "step body dim"] = one.value
        seen = one.valid[1:] & one.valid[:-1]
        both += float((value[1:] * value[:-1])[seen].sum())
        whole += float((value[1:] ** 2 + value[:-1] ** 2)[seen].sum()) / 2
    return both / whole
