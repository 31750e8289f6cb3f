"""Dumps of LAMMPS, as text: any columns in any order, any box.

The format: https://docs.lammps.org/dump.html; boxes: https://docs.lammps.org/Howto_triclinic.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import suggest
from forcelaw.files import is_number, quoted
from forcelaw.particles.formats.text_lines import CutOffError, Lines, open_lines
from forcelaw.particles.snapshots import Snapshot, Source

_AXES = "xyz"
_TEXTS = ("element", "typelabel")
"""Columns that hold text."""
_KNOWN = {"q": "charge", "mass": "mass"}
_FORCE_UNITS = {
    "real": 4.184e-4,
    "metal": 9648.533212,
    "lj": 1.0,
    "si": 1.0,
    "cgs": 1.0,
    "micro": 1.0,
    "nano": 1.0,
}
"""Force per mass in units of length over time squared (https://docs.lammps.org/units.html)."""
_LARGEST = 2.0**53
"""Below it doubles hold every whole number."""


class _Box(NamedTuple):
    """Origin and vectors, one row each."""

    origin: Float[np.ndarray, " 3"]
    vectors: Float[np.ndarray, "3 3"]
    periodic: tuple[bool, ...]


class _Head(NamedTuple):
    """What stands before the rows of a snapshot."""

    step: float
    time: float | None
    atoms: int
    box: _Box | None
    columns: tuple[str, ...]


def read_lammps(path: Path, species: str | None = None) -> Source:
    """The snapshots of a dump.

    **Arguments:** `species`: the column that tells kinds; by default `element` or `type`.

    **Raises** `InputError` as it is read, naming the line.
    """
    with open_lines(path) as lines:
        units = _units(lines)
    return Source(
        _snapshots(path, species),
        units=f"LAMMPS {units}" if units else "",
        force_unit=_FORCE_UNITS.get(units, 1.0),
    )


def _units(lines: Lines) -> str:
    if lines.skip_blank() != "ITEM: UNITS":
        return ""
    return (lines.next() or "").strip()


def _snapshots(path: Path, species: str | None) -> Iterator[Snapshot | str]:
    with open_lines(path) as lines:
        columns: _Columns | None = None
        try:
            while (head := _head(lines)) is not None:
                if columns is None or columns.names != head.columns:
                    columns = _Columns.of(lines, head.columns, species)
                first = lines.number + 1
                rows = lines.rows(head.atoms, len(head.columns), columns.texts)
                yield columns.snapshot(lines, head, rows.numbers, rows.texts, first)
        except CutOffError:
            yield f"the last snapshot is cut off (line {lines.number:,}) and left aside"


def _head(lines: Lines) -> _Head | None:
    """Up to the names of the columns; None behind the last snapshot."""
    line = lines.skip_blank()
    if line is None:
        return None
    step = time = atoms = box = None
    while True:
        item, _, rest = line.strip().partition(" ")[2].partition(" ")
        if not lines.ended:
            raise CutOffError
        if not line.startswith("ITEM:"):
            raise lines.wrong(quoted(line), "a line that begins with ITEM:", "write the dump again")
        words = line.removeprefix("ITEM:").split()
        name = " ".join(words)
        if name in ("TIMESTEP", "TIME"):
            value = _number(lines, "a number")
            step, time = (value, time) if name == "TIMESTEP" else (step, value)
        elif name == "UNITS":
            lines.needed()
        elif name == "NUMBER OF ATOMS":
            atoms = _number(lines, "a number of atoms")
            if not (atoms >= 0 and atoms == int(atoms)):
                raise lines.wrong(f"{atoms:g} atoms", "a whole number", "write the dump again")
        elif name.startswith("BOX BOUNDS"):
            box = _box(lines, words[2:])
        elif item == "ATOMS":
            if step is None or atoms is None:
                raise lines.wrong(
                    "atoms before their number and time step",
                    "ITEM: TIMESTEP and ITEM: NUMBER OF ATOMS",
                    "write the dump again",
                )
            return _Head(step, time, int(atoms), box, tuple(rest.split()))
        else:
            raise lines.wrong(
                f"{quoted(line)}",
                "ITEM: TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS or ATOMS",
                "write atoms by 'dump ... custom' or 'dump ... atom'",
            )
        line = lines.needed()


def _number(lines: Lines, what: str) -> float:
    text = lines.needed().strip()
    if not is_number(text) or not abs(float(text)) < _LARGEST:
        if lines.next() is None:
            raise CutOffError
        raise lines.wrong(quoted(text), what, "write the dump again", back=1)
    return float(text)


def _box(lines: Lines, words: list[str]) -> _Box:
    """The box whose bounds come next; `words` follow its name."""
    general = words[:2] == ["abc", "origin"]
    tilted = words[:3] == ["xy", "xz", "yz"]
    flags = words[2 if general else 3 if tilted else 0 :]
    periodic = tuple(flag == "pp" for flag in flags) if len(flags) == 3 else (True,) * 3
    number = lines.number
    width = 4 if general else 3 if tilted else 2
    rows = lines.rows(3, width).numbers
    if not np.isfinite(rows).all():
        raise lines.wrong("a box that is not finite", "numbers", "correct it", back=2)
    if general:
        return _Box(rows[:, 3], rows[:, :3], periodic)
    low, high = rows[:, 0].copy(), rows[:, 1].copy()
    xy, xz, yz = rows[:, 2] if tilted else (0.0, 0.0, 0.0)
    # The bounds are those of the tilted box, not of the untilted one.
    low[0] -= min(0.0, xy, xz, xy + xz)
    high[0] -= max(0.0, xy, xz, xy + xz)
    low[1] -= min(0.0, yz)
    high[1] -= max(0.0, yz)
    for axis in range(3):
        if not high[axis] > low[axis]:
            raise lines.wrong(
                f"a box from {low[axis]:g} to {high[axis]:g} along {_AXES[axis]}",
                "a positive length",
                "correct the bounds",
                back=lines.number - number - 1 - axis,
            )
    vectors = np.diag(high - low)
    vectors[1, 0], vectors[2, 0], vectors[2, 1] = xy, xz, yz
    return _Box(low, vectors, periodic)


class _Columns(NamedTuple):
    """What the columns of a dump are: indices among the numbers, or of texts."""

    names: tuple[str, ...]
    texts: tuple[int, ...]
    numbers: dict[str, int]
    position: tuple[str, ...]
    """The names of the columns of positions."""
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, lines: Lines, names: tuple[str, ...], species: str | None) -> _Columns:
        """**Raises** `InputError` for columns that are missing or there twice."""
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise lines.wrong(f"the column {twice[0]!r} twice", "names that differ", "remove one")
        if species is not None and species not in names:
            raise lines.wrong(
                f"no column {species!r}", "one that tells the kinds", suggest(species, names)
            )
        position = []
        for axis in _AXES:
            # Unwrapped is best: then nothing has to be guessed.
            known = [n for n in (f"{axis}u", f"{axis}su", axis, f"{axis}s") if n in names]
            if not known and axis == "z" and len(position) == 2:
                continue
            if not known:
                raise lines.wrong(
                    f"the columns {' '.join(names)[:200]}",
                    f"{axis}, {axis}u, {axis}s or {axis}su among them",
                    "write them: dump ... custom ... id type x y z",
                )
            position.append(known[0])
        texts = tuple(k for k, n in enumerate(names) if n in (*_TEXTS, species))
        left = [name for k, name in enumerate(names) if k not in texts]
        numbers = {name: k for k, name in enumerate(left)}
        kinds = tuple(n for n in ("element", "typelabel", "type") if n in names)
        return cls(names, texts, numbers, tuple(position), (species,) if species else kinds)

    def snapshot(
        self,
        lines: Lines,
        head: _Head,
        numbers: Float[np.ndarray, "atom number"],
        texts: dict[int, np.ndarray],
        first: int,
    ) -> Snapshot:
        """The snapshot of these rows."""
        dim = len(self.position)

        def columns(*names: str) -> np.ndarray | None:
            known = all(name in self.numbers for name in names)
            return numbers[:, [self.numbers[n] for n in names]] if known else None

        def vector(pattern: str) -> np.ndarray | None:
            return columns(*(pattern.format(axis) for axis in _AXES[:dim]))

        used = {"id", "type", *self.position}
        for pattern in ("v{}", "f{}", "i{}", "{}", "{}u", "{}s", "{}su"):
            used |= {pattern.format(axis) for axis in _AXES}
        ids = columns("id")
        box = head.box
        return Snapshot(
            position=self._positions(lines, numbers, box),
            ids=None if ids is None else lines.whole(ids[:, 0], "an id", first),
            velocity=vector("v{}"),
            force=vector("f{}"),
            image=vector("i{}"),
            unwrapped=all(name.endswith("u") for name in self.position),
            kind=self._kind(lines, numbers, texts, first),
            constants={
                _KNOWN.get(name, name): numbers[:, k].copy()
                for name, k in self.numbers.items()
                if name not in used
            },
            vectors=None if box is None else box.vectors[:dim, :dim],
            periodic=() if box is None else box.periodic[:dim],
            time=head.time,
            step=head.step,
            line=first,
        )

    def _positions(
        self, lines: Lines, numbers: Float[np.ndarray, "atom number"], box: _Box | None
    ) -> Float[np.ndarray, "atom dim"]:
        dim = len(self.position)
        given = numbers[:, [self.numbers[name] for name in self.position]]
        scaled = ["s" in name for name in self.position]
        if not any(scaled):
            return given
        if box is None or not all(scaled):
            trouble = "no box" if box is None else "positions of which only some are scaled"
            raise lines.wrong(trouble, "a box and all of xs ys zs", "write x y z as well")
        return box.origin[:dim] + given @ box.vectors[:dim, :dim]

    def _kind(
        self,
        lines: Lines,
        numbers: Float[np.ndarray, "atom number"],
        texts: dict[int, np.ndarray],
        first: int,
    ) -> np.ndarray | None:
        """Kinds as text: the element, and the type behind it."""
        found = [
            texts[self.names.index(n)]
            if n not in self.numbers
            else lines.whole(numbers[:, self.numbers[n]], "a type", first).astype(str)
            for n in self.kinds
        ]
        if len(found) < 2:
            return found[0] if found else None
        return np.char.add(np.char.add(found[0], " "), found[-1])
