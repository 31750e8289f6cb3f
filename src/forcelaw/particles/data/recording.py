"""Motion as it was recorded: bodies that come and go, boxes, kinds, any times.

`Trajectories` hold the special case on which everything may be computed at once: the same bodies
at the same times in open space. A `Recording` holds one experiment, whatever it is like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.files import many

_PLANE = 2
"""Dimensions in which a heading is one angle."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A periodic box: what repeats, and along which of its vectors."""

    vectors: Float[np.ndarray, "snapshot dim dim"]
    """One row a vector, in the positions' unit; one snapshot for all where the box stays."""
    periodic: tuple[bool, ...]
    """Along which of the vectors space repeats."""

    @classmethod
    def of(cls, lengths: Sequence[float], periodic: Sequence[bool] | None = None) -> Cell:
        """A rectangular box of these lengths, the same at all times."""
        vectors = np.diag(np.asarray(lengths, float))[None]
        return cls(vectors, tuple(periodic) if periodic else (True,) * len(vectors[0]))

    @property
    def constant(self) -> bool:
        """Whether the box is the same at all times."""
        return len(self.vectors) == 1 or bool((self.vectors == self.vectors[:1]).all())

    @property
    def rectangular(self) -> bool:
        """Whether all vectors lie along the axes."""
        return bool((self.vectors * (1 - np.eye(len(self.periodic))) == 0).all())

    def at(self, snapshot: int) -> Float[np.ndarray, "dim dim"]:
        """The vectors at one time."""
        return self.vectors[0 if len(self.vectors) == 1 else snapshot]

    def between(self, start: int, stop: int) -> Cell:
        """The box of some snapshots."""
        return self if len(self.vectors) == 1 else replace(self, vectors=self.vectors[start:stop])


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """One experiment in double precision, unwrapped; entries of absent bodies are NaN.

    **Raises** `InputError` for shapes that do not match, times that do not increase, values that
    are not finite where a body is present; `NotEnoughData` where nothing is left.
    """

    position: Float[np.ndarray, "time body dim"]
    """Unwrapped: a body that leaves a periodic box on one side goes on beyond it."""
    time: Float[np.ndarray, " time"]
    present: Bool[np.ndarray, "time body"]
    """Whether the position of a body was recorded."""
    velocity: Float[np.ndarray, "time body dim"] | None = None
    acceleration: Float[np.ndarray, "time body dim"] | None = None
    """Force over mass, where forces were recorded."""
    heading: Float[np.ndarray, "time body"] | None = None
    """Angle of each body from the first axis towards the second, in radians; whole turns do not
    matter. In two dimensions alone."""
    cell: Cell | None = None
    """None: open space."""
    species: tuple[str, ...] = ()
    """The kind of each body; empty where all are alike."""
    attributes: Mapping[str, Float[np.ndarray, " body"]] = field(default_factory=dict)
    edges: Int[np.ndarray, "edge 2"] | None = None
    """Rows (sender, receiver) of bonds; None where none were given."""
    bodies: tuple[str, ...] = ()
    name: str = "recording"
    units: str = ""
    """Units that a file states, in words: nothing is converted by them."""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.bodies:
            self.__dict__["bodies"] = tuple(map(str, range(self.n_bodies)))
        _check(self)

    def __repr__(self) -> str:
        return f"Recording({self.name!r}: {self.summary()})"

    def summary(self) -> str:
        """Sizes, in words."""
        size = f"{many(self.n_bodies, 'body')} in {many(self.dim, 'dimension')} at "
        size += many(self.n_times, "time")
        if not self.complete:
            size += f", {1 - self.present.mean():.0%} of entries absent"
        if self.species:
            size += f", {many(len(set(self.species)), 'kind')}"
        return size + (", periodic" if self.cell is not None and any(self.cell.periodic) else "")

    @property
    def n_times(self) -> int:
        """How many snapshots."""
        return self.position.shape[0]

    @property
    def n_bodies(self) -> int:
        """How many bodies there are at any time."""
        return self.position.shape[1]

    @property
    def dim(self) -> int:
        """The dimension of space."""
        return self.position.shape[2]

    @cached_property
    def complete(self) -> bool:
        """Whether every body was recorded in every snapshot."""
        return bool(self.present.all())

    def between(self, start: int, stop: int) -> Recording:
        """The snapshots from `start` up to, not including, `stop`."""
        return replace(
            self,
            position=self.position[start:stop],
            time=self.time[start:stop],
            present=self.present[start:stop],
            velocity=None if self.velocity is None else self.velocity[start:stop],
            acceleration=None if self.acceleration is None else self.acceleration[start:stop],
            heading=None if self.heading is None else self.heading[start:stop],
            cell=None if self.cell is None else self.cell.between(start, stop),
        )


