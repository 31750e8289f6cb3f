"""The final decoder: linear models and trees, each blind to some folds, fitted on hidden pairs."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.training import Stage, StageValues, cosine, train

from ._decoder import Decoder, Standard
from ._objective import cross_entropy
from ._trees import Trees, fit_trees

MEMBERS = 5
EPOCHS = 60
BATCHES = 16
WEIGHT_DECAY = 1e-2
SHARE = 0.75
"""Of the trees in the log-odds, where examples are many."""
FEW = 1000
"""Examples at which the trees have half their share: below, the linear model is surer."""
OPTIMIZER = optax.chain(optax.scale_by_adam(), optax.add_decayed_weights(WEIGHT_DECAY))


class Ensemble(eqx.Module):
    """Decoders whose log-odds are averaged: linear ones of standardised inputs, and trees."""

    standard: Standard
    members: Decoder
    """Arrays lead with the axis of the members."""
    trees: Trees
    share: Float[Array, ""]
    """Of the trees in the log-odds."""

    def each(self, features: Float[Array, "pair feature"]) -> Float[Array, "member pair"]:
        """Log-odds of every member."""
        return (1 - self.share) * self.linear(features) + self.share * self.trees(features)

    def linear(self, features: Float[Array, "pair feature"]) -> Float[Array, "member pair"]:
        """Log-odds of the members without their trees."""
        values = self.standard(features)
        return jax.vmap(lambda member: member(values))(self.members)

    def __call__(self, features: Float[Array, "pair feature"]) -> Float[Array, " pair"]:
        """Mean log-odds of a positive sign."""
        return jnp.mean(self.each(features), axis=0)

    @classmethod
    def untrained(cls, features: int, members: int, trees: int, *, key: PRNGKeyArray) -> Ensemble:
        """Linear members, and `trees` trees for each that say nothing."""
        standard = Standard(jnp.zeros(features), jnp.ones(features))
        keys = jax.random.split(key, members)
        linear = jax.vmap(lambda key: Decoder(features, 0, key=key))(keys)
        return cls(standard, linear, Trees.untrained(members, trees), jnp.zeros(()))


class Examples(eqx.Module):
    """Rows to fit decoders on: what is seen of hidden pairs, and their signs."""

    feature: Float[Array, "row feature"]
    positive: Float[Array, " row"]
    present: Float[Array, " row"]
    """0 for padding."""
    member: Int[Array, " row"]
    """The member that never sees this row."""
    members: int = eqx.field(static=True)


def fit_ensemble(
    examples: Examples, *, trees: bool, key: PRNGKeyArray
) -> tuple[Ensemble, Float[Array, " row"]]:
    """The ensemble, and for every row the log-odds by the member that has not seen it.

    The likelihood is unweighted, so that probabilities are calibrated. `trees` whether there are
    any beside the linear members.
    """
    start_key, train_key = jax.random.split(key)
    ensemble = Ensemble.untrained(examples.feature.shape[1], examples.members, 0, key=start_key)
    standard = Standard.of(examples.feature, examples.present)
    ensemble = eqx.tree_at(lambda tree: tree.standard, ensemble, standard)
    fitted = train(
        ensemble,
        example_loss,
        examples,
        batches=example_batches,
        stages=[Stage(EPOCHS, learning_rate=5e-3)],
        key=train_key,
        schedule=cosine,
        optimizer=OPTIMIZER,
    ).model
    # Weight decay must not touch what is not trained.
    fitted = eqx.tree_at(lambda tree: tree.standard, fitted, standard)
    if trees:
        grown, share = grow(examples)
        fitted = eqx.tree_at(lambda tree: (tree.trees, tree.share), fitted, (grown, share))
    log_odds = eqx.filter_jit(fitted.each)(examples.feature)
    unseen = jnp.take_along_axis(log_odds, examples.member[None, :], axis=0)[0]
    return fitted, unseen


def grow(examples: Examples) -> tuple[Trees, Float[Array, ""]]:
    """The trees of every member, and their share in the log-odds."""
    present = np.asarray(examples.present) > 0
    feature, positive, member = (
        np.asarray(leaf)[present] for leaf in (examples.feature, examples.positive, examples.member)
    )
    share = SHARE * len(feature) / (len(feature) + FEW)
    return fit_trees(feature, positive, member, examples.members), jnp.asarray(share, float)


def example_batches(examples: Examples, key: PRNGKeyArray) -> Int[Array, "batch row"]:
    """A shuffled epoch in `BATCHES` batches; the few rows that do not divide wait their turn."""
    rows = examples.present.shape[0]
    count = min(BATCHES, rows)
    order = jax.random.permutation(key, rows)
    return order[: rows - rows % count].reshape(count, -1)


def example_loss(
    ensemble: Ensemble,
    examples: Examples,
    rows: Int[Array, " row"],
    stage: StageValues,
    key: PRNGKeyArray,
) -> tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]:
    """Mean negative log-likelihood over members of the rows that they may see."""
    log_odds = ensemble.linear(examples.feature[rows])
    losses = cross_entropy(log_odds, examples.positive[rows][None, :])
    member = jnp.arange(examples.members, dtype=examples.member.dtype)[:, None]
    allowed = examples.member[rows][None, :] != member
    may_see = jnp.where(allowed, examples.present[rows][None, :], 0)
    weight = jnp.sum(may_see)
    return jnp.sum(may_see * losses) / jnp.maximum(weight, 1), weight, {}
