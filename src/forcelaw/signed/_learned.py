"""What a fit learned, apart from the network that it was learned on."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError
from forcelaw.laws import Law

from ._calibration import Calibration, calibrate
from ._embedding import CLASSES, SpringEmbedding
from ._ensemble import Ensemble
from ._learning import fold_count
from ._network import SignedNetwork
from ._periods import without_times
from ._placement import place, place_folds, starts
from ._presets import PRESETS, Preset
from ._repeats import start_count
from ._scores import best_threshold
from ._springs import Springs, judge
from ._typical import Typical
from ._views import Views, make_views, whole_view

FOLDS = 4
"""Hidden in turn where a decoder is calibrated on another network."""
FEWEST = 20
"""Signs of either kind below which a threshold is not chosen anew."""


@dataclasses.dataclass(frozen=True, eq=False)
class Learned:
    """Law, decoder and what belongs to them; `on` sets them to work on a network.

    **Attributes:** `law`; `ensemble` the decoder, for `directed` pairs or for unordered ones, which
    reads times if it is `timed`, and looks ahead in time if it is for a `forecast`;
    `settings`, `dim`, `seed` of the training; `threshold` and `prior` as of `SpringEmbedding`;
    `typical` what the law saw; `trained_on` name and content hash of each network; `springs`
    whether the law has learned, None where that was not kept.
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
    typical: Typical
    trained_on: tuple[tuple[str, str], ...]
    springs: Springs | None = None

    @classmethod
    def of(cls, model: SpringEmbedding) -> Learned:
        """What a fitted embedding learned."""
        network = model.network_
        return cls(
            law=model.law_,
            ensemble=model.ensemble_,
            settings=model.settings_,
            dim=model.dim,
            seed=model.seed,
            directed=network.directed,
            timed=network.time is not None,
            forecast=network.forecast,
            threshold=model.threshold_,
            prior=model.prior_,
            typical=model.typical_,
            trained_on=model.trained_on_,
            springs=model.springs_,
        )

    def on(self, network: SignedNetwork, *, seed: int | None = None) -> SpringEmbedding:
        """See `forcelaw.signed.apply`."""
        if self.directed and not network.directed:
            raise InputError(
                f"{network.name}: found an undirected network, expected a directed one for a "
                "decoder that was trained on directions; fit on pairs, or use the law default"
            )
        if self.timed and network.time is None:
            raise InputError(
                f"{network.name}: found no times, expected a time for each edge for a decoder that "
                "was trained on edges with times; add times, or fit on a network without"
            )
        network = network if self.directed else network.pairs()
        network = network if self.timed else without_times(network)
        network = dataclasses.replace(network, forecast=self.forecast)
        seed = self.seed if seed is None else seed
        graph, view = whole_view(network)
        count = start_count(network, self.settings.starts)
        start = starts(graph.nodes, self.dim, self.settings, seed=seed, count=count)
        position = np.asarray(place(self.law, graph, view, start, self.settings))
        model = self.embedding(network, position[:, : network.n_nodes])
        model.seed = seed
        model.typical_ = Typical.of(graph, view, model.positions_)
        rarer = min(int((network.sign > 0).sum()), int((network.sign < 0).sum()))
        if rarer:
            log_odds, positive, model.springs_ = self._hidden(network, seed)
            model._calibration = calibrate(log_odds, positive)
            model.prior_ = network.positive_share
            if rarer >= FEWEST:
                probability = model._calibration.probability(log_odds)
                model.threshold_ = best_threshold(np.where(positive > 0, 1, -1), probability)
        return model

    def embedding(
        self, network: SignedNetwork, position: Float[np.ndarray, "start node dim"]
    ) -> SpringEmbedding:
        """The fitted embedding of a network whose nodes lie at `position`, from each start."""
        model = SpringEmbedding(self.dim, seed=self.seed, preset=named(self.settings))
        model.law_, model.ensemble_, model.settings_ = self.law, self.ensemble, self.settings
        model.threshold_, model.prior_ = self.threshold, self.prior
        model.typical_, model.trained_on_ = self.typical, self.trained_on
        model.springs_ = self.springs
        model.network_, model._position = network, position
        model._calibration = Calibration()
        model.classes_ = CLASSES
        model.history_, model.seconds_ = (), {}
        return model

    def springs_on(self, network: SignedNetwork) -> Springs:
        """Whether the law brings friends of that network nearer than enemies.

        Its signs are hidden in turn while the law moves the nodes; nothing is trained.
        """
        views, columns = self._hidden_columns(network.pairs(), self.seed)
        return judge(columns[..., 0], views.hidden)

    def _hidden(
        self, network: SignedNetwork, seed: int
    ) -> tuple[Float[np.ndarray, " pair"], Float[np.ndarray, " pair"], Springs]:
        """Of the network's own pairs while hidden: log-odds, which are positive, the springs."""
        views, columns = self._hidden_columns(network, seed)
        log_odds = self.ensemble(jnp.asarray(columns.reshape(-1, columns.shape[-1])))
        present = np.asarray(views.hidden.weight).reshape(-1) > 0
        positive = np.asarray(views.hidden.positive).reshape(-1)
        springs = judge(columns[..., 0], views.hidden)
        return np.asarray(log_odds)[present], positive[present].astype(np.float64), springs

    def _hidden_columns(
        self, network: SignedNetwork, seed: int
    ) -> tuple[Views, Float[np.ndarray, "fold pair column"]]:
        """What the decoder sees of the network's own pairs, each while it is hidden."""
        views = make_views(network, folds=fold_count(FOLDS, network.n_edges), seed=seed)
        count = start_count(network, self.settings.starts)
        start = starts(views.graph.nodes, self.dim, self.settings, seed=seed, count=count)
        columns = place_folds(self.law, views, start, self.settings, directed=self.directed)
        return views, np.asarray(columns)


def named(settings: Preset) -> str | Preset:
    """The name of the preset with these settings; where there is none, the settings."""
    return next((name for name, preset in PRESETS.items() if preset == settings), settings)
