"""Recordings from one file or several, as one data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from forcelaw.errors import wrong_input
from forcelaw.files import listed, quoted
from forcelaw.particles.data import Recording, Recordings
from forcelaw.storage.hashes import file_hash


def together(parts: Sequence[Recording], name: str) -> Recordings:
    """One data set of these recordings; where all bodies are of one kind, none is told.

    **Raises** `InputError` where they state different units, and as `Recordings` does.
    """
    stated: dict[str, str] = {}
    for part in parts:
        if part.units:
            stated.setdefault(part.units, part.name)
    if len(stated) > 1:
        found = ", ".join(f"{quoted(units)} in {where}" for units, where in stated.items())
        raise wrong_input(
            name,
            found=f"recordings in different units ({found})",
            expected="one set of units",
            then="convert them, or discover them one by one",
        )
    if len({kind for part in parts for kind in part.species}) == 1:
        parts = [replace(part, species=()) for part in parts]
    several = len(parts) > 1
    notes = [f"{part.name}: {note}" if several else note for part in parts for note in part.notes]
    silent = [part.name for part in parts if not part.units]
    for units, where in stated.items() if silent else ():
        notes.append(f"no units stated in {listed(silent)}, taken as in {where}: {units}")
    return Recordings(tuple(parts), name=name, notes=tuple(dict.fromkeys(notes)))


def hash_files(path: str | Path, *more: str | Path) -> str:
    """The sha256 of a file; of the hashes of several that are one data set.

    **Raises** `InputError` where two of them hold the same.
    """
    first = {file_hash(path): path}
    for other in more:
        hashed = file_hash(other)
        if hashed in first:
            raise wrong_input(
                other,
                found=f"the same content as in {first[hashed]}",
                expected="another recording of the same law",
                then="leave one of them out",
            )
        first[hashed] = other
    return sha256(" ".join(first).encode()).hexdigest() if more else next(iter(first))
