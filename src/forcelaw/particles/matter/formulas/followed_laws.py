"""Laws along the motion between snapshots: how much snapshots bend, and what laws leave there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import ReadForm
from forcelaw.particles.kernels import (
    Block,
    Followed,
    KnownFunctions,
    KnownLaw,
    Order,
    SecondOrder,
    Terms,
    follow,
    iterate_equations,
)
from forcelaw.particles.matter.formulas.law_reading import Reading
from forcelaw.particles.matter.judgement import JUDGEMENT


@dataclass(frozen=True)
class HoldSettings:
    """What decides whether laws hold between snapshots."""

    pushed: float = 0.1
    """Of the typical change, above which a body is pushed."""
    astray: float = 0.5
    """Of a change, above which a residual shows that another motion meets the snapshots, too: that
    is no error of the law."""
    few_astray: float = 0.05
    """Share of the changes of pushed bodies that may be so."""
    found: float = 0.5
    """Share of them that must be followed."""
    whole: float = 1e-4
    """Share of the squares of changes that a law may leave: few quick encounters are most of them,
    and steps of a simulation do not follow these."""
    many: float = 0.75
    """Share of the pushed bodies of which a law leaves no more than laws leave, by their own
    changes."""
    places: int = 1_000
    """Equally far apart, at which it is looked where a formula ends."""
    quiet: float = 0.25
    """Share of the changes, the least, whose residuals are errors of positions alone."""


HOLD = HoldSettings()


class Check(NamedTuple):
    """How laws hold between snapshots."""

    left: float
    """Share of the squares of changes that they leave, less errors of positions."""
    of_many: float
    """The square of the residual, over that of the change, which many of the pushed bodies do not
    reach; likewise."""
    found: float
    """Share of pushed bodies whose motion is followed."""
    astray: float
    """Share of these that went another way."""

    def holds(self, settings: HoldSettings = HOLD) -> bool:
        """Whether laws do."""
        most = self.astray <= settings.few_astray and self.found >= settings.found
        return most and self.left <= settings.whole and self.of_many <= JUDGEMENT.exact

    @property
    def sentence(self) -> str:
        """The same, in words."""
        return (
            "snapshots are far apart against encounters: between them the motion under the formula "
            f"was found for {self.found:.0%} of the bodies that are pushed, and the formula leaves "
            f"{self.left:.1g} of the squares of their changes"
        )


def known_laws(
    readings: Sequence[Reading], cutoff: float, farthest: float, settings: HoldSettings = HOLD
) -> list[KnownLaw]:
    """Formulas, those that act up to the cutoff up to the farthest distance."""
    laws = []
    for fit, joint, _ in readings:
        blocks = []
        for block, form in zip(fit.terms.blocks, joint.forms, strict=True):
            whole = form.closes is not None or form.last < cutoff
            blocks.append(_known(block, form if whole else replace(form, last=farthest), settings))
        alone = [one.value for one in joint.alone]
        factors = np.concatenate([np.ones(len(blocks)), alone])
        laws.append(KnownLaw(replace(fit.terms, blocks=tuple(blocks)), factors))
    return laws


def _known(block: Block, form: ReadForm, settings: HoldSettings) -> Block:
    """A formula up to where it ends, as one column."""
    values = form.values

    def evaluate(r: Float[np.ndarray, " pair"]) -> Float[np.ndarray, "pair 1"]:
        return form.at(r, values)[:, None]

    return replace(block, basis=KnownFunctions(evaluate, 1, end_of(form, settings)))


def end_of(form: ReadForm, settings: HoldSettings = HOLD) -> float:
    """The distance beyond which a formula is zero."""
    last = form.end(form.values)
    r = last * np.arange(1, settings.places + 1) / settings.places
    with np.errstate(all="ignore"):
        acts = np.flatnonzero(form.at(r, form.values))
    return float(r[min(acts[-1] + 1, len(r) - 1)]) if len(acts) else last


def share_bent(data: Recordings, laws: Sequence[KnownLaw], cutoff: float, seed: int) -> float:
    """Share of the squares of changes by which means over snapshots differ from those along motion.

    Where the motion is found alone.
    """
    along, apart, whole = follow(data, laws, cutoff), 0.0, 0.0
    for law in laws:
        plain = _told(data, law, SecondOrder(), cutoff, seed)
        for place, (told, value) in _told(data, law, along, cutoff, seed).items():
            apart += float(((told - plain[place][0]) ** 2).sum())
            whole += float((value**2).sum())
    return apart / max(whole, 1e-300)


def _told(
    data: Recordings, law: KnownLaw, order: Order, cutoff: float, seed: int
) -> dict[tuple[int, int, int], tuple[np.ndarray, np.ndarray]]:
    """What a law says of changes, and these: by recording, snapshot and body."""
    found = {}
    for some in iterate_equations(data, law.terms, order, cutoff, seed=seed):
        told = some.columns @ law.factors
        for row, place in enumerate(zip(some.snapshot.tolist(), some.body.tolist(), strict=True)):
            found[id(some.part), *place] = told[row], some.value[row]
    return found


def check_laws(
    data: Recordings,
    laws: Sequence[KnownLaw],
    along: Followed,
    cutoff: float,
    seed: int,
    *,
    settings: HoldSettings = HOLD,
) -> Check:
    """How laws hold along motion that was followed under them."""
    values, lefts, sizes = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    every = [np.zeros(0)]
    for law in laws:
        nothing = Terms(law.terms.receiver, (), ())
        for equations in iterate_equations(data, nothing, SecondOrder(), cutoff, seed=seed):
            every.append(np.linalg.norm(equations.value, axis=-1))
        for equations in iterate_equations(data, law.terms, along, cutoff, seed=seed):
            told = equations.columns @ law.factors
            values.append(np.linalg.norm(equations.value, axis=-1))
            lefts.append(np.linalg.norm(equations.value - told, axis=-1))
            sizes.append(np.maximum(values[-1], np.linalg.norm(told, axis=-1)))
    value, left, size, whole = map(np.concatenate, (values, lefts, sizes, every))
    if not len(value):
        return Check(np.inf, np.inf, 0.0, 1.0)
    least = settings.pushed * float(np.sqrt(np.mean(whole**2)))
    pushed, all_pushed = size > least, int((whole > least).sum())
    astray = pushed & (left > settings.astray * size)
    kept = ~astray
    quiet = size <= np.quantile(size, settings.quiet)
    error = float(np.mean(left[quiet] ** 2))
    squares = float((left[kept] ** 2).sum()) - error * int(kept.sum())
    shares = (left[pushed & kept] ** 2 - error) / size[pushed & kept] ** 2
    return Check(
        max(0.0, squares) / max(float((value[kept] ** 2).sum()), 1e-300),
        float(np.quantile(shares, settings.many)) if len(shares) else np.inf,
        int(pushed.sum()) / max(all_pushed, 1),
        int(astray.sum()) / max(int(pushed.sum()), 1),
    )
