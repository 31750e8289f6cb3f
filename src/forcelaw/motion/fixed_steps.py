"""Fixed-step motion of a law in one compiled loop, with memory for gradients about sqrt(steps).

Compiled under a name that outlives the call: loops over closures made anew would be compiled, and
kept, on every call outside `jit`.
"""

from __future__ import annotations

import math

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from forcelaw.errors import InvalidSetting, check_type
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion.integrators import Integrator, Leapfrog, Scalar


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
    unless given (memory: `segments + capacity / segments` states). Calls with the same shapes,
    numbers of steps and kinds of law compile once.

    **Raises** `ValueError` if `steps` is traced and no `capacity` is given, or exceeds it.
    """
    if capacity is None:
        if not isinstance(steps, int):
            raise ValueError("a traced number of steps needs a static `capacity`")
        capacity = steps
    elif isinstance(steps, int) and steps > capacity:
        raise ValueError(f"{steps} steps exceed the capacity {capacity}")
    if capacity == 0:
        return state
    rates = _rates(state, dt, damping)
    integrator = Leapfrog() if integrator is None else integrator
    segments = segments or max(1, round(math.sqrt(capacity)))
    return _compiled(law, graph, state, attributes, rates, steps, integrator, capacity, segments)


def _rates(state: State, dt: Scalar, damping: Scalar) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Step and damping as arrays: other numbers of them compile nothing."""
    dtype = state.position.dtype
    return jnp.asarray(dt, dtype), jnp.asarray(damping, dtype)


def _advance(
    law: Law,
    graph: Graph,
    state: State,
    attributes: Attributes,
    rates: tuple[Float[Array, ""], Float[Array, ""]],
    steps: int | Int[Array, ""],
    integrator: Integrator,
    capacity: int,
    segments: int,
) -> State:
    """See `advance`."""
    dt, damping = rates

    def accelerate(at: State) -> Float[Array, "node dim"]:
        return law(graph, at, attributes)

    def step(state: State, index: Int[Array, ""]) -> tuple[State, None]:
        def forward(state: State) -> State:
            return integrator.step(accelerate, state, dt, damping)

        if isinstance(steps, int) and padded == steps:
            return forward(state), None
        return jax.lax.cond(index < steps, forward, lambda same: same, state), None

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
    """The motion itself: snapshots `[steps // every + 1, node, dim]`, the initial state first.

    **Arguments:** as for `advance`; `every` keeps one snapshot of so many steps, and must divide
    `steps`. Memory for gradients is the snapshots kept plus `sqrt(every)` states. Calls with the
    same shapes, numbers of steps and kinds of law compile once, also outside `jit`, and keep
    nothing.

    **Raises** `InvalidSetting` if `every` does not divide `steps`, or the state is not of the
    bodies of the graph.
    """
    for value, kind in ((law, Law), (graph, Graph), (state, State)):
        check_type("rollout", value, kind, then="call rollout(law, graph, state, attributes)")
    if steps < 0 or every < 1 or steps % every:
        raise InvalidSetting(
            f"rollout: found steps={steps} and every={every}, expected steps from 0 on and every "
            "from 1 on; every must divide steps"
        )
    if state.position.shape[0] != graph.nodes or not graph.nodes:
        raise InvalidSetting(
            f"rollout: found a state of {state.position.shape[0]} bodies and a graph of "
            f"{graph.nodes}, expected the same number, at least one; make the graph of your bodies"
        )
    attributes = Attributes() if attributes is None else attributes
    integrator = Leapfrog() if integrator is None else integrator
    rates = _rates(state, dt, damping)
    return _rolled(law, graph, state, attributes, rates, steps, integrator, every)


@eqx.filter_jit
def _rolled(
    law: Law,
    graph: Graph,
    state: State,
    attributes: Attributes,
    rates: tuple[Float[Array, ""], Float[Array, ""]],
    steps: int,
    integrator: Integrator,
    every: int,
) -> State:
    """See `rollout`."""
    segments = max(1, round(math.sqrt(every)))

    def snapshot(state: State, _: None) -> tuple[State, State]:
        state = _advance(law, graph, state, attributes, rates, every, integrator, every, segments)
        return state, state

    _, snapshots = jax.lax.scan(snapshot, state, None, length=steps // every)
    return jax.tree.map(lambda first, rest: jnp.concatenate([first[None], rest]), state, snapshots)


_compiled = eqx.filter_jit(_advance)
