"""A law that was learned elsewhere, at work on a network without training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import equinox as eqx
import jax

from forcelaw.errors import InputError

from ._embedding import SpringEmbedding
from ._learned import Learned
from ._network import SignedNetwork
from ._objective import Forces
from ._saved import load_learned

DEFAULT = "default"
"""The name of the law that ships with the package."""
SHIPPED = Path(__file__).with_name("shipped")


def learned(law: str | Path | SpringEmbedding, *, directed: bool = False) -> Learned:
    """What was learned, by a fitted embedding, by a run in its folder, or as it ships.

    **Arguments:** `law` may be `"default"`, the law that ships with the package; `trained_on` says
    what it was trained on. It has a decoder for directed and one for undirected networks:
    `directed` chooses.

    **Raises** `InputError` naming the file for anything missing or damaged.
    """
    if isinstance(law, SpringEmbedding):
        return Learned.of(law)
    if str(law) == DEFAULT:
        return load_learned(SHIPPED / ("directed" if directed else "undirected"))
    return load_learned(law)


def apply(
    law: str | Path | SpringEmbedding, network: SignedNetwork, *, seed: int | None = None
) -> SpringEmbedding:
    """A fitted embedding of `network` by a law and a decoder that were trained elsewhere.

    Nothing is trained: the law moves the nodes, the decoder reads the signs off. Only slope and
    shift of the decoder's log-odds, and the threshold, are set on the network's own signs, each
    of them hidden in turn; a network with few signs keeps the threshold as it came.

    **Arguments:** `law` `"default"`, the folder of a run, or a fitted embedding; `seed` of the
    start positions, by default the one of the training.

    **Raises** `InputError` if the decoder needs directions that the network does not have. A
    decoder without directions sees a directed network as pairs.
    """
    return learned(law, directed=network.directed).on(network, seed=seed)


def begin_with(
    law: str | Path | None,
) -> tuple[Callable[[Forces], Forces], tuple[tuple[str, str], ...]]:
    """What puts a learned law into untrained forces, and the networks that it was trained on.

    Without a law the forces stay as they are. What is returned **raises** `InputError` if the law
    is of another family or of other sizes.
    """
    if law is None:
        return lambda forces: forces, ()
    found = learned(law)

    def begin(forces: Forces) -> Forces:
        kinds = (found.law.family(), forces.law.family())
        if kinds[0] != kinds[1]:
            raise InputError(
                f"start_from: found a law {kinds[0]} in {law}, expected {kinds[1]} as in the "
                "preset; choose the preset that it was trained with"
            )
        sizes = [jax.tree.map(lambda leaf: leaf.shape, tree) for tree in (found.law, forces.law)]
        if jax.tree.leaves(sizes[0]) != jax.tree.leaves(sizes[1]):
            raise InputError(
                f"start_from: found a law of other sizes in {law}, expected those of the preset; "
                "choose the settings that it was trained with"
            )
        return eqx.tree_at(lambda tree: tree.law, forces, found.law)

    return begin, found.trained_on
