"""Pairs and changes of recordings, in the form in which kinds of bodies are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.hidden.steps import mean_rates, path_through
from forcelaw.particles.kernels import (
    RadialBasis,
    fill_motion,
    find_pairs,
    largest_cutoff,
    place_breaks,
)


@dataclass(frozen=True)
class KindEquationSettings:
    """How much is looked at."""

    pieces: int = 5
    """Of a force against distance: one body alone says little."""
    pairs: int = 3_000_000
    """Ordered pairs of all snapshots together, at most: fewer snapshots where there are more."""
    outlying: float = 6.0
    """Median deviations beyond which changes count as that much."""


KIND_EQUATIONS = KindEquationSettings()


@dataclass(frozen=True, eq=False)
class KindEquations:
    """Changes of bodies, and the pairs that make them; bodies of all recordings in turn."""

    value: Float[np.ndarray, "row dim"]
    """One row for each body of each step."""
    body: Int[np.ndarray, " row"]
    row: Int[np.ndarray, " pair"]
    """The receiver's row."""
    sender: Int[np.ndarray, " pair"]
    direction: Float[np.ndarray, "pair dim"]
    first: Int[np.ndarray, " pair"]
    splines: Float[np.ndarray, "pair 4"]
    basis: RadialBasis
    bodies: int
    alone: Float[np.ndarray, "row dim column"]
    """What acts on a body alone: a constant field, and in second order drag."""


def read_kind_equations(
    data: Recordings,
    order: int,
    cutoff: float | None = None,
    *,
    stochastic: bool,
    settings: KindEquationSettings = KIND_EQUATIONS,
) -> KindEquations:
    """Rows and pairs of all recordings.

    **Raises** `NotEnoughData` where no two bodies are near each other.
    """
    each = settings.pairs // len(data)
    parts = [_read(part, order, cutoff, stochastic, each) for part in data]
    length = np.concatenate([part[5] for part in parts])
    if len(length) < 2:
        raise wrong_input(
            data.name,
            found="no two bodies near each other",
            expected="some, whose forces on each other are looked for",
            then="record more bodies, or choose a longer cutoff",
            error=NotEnoughData,
        )
    basis = RadialBasis.between(place_breaks(length, settings.pieces, float(length.max())))
    first, splines = basis.nonzero(length)
    rows = np.cumsum([0, *(len(part[0]) for part in parts)])
    bodies = np.cumsum([0, *(part.n_bodies for part in data)])
    value = np.concatenate([part[0] for part in parts])
    size = np.abs(value - np.median(value, axis=0))
    most = settings.outlying * np.median(size, axis=0) / 0.6745 + 1e-300
    middle = np.median(value, axis=0)
    return KindEquations(
        np.clip(value, middle - most, middle + most),
        np.concatenate([part[1] + bodies[k] for k, part in enumerate(parts)]),
        np.concatenate([part[2] + rows[k] for k, part in enumerate(parts)]),
        np.concatenate([part[3] + bodies[k] for k, part in enumerate(parts)]),
        np.concatenate([part[4] for part in parts]),
        first,
        splines,
        basis,
        int(bodies[-1]),
        np.concatenate([part[6] for part in parts]),
    )


