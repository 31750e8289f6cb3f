"""A law that was learned elsewhere, at work on a network without training."""

from __future__ import annotations

from pathlib import Path

from forcelaw.signed.model.embedding import SpringEmbedding
from forcelaw.signed.model.fitted import move
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.pretrained import load_pretrained
from forcelaw.signed.network import SignedNetwork, check_network
from forcelaw.signed.settings import SignedSettings
from forcelaw.storage.settings import check_arguments


def load_learned_model(
    law: str | Path | SpringEmbedding | Learned, *, directed: bool = False
) -> Learned:
    """What was learned, by a fitted embedding, by a run in its folder, or as it ships.

    **Arguments:** `law` may be `"default"`, the law that ships with the package; `trained_on` names
    what it was trained on. It has a decoder for directed and one for undirected networks:
    `directed` chooses.

    **Raises** `InputError` naming the file for anything missing or damaged.
    """
    if isinstance(law, Learned):
        return law
    return (
        law.learned_
        if isinstance(law, SpringEmbedding)
        else load_pretrained(law, directed=directed)
    )


def apply(
    law: str | Path | SpringEmbedding | Learned,
    network: SignedNetwork,
    *,
    seed: int | None = None,
) -> SpringEmbedding:
    """A fitted embedding of `network` by a law and a decoder that were trained elsewhere.

    Nothing is trained: the law moves the nodes, the decoder reads the signs off. Only slope and
    shift of the decoder's log-odds, and the threshold, are set on the network's own signs, each
    of them hidden in turn; a network with few signs keeps the threshold as it came.

    **Arguments:** `law` `"default"`, the folder of a run, a fitted embedding, or what it has
    `learned`; `seed` of the start positions, by default the one of the training.

    **Raises** `InputError` if the decoder needs directions that the network does not have. A
    decoder without directions sees a directed network as pairs.
    """
    check_network("apply", network)
    if seed is not None:
        check_arguments(SignedSettings, seed=seed)
    found = load_learned_model(law, directed=network.directed)
    return SpringEmbedding.from_fitted(move(found, network, seed=seed))
