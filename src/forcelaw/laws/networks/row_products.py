"""The product of rows with a matrix, which stays one product of matrices under `jax.vmap`.

`jax.vmap` of `rows @ matrix` over many examples is a product with two row axes. XLA's CPU compiler
transposes a copy of every operand for the gradient by the matrix, whose two contracted axes it
does not merge: a third of the training step of a message network. Here the rows of all examples
become the rows of one matrix before anything is differentiated.

Accelerators multiply float32 with ten bits of mantissa unless told otherwise. Layers that are
trained live with that; `exact` is for products that errors grow in.
"""

from __future__ import annotations

import functools

import jax
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir
from jaxtyping import Array, Float


def rows_product(
    rows: Float[Array, "*batch in"], matrix: Float[Array, "in out"], *, exact: bool = False
) -> Float[Array, "*batch out"]:
    """`rows @ matrix`, on every platform in full precision where it is to be `exact`."""
    flat = rows.reshape(-1, rows.shape[-1])
    product = _product.bind(flat, matrix, exact=exact)
    return product.reshape(*rows.shape[:-1], matrix.shape[1])


def _plain(rows, matrix, *, exact):
    return _contracted(rows, matrix, (1, 0), exact)


def _contracted(one, other, axes, exact):
    dimensions = ((axes[:1], axes[1:]), ((), ()))
    precision = jax.lax.Precision.HIGHEST if exact else None
    return jax.lax.dot_general(one, other, dimensions, precision=precision)


def _shape(rows, matrix, *, exact):
    del exact
    return ShapedArray((rows.shape[0], matrix.shape[1]), rows.dtype)


def _batched(operands, axes, *, exact):
    rows, matrix = operands
    if axes[1] is not batching.not_mapped:
        return jax.vmap(functools.partial(_plain, exact=exact), axes)(rows, matrix), 0
    front = batching.bdim_at_front(rows, axes[0], rows.shape[axes[0]])
    return rows_product(front, matrix, exact=exact), 0


def _transposed_by_rows(cotangent, rows, matrix, *, exact):
    del rows
    return rows_product(cotangent, matrix.T, exact=exact)


def _transposed_by_matrix(cotangent, rows, matrix, *, exact):
    del matrix
    return _contracted(rows, cotangent, (0, 0), exact)


_product = Primitive("forcelaw_rows_product")
_product.def_impl(jax.jit(_plain, static_argnames="exact"))
_product.def_abstract_eval(_shape)
batching.primitive_batchers[_product] = _batched
ad.defbilinear(_product, _transposed_by_rows, _transposed_by_matrix)
mlir.register_lowering(_product, mlir.lower_fun(_plain, multiple_results=False))
