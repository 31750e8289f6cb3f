"""What functions of a network are given, checked where it comes in."""

from __future__ import annotations

from typing import Any

import numpy as np

from forcelaw.errors import InvalidSetting, NotEnoughData, check_type
from forcelaw.files import many
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_indices import NodeIndices
from forcelaw.signed.network.pairs import pair_names


def check_network(place: str, network: Any) -> None:
    """**Raises** `InvalidSetting` if `place`, a function, was given anything but a network."""
    then = "read a file with fl.signed.read(...), or give columns to SignedNetwork.from_edges"
    check_type(place, network, SignedNetwork, then=then)


def check_edges(network: SignedNetwork) -> None:
    """**Raises** `NotEnoughData` for a network without edges; says what was dropped in reading."""
    if network.n_edges:
        return
    dropped = [
        many(network.cleanup[rule], noun)
        for rule, noun in (("self_loops", "self-loop"), ("zero_ratings", "zero rating"))
        if network.cleanup.get(rule)
    ]
    beside = f" beside {' and '.join(dropped)}" if dropped else ""
    raise NotEnoughData(
        f"{network.name}: found no edges{beside}, expected signed ones between different nodes; "
        "check the file"
    )


def training_network(given: Any, signs: Any = None) -> SignedNetwork:
    """The network to learn from: as it is given, or of pairs and their signs.

    **Arguments:** `given` a network, whose edges may stand in any order; or names of nodes, source
    and target of each pair, as `indices_of` takes them; `signs` +1 or -1 `[pair]`: of pairs they
    are needed, of a network they are known.

    **Raises** `InvalidSetting`: neither, signs of another length or value, or others than those of
    the network.
    """
    if signs is None or isinstance(given, SignedNetwork):
        check_network("fit", given)
    if isinstance(given, SignedNetwork):
        if signs is not None and not np.array_equal(np.asarray(signs), given.sign):
            raise InvalidSetting(
                "fit: found signs that are not those of the network, expected the same or none; "
                "leave them out"
            )
        order = np.lexsort((given.target, given.source))
        return given if (np.diff(order) == 1).all() else given.subset(order)
    if isinstance(given, NodeIndices):
        raise InvalidSetting(
            "fit: found positions of nodes, expected names: what they are positions in is not "
            "known; give a network, or its named_pairs"
        )
    pairs, sign = pair_names(given), np.asarray(signs)
    if sign.shape != (len(pairs),) or not np.isin(sign, (-1, 1)).all():
        raise InvalidSetting(
            f"fit: found signs of shape {list(sign.shape)} for {len(pairs)} pairs, expected +1 or "
            "-1 for every pair; give the sign of each"
        )
    source, target = zip(*pairs, strict=True) if pairs else ((), ())
    return SignedNetwork.from_edges(source, target, sign.astype(np.float64))
