"""Positions of nodes, told from numbers that are their names."""

from __future__ import annotations

from typing import Any

import numpy as np

from forcelaw.errors import InputError

KEEPING = frozenset(
    [np.concatenate, np.vstack, np.append, np.unique, np.sort, np.flip, np.repeat, np.take]
)


class NodeIndices(np.ndarray):
    """Pairs of positions in `SignedNetwork.names`, `[pair, 2]`; other numbers are names of nodes.

    `SignedPairs.pairs` and `SignedNetwork.edges` are such. A NumPy array in all else.
    """

    def __new__(cls, pairs: Any) -> NodeIndices:
        """Marks an array of integers, without a copy where it is one."""
        rows = np.asarray(pairs)
        if rows.size == 0:
            rows = np.empty((0, 2), np.int32)
        if rows.dtype.kind not in "iu" or rows.ndim != 2 or rows.shape[1] != 2:
            raise InputError(
                f"found indices of type {rows.dtype} and shape {rows.shape}, expected integers of "
                "shape (pairs, 2); give a row of source and target for each pair"
            )
        return rows.view(cls)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """What is computed from indices is none: plain arrays and numbers."""
        del context
        plain = np.asarray(array)
        return plain[()] if return_scalar else plain

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """What joins or orders indices gives indices."""
        result = super().__array_function__(func, types, args, kwargs)
        if func in KEEPING and type(result) is np.ndarray and result.dtype.kind in "iu":
            return result.view(NodeIndices)
        return result
