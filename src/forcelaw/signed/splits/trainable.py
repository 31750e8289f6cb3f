"""Whether there is anything to learn from a network."""

from __future__ import annotations

from forcelaw.errors import NotEnoughData
from forcelaw.signed.network import SignedNetwork, check_network


def check_trainable(network: SignedNetwork, *, held_back: int = 0) -> None:
    """Checks that the network has edges of both signs to learn from.

    **Arguments:** `held_back` the edges that a split took away from it.

    **Raises** `NotEnoughData` that names what may be the matter, `InvalidSetting` for no network.
    """
    check_network("network", network)
    if network.n_edges and len(set(network.sign.tolist())) == 2:
        return
    found = "no edges"
    if network.n_edges:
        found = f"only {'positive' if network.sign[0] > 0 else 'negative'} edges"
        found += f" ({network.n_edges})"
    then = "there is nothing to tell apart, so add edges of the other sign"
    if held_back:
        found += f" beside the {held_back} held back"
        then = "hold fewer back, or add edges"
    elif network.cleanup.get("zero_ratings"):
        then = "edges of sign 0 were dropped, so write enemies as -1"
    elif network.n_edges == 0:
        then = "check the file or the split"
    elif network.rating is not None:
        then = "if these are ratings on a scale such as 1 to 5, declare it: --scale 1 5"
    raise NotEnoughData(f"{network.name}: found {found}, expected edges of both signs; {then}")
