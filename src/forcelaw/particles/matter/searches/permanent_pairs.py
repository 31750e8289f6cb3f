"""Bonds that a file does not tell: pairs of bodies that stay together all the time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.files import many
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.kernels import fill_motion, nearest_image
from forcelaw.particles.matter.force_law import ForceLaw


@dataclass(frozen=True)
class BondSettings:
    """What decides whether pairs that stay together are taken for bonds."""

    snapshots: int = 100
    """At which distances are looked at."""
    bodies: int = 250
    """Above which it is not asked: beyond a cutoff nobody looks at all pairs."""
    least: int = 6
    """Bodies that it is asked of: distances of fewer have gaps by chance."""
    fewest: float = 0.25
    """Bonds for each body, at least: a few pairs stay together by chance."""
    most: int = 4
    """Of one body: in a crystal all neighbours stay, six of them or more."""
    apart: float = 1.4
    """Times the longest distance of any bond, to which every other pair goes at some time."""
    plain: int = 2
    """Numbers of a bond's force, as of a spring with a length at rest."""


BONDS = BondSettings()


def with_permanent_bonds(data: Recordings, *, settings: BondSettings = BONDS) -> Recordings:
    """The same with edges between bodies that stay together, where none were given.

    Molecules and chains are written without their bonds by most simulations. Some pairs then never
    part, and all others do, so that the longest distances of both are far from each other.
    """
    if any(part.edges is not None for part in data):
        return data
    parts = []
    for part in data:
        bonds = find_permanent_pairs(part, settings=settings)
        if not len(bonds):
            return data
        words = f"{many(len(bonds), 'pair')} of bodies never part, and are taken for bonds"
        edges = np.concatenate([bonds, bonds[:, ::-1]])
        parts.append(replace(part, edges=edges, notes=(*part.notes, words)))
    return replace(data, parts=tuple(parts))


def with_bonds_of(
    start: Recording | Recordings | Initial, data: Recordings
) -> Recording | Recordings | Initial:
    """A start with the edges of the same bodies in `data`, where it has none."""
    if isinstance(start, Recordings):
        parts = [_joined(part, data) for part in start]
        return replace(start, parts=tuple(parts))
    return _joined(start, data) if isinstance(start, Recording) else start


def _joined(part: Recording, data: Recordings) -> Recording:
    same = [one for one in data if one.edges is not None and one.n_bodies == part.n_bodies]
    return replace(part, edges=same[0].edges) if part.edges is None and same else part


def find_permanent_pairs(
    part: Recording, *, settings: BondSettings = BONDS
) -> Int[np.ndarray, "bond 2"]:
    """Pairs that never part, each once; none where there is no gap between them and others."""
    count, none = part.n_bodies, np.zeros((0, 2), int)
    if not (settings.least <= count <= settings.bodies and part.complete):
        return none
    longest = _longest(part, settings)
    first, second = np.triu_indices(count, 1)
    length = longest[first, second]
    order = np.argsort(length)
    low = max(1, int(np.ceil(settings.fewest * count)))
    high = min(settings.most * count // 2, len(order) - 1)
    if low > high:
        return none
    ratio = length[order[low : high + 1]] / np.maximum(length[order[low - 1 : high]], 1e-300)
    best = int(np.argmax(ratio))
    bonds = np.stack([first, second], axis=1)[order[: low + best]]
    partners = np.bincount(bonds.ravel(), minlength=count)
    return bonds if ratio[best] > settings.apart and partners.max() <= settings.most else none


def _longest(part: Recording, settings: BondSettings) -> Float[np.ndarray, "body body"]:
    """The longest distance of every pair, on nearest images."""
    position = fill_motion(part).position
    longest = np.zeros((part.n_bodies, part.n_bodies))
    for index in np.unique(np.linspace(0, part.n_times - 1, settings.snapshots).astype(int)):
        between = position[index][None] - position[index][:, None]
        if part.cell is not None:
            between = nearest_image(between, part.cell.at(int(index)), part.cell.periodic)
        longest = np.maximum(longest, np.linalg.norm(between, axis=-1))
    return longest


def may_leave_bonds_out(law: ForceLaw, verdict: str, *, settings: BondSettings = BONDS) -> bool:
    """Whether the force between all may leave out bonded pairs, as it mostly does in simulations.

    What bonds do beside it then is a bond's force less its own: no plain form of two numbers.
    """
    forces = {force.name: force for force in law.pairs}
    if not {"pair", "bond"} <= set(forces):
        return False
    return verdict != "law" or len(forces["bond"].constants) > settings.plain
