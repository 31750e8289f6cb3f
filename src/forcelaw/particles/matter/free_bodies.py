"""Bodies on which nothing acts, or nothing of others, and what is said of these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import Order
from forcelaw.particles.matter.force_law import ForceLaw
from forcelaw.particles.matter.judgement import Judgement
from forcelaw.particles.shaped_terms import TripleTerm

_ROUNDING = 8.0
"""Times the last digit of a number by which a difference of differences may be off."""


def moves_evenly(data: Recordings, order: Order, receiver: int) -> bool:
    """Whether no change of a kind's motion is more than rounding: nothing acts on it then."""
    kinds = [data.kind_of(part) == receiver for part in data]
    return all(_is_even(part, order, own) for part, own in zip(data, kinds, strict=True))


def _is_even(part: Recording, order: Order, own: Bool[np.ndarray, " body"]) -> bool:
    changes = order.changes(part)
    moved = np.abs(changes.value[changes.valid & own])
    there = part.present & own
    if not moved.size or order.number == 1 or part.acceleration is not None:
        return not moved.any()
    source, power = (part.position, 2) if part.velocity is None else (part.velocity, 1)
    # Times are rounded, too: a body of this speed is elsewhere by as much.
    digit = np.finfo(float).eps * (_largest(source, there) + _late(part, source, there))
    return bool(np.sqrt(np.mean(moved**2)) <= _ROUNDING * digit / np.diff(part.time).min() ** power)


def _largest(
    value: Float[np.ndarray, "time body dim"], there: Bool[np.ndarray, "time body"]
) -> float:
    return float(np.abs(value[there]).max())


def _late(
    part: Recording,
    source: Float[np.ndarray, "time body dim"],
    there: Bool[np.ndarray, "time body"],
) -> float:
    """By how much rounded times move bodies, over the last digit."""
    rates = np.diff(source, axis=0) / np.diff(part.time)[:, None, None]
    return _largest(rates, there[1:] & there[:-1]) * float(np.abs(part.time).max())


def describe_free_bodies(
    data: Recordings, law: ForceLaw, judgements: Sequence[Judgement]
) -> tuple[str, ...]:
    """That bodies do not act on each other, or that for some kinds it cannot be seen."""
    notes = []
    even = [judged.even for judged in judgements]
    if all(even):
        notes.append(
            "bodies do not act on each other, nor does anything else: they move on as they were, "
            "up to rounding"
        )
    elif not law.pairs and not any(isinstance(one.term, TripleTerm) for one in law.shaped):
        notes.append(
            "bodies do not act on each other: no force between them predicts held-out motion "
            "any better"
        )
    kinds = list(enumerate(data.kinds))
    if not all(even):
        notes += [
            f"nothing acts on {name!r}: it moves on as it was, up to rounding"
            for kind, name in kinds
            if even[kind]
        ]
    lonely = [
        repr(name)
        for kind, name in kinds
        if max(int((data.kind_of(part) == kind).sum()) for part in data) == 1
    ]
    if lonely:
        of = f"kind{'s' * (len(lonely) > 1)} {', '.join(lonely)}"
        notes.append(
            f"of {of} there is only one body: how two of a kind act on each other is seen where "
            "there are two"
        )
    return tuple(notes)
