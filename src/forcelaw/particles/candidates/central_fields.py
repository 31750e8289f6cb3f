"""Central external fields: where their centres are and how the force depends on the distance.

Position and shape are fitted, the strength follows (variable projection: Golub & Pereyra, SIAM J.
Numer. Anal. 10, 413, 1973).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from itertools import product as grid
from operator import add
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts, numerically
from forcelaw.laws import Expression, attribute_name
from forcelaw.laws.expression import Node, Parameter, Variable, product, replaced, sqrt
from forcelaw.particles.candidates.one_body_library import (
    AXES,
    NOTHING,
    OneBodyTerm,
    list_prefixes,
)
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.equations import Design


class Profile(NamedTuple):
    """The distance over the force, in the distance `d`, its square `s` and one shape `k`."""

    text: str
    shapes: tuple[float, ...]
    """Values of `k` to start from, where the spread of positions is 1."""
    length: int = 0
    """Power of the unit of length that `k` has."""

    def allows(self, shape: float, unit: float, least: float) -> bool:
        """Whether the shape is one: a length that is shorter than `least` is none."""
        return self.length == 0 or shape > least * unit**self.length


PROFILES = (
    Profile("s**k", (2.5, 1.5, 1.0, 0.25)),
    Profile("d*(d - k)**2", (0.3, 1.0, 3.0), 1),
    Profile("exp(k*s)", (0.1, 0.5, 2.0), -2),
    Profile("d*exp(k*d)", (0.3, 1.0, 3.0), -1),
    Profile("(s + k)**1.5", (0.1, 1.0), 2),
)
"""Powers; poles at a surface, of a ball or a wall; Gaussians; exponentials; Plummer's (1911)."""


@dataclass(frozen=True, eq=False)
class CentralField:
    """A profile about a point; about a line or a plane, if it pulls along some axes only."""

    prefix: tuple[Variable, ...]
    """What the force is proportional to besides: nothing, or an attribute."""
    axes: tuple[int, ...]
    profile: Profile

    @property
    def rank(self) -> tuple[int, int]:
        """Simpler ones first: fewer coordinates, then the order of profiles."""
        return len(self.axes), PROFILES.index(self.profile)

    def pull(self, design: Design) -> Callable[[np.ndarray], np.ndarray]:
        """From coordinates and shape to the accelerations `[sample, body, dim]` at strength one."""
        axes = list(self.axes)
        position, factor = design.position[..., axes], 1 / design.mass
        for variable in self.prefix:
            name = attribute_name(variable.name, design.attributes)
            factor = factor * design.attributes[str(name)]
        form = Expression.parse(self.profile.text)
        constants = np.asarray(form.numbers())

        def caused(numbers: np.ndarray) -> np.ndarray:
            away = position - numbers[:-1]
            square = np.sum(away**2, axis=-1)
            known = {"s": square, "d": np.sqrt(square), "k": numbers[-1]}
            found = np.zeros_like(design.position)
            with np.errstate(all="ignore"):
                found[..., axes] = (factor / form.at(known, constants))[..., None] * away
            return np.nan_to_num(found, posinf=0.0, neginf=0.0)

        return caused

    def term(self, numbers: Float[np.ndarray, " number"], dim: int) -> OneBodyTerm:
        """The one-body force; coordinates and shape are the same numbers in every component."""
        *place, shape = map(Parameter, numbers.tolist())
        away = [Variable(AXES[a]) - c for a, c in zip(self.axes, place, strict=True)]
        square = reduce(add, [part**2 for part in away])
        known = {"s": square, "d": sqrt(square), "k": shape}
        form = replaced(Expression.parse(self.profile.text).term, known)
        parts: list[Node] = [NOTHING] * dim
        for axis, part in zip(self.axes, away, strict=True):
            parts[axis] = product(*self.prefix, part) / form
        return OneBodyTerm((tuple(parts),))


@dataclass(frozen=True, eq=False)
class Unexplained:
    """What a centre has to explain, and what it would."""

    design: Design
    of: Callable[[np.ndarray], np.ndarray]
    """What is compared with `left`, of accelerations as they are measured."""
    left: Float[np.ndarray, " number"]

    def without(self, centre: CentralField) -> Callable[[np.ndarray], np.ndarray]:
        """From coordinates and shape to what a centre of the best strength leaves."""
        pull = centre.pull(self.design)

        def left(numbers: np.ndarray) -> np.ndarray:
            column = self.of(self.design.observe(pull(numbers)))
            size = float(column @ column)
            return self.left - (column @ self.left / size) * column if size > 0 else self.left

        return left


def find_central_fields(
    some: Unexplained,
    all_of_it: Unexplained,
    limit: float,
    attempts: Attempts,
    *,
    settings: CandidatesSettings = CANDIDATES,
) -> list[OneBodyTerm]:
    """The simplest centre that explains as much as any, if it leaves less than the limit.

    **Arguments:** `some` is searched, `all_of_it` fitted; `limit` is of the sum of squares;
    `attempts` counts.
    """
    from scipy.optimize import least_squares

    design, goal = all_of_it.design, all_of_it.left
    starts = []
    for centre in _forms(design):
        left, options = some.without(centre), _starts(centre, design, settings)
        losses = [float(np.sum(left(option) ** 2)) for option in options]
        place = int(np.argmin(losses))
        starts.append((losses[place], options[place], centre))
    found: list[tuple[float, np.ndarray, CentralField]] = []
    for _, start, centre in sorted(starts, key=lambda item: item[0])[: settings.fields.centres]:
        scale = np.abs(start) + 0.1 * _spread(design)
        fit = attempts.make(
            numerically,
            least_squares,
            all_of_it.without(centre),
            start,
            x_scale=scale,
            ftol=1e-14,
            xtol=1e-14,
            gtol=1e-14,
        )
        if fit is not None:
            found.append((2 * fit.cost, fit.x, centre))
    found = [
        item
        for item in found
        if item[2].profile.allows(float(item[1][-1]), _spread(design), settings.fields.least_shape)
    ]
    least = min((loss for loss, *_ in found), default=limit)
    if least >= limit:
        return []
    same = settings.fields.as_good * least + settings.fields.rounding * float(goal @ goal)
    good = [item for item in found if item[0] <= same]
    _, numbers, centre = min(good, key=lambda item: item[2].rank)
    return [centre.term(numbers, design.position.shape[2])]


def _forms(design: Design) -> list[CentralField]:
    dim = design.position.shape[2]
    return [
        CentralField(prefix, axes, profile)
        for prefix in list_prefixes(design)
        for count in range(dim, 0, -1)
        for axes in combinations(range(dim), count)
        for profile in PROFILES
    ]


def _starts(
    centre: CentralField, design: Design, settings: CandidatesSettings
) -> list[Float[np.ndarray, " number"]]:
    unit = _spread(design)
    places = settings.fields.places if len(centre.axes) < 3 else settings.fields.fewer_places
    middle = np.median(design.position, axis=(0, 1))[list(centre.axes)]
    return [
        np.append(middle + unit * np.asarray(place), shape * unit**centre.profile.length)
        for place in grid(places, repeat=len(centre.axes))
        for shape in centre.profile.shapes
    ]


def _spread(design: Design) -> float:
    return float(np.std(design.position - np.median(design.position, axis=(0, 1)))) or 1.0
