"""Which walls and energies of three bodies are tried, with shapes from a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import fill_motion
from forcelaw.particles.shaped_terms import (
    Angular,
    AxilrodTeller,
    CentreWall,
    Harmonic,
    PlaneWall,
    Profile,
    ShapedTerm,
)


@dataclass(frozen=True)
class GridSettings:
    """How densely shapes are tried."""

    depths: tuple[float, ...] = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
    """Of a wall before the outermost body ever seen, as shares of the extent."""
    lengths: tuple[float, ...] = (0.01, 0.02, 0.04, 0.08, 0.15)
    """Over which a wall's force falls, likewise."""
    gaps: tuple[float, ...] = (0.01, 0.03, 0.07, 0.15)
    """Of walls beyond the outermost body, likewise."""
    powers: tuple[float, ...] = (1, 2, 3, 4, 6, 9)
    """Of the distance from a wall."""
    contacts: tuple[float, ...] = (1, 1.5, 2)
    """Powers of the depth behind a wall."""
    reaches: tuple[float, ...] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    """Where energies of three bodies end, as shares of where pairs do."""
    rates: tuple[float, ...] = (0.1, 0.3, 0.6, 1.0)
    """Of those, as shares of their reach."""


GRID = GridSettings()

Group = tuple[ShapedTerm, ...]
"""Terms that are tried together."""


def list_planes(data: Recordings, *, settings: GridSettings = GRID) -> tuple[Group, ...]:
    """Across every axis that does not repeat, at both ends."""
    low, high = _extremes(data)
    found: list[Group] = []
    for axis in list_bounded(data):
        extent = float(high[axis] - low[axis])
        for side, end in ((1, float(high[axis])), (-1, float(low[axis]))):
            found += [
                (PlaneWall(axis, side, profile, end + side * shift),)
                for profile, shift in _profiles(extent, settings)
            ]
    return tuple(found)


def list_centres(data: Recordings, *, settings: GridSettings = GRID) -> tuple[Group, ...]:
    """Circles or spheres, in open space."""
    if data.dim == 1 or len(list_bounded(data)) < data.dim:
        return ()
    low, high = _extremes(data)
    centre = tuple(map(float, (low + high) / 2))
    radius = _largest_radius(data, np.array(centre))
    return tuple(
        (CentreWall(centre, profile, radius + shift),)
        for profile, shift in _profiles(2 * radius, settings)
    )


def list_bounded(data: Recordings) -> list[int]:
    """The axes along which space does not repeat."""
    return [
        axis
        for axis in range(data.dim)
        if all(part.cell is None or not part.cell.periodic[axis] for part in data)
    ]


def list_triples(cutoff: float, *, settings: GridSettings = GRID) -> tuple[Group, ...]:
    """That of Axilrod and Teller; and falling ones times a square of the cosine, in its powers."""
    found: list[Group] = [(AxilrodTeller(cutoff),)]
    for share in settings.reaches:
        reach = share * cutoff
        for rate in settings.rates:
            found.append(tuple(Harmonic(power, rate * reach, reach) for power in range(3)))
    return tuple(found)


def list_any_triples(cutoff: float) -> Group:
    """Some that together follow about any energy of three bodies."""
    some = [
        Harmonic(power, rate * reach * cutoff, reach * cutoff)
        for reach in (0.5, 0.75, 1.0)
        for rate in (0.2, 1.0)
        for power in range(3)
    ]
    return (AxilrodTeller(cutoff), *some)


def with_angle(group: Group, factors: Sequence[float]) -> ShapedTerm:
    """A group as one term of a law: powers of the cosine become the square that they make."""
    first = group[0]
    if type(first) is not Harmonic:
        return first
    _, one, two = factors
    cosine = -one / (2 * two) if two else 0.0
    return Angular(0, first.rate, first.reach, float(np.clip(cosine, -0.95, 0.95)))


def form_of(term: ShapedTerm) -> str:
    """What terms have in common that differ in their shapes alone."""
    if isinstance(term, PlaneWall):
        return f"plane {term.axis} {term.side} {term.profile.name} {term.profile.power}"
    if isinstance(term, CentreWall):
        return f"centre {term.profile.name} {term.profile.power}"
    return type(term).__name__


def slot_of(term: ShapedTerm) -> str:
    """Where one term alone may stand: a side of an axis, the outside of a circle, or triples."""
    if isinstance(term, PlaneWall):
        return f"plane {term.axis} {term.side}"
    return type(term).__name__ if isinstance(term, CentreWall | AxilrodTeller) else "angular"


def _profiles(extent: float, settings: GridSettings) -> list[tuple[Profile, float]]:
    """Profiles, and where their depth is zero: outwards from the outermost body."""
    found = [
        (Profile("contact", power, share * extent), -share * extent)
        for power in settings.contacts
        for share in settings.depths
    ]
    found += [(Profile("exponential", 1.0, s * extent), 0.0) for s in settings.lengths]
    return found + [
        (Profile("power", power, share * extent), share * extent)
        for power in settings.powers
        for share in settings.gaps
    ]


def _extremes(data: Recordings) -> tuple[Float[np.ndarray, " dim"], Float[np.ndarray, " dim"]]:
    seen = np.concatenate([part.position[part.present] for part in data])
    return seen.min(axis=0), seen.max(axis=0)


def _largest_radius(data: Recordings, centre: Float[np.ndarray, " dim"]) -> float:
    away = [np.linalg.norm(fill_motion(p).position - centre, axis=-1)[p.present] for p in data]
    return float(max(part.max(initial=0.0) for part in away)) or 1.0
