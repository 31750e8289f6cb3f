"""What a law says of two bodies alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.graph.padded_graph import padded_size
from forcelaw.laws import Law, inertia
from forcelaw.laws.state import Attributes
from forcelaw.particles.networks.evaluation import Stars, evaluate, is_mutual

_BLOCK = 1 << 14
"""Pairs that are evaluated at a time: one shape is one program."""


class PairSample(NamedTuple):
    """Pairs of bodies: a receiver at the origin, and a sender."""

    difference: Float[np.ndarray, "pair dim"]
    """From the receiver to the sender's nearest image."""
    velocity: Float[np.ndarray, "2 pair dim"]
    """Of receivers, and of senders."""
    attributes: Mapping[str, Float[np.ndarray, "2 pair"]]

    def blocks(self) -> Iterator[tuple[Stars, int]]:
        """Parts of one size on the device, the last one padded, and how many pairs each holds."""
        count = len(self.difference)
        size = min(_BLOCK, padded_size(count))
        for start in range(0, count, size):
            held = min(size, count - start)
            rows = np.minimum(np.arange(start, start + size), count - 1)
            known = {n: to_device(v[:, rows].ravel()) for n, v in self.attributes.items()}
            velocity = self.velocity[:, rows].reshape(-1, self.velocity.shape[-1])
            near = to_device(np.ones((size, 1)), bool)
            yield (
                Stars(to_device(self.difference[rows][:, None]), near, to_device(velocity), known),
                held,
            )


def pair_forces(law: Law, pairs: PairSample) -> Float[np.ndarray, "pair dim"]:
    """The force on every receiver from its sender; what it feels without it is taken off."""
    return _joined(_forces, law, pairs)


def pair_messages(law: Law, pairs: PairSample) -> Float[np.ndarray, "pair message"] | None:
    """The message of every pair; None of laws that have none."""
    stars, _ = next(pairs.blocks())
    if eqx.filter_eval_shape(_messages, law, stars, is_mutual(law)) is None:
        return None
    return _joined(_messages, law, pairs)


def _joined(function, law: Law, pairs: PairSample) -> Float[np.ndarray, "pair component"]:
    mutual = is_mutual(law)
    parts = [
        np.asarray(function(law, stars, mutual), np.float64)[:held]
        for stars, held in pairs.blocks()
    ]
    return np.concatenate(parts)


@eqx.filter_jit
def _forces(law: Law, stars: Stars, mutual: bool) -> Float[Array, "pair dim"]:
    apart = stars._replace(near=jnp.zeros_like(stars.near))
    together, alone = (evaluate(law, some, mutual=mutual)[0] for some in (stars, apart))
    count = len(stars.difference)
    own = {name: value[:count] for name, value in stars.attributes.items()}
    return inertia(Attributes(own), count) * (together - alone)


@eqx.filter_jit
def _messages(law: Law, stars: Stars, mutual: bool) -> Float[Array, "pair message"] | None:
    messages = evaluate(law, stars, mutual=mutual)[1]
    return None if messages is None else messages.mean[: len(stars.difference)]
