"""Rows of a table in any order, sorted into trajectories, times and bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError, unreadable
from forcelaw.files import many
from forcelaw.particles.io.column_names import Header
from forcelaw.particles.io.trajectory_parts import TrajectoryParts

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
    """Of `trajectory` (if there are several) and `body`: numbers or text."""
    line: Callable[[int], int | None]

    def trajectories(self) -> TrajectoryParts:
        """The trajectories that the rows are of.

        **Raises** `InputError` for rows that are there twice, bodies that come and go,
        trajectories of different times, and attributes that change in time.
        """
        rows = len(self.columns["time"])
        trajectory, trajectories = label_codes(self.labels.get("trajectory", np.zeros(rows)))
        body, names = label_codes(self.labels["body"])
        time = _common_clock(trajectory, body, self.columns["time"])
        order = np.lexsort((body, time, trajectory))
        keys = trajectory[order], time[order], body[order]
        shape = self._shape(*keys, order, trajectories, names)

        def grid(name: str) -> np.ndarray:
            return self.columns[name][order].reshape(shape)

        codes = body[order].reshape(shape)
        vectors = {
            key: np.stack([grid(name) for name in components], axis=-1)
            for key, components in self.header.components.items()
        }
        attributes = {name: grid(name) for name in self.header.attributes}
        self._constant(attributes, order)
        one_cast = bool((codes == codes[0, 0]).all())
        return TrajectoryParts(
            **vectors,
            time=self._common_times(time[order].reshape(shape)[:, :, 0], trajectories),
            attributes={name: value[:, 0] for name, value in attributes.items()},
            bodies=tuple(names[code] for code in codes[0, 0].tolist()) if one_cast else (),
            notes=tuple(self.header.notes),
        )

    def _wrong(self, row: Any, **words: str) -> InputError:
        line = None if row is None else self.line(int(row))
        return unreadable(self.place, line, **words)

    def _shape(
        self,
        trajectory: Int[np.ndarray, " row"],
        time: Float[np.ndarray, " row"],
        body: Int[np.ndarray, " row"],
        order: Int[np.ndarray, " row"],
        trajectories: Sequence[str],
        names: Sequence[str],
    ) -> tuple[int, int, int]:
        """How many trajectories, times and bodies; the arguments are sorted."""
        same = (np.diff(trajectory) == 0) & (np.diff(time) == 0)
        twice = np.flatnonzero(same & (np.diff(body) == 0))
        if twice.size:
            row = twice[0]
            first, second = sorted((order[row], order[row + 1]))
            also = self.line(int(first))
            raise self._wrong(
                second,
                found=f"trajectory {trajectories[int(trajectory[row])]}, time {time[row]:g}, body "
                f"{names[int(body[row])]!r} once more"
                + (f" (also in line {also})" if also else ""),
                expected="one row each",
                then="remove the duplicate",
            )
        starts = np.concatenate([[0], np.flatnonzero(~same) + 1])
        frames = np.bincount(trajectory[starts])
        self._complete(trajectory, time, body, frames, trajectories, names)
        sizes = np.bincount(trajectory) // frames
        for counts, what, then in (
            (sizes, "body", "every trajectory needs the same number of bodies"),
            (frames, "time step", "cut all trajectories to the same number of time steps"),
        ):
            odd = np.flatnonzero(counts != counts[0])
            if odd.size:
                raise self._wrong(
                    None,
                    found=f"{many(int(counts[odd[0]]), what)} in trajectory {trajectories[odd[0]]}",
                    expected=f"{counts[0]}, as in trajectory {trajectories[0]}",
                    then=then,
                )
        return len(frames), int(frames[0]), int(sizes[0])

    def _complete(self, trajectory, time, body, frames, trajectories, names) -> None:
        """Every body of a trajectory at each of its times."""
        keys = trajectory.astype(np.int64) * len(names) + body
        present, counts = np.unique(keys, return_counts=True)
        lacking = np.flatnonzero(counts < frames[present // len(names)])
        if not lacking.size:
            return
        key = present[lacking[0]]
        one, code = divmod(int(key), len(names))
        times = np.unique(time[trajectory == one])
        missing = ~np.isin(times, time[keys == key])
        there = int(np.sum(present // len(names) == one))
        gone = int(np.sum(present[lacking] // len(names) == one))
        where = "" if len(trajectories) == 1 else f" of trajectory {trajectories[one]}"
        unit = "frames" if self.header.counted else "times"
        rows = trajectory == one
        start, stop, held = _longest(time[rows], body[rows])
        stretch = f"{unit} {start:g} to {stop:g}, with the same {many(held, 'body')} throughout"
        raise self._wrong(
            None,
            found=f"body {names[code]!r}{where} missing at {unit} {_spans(times, missing)}, and "
            f"{gone - 1} of {there - 1} other bodies missing somewhere",
            expected="every body at every time of its trajectory: bodies that come and go are not "
            "read yet",
            then=f"keep a stretch of time, such as {stretch}",
        )

    def _common_times(self, time: np.ndarray, trajectories: Sequence[str]) -> np.ndarray:
        since = time - time[:, :1]
        gap = np.abs(since - since[0])
        close = _SAME_TIME * max(since[0, -1], np.abs(time).max())
        odd = np.argwhere(gap > close)
        if odd.size:
            i, t = odd[0]
            raise self._wrong(
                None,
                found=f"step {t} of trajectory {trajectories[i]} {since[i, t]:g} after its start",
                expected=f"{since[0, t]:g}, as in trajectory {trajectories[0]}",
                then="all trajectories need the same times since their start: resample them",
            )
        return time[0]

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


def _longest(
    time: Float[np.ndarray, " row"], body: Int[np.ndarray, " row"]
) -> tuple[float, float, int]:
    """The longest stretch of time with the same bodies: start, end, number; rows are sorted."""
    starts = np.flatnonzero(np.diff(time, prepend=time[0] - 1.0) != 0)
    # Sums of random numbers tell sets of bodies apart.
    code = np.random.default_rng(0).integers(1, 2**62, body.max() + 1, dtype=np.uint64)
    cast = np.add.reduceat(code[body], starts)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(cast) != 0) + 1, [len(cast)]])
    best = int(np.argmax(np.diff(edges)))
    first, last = starts[edges[best]], starts[edges[best + 1] - 1]
    return float(time[first]), float(time[last]), int(np.sum(time == time[first]))


def _spans(times: Float[np.ndarray, " time"], missing: np.ndarray) -> str:
    """Runs of missing times, the first of them written out."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(int)))
    runs = [(times[a], times[b - 1]) for a, b in edges.reshape(-1, 2)]
    shown = [f"{a:g}" if a == b else f"{a:g}-{b:g}" for a, b in runs[:_SHOWN]]
    return ", ".join(shown) + (", ..." if len(runs) > _SHOWN else "")


def label_codes(labels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A number for every label, in the order of the labels: as numbers if all of them are."""
    if labels.dtype.kind == "U":
        labels = np.char.strip(labels)
    distinct, codes = np.unique(labels, return_inverse=True)
    if labels.dtype.kind == "f":
        return codes, [f"{value:.15g}" for value in distinct]
    return codes, distinct.tolist()
