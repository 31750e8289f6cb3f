"""Rows of a table in any order, sorted into trajectories, times and bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InputError, unreadable
from forcelaw.particles.io.column_names import Header
from forcelaw.particles.io.trajectory_parts import TrajectoryParts
from forcelaw.particles.snapshots import Snapshot, Source

_SAME_TIME = 1e-9
"""Share of the largest time by which clocks that are added up may differ..."""
_APART = 0.1
"""...if that is less than this share of the time between a body's rows."""
_SHOWN = 5
"""Names or times that a message lists."""
NOTHING = ("", "nan", "none", "null", "na", "n/a", "<na>")
"""What programs write, in small letters, where there is no name."""


@dataclass(frozen=True)
class Grid:
    """The rows of a table, and how to say where one stands."""

    place: Any
    header: Header
    columns: dict[str, Float[np.ndarray, " row"]]
    labels: Mapping[str, np.ndarray]
    """Of `trajectory` (if there are several), `body` and `species` (if told): numbers or text."""
    line: Callable[[int], int | None]

    def motion(self) -> TrajectoryParts | tuple[Source, ...]:
        """The trajectories that the rows are of; snapshots where they are not all alike.

        That is where bodies come and go, are of kinds that are named, have headings, or where
        trajectories are of different bodies or times.

        **Raises** `InputError` for rows that are there twice, and for attributes that change in
        time where all else is alike.
        """
        rows = len(self.columns["time"])
        trajectory, trajectories = label_codes(self.labels.get("trajectory", np.zeros(rows)))
        body, names = label_codes(self.labels["body"])
        time = _common_clock(trajectory, body, self.columns["time"])
        order = np.lexsort((body, time, trajectory))
        ordered = _Ordered(order, trajectory[order], time[order], body[order])
        self._check_twice(ordered, trajectories, names)
        notes = (*self.header.notes, *self._sorted(trajectory, body, time, names))
        more = "species" in self.labels or "heading" in self.columns
        shape = None if more else ordered.shape()
        if shape is None:
            return self._sources(ordered, trajectories, names, notes)

        def grid(name: str) -> np.ndarray:
            return self.columns[name][order].reshape(shape)

        codes = ordered.body.reshape(shape)
        vectors = {
            key: np.stack([grid(name) for name in components], axis=-1)
            for key, components in self.header.components.items()
        }
        attributes = {name: grid(name) for name in self.header.attributes}
        self._constant(attributes, order)
        one_cast = bool((codes == codes[0, 0]).all())
        return TrajectoryParts(
            **vectors,
            time=ordered.time.reshape(shape)[0, :, 0],
            attributes={name: value[:, 0] for name, value in attributes.items()},
            bodies=tuple(names[code] for code in codes[0, 0].tolist()) if one_cast else (),
            notes=notes,
        )

    def _sources(
        self,
        rows: _Ordered,
        trajectories: Sequence[str],
        names: Sequence[str],
        notes: tuple[str, ...],
    ) -> tuple[Source, ...]:
        """Each trajectory as snapshots."""
        starts, stops = rows.spans()
        owner = rows.trajectory[starts]
        place = Path(str(self.place)).name
        title = [place if len(trajectories) == 1 else f"{place}, {t}" for t in trajectories]
        # Of the long arrays only these are kept until the last snapshot is read.
        body, order, times = rows.body, rows.order, rows.time[starts]
        components, attributes = self.header.components, tuple(self.header.attributes)
        angles = ("heading",) if "heading" in self.columns else ()
        needed = (*(name for names in components.values() for name in names), *attributes, *angles)
        columns = {name: self.columns[name] for name in needed}
        kinds = self.labels.get("species")
        if kinds is not None:
            codes, labels = label_codes(kinds)
            kinds = np.array(labels)[codes]

        def snapshots(index: int) -> Iterator[Snapshot]:
            for k in np.flatnonzero(owner == index):
                # Row by row: all columns in another order would take as much memory again.
                part = slice(starts[k], stops[k])
                here = order[part]

                def vector(key: str, here: np.ndarray = here) -> np.ndarray | None:
                    if key not in components:
                        return None
                    return np.stack([columns[name][here] for name in components[key]], axis=-1)

                position = vector("position")
                assert position is not None
                yield Snapshot(
                    position=position,
                    velocity=vector("velocity"),
                    acceleration=vector("acceleration"),
                    heading=columns["heading"][here] if angles else None,
                    ids=body[part],
                    kind=None if kinds is None else kinds[here],
                    constants={name: columns[name][here] for name in attributes},
                    time=float(times[k]),
                )

        return tuple(
            Source(snapshots(i), names=tuple(names), name=title[i], notes=notes)
            for i in range(len(trajectories))
        )

    def _wrong(self, row: Any, **words: str) -> InputError:
        line = None if row is None else self.line(int(row))
        return unreadable(self.place, line, **words)

    def _check_twice(
        self, rows: _Ordered, trajectories: Sequence[str], names: Sequence[str]
    ) -> None:
        twice = np.flatnonzero(rows.same & (np.diff(rows.body) == 0))
        if not twice.size:
            return
        row = twice[0]
        first, second = sorted((rows.order[row], rows.order[row + 1]))
        also = self.line(int(first))
        raise self._wrong(
            second,
            found=f"trajectory {trajectories[int(rows.trajectory[row])]}, time "
            f"{rows.time[row]:g}, body {names[int(rows.body[row])]!r} once more"
            + (f" (also in line {also})" if also else ""),
            expected="one row each",
            then="remove the duplicate",
        )

    def _sorted(
        self,
        trajectory: Int[np.ndarray, " row"],
        body: Int[np.ndarray, " row"],
        time: Float[np.ndarray, " row"],
        names: Sequence[str],
    ) -> tuple[str, ...]:
        """What is said of rows that are not in the order of time."""
        rows = np.lexsort((body, trajectory))
        same = (np.diff(trajectory[rows]) == 0) & (np.diff(body[rows]) == 0)
        late = rows[1:][same & (np.diff(time[rows]) < 0)]
        if not late.size:
            return ()
        row = int(late.min())
        line = self.line(row)
        at = "" if line is None else f" in line {line}"
        first = f"body {names[int(body[row])]!r} at time {time[row]:g}{at} comes after a later one"
        return (f"rows are put in the order of time: {first}",)

    def _constant(self, attributes: dict[str, np.ndarray], order: np.ndarray) -> None:
        varying = [n for n, value in attributes.items() if (value != value[:, :1]).any()]
        if not varying:
            return
        name = "mass" if "mass" in varying else varying[0]
        value = attributes[name]
        i, t, k = np.argwhere(value != value[:, :1])[0]
        others = [repr(other) for other in varying if other != name][:_SHOWN]
        also = f"; {', '.join(others)} change, too" if others else ""
        bright = " (the brightness or area of an image is no mass)" if name == "mass" else ""
        raise self._wrong(
            order.reshape(value.shape)[i, t, k],
            found=f"{value[i, t, k]:g} in the column {name!r} after {value[i, 0, k]:g}{also}",
            expected=f"attributes that do not change with time{bright}",
            then="remove these columns if they are not attributes of a body",
        )


