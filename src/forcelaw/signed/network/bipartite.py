"""Networks of two kinds of nodes, such as users and the items that they rate."""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Iterable

from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_names import node_name

ITEMS = re.compile(
    r"(item|product|movie|film|book|song|track|album|artist|page|article|post|video|photo|image|url"
    r"|asin|isbn|business|restaurant|hotel|shop|app|game|joke|recipe|bill|motion|event)s?([_ ]?id)?"
)
"""What is rated and does not rate, as titles of columns; also with id or _id behind it."""


def is_item(title: str) -> bool:
    """Whether a column's title names things that are rated rather than those who rate."""
    return ITEMS.fullmatch(title.strip().lower()) is not None


def is_bipartite(source: str, target: str) -> bool:
    """Whether the titles of the two columns name users on one side and items on the other."""
    return is_item(source) != is_item(target)


def note_shared(
    network: SignedNetwork, source: Iterable[object], target: Iterable[object]
) -> SignedNetwork:
    """The network, the names that stand on both sides counted; a warning lists how many."""
    shared = len(set(map(node_name, source)) & set(map(node_name, target)))
    if not shared:
        return network
    warnings.warn(
        f"{network.name}: {shared} names stand for a source and for a target, each taken for one "
        "node; if they are two, as users and items are, keep them apart: --bipartite, in Python "
        "bipartite=True",
        stacklevel=3,
    )
    return dataclasses.replace(network, cleanup=network.cleanup | {"shared_names": shared})
