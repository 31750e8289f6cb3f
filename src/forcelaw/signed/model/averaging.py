"""Decoders fitted on several choices of folds, averaged, so that chance decides less.

Which signs are hidden together is drawn at random, and on a small network the decoder depends on
it. The log-likelihood of averaged log-odds is at least the mean of the log-likelihoods.
"""

from __future__ import annotations

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.signed.decoder import DECODER_SETTINGS, DecoderSettings
from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.decoder.trees import Trees
from forcelaw.signed.forces import Views
from forcelaw.signed.model.cross_fitting import fit_decoder
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings
from forcelaw.signed.network import SignedNetwork

APART = 1_000_003
"""Between the seeds of two choices, so that those of neighbouring seeds are none of them."""


def count_fold_choices(
    network: SignedNetwork, most: int, settings: FitSettings = FIT_SETTINGS
) -> int:
    """How many, `most` at most: the more, the smaller the network, where they cost little.

    A forecast has one: its blocks of time are not drawn.
    """
    return (
        1
        if network.forecast
        else max(1, min(most, settings.edges_of_choices // max(network.n_edges, 1)))
    )


def start_count(network: SignedNetwork, wanted: int, settings: FitSettings = FIT_SETTINGS) -> int:
    """How many starts are averaged where a preset wants so many."""
    return max(wanted, count_fold_choices(network, settings.starts, settings))


def average_decoders(
    views: Sequence[Views],
    columns: Sequence[Float[Array, "fold pair column"]],
    settings: DecoderSettings = DECODER_SETTINGS,
    *,
    trees: bool,
) -> tuple[Ensemble, float]:
    """The mean of decoders of several choices of folds, and their mean threshold.

    **Arguments:** as of `fit_decoder`, for each choice.
    """
    found = [
        fit_decoder(*choice, settings, trees=trees) for choice in zip(views, columns, strict=True)
    ]
    ensembles, thresholds = zip(*found, strict=True)
    return average_ensembles(ensembles), float(np.mean(thresholds))


def average_ensembles(ensembles: Sequence[Ensemble]) -> Ensemble:
    """One ensemble with the members of all, each with the log-odds that it had."""
    if len(ensembles) == 1:
        return ensembles[0]
    standard = ensembles[0].standard
    shares = [float(ensemble.share) for ensemble in ensembles]
    most = max(shares)
    count = max(ensemble.trees.value.shape[1] for ensemble in ensembles)
    linear, bias, trees = [], [], []
    for ensemble, share in zip(ensembles, shares, strict=True):
        part = (1 - share) / (1 - most)
        own, members = ensemble.standard, ensemble.members
        weight = members.linear / own.scale[None, :]
        linear.append(part * weight * standard.scale[None, :])
        bias.append(part * (members.bias + weight @ (standard.shift - own.shift)))
        if most:
            grown = ensemble.trees
            if not share:
                grown = Trees.untrained(len(members.bias), count)
            trees.append(
                eqx.tree_at(
                    lambda tree: (tree.base, tree.value),
                    grown,
                    (grown.base * share / most, grown.value * share / most),
                )
            )
    every = sum(len(part) for part in bias)
    whole = Ensemble.untrained(len(standard.shift), every, 0, key=jax.random.key(0))
    return eqx.tree_at(
        lambda tree: (
            tree.standard, tree.members.linear, tree.members.bias, tree.trees, tree.share
        ),
        whole,
        (
            standard,
            jnp.concatenate(linear),
            jnp.concatenate(bias),
            jax.tree.map(lambda *parts: jnp.concatenate(parts), *trees) if most else whole.trees,
            jnp.asarray(most, float),
        ),
    )  # fmt: skip
