"""Which factions nodes are in, by who is joined to whom as well as by the signs.

Where edges join nodes of one faction more often than chance would, the edges tell of factions
whatever their signs, and wrong signs take nothing away from that. The model: edges are drawn
between nodes in proportion to their degrees (Karrer & Newman, Physical Review E 83, 2011), more of
them within a group than between groups, and have signs as in `forcelaw.signed.grouping.belief`,
whose beliefs are passed on here, too (Decelle, Krzakala, Moore & Zdeborová, Physical Review E 84,
2011). What is not joined counts by the mean over all nodes.

How often edges are within, and how often they are positive within and between, is not learned: few
wrong signs lead that astray. Beliefs of several sizes of each are averaged.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.grouping.settings import GROUPING_SETTINGS, GroupingSettings
from forcelaw.signed.network import SignedNetwork


@dataclass(frozen=True, eq=False)
class JoinedFactions:
    """Beliefs about every node, by each of several models."""

    probability: Float[np.ndarray, "node model group"]
    within: Float[np.ndarray, " model"]
    """Ratio of edges to what the degrees expect, within a group."""
    between: Float[np.ndarray, " model"]
    """The same between groups."""
    friends_within: Float[np.ndarray, " model"]
    friends_between: Float[np.ndarray, " model"]

    @classmethod
    def fit(
        cls,
        network: SignedNetwork,
        groups: int,
        *,
        seed: int = 0,
        settings: GroupingSettings = GROUPING_SETTINGS,
    ) -> JoinedFactions:
        """From a network; directions do not count. Without edges all groups are as likely.

        **Arguments:** `groups` how many factions; `seed` of where beliefs start.
        """
        pairs = network.pairs()
        nodes, count = pairs.n_nodes, pairs.n_edges
        models = _models(count, settings)
        inside, friends_within, friends_between = models.T
        begin = np.concatenate([pairs.source, pairs.target])
        end = np.concatenate([pairs.target, pairs.source])
        arriving = sparse.csr_array(
            (np.ones(2 * count, np.float32), (end, np.arange(2 * count))), (nodes, 2 * count)
        )
        degree = np.bincount(end, minlength=nodes).astype(np.float32)
        friend = (np.tile(pairs.sign, 2) > 0)[:, None]
        random = np.random.default_rng(seed)
        shape = (len(models), groups)
        belief = random.dirichlet(np.ones(groups), (2 * count, len(models))).astype(np.float32)
        alone = np.full((nodes, *shape), 1 / groups, np.float32)
        keep = settings.joined_damping
        # As if all groups had as many ends of edges: that keeps nodes from gathering in one.
        within, between = groups * inside, groups / (groups - 1) * (1 - inside)
        same = np.where(friend, friends_within, 1 - friends_within) * within
        other = np.where(friend, friends_between, 1 - friends_between) * between
        gain = (same / other - 1).astype(np.float32)[:, :, None]
        for _ in range(settings.joined_rounds):
            ends = np.tensordot(degree, alone, 1) / max(float(degree.sum()), 1.0)
            rate = within[:, None] * ends + between[:, None] * (1 - ends)
            arrived = np.log1p(gain * belief)
            total = (arriving @ arrived.reshape(2 * count, len(models) * groups)).reshape(
                nodes, *shape
            )
            total -= degree[:, None, None] * rate.astype(np.float32)
            new = total[begin]
            new[:count] -= arrived[count:]
            new[count:] -= arrived[:count]
            belief = keep * belief + (1 - keep) * _softmax(new)
            alone = keep * alone + (1 - keep) * _softmax(total)
        return cls(alone, within, between, friends_within, friends_between)

    def log_odds(self, pairs: Int[np.ndarray, "pair 2"]) -> Float[np.ndarray, " pair"]:
        """Of a positive sign of pairs that are joined, mean over the models."""
        first, second = self.probability[pairs[:, 0]], self.probability[pairs[:, 1]]
        meet = np.einsum("pmk,pmk->pm", first, second).astype(np.float64)
        same, other = self.within * meet, self.between * (1 - meet)
        share = self.friends_within * same + self.friends_between * other
        return np.log(share / (same + other - share)).mean(axis=1)


def _models(count: int, settings: GroupingSettings) -> Float[np.ndarray, "model 3"]:
    """Edges within, friends within and friends between, as shares; of large networks one model."""
    sizes = (settings.joined_within, settings.friends_within, settings.friends_between)
    every = np.array(list(itertools.product(*sizes)))
    few = 2 * count * len(every) > settings.joined_entries
    return every.mean(axis=0, keepdims=True) if few else every


def _softmax(total: Float[np.ndarray, "*row group"]) -> Float[np.ndarray, "*row group"]:
    new = np.exp(total - total.max(axis=-1, keepdims=True))
    return new / new.sum(axis=-1, keepdims=True)
