"""Suspects: edges whose sign all others contradict, and nodes whose edges are."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.documents import ParsedObject
from forcelaw.errors import InvalidSetting, check_type
from forcelaw.files import spreadsheet_text, write_rows
from forcelaw.signed.model import SpringEmbedding
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.settings import LESS_LIKELY
from forcelaw.signed.splits import check_trainable
from forcelaw.signed.suspicion.hidden_log_odds import Tell, hidden_probability
from forcelaw.signed.suspicion.node_tests import NodeTests, node_tests_of
from forcelaw.signed.suspicion.settings import SUSPICION_SETTINGS, SuspicionSettings
from forcelaw.storage import RESULTS_SCHEMA, Record

Way = Literal["given", "received", "either"]
"""Which edges of a node; without directions either."""


@dataclass(frozen=True)
class SuspectEdge(Record):
    """An edge, and how likely its sign is by all others."""

    source: str
    target: str
    sign: int
    probability: float
    """Of this sign."""


@dataclass(frozen=True)
class SuspectNode(Record):
    """A node whose edges of one way are contradicted."""

    node: str
    way: Way
    edges: int
    contradicted: int
    """Edges whose other sign is likelier."""
    expected: float
    """As many as there would be on average."""
    z: float
    p_value: float
    """At most; see `forcelaw.signed.suspicion.node_tests`."""
    q_value: float
    """Rate of false discoveries among the nodes that are suspected no less."""


@dataclass(frozen=True, eq=False, repr=False)
class Suspects:
    """How far every edge and node of a network is contradicted by the rest of it."""

    network: SignedNetwork
    probability: Float[np.ndarray, " edge"]
    """Of a positive sign, told from all other edges."""
    second_round: bool
    """Whether the most contradicted edges were left out of what the others are told from."""
    settings: SuspicionSettings

    def __repr__(self) -> str:
        return (
            f"Suspects({self.network.name!r}: {int(self.contradicted.sum()):,} of "
            f"{self.network.n_edges:,} edges contradicted)"
        )

    @property
    def own(self) -> Float[np.ndarray, " edge"]:
        """The probability of every sign as it is."""
        return np.where(self.network.sign > 0, self.probability, 1 - self.probability)

    @property
    def contradicted(self) -> Bool[np.ndarray, " edge"]:
        """Edges whose other sign is likelier."""
        return self.own < LESS_LIKELY

    @cached_property
    def order(self) -> Int[np.ndarray, " edge"]:
        """All edges, the least likely sign first."""
        return np.argsort(self.own, kind="stable")

    def edges(self, top: int, below: float = LESS_LIKELY) -> tuple[SuspectEdge, ...]:
        """The `top` edges whose signs are least likely, of those less likely than `below`.

        **Raises** `InvalidSetting` for a `top` below 1 or a probability that is none.
        """
        if not 0 <= below <= 1:
            raise InvalidSetting(f"below: found {below}, expected a probability; change it")
        likely = int((self.own < below).sum())
        return self._edges(self.order[: min(likely, _checked(top))])

    def _edges(self, rows: Int[np.ndarray, " listed"]) -> tuple[SuspectEdge, ...]:
        names, network, own = self.network.names, self.network, self.own
        return tuple(
            SuspectEdge(
                names[network.source[at]],
                names[network.target[at]],
                int(network.sign[at]),
                float(own[at]),
            )
            for at in rows
        )

    @cached_property
    def tests(self) -> dict[Way, NodeTests]:
        """Of all nodes by the way of their edges."""
        network, own, n = self.network, self.own, self.network.n_nodes
        if not network.directed:
            ends = np.asarray(network.edges).T.ravel()
            return {"either": node_tests_of(ends, np.tile(own, 2), n, self.settings)}
        return {
            "given": node_tests_of(network.source, own, n, self.settings),
            "received": node_tests_of(network.target, own, n, self.settings),
        }

    def nodes(self, top: int) -> tuple[SuspectNode, ...]:
        """The `top` nodes of least p-value, those of one as z. **Raises** as `edges` does.

        A q-value takes into account that all nodes with edges, of either way, were tested
        (Benjamini & Hochberg, J. R. Stat. Soc. B, 1995).
        """
        from scipy.stats import false_discovery_control

        rows = [
            (way, node, found) for way, found in self.tests.items()
            for node in np.flatnonzero(found.edges > 0).tolist()
        ]  # fmt: skip
        p_value = np.array([found.p_value[node] for _, node, found in rows])
        z = np.array([found.z[node] for _, node, found in rows])
        rate = false_discovery_control(p_value)
        return tuple(
            SuspectNode(
                self.network.names[rows[at][1]],
                rows[at][0],
                int(rows[at][2].edges[rows[at][1]]),
                int(rows[at][2].contradicted[rows[at][1]]),
                float(rows[at][2].expected[rows[at][1]]),
                float(z[at]),
                float(p_value[at]),
                float(rate[at]),
            )
            for at in np.lexsort((-z, p_value))[: _checked(top)].tolist()
        )

    def to_json(self, top: int, below: float = LESS_LIKELY) -> ParsedObject:
        """How many edges there are and are contradicted, and the `top` `edges` and `nodes`."""
        return {
            "schema": RESULTS_SCHEMA,
            "dataset": self.network.name,
            "edges": self.network.n_edges,
            "contradicted": int(self.contradicted.sum()),
            "expected": float(np.minimum(self.own, 1 - self.own).sum()),
            "second_round": self.second_round,
            "below": below,
            "suspect_edges": [edge.to_json() for edge in self.edges(top, below)],
            "suspect_nodes": [node.to_json() for node in self.nodes(top)],
        }

    def csv(self, *, spreadsheet_safe: bool = False) -> str:
        """`source,target,sign,probability,contradicted` of all edges, least likely sign first.

        **Arguments:** `spreadsheet_safe` as of `Predictions.csv`.
        """
        text, shown = io.StringIO(), spreadsheet_text if spreadsheet_safe else str
        write_rows(
            text,
            ["source", "target", "sign", "probability", "contradicted"],
            (
                [
                    shown(edge.source),
                    shown(edge.target),
                    edge.sign,
                    f"{edge.probability:.6g}",
                    "true" if edge.probability < LESS_LIKELY else "false",
                ]
                for edge in self._edges(self.order)
            ),
        )
        return text.getvalue()


def suspects(
    model: SpringEmbedding,
    *,
    seed: int = 0,
    settings: SuspicionSettings = SUSPICION_SETTINGS,
    tell: Tell = lambda done, total: None,
) -> Suspects:
    """Edges of a model's network that the others contradict, and nodes by how far theirs are.

    Every sign is told while it is hidden, by the model's law and by decoders fitted anew on other
    signs, see `forcelaw.signed.suspicion.hidden_log_odds`. A contradicted sign may be wrong, or
    right where the network misleads.

    **Arguments:** `seed` of the folds; `tell` is told how much is done.

    **Raises** `NotEnoughData`: the network has not edges of both signs; `InvalidSetting` for what
    is no model.
    """
    check_type("suspects", model, SpringEmbedding, then="load one: SpringEmbedding.load(folder)")
    # Every edge is judged by all others, the later ones too.
    network = dataclasses.replace(model.network_, forecast=False)
    learned = dataclasses.replace(model.learned_, forecast=False)
    check_trainable(network)
    found = hidden_probability(learned, network, seed=seed, settings=settings, tell=tell)
    return Suspects(network, found.probability, found.second_round, settings)


def _checked(top: int) -> int:
    if top < 1:
        raise InvalidSetting(f"top: found {top}, expected 1 or more; ask for some")
    return top
