"""Boosted decision trees as arrays: fitted by scikit-learn, kept and evaluated without it."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.signed.decoder.boosting import boost
from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings

LEAVES = 8
"""Of a tree: a size of the arrays in saved models."""
NODES = 2 * LEAVES - 1
"""Of a tree of so many leaves."""


class Trees(eqx.Module):
    """Sums of small decision trees; a leaf is its own child.

    Histogram boosting (Ke et al., NeurIPS 2017; scikit-learn's implementation): trees see jumps
    and interactions that a linear model misses, whatever the scale of a column.
    """

    base: Float[Array, " member"]
    feature: Int[Array, "member tree node"]
    threshold: Float[Array, "member tree node"]
    """A row goes left where its feature is not above it."""
    left: Int[Array, "member tree node"]
    right: Int[Array, "member tree node"]
    value: Float[Array, "member tree node"]

    @classmethod
    def untrained(cls, members: int, count: int) -> Trees:
        """Trees of value 0."""
        shape = (members, count, NODES)
        itself = jnp.broadcast_to(jnp.arange(NODES, dtype=jnp.int32), shape)
        zero = jnp.zeros(shape)
        nothing = jnp.zeros(shape, jnp.int32)
        return cls(jnp.zeros(members), nothing, zero, itself, itself, zero)

    def __call__(self, values: Float[Array, "row feature"]) -> Float[Array, "member row"]:
        """Log-odds of every member."""
        rows = jnp.arange(values.shape[0])

        def one(total: Array, tree: Any) -> tuple[Array, None]:
            feature, threshold, left, right, value = tree
            node = jnp.zeros(values.shape[0], jnp.int32)
            for _ in range(LEAVES - 1):
                above = values[rows, feature[node]] > threshold[node]
                node = jnp.where(above, right[node], left[node])
            return total + value[node], None

        def member(trees: Any) -> Array:
            base, *rest = trees
            return jax.lax.scan(one, jnp.full(values.shape[0], base), tuple(rest))[0]

        each = (self.base, self.feature, self.threshold, self.left, self.right, self.value)
        return jax.lax.map(member, each)


def fit_trees(
    values: Float[np.ndarray, "row feature"],
    positive: np.ndarray,
    member: Int[np.ndarray, " row"],
    members: int,
    settings: DecoderSettings = DECODER_SETTINGS,
) -> Trees:
    """One boosted sum for each member, of the rows that are not withheld from it.

    **Arguments:** `member` the member that may not see a row; a member without rows
    of both signs stays at 0.

    **Raises** `InputError` for a version of scikit-learn whose trees cannot be read, see `boost`.
    """
    trees = jax.tree.map(np.array, Trees.untrained(members, settings.trees))
    for number in range(members):
        rows = (member != number) | (members == 1)
        if len(np.unique(positive[rows])) < 2:
            continue
        grown = boost(
            values[rows],
            positive[rows],
            max_iter=settings.trees,
            learning_rate=settings.learning_rate,
            max_leaf_nodes=LEAVES,
            l2_regularization=settings.tree_ridge,
            min_samples_leaf=settings.fewest_in_leaf,
            early_stopping=False,
            random_state=0,
        )
        trees.base[number] = grown.base
        for count, tree in enumerate(grown.trees):
            at = (number, count, slice(len(tree.value)))
            trees.feature[at], trees.left[at], trees.right[at] = tree.feature, tree.left, tree.right
            trees.threshold[at] = round_down(tree.threshold, trees.threshold.dtype)
            trees.value[at] = tree.value
    return jax.tree.map(jnp.asarray, trees)


def round_down(values: Float[np.ndarray, " row"], dtype: np.dtype) -> np.ndarray:
    """The largest numbers of that precision that are not above the values."""
    near = values.astype(dtype)
    return np.where(near > values, np.nextafter(near, dtype.type(-np.inf)), near)
