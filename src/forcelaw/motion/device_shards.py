"""A graph divided over several devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType, Mesh, NamedSharding
from jax.sharding import PartitionSpec as P
from jaxtyping import Array, Float, Int

from forcelaw.errors import InvalidSetting
from forcelaw.graph import Graph, Subgraphs, partition, subgraphs
from forcelaw.laws import Attributes

AXIS = "device"


class Shards(eqx.Module):
    """A graph divided over devices by the receivers of its edges; made by `shard`.

    A device moves the nodes of its *core*, in `row` order, and holds every edge with an end
    among them. Before each acceleration it receives the positions of the others, which move
    exactly as they would on one device.
    """

    parts: Subgraphs
    """Arrays `[device, ...]`, each on its device."""
    row: Int[Array, "device node"]
    """Where each local node stands among the core rows of all devices, -1 for padding."""
    local_of_row: Int[Array, "device row"]
    """The local node of each of those rows, -1 where the device does not hold it."""
    row_of_whole: Int[Array, " whole"]
    """Where each node of the whole graph stands among the rows; on every device."""
    whole_of_row: Int[Array, " row"]
    mesh: Mesh = eqx.field(static=True)

    @property
    def devices(self) -> int:
        """Number of devices (static)."""
        return self.mesh.size

    def attributes(self, attributes: Attributes) -> Attributes:
        """Attributes of the whole graph in the order of the shards, each on its device.

        `[node]` and `[edge]` become `[device, node]` and `[device, edge]`; padding is zero.
        """
        node = {name: self.parts.at_nodes(value) for name, value in attributes.node.items()}
        edge = {name: self._at_edges(value) for name, value in attributes.edge.items()}
        return Attributes(node, edge)

    def _at_edges(
        self, values: Float[Array, "edge *feature"]
    ) -> Float[Array, "device own *feature"]:
        if values.shape[0] == 0:
            shape = (*self.parts.graph.row.shape, *values.shape[1:])
            return jnp.zeros(shape, values.dtype)
        return self.parts.at_edges(values)

    def replicate(self, tree: Any) -> Any:
        """The arrays of `tree` on every device; all processes must hold the same."""
        return replicate(tree, self.mesh)


def replicate(tree: Any, mesh: Mesh) -> Any:
    """The arrays of `tree` on every device of the mesh; all processes must hold the same."""
    everywhere = NamedSharding(mesh, P())
    return jax.tree.map(lambda leaf: _put(leaf, everywhere) if eqx.is_array(leaf) else leaf, tree)


def choose_devices(count: int | None = None) -> list[Any]:
    """`count` devices to share a graph; one of each process where there are several processes.

    **Raises** `InputError` if there are fewer.
    """
    present = jax.devices()
    processes = jax.process_count()
    if processes > 1:
        # Several devices a process can wait for each other for ever where cores are few.
        first = {device.process_index: device for device in reversed(present)}
        present = [first[process] for process in sorted(first)]
    count = (processes if processes > 1 else 1) if count is None else count
    if count < 1:
        raise InvalidSetting(f"devices: found {count}, expected 1 or more")
    if processes > 1 and count != processes:
        raise InvalidSetting(
            f"devices: found {count} with {processes} processes, expected one device a process; "
            "leave the number of devices out"
        )
    if count > len(present):
        kind = present[0].platform
        hint = (
            f"a CPU counts as one; XLA_FLAGS=--xla_force_host_platform_device_count={count} "
            "in the environment divides it"
            if kind == "cpu"
            else f"ask for at most {len(present)}"
        )
        raise InvalidSetting(
            f"devices: found {count}, expected at most the {len(present)} {kind} "
            f"devices that exist; {hint}"
        )
    return present[:count]


def shard(graph: Graph, devices: Sequence[Any]) -> Shards:
    """`graph` divided over `devices`, with about as many received edges and nodes on each.

    Few edges run between two devices (`partition`): both hold those. All processes must call
    this with the same graph.
    """
    count = len(devices)
    core = _cores(graph, count)
    rows = max(len(nodes) for nodes in core)
    assignment = np.empty(graph.nodes, np.int64)
    row_of_whole = np.empty(graph.nodes, np.int64)
    for part, nodes in enumerate(core):
        assignment[nodes] = part
        row_of_whole[nodes] = part * rows + np.arange(len(nodes))
    whole_of_row = _inverse(row_of_whole, count * rows)

    parts = subgraphs(graph, assignment)
    # A device too many holds a copy of the first part, of which it moves nothing.
    copies = np.minimum(np.arange(count), parts.parts - 1)
    parts = jax.tree.map(lambda leaf: np.asarray(leaf)[copies], parts)
    row = np.where(parts.node >= 0, row_of_whole[np.maximum(parts.node, 0)], -1)
    local_of_row = np.stack([_inverse(own, count * rows) for own in row])

    mesh = jax.make_mesh((count,), (AXIS,), axis_types=(AxisType.Auto,), devices=devices)
    divided, everywhere = NamedSharding(mesh, P(AXIS)), NamedSharding(mesh, P())
    return Shards(
        parts=jax.tree.map(lambda leaf: _put(leaf, divided), parts),
        row=_put(row.astype(np.int32), divided),
        local_of_row=_put(local_of_row, divided),
        row_of_whole=_put(row_of_whole.astype(np.int32), everywhere),
        whole_of_row=_put(whole_of_row, everywhere),
        mesh=mesh,
    )


def _cores(graph: Graph, count: int) -> list[Int[np.ndarray, " node"]]:
    """The nodes that each device moves; none on some devices if there are more than nodes."""
    real = int(np.asarray(graph.node_mask).sum())
    part = partition(graph, min(count, real), seed=0)
    # No part may be empty in the middle; padding nodes move too, wherever there is room.
    _, part[part >= 0] = np.unique(part[part >= 0], return_inverse=True)
    size = np.bincount(part[part >= 0])
    for node in np.flatnonzero(part < 0):
        part[node] = np.argmin(size)
        size[part[node]] += 1
    return [np.flatnonzero(part == device) for device in range(count)]


def _inverse(index: Int[np.ndarray, " any"], size: int) -> Int[np.ndarray, " row"]:
    """Where each number below `size` stands in `index`, -1 if nowhere."""
    inverse = np.full(size, -1, np.int32)
    inverse[index[index >= 0]] = np.flatnonzero(index >= 0)
    return inverse


def _put(leaf: Any, sharding: NamedSharding) -> Array:
    """An array that every process holds, laid out over the devices of all processes."""
    if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        data = _put(jax.random.key_data(leaf), sharding)
        return jax.random.wrap_key_data(data, impl=jax.random.key_impl(leaf))
    held = np.asarray(leaf)
    return jax.make_array_from_callback(held.shape, sharding, lambda index: held[index])
