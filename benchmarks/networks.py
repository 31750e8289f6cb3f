"""Signed networks by name."""

from __future__ import annotations

import re

from forcelaw import signed


def network(name: str) -> signed.SignedNetwork:
    """A public network, or of `synthetic-N` one of N nodes in two factions."""
    if found := re.fullmatch(r"synthetic-(\d+)", name):
        return signed.synthetic(int(found[1]), seed=0)
    return signed.dataset(name)
