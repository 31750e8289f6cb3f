"""Networks whose ratings follow from what their nodes deserve."""

import dataclasses

import numpy as np

from forcelaw import signed


def rated_network(nodes=60, edges=900, chance=1.0, times=False):
    """Ratings of -10 to 10 without 0."""
    random = np.random.default_rng(0)
    ends = random.integers(0, nodes, (edges, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    deserved = 4 * random.normal(size=nodes)[ends[:, 1]] + chance * random.normal(size=len(ends))
    rating = np.clip(np.rint(deserved + 2), -10, 10)
    return signed.SignedNetwork.from_edges(
        [str(i) for i in ends[:, 0]],
        [str(i) for i in ends[:, 1]],
        np.where(rating == 0, 1, rating),
        time=np.arange(float(len(ends))) if times else None,
        directed=True,
    )


def with_test_ratings(network, parts, change):
    """The network with larger absolute ratings of the test edges, their signs as they were.

    Splits are drawn by signs, so that both networks are split alike.
    """
    asked = {tuple(pair) for pair in parts.test.pairs.tolist()}
    if parts.protocol == "pairs":
        asked |= {pair[::-1] for pair in asked}
    names = parts.train.names
    test = np.array([
        (names.index(network.names[a]), names.index(network.names[b])) in asked
        for a, b in network.edges.tolist()
    ])  # fmt: skip
    rating = network.rating + np.where(test, change * network.sign, 0)
    return dataclasses.replace(network, rating=rating.astype(np.float32))
