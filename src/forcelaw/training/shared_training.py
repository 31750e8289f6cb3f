"""A training that several processes share: the first alone reads and writes, and tells the rest."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding

from forcelaw.errors import InputError
from forcelaw.motion import replicate

Tree = TypeVar("Tree")


def is_first() -> bool:
    """Whether this process is the one that reads and writes, as every lonely process is."""
    return jax.process_index() == 0


def broadcast_from_first(tree: Tree, text: str = "") -> tuple[Tree, str]:
    """The arrays and the text of the first process; to be called in all, with the same structure.

    Nothing happens where there is one process.
    """
    if jax.process_count() == 1:
        return tree, text
    from jax.experimental.multihost_utils import broadcast_one_to_all

    letters = np.frombuffer(text.encode(), np.uint8)
    size = int(broadcast_one_to_all(np.asarray(len(letters), np.int32)))
    sent = letters if is_first() else np.zeros(size, np.uint8)
    arrays, rest = eqx.partition(tree, eqx.is_array)
    arrays, sent = broadcast_one_to_all((jax.tree.map(np.asarray, arrays), sent))
    told = eqx.combine(jax.tree.map(jnp.asarray, arrays), rest)
    return told, np.asarray(sent, np.uint8).tobytes().decode()


def check_agreement(text: str, what: str) -> None:
    """That all processes were given the same text; to be called in all.

    **Raises** `InputError` in every process if they were not.
    """
    if jax.process_count() == 1:
        return
    from jax.experimental.multihost_utils import process_allgather

    digest = hashlib.sha256(text.encode()).digest()
    all_digests = np.asarray(process_allgather(np.frombuffer(digest, np.uint8)))
    other = np.flatnonzero((all_digests != all_digests[0]).any(axis=1))
    if other.size:
        raise InputError(
            f"process {other[0]}: found other {what} than in process 0, expected the same; start "
            "every process with the same command but for --process"
        )


def replicate_beside(tree: Tree, data: Any) -> Tree:
    """The arrays of `tree` on every device that `data` is spread over.

    What an epoch takes lies then where it leaves it, and epochs compile once.
    """
    for leaf in jax.tree.leaves(data):
        sharding = leaf.sharding if isinstance(leaf, jax.Array) else None
        if isinstance(sharding, NamedSharding) and isinstance(sharding.mesh, Mesh):
            return replicate(tree, sharding.mesh)
    return tree
