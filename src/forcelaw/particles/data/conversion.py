"""Trajectories as recordings, and attributes of bodies as their kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from forcelaw.errors import InvalidSetting, suggest, wrong_input
from forcelaw.particles.data.given_recordings import kind_names
from forcelaw.particles.data.recording import Cell, Recording
from forcelaw.particles.data.recordings import Recordings

if TYPE_CHECKING:
    from forcelaw.particles.data.motion import Motion

_KINDS = 4
"""Values of an attribute up to which these may be kinds of bodies."""


def to_recordings(data: Motion) -> Recordings:
    """The same motion as recordings: what was measured of it, and nothing that was estimated.

    Positions that were wrapped into a box (`Motion.jumps`) are in that box.
    """
    motion = {name: getattr(data, name) for name in ("position", "velocity", "acceleration")}
    known = {
        name: data.measured.get(name, value)
        for name, value in motion.items()
        if name == "position" or name in data.measured or name not in data.estimated
    }
    cell = None
    if any(data.jumps):
        lengths = [length or 1.0 for length in data.jumps]
        cell = Cell.of(lengths, [length > 0 for length in data.jumps])
    everywhere = np.ones(data.position.shape[1:3], bool)
    parts = tuple(
        Recording(
            known["position"][k],
            data.time,
            everywhere,
            velocity=known["velocity"][k] if "velocity" in known else None,
            acceleration=known["acceleration"][k] if "acceleration" in known else None,
            cell=cell,
            attributes={name: value[k] for name, value in data.attributes.items()},
            edges=data.edges,
            bodies=data.bodies,
            name=data.name if data.n_trajectories == 1 else f"{data.name}, trajectory {k}",
        )
        for k in range(data.n_trajectories)
    )
    return Recordings(parts, data.name, data.notes)


def with_kinds_by(data: Recordings, name: str) -> Recordings:
    """The same with an attribute in the place of kinds.

    **Raises** `InvalidSetting` for an attribute that there is not.
    """
    if name not in data.attributes:
        raise wrong_input(
            data.name,
            found=f"{name!r} for kinds",
            expected=f"one of {', '.join(data.attributes) or 'no attributes'}",
            then=suggest(name, data.attributes),
            error=InvalidSetting,
        )
    parts = []
    for part in data:
        left = {key: value for key, value in part.attributes.items() if key != name}
        parts.append(replace(part, species=kind_names(part.attributes[name]), attributes=left))
    return replace(data, parts=tuple(parts))


def names_of_kinds(data: Recordings) -> tuple[str, ...]:
    """Attributes of few whole numbers, which may be kinds of bodies; none where kinds are given."""
    if data.kinds:
        return ()
    found = []
    for name in data.attributes:
        values = np.unique(np.concatenate([part.attributes[name] for part in data]))
        whole = (values == np.round(values)).all()
        if name != "mass" and whole and 2 <= len(values) <= _KINDS:
            found.append(name)
    return tuple(found)
