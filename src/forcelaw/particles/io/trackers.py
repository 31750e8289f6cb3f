"""Tables of trackers, told by their columns: most of these describe images, not bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forcelaw.files import listed

_TRACKMATE = {"x": "POSITION_X", "y": "POSITION_Y", "z": "POSITION_Z", "body": "TRACK_ID"}
_TRACKPY = {"time": "frame", "body": "particle", "x": "x", "y": "y", "z": "z"}
_NEEDED = {"frame", "particle", "x", "y"}
_OF_IMAGES = (
    "mass",
    "size",
    "size_x",
    "size_y",
    "size_z",
    "ecc",
    "signal",
    "raw_mass",
    "ep",
    "dep",
)
"""Columns of trackpy: brightness, radius, eccentricity, errors. Its mass is brightness."""
_ENOUGH = 2
"""Of them, so many tell the program."""


class Tracker(NamedTuple):
    """What the columns of a tracker are, by role, and a sentence about the others."""

    roles: dict[str, int]
    notes: tuple[str, ...]


def of_tracker(names: Sequence[str]) -> Tracker | None:
    """The columns of TrackMate or trackpy; None for another table.

    https://imagej.net/plugins/trackmate; https://soft-matter.github.io/trackpy.
    """
    known = {name: index for index, name in enumerate(names)}
    if of_trackmate(names):
        time = "POSITION_T" if "POSITION_T" in known else "FRAME"
        columns = {**_TRACKMATE, "time": time}
        program = "TrackMate"
    elif known.keys() >= _NEEDED and sum(name in known for name in _OF_IMAGES) >= _ENOUGH:
        columns, program = _TRACKPY, "trackpy"
    else:
        return None
    roles = {role: known[name] for role, name in columns.items() if name in known}
    left = [name for name in known if name and known[name] not in roles.values()]
    note = f"columns of {program}: left aside, since they describe images: {listed(left)}"
    notes = (note,) if left else ()
    if program == "TrackMate":
        notes = (*notes, "spots of no track are left aside")
    return Tracker(roles, notes)


def of_trackmate(names: Sequence[str]) -> bool:
    """Whether a table is of TrackMate: below its header stand names and units once more."""
    return {"TRACK_ID", "POSITION_X", "POSITION_Y", "FRAME"} <= {*names}
