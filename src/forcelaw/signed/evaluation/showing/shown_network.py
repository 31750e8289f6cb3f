"""A network that a report moves: its simulation from start to rest, its signs and predictions."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.documents import ParsedObject
from forcelaw.signed.evaluation.showing.held_out_signs import HeldOutSigns
from forcelaw.signed.forces import simulate_frames, whole_view
from forcelaw.signed.grouping import factions
from forcelaw.signed.model import SpringEmbedding
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits import SignedPairs, Split

_NODES, _EDGES = 10_000, 50_000
"""Shown at most: what browsers move smoothly."""
_FRAMES, _PLACES = 30, 300_000
"""Frames, and places of nodes in all frames together, at most: 1.8 MB."""
_SPACE = 3
"""Dimensions of what is shown."""
_WIDEST, _FINEST = 4.0, 32_767
"""Where a node that is flung farther off is drawn, and the whole number that stands for it."""
_QUANTILE = 0.99
"""Of the nodes at rest that lie within distance 1 of the middle."""
_FACTIONS = 255
"""That are told apart, the largest first; the number of all others."""
_FRIEND, _HELD_OUT, _CALLED, _CALLED_BY_BASELINE = 1, 2, 4, 8
"""Bits of `state`."""


@dataclass(frozen=True, eq=False)
class ShownNetwork:
    """Nodes in space, frame by frame, and the edges between them."""

    names: tuple[str, ...]
    time: Float[np.ndarray, " frame"]
    """From the start of the simulation, in its unit."""
    position: Float[np.ndarray, "frame node 3"]
    """In the three directions in which the nodes at rest lie widest; about 1 from the middle."""
    spread: float
    """The share of the variance of places at rest that these directions hold."""
    edges: Int[np.ndarray, "edge 2"]
    state: Int[np.ndarray, " edge"]
    """Bits: 1 a friend, 2 held out, 4 called a friend, 8 called one by the baseline."""
    probability: Float[np.ndarray, " edge"]
    """Of a friend, as predicted where it was held out; 0 elsewhere."""
    faction: Int[np.ndarray, " node"]
    """From 0, the largest first; 255 and all smaller ones are 255."""
    all_nodes: int
    all_edges: int

    @classmethod
    def of(
        cls,
        model: SpringEmbedding,
        parts: Split | None = None,
        held: HeldOutSigns | None = None,
        *,
        seed: int = 0,
    ) -> ShownNetwork:
        """The training network of a model, with the test part that was told, if any.

        Of a larger network the nodes of most edges, and of many edges some, evenly chosen.
        """
        network = model.network_
        ends, state, probability = _edges(network, parts, held)
        degree = np.bincount(ends.ravel(), minlength=network.n_nodes)
        kept = np.sort(np.argsort(-degree, kind="stable")[:_NODES])
        number = np.full(network.n_nodes, -1)
        number[kept] = np.arange(len(kept))
        inside = np.flatnonzero((number[ends] >= 0).all(axis=1))
        if len(inside) > _EDGES:
            inside = inside[np.linspace(0, len(inside) - 1, _EDGES).astype(int)]
        after, moved = _simulated(model, len(kept))
        position, spread = _in_space(moved[:, kept])
        group = factions(network, seed=seed).group if network.n_edges else np.zeros(0, int)
        return cls(
            names=tuple(network.names[node] for node in kept),
            time=after * model.settings_.dt,
            position=position,
            spread=spread,
            edges=number[ends[inside]],
            state=state[inside],
            probability=probability[inside],
            faction=np.minimum(group[kept], _FACTIONS),
            all_nodes=network.n_nodes,
            all_edges=len(ends),
        )

    def to_json(self) -> ParsedObject:
        """Numbers packed: little-endian whole numbers in base64, in the order of the axes.

        `position` int16, of which 32,767 are `widest`; `edges` uint16; the others uint8.
        """
        places = np.round(self.position * (_FINEST / _WIDEST)).astype("<i2")
        return {
            "names": list(self.names),
            "time": [float(f"{value:.4g}") for value in self.time],
            "position": _packed(places),
            "widest": _WIDEST,
            "spread": self.spread,
            "edges": _packed(self.edges.astype("<u2")),
            "state": _packed(self.state.astype(np.uint8)),
            "probability": _packed(np.round(255 * self.probability).astype(np.uint8)),
            "faction": _packed(self.faction.astype(np.uint8)),
            "all_nodes": self.all_nodes,
            "all_edges": self.all_edges,
        }


def _edges(
    network: SignedNetwork, parts: Split | None, held: HeldOutSigns | None
) -> tuple[Int[np.ndarray, "edge 2"], Int[np.ndarray, " edge"], Float[np.ndarray, " edge"]]:
    """All that were learned from, then those of the test part."""
    ends, state = [np.asarray(network.edges)], [_FRIEND * (network.sign > 0)]
    probability = [np.zeros(network.n_edges)]
    if parts is not None and held is not None:
        test: SignedPairs = parts.test
        ends.append(np.asarray(test.pairs))
        bits = _FRIEND * (test.sign > 0) + _HELD_OUT + _CALLED * (held.called("forcelaw") > 0)
        state.append(bits + _CALLED_BY_BASELINE * (held.called("baseline") > 0))
        probability.append(held.probability["forcelaw"])
    return np.concatenate(ends), np.concatenate(state), np.concatenate(probability)


def _simulated(
    model: SpringEmbedding, nodes: int
) -> tuple[Int[np.ndarray, " frame"], Float[np.ndarray, "frame node dim"]]:
    """Numbers of steps, and the places after them from the first start, the start among them."""
    learned, how = model.learned_, model.settings_
    graph, view = whole_view(model.network_, learned.fit_settings.forces.views)
    starts = learned.starts(graph.nodes, len(model.fitted_.position))
    first = type(starts)(starts.noise[0], starts.turn[0]).at(view)
    frames = max(2, min(_FRAMES, _PLACES // max(nodes, 1)))
    # Nodes run at first and creep at last.
    after = np.unique(np.round(how.steps * np.linspace(0, 1, frames) ** 2).astype(int))[1:]
    moved = simulate_frames(
        learned.law, graph, view, first, after=after.tolist(), dt=how.dt, damping=how.damping
    )
    places = np.concatenate([np.asarray(first)[None], moved])
    return np.append(0, after), places[:, : model.network_.n_nodes]


def _in_space(
    moved: Float[np.ndarray, "frame node dim"],
) -> tuple[Float[np.ndarray, "frame node 3"], float]:
    """The three directions in which the last frame lies widest, and how much of it they hold."""
    moved = np.nan_to_num(moved.astype(np.float64))
    centred = moved - moved[-1].mean(axis=0)
    _, size, axes = np.linalg.svd(centred[-1], full_matrices=False)
    shown = centred @ axes[:_SPACE].T
    shown = np.pad(shown, ((0, 0), (0, 0), (0, _SPACE - shown.shape[2])))
    radius = np.linalg.norm(shown[-1], axis=1)
    shown /= max(float(np.quantile(radius, _QUANTILE)), 1e-12)
    whole = float((size**2).sum())
    spread = float((size[:_SPACE] ** 2).sum()) / whole if whole else 1.0
    return np.clip(shown, -_WIDEST, _WIDEST), spread


def _packed(numbers: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()
