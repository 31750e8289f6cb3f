"""H5MD, molecular data in HDF5: https://h5md.nongnu.org/h5md.html."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import suggest, unreadable
from forcelaw.files import listed
from forcelaw.particles.formats.libraries import check_size, library, reading
from forcelaw.particles.snapshots import Snapshot, Source, bonds_both_ways

_WHAT = "HDF5 file"
_VECTORS = {"position": "position", "velocity": "velocity", "force": "force", "image": "image"}
_NUMBERS = ("mass", "charge")
_SAME = 1e-9
"""Share by which the times of two elements may differ."""


class _Element(NamedTuple):
    """Values, and when they were taken where they change in time."""

    name: str
    value: Any
    """A data set, read snapshot by snapshot."""
    step: Float[np.ndarray, " snapshot"] | None
    time: Float[np.ndarray, " snapshot"] | None
    unit: str

    @property
    def changes(self) -> bool:
        """Whether there is one value for each snapshot."""
        return self.step is not None

    def at(self, snapshot: int) -> np.ndarray:
        """The value at one time."""
        return np.asarray(self.value[snapshot] if self.changes else self.value[()])


def read_h5md(path: Path, species: str | None = None) -> Source:
    """The snapshots of the one group of particles that has positions.

    **Arguments:** `species`: the element that tells kinds, by default `species`.

    **Raises** `InputError` without h5py, for a damaged file, and for several groups.
    """
    h5py = library(path, "h5py", "h5md")
    with reading(path, _WHAT):
        file = h5py.File(path, "r")
        group = _particles(path, file, h5py)
        elements = {}
        for name in group:
            if name != "box" and (found := _element(path, group, name, h5py)) is not None:
                elements[name] = found
        if "position" not in elements:
            raise unreadable(
                path,
                found="positions that are no numbers",
                expected="an element 'position'",
                then="write it again",
            )
        box = _box(path, group, h5py)
        bonds = _bonds(file, h5py)
    kinds = species or "species"
    if species is not None and species not in elements:
        raise unreadable(
            path,
            found=f"no element {species!r}",
            expected="one that tells kinds",
            then=suggest(species, elements),
        )
    units = [f"{n} {e.unit}" for n, e in elements.items() if e.unit]
    return Source(
        _snapshots(path, file, elements, box, kinds),
        units=", ".join(units),
        edges=None if bonds is None else bonds_both_ways(bonds),
    )


def _inside(group: Any, name: str, h5py: Any) -> Any:
    """A member of a group; None for none, and for what lies in another file."""
    link = group.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink | h5py.SoftLink):
        return None
    return group.get(name)


def _particles(path: Path, file: Any, h5py: Any) -> Any:
    particles = _inside(file, "particles", h5py)
    groups = {}
    for name in particles if isinstance(particles, h5py.Group) else ():
        group = _inside(particles, name, h5py)
        if isinstance(group, h5py.Group) and "position" in group:
            groups[name] = group
    if len(groups) != 1:
        found = (
            f"the groups {listed(sorted(groups))}" if groups else "no group particles/*/position"
        )
        raise unreadable(
            path,
            found=found,
            expected="one group of particles, as H5MD has it",
            then="write all bodies into one group, their kinds into 'species'",
        )
    return next(iter(groups.values()))


def _element(path: Path, group: Any, name: str, h5py: Any) -> _Element | None:
    """An element of H5MD: a data set of values that never change, or a group."""
    node = _inside(group, name, h5py)
    if isinstance(node, h5py.Dataset):
        check_size(path, node.shape, node.dtype.itemsize, name)
        return _Element(name, node, None, None, _unit(node))
    if not isinstance(node, h5py.Group):
        return None
    value, step, time = (_inside(node, key, h5py) for key in ("value", "step", "time"))
    step = time if step is None else step
    if not isinstance(value, h5py.Dataset):
        return None
    check_size(path, value.shape, value.dtype.itemsize, name)
    if value.dtype.kind not in "fiuSO" or value.is_virtual or value.external:
        return None
    if not value.shape or not isinstance(step, h5py.Dataset):
        raise unreadable(
            path,
            found=f"{name!r} without steps",
            expected="value, step and time",
            then="write them",
        )
    frames = value.shape[0]
    steps = _clock(step, frames)
    times = _clock(time, frames) if isinstance(time, h5py.Dataset) else None
    return _Element(name, value, steps, times, _unit(value))


def _clock(node: Any, frames: int) -> Float[np.ndarray, " snapshot"]:
    """Steps or times, one by one, or the distance between two and where they begin."""
    if node.shape == ():
        offset = float(node.attrs.get("offset", 0))
        return offset + float(node[()]) * np.arange(frames)
    return np.asarray(node[:frames], float)


def _unit(node: Any) -> str:
    unit = node.attrs.get("unit", "")
    return unit.decode("utf-8", "replace") if isinstance(unit, bytes) else str(unit)


class _Box(NamedTuple):
    edges: _Element
    periodic: tuple[bool, ...]


def _box(path: Path, group: Any, h5py: Any) -> _Box | None:
    box = _inside(group, "box", h5py)
    if box is None or "edges" not in box:
        return None
    edges = _element(path, box, "edges", h5py)
    if edges is None:
        return None
    flags = [f.decode() if isinstance(f, bytes) else str(f) for f in box.attrs.get("boundary", ())]
    return _Box(edges, tuple(flag == "periodic" for flag in flags))


def _bonds(file: Any, h5py: Any) -> np.ndarray | None:
    """`connectivity/bonds` as MDAnalysis and others write it, pairs of rows from 0."""
    connectivity = _inside(file, "connectivity", h5py)
    node: Any = None
    if isinstance(connectivity, h5py.Group):
        node = _inside(connectivity, "bonds", h5py)
    if not isinstance(node, h5py.Dataset) or node.ndim != 2 or node.shape[1] != 2:
        return None
    return np.asarray(node[()], np.int64)


def _snapshots(
    path: Path, file: Any, elements: dict[str, _Element], box: _Box | None, kinds: str
) -> Iterator[Snapshot | str]:
    lead = elements["position"]
    frames = lead.value.shape[0] if lead.changes else 0
    vectors: dict[str, _Element] = {}
    rates: dict[str, _Element] = {}
    for name, element in elements.items():
        if element.changes and not _at_once(element, lead):
            yield f"{name!r} is left aside: it is stored at other times than positions"
        elif name in _VECTORS:
            vectors[name] = element
        else:
            rates[name] = element
    if box is not None and box.edges.changes and not _at_once(box.edges, lead):
        raise unreadable(
            path,
            found="a box at other times than positions",
            expected="the same",
            then="write the box with every snapshot",
        )
    try:
        for index in range(frames):
            with reading(path, _WHAT):
                found = _snapshot(vectors, rates, box, kinds, index)
            yield found
    finally:
        file.close()


def _at_once(one: _Element, other: _Element) -> bool:
    if one.step is None or other.step is None:
        return one.step is None
    least = min(len(one.step), len(other.step))
    return len(one.step) >= len(other.step) and bool(
        np.allclose(one.step[:least], other.step[:least], rtol=_SAME, atol=0)
    )


def _snapshot(
    vectors: dict[str, _Element],
    others: dict[str, _Element],
    box: _Box | None,
    kinds: str,
    index: int,
) -> Snapshot:
    lead = vectors["position"]
    place = np.asarray(lead.at(index), float)
    count = len(place)
    ids = others.get("id")
    labels = None if ids is None else ids.at(index).astype(np.int64)
    # Rows of nobody have the id -1, or the one that fills the data set.
    empty = -1 if ids is None else int(getattr(ids.value, "fillvalue", -1) or -1)
    here = np.ones(count, bool) if labels is None else (labels != -1) & (labels != empty)

    def vector(name: str) -> np.ndarray | None:
        return vectors[name].at(index).astype(float)[here] if name in vectors else None

    kind = others.get(kinds)
    constants = {}
    for name, element in others.items():
        value = element.at(index) if name not in ("id", kinds) else None
        if value is not None and value.shape == (count,) and value.dtype.kind in "fiu":
            constants[name] = value.astype(float)[here]
    edges = None
    if box is not None and any(box.periodic):
        edges = box.edges.at(index).astype(float)
        edges = np.diag(edges) if edges.ndim == 1 else edges
    return Snapshot(
        position=place[here],
        ids=None if labels is None else labels[here],
        velocity=vector("velocity"),
        force=vector("force"),
        image=vector("image"),
        kind=None if kind is None else _text(kind.at(index))[here],
        constants=constants,
        vectors=edges,
        periodic=() if edges is None or box is None else box.periodic,
        time=None if lead.time is None else float(lead.time[index]),
        step=None if lead.step is None else float(lead.step[index]),
    )


def _text(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind in "OS":
        return np.array([v.decode() if isinstance(v, bytes) else str(v) for v in values.tolist()])
    return values.astype(str)
