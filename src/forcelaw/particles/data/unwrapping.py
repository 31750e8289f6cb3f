"""Positions in a periodic box, followed across its sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.files import many
from forcelaw.particles.data.recording import Cell

_NEAR_HALF = 0.4
"""Share of the box from which a step is nearly as well explained by one through the other side."""


def unwrap_steps(
    position: Float[np.ndarray, "time body dim"],
    present: Bool[np.ndarray, "time body"],
    velocity: Float[np.ndarray, "time body dim"] | None,
    time: Float[np.ndarray, " time"],
    cell: Cell,
    bodies: Sequence[str],
) -> tuple[str, ...]:
    """Moves positions, in place, by whole vectors of the box so that bodies make no jumps.

    From where a body was seen last, it took the step that is nearest to what its velocities say
    or, without any, the smallest one, in shares of the box at either time: a box that changes
    takes its bodies with it. Gaps are crossed likewise.

    **Returns** sentences that say what was done, and where it is a guess.
    """
    periodic = np.array(cell.periodic)
    seen = present[0].copy()
    last = np.where(seen[:, None], position[0], 0.0) @ np.linalg.inv(cell.at(0))
    when = np.full(len(seen), time[0])
    speed = None if velocity is None else velocity[0].copy()
    shift = np.zeros(position.shape[1:])
    crossings, doubtful, first = 0, 0, ""
    inverse = np.linalg.inv(cell.at(0))
    for t in range(1, len(position)):
        here = present[t]
        if len(cell.vectors) > 1:
            inverse = np.linalg.inv(cell.at(t))
        share = np.where(here[:, None], position[t], 0.0) @ inverse
        step = share - last
        if speed is not None and velocity is not None:
            mean = (speed + velocity[t]) / 2 * (time[t] - when)[:, None]
            step -= np.nan_to_num(mean @ inverse)
            speed[here] = velocity[t, here]
        whole = np.rint(step) * periodic
        whole[~(here & seen)] = 0.0
        doubt = (np.abs(step - whole) > _NEAR_HALF) & periodic & (here & seen)[:, None]
        if doubt.any():
            doubtful += int(doubt.sum())
            first = first or f"body {bodies[int(doubt.any(axis=1).argmax())]!r} at {time[t]:g}"
        crossings += int(np.sum((whole != shift)[here & seen]))
        shift[here] = whole[here]
        if whole.any():
            position[t] -= whole @ cell.at(t)
            share -= whole
        last[here], when[here] = share[here], time[t]
        seen |= here
    notes = []
    if crossings:
        how = "the smallest step" if velocity is None else "velocities"
        notes.append(
            f"positions were unwrapped across the periodic box by {how} "
            f"({many(crossings, 'crossing')})"
        )
    if doubtful:
        notes.append(
            f"{many(doubtful, 'step')} of nearly half the box (first: {first}): through which side "
            "these bodies went is a guess; record more often"
        )
    return tuple(notes)


def nearest_steps(
    position: Float[np.ndarray, "time body dim"], cell: Cell | None
) -> Float[np.ndarray, "step body dim"]:
    """From snapshot to snapshot the smallest step among all images."""
    step = np.diff(position, axis=0)
    if cell is None:
        return step
    vectors = np.broadcast_to(cell.vectors, (len(position), *cell.vectors.shape[1:]))[1:]
    whole = np.rint(np.einsum("tbi,tij->tbj", step, np.linalg.inv(vectors)))
    return step - np.einsum("tbi,tij->tbj", whole * np.array(cell.periodic), vectors)
