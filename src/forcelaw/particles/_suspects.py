"""What may act beside forces between pairs along their line: one family of columns a cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import short_name
from forcelaw.particles._design import Design
from forcelaw.particles._kernels import (
    across_lines,
    along,
    gathered,
    on_bodies,
    spline_knots,
    splines,
    vector_columns,
)
from forcelaw.particles._regression import Regression

Cause = Literal[
    "form",
    "first-order",
    "periodic-box",
    "species",
    "velocity-dependent",
    "transverse",
    "non-reciprocal",
    "hidden-edges",
    "hidden-attribute",
    "stochastic",
    "time-dependent",
    "three-body",
    "non-inertial",
    "external-field",
    "units",
]
"""What a formula that is no law may lack. `form`: a force along the line between two bodies, of a
form that is not searched."""

_COARSE = 6
"""Splines in the distance."""
_TIMES = 5
_SPEEDS = 4
_KINDS = 5
"""Values up to which an attribute tells kinds apart."""
_BODIES = 24
_SHAPES = 4
"""Splines of the force along a single edge."""
_ROUNDS = 30
"""Of filling in what bodies would do to themselves."""
_DENSITY = 3
"""Ranges over which neighbours are counted, as shares of the typical distance."""


class Suspect(NamedTuple):
    """A cause and the accelerations by which it would show."""

    cause: Cause
    words: str
    columns: Callable[[Design], list[Float[np.ndarray, "row body dim"]]]


def suspects(design: Design) -> list[Suspect]:
    """Those that can be tried on these samples, the simpler first."""
    found = [
        Suspect("velocity-dependent", "a force in the velocity of a body", _own_velocity),
        Suspect("velocity-dependent", "friction along the line between two bodies", _friction),
        Suspect("velocity-dependent", "alignment of velocities", _alignment),
    ]
    if design.position.shape[2] == 2:
        found.append(Suspect("transverse", "a force across the line between bodies", _transverse))
    found.append(Suspect("external-field", "a field that depends on the position", _field))
    if design.time.size and np.ptp(design.time) > 0:
        found.append(Suspect("non-inertial", "an acceleration common to all bodies", _common))
    for name, value in design.attributes.items():
        kinds = np.unique(value)
        if 2 <= len(kinds) <= _KINDS:
            found.append(Suspect("species", f"a force of its own for each {name}", _kinds(name)))
        if len(kinds) > 1:
            words = f"a force that depends on the {name} of one body only"
            found.append(Suspect("non-reciprocal", words, _one_sided(name)))
    if design.position.shape[1] > 2:
        found.append(Suspect("three-body", "a force that depends on third bodies", _crowd))
    return found


def knots_of(design: Design) -> Float[np.ndarray, " knot"]:
    """Few splines over the distances of the samples."""
    return spline_knots(design.length, _COARSE)


def time_hats(time: Float[np.ndarray, " sample"]) -> Float[np.ndarray, "hat sample"]:
    """Piecewise linear functions that add up to one, over the span of time."""
    at = np.linspace(time.min(), time.max(), _TIMES)
    return np.stack([np.interp(time, at, hat) for hat in np.eye(_TIMES)])


def _relative(design: Design) -> Float[np.ndarray, "sample edge dim"]:
    return design.velocity[:, design.sender] - design.velocity[:, design.receiver]


def _friction(design: Design) -> list[np.ndarray]:
    approach = np.sum(_relative(design) * design.direction, axis=-1, keepdims=True)
    return vector_columns(design, knots_of(design), approach * design.direction)


def _alignment(design: Design) -> list[np.ndarray]:
    return vector_columns(design, knots_of(design), _relative(design))


def _transverse(design: Design) -> list[np.ndarray]:
    return vector_columns(design, knots_of(design), across_lines(design))


def _own_velocity(design: Design) -> list[np.ndarray]:
    velocity = design.velocity
    speed = np.linalg.norm(velocity, axis=-1)
    typical = float(np.quantile(speed, 0.98)) or 1.0
    parts = [velocity * (speed / typical)[..., None] ** k for k in range(_SPEEDS)]
    dim = velocity.shape[2]
    for one in range(dim):
        for other in range(dim):
            if one != other:
                parts.append(along(one, velocity[..., other], dim))
    return on_bodies(design, [*parts, *(part * design.mass[..., None] for part in parts)])


def _field(design: Design) -> list[np.ndarray]:
    """Any field that is smooth over the place: up to third order."""
    dim = design.position.shape[2]
    centre = design.position.reshape(-1, dim).mean(axis=0)
    place = (design.position - centre) / (np.abs(design.position - centre).max() or 1.0)
    letters = [place[..., k] for k in range(dim)]
    powers = [np.ones_like(letters[0]), *letters]
    powers += [a * b for k, a in enumerate(letters) for b in letters[k:]]
    powers += [
        a * b * c
        for k, a in enumerate(letters)
        for m, b in enumerate(letters[k:], k)
        for c in letters[m:]
    ]
    parts = [along(axis, power, dim) for power in powers for axis in range(dim)]
    heavy = [part * design.mass[..., None] for part in parts[: dim * (dim + 1)]]
    return on_bodies(design, [*parts, *(heavy if np.ptp(design.mass) > 0 else [])])


def _common(design: Design) -> list[np.ndarray]:
    """What a frame that is pushed about adds to every body alike."""
    dim = design.position.shape[2]
    shape = design.position.shape[:2]
    found = []
    for hat in time_hats(design.time):
        alike = np.broadcast_to(hat[:, None], shape) * design.mass
        found += [along(axis, alike, dim) for axis in range(dim)]
    return on_bodies(design, found)


def _kinds(name: str) -> Callable[[Design], list[np.ndarray]]:
    def columns(design: Design) -> list[np.ndarray]:
        value = design.attributes[name]
        one, other = value[:, design.receiver], value[:, design.sender]
        knots, found = knots_of(design), []
        for a in np.unique(value):
            for b in np.unique(value):
                both = ((one == a) & (other == b))[..., None] * design.direction
                if both.any():
                    found += vector_columns(design, knots, both)
        return found

    return columns


def _one_sided(name: str) -> Callable[[Design], list[np.ndarray]]:
    def columns(design: Design) -> list[np.ndarray]:
        known, short, knots = design.variables(), short_name(name), knots_of(design)
        found = []
        for end in "ij":
            factor = known[f"{short}_{end}"][..., None]
            found += vector_columns(design, knots, factor * design.direction)
        return found

    return columns


def _crowd(design: Design) -> list[np.ndarray]:
    """A pair force that third bodies near the receiver, or near the sender, change."""
    knots = spline_knots(design.length, 4)
    typical = float(np.median(design.length)) or 1.0
    bodies = design.position.shape[1]
    found = []
    for k in range(_DENSITY):
        reach = typical * 2.0 ** (k - 1)
        counted = np.exp(-((design.length / reach) ** 2))
        total = np.zeros((len(counted), bodies))
        for body in range(bodies):
            total[:, body] = counted[:, design.receiver == body].sum(axis=1)
        for end in (design.receiver, design.sender):
            others = (total[:, end] - counted)[..., None]
            found += vector_columns(design, knots, others * design.direction)
    return found


def of_bodies(
    design: Design, force: Float[np.ndarray, "sample edge"]
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, larger or smaller at every body that feels it, and from every body."""
    messages = force[..., None] * design.direction
    found = []
    for end in (design.receiver, design.sender):
        for body in range(min(design.position.shape[1], _BODIES)):
            found.append(gathered(design, messages * (end == body)[:, None]))
    return found


