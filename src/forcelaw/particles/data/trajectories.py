"""Motion as it is given: positions, velocities and attributes of bodies in many trajectories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InvalidSetting, NotEnoughData, check_type
from forcelaw.files import many
from forcelaw.particles.data.completion import complete
from forcelaw.particles.data.content_hashes import hash_arrays
from forcelaw.particles.data.conversion import to_recordings
from forcelaw.particles.data.given_arrays import in_full
from forcelaw.particles.data.given_recordings import BEYOND, recordings_from_arrays
from forcelaw.particles.data.motion import Motion, Samples
from forcelaw.particles.data.recordings import Recordings
from forcelaw.particles.data.validation import check_shapes, check_values
from forcelaw.particles.kinematics import KINEMATICS, KinematicsSettings
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments

if TYPE_CHECKING:
    from forcelaw.laws import Units
    from forcelaw.particles.data.initial_conditions import Initial

_KINEMATICS = ("position", "velocity", "acceleration")


class Split(NamedTuple):
    """Three parts without a common trajectory, or without a common time."""

    train: Trajectories
    validation: Trajectories
    test: Trajectories


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Trajectories(Motion):
    """Trajectories of the same number of bodies at common times, in double precision.

    Anything that NumPy turns into an array is accepted, and `position` may be `[time, body, dim]`
    for one trajectory. Attributes of the bodies may be given by keyword (`mass=...`), as
    `[trajectory, body]`, `[body]`, or one number for all.

    What is missing is estimated, in memory as from a file: frames are one unit of time apart
    without `time`, velocities and accelerations come from what was measured (`estimate_missing`),
    and positions that were wrapped into a periodic box are unwrapped. `notes` say so, and
    `settings` say when.

    In a `box`, with bodies that are not always `present`, with kinds (`species`) or with angles
    in which bodies point (`heading`, `[trajectory, time, body]`, in radians) motion is more than
    this: the same arguments make `Recordings` then (`recordings_from_arrays`).

    **Raises** `InputError` for shapes that do not match, more than three dimensions, NaN or
    infinity, times that do not increase, a mass that is not positive, edges out of range, two
    bodies at one place, and velocities that contradict the positions; `NotEnoughData` for a single
    time step.
    """

    if not TYPE_CHECKING:
        # Who gives a box gets what may be in one; for all others this is `Trajectories`.
        def __new__(cls, *arguments: Any, **options: Any) -> Any:
            """See the class."""
            if all(options.get(name) is None for name in BEYOND):
                return object.__new__(cls)
            return recordings_from_arrays(*arguments, **options)

    def __init__(
        self,
        position: Any,
        velocity: Any = None,
        time: Any = None,
        attributes: Mapping[str, Any] | None = None,
        edges: Any = None,
        acceleration: Any = None,
        *,
        box: Any = None,
        present: Any = None,
        species: Any = None,
        heading: Any = None,
        bodies: Sequence[str] = (),
        name: str = "trajectories",
        law: str | None = None,
        estimated: tuple[str, ...] = (),
        ends: tuple[int, int] = (0, 0),
        reliable: Bool[np.ndarray, "trajectory time"] | None = None,
        quick: Bool[np.ndarray, "trajectory time body"] | None = None,
        receivers: int | None = None,
        measured: Mapping[str, Float[np.ndarray, "trajectory time body dim"]] | None = None,
        notes: tuple[str, ...] = (),
        counts: Mapping[str, int] | None = None,
        jumps: tuple[float, ...] = (),
        settings: KinematicsSettings = KINEMATICS,
        **more: Any,
    ) -> None:
        given = in_full(
            position, velocity, acceleration, time, {**(attributes or {}), **more}, name
        )
        known = given._asdict() | {
            "edges": None if edges is None else np.asarray(edges),
            "bodies": tuple(map(str, bodies)),
            "name": name,
            "law": law,
            "estimated": estimated,
            "ends": ends,
            "reliable": reliable,
            "quick": quick,
            "receivers": receivers,
            "measured": dict(measured or {}),
            "notes": (*notes, *given.notes),
            "counts": dict(counts or {}),
            "jumps": jumps,
            "settings": settings,
        }
        self.__dict__.update(known)
        check_shapes(self)
        if self.edges is not None:
            self.__dict__["edges"] = self.edges.astype(np.int64)
        self.__dict__["bodies"] = self.bodies or tuple(map(str, range(self.n_bodies)))
        check_values(self)
        self.__dict__.update(complete(self))

    @classmethod
    def check(cls, place: str, data: Any) -> None:
        """**Raises** `InvalidSetting` if `place`, a function, was given anything else as `data`."""
        then = "read a file with fl.particles.read(...), or give arrays to"
        check_type(place, data, cls, then=f"{then} fl.particles.Trajectories")

    def __repr__(self) -> str:
        known = f", with {', '.join(self.attributes)}" if self.attributes else ""
        return (
            f"Trajectories({self.name!r}: {self.n_trajectories} of "
            f"{many(self.n_bodies, 'body')} in {many(self.dim, 'dimension')} at "
            f"{many(self.n_times, 'time')}{known})"
        )

    def summary(self) -> str:
        """What was understood, in one line: sizes, times and attributes."""
        known = f", with {', '.join(self.attributes)}" if self.attributes else ""
        return (
            f"{self.name}: {many(self.n_trajectories, 'trajectory')} of "
            f"{many(self.n_bodies, 'body')} in {many(self.dim, 'dimension')}, "
            f"{many(self.n_times, 'time')} from {self.time[0]:g} to {self.time[-1]:g}{known}"
        )

    @cached_property
    def recordings(self) -> Recordings:
        """The same motion as recordings, of what was measured alone."""
        return to_recordings(self)

    @property
    def initial(self) -> Initial:
        """The first frame of every trajectory, with graph and attributes: where rollouts start."""
        return self.frame(0)

    def frame(self, index: int) -> Initial:
        """One frame of every trajectory, on the device in the precision of the process."""
        from forcelaw.particles.data.initial_conditions import Initial

        return Initial.of(self.position[:, index], self.velocity[:, index], self)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of all numbers, the same whatever file they come from."""
        arrays: dict[str, Any] = {"position": self.position, "velocity": self.velocity}
        arrays |= {"time": self.time, "acceleration": self.acceleration, "edges": self.edges}
        return hash_arrays(arrays | dict(self.attributes))

    def samples(self) -> Samples:
        """All snapshots, flattened; without those poorly estimated (`ends`, `reliable`)."""
        inner = slice(self.ends[0], self.n_times - self.ends[1])
        length = len(range(*inner.indices(self.n_times)))
        rows = np.arange(self.n_trajectories * length)
        if self.reliable is not None and self.reliable[:, inner].any():
            rows = np.flatnonzero(self.reliable[:, inner])

        def flat(array: np.ndarray) -> np.ndarray:
            return array[:, inner].reshape(-1, self.n_bodies, self.dim)[rows]

        return Samples(
            flat(self.position),
            flat(self.velocity),
            flat(self.acceleration),
            {name: value[rows // length] for name, value in self.attributes.items()},
            self.time[inner][rows % length],
            rows // length,
        )

    def _changed(self, **parts: Any) -> Trajectories:
        """A part of what was checked already: checked no more."""
        part = object.__new__(Trajectories)
        known = {key.name: getattr(self, key.name) for key in fields(self)}
        part.__dict__.update(known | parts)
        return part

    def select(self, trajectories: Int[np.ndarray, " kept"]) -> Trajectories:
        """Some of the trajectories, in the order of the indices."""
        return self._changed(
            position=self.position[trajectories],
            velocity=self.velocity[trajectories],
            acceleration=self.acceleration[trajectories],
            attributes={name: value[trajectories] for name, value in self.attributes.items()},
            reliable=None if self.reliable is None else self.reliable[trajectories],
            quick=None if self.quick is None else self.quick[trajectories],
            measured={name: value[trajectories] for name, value in self.measured.items()},
        )

    def with_order(
        self, order: Int[np.ndarray, " body"], *, receivers: int, note: str
    ) -> Trajectories:
        """The bodies in another order, of which the first ones are `receivers`, as `note` says."""
        place = np.argsort(order)
        return self._changed(
            position=self.position[:, :, order],
            velocity=self.velocity[:, :, order],
            acceleration=self.acceleration[:, :, order],
            attributes={name: value[:, order] for name, value in self.attributes.items()},
            edges=None if self.edges is None else place[self.edges],
            bodies=tuple(self.bodies[body] for body in order),
            quick=None if self.quick is None else self.quick[:, :, order],
            measured={name: value[:, :, order] for name, value in self.measured.items()},
            receivers=receivers,
            notes=(*self.notes, note),
        )

    def with_receivers(self, receivers: int) -> Trajectories:
        """The same with fewer receivers, the first ones."""
        return self._changed(receivers=receivers)

    def with_reliable(self, reliable: Bool[np.ndarray, "trajectory time"] | None) -> Trajectories:
        """The same, of which these snapshots may serve as samples; None: all."""
        return self._changed(reliable=reliable)

    def between(self, start: int, stop: int) -> Trajectories:
        """The frames from `start` up to, not including, `stop`, of every trajectory."""
        first, last = self.ends
        return self._changed(
            position=self.position[:, start:stop],
            velocity=self.velocity[:, start:stop],
            acceleration=self.acceleration[:, start:stop],
            time=self.time[start:stop],
            reliable=None if self.reliable is None else self.reliable[:, start:stop],
            quick=None if self.quick is None else self.quick[:, start:stop],
            measured={name: value[:, start:stop] for name, value in self.measured.items()},
            ends=(max(0, first - start), max(0, last - (self.n_times - stop))),
        )

    def rescaled(self, units: Units) -> Trajectories:
        """The same motion, measured in these units; words about it stay as they are."""
        if units.same:
            return self
        sizes: dict[str, float] = dict(
            zip(_KINEMATICS, (units.length, units.speed, units.acceleration), strict=True)
        )
        return self._changed(
            **{name: getattr(self, name) / size for name, size in sizes.items()},
            time=self.time / units.time,
            jumps=tuple(length / units.length for length in self.jumps),
            attributes={n: v / units.attribute(n) for n, v in self.attributes.items()},
            measured={name: value / sizes[name] for name, value in self.measured.items()},
        )

    def split(self, seed: int, *, validation: float = 0.1, test: float = 0.1) -> Split:
        """Train, validation and test parts of about these shares.

        Whole trajectories go to one part, so that no part holds neighbours in time of another's
        frames. One or two trajectories are cut into contiguous blocks of time instead: training
        first, then validation, then test; the seed does not matter then.

        **Raises** `InvalidSetting` if the shares leave nothing to train on, `NotEnoughData` if a
        part would be empty.
        """
        check_arguments(ParticlesSettings, seed=seed)
        if validation <= 0 or test <= 0 or validation + test >= 1:
            raise InvalidSetting(
                f"split: found validation={validation} and test={test}, expected shares above 0 "
                "whose sum is below 1; choose others"
            )
        by_time = self.n_trajectories < 3
        total, least = (self.n_times, 2) if by_time else (self.n_trajectories, 1)
        sizes = [max(round(share * total), least) for share in (validation, test)]
        cut = total - sizes[1], total - sum(sizes)
        if cut[1] < least:
            kind = "snapshots" if by_time else "trajectories"
            raise NotEnoughData(
                f"{self.name}: found {total} {kind}, too few to split into three parts; "
                "simulate or measure more"
            )
        if by_time:
            spans = ((0, cut[1]), (cut[1], cut[0]), (cut[0], total))
            return Split(*(self.between(*span) for span in spans))
        order = np.random.default_rng(seed).permutation(total)
        train, middle, last = order[: cut[1]], order[cut[1] : cut[0]], order[cut[0] :]
        return Split(*(self.select(np.sort(rows)) for rows in (train, middle, last)))
