"""What was learned, at work on a network: all that a prediction reads, in one object."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError
from forcelaw.signed.decoder import Calibration, best_threshold, calibrate
from forcelaw.signed.features import Featurizer, without_times
from forcelaw.signed.forces import ReferenceInputs, draw_starts, place, whole_view
from forcelaw.signed.model.averaging import start_count
from forcelaw.signed.model.learned_model import Learned
from forcelaw.signed.network import SignedNetwork

FEWEST = 20
"""Signs of either kind below which a threshold is not chosen anew."""


@dataclasses.dataclass(frozen=True, eq=False)
class Fitted:
    """A network whose nodes have been placed, and what reads signs off there.

    **Attributes:** `learned` law and decoder, with threshold and prior of this network; `position`
    of its nodes from each start; `calibration` of the decoder's log-odds.
    """

    learned: Learned
    network: SignedNetwork
    position: Float[np.ndarray, "start node dim"]
    calibration: Calibration

    @cached_property
    def featurizer(self) -> Featurizer:
        """Of the network; fitted when it is first asked for."""
        return Featurizer.fit(self.network)


def fit_elsewhere(learned: Learned, network: SignedNetwork, *, seed: int | None = None) -> Fitted:
    """A network placed by a law, and read by a decoder, that were trained elsewhere.

    See `forcelaw.signed.apply`.

    **Raises** `InputError` if the decoder needs directions or times that the network does not
    have.
    """
    if learned.directed and not network.directed:
        raise InputError(
            f"{network.name}: found an undirected network, expected a directed one for a "
            "decoder that was trained on directions; fit on pairs, or use the law default"
        )
    if learned.timed and network.time is None:
        raise InputError(
            f"{network.name}: found no times, expected a time for each edge for a decoder that "
            "was trained on edges with times; add times, or fit on a network without"
        )
    network = network if learned.directed else network.pairs()
    network = network if learned.timed else without_times(network)
    network = dataclasses.replace(network, forecast=learned.forecast)
    seed = learned.seed if seed is None else seed
    graph, view = whole_view(network)
    count = start_count(network, learned.settings.starts)
    start = draw_starts(graph.nodes, learned.dim, learned.settings, seed=seed, count=count)
    position = np.asarray(place(learned.law, graph, view, start, learned.settings))
    position = position[:, : network.n_nodes]
    typical = ReferenceInputs.of(graph, view, position[0])
    here = dataclasses.replace(learned, seed=seed, typical=typical)
    rarer = min(int((network.sign > 0).sum()), int((network.sign < 0).sum()))
    if not rarer:
        return Fitted(here, network, position, Calibration())
    log_odds, positive, springs = learned.hidden(network, seed)
    calibration = calibrate(log_odds, positive)
    threshold = learned.threshold
    if rarer >= FEWEST:
        probability = calibration.probability(log_odds)
        threshold = best_threshold(np.where(positive > 0, 1, -1), probability)
    here = dataclasses.replace(
        here, springs=springs, prior=network.positive_share, threshold=threshold
    )
    return Fitted(here, network, position, calibration)
