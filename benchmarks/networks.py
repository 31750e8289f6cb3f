"""Signed networks by name."""

from __future__ import annotations

import re

from forcelaw import signed


def network(name: str) -> signed.SignedNetwork:
    """A public network, or of `synthetic-N` one of N nodes in two factions.

    `synthetic-N-P` has about P pairs, else a node is in twelve.
    """
    if found := re.fullmatch(r"synthetic-(\d+)(?:-(\d+))?", name):
        nodes = int(found[1])
        degree = 2 * int(found[2]) / nodes if found[2] else 12.0
        return signed.synthetic(nodes, degree=degree, seed=0)
    return signed.dataset(name)
