"""What may act beside forces between pairs along their line: one family of columns a cause."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.laws import short_name
from forcelaw.numerics import solve_normal_equations
from forcelaw.particles.diagnosis.many_body_forces import (
    anisotropic,
    crowd,
    not_additive,
    triples,
)
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import (
    Design,
    evaluate_splines,
    gather_forces,
    observe_forces,
    spline_knots,
    transverse_directions,
    vector_columns,
    vectors_along,
)

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
    "anisotropic",
]
"""What a formula that is no law may lack. `form`: a force along the line between two bodies, of a
form that is not searched. `anisotropic`: a force that depends on the direction of the line in
space, as between aligned dipoles. `three-body`: also whatever else does not add up pair by pair."""


Columns: TypeAlias = Callable[[Design], list[Float[np.ndarray, "row body dim"]]]
"""The accelerations on a design by which a cause would show."""


class Suspect(NamedTuple):
    """A cause and the accelerations by which it would show."""

    cause: Cause
    words: str
    columns: Columns
    also: tuple[Cause, ...] = ()
    """Causes that this one implies."""


def suspects(design: Design, *, settings: DiagnosisSettings = DIAGNOSIS) -> list[Suspect]:
    """Those that can be tried on these samples, the simpler first."""

    def on(columns: Callable[..., list[Float[np.ndarray, "row body dim"]]]) -> Columns:
        return partial(columns, settings=settings)

    found = [
        Suspect(
            "velocity-dependent",
            "a force that depends on the velocity of a body",
            on(_own_velocity),
        ),
        Suspect("velocity-dependent", "friction along the line between two bodies", on(_friction)),
        Suspect("velocity-dependent", "alignment of velocities", on(_alignment)),
        Suspect(
            "velocity-dependent",
            "a force that depends on the velocity of the other body",
            on(_others_velocity),
        ),
    ]
    if design.position.shape[2] == 2:
        found.append(
            Suspect("transverse", "a force across the line between bodies", on(_transverse))
        )
    found.append(Suspect("external-field", "a field that depends on the position", on(_field)))
    words = "a force to or from one fixed place, as of a body that is not in the data"
    found.append(Suspect("external-field", words, on(_centre)))
    for name, value in design.bodies.attributes.items():
        kinds = np.unique(value)
        if 2 <= len(kinds) <= settings.causes.kinds:
            words = f"another force between bodies of different {name}"
            found.append(Suspect("species", words, _kinds(name, mutual=True, settings=settings)))
        if 2 < len(kinds) <= settings.causes.kinds:
            words = f"another force for each {name} of the one body and of the other"
            one_way = _kinds(name, mutual=False, settings=settings)
            found.append(Suspect("non-reciprocal", words, one_way, ("species",)))
        if len(kinds) > 1:
            words = f"a force that depends on the {name} of one body only"
            both: tuple[Cause, ...] = ("species",) if len(kinds) == 2 else ()
            found.append(Suspect("non-reciprocal", words, _one_sided(name, settings), both))
    words = "a force that depends on the direction of the line between two bodies"
    found.append(Suspect("anisotropic", words, on(anisotropic)))
    if design.position.shape[1] > 2:
        words = "a force that third bodies nearby make stronger or weaker"
        found.append(Suspect("three-body", words, on(crowd)))
        if design.position.shape[1] <= settings.causes.triples:
            words = "a force that depends on the three distances between three bodies"
            found.append(Suspect("three-body", words, on(triples)))
        words = "forces of several bodies that do not add up"
        found.append(Suspect("three-body", words, on(not_additive)))
    return found


def knots_of(
    design: Design, *, settings: DiagnosisSettings = DIAGNOSIS
) -> Float[np.ndarray, " knot"]:
    """Few splines over the distances of the samples."""
    return spline_knots(design.length, settings.causes.coarse)


def time_hats(
    time: Float[np.ndarray, " sample"], *, settings: DiagnosisSettings = DIAGNOSIS
) -> Float[np.ndarray, "hat sample"]:
    """Piecewise linear functions that add up to one, over the span of time."""
    at = np.linspace(time.min(), time.max(), settings.causes.times)
    return np.stack([np.interp(time, at, hat) for hat in np.eye(settings.causes.times)])


def _relative(design: Design) -> Float[np.ndarray, "sample edge dim"]:
    velocity = design.bodies.velocity
    return velocity[:, design.sender] - velocity[:, design.receiver]


def _friction(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    approach = np.sum(_relative(design) * design.direction, axis=-1, keepdims=True)
    return vector_columns(design, knots_of(design, settings=settings), approach * design.direction)


def _alignment(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    return vector_columns(design, knots_of(design, settings=settings), _relative(design))


def _others_velocity(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    """As a force has that takes its time to arrive."""
    velocity = design.bodies.velocity[:, design.sender]
    approach = np.sum(velocity * design.direction, axis=-1, keepdims=True)
    knots = knots_of(design, settings=settings)
    found = vector_columns(design, knots, velocity)
    return found + vector_columns(design, knots, approach * design.direction)


def _transverse(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    return vector_columns(
        design, knots_of(design, settings=settings), transverse_directions(design)
    )


def _own_velocity(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    velocity = design.velocity
    speed = np.linalg.norm(velocity, axis=-1)
    direction = velocity / np.where(speed > 0, speed, 1)[..., None]
    parts = [
        hat[..., None] * direction
        for hat in evaluate_splines(speed, spline_knots(speed, settings.causes.speeds))
    ]
    parts.append(velocity)
    dim = velocity.shape[2]
    for one in range(dim):
        for other in range(dim):
            if one != other:
                parts.append(vectors_along(one, velocity[..., other], dim))
    heavy = [part * design.mass[..., None] for part in parts]
    return observe_forces(design, [*parts, *(heavy if np.ptp(design.mass) > 0 else [])])


def _field(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    """Any smooth function of one coordinate, and products of coordinates up to third order."""
    dim = design.position.shape[2]
    centre = design.position.reshape(-1, dim).mean(axis=0)
    reach = np.abs(design.position - centre).max() or 1.0
    letters = [(design.position[..., k] - centre[k]) / reach for k in range(dim)]
    smooth = [hat for letter in letters for hat in _hats(letter, settings)]
    powers = [a * b for k, a in enumerate(letters) for b in letters[k + 1 :]]
    powers += [a * b * c for k, a in enumerate(letters) for b in letters[k + 1 :] for c in letters]
    parts = [vectors_along(axis, power, dim) for power in [*smooth, *powers] for axis in range(dim)]
    heavy = [part * design.mass[..., None] for part in parts]
    return observe_forces(design, [*parts, *(heavy if np.ptp(design.mass) > 0 else [])])


def _hats(
    letter: Float[np.ndarray, "sample body"], settings: DiagnosisSettings
) -> list[Float[np.ndarray, "sample body"]]:
    """Cubic splines of a coordinate, at its quantiles."""
    knots = spline_knots(np.exp(letter), settings.causes.places)
    return list(evaluate_splines(np.exp(letter), knots))


def _centre(design: Design, settings: DiagnosisSettings) -> list[np.ndarray]:
    """Any force along the line to the place at which the accelerations point, or off which."""
    from_there = design.position - _pointed_at(design)
    length = np.linalg.norm(from_there, axis=-1)
    direction = from_there / np.where(length > 0, length, 1)[..., None]
    parts = [
        hat[..., None] * direction
        for hat in evaluate_splines(length, spline_knots(length, settings.causes.radii))
    ]
    heavy = [part * design.mass[..., None] for part in parts]
    return observe_forces(design, [*parts, *(heavy if np.ptp(design.mass) > 0 else [])])


def _pointed_at(design: Design) -> Float[np.ndarray, " dim"]:
    """The place nearest the lines along which bodies are accelerated; the mean in the weak form."""
    dim = design.position.shape[2]
    place, mean = design.position.reshape(-1, dim), design.position.mean(axis=(0, 1))
    if design.weak is not None or dim == 1:
        return mean
    line = design.acceleration.reshape(-1, dim)
    size = np.linalg.norm(line, axis=1, keepdims=True)
    line = line / np.where(size > 0, size, 1)
    across = (size > 0)[..., None] * np.eye(dim) - line[:, :, None] * line[:, None, :]
    total = across.sum(axis=0)
    goal = np.einsum("nij,nj->i", across, place)
    return solve_normal_equations(total, goal)


def _kinds(
    name: str, *, mutual: bool, settings: DiagnosisSettings
) -> Callable[[Design], list[np.ndarray]]:
    def columns(design: Design) -> list[np.ndarray]:
        value = design.bodies.attributes[name]
        one, other = value[:, design.receiver], value[:, design.sender]
        if mutual:
            one, other = np.minimum(one, other), np.maximum(one, other)
        hats, found = evaluate_splines(design.length, knots_of(design, settings=settings)), []
        if mutual and len(np.unique(value)) == 2:
            # One force whatever the kinds, and one with their product, are there already.
            return [design.pair_acceleration((one + other) * hat) for hat in hats]
        for a in np.unique(value):
            for b in np.unique(value):
                both = (one == a) & (other == b)
                if both.any():
                    found += [design.pair_acceleration(both * hat) for hat in hats]
        return found

    return columns


def _one_sided(name: str, settings: DiagnosisSettings) -> Callable[[Design], list[np.ndarray]]:
    def columns(design: Design) -> list[np.ndarray]:
        known, short, knots = (
            design.variables(),
            short_name(name),
            knots_of(design, settings=settings),
        )
        found = []
        for end in "ij":
            factor = known[f"{short}_{end}"][..., None]
            found += vector_columns(design, knots, factor * design.direction)
        return found

    return columns


def time_dependent_columns(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    one_body: Float[np.ndarray, "sample body dim"],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, and what acts on bodies alone, stronger or weaker in the course of time."""
    hats = time_hats(design.time, settings=settings)
    messages = force[..., None] * design.direction
    found = [gather_forces(design, hat[:, None, None] * messages) for hat in hats]
    if np.any(one_body):
        found += [design.observe(hat[:, None, None] * one_body) for hat in hats]
    return found
