"""XYZ and extended XYZ: a count, a comment that may say everything, a line for each atom.

The extended format: https://github.com/libAtoms/extxyz.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import suggest
from forcelaw.files import is_number, many, quoted
from forcelaw.particles.formats.libraries import element_masses
from forcelaw.particles.formats.text_lines import CutOffError, Lines, Rows, open_lines
from forcelaw.particles.snapshots import Snapshot, Source

_PAIR = re.compile(
    r"""(?<![\w.-])([A-Za-z_][\w.-]*)\s*[=:]\s*("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^\[\]]*\]|[^\s,]+)"""
)
_LONGEST = 100_000
"""Characters of a comment."""
_MOST = 200
"""Columns of a snapshot."""
_PLAIN = "species:S:1:pos:R:3"
_ROLES = {
    "position": "pos positions position coordinates",
    "velocity": "velo vel velocity velocities",
    "momentum": "momenta momentum",
    "force": "force forces",
    "image": "image images",
    "ids": "id ids particle_identifier particleidentifier atom_id track_id",
    "kind": "species element elements symbols type types particle_type kind z numbers",
    "mass": "mass masses m",
    "charge": "charge charges q initial_charges",
}
_NAMES = {name: role for role, names in _ROLES.items() for name in names.split()}
_NUMBERED = ("z", "numbers")
"""Kinds said once more, as numbers of elements."""
_VECTORS = ("position", "velocity", "momentum", "force", "image")
_TIMES = ("time", "t", "time_ps", "time_fs", "time_ns", "timestamp")
_STEPS = ("step", "timestep", "frame", "i", "iteration", "md_step")


class _Property(NamedTuple):
    """A column, or several beside each other."""

    name: str
    kind: str
    first: int
    width: int


def read_xyz(path: Path, species: str | None = None) -> Source:
    """The snapshots of an XYZ file, extended or not.

    **Arguments:** `species`: the property that tells kinds; by default `species`, `element` or
    `type`.

    **Raises** `InputError` as it is read, naming the line.
    """
    return Source(_snapshots(path, species))


def _snapshots(path: Path, species: str | None) -> Iterator[Snapshot | str]:
    layout: _Layout | None = None
    extra = 0
    with open_lines(path) as lines:
        try:
            while (count := _count(lines)) is not None:
                known = _pairs(lines, lines.needed())
                given = known.get("properties", "")
                if layout is None or layout.text != given:
                    layout = _Layout.of(lines, given, species)
                first = lines.number + 1
                if given:
                    rows = lines.rows(count, layout.width, layout.texts)
                else:
                    rows, more = _plain(lines, count)
                    extra = max(extra, more)
                yield layout.snapshot(lines, known, rows, first)
        except CutOffError:
            yield f"the last snapshot is cut off (line {lines.number:,}) and left aside"
    if extra:
        yield (
            f"{many(extra, 'column')} behind x y z without a name left aside: say what they hold "
            "by Properties=species:S:1:pos:R:3:... in the comments"
        )
    if layout is not None and layout.momenta:
        yield "velocities are momenta over masses"


def _count(lines: Lines) -> int | None:
    text = lines.skip_blank()
    if text is None:
        return None
    if not lines.ended:
        raise CutOffError
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise lines.wrong(
            quoted(text), "the number of atoms of a snapshot", "write a count, a comment and atoms"
        )
    return int(text)


def _pairs(lines: Lines, comment: str) -> dict[str, str]:
    """What the comment says by key, keys in small letters, quotes removed."""
    if len(comment) > _LONGEST:
        raise lines.wrong(
            f"a comment of {len(comment):,} characters", "a short one", "remove what is not needed"
        )
    known: dict[str, str] = {}
    for key, value in _PAIR.findall(comment):
        # T is a temperature, t a time.
        known.setdefault(key if len(key) == 1 else key.lower(), value.strip("\"'{}[]"))
    return known


def _plain(lines: Lines, count: int) -> tuple[Rows, int]:
    """Rows of a file without `Properties`, a name and three numbers, and what follows them."""
    block = [line.split() for line in lines.block(count)]
    for index, cells in enumerate(block):
        if len(cells) < 4 or not all(map(is_number, cells[1:4])):
            if index == count - 1 and not lines.ended:
                raise CutOffError
            raise lines.wrong(
                quoted(" ".join(cells)) if cells else "an empty line",
                "a name and three coordinates",
                "repair that line",
                back=count - 1 - index,
            )
    numbers = np.array([cells[1:4] for cells in block], float).reshape(-1, 3)
    names = np.array([cells[0] for cells in block], str)
    return Rows(numbers, {0: names}), max(map(len, block), default=4) - 4


