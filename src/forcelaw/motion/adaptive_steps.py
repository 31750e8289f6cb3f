"""Motion to nearly double precision: adaptive steps, every trajectory with a clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from forcelaw.device_arrays import to_device
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion.dop853 import ERROR_3, ERROR_5, STAGES, WEIGHTS


class AdaptiveMotion(NamedTuple):
    """What `adaptive_rollout` returns: double precision snapshots and how they were reached."""

    position: Float[np.ndarray, "trajectory snapshot node dim"]
    velocity: Float[np.ndarray, "trajectory snapshot node dim"]
    steps: Int[np.ndarray, " trajectory"]
    """Steps tried, rejected ones included."""
    finished: Bool[np.ndarray, " trajectory"]
    """False where the step became too small or the steps too many; later snapshots are zero."""


def adaptive_rollout(
    law: Law,
    graph: Graph,
    position: Float[np.ndarray, "trajectory node dim"],
    velocity: Float[np.ndarray, "trajectory node dim"],
    attributes: Mapping[str, Float[np.ndarray, "trajectory node *feature"]],
    *,
    times: Float[np.ndarray, " snapshot"],
    tolerance: float = 1e-13,
    most_steps: int = 100_000,
    lanes: int = 32,
    chunk: int = 1 << 25,
) -> AdaptiveMotion:
    """The motion of many trajectories under one law, exact to about `tolerance` a step.

    One compiled loop advances `lanes` trajectories at once, each with its own time and step; a
    lane that has finished takes the next trajectory. Steps end on the snapshots, so nothing is
    interpolated. All arithmetic is in double precision, whatever the precision of the process.

    **Arguments:** `position` and `velocity` at `times[0]`; `attributes` of the nodes; `times` of
    the snapshots, increasing; `tolerance` of one step, absolute and relative; `most_steps` a
    trajectory may take; `chunk` the most numbers in the snapshots of one compiled call.

    Method: Dormand-Prince 8(5, 3), Hairer, Norsett, Wanner, Solving Ordinary Differential
    Equations I (1993), section II.5. A jump of the force is met by shrinking the step across it.
    """
    count, nodes, dim = position.shape
    # Few sizes, so that calls with different numbers of trajectories share compilations.
    lanes = max(16, min(lanes, 1 << (count - 1).bit_length()))
    most = max(1, chunk // (len(times) * nodes * dim * lanes))
    size = lanes * min(most, -(-count // lanes))
    with jax.enable_x64():
        law = jax.tree.map(_double, law)
        intervals = to_device(np.diff(times))
        parts = []
        for first in range(0, count, size):
            rows = np.minimum(np.arange(first, first + size), count - 1)
            own = {name: to_device(value[rows]) for name, value in attributes.items()}
            done = _run(
                law,
                graph,
                State(*(to_device(part[rows]) for part in (position, velocity))),
                Attributes(own),
                intervals,
                to_device(min(size, count - first), np.int32),
                to_device(tolerance),
                to_device(most_steps, np.int32),
                lanes,
            )
            parts.append([np.asarray(part)[: count - first] for part in done])
    return AdaptiveMotion(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _double(leaf):
    return to_device(leaf, np.float64) if eqx.is_inexact_array(leaf) else leaf


class _Lanes(eqx.Module):
    """The trajectories under way."""

    trajectory: Int[Array, " lane"]
    active: Bool[Array, " lane"]
    snapshot: Int[Array, " lane"]
    """The next snapshot to reach."""
    left: Float[Array, " lane"]
    """Time left until then."""
    length: Float[Array, " lane"]
    """The step that the error control proposes."""
    steps: Int[Array, " lane"]
    state: State
    attributes: Attributes


class _Snapshots(eqx.Module):
    position: Float[Array, "trajectory snapshot node dim"]
    velocity: Float[Array, "trajectory snapshot node dim"]
    steps: Int[Array, " trajectory"]
    finished: Bool[Array, " trajectory"]


@eqx.filter_jit
def _run(law, graph, initial, attributes, intervals, count, tolerance, most_steps, lanes):
    """All trajectories below `count`; see `adaptive_rollout`."""
    total, snapshots = initial.position.shape[0], intervals.shape[0] + 1

    def accelerate(state: State, attributes: Attributes) -> Float[Array, "lane node dim"]:
        return jax.vmap(law, in_axes=(None, 0, 0))(graph, state, attributes)

    def begin(trajectory: Int[Array, " lane"]) -> _Lanes:
        row = jnp.minimum(trajectory, total - 1)
        state, own = jax.tree.map(lambda leaf: leaf[row], (initial, attributes))
        first = jnp.broadcast_to(intervals[0], (lanes,))
        zero = jnp.zeros_like(trajectory)
        return _Lanes(trajectory, trajectory < count, zero + 1, first, first / 8, zero, state, own)

    def advance(carry: tuple[_Lanes, _Snapshots, Int[Array, ""]]):
        lane, written, following = carry
        # Even parts of the time left: no sliver remains before the snapshot.
        pieces = jnp.maximum(jnp.ceil(lane.left / lane.length), 1)
        dt = lane.left / pieces
        after, error = _step(accelerate, lane.state, lane.attributes, dt, tolerance)
        accepted = lane.active & (error <= 1)
        landed = accepted & (pieces == 1)
        # The factors are those of Hairer's program, with one more try at a clean first step.
        factor = jnp.clip(0.9 * jnp.maximum(error, 1e-12) ** (-1 / 8), 0.05, 10)
        factor = jnp.where(accepted, factor, jnp.minimum(factor, 1))
        length = dt * jnp.where(jnp.isfinite(error), factor, 0.2)
        steps = lane.steps + lane.active.astype(jnp.int32)

        at = jnp.where(landed, lane.snapshot, snapshots)
        written = _Snapshots(
            written.position.at[lane.trajectory, at].set(after.position, mode="drop"),
            written.velocity.at[lane.trajectory, at].set(after.velocity, mode="drop"),
            written.steps,
            written.finished,
        )
        finished = landed & (lane.snapshot == snapshots - 1)
        interval = intervals[jnp.minimum(lane.snapshot, snapshots - 2)]
        failed = lane.active & ~finished & ((steps >= most_steps) | (length < 1e-10 * interval))
        stopped = finished | failed
        where = jnp.where(stopped, lane.trajectory, total)
        written = _Snapshots(
            written.position,
            written.velocity,
            written.steps.at[where].set(steps, mode="drop"),
            written.finished.at[where].set(finished, mode="drop"),
        )
        moved = _Lanes(
            trajectory=lane.trajectory,
            active=lane.active,
            snapshot=lane.snapshot + landed.astype(jnp.int32),
            left=jnp.where(landed, interval, jnp.where(accepted, lane.left - dt, lane.left)),
            length=length,
            steps=steps,
            state=_choose(accepted, after, lane.state),
            attributes=lane.attributes,
        )
        order = jnp.cumsum(stopped, dtype=jnp.int32)
        fresh = begin(jnp.where(stopped, following + order - 1, total))
        return _choose(stopped, fresh, moved), written, following + order[-1]

    shape = (total, snapshots, *initial.position.shape[1:])
    empty = jnp.zeros(shape, initial.position.dtype)
    written = _Snapshots(
        empty.at[:, 0].set(initial.position),
        empty.at[:, 0].set(initial.velocity),
        jnp.zeros(total, jnp.int32),
        jnp.zeros(total, bool),
    )
    start = (begin(jnp.arange(lanes, dtype=jnp.int32)), written, jnp.asarray(lanes, jnp.int32))
    _, done, _ = jax.lax.while_loop(lambda carry: carry[0].active.any(), advance, start)
    return done.position, done.velocity, done.steps, done.finished


def _choose(which: Bool[Array, " lane"], yes, no):
    def choose(yes, no):
        return jnp.where(which.reshape(-1, *[1] * (yes.ndim - 1)), yes, no)

    return jax.tree.map(choose, yes, no)


def _step(accelerate, state: State, attributes: Attributes, dt, tolerance):
    """The state `dt` later and the error of that step in units of the tolerance, for each lane."""
    long = dt[:, None, None]
    slopes: list[State] = []

    def moved(weights: Mapping[int, float]) -> State:
        if not weights:
            return state
        by = _combine(weights, slopes)
        return State(state.position + long * by.position, state.velocity + long * by.velocity)

    for weights in STAGES:
        at = moved(weights)
        slopes.append(State(at.velocity, accelerate(at, attributes)))
    after = moved(WEIGHTS)

    def size(error: State) -> Float[Array, " lane"]:
        """Mean square of the error in units of the tolerance."""

        def share(error, before, after):
            scale = tolerance * (1 + jnp.maximum(jnp.abs(before), jnp.abs(after)))
            return jnp.mean((long * error / scale) ** 2, axis=(1, 2))

        return (
            share(error.position, state.position, after.position)
            + share(error.velocity, state.velocity, after.velocity)
        ) / 2

    fifth, third = size(_combine(ERROR_5, slopes)), size(_combine(ERROR_3, slopes))
    both = fifth + 0.01 * third
    return after, fifth / jnp.sqrt(jnp.where(both > 0, both, 1))


def _combine(weights: Mapping[int, float], slopes: list[State]) -> State:
    terms = [
        jax.tree.map(lambda slope, by=weight: by * slope, slopes[stage])
        for stage, weight in weights.items()
    ]
    return jax.tree.map(lambda *parts: sum(parts[1:], parts[0]), *terms)
