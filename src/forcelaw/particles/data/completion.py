"""What was not measured, from what was: one way for files and for memory."""

from __future__ import annotations

from typing import Any

from forcelaw.particles.data.motion import Motion
from forcelaw.particles.kinematics import (
    check_agreement,
    estimate_missing,
    unwrap,
)


def complete(data: Motion) -> dict[str, Any]:
    """The fields of `data` that change where something was not given.

    Positions that jump across a periodic box are unwrapped, positions and velocities are
    compared, and what is missing is estimated (`estimate_missing`). Motion of which something
    is `estimated` went this way before and is not looked at again.

    **Raises** `InputError` where velocities contradict positions, or frames are too few.
    """
    changes: dict[str, Any] = {}
    notes = list(data.notes)
    position = data.position
    # What is missing is None until this is done.
    velocity: Any = data.velocity
    acceleration: Any = data.acceleration
    if not data.estimated:
        found = unwrap(position, velocity, data.time, settings=data.settings)
        position, count = found.position, found.undone
        notes += found.notes
        if count:
            changes = {"counts": {**data.counts, "unwrapped": count}, "jumps": found.lengths}
        if velocity is not None:
            known = position, velocity, data.time, data.bodies, data.name
            snapshots = acceleration is not None
            notes += check_agreement(*known, snapshots=snapshots, settings=data.settings)
    if velocity is None or acceleration is None:
        done = estimate_missing(
            position, velocity, acceleration, data.time, place=data.name, settings=data.settings
        )
        notes += done.notes
        changes |= {key: getattr(done, key) for key in ("velocity", "acceleration")}
        changes |= {"reliable": done.reliable, "quick": done.quick}
        changes |= {"estimated": done.estimated, "ends": done.ends}
        changes["measured"] = dict(done.measured or {})
        position = done.position
    return {**changes, "position": position, "notes": tuple(dict.fromkeys(notes))}
