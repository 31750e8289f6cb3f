"""A signed network's graph on several devices, and results back from them."""

from __future__ import annotations

from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.graph import Graph
from forcelaw.motion import Shards, choose_devices, shard

Tree = TypeVar("Tree")


def shard_graph(graph: Graph, devices: int | None) -> Shards | None:
    """The graph divided over so many devices; None where one moves it whole.

    **Arguments:** `devices` by default one, or one of each process where there are several.

    **Raises** `InputError` if there are fewer.
    """
    chosen = choose_devices(devices)
    return shard(graph, chosen) if len(chosen) > 1 else None


def devices_in_process(shards: Shards | None) -> int:
    """How many of the devices live in this process's own memory."""
    if shards is None or shards.mesh.devices.flat[0].platform != "cpu":
        return 1
    return len(shards.mesh.local_devices)


def to_first_device(tree: Tree) -> Tree:
    """The arrays of `tree`, which are the same on all devices, on this process's first alone."""

    def bring(leaf: Any) -> Any:
        return jnp.asarray(np.asarray(leaf)) if eqx.is_array(leaf) else leaf

    return jax.tree.map(bring, tree)