def _read(
    part: Recording, order: int, cutoff: float | None, stochastic: bool, most: int
) -> tuple[np.ndarray, ...]:
    filled = fill_motion(part)
    middle = order == 2 and part.velocity is None
    starts = np.arange(1, part.n_times - 1) if middle else np.arange(part.n_times - 1)
    reach = np.inf if part.cell is None else largest_cutoff(part.cell)
    reach = min(reach, np.inf if cutoff is None else cutoff)
    one = slice(0, 1)
    count = max(1, len(find_pairs(part, filled.position[one], filled.known[one], 0, reach).length))
    kept = max(20, most // count)
    if len(starts) > kept:
        starts = starts[np.linspace(0, len(starts) - 1, kept).astype(int)]
    value, valid = mean_rates(part, starts, order, filled.known)
    later = 0.0 if middle or stochastic else 0.5
    times = part.time[starts] + later * np.diff(part.time)[starts]
    path = path_through(part, filled.position, filled.velocity)
    place, speed = path(times), path.derivative()(times)
    step, body = np.nonzero(valid)
    table = np.full(valid.shape, -1)
    table[step, body] = np.arange(len(step))
    row, sender, direction, length = [], [], [], []
    for index, start in enumerate(starts.tolist()):
        own = slice(index, index + 1)
        pairs = find_pairs(part, place[own], filled.known[start : start + 1], start, reach)
        there = (table[index, pairs.receiver] >= 0) & (pairs.length > 0)
        row.append(table[index, pairs.receiver[there]])
        sender.append(pairs.sender[there])
        length.append(pairs.length[there])
        direction.append(pairs.difference[there] / pairs.length[there][:, None])
    constant = np.broadcast_to(np.eye(part.dim), (len(step), part.dim, part.dim))
    alone = [constant] if order == 1 else [constant, speed[step, body][..., None]]
    return (
        value[step, body],
        body,
        np.concatenate(row),
        np.concatenate(sender),
        np.concatenate(direction),
        np.concatenate(length),
        np.concatenate(alone, axis=-1),
    )


def fit_kinds(
    equations: KindEquations, kind: Int[np.ndarray, " body"], count: int
) -> tuple[Float[np.ndarray, "receiver sender spline"], Float[np.ndarray, "row dim"], int]:
    """Forces between all kinds, what they leave, and how many numbers they are."""
    size, dim = equations.basis.size, equations.value.shape[1]
    own = kind[equations.body]
    left = np.zeros_like(equations.value)
    forces = np.zeros((count, count, size))
    numbers = 0
    columns = count * size
    alone = equations.alone.shape[-1]
    for receiver in range(count):
        rows = np.flatnonzero(own == receiver)
        place = np.full(len(own), -1)
        place[rows] = np.arange(len(rows))
        pairs = np.flatnonzero(place[equations.row] >= 0)
        spot = (kind[equations.sender[pairs]] * size + equations.first[pairs])[:, None]
        flat = (place[equations.row[pairs]] * columns)[:, None] + spot + np.arange(4)
        x = np.empty((len(rows), dim, columns + alone))
        x[..., columns:] = equations.alone[rows]
        for axis in range(dim):
            weighted = equations.direction[pairs, axis, None] * equations.splines[pairs]
            summed = np.bincount(flat.ravel(), weighted.ravel(), len(rows) * columns)
            x[:, axis, :columns] = summed.reshape(len(rows), columns)
        x = x.reshape(-1, columns + alone)
        y = equations.value[rows].ravel()
        scale = np.sqrt(np.maximum((x**2).sum(axis=0), 1e-300))
        square = x.T @ x / scale / scale[:, None] + 1e-6 * np.eye(columns + alone)
        found = np.linalg.solve(square, x.T @ y / scale) / scale
        forces[receiver] = found[:columns].reshape(count, size)
        left[rows] = (y - x @ found).reshape(-1, dim)
        numbers += columns + alone
    return forces, left, numbers


def kind_energies(
    equations: KindEquations,
    kind: Int[np.ndarray, " body"],
    forces: Float[np.ndarray, "receiver sender spline"],
    left: Float[np.ndarray, "row dim"],
) -> Float[np.ndarray, "body kind"]:
    """By how much the squares that are left rise where one body is of another kind."""
    count = len(forces)
    receiver, sender = kind[equations.body][equations.row], kind[equations.sender]
    along = np.einsum("pd,pd->p", equations.direction, left[equations.row])
    energy = np.zeros((equations.bodies, count))
    now = _at(equations, forces, receiver, sender)
    for other in range(count):
        change = _at(equations, forces, receiver, other) - now
        each = change**2 - 2 * change * along
        energy[:, other] += np.bincount(equations.sender, each, equations.bodies)
        change = _at(equations, forces, other, sender) - now
        total = _summed(equations, change)
        each = (total**2 - 2 * total * left).sum(axis=1)
        energy[:, other] += np.bincount(equations.body, each, equations.bodies)
    return energy


def body_scores(
    equations: KindEquations,
    kind: Int[np.ndarray, " body"],
    count: int,
    left: Float[np.ndarray, "row dim"],
) -> Float[np.ndarray, "body feature"]:
    """How residuals ask for other forces on each body, and by each body, kind by kind.

    Sums over the body's pairs of splines times the residuals along them, over their size.
    """
    along = np.einsum("pd,pd->p", equations.direction, left[equations.row])
    receiver, size = equations.body[equations.row], equations.basis.size
    found = []
    for own, other in ((receiver, equations.sender), (equations.sender, receiver)):
        flat = ((own * count + kind[other]) * size + equations.first)[:, None] + np.arange(4)
        length = equations.bodies * count * size
        score = np.bincount(flat.ravel(), (equations.splines * along[:, None]).ravel(), length)
        square = np.bincount(flat.ravel(), (equations.splines**2).ravel(), length)
        # Of what hardly happened little is known: its size counts as a typical one.
        typical = np.sqrt(square + 0.05 * square.mean())
        found.append((score / typical).reshape(equations.bodies, count * size))
    return np.concatenate(found, axis=1)


def _at(
    equations: KindEquations,
    forces: Float[np.ndarray, "receiver sender spline"],
    receiver: Int[np.ndarray, " pair"] | int,
    sender: Int[np.ndarray, " pair"] | int,
) -> Float[np.ndarray, " pair"]:
    """The force of every pair, were its ends of these kinds."""
    flat, count = forces.ravel(), len(forces)
    index = (receiver * count + sender) * forces.shape[-1] + equations.first
    total = flat[index] * equations.splines[:, 0]
    for k in range(1, 4):
        total += flat[index + k] * equations.splines[:, k]
    return total


def _summed(
    equations: KindEquations, force: Float[np.ndarray, " pair"]
) -> Float[np.ndarray, "row dim"]:
    """Over the pairs of every row."""
    parts: Sequence[np.ndarray] = [
        np.bincount(equations.row, force * axis, len(equations.body))
        for axis in equations.direction.T
    ]
    return np.stack(parts, axis=1)
