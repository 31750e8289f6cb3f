"""A simulated recording together with the law that moved it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Cell, Recording, Recordings

Radial: TypeAlias = Callable[[np.ndarray], np.ndarray]
"""The force at some distances."""
Kinds: TypeAlias = tuple[str, str]
"""(receiver, sender); empty words where all bodies are alike."""
ALIKE: Kinds = ("", "")


@dataclass(frozen=True)
class Term:
    """One part of a law: its formula, and its value at some distances where it is a function of r.

    The value is without the attributes (charges, strengths) that the formula multiplies it by.
    """

    text: str
    value: Radial | None = None


@dataclass(frozen=True, eq=False)
class World:
    """What was recorded, and the truth about it.

    The drift is the rate without chance: acceleration in second order, velocity in first order. A
    force along the line between two bodies is positive where it attracts; `d` is the vector from
    receiver to sender, a transverse force acts along `(-d[1], d[0]) / r`.
    """

    name: str
    recordings: Recordings
    order: int
    pairs: Mapping[Kinds, Term] = field(default_factory=dict)
    """Along the line, by (receiver, sender)."""
    bonds: Term | None = None
    """Along the line, between bonded bodies only, beside `pairs`."""
    alignment: Term | None = None
    """The factor of `v_j - v_i`."""
    friction: Term | None = None
    """The factor of the part of `v_j - v_i` along the line."""
    transverse: Term | None = None
    torque: Term | None = None
    """The rate of a heading, summed over the others."""
    one_body: tuple[str, ...] = ()
    """What acts on a body alone."""
    cutoff: float | None = None
    """Beyond this distance no pair of bodies acts on each other; None: they act at any distance."""
    diffusion: float = 0.0
    """Of positions in first order, of velocities in second order: half the variance a time."""
    temperature: float | None = None
    drag: float | None = None
    """The factor of `-v` in Langevin motion."""
    drift: tuple[Float[np.ndarray, "time body dim"], ...] = ()
    """At every recorded state, of each recording."""
    heading: tuple[Float[np.ndarray, "time body"], ...] = ()
    """Angles, unwrapped."""
    turning: tuple[Float[np.ndarray, "time body"], ...] = ()
    """The drift of the headings."""
    energy: tuple[Float[np.ndarray, " time"], ...] = ()
    """Where it is conserved."""


def recording(
    position: np.ndarray,
    step: float,
    *,
    box: float | None = None,
    velocity: np.ndarray | None = None,
    species: Sequence[str] = (),
    attributes: Mapping[str, np.ndarray] | None = None,
    edges: np.ndarray | None = None,
    name: str = "recording",
) -> Recording:
    """All bodies at all times, `step` apart, in a square box or in open space."""
    times, bodies, dim = position.shape
    return Recording(
        position=position,
        time=step * np.arange(times),
        present=np.ones((times, bodies), bool),
        velocity=velocity,
        cell=None if box is None else Cell.of([box] * dim),
        species=tuple(species),
        attributes=attributes or {},
        edges=edges,
        name=name,
    )
