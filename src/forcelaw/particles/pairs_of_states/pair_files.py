"""Pairs of states from files: archives of NumPy with the array `end`."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np

from forcelaw.errors import InputError, unreadable
from forcelaw.files import listed
from forcelaw.particles.io.npz_members import read_members
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs

_ENDING = ".npz"
_NEEDED = ("position", "velocity", "end")
_TIMES = ("stretch", "steps", "step")
_APART = ("stretch", "steps")
"""One of which says how far apart states are."""
_OF_TRAJECTORIES = ("time", "dt")
"""Arrays beside which `end` is one more attribute of bodies."""


def holds_pairs(path: str | os.PathLike[str]) -> bool:
    """Whether a file is an archive of pairs of states, and not of trajectories."""
    path = Path(path)
    if path.suffix.lower() != _ENDING:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy") for name in archive.namelist()}
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    return "end" in names and (names.isdisjoint(_OF_TRAJECTORIES) or not names.isdisjoint(_APART))


def read_pairs(path: str | os.PathLike[str]) -> StatePairs:
    """Pairs of states from an `.npz` archive.

    It holds `position`, `velocity` and `end`, each `[pair, body, dim]`; how much later the end is:
    `stretch`, one number or `[pair]`; of a simulation `step`, the time of one of its steps, and in
    place of `stretch` perhaps `steps`, their number, likewise; and any attribute of bodies as
    `[pair, body]` or `[body]`, the same in all pairs.

    **Raises** `UnreadableFile` for a file that is damaged or lacks an array; `InputError` for ones
    that do not fit each other.
    """
    path = Path(path)
    if path.suffix.lower() != _ENDING or not path.is_file():
        raise unreadable(
            path,
            found=f"the ending {path.suffix!r}" if path.is_file() else "no such file",
            expected=f"an {_ENDING} archive",
            then="save the arrays with numpy.savez",
        )
    arrays = read_members(path)
    for name in _NEEDED:
        if name not in arrays:
            raise unreadable(
                path,
                found=f"the arrays {listed(sorted(arrays))}",
                expected=f"{name!r} among them",
                then=f"save {', '.join(_NEEDED)} [pair, body, dim] and stretch",
            )
    position, velocity, end = (arrays.pop(name) for name in _NEEDED)
    times = {name: arrays.pop(name) for name in _TIMES if name in arrays}
    step = times.get("step")
    if step is not None and (step.size != 1 or step.dtype.kind not in "fiu"):
        raise _wrong_times(path, f"'step' of shape {list(step.shape)}", "one number")
    length = None if step is None else float(step.item())
    stretch = _stretch(path, times, length)
    count, bodies = position.shape[:1], position.shape[1:2]
    attributes = {
        name: np.broadcast_to(value, count + bodies) if value.shape == bodies else value
        for name, value in arrays.items()
    }
    every = np.broadcast_to(stretch, count) if stretch.ndim == 0 else stretch
    return StatePairs(position, velocity, end, every, attributes, path.name, length)


def _stretch(path: Path, times: dict[str, np.ndarray], step: float | None) -> np.ndarray:
    """How much later ends are, as it was given: once, or for each pair."""
    if ("stretch" in times) == ("steps" in times):
        raise _wrong_times(path, listed(sorted(times)) or "no times", "'stretch', or 'steps'")
    if "stretch" in times:
        return times["stretch"]
    if step is None:
        raise _wrong_times(path, "'steps' alone", "'step' beside it")
    steps = times["steps"]
    if steps.dtype.kind not in "iu":
        raise _wrong_times(path, f"'steps' of type {steps.dtype}", "whole numbers")
    return steps * step


def _wrong_times(path: Path, found: str, expected: str) -> InputError:
    then = "give stretch, the time from a state to its end, or steps and step, how long one is"
    return unreadable(path, found=found, expected=expected, then=then)
