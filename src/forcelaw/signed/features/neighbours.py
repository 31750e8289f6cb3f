"""What company each end of a pair keeps: who speaks of it, and of whom it speaks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.features.ratings import rating_ends
from forcelaw.signed.features.recency import both_ends
from forcelaw.signed.features.smoothed_log_odds import DIGITS
from forcelaw.signed.features.walks import node_effects
from forcelaw.signed.network import SignedNetwork


def neighbour_features(
    train: SignedNetwork, pairs: Int[np.ndarray, "pair 2"]
) -> Float[np.ndarray, "pair column"]:
    """`company_table` of both ends, see `both_ends`.

    The pairs' own statements are *not* left out: use pairs that `train` does not hold.
    """
    return both_ends(neighbour_table(train), pairs, directed=train.directed)


def neighbour_table(train: SignedNetwork) -> Float[np.ndarray, "node 7"]:
    """Means over the edges of each node, with one edge of 0 beside them.

    Over those that it receives: how friendly their sources speak, how friendly these are spoken
    of, the same with the sign of the edge, and the logarithm of their number of edges. Over those
    that it makes: how friendly their targets are spoken of, the same with the sign, and the
    logarithm of their number of edges. See `node_effects`.
    """
    n = train.n_nodes
    speaks, spoken_of = node_effects(train)
    source, target, row = rating_ends(train)
    sign = train.sign[row].astype(np.float64)
    made, received = np.bincount(source, minlength=n), np.bincount(target, minlength=n)
    of_source = (speaks[source], spoken_of[source], sign * spoken_of[source])
    of_target = (spoken_of[target], sign * spoken_of[target])
    columns = [
        np.bincount(target, values, n) / (received + 1)
        for values in (*of_source, np.log1p(made)[source])
    ]
    columns += [
        np.bincount(source, values, n) / (made + 1)
        for values in (*of_target, np.log1p(received)[target])
    ]
    return np.round(np.stack(columns, axis=1), DIGITS)
