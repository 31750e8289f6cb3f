"""Where formulas end: at their own zero, or where the equations say that a force is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import ReadForm
from forcelaw.particles.kernels import (
    Block,
    KnownFunctions,
    MomentSettings,
    Order,
    Reference,
    Terms,
    sum_moments,
)
from forcelaw.particles.matter.formulas.exact_law import held_out_squares


@dataclass(frozen=True)
class EndSettings:
    """How ends are refined."""

    wide: float = 2.0
    """Distances between the places that were tried, within which a formula may cross zero before or
    beyond the end that was found: near its zero a force is weak."""
    steps: int = 8
    """Between two places that were tried."""
    sure: float = 15.0
    """Times the mean square by which another end must leave less: chance does that once in ten
    thousand."""


ENDS = EndSettings()


def close_forms(
    block: Block, forms: Sequence[ReadForm], cutoff: float, *, settings: EndSettings = ENDS
) -> list[ReadForm]:
    """The same forms, each of which ends where it crosses zero near the end of the block.

    So do forces that are smooth where they end, as the repulsive part of a potential from its
    minimum on (Weeks, Chandler & Andersen, J. Chem. Phys. 54, 5237, 1971): the end is no number of
    its own then.
    """
    last = float(block.splines.breaks[-1])
    if not block.loose:
        return [replace(form, last=last) for form in forms]
    near = last - settings.wide * block.loose, min(last + settings.wide * block.loose, cutoff)
    return [replace(form, last=last, closes=near) for form in forms]


def may_close(options: Sequence[Sequence[ReadForm]]) -> bool:
    """Whether any form ends at its own zero: numbers move that, so that it is found in steps."""
    return any(form.end(form.values) != form.last for found in options for form in found)


def refine_ends(
    data: Recordings,
    terms: Terms,
    options: Sequence[Sequence[ReadForm]],
    alone: Float[np.ndarray, " term"],
    median: float,
    order: Order,
    cutoff: float,
    *,
    rows: int,
    seed: int,
    settings: EndSettings = ENDS,
) -> list[list[ReadForm]]:
    """Forms of blocks whose first is cut off elsewhere than at its zero, up to where it is best.

    **Arguments:** `options` of each block, the chosen one first; `median` what it leaves.
    """
    ends = [
        _Ends.around(block, found[0], cutoff, settings)
        for block, found in zip(terms.blocks, options, strict=True)
    ]
    if not any(len(one.edges) for one in ends):
        return [list(found) for found in options]
    wider = replace(
        terms,
        blocks=tuple(
            replace(block, basis=KnownFunctions(one.columns, one.size, one.farthest))
            for block, one in zip(terms.blocks, ends, strict=True)
        ),
    )
    factors = np.zeros(wider.size)
    for start, one in zip(wider.offsets, ends, strict=False):
        factors[start + np.array(one.values(one.given))] = 1
    factors[int(wider.offsets[-1]) :] = alone
    sums = sum_moments(
        data,
        wider,
        order,
        cutoff,
        seed=seed,
        reference=Reference(factors, median),
        settings=MomentSettings(rows=rows),
    )
    free = [
        *(
            int(start) + k
            for start, one in zip(wider.offsets, ends, strict=False)
            for k in range(1, 1 + one.form.numbers)
        ),
        *range(int(wider.offsets[-1]), wider.size),
    ]
    chosen = [one.given for one in ends]

    def left(picked: Sequence[int]) -> float:
        values = [
            int(start) + k
            for start, one, end in zip(wider.offsets, ends, picked, strict=False)
            for k in one.values(end)
        ]
        return float(held_out_squares(sums, values, free).sum())

    for b, one in enumerate(ends):
        before = left(chosen)
        after = {end: left([*chosen[:b], end, *chosen[b + 1 :]]) for end in range(len(one.edges))}
        best = min(after, key=lambda end: after[end], default=0)
        if after and before - after[best] > settings.sure * before / max(sums.count.sum(), 1):
            chosen[b] = best
    return [
        [replace(form, last=one.edges[end]) for form in found] if len(one.edges) else list(found)
        for found, one, end in zip(options, ends, chosen, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Ends:
    """A form up to the first of some places, its slopes, and it between each two places."""

    form: ReadForm
    edges: list[float]
    """Places at which it may end; empty where it is not asked."""
    given: int
    """The number of the place at which it ends as it is."""

    @classmethod
    def around(cls, block: Block, form: ReadForm, cutoff: float, settings: EndSettings) -> _Ends:
        if not block.loose or form.end(form.values) != form.last:
            return cls(form, [], 0)
        step = block.loose / settings.steps
        around = form.last + step * np.arange(-settings.steps, settings.steps + 1)
        return cls(form, around[around <= cutoff].tolist(), settings.steps)

    @property
    def size(self) -> int:
        """How many columns."""
        return 1 + self.form.numbers + max(len(self.edges) - 1, 0)

    @property
    def farthest(self) -> float:
        """The last place."""
        return self.edges[-1] if self.edges else self.form.farthest

    def values(self, end: int) -> list[int]:
        """The columns that make up the force up to one of the places."""
        return [0, *range(1 + self.form.numbers, 1 + self.form.numbers + end)]

    def columns(self, r: Float[np.ndarray, " pair"]) -> Float[np.ndarray, "pair column"]:
        """All of them."""
        slopes = self.form.slopes(r, self.form.values).T
        if not self.edges:
            return np.concatenate([self.form.at(r, self.form.values)[:, None], slopes], axis=1)
        whole = replace(self.form, last=self.edges[-1])
        force = whole.at(r, self.form.values)[:, None]
        step = np.searchsorted(self.edges, r, side="left")[:, None]
        inside = step == np.arange(len(self.edges))
        return np.concatenate([force * inside[:, :1], slopes, force * inside[:, 1:]], axis=1)
