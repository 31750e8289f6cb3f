"""Pytrees of arrays in one safetensors file each: named, checked, atomic; loading runs nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import safetensors
import safetensors.numpy

from forcelaw.documents import JsonObject, ParsedObject, described, parse_json
from forcelaw.errors import UnreadableFile
from forcelaw.storage.atomic_files import atomic_write

Tree = TypeVar("Tree")
_DOCUMENT = "forcelaw"


def save_arrays(path: Path, tree: Any, document: JsonObject) -> None:
    """Write the arrays of `tree` and a JSON `document` to one file, all or nothing."""
    arrays = {name: _to_numpy(leaf) for name, leaf in _named(tree)}
    atomic_write(path, safetensors.numpy.save(arrays, metadata={_DOCUMENT: json.dumps(document)}))


def load_arrays(path: Path, like: Tree) -> tuple[Tree, ParsedObject]:
    """The tree with the structure of `like` and the arrays of the file, and its document.

    **Raises** `InputError` that names the file and, where they differ, the array and both shapes.
    """
    document = read_document(path)
    with _opened(path) as file:
        found = set(file.keys())
        wanted = [name for name, _ in _named(like)]
        for name in wanted:
            if name not in found:
                raise UnreadableFile(f"{path}: holds no array {name}; it belongs to another model")
        for name in sorted(found - set(wanted)):
            raise UnreadableFile(
                f"{path}: array {name} is not expected; it belongs to another model"
            )
        with described(path, "arrays", "restore it or train again"):
            loaded = {name: file.get_tensor(name) for name in wanted}
    arrays, rest = eqx.partition(like, eqx.is_array)
    paths, structure = jax.tree_util.tree_flatten_with_path(arrays)
    leaves = [_like(path, _name(at), loaded, leaf) for at, leaf in paths]
    return eqx.combine(jax.tree.unflatten(structure, leaves), rest), document


def build_sized(path: Path, sizes: Any, build: Callable[[], Tree]) -> Tree:
    """`build()`, once it is known that its arrays fit into the file that fills them.

    **Arguments:** `sizes` is what `build` makes them from: no integer in it can be larger either.

    **Raises** `InputError` if a document asks for more than its file holds, or for sizes below 0.
    """
    check_sizes(path, sizes)
    shapes = jax.tree.leaves(eqx.filter_eval_shape(build))
    shapes = [leaf for leaf in shapes if hasattr(leaf, "shape")]
    # Where no compiler looks at shapes, one with a size of -1 passes.
    check_sizes(path, [list(leaf.shape) for leaf in shapes], least=0)
    check_bytes(path, [(leaf.shape, leaf.dtype) for leaf in shapes])
    return build()


def check_bytes(path: Path, arrays: Iterable[tuple[Sequence[int], Any]]) -> None:
    """**Raises** `InputError` if arrays of these shapes and types are larger than the file."""
    total = sum(
        math.prod(shape) * (1 if jnp.issubdtype(kind, jax.dtypes.prng_key) else kind.itemsize)
        for shape, kind in arrays
    )
    if total > path.stat().st_size:
        raise UnreadableFile(
            f"{path}: found a description of {total:,} bytes of arrays, expected at most the "
            f"{path.stat().st_size:,} of the file; restore it or train again"
        )


def check_sizes(path: Path, sizes: Any, least: int = -1) -> None:
    """**Raises** `InputError` for an integer, however deep, above the file's number of bytes.

    **Arguments:** `least` the smallest that is allowed; -1 where sizes are chosen by it.
    """
    if isinstance(sizes, dict | list):
        for part in sizes.values() if isinstance(sizes, dict) else sizes:
            check_sizes(path, part, least)
    elif isinstance(sizes, int) and not least <= sizes <= path.stat().st_size:
        raise UnreadableFile(
            f"{path}: found a size of {sizes}, expected one that its arrays can have; restore it "
            "or train again"
        )


def read_document(path: Path) -> ParsedObject:
    """The JSON document of a file that `save_arrays` wrote."""
    with _opened(path) as file:
        metadata = file.metadata() or {}
    if _DOCUMENT not in metadata:
        raise UnreadableFile(
            f"{path}: was not written by forcelaw; expected its own safetensors file"
        )
    document = parse_json(metadata[_DOCUMENT], path, finite=False)
    if not isinstance(document, dict):
        raise UnreadableFile(f"{path}: its document is damaged; restore it or train again")
    return document


def require_file(path: Path) -> None:
    """**Raises** `InputError` if there is no file of arrays."""
    if not path.is_file():
        raise UnreadableFile(f"{path}: no such file; expected arrays saved by forcelaw")


def _opened(path: Path):
    require_file(path)
    try:
        return safetensors.safe_open(path, framework="numpy")
    except (safetensors.SafetensorError, OSError) as error:
        raise UnreadableFile(
            f"{path}: is not a whole safetensors file ({error}); restore it or train again"
        ) from None


def _name(at: tuple[Any, ...]) -> str:
    """Where an array stands in a tree. Files call one-body forces `own`, as they always have."""
    return jax.tree_util.keystr(at).replace(".one_body", ".own")


def _named(tree: Any) -> list[tuple[str, Any]]:
    arrays = eqx.filter(tree, eqx.is_array)
    leaves, _ = jax.tree_util.tree_flatten_with_path(arrays)
    return [(_name(at), leaf) for at, leaf in leaves]


def _to_numpy(leaf: Any) -> np.ndarray:
    if isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        leaf = jax.random.key_data(leaf)
    return np.array(leaf, order="C")


def _like(path: Path, name: str, loaded: dict[str, np.ndarray], leaf: Any) -> Any:
    array = loaded[name]
    is_key = isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    expected = _to_numpy(leaf)
    if array.shape != expected.shape or array.dtype.kind != expected.dtype.kind:
        raise UnreadableFile(
            f"{path}: array {name} is {array.dtype}{list(array.shape)}, expected "
            f"{expected.dtype}{list(expected.shape)}; it belongs to another model"
        )
    if is_key:
        return jax.random.wrap_key_data(jnp.asarray(array))
    array = array.astype(expected.dtype)
    return jnp.asarray(array) if isinstance(leaf, jax.Array) else array
