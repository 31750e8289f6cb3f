"""Log-odds of every edge of a network, told from the others by decoders that never saw its sign.

A fold of the signs is hidden, the law places the nodes and the features are computed from what is
visible, and the hidden signs are told by the decoder that was fitted on other folds.
Signs that are wrong mislead this, too: in a second round the edges that the first contradicts most
are left out of what the others are told from. It counts if it tells the signs better.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import logit

from forcelaw.signed.decoder import Calibration, calibrate
from forcelaw.signed.decoder.ensemble import Ensemble, fit_ensemble, log_loss
from forcelaw.signed.forces import make_views, place, place_folds
from forcelaw.signed.model import APART, Fitted, Learned
from forcelaw.signed.model.averaging import average_ensembles
from forcelaw.signed.model.cross_fitting import make_examples
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits import make_folds
from forcelaw.signed.suspicion.settings import SUSPICION_SETTINGS, SuspicionSettings

Tell = Callable[[float, float], None]
"""Is told how much is done, and of how much."""


class Hidden(NamedTuple):
    """What is known about every edge from the others."""

    probability: Float[np.ndarray, " edge"]
    """Of a positive sign, calibrated on the signs as they are."""
    second_round: bool
    """Whether leaving out what was contradicted told the signs better."""


def hidden_probability(
    learned: Learned,
    network: SignedNetwork,
    *,
    seed: int,
    settings: SuspicionSettings = SUSPICION_SETTINGS,
    tell: Tell = lambda done, total: None,
) -> Hidden:
    """The probability of every edge of a network with edges of both signs, see the module."""
    first, _ = _cross_fit(learned, network, seed, settings, lambda done: tell(done / 2, 1))
    positive = network.sign > 0
    found = _calibrated(first, positive, learned)
    own = np.where(positive, found, 1 - found)
    kept = own >= settings.left_out
    if kept.all() or len(np.unique(positive[kept])) < 2:
        tell(1, 1)
        return Hidden(found, False)
    second = _second_round(
        learned, network, kept, seed, settings, lambda done: tell(0.5 + done / 2, 1)
    )
    both = _calibrated((first + second) / 2, positive, learned)
    better = _loss(both, positive) < _loss(found, positive)
    return Hidden(both if better else found, better)


def _second_round(
    learned: Learned,
    network: SignedNetwork,
    kept: Bool[np.ndarray, " edge"],
    seed: int,
    settings: SuspicionSettings,
    tell: Callable[[float], None],
) -> Float[np.ndarray, " edge"]:
    """Log-odds of all edges from those that are kept."""
    visible = network.subset(kept)
    log_odds, ensemble = _cross_fit(learned, visible, seed + APART // 2, settings, tell)
    found = np.empty(network.n_edges)
    found[kept] = log_odds
    views = make_views(visible, learned.fit_settings.forces.views, folds=2, hidden=1, seed=seed)
    start = learned.starts(views.graph.nodes, 1)
    position = place(learned.law, views.graph, views.whole(), start, learned.settings)
    here = dataclasses.replace(learned, ensemble=ensemble)
    fitted = Fitted(here, visible, np.asarray(position)[:, : network.n_nodes], Calibration())
    probability = fitted.probability(np.asarray(network.edges[~kept]))
    furthest = learned.fit_settings.decoder.furthest_log_odds
    with np.errstate(divide="ignore"):
        found[~kept] = np.clip(logit(probability), -furthest, furthest)
    return found


def _cross_fit(
    learned: Learned,
    network: SignedNetwork,
    seed: int,
    settings: SuspicionSettings,
    tell: Callable[[float], None],
) -> tuple[Float[np.ndarray, " edge"], Ensemble]:
    """Log-odds of every edge while hidden, averaged over choices of folds; the mean decoder."""
    edges = network.n_edges
    folds = min(settings.folds, max(settings.fewest_folds, settings.edges_of_views // edges), edges)
    choices = max(1, min(settings.choices, settings.edges_of_choices // edges))
    chosen, total, ensembles = learned.fit_settings, np.zeros(edges), []
    for number in range(choices):
        own = seed + number * APART
        views = make_views(network, chosen.forces.views, folds=folds, seed=own)
        start = learned.starts(views.graph.nodes, 1)
        columns = place_folds(
            learned.law, views, start, learned.settings, directed=network.directed
        )
        examples = make_examples(views, columns, chosen.decoder)
        ensemble, log_odds = fit_ensemble(examples, chosen.decoder, trees=learned.settings.features)
        ensembles.append(ensemble)
        rows = [
            np.flatnonzero(fold.hidden)
            for fold in make_folds(network, folds, own, chosen.forces.views.folds)
        ]
        present = np.asarray(examples.present) > 0
        total[np.concatenate(rows)] += np.asarray(log_odds, np.float64)[present]
        tell((number + 1) / choices)
    return total / choices, average_ensembles(ensembles)


def _calibrated(
    log_odds: Float[np.ndarray, " edge"], positive: Bool[np.ndarray, " edge"], learned: Learned
) -> Float[np.ndarray, " edge"]:
    found = calibrate(log_odds, positive.astype(np.float64), learned.fit_settings.decoder)
    return found.probability(log_odds)


def _loss(probability: Float[np.ndarray, " edge"], positive: Bool[np.ndarray, " edge"]) -> float:
    with np.errstate(divide="ignore"):
        return float(log_loss(logit(probability), positive).mean())
