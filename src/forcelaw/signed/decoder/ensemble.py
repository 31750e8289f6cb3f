"""The final decoder: linear models and trees, each blind to some folds, fitted on hidden pairs."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.signed.decoder.geometry_decoder import Decoder, Standard
from forcelaw.signed.decoder.logistic import fit_logistic
from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings
from forcelaw.signed.decoder.trees import Trees, fit_trees


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
        """Linear members, and `trees` trees of value 0 for each."""
        standard = Standard(jnp.zeros(features), jnp.ones(features))
        keys = jax.random.split(key, members)
        linear = jax.vmap(lambda key: Decoder(features, 0, key=key))(keys)
        return cls(standard, linear, Trees.untrained(members, trees), jnp.zeros(()))


class Examples(eqx.Module):
    """Rows to fit decoders on: the columns of hidden pairs, and their signs."""

    feature: Float[Array, "row feature"]
    positive: Float[Array, " row"]
    present: Float[Array, " row"]
    """0 for padding."""
    member: Int[Array, " row"]
    """The member that is never fitted on this row."""
    members: int = eqx.field(static=True)


def fit_ensemble(
    examples: Examples, settings: DecoderSettings = DECODER_SETTINGS, *, trees: bool
) -> tuple[Ensemble, Float[Array, " row"]]:
    """The ensemble, and for every row the log-odds by the member that was not fitted on it.

    The likelihood is unweighted, so that probabilities are calibrated. How strongly the linear
    members are held back, and which share the trees get, is chosen by the cross-fitted log-loss.
    `trees` whether there are any beside the linear members where examples are many.
    """
    present = np.asarray(examples.present) > 0
    member = np.asarray(examples.member)[present]
    positive = np.asarray(examples.positive)[present] > 0
    standard = Standard.of(examples.feature, examples.present)
    ensemble = Ensemble.untrained(
        examples.feature.shape[1], examples.members, 0, key=jax.random.key(0)
    )
    values = np.asarray(standard(examples.feature), np.float64)[present]
    paths = fit_logistic(values, positive, member, examples.members, settings)
    losses = [
        log_loss(held_out_log_odds(values @ weight.T + bias, member), positive)
        for weight, bias in paths
    ]
    # One member alone would be its own judge.
    alone = examples.members == 1
    weight, bias = paths[len(paths) // 2 if alone else choose_simplest(np.stack(losses))]
    ensemble = eqx.tree_at(
        lambda tree: (tree.standard, tree.members.linear, tree.members.bias),
        ensemble,
        (standard, jnp.asarray(weight, float), jnp.asarray(bias, float)),
    )
    if trees and not alone and len(values) >= settings.fewest_for_trees:
        feature = np.asarray(examples.feature)[present]
        grown = fit_trees(feature, positive.astype(float), member, examples.members, settings)
        linear = held_out_log_odds(values @ weight.T + bias, member)
        by_trees = held_out_log_odds(
            np.asarray(eqx.filter_jit(grown)(jnp.asarray(feature))).T, member
        )
        losses = [log_loss((1 - s) * linear + s * by_trees, positive) for s in settings.tree_shares]
        share = settings.tree_shares[int(np.mean(losses, axis=1).argmin())]
        if share:
            ensemble = eqx.tree_at(
                lambda tree: (tree.trees, tree.share), ensemble, (grown, jnp.asarray(share, float))
            )
    log_odds = eqx.filter_jit(ensemble.each)(examples.feature)
    own = jnp.take_along_axis(log_odds, examples.member[None, :], axis=0)[0]
    return ensemble, own


def held_out_log_odds(
    log_odds: Float[np.ndarray, "row member"], member: Int[np.ndarray, " row"]
) -> Float[np.ndarray, " row"]:
    """Of every row the log-odds by the member that was not fitted on it."""
    return np.take_along_axis(log_odds, member[:, None].astype(np.int64), axis=1)[:, 0]


def log_loss(
    log_odds: Float[np.ndarray, " row"], positive: np.ndarray
) -> Float[np.ndarray, " row"]:
    """Minus the log-likelihood of every row."""
    return np.logaddexp(0, np.where(positive, -log_odds, log_odds))


def choose_simplest(losses: Float[np.ndarray, "choice row"]) -> int:
    """The first choice whose mean loss is no more than a standard error above the best.

    The error is that of the paired difference (Breiman, Friedman, Olshen & Stone, 1984).
    """
    excess = losses - losses[losses.mean(axis=1).argmin()]
    error = excess.std(axis=1) / np.sqrt(losses.shape[1])
    return int(np.argmax(excess.mean(axis=1) <= error))
