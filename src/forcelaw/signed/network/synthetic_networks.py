"""A signed network made up on the spot: factions, hubs and noise."""

from __future__ import annotations

import numpy as np

from forcelaw.errors import InvalidSetting
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.settings import SignedSettings
from forcelaw.storage.settings import check_arguments


def synthetic(
    nodes: int = 300,
    *,
    degree: float = 12.0,
    factions: int = 2,
    noise: float = 0.05,
    hubs: float = 0.5,
    seed: int = 0,
) -> SignedNetwork:
    """An undirected network of factions: friends within, enemies between them.

    With two factions and no noise it is balanced (Cartwright and Harary, Psychological Review
    63(5), 1956): every sign follows from the others.

    **Arguments:** `degree` mean number of pairs a node is in; `noise` share of flipped signs;
    `hubs` the exponent of a node's attractiveness against its rank: 0 no hubs, 1 strong ones.

    **Raises** `InvalidSetting` for values that no network can have.
    """
    check_arguments(SignedSettings, seed=seed)
    if nodes < 2 or factions < 1 or not 0 < degree < nodes or not 0 <= noise <= 1 or hubs < 0:
        raise InvalidSetting(
            f"found nodes={nodes}, degree={degree}, factions={factions}, noise={noise}, "
            f"hubs={hubs}, expected at least 2 nodes, 0 < degree < nodes, 0 <= noise <= 1, "
            "hubs >= 0; change them"
        )
    random = np.random.default_rng(seed)
    first, second = np.triu_indices(nodes, 1)
    attractive = (1 + random.permutation(nodes)) ** -float(hubs)
    chance = attractive[first] * attractive[second]
    count = min(round(nodes * degree / 2), len(first))
    chosen = random.choice(len(first), count, replace=False, p=chance / chance.sum())
    source, target = first[chosen], second[chosen]
    faction = random.permutation(nodes) % factions
    sign = np.where(faction[source] == faction[target], 1.0, -1.0)
    sign = np.where(random.random(count) < noise, -sign, sign)
    return SignedNetwork.from_edges(
        [str(i) for i in source],
        [str(i) for i in target],
        sign,
        nodes=[str(i) for i in range(nodes)],
        directed=False,
        name="synthetic",
    )
