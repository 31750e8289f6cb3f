"""Which row of a snapshot is which body, and what stays the same of a body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

from forcelaw.errors import wrong_input
from forcelaw.files import listed, many
from forcelaw.laws import SHORT_NAMES
from forcelaw.particles.snapshots.snapshot import Snapshot

_FREE = 4_000_000
"""Entries of the table of bodies and times that may be empty."""
_EMPTY = 50
"""Beyond these, how many times as many as those that are not."""
_LARGEST = 1e150
"""Larger numbers have squares that double precision does not hold."""
_KEPT = ("mass", "charge")
"""Attributes that mean something even where all bodies are alike in them."""


class Named(NamedTuple):
    """The bodies of all snapshots, sorted, and the body of every row by snapshot."""

    bodies: tuple[str, ...]
    columns: list[Int[np.ndarray, " row"]]
    ids: Shaped[np.ndarray, " body"]

    def edges(self, pairs: Int[np.ndarray, "edge 2"]) -> Int[np.ndarray, "edge 2"]:
        """Pairs of ids as pairs of bodies; without those of whom one is never seen."""
        kept = pairs[np.isin(pairs, self.ids).all(axis=1)]
        return np.searchsorted(self.ids, kept).astype(np.int64)


def name_bodies(frames: Sequence[Snapshot], names: Sequence[str], place: Any) -> Named:
    """Follows bodies by their ids, or by their order where there are none.

    **Arguments:** `names`: of the bodies, where ids count them.

    **Raises** `InputError` where they cannot be followed.
    """
    first = frames[0]
    for index, frame in enumerate(frames):
        if (frame.ids is None) != (first.ids is None):
            raise wrong_input(
                place,
                frame.line,
                found=f"ids of bodies in some snapshots, {'not ' * (frame.ids is None)}in {index}",
                expected="ids in all snapshots or in none",
                then="write them into all",
            )
        if frame.ids is None and len(frame.position) != len(first.position):
            raise wrong_input(
                place,
                frame.line,
                found=f"{many(len(frame.position), 'body')} in snapshot {index} without ids",
                expected=f"{len(first.position)}, as in the first: without ids nobody can be "
                "followed when others come and go",
                then="write the id of every body, too",
            )
    if first.ids is None:
        order = np.arange(len(first.position))
        return Named(_named(order, names), [order] * len(frames), order)
    distinct = {id(frame.ids): frame.ids for frame in frames}
    known = np.unique(np.concatenate([ids for ids in distinct.values() if ids is not None]))
    entries = sum(len(frame.position) for frame in frames)
    if len(known) * len(frames) > _FREE + _EMPTY * entries:
        raise wrong_input(
            place,
            found=f"{many(len(known), 'body')} in {many(len(frames), 'snapshot')}, each seen in "
            f"{entries / len(known):.1f}",
            expected="bodies that are seen for longer",
            then="link the tracks, or leave out bodies that are seen once",
        )
    rows = {key: np.searchsorted(known, np.asarray(ids)) for key, ids in distinct.items()}
    for frame in frames:
        columns = rows[id(frame.ids)]
        if len(np.unique(columns)) < len(columns):
            twice = _named(known, names)[np.bincount(columns).argmax()]
            raise wrong_input(
                place,
                frame.line,
                found=f"body {twice!r} twice in a snapshot",
                expected="one row each",
                then="remove the duplicate, or give ids that differ",
            )
    return Named(_named(known, names), [rows[id(frame.ids)] for frame in frames], known)


def _named(ids: Shaped[np.ndarray, " body"], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(names[k]) if names else str(k) for k in ids.tolist())


class Constants(NamedTuple):
    """What is the same of a body in all snapshots."""

    attributes: dict[str, Float[np.ndarray, " body"]]
    species: tuple[str, ...]
    notes: tuple[str, ...]


def find_constants(frames: Sequence[Snapshot], named: Named, place: Any) -> Constants:
    """Attributes and kinds of the bodies; numbers that change in time are no attributes.

    **Raises** `InputError` for a body whose kind changes.
    """
    size = len(named.bodies)
    names = list(dict.fromkeys(name for frame in frames for name in frame.constants))
    attributes: dict[str, np.ndarray] = {}
    changing, lacking, alike = [], [], []
    for name in names:
        values, changes = _followed(name, frames, named)
        if changes:
            changing.append(name)
        elif not np.isfinite(values).all():
            lacking.append(name)
        elif (name not in _KEPT and size > 1 and (values == values[0]).all()) or (
            name == "charge" and not values.any()
        ):
            alike.append(name)
        else:
            _check_sizes(name, values, named, place)
            attributes[SHORT_NAMES.get(name, name)] = values
    mass = attributes.get("mass")
    passive = mass is not None and (mass >= 0).all() and (mass == 0).any() and mass.any()
    if passive:
        attributes["active_mass"] = attributes.pop("mass")
    said = ((changing, "changes in time"), (lacking, "is not known of all bodies"))
    said = (*said, (alike, "is the same for all"))
    notes = tuple(f"left aside, since it {why}: {listed(what)}" for what, why in said if what)
    if passive:
        words = (
            "some masses are 0: they are the attribute 'active_mass', which attracts but is moved"
        )
        notes = (*notes, f"{words} as if all masses were alike")
    return Constants(attributes, _species(frames, named, place), notes)


def _check_sizes(name: str, values: Float[np.ndarray, " body"], named: Named, place: Any) -> None:
    """Numbers whose squares double precision cannot hold, and masses below 0, are none."""
    size = np.abs(values)
    low = -_LARGEST if name != "mass" else 0.0
    bad = np.flatnonzero(((size > 0) & (size < 1 / _LARGEST)) | (size > _LARGEST) | (values < low))
    if bad.size:
        raise wrong_input(
            place,
            found=f"{name} {values[bad[0]]:g} of body {named.bodies[bad[0]]!r}",
            expected=f"0, or a {'positive ' * (name == 'mass')}number from {1 / _LARGEST:g} to "
            f"{_LARGEST:g}",
            then="correct it, or leave it out where it is unknown",
        )


def _followed(
    name: str, frames: Sequence[Snapshot], named: Named
) -> tuple[Float[np.ndarray, " body"], bool]:
    """The values of all bodies, and whether one ever changes."""
    known = np.full(len(named.bodies), np.nan)
    last: tuple[object, object] = (None, None)
    for frame, columns in zip(frames, named.columns, strict=True):
        given = frame.constants.get(name)
        if given is None or (given is last[0] and columns is last[1]):
            continue
        before = known[columns]
        if ((before != given) & ~np.isnan(before) & ~np.isnan(given)).any():
            return known, True
        known[columns] = np.where(np.isnan(given), before, given)
        last = given, columns
    return known, False


def _species(frames: Sequence[Snapshot], named: Named, place: Any) -> tuple[str, ...]:
    if all(frame.kind is None for frame in frames):
        return ()
    codes = np.full(len(named.bodies), -1)
    kinds: dict[str, int] = {}
    last: tuple[object, object] = (None, None)
    for frame, columns in zip(frames, named.columns, strict=True):
        if frame.kind is None or (frame.kind is last[0] and columns is last[1]):
            continue
        labels, places = np.unique(frame.kind, return_inverse=True)
        numbers = np.array([kinds.setdefault(str(kind), len(kinds)) for kind in labels])[places]
        before = codes[columns]
        changed = np.flatnonzero((before != numbers) & (before >= 0))
        if changed.size:
            row = int(changed[0])
            names = list(kinds)
            hint = "" if frame.ids is not None else ": the order of bodies may have changed"
            raise wrong_input(
                place,
                frame.line,
                found=f"kind {names[numbers[row]]!r} of body {named.bodies[columns[row]]!r} after "
                f"{names[before[row]]!r}{hint}",
                expected="a kind that stays" if frame.ids is not None else "an id for every body",
                then="write ids, or name the column that tells kinds that stay",
            )
        codes[columns] = numbers
        last = frame.kind, columns
    if (codes < 0).any():
        body = named.bodies[int(np.argmin(codes))]
        raise wrong_input(
            place,
            found=f"no kind of body {body!r}",
            expected="one for every body",
            then="write the kinds into every snapshot",
        )
    names = list(kinds)
    short = {kind: kind.partition(" ")[0] for kind in names}
    if len(set(short.values())) == len(names):
        names = [short[kind] for kind in names]
    return tuple(names[code] for code in codes)
