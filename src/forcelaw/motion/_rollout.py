"""Fixed-step motion of a law in one compiled loop, with memory for gradients about sqrt(steps)."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion._integrators import Integrator, Leapfrog, Scalar


def advance(
    law: Law,
    graph: Graph,
    state: State,
    attributes: Attributes,
    *,
    steps: int | Int[Array, ""],
    dt: Scalar,
    damping: Scalar = 0.0,
    integrator: Integrator | None = None,
    capacity: int | None = None,
    segments: int | None = None,
) -> State:
    """The state after `steps` steps of length `dt`.

    **Arguments:** `steps` a number, or a traced number up to the static `capacity`, so that
    schedules of different lengths share one compilation; `damping` the drag rate per unit of
    time; `segments` the number of checkpoints kept for the gradient, about `sqrt(capacity)`
    unless given (memory: `segments + capacity / segments` states).

    **Raises** `ValueError` if `steps` is traced and no `capacity` is given, or exceeds it.
    """
    integrator = Leapfrog() if integrator is None else integrator
    if capacity is None:
        if not isinstance(steps, int):
            raise ValueError("a traced number of steps needs a static `capacity`")
        capacity = steps
    elif isinstance(steps, int) and steps > capacity:
        raise ValueError(f"{steps} steps exceed the capacity {capacity}")
    dtype = state.position.dtype
    dt, damping = jnp.asarray(dt, dtype), jnp.asarray(damping, dtype)

    def accelerate(at: State) -> Float[Array, "node dim"]:
        return law(graph, at, attributes)

    def step(state: State, index: Int[Array, ""]) -> tuple[State, None]:
        def forward(state: State) -> State:
            return integrator.step(accelerate, state, dt, damping)

        if isinstance(steps, int) and padded == steps:
            return forward(state), None
        return jax.lax.cond(index < steps, forward, lambda same: same, state), None

    if capacity == 0:
        return state
    segments = segments or max(1, round(math.sqrt(capacity)))
    length = -(-capacity // segments)
    segments = -(-capacity // length)
    padded = segments * length

    @jax.checkpoint
    def segment(state: State, indices: Int[Array, " length"]) -> tuple[State, None]:
        return jax.lax.scan(jax.checkpoint(step), state, indices)

    indices = jnp.arange(padded, dtype=jnp.int32).reshape(segments, length)
    return jax.lax.scan(segment, state, indices)[0]


def rollout(
    law: Law,
    graph: Graph,
    state: State,
    attributes: Attributes | None = None,
    *,
    steps: int,
    dt: Scalar,
    damping: Scalar = 0.0,
    integrator: Integrator | None = None,
    every: int = 1,
) -> State:
    """The motion itself: frames `[steps // every + 1, node, dim]`, the initial state first.

    **Arguments:** as for `advance`; `every` keeps one frame of so many steps, and must divide
    `steps`. Memory for gradients is the frames kept plus `sqrt(every)` states.

    **Raises** `ValueError` if `every` does not divide `steps`.
    """
    if steps < 0 or every < 1 or steps % every:
        raise ValueError(f"`every` must divide `steps`, found every={every} and steps={steps}")
    attributes = Attributes() if attributes is None else attributes

    def frame(state: State, _: None) -> tuple[State, State]:
        state = advance(
            law,
            graph,
            state,
            attributes,
            steps=every,
            dt=dt,
            damping=damping,
            integrator=integrator,
        )
        return state, state

    _, frames = jax.lax.scan(frame, state, None, length=steps // every)
    return jax.tree.map(lambda first, rest: jnp.concatenate([first[None], rest]), state, frames)
