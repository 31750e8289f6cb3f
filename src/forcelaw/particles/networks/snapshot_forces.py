"""A law on all bodies of a snapshot, wherever they are."""

from __future__ import annotations

from collections.abc import Mapping

import equinox as eqx
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.graph.padded_graph import padded_size
from forcelaw.laws import Law
from forcelaw.particles.kernels.neighbour_pairs import Pairs
from forcelaw.particles.networks.evaluation import Stars, evaluate, is_mutual


def values_at(
    law: Law,
    pairs: Pairs,
    velocity: Float[np.ndarray, "body dim"],
    attributes: Mapping[str, Float[np.ndarray, " body"]],
) -> Float[np.ndarray, "body dim"]:
    """What the law says of every body, whose pairs are those of one snapshot."""
    count, dim = velocity.shape
    neighbours = np.bincount(pairs.receiver, minlength=count)
    slots = padded_size(int(neighbours.max(initial=1)))
    sender = np.repeat(np.arange(count)[:, None], slots, axis=1)
    difference, near = np.zeros((count, slots, dim)), np.zeros((count, slots), bool)
    # Masked neighbours stand where forces are harmless.
    difference[..., 0] = float(np.median(pairs.length)) if len(pairs.length) else 1.0
    slot = np.arange(len(pairs.receiver)) - np.searchsorted(pairs.receiver, pairs.receiver)
    at = pairs.receiver, slot
    sender[at], near[at], difference[at] = pairs.sender, True, pairs.difference
    node = np.concatenate([np.arange(count), sender.ravel()])
    stars = Stars(
        to_device(difference),
        to_device(near, bool),
        to_device(velocity[node]),
        {name: to_device(value[node]) for name, value in attributes.items()},
    )
    return np.asarray(_values(law, stars, is_mutual(law)), np.float64)


@eqx.filter_jit
def _values(law: Law, stars: Stars, mutual: bool) -> Float[Array, "body dim"]:
    return evaluate(law, stars, mutual=mutual)[0]