class _Ordered(NamedTuple):
    """Rows sorted by trajectory, time and body."""

    order: Int[np.ndarray, " row"]
    trajectory: Int[np.ndarray, " row"]
    time: Float[np.ndarray, " row"]
    body: Int[np.ndarray, " row"]

    @property
    def same(self) -> Bool[np.ndarray, " step"]:
        """Whether the next row is of the same snapshot."""
        return (np.diff(self.trajectory) == 0) & (np.diff(self.time) == 0)

    def spans(self) -> tuple[Int[np.ndarray, " snapshot"], Int[np.ndarray, " snapshot"]]:
        """The first row of every snapshot, and the one behind its last."""
        starts = np.concatenate([[0], np.flatnonzero(~self.same) + 1])
        return starts, np.append(starts[1:], len(self.order))

    def shape(self) -> tuple[int, int, int] | None:
        """How many trajectories, times and bodies; None where these are not alike."""
        starts, stops = self.spans()
        frames = np.bincount(self.trajectory[starts])
        sizes = stops - starts
        if (frames != frames[0]).any() or (sizes != sizes[0]).any():
            return None
        shape = len(frames), int(frames[0]), int(sizes[0])
        body, time = self.body.reshape(shape), self.time.reshape(shape)[:, :, 0]
        since = time - time[:, :1]
        close = _SAME_TIME * max(since[0, -1], np.abs(time).max())
        if (body != body[:, :1]).any() or (np.abs(since - since[0]) > close).any():
            return None
        return shape


def _common_clock(
    trajectory: Int[np.ndarray, " row"],
    body: Int[np.ndarray, " row"],
    time: Float[np.ndarray, " row"],
) -> Float[np.ndarray, " row"]:
    """The same times, those equal that differ only by how a clock was added up."""
    by_body = np.lexsort((time, body, trajectory))
    same = (np.diff(trajectory[by_body]) == 0) & (np.diff(body[by_body]) == 0)
    steps = np.diff(time[by_body])[same]
    steps = steps[steps > 0]
    if not steps.size:
        return time
    close = min(_SAME_TIME * float(np.abs(time).max()), _APART * float(np.median(steps)))
    order = np.lexsort((time, trajectory))
    new = (np.diff(time[order]) > close) | (np.diff(trajectory[order]) != 0)
    starts = np.concatenate([[0], np.flatnonzero(new) + 1])
    out = np.empty_like(time)
    out[order] = np.repeat(time[order][starts], np.diff([*starts, len(time)]))
    return out


def label_codes(labels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for every label, in the order of the labels: as numbers if all of them are."""
    if labels.dtype.kind == "U":
        labels = np.char.strip(labels)
    distinct, codes = np.unique(labels, return_inverse=True)
    if labels.dtype.kind == "f":
        return codes, [f"{value:.15g}" for value in distinct]
    return codes, distinct.tolist()
