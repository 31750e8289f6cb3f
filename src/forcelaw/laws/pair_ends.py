"""What a force between two bodies reads: their distance, and attributes at both ends of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.errors import InputError
from forcelaw.laws.attribute_names import attribute_name
from forcelaw.laws.expression import Expression
from forcelaw.laws.scale import scalar


class PairEnds(NamedTuple):
    """Attributes of nodes, how they come to both ends of pairs, and attributes of edges.

    What `receiver` and `sender` give broadcasts against the distances of the pairs.
    """

    node: Mapping[str, Float[Array, "node ..."]]
    receiver: Callable[[Float[Array, " node"]], Float[Array, "..."]]
    sender: Callable[[Float[Array, " node"]], Float[Array, "..."]]
    edge: Mapping[str, Float[Array, "edge ..."]]


def pair_variables(
    pair: Expression, length: Float[Array, "*pair"], ends: PairEnds, *, core: float = 0.0
) -> dict[str, Float[Array, "..."]]:
    """The variables of a pair force; `r` is never below `core`, and never zero.

    **Raises** `InputError` naming a variable that no attribute provides.
    """
    # Not `maximum`: its gradient at a tie would be half of each.
    far = length > core
    known = {"r": jnp.where(far, length, jnp.asarray(core or 1.0, length.dtype))}
    for name in pair.variables:
        stem, _, end = name.rpartition("_")
        attribute = attribute_name(stem, ends.node)
        if name == "r":
            continue
        if end in ("i", "j") and attribute is not None:
            value = (ends.receiver if end == "i" else ends.sender)(scalar(ends.node, attribute))
        elif name in ends.edge:
            value = scalar(ends.edge, name)
        else:
            raise InputError(
                f"formula {pair.shown!r}: no value for {name!r}; given are r, node "
                f"attributes {sorted(ends.node)} and edge attributes {sorted(ends.edge)}"
            )
        known[name] = value.astype(length.dtype)
    return known
