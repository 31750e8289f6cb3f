"""What is wrong with trajectories, said once and with the trajectory, time and body to blame."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np

from forcelaw.errors import NotEnoughData, suggest, wrong_input
from forcelaw.files import many
from forcelaw.particles.data.motion import Motion
from forcelaw.particles.settings import MOST_DIMENSIONS

_SHAPE = "[trajectory, time, body, dim]"
_MOTION = ("position", "velocity", "acceleration")
_LARGEST = 1e150
"""Size whose square double precision still holds."""


def check_shapes(data: Motion) -> None:
    """**Raises** `InputError` naming the first array whose shape does not fit the others."""
    place, shape = data.name, data.position.shape
    if data.position.ndim != 4:
        raise wrong_input(
            place,
            found=f"position of shape {list(shape)}",
            expected=f"{_SHAPE}, or [time, body, dim] for one trajectory",
            then="add the missing axis",
        )
    if 0 in shape:
        raise wrong_input(
            place,
            found=f"position of shape {list(shape)}",
            expected=f"at least one of each of {_SHAPE}",
            then="check how the file was made",
        )
    _check_axes(data)
    expected = {"velocity": shape, "acceleration": shape, "time": shape[1:2]}
    found = {n: getattr(data, n).shape for n in expected if getattr(data, n) is not None}
    found |= {name: value.shape for name, value in data.attributes.items()}
    expected |= dict.fromkeys(data.attributes, (shape[0], shape[2]))
    for name in found:
        wanted = expected[name]
        if found[name] != wanted:
            axes = "[trajectory, body]" if name in data.attributes else _SHAPE
            axes = "[time]" if name == "time" else axes
            misread = name in data.attributes and len(found[name]) > 2
            hint = f"; {suggest(name, _MOTION)}" if misread else ""
            raise wrong_input(
                place,
                found=f"{name!r} of shape {list(found[name])}",
                expected=f"{list(wanted)} ({axes}) to match position {list(shape)}",
                then=f"reshape or remove {name!r}{hint}",
            )
    if data.bodies and len(data.bodies) != shape[2]:
        raise wrong_input(
            place,
            found=many(len(data.bodies), "body name"),
            expected=f"{shape[2]}",
            then="give one name for each body",
        )
    if len(set(data.bodies)) < len(data.bodies):
        raise wrong_input(
            place,
            found=f"two bodies called {Counter(data.bodies).most_common(1)[0][0]!r}",
            expected="names that differ",
            then="rename one of them",
        )
    _check_edges(data)


def _check_axes(data: Motion) -> None:
    """Space has three dimensions at most: more are bodies, or time, in its place."""
    shape = data.position.shape
    if shape[3] <= MOST_DIMENSIONS:
        return
    frames = len(data.time) if data.time.ndim == 1 else shape[1]
    # The times are told by their number; of what else fits, the smallest axis is space.
    orders = [
        order
        for order in itertools.permutations(range(4))
        if shape[order[1]] == frames and shape[order[3]] <= MOST_DIMENSIONS
    ]
    orders.sort(key=lambda order: (shape[order[3]] < 2, sum(a != b for a, b in enumerate(order))))
    names = dict(zip(orders[0] if orders else (), _SHAPE[1:-1].split(", "), strict=False))
    given = f" (which looks like [{', '.join(names[a] for a in range(4))}])" if orders else ""
    raise wrong_input(
        data.name,
        found=f"position of shape {list(shape)}: {shape[3]} dimensions{given}",
        expected=f"{_SHAPE} with at most {MOST_DIMENSIONS} dimensions",
        then=f"transpose it: numpy.transpose(position, {orders[0]}), and velocity likewise"
        if orders
        else "put the coordinates on the last axis",
    )


def _check_edges(data: Motion) -> None:
    edges, nodes = data.edges, data.position.shape[2]
    if edges is None:
        return
    if edges.ndim != 2 or edges.shape[1] != 2 or edges.dtype.kind not in "iu":
        raise wrong_input(
            data.name,
            found=f"edges of shape {list(edges.shape)} and type {edges.dtype}",
            expected="integers of shape [edge, 2], rows (sender, receiver)",
            then="convert them, or leave edges out for all pairs",
        )
    bad = np.flatnonzero(((edges < 0) | (edges >= nodes)).any(axis=1))
    if bad.size:
        raise wrong_input(
            data.name,
            found=f"edge {tuple(edges[bad[0]].tolist())} in row {bad[0]}",
            expected=f"bodies from 0 to {nodes - 1}",
            then="count bodies from 0",
        )
    loop = np.flatnonzero(edges[:, 0] == edges[:, 1])
    if loop.size:
        raise wrong_input(
            data.name,
            found=f"edge {tuple(edges[loop[0]].tolist())} in row {loop[0]}",
            expected="two different bodies",
            then="remove it: a body does not act on itself along a line",
        )


def check_values(data: Motion) -> None:
    """**Raises** `InputError` naming the trajectory, time and body of the first wrong number."""
    _check_times(data)
    for name in _MOTION:
        array = getattr(data, name)
        # A sum is finite only if every term is: one pass where nothing is wrong.
        if array is None or np.isfinite(array.sum()):
            continue
        bad = np.argwhere(~np.isfinite(array))
        if bad.size:
            i, t, body, _ = bad[0].tolist()
            raise wrong_input(
                data.name,
                found=f"{array[tuple(bad[0])]} in {name} of {where(data, i, t, body)}",
                expected="finite numbers",
                then="remove or repair that trajectory",
            )
    _check_sizes(data)
    for name, value in data.attributes.items():
        bad = np.argwhere(~np.isfinite(value) if name != "mass" else ~(value > 0) | np.isinf(value))
        if bad.size:
            i, body = bad[0]
            raise wrong_input(
                data.name,
                found=f"{name} {value[i, body]:g} of trajectory {i}, body {data.bodies[body]!r}",
                expected="a positive mass" if name == "mass" else "finite numbers",
                then=f"correct it, or leave {name!r} out where it is unknown",
            )
    _check_places(data)


def _check_sizes(data: Motion) -> None:
    """Numbers whose squares double precision cannot hold are of no use, and of no unit."""
    arrays = {name: getattr(data, name) for name in _MOTION}
    for name, array in (arrays | {"time": data.time} | dict(data.attributes)).items():
        if array is None or not np.isfinite(array).all():
            continue
        size = np.abs(array)
        # Forces and motion may fade to next to nothing; constants of bodies do not.
        least = size[size > 0].min(initial=1.0) if name in data.attributes else size.max()
        for value in (size.max(), least):
            if value != 0 and not 1 / _LARGEST < value < _LARGEST:
                raise wrong_input(
                    data.name,
                    found=f"{name} of size {value:.3g}",
                    expected=f"0, or numbers between {1 / _LARGEST:g} and {_LARGEST:g}",
                    then="choose other units",
                )


def check_pairs(data: Motion) -> None:
    """**Raises** `InputError` if no body acts on another: there is no force between bodies."""
    if data.n_bodies < 2:
        raise wrong_input(
            data.name,
            found="one body",
            expected="at least two",
            then="forces between bodies are learned: add those that act on it",
            error=NotEnoughData,
        )
    if data.edges is not None and not len(data.edges):
        raise wrong_input(
            data.name,
            found="no edges",
            expected="at least one",
            then="leave 'edges' out if all bodies act on each other",
            error=NotEnoughData,
        )


def where(data: Motion, trajectory: int, time: int, body: int) -> str:
    """The words for one entry of `data`."""
    return f"trajectory {trajectory}, time {data.time[time]:g}, body {data.bodies[body]!r}"


def _check_times(data: Motion) -> None:
    time = data.time
    if len(time) < 2:
        raise wrong_input(
            data.name,
            found="a single time step",
            expected="at least two",
            then="motion needs more snapshots: write them all into one file",
            error=NotEnoughData,
        )
    bad = np.flatnonzero(~np.isfinite(time))
    if bad.size:
        raise wrong_input(
            data.name,
            found=f"time {time[bad[0]]} at step {bad[0]}",
            expected="finite numbers",
            then="correct it",
        )
    bad = np.flatnonzero(np.diff(time) <= 0)
    if bad.size:
        step = bad[0] + 1
        raise wrong_input(
            data.name,
            found=f"time {time[step]:g} at step {step} after {time[step - 1]:g}",
            expected="increasing times",
            then="sort the snapshots and remove those given twice",
        )


def _check_places(data: Motion) -> None:
    """Two bodies at one place: no direction between them, so no law along it."""
    if data.n_bodies < 2:
        return
    if data.n_bodies > 8:
        first = np.sort(data.position[..., 0], axis=-1)
        suspects = np.argwhere((np.diff(first, axis=-1) == 0).any(axis=-1))
    else:
        x = data.position[..., 0]
        same = np.zeros(x.shape[:2], bool)
        for step in range(1, data.n_bodies // 2 + 1):
            same |= (x == np.roll(x, step, axis=-1)).any(axis=-1)
        suspects = np.argwhere(same)
    for i, t in suspects:
        place = data.position[i, t]
        _, index, count = np.unique(place, axis=0, return_index=True, return_counts=True)
        if (count < 2).all():
            continue
        body = index[np.argmax(count > 1)]
        one, other = np.flatnonzero((place == place[body]).all(axis=1))[:2]
        raise wrong_input(
            data.name,
            found=f"bodies {data.bodies[one]!r} and {data.bodies[other]!r} at the same position "
            f"in trajectory {i}, time {data.time[t]:g}",
            expected="different positions",
            then="remove one of them if the body was written twice",
        )
