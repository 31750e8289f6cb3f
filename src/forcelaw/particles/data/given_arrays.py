"""What users hand over, as arrays of the shapes that `Trajectories` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, wrong_input
from forcelaw.laws import SHORT_NAMES

UNIT_STEP = "no times were given: snapshots are taken as one unit of time apart"


class Given(NamedTuple):
    """Arrays in full shape; what was not given is None."""

    position: Float[np.ndarray, "..."]
    velocity: Float[np.ndarray, "..."] | None
    acceleration: Float[np.ndarray, "..."] | None
    time: Float[np.ndarray, "..."]
    attributes: dict[str, Float[np.ndarray, "..."]]
    notes: tuple[str, ...]


def in_full(
    position: Any,
    velocity: Any,
    acceleration: Any,
    time: Any,
    attributes: Mapping[str, Any],
    place: str,
) -> Given:
    """Adds the axis of trajectories where there is one, times and equal attributes of all.

    A position `[time, body, dim]` is one trajectory. An attribute `[body]` holds for every
    trajectory, a single number for every body.
    """
    if hasattr(position, "columns") or hasattr(position, "column_names"):
        raise wrong_input(
            place,
            found="a data frame for 'position'",
            expected="[trajectory, time, body, dim]",
            then="read it with fl.particles.from_frame(frame), or from_tracks",
        )
    x = numbers(position, "position", place)
    single = x.ndim == 3

    def motion(value: Any, name: str) -> np.ndarray | None:
        if value is None:
            return None
        array = numbers(value, name, place)
        return array[None] if single and array.ndim == 3 else array

    x = x[None] if single else x
    known: dict[str, np.ndarray] = {}
    notes = () if time is not None else (UNIT_STEP,)
    for given, value in attributes.items():
        name = SHORT_NAMES.get(given, given)
        if name != given:
            if name in attributes:
                raise wrong_input(
                    place,
                    found=f"the attributes {name!r} and {given!r}",
                    expected=f"one of them: formulas call the {name} {given!r}",
                    then="rename or remove one of them",
                )
            notes = (*notes, f"{given!r} is the {name}")
        array = numbers(value, name, place)
        if x.ndim == 4 and array.shape in ((), x.shape[2:3]):
            array = np.broadcast_to(array, (x.shape[0], x.shape[2])).copy()
        known[name] = array
    frames = x.shape[1] if x.ndim > 1 else 0
    times = np.arange(float(frames)) if time is None else numbers(time, "time", place)
    return Given(
        x, motion(velocity, "velocity"), motion(acceleration, "acceleration"), times, known, notes
    )


def numbers(value: Any, name: str, place: str) -> Float[np.ndarray, "..."]:
    """`value` in double precision.

    **Raises** `InputError` for what holds no numbers, or hides some behind a mask.
    """
    if np.ma.is_masked(value):
        raise wrong_input(
            place,
            found=f"masked numbers in {name!r}",
            expected="a number for every body at every time",
            then="keep the bodies and snapshots that are complete",
        )
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        array = np.empty(0, object)
    if array.dtype.kind not in "fiub":
        hint = {"M": "give times as numbers, such as seconds", "c": "take the real part"}
        raise InputError(
            f"{place}: found {name!r} that is not an array of numbers, expected floating point; "
            f"{hint.get(array.dtype.kind, 'convert it to one array of equal rows')}"
        )
    return np.asarray(array, np.float64)
