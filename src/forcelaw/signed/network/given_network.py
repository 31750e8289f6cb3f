"""What functions of a network are given, checked where it comes in."""

from __future__ import annotations

from typing import Any

from forcelaw.errors import check_type
from forcelaw.signed.network.network import SignedNetwork


def check_network(place: str, network: Any) -> None:
    """**Raises** `InvalidSetting` if `place`, a function, was given anything but a network."""
    then = "read a file with fl.signed.read(...), or give columns to SignedNetwork.from_edges"
    check_type(place, network, SignedNetwork, then=then)
