"""Signed networks by name, and with signs that are flipped on purpose."""

from __future__ import annotations

import dataclasses
import re

import numpy as np

from forcelaw import signed
from forcelaw.signed.network import pair_keys


def network(name: str) -> signed.SignedNetwork:
    """A public network, or of `synthetic-N` one of N nodes in two factions.

    `synthetic-N-P` has about P pairs, else a node is in twelve.
    """
    if found := re.fullmatch(r"synthetic-(\d+)(?:-(\d+))?", name):
        nodes = int(found[1])
        degree = 2 * int(found[2]) / nodes if found[2] else 12.0
        return signed.synthetic(nodes, degree=degree, seed=0)
    return signed.dataset(name)


def flip_signs(
    given: signed.SignedNetwork, share: float, seed: int
) -> tuple[signed.SignedNetwork, np.ndarray]:
    """The network with a share of its edges flipped, ratings too, and which these are `[edge]`.

    Of a pair the directed edges that it was made of are flipped with it.
    """
    random = np.random.default_rng(seed)
    wrong = np.zeros(given.n_edges, bool)
    wrong[random.choice(given.n_edges, max(1, round(share * given.n_edges)), replace=False)] = True
    behind = given.directed_ratings
    if behind is not None:
        keys = pair_keys(given.edges[wrong], given.n_nodes)
        behind = _flipped(behind, np.isin(pair_keys(behind.edges, given.n_nodes), keys))
    return dataclasses.replace(_flipped(given, wrong), directed_ratings=behind), wrong


def _flipped(given: signed.SignedNetwork, wrong: np.ndarray) -> signed.SignedNetwork:
    turn = np.where(wrong, -1, 1)
    rating = None if given.rating is None else (given.rating * turn).astype(np.float32)
    return dataclasses.replace(given, sign=(given.sign * turn).astype(np.int8), rating=rating)
