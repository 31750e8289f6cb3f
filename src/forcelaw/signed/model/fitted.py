"""The one fitted object: what was learned, and the network whose nodes it has placed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cached_property

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.errors import InputError
from forcelaw.signed.decoder import Calibration, best_threshold, calibrate
from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.decoder.shapley import attribute
from forcelaw.signed.explanation import Explanations, columns_of, evidence_of
from forcelaw.signed.features import Featurizer, without_times
from forcelaw.signed.forces import (
    Preset,
    ReferenceInputs,
    decoder_inputs,
    mean_geometry,
    place,
    whole_view,
)
from forcelaw.signed.model.averaging import start_count
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.network import SignedNetwork


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Fitted:
    """All that predictions read: immutable, saved, loaded, and moved to another network.

    **Attributes:** `learned` law and decoder, with threshold and prior of this network; `position`
    of its nodes from each start; `calibration` of the decoder's log-odds.
    """

    learned: Learned
    network: SignedNetwork
    position: Float[np.ndarray, "start node dim"]
    calibration: Calibration

    def __repr__(self) -> str:
        return f"Fitted({self.learned!r}, {self.network!r})"

    @property
    def threshold(self) -> float:
        """The probability from which a sign is called positive."""
        return self.learned.threshold

    @cached_property
    def featurizer(self) -> Featurizer:
        """Of the network; fitted when it is first asked for."""
        return Featurizer.fit(self.network, self.learned.fit_settings.forces.views.features)

    def probability(self, ends: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
        """Of a positive sign: that of the mean log-odds of all members at the mean geometry.

        **Arguments:** `ends` node indices, negative for a node that the network does not have: the
        probability of such a pair is the prior.
        """
        return self._of_known(ends, (self._probability,), (self.learned.prior,))[:, 0]

    def deviation(self, ends: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
        """Standard deviation of each probability over every start and every decoder member.

        A member was not fitted on a share of the folds, in one choice of folds. The probability
        itself is that of their mean, and so varies less from seed to seed.

        **Arguments:** `ends` as of `probability`; nan for a node that the network does not have.
        """
        return self._of_known(ends, (self._deviation,), (np.nan,))[:, 0]

    def probability_and_deviation(
        self, ends: Int[np.ndarray, "pair 2"]
    ) -> tuple[Float[np.ndarray, " pair"], Float[np.ndarray, " pair"]]:
        """Both at once, from features that are found once."""
        asked = self._probability, self._deviation
        found = self._of_known(ends, asked, (self.learned.prior, np.nan))
        return found[:, 0], found[:, 1]

    def _probability(
        self, ends: Int[np.ndarray, "pair 2"], features: Float[np.ndarray, "pair column"]
    ) -> Float[np.ndarray, " pair"]:
        each = self._log_odds(ends, features, together=True)
        return self.calibration.probability(np.asarray(jnp.mean(each[0], axis=0)))

    def _deviation(
        self, ends: Int[np.ndarray, "pair 2"], features: Float[np.ndarray, "pair column"]
    ) -> Float[np.ndarray, " pair"]:
        each = self._log_odds(ends, features, together=False)
        flat = self.calibration.probability(np.asarray(each).reshape(-1))
        return flat.reshape(each.shape).std(axis=(0, 1))

    def explain(
        self, ends: Int[np.ndarray, "pair 2"], names: Sequence[tuple[str, str]]
    ) -> Explanations:
        """Why pairs of known nodes are predicted as they are.

        Contributions are to the log-odds of the mean of all members at the mean geometry, which
        `calibration` multiplies by its slope and shifts: so are the contributions and the base.
        """
        network, learned = self.network, self.learned
        rows = ends if network.directed else np.sort(ends, axis=1)
        preset = learned.settings
        values = _inputs(
            jnp.asarray(self.position),
            jnp.asarray(rows, jnp.int32),
            jnp.asarray(self.featurizer.transform(np.asarray(rows)), float),
            preset,
            directed=network.directed,
        )
        found = attribute(learned.ensemble, np.asarray(values), learned.fit_settings.decoder)
        slope, shift = self.calibration
        return Explanations(
            pairs=tuple(names),
            threshold=self.threshold,
            base=slope * found.base + shift,
            columns=columns_of(
                self.featurizer, features=preset.features, directed=network.directed
            ),
            values=np.asarray(values, np.float64),
            contributions=slope * found.column,
            evidence=evidence_of(network, ends),
        )

    def _of_known(
        self,
        ends: Int[np.ndarray, "pair 2"],
        asked: Sequence[Callable[..., Float[np.ndarray, " row"]]],
        otherwise: Sequence[float],
    ) -> Float[np.ndarray, "pair asked"]:
        """What is asked of pairs of known nodes, some at a time, and `otherwise` of others.

        Walks are found for all of them first: many pairs share them.
        """
        found = np.tile(np.asarray(otherwise, float), (len(ends), 1))
        rows = np.flatnonzero((ends >= 0).all(axis=1))
        walks = self.featurizer.walks.transform(ends[rows])
        size = self.learned.fit_settings.pairs_at_a_time
        for chunk in np.array_split(np.arange(len(rows)), max(1, -(-len(rows) // size))):
            if not len(chunk):
                continue
            pairs = ends[rows[chunk]]
            features = self.featurizer.transform(pairs, walks=walks[chunk])
            for column, ask in enumerate(asked):
                found[rows[chunk], column] = ask(pairs, features)
        return found

    def _log_odds(
        self,
        ends: Int[np.ndarray, "pair 2"],
        features: Float[np.ndarray, "pair column"],
        *,
        together: bool,
    ) -> Float[Array, "group member pair"]:
        return _each(
            self.learned.ensemble,
            jnp.asarray(self.position),
            jnp.asarray(ends, jnp.int32),
            jnp.asarray(features, float),
            self.learned.settings,
            together=together,
            directed=self.network.directed,
        )


def move(learned: Learned, network: SignedNetwork, *, seed: int | None = None) -> Fitted:
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
    learned = learned if seed is None else dataclasses.replace(learned, seed=seed)
    settings = learned.fit_settings
    graph, view = whole_view(network, settings.forces.views)
    start = learned.starts(graph.nodes, start_count(network, learned.settings.starts, settings))
    position = np.asarray(place(learned.law, graph, view, start, learned.settings))
    position = position[:, : network.n_nodes]
    inputs = ReferenceInputs.of(graph, view, position[0])
    here = dataclasses.replace(learned, reference_inputs=inputs)
    rarer = min(int((network.sign > 0).sum()), int((network.sign < 0).sum()))
    if not rarer:
        return Fitted(here, network, position, Calibration())
    log_odds, positive, springs = learned.hidden(network)
    calibration = calibrate(log_odds, positive, settings.decoder)
    threshold = learned.threshold
    if rarer >= settings.fewest_for_threshold:
        probability = calibration.probability(log_odds)
        threshold = best_threshold(np.where(positive > 0, 1, -1), probability)
    here = dataclasses.replace(
        here, springs=springs, prior=network.positive_share, threshold=threshold
    )
    return Fitted(here, network, position, calibration)


@eqx.filter_jit
def _inputs(
    position: Float[Array, "start node dim"],
    ends: Int[Array, "pair 2"],
    feature: Float[Array, "pair feature"],
    preset: Preset,
    *,
    directed: bool,
) -> Float[Array, "pair column"]:
    """What the decoder sees of pairs at the mean geometry of these starts."""
    mask = jnp.ones(position.shape[1], bool)
    return decoder_inputs(mean_geometry(position, mask, ends, directed=directed), feature, preset)


@eqx.filter_jit
def _each(
    ensemble: Ensemble,
    position: Float[Array, "start node dim"],
    ends: Int[Array, "pair 2"],
    feature: Float[Array, "pair feature"],
    preset: Preset,
    *,
    together: bool,
    directed: bool,
) -> Float[Array, "group member pair"]:
    """Log-odds by each member, from the geometry of all starts together or of each alone."""

    def one(group: Float[Array, "start node dim"]) -> Float[Array, "member pair"]:
        return ensemble.each(_inputs(group, ends, feature, preset, directed=directed))

    groups = position[None] if together else position[:, None]
    return jax.lax.map(one, groups)
