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
        """Log-odds of every member.

        All nodes of a tree are asked at once, whole columns at a time, and each answer rules out
        the leaves on its other side: one leaf is left for each row (Lucchese et al., QuickScorer,
        SIGIR 2015). To follow every row down from the root takes twenty times as long.
        """
        columns = values.T

        def one(total: Array, tree: Any) -> tuple[Array, None]:
            every, feature, threshold, low, high, value = tree
            leaves = jnp.full(values.shape[0], every)
            for node in range(LEAVES - 1):
                above = columns[feature[node]] > threshold[node]
                leaves = leaves & jnp.where(above, high[node], low[node])
            # The number of the only bit that is left.
            return total + value[jax.lax.population_count(leaves - 1)], None

        def member(trees: Any) -> Array:
            base, *rest = trees
            return jax.lax.scan(one, jnp.full(values.shape[0], base), tuple(rest))[0]

        return jax.lax.map(member, (self.base, *self._questions(), self.value))

    def _questions(self) -> tuple[Array, Array, Array, Array, Array]:
        """The leaves, and what is asked at every node that is none.

        Column and threshold, and which leaves are left where a row is not above it and where it is;
        of leaves a bit for the number of each.
        """
        node = jnp.broadcast_to(jnp.arange(NODES, dtype=self.left.dtype), self.left.shape)
        leaf = self.left == node
        bit = jnp.left_shift(jnp.ones_like(node, jnp.uint32), node.astype(jnp.uint32))
        own = jnp.where(leaf, bit, jnp.zeros_like(bit))
        below = own
        for _ in range(LEAVES - 1):
            beneath = [
                jnp.take_along_axis(below, side, axis=-1) for side in (self.left, self.right)
            ]
            below = own | beneath[0] | beneath[1]
        inner = jnp.argsort(leaf, axis=-1, stable=True)[..., : LEAVES - 1]
        asked = ~jnp.take_along_axis(leaf, inner, axis=-1)

        def kept(other: Array) -> Array:
            out = jnp.take_along_axis(below, jnp.take_along_axis(other, inner, axis=-1), axis=-1)
            return jnp.where(asked, ~out, ~jnp.zeros_like(out))

        feature, threshold = (
            jnp.take_along_axis(each, inner, axis=-1) for each in (self.feature, self.threshold)
        )
        return below[..., 0], feature, threshold, kept(self.right), kept(self.left)


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
