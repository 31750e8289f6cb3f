"""The learned law by itself: its force against distance, and its use on another network."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, check_type
from forcelaw.graph import Graph
from forcelaw.laws import SpringLaw
from forcelaw.signed.forces import PAIR, RELATIONS
from forcelaw.signed.model.embedding import SpringEmbedding
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.network import SignedNetwork


class SocialForce(NamedTuple):
    """Acceleration of a reference node along the line to another one, attraction positive.

    `length` `[row]`; `friend`, `enemy`, `unknown` `[row]`. What the law reads beside the distance
    is held at its median over the training edges of each kind (of all kinds for `unknown`, which
    an inductive training never meets: there `unknown` shows where the law started).
    """

    length: Float[np.ndarray, " row"]
    friend: Float[np.ndarray, " row"]
    enemy: Float[np.ndarray, " row"]
    unknown: Float[np.ndarray, " row"]

    def __repr__(self) -> str:
        curves = ", ".join(self._fields[1:])
        if not len(self.length):
            return f"SocialForce({curves} at no distance)"
        reach = f"from {self.length[0]:.4g} to {self.length[-1]:.4g}"
        return f"SocialForce({curves} at {len(self.length)} distances {reach})"

    def table(self) -> str:
        """The curves as text, one line a distance."""
        lines = ["distance    friend     enemy   unknown"]
        lines += [f"{r:8.2f}{f:10.4f}{e:10.4f}{u:10.4f}" for r, f, e, u in zip(*self, strict=True)]
        return "\n".join(lines)


def learned_of(model: Any) -> Learned:
    """What a fitted embedding has learned, or what is that already.

    **Raises** `InvalidSetting` for anything else, `NotFitted` before `fit`.
    """
    then = "load one: fl.signed.load_learned_model(folder)"
    check_type("model", model, SpringEmbedding, Learned, then=then)
    return model if isinstance(model, Learned) else model.learned_


def social_force(
    model: SpringEmbedding | Learned, length: Float[np.ndarray, " row"] | None = None
) -> SocialForce:
    """The learned force of friend, enemy and unknown against distance.

    **Arguments:** `model` a fitted embedding, or what was `learned`; `length` distances; by
    default 41 of them over those that occur among the edges.

    **Raises** `InputError` for a law without springs.
    """
    found = learned_of(model)
    law, inputs = found.law, found.reference_inputs
    if not isinstance(law, SpringLaw):
        raise InputError(f"found a law {type(law).__name__}, expected a spring law")
    if length is None:
        length = np.linspace(0.0, float(inputs.reach), 41)
    pair = Graph.from_edges(list(PAIR), nodes=2)
    curves = []
    for relation in RELATIONS:
        bound = law.bind(pair, inputs.attributes(relation))
        forces = jax.vmap(bound.force)(jnp.asarray(length, float)[:, None])[:, 0]
        curves.append(np.asarray(bound.gain[0] * forces, np.float64))
    return SocialForce(np.asarray(length, np.float64), *curves)


def embed(
    model: SpringEmbedding | Learned, network: SignedNetwork, *, devices: int | None = None
) -> Float[np.ndarray, "node dim"]:
    """Positions of another network's nodes under the learned law, without training.

    The network may be directed or not; forces always act between unordered pairs. For
    `devices` see `SpringEmbedding.fit`.
    """
    found = learned_of(model)
    return found.place(network, devices=devices)
