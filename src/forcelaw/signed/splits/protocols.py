"""Train and test parts of a signed network: three protocols that must not be mixed up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting, suggest
from forcelaw.files import many
from forcelaw.signed.network import NodeIndices, SignedNetwork, known_signs
from forcelaw.signed.settings import TEST, Protocol, SignedSettings
from forcelaw.signed.splits.trainable import check_trainable
from forcelaw.storage.settings import check_arguments


@dataclass(frozen=True, eq=False, repr=False)
class SignedPairs:
    """Pairs with their true signs, to be predicted.

    **Attributes:**

    - `pairs`: `NodeIndices` `[pair, 2]`, int32, source and target; positions in `names`.
    - `sign`: +1 or -1 `[pair]`, int8.
    - `rating`: `[pair]`, float32, or None.
    - `time`: `[pair]`, float64, or None.
    - `names`: the node names of the network the pairs come from.
    """

    pairs: Int[np.ndarray, "pair 2"]
    sign: Int[np.ndarray, " pair"]
    rating: Float[np.ndarray, " pair"] | None
    time: Float[np.ndarray, " pair"] | None
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", NodeIndices(self.pairs))

    def __len__(self) -> int:
        return len(self.sign)

    def __repr__(self) -> str:
        enemies = f", {1 - self.positive_share:.0%} enemies" if len(self) else ""
        return f"SignedPairs({many(len(self), 'pair')}{enemies})"

    @property
    def named_pairs(self) -> list[tuple[str, str]]:
        """Source and target of every pair by name."""
        return [(self.names[u], self.names[v]) for u, v in self.pairs.tolist()]

    @property
    def positive_share(self) -> float:
        """Share of positive signs; nan without pairs."""
        return float((self.sign > 0).mean()) if len(self) else float("nan")


@dataclass(frozen=True, eq=False, repr=False)
class Split:
    """A training network and the pairs held back from it, on the same nodes.

    Unpacks as ``train, test``, or as ``train, validation, test`` if there is a validation part.

    **Attributes:**

    - `train`: the network of training edges on all nodes; in a transductive split its `unknown`
      holds the pairs of the other parts, without their signs.
    - `validation`, `test`: the pairs held back.
    - `protocol`: `pairs`, `directed` or `temporal`.
    - `seed`: of the random choice; None if nothing was chosen at random.
    - `transductive`: whether the training part knows which pairs are to be predicted.
    - `reverse_share`: share of test edges whose opposite edge is a training edge, and so gives much
      of the answer away. 0 where edges have no direction.
    """

    train: SignedNetwork
    test: SignedPairs
    validation: SignedPairs | None
    protocol: str
    seed: int | None
    transductive: bool
    reverse_share: float

    def __iter__(self) -> Iterator[Any]:
        yield self.train
        if self.validation is not None:
            yield self.validation
        yield self.test

    def __repr__(self) -> str:
        given = f", validation={self.validation!r}" if self.validation is not None else ""
        return f"Split({self.protocol!r}, train={self.train!r}{given}, test={self.test!r})"


def split(
    network: SignedNetwork,
    protocol: str,
    *,
    seed: int = 0,
    test: float = TEST,
    validation: float = 0.0,
    transductive: bool = False,
) -> Split:
    """Holds back a part of the edges. Never compare scores across protocols.

    - ``pairs``: unordered pairs, a pair whose directions disagree is negative, the largest
      connected component of the whole network; pairs are held back at random, so both directions
      of a pair are always on the same side.
    - ``directed``: edges of a directed network are held back at random. The opposite edge of a
      test edge may be a training edge: see `Split.reverse_share`.
    - ``temporal``: the latest edges are held back, the validation part lies just before the test
      part. Edges of the same time are ordered by source and target; `seed` plays no part. The
      training part is marked as `forecast`.

    Splits are inductive: a held-back edge does not exist in the training part, and nodes may be
    left there without an edge. With `transductive` the training part carries the held-back pairs,
    without their signs, as `unknown`. The test part does not depend on `validation`.

    **Arguments:**

    - `seed`: of NumPy's default generator; the same seed gives the same split.
    - `test`, `validation`: shares of all edges (of all pairs).

    **Raises** `InvalidSetting`: a wrong share or protocol, or one that needs times or directions
    that the network does not have; `NotEnoughData`: a training part without edges of both signs.
    """
    if protocol not in get_args(Protocol):
        raise InvalidSetting(
            f"found protocol {protocol!r}; {suggest(protocol, get_args(Protocol))}"
        )
    if not (0 < test < 1 and 0 <= validation < 1 and test + validation < 1):
        raise InvalidSetting(
            f"found test={test} and validation={validation}, expected shares that leave a training "
            "part; try test=0.2 and validation=0.1"
        )
    check_arguments(SignedSettings, seed=seed)
    check_trainable(network)
    if protocol == "pairs":
        network = network.pairs().largest_component()
    elif protocol == "directed" and not network.directed:
        raise InvalidSetting(
            f"{network.name}: found an undirected network, expected a directed one for the "
            "protocol directed; use the protocol pairs"
        )
    n = network.n_edges
    n_test, n_validation = max(1, round(test * n)), round(validation * n)
    if protocol == "temporal":
        if network.time is None:
            raise InvalidSetting(
                f"{network.name}: found no times, expected a time for every edge for the protocol "
                "temporal; add a fourth column or use the protocol pairs or directed"
            )
        order = np.lexsort((network.target, network.source, network.time))[::-1]
    else:
        order = np.random.default_rng(seed).permutation(n)
    return make_split(
        network,
        test=np.sort(order[:n_test]),
        validation=np.sort(order[n_test : n_test + n_validation]) if validation else None,
        protocol=protocol,
        seed=None if protocol == "temporal" else seed,
        transductive=transductive,
    )


def make_split(
    network: SignedNetwork,
    *,
    test: Int[np.ndarray, " test"],
    validation: Int[np.ndarray, " validation"] | None,
    protocol: str,
    seed: int | None,
    transductive: bool,
) -> Split:
    """The split of a network whose test and validation edges are given as indices.

    Where all of these come after the other edges, the training part is marked as `forecast`.
    """
    held_back = test if validation is None else np.concatenate([test, validation])
    in_train = np.ones(network.n_edges, bool)
    in_train[held_back] = False
    train = network.subset(in_train)
    check_trainable(train, held_back=len(held_back))
    if network.time is not None and network.time[in_train].max() <= network.time[held_back].min():
        train = dataclasses.replace(train, forecast=True)
    if transductive:
        unknown = np.concatenate([network.unknown, network.edges[np.sort(held_back)]])
        train = dataclasses.replace(train, unknown=unknown)
    pairs = network.edges[test]
    reverse_share = 0.0
    if network.directed:
        reverse_share = float((known_signs(train, pairs[:, ::-1]) != 0).mean())
    return Split(
        train=train,
        test=part(network, test),
        validation=None if validation is None else part(network, validation),
        protocol=protocol,
        seed=seed,
        transductive=transductive,
        reverse_share=reverse_share,
    )


def part(network: SignedNetwork, edges: Int[np.ndarray, " part"]) -> SignedPairs:
    """Some edges of a network as pairs to be predicted."""
    kept = network.subset(edges)
    return SignedPairs(kept.edges, kept.sign, kept.rating, kept.time, network.names)