class _Layout(NamedTuple):
    """What the columns of a snapshot are."""

    text: str
    width: int
    texts: tuple[int, ...]
    columns: dict[str, _Property]
    """By role."""
    others: tuple[_Property, ...]

    @classmethod
    def of(cls, lines: Lines, text: str, species: str | None) -> _Layout:
        """**Raises** `InputError` for properties that are not understood, or lack positions."""
        every = list(_properties(lines, text or _PLAIN))
        position = next((p for p in every if _NAMES.get(p.name.lower()) == "position"), None)
        if position is None or position.kind != "R" or position.width > 3:
            raise lines.wrong(f"Properties={quoted(text)}", "pos:R:3 among them", "write positions")
        columns: dict[str, _Property] = {}
        others: list[_Property] = []
        for one in every:
            role = _NAMES.get(one.name.lower())
            if species is not None and (one.name == species or role == "kind"):
                role = "kind" if one.name == species else None
            width = position.width if role in _VECTORS else 1
            if role == "kind" and "kind" in columns and one.name.lower() in _NUMBERED:
                continue
            if role is None or role in columns or one.kind == "L" or one.width != width:
                others.append(one)
            else:
                columns[role] = one
        if species is not None and "kind" not in columns:
            names = [one.name for one in every]
            raise lines.wrong(
                f"no property {species!r}", "one that tells kinds", suggest(species, names)
            )
        texts = [k for p in every if p.kind in "SL" for k in range(p.first, p.first + p.width)]
        width = every[-1].first + every[-1].width
        return cls(text, width, tuple(texts), columns, tuple(others))

    @property
    def momenta(self) -> bool:
        """Whether velocities are told by momenta."""
        return "momentum" in self.columns and "velocity" not in self.columns

    def snapshot(self, lines: Lines, known: Mapping[str, str], rows: Rows, first: int) -> Snapshot:
        """The snapshot of these rows under this comment."""
        place = {k: n for n, k in enumerate(k for k in range(self.width) if k not in self.texts)}

        def numbers(one: _Property | None) -> Float[np.ndarray, "atom column"] | None:
            if one is None or one.kind not in ("R", "I"):
                return None
            return rows.numbers[:, [place[one.first + k] for k in range(one.width)]]

        def labels(role: str) -> np.ndarray | None:
            one = self.columns.get(role)
            if one is None:
                return None
            if one.kind == "S":
                return rows.texts[one.first]
            return lines.whole(rows.numbers[:, place[one.first]], repr(one.name), first)

        position = numbers(self.columns["position"])
        if position is None:
            raise lines.wrong("positions that are no numbers", "pos:R:3", "correct Properties")
        dim = position.shape[1]
        constants = {
            role: rows.numbers[:, place[self.columns[role].first]].copy()
            for role in ("mass", "charge")
            if role in self.columns and self.columns[role].kind != "S"
        }
        for one in self.others:
            if one.kind in ("R", "I"):
                for k in range(one.width):
                    name = one.name if one.width == 1 else f"{one.name}_{k + 1}"
                    constants[name] = rows.numbers[:, place[one.first + k]].copy()
        kind = labels("kind")
        velocity = numbers(self.columns.get("velocity"))
        momentum = numbers(self.columns.get("momentum"))
        if velocity is None and momentum is not None:
            velocity = momentum / self._masses(lines, constants, kind)[:, None]
        vectors, periodic = _box(lines, known, dim, len(rows.numbers))
        return Snapshot(
            position=position,
            ids=labels("ids"),
            velocity=velocity,
            force=numbers(self.columns.get("force")),
            image=numbers(self.columns.get("image")),
            kind=None if kind is None else kind.astype(str),
            constants=constants,
            vectors=vectors,
            periodic=periodic,
            time=_number(known, _TIMES),
            step=_number(known, _STEPS),
            line=first,
        )

    def _masses(
        self, lines: Lines, constants: dict[str, np.ndarray], kind: np.ndarray | None
    ) -> Float[np.ndarray, " atom"]:
        """Those given, else of the elements: by them ASE divides momenta, too."""
        if "mass" not in constants:
            masses = None if kind is None else element_masses(kind)
            if masses is None:
                raise lines.wrong(
                    "momenta without masses",
                    "masses, or species that are elements",
                    "write velocities (vel:R:3) or masses (masses:R:1)",
                )
            constants["mass"] = masses
        return constants["mass"]


def _properties(lines: Lines, text: str) -> Iterator[_Property]:
    parts = text.split(":")
    first = 0
    if len(parts) % 3 or len(parts) > 3 * _MOST:
        parts = ["", "", ""]
    for name, kind, size in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        whole = size.isascii() and size.isdigit() and 0 < int(size[:4]) <= _MOST
        if kind not in ("S", "R", "I", "L") or not whole or first > _MOST:
            raise lines.wrong(
                f"Properties={quoted(text)}",
                "name:type:columns, such as species:S:1:pos:R:3",
                "correct it",
            )
        yield _Property(name, kind, first, int(size[:4]))
        first += int(size[:4])


def _number(known: Mapping[str, str], names: tuple[str, ...]) -> float | None:
    name = next((name for name in names if name in known), None)
    if name is None or not is_number(known[name]):
        return None
    return float(known[name])


def _box(
    lines: Lines, known: Mapping[str, str], dim: int, back: int
) -> tuple[Float[np.ndarray, "dim dim"] | None, tuple[bool, ...]]:
    """Vectors of the box and along which of them space repeats; by default all."""
    text = known.get("lattice", known.get("cell"))
    if text is None:
        return None, ()
    cells = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    if len(cells) not in (3, 9, dim, dim * dim) or not all(map(is_number, cells)):
        raise lines.wrong(
            f"Lattice={quoted(text)}", "nine numbers", "correct the comment", back=back
        )
    numbers = np.array(cells, float)
    side = 3 if len(cells) in (3, 9) else dim
    whole = np.diag(numbers) if len(cells) == side else numbers.reshape(side, side)
    flags = re.findall(r"true|false|[tf01]", known.get("pbc", "T T T").lower())
    if len(flags) < dim:
        raise lines.wrong(
            f"pbc={quoted(known['pbc'])}", 'pbc="T T T"', "correct the comment", back=back
        )
    return whole[:dim, :dim], tuple(flag[0] in "t1" for flag in flags[:dim])
