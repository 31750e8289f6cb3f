"""The edge operations as compiled loops for CPUs (`native/`), where they could be built.

They are XLA custom calls for float32 and float64, batched by `jax.vmap` and threaded on XLA's own
pool; results do not depend on the number of threads. Derivative rules are the callers'. Complete
graphs never come here.
"""

from __future__ import annotations

import ctypes
import functools
import logging
import threading
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

VERSION = 1
"""Of the names, arguments and results of the library's functions."""
_TARGETS = (
    "forcelaw_edge_lengths",
    "forcelaw_edge_dot",
    "forcelaw_edge_sum",
    "forcelaw_edge_gain",
    "forcelaw_sum_messages",
)
_lock = threading.Lock()


class _UnusableError(Exception):
    """Why the library cannot be used."""


def native_available() -> bool:
    """Whether edge operations on CPUs run as compiled loops."""
    return load_library()[0] is not None


def native_notice() -> str | None:
    """One line for users on a CPU who would be faster with the compiled loops, else None."""
    reason = load_library()[1]
    if reason is None:
        return None
    return (
        f"edge operations run without their compiled loops, correctly but several times slower: "
        f"{reason}; install a C++ compiler and then forcelaw again"
    )


def on_cpu(native: Callable[..., Array], plain: Callable[..., Array], *arguments: Any) -> Array:
    """`native(*arguments)` where the program runs on a CPU and the loops exist, else `plain`."""
    dtypes = {leaf.dtype for leaf in jax.tree.leaves(arguments) if _is_real(leaf)}
    if not dtypes <= {jnp.dtype("float32"), jnp.dtype("float64")} or len(dtypes) != 1:
        return plain(*arguments)
    if not native_available():
        tell_once()
        return plain(*arguments)
    return jax.lax.platform_dependent(*arguments, cpu=native, default=plain)


def lengths(
    offsets: Int[Array, " node_plus_one"],
    sender: Int[Array, " edge"],
    position: Float[Array, "node dim"],
) -> Float[Array, " edge"]:
    """`|x_sender - x_receiver|` for every edge."""
    return _call("forcelaw_edge_lengths", sender.shape, offsets, sender, position)


def dot(
    offsets: Int[Array, " node_plus_one"],
    sender: Int[Array, " edge"],
    direction: Float[Array, "node dim"],
    position: Float[Array, "node dim"],
) -> Float[Array, " edge"]:
    """`direction_receiver . (x_sender - x_receiver)` for every edge."""
    return _call("forcelaw_edge_dot", sender.shape, offsets, sender, direction, position)


def weighted_sum(
    offsets: Int[Array, " node_plus_one"],
    sender: Int[Array, " edge"],
    weight: Float[Array, " edge"],
    position: Float[Array, "node dim"],
) -> Float[Array, "node dim"]:
    """For every receiver the sum of `weight_e (x_sender - x_receiver)`."""
    return _call("forcelaw_edge_sum", position.shape, offsets, sender, weight, position)


def gain(
    offsets: Int[Array, " node_plus_one"],
    sender: Int[Array, " edge"],
    weight: Float[Array, " edge"],
    loss: Float[Array, " edge"],
    position: Float[Array, "node dim"],
) -> Float[Array, "node dim"]:
    """For every receiver the sum of `weight_e x_sender - loss_e x_receiver`."""
    return _call("forcelaw_edge_gain", position.shape, offsets, sender, weight, loss, position)


def sum_rows(
    offsets: Int[Array, " node_plus_one"], messages: Float[Array, "edge *feature"]
) -> Float[Array, "node *feature"]:
    """For every node the sum of rows `offsets[n]` to `offsets[n + 1]`."""
    nodes, features = offsets.shape[0] - 1, messages.shape[1:]
    if messages.size == 0:
        return jnp.zeros((nodes, *features), messages.dtype)
    flat = messages.reshape(messages.shape[0], -1)
    rows = _call("forcelaw_sum_messages", (nodes, flat.shape[1]), offsets, flat)
    return rows.reshape(nodes, *features)


def _call(target: str, shape: tuple[int, ...], *operands: Array) -> Array:
    result = jax.ShapeDtypeStruct(shape, operands[-1].dtype)
    return jax.ffi.ffi_call(target, result, vmap_method="expand_dims")(*operands)


def _is_real(leaf: Any) -> bool:
    return jnp.issubdtype(leaf.dtype, jnp.floating)


@functools.cache
def tell_once() -> None:
    """Warns, once a process, that there are no compiled kernels, where they would serve."""
    if jax.default_backend() == "cpu":
        logging.getLogger("forcelaw").warning(native_notice())


def load_library() -> tuple[ctypes.CDLL | None, str | None]:
    """The library with its functions made known to XLA, or the reason why there is none."""
    with _lock:
        return _load_once()


@functools.cache
def _load_once() -> tuple[ctypes.CDLL | None, str | None]:
    try:
        return _open(), None
    except _UnusableError as error:
        return None, str(error)


def _open() -> ctypes.CDLL:
    folder = Path(__file__).parent
    paths = [folder / f"_kernels{suffix}" for suffix in EXTENSION_SUFFIXES]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        raise _UnusableError("they were not built when forcelaw was installed")
    try:
        library = ctypes.CDLL(str(path))
        version = library.forcelaw_kernels_version()
        if version != VERSION:
            raise _UnusableError(f"{path} is of version {version}, expected {VERSION}")
        for target in _TARGETS:
            handler = jax.ffi.pycapsule(getattr(library, target))
            jax.ffi.register_ffi_target(target, handler, platform="cpu")
    except (OSError, AttributeError, RuntimeError, ValueError) as error:
        raise _UnusableError(f"{path} cannot be used here ({error})") from error
    return library
