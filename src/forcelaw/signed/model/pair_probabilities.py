"""What is predicted of pairs: probabilities, and their standard deviations."""

from __future__ import annotations

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.forces import Preset, decoder_inputs, mean_geometry
from forcelaw.signed.model.fitted_model import Fitted

ROWS = 1 << 16
"""Pairs that are predicted at a time."""


def of_known(
    model: Fitted,
    ends: Int[np.ndarray, "pair 2"],
    said: Callable[..., Float[np.ndarray, " pair"]],
    otherwise: float,
) -> Float[np.ndarray, " pair"]:
    """What is said of pairs of known nodes, some at a time, and `otherwise` of others."""
    found = np.full(len(ends), otherwise)
    rows = np.flatnonzero((ends >= 0).all(axis=1))
    for chunk in np.array_split(rows, max(1, -(-len(rows) // ROWS))):
        if len(chunk):
            found[chunk] = said(model, ends[chunk])
    return found


def probability(model: Fitted, ends: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
    """Of a positive sign: that of the mean log-odds of all members at the mean geometry."""
    each = _each(*_arguments(model, ends), together=True, directed=model.network.directed)
    return model.calibration.probability(np.asarray(jnp.mean(each[0], axis=0)))


def spread(model: Fitted, ends: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
    """Standard deviation of each probability over every start and every member of the decoder.

    A member has not seen a share of the folds, in one choice of folds. The probability itself is
    that of their mean, and so varies less from seed to seed.
    """
    each = _each(*_arguments(model, ends), together=False, directed=model.network.directed)
    flat = model.calibration.probability(np.asarray(each).reshape(-1))
    return flat.reshape(each.shape).std(axis=(0, 1))


def _arguments(
    model: Fitted, ends: Int[np.ndarray, "pair 2"]
) -> tuple[Ensemble, Array, Array, Array, Preset]:
    learned, feature = model.learned, model.featurizer.transform(ends)
    position, pairs = jnp.asarray(model.position), jnp.asarray(ends, jnp.int32)
    return learned.ensemble, position, pairs, jnp.asarray(feature, float), learned.settings


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
    mask = jnp.ones(position.shape[1], bool)

    def one(group: Float[Array, "start node dim"]) -> Float[Array, "member pair"]:
        placed = mean_geometry(group, mask, ends, directed=directed)
        return ensemble.each(decoder_inputs(placed, feature, preset))

    groups = position[None] if together else position[:, None]
    return jax.lax.map(one, groups)
