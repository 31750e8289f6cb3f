"""Which known forms a pair force of plain motion may have: read off splines fitted to it.

Splines in the distance are fitted to accelerations, or to the weak form, once. Every form is then
compared with them in a hundred rows instead of tens of thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.distill import representable
from forcelaw.laws import both_ends
from forcelaw.laws.expression import Node
from forcelaw.numerics import orthonormal_basis
from forcelaw.particles.candidates import OneBodyTerm
from forcelaw.particles.candidates.one_body_library import all_columns
from forcelaw.particles.equations import (
    Design,
    evaluate_splines,
    spline_accelerations,
    spline_knots,
)
from forcelaw.particles.forms.form_choice import rank_forms
from forcelaw.particles.forms.form_search import ReadForm, Whitened
from forcelaw.particles.forms.known_forms import Form
from forcelaw.particles.forms.plain_forms import PLAIN_FORMS


@dataclass(frozen=True, kw_only=True)
class ProposalSettings:
    """How a pair force is read, and how many forms of it are proposed."""

    splines: int = 50
    """In the distance: what oscillates or ends within a tenth of all distances is followed."""
    even: float = 0.5
    """Share of even steps in the logarithm between knots, so that poles are followed; the rest is
    steps between quantiles, so that all is where distances are."""
    most: int = 6
    """Forms that are proposed of a force; their numbers are fitted again to all that is known."""
    short: int = 2
    """Forms of two numbers at most, among them: splines do not follow poles to the end."""
    close: float = 4.0
    """Attributes multiply a force if splines times these leave squares within this factor of the
    least that any leave."""


PROPOSALS = ProposalSettings()
_FEW = 2
"""Numbers: a factor and a shape."""
_INNER = 6
"""Distances between two knots at which forms are compared with splines."""
_ROUNDING = 1e-16
"""Share of the squares that is rounding."""


@dataclass(frozen=True, eq=False)
class _Read:
    """Splines times the same attributes, and what they leave."""

    names: tuple[str, ...]
    problem: Whitened
    left: float
    """Mean square per equation."""


def propose_forms(
    design: Design,
    names: Sequence[str],
    one_body: Sequence[OneBodyTerm],
    *,
    forms: Sequence[Form] = PLAIN_FORMS,
    settings: ProposalSettings = PROPOSALS,
) -> list[Node]:
    """The likeliest known forms of the pair force, the most probable first.

    The one-body forces `one_body` are free beside them; `names` are of attributes whose products
    over both bodies may multiply the force. A shape that stands at several places is one parameter.
    """
    design = design.scanned
    weight = design.weight[..., None]

    def flat(columns: Sequence[Float[np.ndarray, "row body dim"]]) -> np.ndarray:
        return np.stack([(weight * column).ravel() for column in columns], axis=1)

    base = orthonormal_basis(flat(all_columns(one_body, design)))
    goal = flat([design.acceleration])[:, 0]
    goal = goal - base @ (base.T @ goal)
    knots = spline_knots(design.length, settings.splines)
    share = np.linspace(0, 1, settings.splines - 2)
    inner = slice(3, -3)
    knots[inner] += settings.even * (knots[0] + share * (knots[-1] - knots[0]) - knots[inner])
    read = []
    for chosen in [(), *((name,) for name in names)]:
        columns = flat(spline_accelerations(design, knots, design.product_of(chosen)))
        read.append(_read(chosen, columns - base @ (base.T @ columns), goal, knots))
    least = min((one.left for one in read), default=0.0)
    found = []
    for one in read:
        if one.left <= settings.close * least:
            ranked = rank_forms(one.problem, forms)
            short = [form for form in ranked if form.numbers <= _FEW][: settings.short]
            likely = dict.fromkeys([*ranked[: settings.most], *short])
            found += [tree for form in likely if (tree := _written(form, one.names)) is not None]
    return found


def _read(
    names: tuple[str, ...],
    columns: Float[np.ndarray, "number spline"],
    goal: Float[np.ndarray, " number"],
    knots: Float[np.ndarray, " knot"],
) -> _Read:
    """The equations in as many rows as splines, each of unit variance."""
    both = np.concatenate([columns, goal[:, None]], axis=1)
    triangle = np.asarray(np.linalg.qr(both, mode="r"))
    freedom = max(len(goal) - columns.shape[1], 1)
    left = float(triangle[-1, -1] ** 2) / freedom
    # Exact accelerations have no variance but that of rounding.
    scale = np.sqrt(left + _ROUNDING * float(goal @ goal) / freedom) or 1.0
    breaks = np.unique(knots)
    inner = np.linspace(0, 1, _INNER, endpoint=False) + 0.5 / _INNER
    points = np.exp((breaks[:-1, None] + inner * np.diff(breaks)[:, None]).ravel())
    projection = np.linalg.pinv(evaluate_splines(points, knots).T)
    rows, goal = triangle[:-1, :-1] @ projection / scale, triangle[:-1, -1] / scale
    return _Read(names, Whitened(rows, goal, points, float(np.exp(np.median(knots)))), left)


def _written(form: ReadForm, names: tuple[str, ...]) -> Node | None:
    """The tree of a form times attributes; None where a number is beyond the precision."""
    count = len(form.values) - len(form.form.grids)
    factors, shapes = form.values[:count].tolist(), form.values[count:].tolist()
    tree, _ = form.form.tree(factors, shapes, both_ends(*names))
    return None if representable(tree) is None else tree
