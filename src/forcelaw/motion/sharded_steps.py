"""The motion of one graph on several devices: each moves a part of the nodes."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.sharding import PartitionSpec as P
from jaxtyping import Array, Float, Int

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion.device_shards import AXIS, Shards
from forcelaw.motion.fixed_steps import advance
from forcelaw.motion.integrators import Integrator, Scalar


def advance_sharded(
    law: Law,
    shards: Shards,
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
    """The state that `advance` gives, computed by all devices together; to be called under `jit`.

    Differentiable once, in reverse, in `law` and `state`.

    **Arguments:** `state` of the whole graph; `attributes` as `Shards.attributes` gives them; a
    spring law is bound on each device and must not be bound before; all others as for `advance`.

    **Raises** `ValueError` as `advance` does.
    """
    arrays, rest = eqx.partition((law, integrator), eqx.is_array)
    count = None if isinstance(steps, int) else steps
    dtype = state.position.dtype
    numbers = (count, jnp.asarray(dt, dtype), jnp.asarray(damping, dtype))

    def local(arrays, shards: Shards, attributes: Attributes, state: State, numbers) -> State:
        law, integrator = eqx.combine(arrays, rest)
        count, dt, damping = numbers
        own = _Own.of(shards)
        attributes = jax.tree.map(lambda leaf: leaf[0], attributes)
        moved = advance(
            _Shared(law.bind(own.graph, attributes), own),
            own.graph,
            jax.tree.map(own.take_core, state),
            attributes,
            steps=steps if count is None else count,
            dt=dt,
            damping=damping,
            integrator=integrator,
            capacity=capacity,
            segments=segments,
        )
        return jax.tree.map(
            lambda leaf: _receive(shards.row_of_whole, shards.whole_of_row, leaf), moved
        )

    layout = jax.tree.map(
        lambda leaf: P(AXIS) if leaf.ndim > 1 else P(), eqx.filter(shards, eqx.is_array)
    )
    return jax.shard_map(
        local,
        mesh=shards.mesh,
        in_specs=(P(), layout, P(AXIS), P(), P()),
        out_specs=P(),
        # Derivative rules of the edge operations know nothing of what varies over devices.
        check_vma=False,
    )(arrays, shards, attributes, state, numbers)


class _Own(eqx.Module):
    """One device's share of the `Shards`, without the axis of devices."""

    graph: Graph
    row: Int[Array, " node"]
    local_of_row: Int[Array, " row"]
    core: Int[Array, " core"]
    """The local node of each core row, -1 for padding."""
    core_of_local: Int[Array, " node"]
    whole: Int[Array, " core"]
    core_of_whole: Int[Array, " whole"]

    @classmethod
    def of(cls, shards: Shards) -> _Own:
        row, local_of_row = shards.row[0], shards.local_of_row[0]
        rows = shards.whole_of_row.shape[0] // shards.devices
        first = jax.lax.axis_index(AXIS) * rows
        own = lambda every: jax.lax.dynamic_slice_in_dim(every, first, rows)  # noqa: E731

        def here(row: Int[Array, " any"]) -> Int[Array, " any"]:
            return jnp.where((row >= first) & (row < first + rows), row - first, -1)

        return cls(
            graph=jax.tree.map(lambda leaf: leaf[0], shards.parts.graph),
            row=row,
            local_of_row=local_of_row,
            core=own(local_of_row),
            core_of_local=here(row),
            whole=own(shards.whole_of_row),
            core_of_whole=here(shards.row_of_whole),
        )

    def take_core(self, whole: Float[Array, "whole dim"]) -> Float[Array, "core dim"]:
        """The rows of the core from those of the whole graph."""
        return _select(self.whole, self.core_of_whole, whole)


class _Shared(Law):
    """A law on one device: from the states of its core to the accelerations of its core."""

    law: Law
    own: _Own

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "core dim"]:
        near = jax.tree.map(lambda leaf: _receive(self.own.row, self.own.local_of_row, leaf), state)
        acceleration = self.law(graph, near, attributes)
        return _select(self.own.core, self.own.core_of_local, acceleration)

    def settings(self) -> JsonObject:
        raise TypeError("a law shared by devices is not saved; save the law itself")

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        raise TypeError("a law shared by devices is not loaded; load the law itself")


# `inverse` undoes `index` where it can, so that both directions are gathers.
@jax.custom_vjp
def _select(index, inverse, values):
    """Row `index` of the values, zero where it is -1."""
    here = (index >= 0).reshape(-1, *[1] * (values.ndim - 1))
    return jnp.where(here, values[jnp.maximum(index, 0)], jnp.zeros((), values.dtype))


def _select_forward(index, inverse, values):
    return _select(index, inverse, values), (index, inverse)


def _select_backward(residual, cotangent):
    index, inverse = residual
    return None, None, _select(inverse, index, cotangent)


_select.defvjp(_select_forward, _select_backward)


@jax.custom_vjp
def _receive(index, inverse, core):
    """Row `index` of the core rows of all devices, zero where it is -1."""
    return _select(index, inverse, jax.lax.all_gather(core, AXIS, tiled=True))


def _receive_forward(index, inverse, core):
    return _receive(index.value, inverse.value, core.value), (
        index.value,
        inverse.value,
        core.value,
    )


def _receive_backward(residual, cotangent):
    index, inverse, core = residual
    if isinstance(cotangent, jax.custom_derivatives.SymbolicZero):
        # What a law does not look at is not sent round.
        return None, None, jnp.zeros_like(core)
    # Not psum_scatter, which adds wrongly on some transports (gloo).
    total = jax.lax.psum(_select(inverse, index, cotangent), AXIS)
    first = jax.lax.axis_index(AXIS) * core.shape[0]
    return None, None, jax.lax.dynamic_slice_in_dim(total, first, core.shape[0])


_receive.defvjp(_receive_forward, _receive_backward, symbolic_zeros=True)