def of_products(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    own: Float[np.ndarray, "sample body dim"],
    most: int,
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force times a property of the receiver and one of the sender, as charges are.

    The best product of two numbers, one of either body, in place of the factor of every edge;
    nothing where edges are too many.
    """
    count = len(design.sender)
    if count > most:
        return []
    messages, each = force[..., None] * design.direction, np.arange(count)
    edges = [gathered(design, messages * (each == edge)[:, None]) for edge in range(count)]
    factors = Regression.of(design, [design.seen(own), *edges]).factors()[1:]
    bodies = design.position.shape[1]
    known = np.zeros((bodies, bodies), bool)
    known[design.receiver, design.sender] = True
    table = np.zeros((bodies, bodies))
    table[design.receiver, design.sender] = factors
    product = table
    for _ in range(_ROUNDS):
        left, size, right = np.linalg.svd(table)
        product = size[0] * np.outer(left[:, 0], right[0])
        table = np.where(known, table, product)
    both = product[design.receiver, design.sender]
    shapes = splines(design.length, spline_knots(design.length, _SHAPES))
    return [
        gathered(design, (both * one)[..., None] * design.direction) for one in (force, *shapes)
    ]


def of_edges(
    design: Design, force: Float[np.ndarray, "sample edge"], most: int
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, larger or smaller along every edge, and of another form where edges are few.

    None where they are too many.
    """
    count = len(design.sender)
    if count > most:
        return []
    forces = [force]
    if count <= most // _SHAPES:
        forces += list(splines(design.length, spline_knots(design.length, _SHAPES)))
    each = np.arange(count)
    return [
        gathered(design, (one * (each == edge))[..., None] * design.direction)
        for one in forces
        for edge in range(count)
    ]


def in_time(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    own: Float[np.ndarray, "sample body dim"],
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, and what acts on bodies alone, stronger or weaker in the course of time."""
    hats = time_hats(design.time)
    messages = force[..., None] * design.direction
    found = [gathered(design, hat[:, None, None] * messages) for hat in hats]
    if np.any(own):
        found += [design.seen(hat[:, None, None] * own) for hat in hats]
    return found
