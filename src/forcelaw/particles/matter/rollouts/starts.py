"""Where a rollout of a law begins: bodies, their kinds and constants, and the box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError, NotEnoughData, check_type, wrong_input
from forcelaw.particles.data import Cell, Recording, Recordings
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.kernels import fill_motion
from forcelaw.particles.matter.force_law import ForceLaw
from forcelaw.storage import ParsedObject, plain


@dataclass(frozen=True, eq=False)
class Start:
    """One snapshot of the bodies that are there."""

    position: Float[np.ndarray, "body dim"]
    velocity: Float[np.ndarray, "body dim"]
    """Zeros where the law says velocities itself."""
    species: tuple[str, ...]
    """Empty where all are alike."""
    attributes: Mapping[str, Float[np.ndarray, " body"]]
    cell: Cell | None
    bodies: tuple[str, ...]
    step: float
    """The time between snapshots, typically."""
    name: str
    edges: Int[np.ndarray, "edge 2"] | None = None
    """Rows (sender, receiver) of bonds."""
    heading: Float[np.ndarray, " body"] | None = None
    """Angles in radians; None where none were recorded."""
    time: float = 0.0
    """When it is: fields may vary in time."""

    @classmethod
    def of(cls, part: Recording, order: int) -> Start:
        """The first snapshot in which a body has all that it needs.

        Velocities that were not recorded are those of a parabola through three snapshots.

        **Raises** `NotEnoughData` where there is no such snapshot.
        """
        filled = fill_motion(part)
        first, chosen = first_snapshot(part, order)
        if not len(chosen):
            raise wrong_input(
                part.name,
                found="no body whose place and velocity are known at the start",
                expected="three snapshots in a row of some",
                then="start from another recording",
                error=NotEnoughData,
            )
        velocity = filled.velocity[first, chosen] if order == 2 else 0 * part.position[0, chosen]
        cell = part.cell
        return cls(
            part.position[first, chosen],
            velocity,
            tuple(part.species[b] for b in chosen) if part.species else (),
            {name: value[chosen] for name, value in part.attributes.items()},
            None if cell is None else Cell(cell.at(first)[None], cell.periodic),
            tuple(part.bodies[b] for b in chosen),
            float(np.median(np.diff(part.time))),
            part.name,
            _edges_among(part, chosen),
            None if part.heading is None else part.heading[first, chosen],
            float(part.time[first]),
        )

    def to_json(self) -> ParsedObject:
        """As runs hold it."""
        return {
            "position": plain(self.position),
            "velocity": plain(self.velocity),
            "species": list(self.species),
            "attributes": plain(dict(self.attributes)),
            "box": None if self.cell is None else plain(self.cell.vectors[0]),
            "periodic": None if self.cell is None else list(self.cell.periodic),
            "bodies": list(self.bodies),
            "step": self.step,
            "name": self.name,
            "edges": None if self.edges is None else plain(self.edges),
            "heading": None if self.heading is None else plain(self.heading),
            "time": self.time,
        }

    @classmethod
    def from_json(cls, document: ParsedObject) -> Start:
        """What `to_json` wrote."""
        box = document["box"]
        return cls(
            np.asarray(document["position"], float),
            np.asarray(document["velocity"], float),
            tuple(document["species"]),
            {name: np.asarray(value, float) for name, value in document["attributes"].items()},
            None if box is None else Cell(np.asarray([box], float), tuple(document["periodic"])),
            tuple(document["bodies"]),
            float(document["step"]),
            str(document["name"]),
            None if document["edges"] is None else _edges(document["edges"]),
            None if document.get("heading") is None else np.asarray(document["heading"], float),
            float(document.get("time", 0)),
        )


def first_snapshot(part: Recording, order: int) -> tuple[int, Int[np.ndarray, " body"]]:
    """The number of the snapshot that motion starts from, and the bodies that do."""
    ready = part.present if order == 1 else fill_motion(part).moving & part.present
    # As many bodies as ever, in the first snapshots.
    many = ready.sum(axis=1)
    first = int(np.argmax(many >= many[: max(3, len(many) // 10)].max()))
    return first, np.flatnonzero(ready[first])


def _edges_among(
    part: Recording, chosen: Int[np.ndarray, " body"]
) -> Int[np.ndarray, "edge 2"] | None:
    """The bonds between some of the bodies, counted among these."""
    if part.edges is None:
        return None
    place = np.full(part.n_bodies, -1)
    place[chosen] = np.arange(len(chosen))
    edges = place[part.edges]
    return edges[(edges >= 0).all(axis=1)]


def _edges(rows: Any) -> Int[np.ndarray, "edge 2"]:
    return np.asarray(rows, np.int64).reshape(-1, 2)


def list_starts(given: Recording | Recordings | Initial | Start, order: int) -> tuple[Start, ...]:
    """One for each recording or trajectory.

    **Raises** `InvalidSetting` for anything else.
    """
    if isinstance(given, Start):
        return (given,)
    if isinstance(given, Recording):
        return (Start.of(given, order),)
    if isinstance(given, Recordings):
        return tuple(Start.of(part, order) for part in given)
    check_type("rollout", given, Initial, then="give recordings, or of trajectories data.initial")
    position, velocity = (
        np.asarray(array, float) for array in (given.state.position, given.state.velocity)
    )
    if position.ndim == 2:
        position, velocity = position[None], velocity[None]
    known = {name: np.asarray(v, float) for name, v in given.attributes.node.items()}
    shape = position.shape[:2]
    known = {name: np.broadcast_to(value, shape) for name, value in known.items()}
    return tuple(
        Start(
            position[k],
            velocity[k],
            (),
            {name: value[k] for name, value in known.items()},
            None,
            tuple(map(str, range(shape[1]))),
            1.0,
            f"trajectory {k}",
        )
        for k in range(shape[0])
    )


def check_kinds(start: Start, kinds: tuple[str, ...]) -> None:
    """**Raises** `InputError` for bodies of a kind that the law does not know."""
    unknown = sorted(set(start.species) - set(kinds)) if kinds else []
    if unknown or (kinds and not start.species):
        raise InputError(
            f"{start.name}: found {f'the kind {unknown[0]!r}' if unknown else 'no kinds'}, "
            f"expected {', '.join(kinds)}; the law that was found is that of these kinds"
        )


def check_headings(start: Start, law: ForceLaw) -> None:
    """**Raises** `InputError` for bodies without headings where the law reads them."""
    if law.reads_heading and start.heading is None:
        raise wrong_input(
            start.name,
            found="bodies without headings",
            expected="the angle of each, which the law that was found reads",
            then="give 'heading', in radians",
        )
