"""Stretches of the motion of single bodies, each with its neighbours, in fixed shapes.

A change is a mean over up to five snapshots (`kernels.observed_changes`). So that laws need not be
evaluated five times for each, a stretch holds a dozen snapshots of one body, whose means overlap.
Neighbours are looked up once, in the box of their snapshot; where there are fewer than slots, the
rest is masked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.laws import Units
from forcelaw.laws.networks.kind_embedding import KIND
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import (
    Changes,
    FilledMotion,
    Order,
    along_edges,
    fill_motion,
    find_pairs,
)
from forcelaw.particles.kernels.neighbour_pairs import Pairs
from forcelaw.particles.networks.arrays import Entries, Windows
from forcelaw.particles.networks.settings import NETWORKS, NetworkSettings

_AROUND = 2
"""Snapshots on either side of a change that it is a mean over, at most."""


@dataclass(frozen=True, eq=False)
class Moving:
    """A recording as it is learned from."""

    part: Recording
    filled: FilledMotion
    velocity: Float[np.ndarray, "time body dim"]
    """Zeros in first order, where the law says it."""
    changes: Changes
    attributes: Mapping[str, Float[np.ndarray, " body"]]

    @classmethod
    def of(cls, data: Recordings, part: Recording, order: Order) -> Moving:
        """The motion of one recording under a law of some order."""
        filled, changes = fill_motion(part), order.changes(part)
        known = dict(part.attributes)
        if data.kinds:
            known[KIND] = data.kind_of(part).astype(float)
        if order.number == 1:
            return cls(part, filled, np.zeros_like(filled.velocity), changes, known)
        # A change is of use where velocities are known at all snapshots that it is a mean over.
        unknown = np.pad(~filled.moving, ((_AROUND, _AROUND), (0, 0)), constant_values=True)
        around = np.lib.stride_tricks.sliding_window_view(unknown, 2 * _AROUND + 1, axis=0)
        valid = changes.valid & ~(around & (changes.weights != 0)).any(axis=-1)
        kept = replace(changes, valid=valid)
        return cls(part, filled, _bridged(part, filled), kept, known)

    def pairs(self, first: int, last: int, cutoff: float) -> Pairs:
        """All pairs within the cutoff, or those of the edges, of the snapshots from `first` on."""
        span = slice(first, last)
        pairs = find_pairs(
            self.part, self.filled.position[span], self.filled.known[span], first, cutoff
        )
        if self.part.edges is None:
            return pairs
        kept = along_edges(self.part, pairs.receiver, pairs.sender)
        return Pairs(*(part[kept] for part in pairs))


def _bridged(part: Recording, filled: FilledMotion) -> Float[np.ndarray, "time body dim"]:
    """Velocities, of senders in gaps too: on a line between those that are known."""
    velocity = filled.velocity.copy()
    gaps = filled.known & ~filled.moving
    for body in np.flatnonzero(gaps.any(axis=0) & filled.moving.any(axis=0)):
        gap, known = gaps[:, body], filled.moving[:, body]
        for axis in range(part.dim):
            velocity[gap, body, axis] = np.interp(
                part.time[gap], part.time[known], velocity[known, body, axis]
            )
    return velocity


class _Stretch(NamedTuple):
    """The same snapshots of some bodies of one recording."""

    recording: int
    start: int
    bodies: Int[np.ndarray, " body"]
    fold: int


@dataclass(frozen=True, eq=False)
class Stretches:
    """All stretches that are taken, by fold."""

    windows: Windows
    entries: Entries
    fold: Int[np.ndarray, " window"]
    """Of each, the part of the time that it lies in."""


def cut_stretches(
    data: Recordings,
    moving: tuple[Moving, ...],
    cutoff: float,
    units: Units,
    order: Order,
    *,
    seed: int = 0,
    settings: NetworkSettings = NETWORKS,
) -> Stretches:
    """Stretches of all bodies, or as many as are stored, evenly in time and drawn among bodies.

    **Raises** `NotEnoughData` where no change is known.
    """
    around = (
        _AROUND if any((m.changes.weights[..., [0, 1, 3, 4]] != 0).any() for m in moving) else 0
    )
    longest = max(part.n_times for part in data)
    length = min(settings.window, longest) if around else 1
    length = max(length, 2 * around + 1)
    chosen = list(_choose(data, moving, cutoff, length, around, seed, settings))
    if not chosen:
        raise wrong_input(
            data.name,
            found="no body with a known change of its motion",
            expected=f"some that were seen in three snapshots in a row, for {order.target}",
            then="record more snapshots",
            error=NotEnoughData,
        )
    found = [(one, _near(moving[one.recording], one, length, cutoff)) for one in chosen]
    slots = max(1, *(int(counts.max(initial=0)) for _, (_, counts) in found))
    offsets = np.cumsum([0, *(part.n_times * part.n_bodies for part in data)])
    parts = [
        _window(
            moving[one.recording], one, length, around, pairs, slots, int(offsets[one.recording])
        )
        for one, (pairs, _) in found
    ]
    joined = Windows(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    windows, entries = _compact(joined, moving)
    fold = np.repeat([one.fold for one in chosen], [len(one.bodies) for one in chosen])
    scaled, own = _scaled(windows, entries, units, order)
    return Stretches(scaled, own, fold)


def _choose(
    data: Recordings,
    moving: tuple[Moving, ...],
    cutoff: float,
    length: int,
    around: int,
    seed: int,
    settings: NetworkSettings,
) -> Iterator[_Stretch]:
    """Which bodies are taken when, by recording and time."""
    step = length - 2 * around
    total = sum(part.n_times for part in data)
    pairs = 0.0
    for one in moving:
        middle = one.part.n_times // 2
        pairs += len(one.pairs(middle, middle + 1, cutoff).length) * one.part.n_times
    share = min(1.0, settings.stored_pairs / max(pairs * length / step, 1))
    chance, before, due = np.random.default_rng(seed), 0, 0.0
    for index, one in enumerate(moving):
        bodies, times = one.part.n_bodies, one.part.n_times
        of_bodies = max(share, min(1.0, settings.together / bodies))
        for start in range(1 - around, times - 1, step) if around else range(times):
            due += share / of_bodies
            if due < 1 - 1e-9:
                continue
            due -= 1
            inner = slice(max(start + around, 0), max(start + length - around, 0))
            known = np.flatnonzero(one.changes.valid[inner].any(axis=0))
            if share < 1 and len(known):
                count = max(1, round(of_bodies * len(known)))
                known = np.sort(chance.choice(known, min(count, len(known)), replace=False))
            middle = (before + min(start + length // 2, times - 1)) / total
            if len(known):
                fold = int(middle * settings.folds * settings.turns) % settings.folds
                yield _Stretch(index, start, known, fold)
        before += times


def _near(
    one: Moving, stretch: _Stretch, length: int, cutoff: float
) -> tuple[Pairs, Int[np.ndarray, "time body"]]:
    """The pairs of a stretch, `snapshot` counted from its start, and how many each body has."""
    first, last = max(stretch.start, 0), min(stretch.start + length, one.part.n_times)
    pairs = one.pairs(first, last, cutoff)
    place = np.full(one.part.n_bodies, -1)
    place[stretch.bodies] = np.arange(len(stretch.bodies))
    kept = place[pairs.receiver] >= 0
    pairs = Pairs(*(part[kept] for part in pairs))
    pairs = pairs._replace(snapshot=pairs.snapshot + first - stretch.start)
    counts = np.zeros((length, len(stretch.bodies)), int)
    np.add.at(counts, (pairs.snapshot, place[pairs.receiver]), 1)
    return pairs, counts


def _window(
    one: Moving,
    stretch: _Stretch,
    length: int,
    around: int,
    pairs: Pairs,
    slots: int,
    offset: int,
) -> Windows:
    """The arrays of one stretch; senders and receivers are counted over all data."""
    bodies, dim, count = stretch.bodies, one.part.dim, one.part.n_bodies
    times = np.arange(stretch.start, stretch.start + length)
    there = (times >= 0) & (times < one.part.n_times)
    inside = np.clip(times, 0, one.part.n_times - 1)
    receiver = offset + inside[None, :] * count + bodies[:, None]
    shape = (len(bodies), length, slots)
    sender = np.repeat(receiver[..., None], slots, axis=2)
    difference, near = np.zeros((*shape, dim)), np.zeros(shape, bool)
    place = np.full(count, -1)
    place[bodies] = np.arange(len(bodies))
    # Pairs are sorted by snapshot and receiver.
    group = pairs.snapshot * count + pairs.receiver
    slot = np.arange(len(group)) - np.searchsorted(group, group)
    at = place[pairs.receiver], pairs.snapshot, slot
    near[at], difference[at] = True, pairs.difference
    sender[at] = offset + (stretch.start + pairs.snapshot) * count + pairs.sender
    inner = np.zeros(length, bool)
    inner[around : length - around] = True
    valid = one.changes.valid[inside][:, bodies] & (there & inner)[:, None]
    return Windows(
        difference,
        sender,
        near,
        receiver,
        one.changes.value[inside][:, bodies].swapaxes(0, 1),
        (one.changes.weights[inside][:, bodies] * valid[..., None]).swapaxes(0, 1),
        valid.T,
    )


def _compact(windows: Windows, moving: tuple[Moving, ...]) -> tuple[Windows, Entries]:
    """Only the entries that are used."""
    both = np.concatenate([windows.sender.ravel(), windows.receiver.ravel()])
    used, place = np.unique(both, return_inverse=True)
    sender, receiver = np.split(place.ravel(), [windows.sender.size])
    velocity = np.concatenate([one.velocity.reshape(-1, one.part.dim) for one in moving])
    attributes = {
        name: np.concatenate([np.tile(one.attributes[name], one.part.n_times) for one in moving])[
            used
        ]
        for name in moving[0].attributes
    }
    placed = windows._replace(
        sender=sender.reshape(windows.sender.shape),
        receiver=receiver.reshape(windows.receiver.shape),
    )
    return placed, Entries(velocity[used], attributes)


def _scaled(
    windows: Windows, entries: Entries, units: Units, order: Order
) -> tuple[Windows, Entries]:
    """The same in units, masked neighbours at distance one."""
    difference = windows.difference / units.length
    difference[~windows.near, 0] = 1.0
    target = windows.target / (units.acceleration if order.number == 2 else units.speed)
    own = {name: value / units.attribute(name) for name, value in entries.attributes.items()}
    scaled = windows._replace(difference=difference, target=target)
    return scaled, Entries(entries.velocity / units.speed, own)