def _check(part: Recording) -> None:
    """**Raises** `InputError` naming the first entry that contradicts."""
    shape = part.position.shape
    wanted: dict[str, tuple[int, ...]] = {
        "time": shape[:1],
        "present": shape[:2],
        "velocity": shape,
        "acceleration": shape,
        "heading": shape[:2],
        **{f"attribute {name!r}": shape[1:2] for name in part.attributes},
    }
    arrays = {name: getattr(part, name, None) for name in wanted}
    arrays |= {f"attribute {name!r}": value for name, value in part.attributes.items()}
    for name, array in arrays.items():
        if array is not None and array.shape != wanted[name]:
            raise wrong_input(
                part.name,
                found=f"{name} of shape {list(array.shape)}",
                expected=f"{list(wanted[name])}, as positions are",
                then="transpose or cut it",
            )
    if part.species and len(part.species) != part.n_bodies:
        raise wrong_input(
            part.name,
            found=f"{len(part.species)} kinds",
            expected=f"one for each of {many(part.n_bodies, 'body')}",
            then="give the kind of every body, as text or a number",
        )
    if part.n_times < 3:
        raise wrong_input(
            part.name,
            found=many(part.n_times, "snapshot"),
            expected="at least three",
            then="record more",
            error=NotEnoughData,
        )
    if part.heading is not None and part.dim != _PLANE:
        raise wrong_input(
            part.name,
            found=f"headings of bodies in {many(part.dim, 'dimension')}",
            expected="two: a heading is one angle in a plane",
            then="leave the headings out, or give positions in that plane",
        )
    _check_times(part)
    _check_entries(part)
    _check_cell(part)


def _check_times(part: Recording) -> None:
    bad = np.flatnonzero(~(np.diff(part.time) > 0) | ~np.isfinite(part.time[1:]))
    if bad.size:
        step = int(bad[0]) + 1
        raise wrong_input(
            part.name,
            found=f"time {part.time[step]:g} at snapshot {step} after {part.time[step - 1]:g}",
            expected="finite, increasing times",
            then="sort the snapshots and remove those given twice",
        )


def _check_entries(part: Recording) -> None:
    empty = np.flatnonzero(~part.present.any(axis=1))
    if len(empty) == part.n_times:
        raise wrong_input(
            part.name,
            found="no body in any snapshot",
            expected="some that are present",
            then="check the mask 'present': true where a body was seen",
            error=NotEnoughData,
        )
    for name in ("position", "velocity", "acceleration", "heading"):
        array = getattr(part, name)
        if array is None:
            continue
        finite = np.isfinite(array) if name == "heading" else np.isfinite(array).all(axis=-1)
        bad = np.argwhere(~finite & part.present)
        if bad.size:
            t, body = bad[0].tolist()
            raise wrong_input(
                part.name,
                found=f"{name} {array[t, body].tolist()} of body {part.bodies[body]!r} at time "
                f"{part.time[t]:g}, which is present",
                expected="finite numbers",
                then="repair it, or mark the body as absent there",
            )
    for name, value in part.attributes.items():
        bad = np.flatnonzero(~np.isfinite(value) | ((name == "mass") & ~(value > 0)))
        if bad.size:
            raise wrong_input(
                part.name,
                found=f"{name} {value[bad[0]]:g} of body {part.bodies[bad[0]]!r}",
                expected="a positive mass" if name == "mass" else "a finite number",
                then=f"correct it, or leave {name!r} out where it is unknown",
            )


def _check_cell(part: Recording) -> None:
    cell = part.cell
    if cell is None:
        return
    shape = cell.vectors.shape
    fits = len(shape) == 3 and shape[0] in (1, part.n_times) and shape[1:] == (part.dim,) * 2
    if not fits or len(cell.periodic) != part.dim:
        raise wrong_input(
            part.name,
            found=f"a box of shape {list(shape)}",
            expected=f"lengths [{part.dim}], vectors [{part.dim}, {part.dim}], or either for each "
            f"of {part.n_times} snapshots",
            then="give one number for each dimension",
        )
    if not np.isfinite(cell.vectors).all() or (np.abs(np.linalg.det(cell.vectors)) == 0).any():
        raise wrong_input(
            part.name,
            found="a box without a volume",
            expected="positive, finite lengths",
            then="correct it, or leave it out in open space",
        )
