"""How probable it is that a node is in a group, and how well so many groups explain the signs.

The model: an edge is positive with probability p within a group and q between groups, whatever its
ends. Beliefs are passed along the edges until they settle (belief propagation: Decelle, Krzakala,
Moore & Zdeborová, Physical Review E 84, 2011, here for signs given the edges); p, q and the sizes
of the groups are learned along. The evidence is Bethe's approximation of the log-likelihood of all
signs, summed over all ways to assign the nodes, less what learned numbers may gain by chance
(Schwarz, Annals of Statistics 6(2), 1978).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse
from scipy.special import gammaln, logsumexp, xlog1py, xlogy

from forcelaw.signed.grouping.settings import GroupingSettings
from forcelaw.signed.network import SignedNetwork


class Beliefs(NamedTuple):
    """What beliefs settled at."""

    probability: Float[np.ndarray, "node group"]
    within: float
    """Probability of a positive edge within a group."""
    between: float
    evidence: float


def evidence_of_one(pairs: SignedNetwork) -> float:
    """The evidence of one group."""
    count, friends = pairs.n_edges, int((pairs.sign > 0).sum())
    share = friends / max(count, 1)
    fit = xlogy(friends, share) + xlogy(count - friends, 1 - share)
    return float(fit - np.log(max(count, 2)) / 2)


def settle(
    pairs: SignedNetwork, group: Int[np.ndarray, " node"], groups: int, settings: GroupingSettings
) -> Beliefs:
    """Beliefs that start from given groups."""
    nodes, count = pairs.n_nodes, pairs.n_edges
    friend = pairs.sign > 0
    begin = np.concatenate([pairs.source, pairs.target])
    end = np.concatenate([pairs.target, pairs.source])
    # Single precision halves the time: beliefs need no more.
    ones = np.ones(2 * count, np.float32)
    arriving = sparse.csr_array((ones, (end, np.arange(2 * count))), shape=(nodes, 2 * count))
    start = np.full((nodes, groups), settings.doubt / groups, np.float32)
    start[np.arange(nodes), group] += np.float32(1 - settings.doubt)
    belief = start[begin]
    same = group[pairs.source] == group[pairs.target]
    share = start.mean(axis=0, dtype=np.float64)
    within, between = _shares(friend, same.astype(np.float64))
    for number in range(settings.rounds):
        gain = np.where(friend, within / between, (1 - within) / (1 - between)) - 1
        both = np.tile(gain, 2).astype(np.float32)[:, None]
        arrived = np.log(1 + both * belief)
        total = np.log(share).astype(np.float32) + arriving @ arrived
        new = total[begin]
        new[:count] -= arrived[count:]
        new[count:] -= arrived[:count]
        new -= new.max(axis=1, keepdims=True)
        np.exp(new, out=new)
        new /= new.sum(axis=1, keepdims=True)
        change = float(np.abs(new - belief).mean(dtype=np.float64))
        belief = new
        meet = np.einsum("ek,ek->e", belief[:count], belief[count:]).astype(np.float64)
        if change < settings.settled:
            break
        if number % settings.learn_every == settings.learn_every - 1:
            together = (1 + gain) * meet / (1 + gain * meet)
            within, between = _shares(friend, together)
            share = np.maximum(_softmax(total).mean(axis=0, dtype=np.float64), 1 / nodes)
            share /= share.sum()
    friends = int((pairs.sign > 0).sum())
    base = xlogy(friends, between) + xlog1py(count - friends, -between)
    bethe = logsumexp(total.astype(np.float64), axis=1).sum() - np.log1p(gain * meet).sum()
    learned = np.log(max(count, 2)) + (groups - 1) * np.log(nodes) / 2 - gammaln(groups + 1)
    return Beliefs(_softmax(total), within, between, float(base + bethe - learned))


def _shares(friend: np.ndarray, together: Float[np.ndarray, " edge"]) -> tuple[float, float]:
    """The positive share of edges within and between groups, drawn to one half by one edge each."""
    inside, outside = together.sum(), (1 - together).sum()
    within = (together[friend].sum() + 0.5) / (inside + 1)
    between = ((1 - together[friend]).sum() + 0.5) / (outside + 1)
    return float(within), float(between)


def _softmax(total: Float[np.ndarray, "node group"]) -> Float[np.ndarray, "node group"]:
    return np.exp(total - logsumexp(total, axis=1, keepdims=True))
