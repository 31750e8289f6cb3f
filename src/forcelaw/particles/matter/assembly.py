"""The law of all kinds of receivers, put together from what was fitted for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import Fit, OneBody, Order
from forcelaw.particles.matter.chance import find_diffusion, is_stochastic
from forcelaw.particles.matter.curves import free_curves
from forcelaw.particles.matter.force_law import (
    Answer,
    ForceLaw,
    KernelCurve,
    Measured,
    OneBodyForce,
    PairForce,
    ShapedForce,
)
from forcelaw.particles.matter.formulas import JointFit
from forcelaw.particles.matter.judgement import Judgement
from forcelaw.particles.matter.order_choice import lasting_share
from forcelaw.particles.matter.searches.sharpening import ShapeErrors
from forcelaw.particles.settings import NoiseName
from forcelaw.particles.shaped_terms import ShapedTerm


@dataclass(frozen=True, eq=False)
class Found:
    """The law of one order for each kind of receiver."""

    order: Order
    fits: Sequence[Fit]
    joints: Sequence[JointFit]
    judgements: Sequence[Judgement]
    causes: Sequence[tuple[str, ...]]
    """Of those that are not the law."""
    shape_errors: Sequence[ShapeErrors] = ()
    """Of each fit's shaped terms, the standard errors of their shapes."""
    mutual: Sequence[tuple[int, int]] = ()
    """Pairs of kinds whose forces on each other are one."""
    said: tuple[str, ...] = ()
    """What is said of the motion between snapshots, and of what laws lack."""

    def notes(self, data: Recordings) -> list[str]:
        """What is said of these."""
        return [
            f"what {data.kinds[a]!r} and {data.kinds[b]!r} do to each other is alike both ways, "
            "within its errors: one force, fitted to both"
            for a, b in self.mutual
        ] + list(self.said)

    @property
    def rivals(self) -> tuple[str, ...]:
        """What explains as well, in words."""
        return tuple(words for judged in self.judgements for words in judged.rivals)

    def without_law(self) -> Found:
        """The same, its best formulas approximations: what moves bodies is of another kind."""
        judged = tuple(
            replace(one, verdict="approximation") if one.verdict == "law" else one
            for one in self.judgements
        )
        return replace(self, judgements=judged)


def assemble_law(
    data: Recordings, order: Order, found: Sequence[Found], noise: NoiseName
) -> ForceLaw:
    """All forces and chance, in the units of the data."""
    pairs, alone, shaped = [], [], []
    chance: list[tuple[Measured | None, ...]] = []
    for part in found:
        diffusions = []
        for receiver, (fit, joint) in enumerate(zip(part.fits, part.joints, strict=True)):
            answer = part.judgements[receiver].answer
            curves, beside = free_curves(fit)
            pairs += _pair_forces(data, receiver, fit, joint, curves, answer)
            name = data.kinds[receiver] if data.kinds else ""
            factors = joint.alone if answer == "formula" else beside
            for term, factor in zip(fit.terms.singles, factors, strict=True):
                if isinstance(term, OneBody):
                    alone.append(OneBodyForce(name, term, factor))
                elif isinstance(term, ShapedTerm):
                    errors = part.shape_errors[receiver].get(term, ())
                    shaped.append(ShapedForce(name, term, factor, errors))
            diffusion = find_diffusion(data, fit)
            known = noise == "langevin"
            if noise == "auto":
                known = is_stochastic(fit, lasting_share(fit), diffusion)
            diffusions.append(diffusion if known else None)
        chance.append(tuple(diffusions))
    return ForceLaw(
        order.number,
        data.kinds,
        tuple(pairs),
        tuple(alone),
        chance[0],
        tuple(
            _temperature(order, diffusion, [force for force in alone if force.receiver == kind])
            for kind, diffusion in zip(data.kinds or ("",), chance[0], strict=True)
        ),
        chance[1] if len(chance) > 1 else (None,) * len(chance[0]),
        tuple(shaped),
    )


def _pair_forces(
    data: Recordings,
    receiver: int,
    fit: Fit,
    joint: JointFit,
    curves: Sequence[KernelCurve],
    answer: Answer,
) -> list[PairForce]:
    return [
        PairForce(
            data.kinds[receiver] if data.kinds else "",
            data.kinds[block.sender] if data.kinds else "",
            block.term,
            block.coupling,
            expression,
            joint.reach(fit, b),
            curve,
            others,
            block.bonded,
            errors,
            answer,
        )
        for b, (block, expression, others, errors, curve) in enumerate(
            zip(
                fit.terms.blocks, joint.expressions, joint.others, joint.errors, curves, strict=True
            )
        )
    ]


def _temperature(
    order: Order, diffusion: Measured | None, alone: Sequence[OneBodyForce]
) -> Measured | None:
    """Einstein's relation, of the friction that was found."""
    drag = [f.factor for f in alone if f.term.kind == "velocity" and not f.term.attribute]
    friction, errors = [-factor.value for factor in drag], [factor.error for factor in drag]
    if order.number == 1 or diffusion is None or not friction or friction[0] <= 0:
        return None
    value = diffusion.value / friction[0]
    relative = np.hypot(diffusion.error / diffusion.value, errors[0] / friction[0])
    return Measured(float(value), float(value * relative))
