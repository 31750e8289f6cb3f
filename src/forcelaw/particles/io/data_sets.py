"""Recordings from one file or several, as one data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forcelaw.errors import wrong_input
from forcelaw.files import listed
from forcelaw.particles.data import Recording, Recordings


def together(parts: Sequence[Recording], name: str) -> Recordings:
    """One data set of these recordings; where all bodies are of one kind, none is told.

    **Raises** `InputError` where they state different units, and as `Recordings` does.
    """
    units = sorted({part.units for part in parts})
    if len(units) > 1:
        raise wrong_input(
            name,
            found=f"recordings in different units ({listed(units)})",
            expected="one set of units",
            then="convert them, or discover them one by one",
        )
    if len({kind for part in parts for kind in part.species}) == 1:
        parts = [replace(part, species=()) for part in parts]
    several = len(parts) > 1
    notes = [f"{part.name}: {note}" if several else note for part in parts for note in part.notes]
    return Recordings(tuple(parts), name=name, notes=tuple(dict.fromkeys(notes)))
