"""A trap, or a linear pull between all bodies: the motion of their centre tells them apart.

About their centre bodies of equal masses move alike under both. A trap pulls the centre, too, which
is little of what is seen: too little to be chosen for beside functions of the distance that do all
the rest. So both are written as formulas, and compared as these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws.expression import Node, Parameter, Variable
from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import READING, Evidence, Form, ReadForm, dense_points, read_forms
from forcelaw.particles.kernels import (
    Block,
    Central,
    Fit,
    OneBody,
    Order,
    Terms,
    Turning,
    fit_terms,
    whitened,
)
from forcelaw.particles.matter.candidate_terms import Candidates
from forcelaw.particles.matter.formulas.joint_fit import JointFit, fit_jointly
from forcelaw.particles.settings import NoiseName


@dataclass(frozen=True)
class TrapSettings:
    """What decides between both."""

    sure: float = 4.0
    """Standard errors by which a trap must pull along each axis: with less it is none."""
    odds: float = READING.odds
    """Below which one is ruled out, as among forms of a force."""
    misfit: float = 3.0
    """Times what chance leaves that the better may leave: where no form fits, nothing is told."""


TRAPS = TrapSettings()


class Compared(NamedTuple):
    """Terms with their formulas, and in words what explains as well."""

    fit: Fit
    joint: JointFit
    rivals: tuple[str, ...] = ()


def compare_trap_and_pull(
    data: Recordings,
    candidates: Candidates,
    fit: Fit,
    joint: JointFit,
    order: Order,
    *,
    rows: int,
    noise: NoiseName,
    seed: int = 0,
    settings: TrapSettings = TRAPS,
) -> Compared:
    """The likelier of both with its formulas, and the other where the data do not rule it out.

    As they were where nothing is like either. Under chance alone: without it residuals tell.
    """
    chosen, terms = Compared(fit, joint), fit.terms
    trap = tuple(OneBody("place", axis) for axis in range(data.dim))
    have = [term for term in terms.one_body if term.kind == "place"]
    unlike = isinstance(order, Turning) or not set(have) <= set(trap)
    if unlike or not fit.estimator.instruments or not candidates.open_space:
        return chosen
    far = float(candidates.fine.breaks[-1])
    pulls = tuple(block for block in terms.blocks if _may_pull(block, far))
    beside = tuple(block for block in terms.blocks if block not in pulls)
    if not pulls and not have:
        return chosen
    pulls = pulls or _every_pull(candidates, terms, order)
    constants = tuple(constant for term in trap for constant in term.shifts(data.dim))
    free = tuple(
        term for term in terms.one_body if term not in trap and not (have and term in constants)
    )
    moved = tuple(dict.fromkeys((*free, *constants)))
    wide = replace(terms, blocks=(*beside, *pulls), one_body=(*moved, *trap))
    whole = fit_terms(data, wide, order, candidates.cutoff, rows=rows, seed=seed, noise=noise)
    if not whole.estimator.instruments:
        return chosen
    tried = [(wide.blocks, free)]
    tried += [(b, (*one, *trap)) for b in (wide.blocks, beside) for one in {free, moved}]
    if 0 < len(have) < len(trap):
        tried.append((terms.blocks, terms.one_body))
    found = [_explain(whole, replace(wide, blocks=b, one_body=one)) for b, one in tried]
    found = [one for one in found if one.is_sure(settings)]
    # The same forms with a pull for the trap: then the centre alone tells.
    mirrored = [one.mirrored(replace(wide, one_body=free), pulls) for one in found if one.axes]
    evidence = Evidence.of(
        [one.best[0] for one in (*found, *mirrored)], whitened(whole, whole.space)[1]
    )
    if evidence.scale > settings.misfit:
        return chosen

    def score(one: _Explanation) -> float:
        return evidence.score(*one.best, prior=1.0)

    first, *rest = sorted((*found, *mirrored), key=score)
    limit = score(first) - 2 * np.log(settings.odds)
    rivals = [one for one in rest if one.axes != first.axes and score(one) < limit]
    words = tuple(one.in_words(data) for one in rivals[:1])
    if first.axes == {term.axis for term in have}:
        return Compared(fit, joint, words)
    first = min((one for one in found if one.axes == first.axes), key=score)
    return Compared(first.fit, first.joint, words)


@dataclass(frozen=True, eq=False)
class _Explanation:
    """Some terms with their formulas."""

    whole: Fit
    """That they are a part of."""
    fit: Fit
    joint: JointFit

    @property
    def axes(self) -> set[int]:
        """Along which there is a trap."""
        return {term.axis for term in self.trap.values()}

    @cached_property
    def trap(self) -> dict[int, OneBody]:
        """Its terms, by their number among those of one column."""
        return {
            k: one
            for k, one in enumerate(self.fit.terms.singles)
            if isinstance(one, OneBody) and one.kind == "place"
        }

    def is_sure(self, settings: TrapSettings) -> bool:
        """Whether its trap is one, if it has one."""
        factors = [self.joint.alone[k] for k in self.trap]
        return all(abs(one.value) > settings.sure * one.error for one in factors)

    @cached_property
    def best(self) -> tuple[float, int]:
        """Chi squared and how many numbers; a trap that is alike along all axes is one."""
        equations, goal = whitened(self.whole, self.whole.space)
        equations = equations[:, self.whole.columns_of(self.fit.terms)]
        left = goal - equations @ self.joint.factors(self.fit)
        alone = len(self.fit.terms.singles)
        numbers = alone + sum(form.numbers for form in self.joint.forms)
        squares = float(left @ left)
        if len(self.trap) < 2:
            return squares, numbers
        offset = self.fit.terms.size - alone
        axes = equations[:, [offset + k for k in self.trap]]
        rest = [offset + k for k in range(alone) if k not in self.trap]
        columns = [*self._slopes(equations), equations[:, rest], axes.sum(axis=1, keepdims=True)]
        left = left + axes @ [self.joint.alone[k].value for k in self.trap]
        design = np.concatenate(columns, axis=1)
        left = left - design @ np.linalg.lstsq(design, left, rcond=1e-10)[0]
        alike = float(left @ left), numbers - len(self.trap) + 1
        dearer = np.log(max(float(goal @ goal), np.e)) * (len(self.trap) - 1)
        return alike if alike[0] < squares + dearer else (squares, numbers)

    def mirrored(self, terms: Terms, pulls: Sequence[Block]) -> _Explanation:
        """Without its trap, the same forms with a linear pull."""
        own, fit = self.fit.terms.blocks, self.whole.within(terms)
        forms = []
        for block in terms.blocks:
            form = self.joint.forms[own.index(block)] if block in own else None
            forms.append(_pulling(form) if block in pulls or form is None else form)
        return _Explanation(self.whole, fit, fit_jointly(fit, [[form] for form in forms]))

    def _slopes(
        self, equations: Float[np.ndarray, "row column"]
    ) -> list[Float[np.ndarray, "row number"]]:
        """What the numbers of each formula add."""
        found = []
        for b, (block, form) in enumerate(
            zip(self.fit.terms.blocks, self.joint.forms, strict=True)
        ):
            points, projection = dense_points(block.splines)
            slopes = form.expression.slopes_at({"r": points}, form.ties @ form.values)
            slopes = np.broadcast_to(slopes, (len(form.ties), len(points))).T @ form.ties
            own = equations[:, self.fit.terms.columns_of(b)]
            found.append(own @ projection @ np.nan_to_num(slopes, posinf=0, neginf=0))
        return found

    def in_words(self, data: Recordings) -> str:
        """That it explains as well."""
        terms, joint = self.fit.terms, self.joint
        between = [
            one.text()
            for block, one in zip(terms.blocks, joint.expressions, strict=True)
            if block.term.key == "pair"
        ]
        trap = [f"{joint.alone[k].value:.4g}*{one.text}" for k, one in self.trap.items()]
        words = [f"a trap ({', '.join(trap)})"] if trap else ["no trap"]
        words += [f"{', '.join(between)} between bodies"] if between else []
        on = f" on {data.kinds[terms.receiver]!r}" if data.kinds else ""
        how = f"explains as well{on}: the motion of the centre of all bodies tells too little"
        return f"{' and '.join(words)} {how}"


def _explain(whole: Fit, terms: Terms) -> _Explanation:
    fit = whole.within(terms)
    forms = [read_forms(fit, b) for b in range(len(terms.blocks))]
    return _Explanation(whole, fit, fit_jointly(fit, forms))


def _pulling(form: ReadForm | None) -> ReadForm:
    """A linear pull, beside what a form says."""
    count = 0 if form is None else form.numbers - len(form.form.grids)
    values = [] if form is None else form.values.tolist()
    factors, shapes = [*values[:count], 0.0], values[count:]

    def terms(given: tuple[Parameter, ...]) -> tuple[Node | None, ...]:
        return (*(() if form is None else form.form.terms(given)), Variable("r"))

    more = Form(terms) if form is None else replace(form.form, terms=terms)
    expression, ties = more.written(factors, shapes)
    return ReadForm(more, expression, np.array([*factors, *shapes]), ties, 0.0)


def _may_pull(block: Block, far: float) -> bool:
    """Whether it may be a linear pull between all bodies."""
    between_all = isinstance(block.term, Central) and not block.bonded and not block.coupling.text
    return between_all and float(block.splines.breaks[-1]) >= far


def _every_pull(candidates: Candidates, terms: Terms, order: Order) -> tuple[Block, ...]:
    far = float(candidates.coarse.breaks[-1])
    every = candidates.terms(terms.receiver, order).blocks
    return tuple(block for block in every if _may_pull(block, far))
