"""The product of rows with a matrix, which stays one product of matrices under `jax.vmap`.

`jax.vmap` of `rows @ matrix` over many examples is a product with two row axes. XLA's CPU compiler
transposes a copy of every operand for the gradient by the matrix, whose two contracted axes it
does not merge: a third of the training step of a message network. Here the rows of all examples
become the rows of one matrix before anything is differentiated.
"""

from __future__ import annotations

import jax
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir
from jaxtyping import Array, Float


def rows_product(
    rows: Float[Array, "*batch in"], matrix: Float[Array, "in out"]
) -> Float[Array, "*batch out"]:
    """`rows @ matrix`."""
    flat = rows.reshape(-1, rows.shape[-1])
    return _product.bind(flat, matrix).reshape(*rows.shape[:-1], matrix.shape[1])


def _plain(rows, matrix):
    return jax.lax.dot_general(rows, matrix, (((1,), (0,)), ((), ())))


def _shape(rows, matrix):
    return ShapedArray((rows.shape[0], matrix.shape[1]), rows.dtype)


def _batched(operands, axes):
    rows, matrix = operands
    if axes[1] is not batching.not_mapped:
        return jax.vmap(_plain, axes)(rows, matrix), 0
    return rows_product(batching.bdim_at_front(rows, axes[0], rows.shape[axes[0]]), matrix), 0


def _transposed_by_rows(cotangent, rows, matrix):
    del rows
    return rows_product(cotangent, matrix.T)


def _transposed_by_matrix(cotangent, rows, matrix):
    del matrix
    return jax.lax.dot_general(rows, cotangent, (((0,), (0,)), ((), ())))


_product = Primitive("forcelaw_rows_product")
_product.def_impl(jax.jit(_plain))
_product.def_abstract_eval(_shape)
batching.primitive_batchers[_product] = _batched
ad.defbilinear(_product, _transposed_by_rows, _transposed_by_matrix)
mlir.register_lowering(_product, mlir.lower_fun(_plain, multiple_results=False))
