"""The estimator: learns the forces of a signed network, places its nodes, predicts signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jaxtyping import Float, Int

from forcelaw.clock import Clock
from forcelaw.errors import check_type
from forcelaw.laws import Law
from forcelaw.signed.decoder import Calibration
from forcelaw.signed.explanation import Explanations
from forcelaw.signed.forces import (
    Attempts,
    Choices,
    Preset,
    ReferenceInputs,
    Springs,
    Views,
    draw_starts,
    get_preset,
    make_views,
    place,
    preset_name,
    shard_graph,
)
from forcelaw.signed.model.averaging import APART, average_decoders, count_fold_choices, start_count
from forcelaw.signed.model.cross_fitting import fold_counts
from forcelaw.signed.model.estimator import SignClassifier
from forcelaw.signed.model.fitted import Fitted
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.model_files import load_fitted, save_fitted
from forcelaw.signed.model.pretrained import begin_with
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings
from forcelaw.signed.network import SignedNetwork, indices_of, known_indices, names_of
from forcelaw.signed.settings import DIM
from forcelaw.training import Epoch, release_memory


class SpringEmbedding(SignClassifier[Fitted]):
    """Learned springs place the nodes; a decoder reads signs off distances and structure.

    Training sees training signs only, each scored while hidden (cross-fitting): a fold of the
    signs is taken out, the rest is simulated from a fresh start, and the hidden ones are
    predicted. The decoder is then fitted on hidden pairs of all folds. On small networks, where
    chance decides more, the folds are chosen several times, and laws and decoders are averaged.
    A tenth of the signs is kept out of each training of the forces, and judges it. Forces that have
    learned nothing are trained again from another start, at most twice, and the best are kept.

    Follows scikit-learn's conventions. `seed` fixes everything random.

    **Arguments:** `dim` of the space; `preset` a name in `PRESETS` or a `Preset`; `start_from`
    `"default"`, the law that ships with the package, or the folder of a run, whose law the
    training begins with; `settings` what decides in a fit beside the preset.

    **Attributes** after `fit`: `fitted_`, one immutable object that holds everything predictions
    read, of which the properties below are views; `history_` of the trainings; `seconds_` by
    phase. `threshold_` is that of the largest macro-F1 on cross-fitted training pairs.
    """

    PARAMETERS = ("dim", "seed", "preset", "start_from", "settings")

    def __init__(
        self,
        dim: int = DIM,
        *,
        seed: int = 0,
        preset: str | Preset = "default",
        start_from: str | Path | None = None,
        settings: FitSettings = FIT_SETTINGS,
    ) -> None:
        self.dim = dim
        self.seed = seed
        self.preset = preset
        self.start_from = start_from
        self.settings = settings

    def fit(
        self,
        train_network: Any,
        y: Any = None,
        *,
        views: Views | None = None,
        memory: str | int | None = None,
        devices: int | None = None,
        folder: str | Path | None = None,
        report: Callable[[Epoch], None] | None = None,
        note: Callable[[str], None] | None = None,
    ) -> SpringEmbedding:
        """Learns the forces and the decoder from the training signs.

        **Arguments:** `train_network` a `SignedNetwork`, or directed pairs of names with signs `y`;
        `views` of the network, as `views_of` made them, to share them between methods; `memory` the
        budget of the whole process, such as `"4GB"` or a number of bytes: the forces are trained as
        fast as fits, in subgraph batches if need be; `devices` that share the graph, by default
        one, or one of each process inside `forcelaw.training.join_processes`; `folder` keeps a
        checkpoint, from which the same call resumes exactly; `report` is told of every epoch,
        `note` of the memory plan and of another training in one line each.

        **Raises** `NotEnoughData` if the network has not edges of both signs, or too few;
        `InvalidSetting` for a parameter out of its bounds, if nothing fits into `memory`, or if
        there are not so many devices.
        """
        train_network = self._training_network(train_network, y)
        release_memory()
        preset, settings = self._preset(), self.settings
        clock = Clock()
        views = self.views_of(train_network) if views is None else views
        shards = shard_graph(views.graph, devices)
        clock.lap("features")

        begin, earlier = begin_with(self.start_from)
        count = start_count(train_network, preset.starts, settings)
        nodes = views.graph.nodes
        start = draw_starts(nodes, self.dim, preset, settings.forces, seed=self.seed, count=count)
        every = [views]
        for number in range(1, count_fold_choices(train_network, preset.choices, settings)):
            every.append(self.views_of(train_network, seed=self.seed + number * APART))
        training = Attempts(
            views=every,
            trainings=min(preset.trainings, len(every)),
            start=start,
            choices=Choices(
                dim=self.dim,
                capacity=preset.capacity,
                directed=train_network.directed,
                start=preset.start,
                settings=settings.forces,
            ),
            preset=preset,
            begin=begin,
            seed=self.seed,
            memory=memory,
            shards=shards,
            note=note,
        )
        found = training.best(folder, report)
        release_memory()
        clock.lap("forces")

        ensemble, threshold = average_decoders(
            every, found.columns, settings.decoder, trees=preset.features
        )
        release_memory()
        clock.lap("decoder")

        position = place(found.law, views.graph, views.whole(), start, preset, shards)
        jax.block_until_ready(position)
        clock.lap("positions")
        position = np.asarray(position)[:, : train_network.n_nodes]
        trained_on = (*earlier, (train_network.name, train_network.content_hash))
        learned = Learned(
            law=found.law,
            ensemble=ensemble,
            settings=preset,
            dim=self.dim,
            seed=self.seed,
            directed=train_network.directed,
            timed=train_network.time is not None,
            forecast=train_network.forecast,
            threshold=threshold,
            prior=train_network.positive_share,
            reference_inputs=ReferenceInputs.of(views.graph, views.whole(), position[0]),
            trained_on=tuple(dict.fromkeys(trained_on)),
            springs=found.springs,
            fit_settings=settings,
        )
        self.fitted_ = Fitted(learned, train_network, position, Calibration())
        self.history_, self.seconds_ = found.history, clock.seconds
        return self

    def views_of(self, train_network: SignedNetwork, *, seed: int | None = None) -> Views:
        """The network with each fold of its signs hidden in turn: what `fit` learns from.

        **Raises** as `fit` does.
        """
        train_network = self._training_network(train_network)
        settings = self.settings
        counts = fold_counts(self._preset().folds, train_network.n_edges, settings)
        seed = self.seed if seed is None else seed
        return make_views(train_network, settings.forces.views, seed=seed, **counts._asdict())

    @property
    def positions_(self) -> Float[np.ndarray, "node dim"]:
        """Where the nodes came to lie from the first start, in the order of the network's names."""
        return self._state().position[0]

    @property
    def learned_(self) -> Learned:
        """What was learned, apart from the network that it was learned on."""
        return self._state().learned

    @property
    def law_(self) -> Law:
        """The learned force law."""
        return self.learned_.law

    @property
    def settings_(self) -> Preset:
        """The preset, resolved."""
        return self.learned_.settings

    @property
    def prior_(self) -> float:
        """The share of positive training signs."""
        return self.learned_.prior

    @property
    def trained_on_(self) -> tuple[tuple[str, str], ...]:
        """Name and content hash of each network whose signs were learned from."""
        return self.learned_.trained_on

    @property
    def springs_(self) -> Springs | None:
        """Whether the forces have learned, by pairs whose signs were kept out of their training."""
        return self.learned_.springs

    def transform(
        self, network: SignedNetwork | None = None, *, devices: int | None = None
    ) -> Float[np.ndarray, "node dim"]:
        """Positions of the training network's nodes, or of another network's, without training.

        **Arguments:** `devices` that share the other network's graph, see `fit`.
        """
        if network is None:
            return self.positions_
        return self.learned_.place(network, devices=devices)

    def fit_transform(self, train_network: Any, y: Any = None, **options: Any):
        """`fit`, then `positions_`."""
        return self.fit(train_network, y, **options).positions_

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign, each row by itself.

        **Arguments:** `pairs` as of `SignClassifier.predict_proba`. A pair with a name that the
        training network does not have gets `prior_`; `knows` tells which.

        **Raises** `NotFitted` before `fit`; `InputError` for pairs that are none.
        """
        positive = self._state().probability(self._indices(pairs))
        return np.stack([1 - positive, positive], axis=1)

    def deviation(self, pairs: Any) -> Float[np.ndarray, " pair"]:
        """Standard deviation of each probability, see `Fitted.deviation`; nan for unknown nodes."""
        return self._state().deviation(self._indices(pairs))

    def predict_with_deviation(
        self, pairs: Any
    ) -> tuple[Float[np.ndarray, " pair"], Float[np.ndarray, " pair"]]:
        """The probability of a positive sign and its `deviation`, in less time than one by one."""
        return self._state().probability_and_deviation(self._indices(pairs))

    def explain(self, pairs: Any) -> Explanations:
        """Why pairs of known nodes are predicted so. **Raises** `InputError` for an unknown one."""
        network = self.network_
        return self._state().explain(known_indices(network, pairs), names_of(network, pairs))

    @classmethod
    def from_fitted(cls, fitted: Fitted) -> SpringEmbedding:
        """The embedding of a network that has been placed, as if it had been fitted to it."""
        learned = fitted.learned
        model = cls(
            learned.dim,
            seed=learned.seed,
            preset=preset_name(learned.settings),
            settings=learned.fit_settings,
        )
        model.fitted_, model.history_, model.seconds_ = fitted, (), {}
        return model

    def save(self, folder: str | Path, **facts: Any) -> None:
        """Writes the law and all that prediction needs; no code, no pickle."""
        save_fitted(self._state(), folder, **facts)

    @classmethod
    def load(cls, folder: str | Path) -> SpringEmbedding:
        """What `save` wrote; it predicts the same to the last bit.

        To set it to work on another network see `forcelaw.signed.apply`.

        **Raises** `UnreadableFile` naming the file for anything missing or damaged.
        """
        return cls.from_fitted(load_fitted(folder))

    def _preset(self) -> Preset:
        then = "name one of fl.signed.PRESETS, or change one by dataclasses.replace"
        check_type("preset", self.preset, str, Preset, then=then)
        return get_preset(self.preset) if isinstance(self.preset, str) else self.preset

    def _indices(self, pairs: Any) -> Int[np.ndarray, "pair 2"]:
        ends = indices_of(self.network_, pairs)
        # An unordered pair is the same pair from both ends, to the last bit.
        return ends if self.network_.directed else np.sort(ends, axis=1)
