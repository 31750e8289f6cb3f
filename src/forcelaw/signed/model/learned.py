"""What a fit learned, apart from the network that it was learned on."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.laws import Law
from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.forces import (
    Preset,
    ReferenceInputs,
    Springs,
    Start,
    Views,
    draw_starts,
    judge,
    make_views,
    place,
    place_folds,
    shard_graph,
    whole_view,
)
from forcelaw.signed.model.averaging import start_count
from forcelaw.signed.model.cross_fitting import fold_counts
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings
from forcelaw.signed.network import SignedNetwork, check_network


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Learned:
    """Law, decoder and what belongs to them; `forcelaw.signed.apply` sets them to work.

    **Attributes:** `law`; `ensemble` the decoder, for `directed` pairs or for unordered ones, which
    reads times if it is `timed`, and looks ahead in time if it is for a `forecast`;
    `settings`, `dim`, `seed` of the training; `threshold` and `prior` as of `SpringEmbedding`;
    `reference_inputs` of the law; `trained_on` name and content hash of each network; `springs`
    whether the law has learned, None where that was not kept; `fit_settings` of the training, which
    hold for predictions too.
    """

    law: Law
    ensemble: Ensemble
    settings: Preset
    dim: int
    seed: int
    directed: bool
    timed: bool
    forecast: bool
    threshold: float
    prior: float
    reference_inputs: ReferenceInputs
    trained_on: tuple[tuple[str, str], ...]
    springs: Springs | None = None
    fit_settings: FitSettings = FIT_SETTINGS

    def __repr__(self) -> str:
        names = ", ".join(name for name, _ in self.trained_on)
        kind = "directed" if self.directed else "undirected"
        return f"Learned({type(self.law).__name__}, dim={self.dim}, {kind}, trained on {names})"

    def starts(self, nodes: int, count: int) -> Start:
        """The start positions of the simulations that place so many nodes, `count` of them."""
        return draw_starts(
            nodes, self.dim, self.settings, self.fit_settings.forces, seed=self.seed, count=count
        )

    def place(
        self, network: SignedNetwork, *, devices: int | None = None
    ) -> Float[np.ndarray, "node dim"]:
        """Positions of a network's nodes under the law, without training.

        The network may be directed or not; forces always act between unordered pairs. For
        `devices` see `SpringEmbedding.fit`.
        """
        check_network("network", network)
        graph, view = whole_view(network, self.fit_settings.forces.views)
        start = self.starts(graph.nodes, 1)
        shards = shard_graph(graph, devices)
        position = place(self.law, graph, view, start, self.settings, shards)
        return np.asarray(position)[0, : network.n_nodes]

    def springs_on(self, network: SignedNetwork) -> Springs:
        """Whether the law brings friends of that network nearer than enemies.

        Its signs are hidden in turn while the law moves the nodes; nothing is trained.
        """
        views, columns = self._hidden_columns(network.pairs())
        return judge(columns[..., 0], views.hidden, self.fit_settings.forces.training)

    def hidden(
        self, network: SignedNetwork
    ) -> tuple[Float[np.ndarray, " pair"], Float[np.ndarray, " pair"], Springs]:
        """Of the network's own pairs while hidden: log-odds, which are positive, the springs."""
        views, columns = self._hidden_columns(network)
        log_odds = self.ensemble(jnp.asarray(columns.reshape(-1, columns.shape[-1])))
        present = np.asarray(views.hidden.weight).reshape(-1) > 0
        positive = np.asarray(views.hidden.positive).reshape(-1)
        springs = judge(columns[..., 0], views.hidden, self.fit_settings.forces.training)
        return np.asarray(log_odds)[present], positive[present].astype(np.float64), springs

    def _hidden_columns(
        self, network: SignedNetwork
    ) -> tuple[Views, Float[np.ndarray, "fold pair column"]]:
        """The decoder's columns of the network's own pairs, each while it is hidden."""
        chosen = self.fit_settings
        counts = fold_counts(chosen.calibration_folds, network.n_edges, chosen)
        views = make_views(network, chosen.forces.views, seed=self.seed, **counts._asdict())
        count = start_count(network, self.settings.starts, chosen)
        start = self.starts(views.graph.nodes, count)
        columns = place_folds(self.law, views, start, self.settings, directed=self.directed)
        return views, np.asarray(columns)
