"""How probable it is that a node is in a group, and how well so many groups explain the signs.

The model: an edge is positive with probability p within a group and q between groups, whatever its
ends. Beliefs are passed along the edges until they settle (belief propagation: Decelle, Krzakala,
Moore & Zdeborová, Physical Review E 84, 2011, here for signs given the edges); p, q and the sizes
of the groups are learned along. The evidence is Bethe's approximation of the log-likelihood of all
signs, summed over all ways to assign the nodes, less what learned numbers may gain by chance
(Schwarz, Annals of Statistics 6(2), 1978).
"""

from __future__ import annotations

import functools
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
    edges = _Edges.of(pairs)
    start = np.full((nodes, groups), settings.doubt / groups, np.float32)
    start[np.arange(nodes), group] += np.float32(1 - settings.doubt)
    share = start.mean(axis=0, dtype=np.float64)
    same = group[pairs.source] == group[pairs.target]
    within, between = _shares(friend, same.astype(np.float64))

    def gain() -> Float[np.ndarray, " edge"]:
        return np.where(friend, within / between, (1 - within) / (1 - between)) - 1

    now = _pass_on(edges, start[edges.begin], share, gain())
    for number in range(1, settings.rounds):
        if now.change < settings.settled:
            break
        if number % settings.learn_every == 0:
            together = (1 + now.gain) * now.meet / (1 + now.gain * now.meet)
            within, between = _shares(friend, together)
            share = np.maximum(_softmax(now.total).mean(axis=0, dtype=np.float64), 1 / nodes)
            share /= share.sum()
        now = _pass_on(edges, now.belief, share, gain())
    friends = int(friend.sum())
    base = xlogy(friends, between) + xlog1py(count - friends, -between)
    alone = np.asarray(logsumexp(now.total.astype(np.float64), axis=1)).sum()
    bethe = alone - np.log1p(now.gain * now.meet).sum()
    learned = np.log(max(count, 2)) + (groups - 1) * np.log(nodes) / 2 - gammaln(groups + 1)
    return Beliefs(_softmax(now.total), within, between, float(base + bethe - learned))


class _Edges(NamedTuple):
    """Every edge in both directions: first all from source to target, then all back."""

    begin: Int[np.ndarray, " way"]
    arriving: sparse.csr_array
    """Sums over the ways that end at each node `[node, way]`."""

    @classmethod
    def of(cls, pairs: SignedNetwork) -> _Edges:
        ways = 2 * pairs.n_edges
        end = np.concatenate([pairs.target, pairs.source])
        # Single precision halves the time: beliefs need no more.
        ones = np.ones(ways, np.float32)
        shape = (pairs.n_nodes, ways)
        arriving = sparse.csr_array((ones, (end, np.arange(ways))), shape=shape)
        return cls(np.concatenate([pairs.source, pairs.target]), arriving)


class _Passed(NamedTuple):
    """Beliefs after one round."""

    belief: Float[np.ndarray, "way group"]
    """About the node where a way begins, were it not for the one where it ends."""
    total: Float[np.ndarray, "node group"]
    """About every node: logarithms, not scaled to sum to one."""
    gain: Float[np.ndarray, " edge"]
    meet: Float[np.ndarray, " edge"]
    """Belief that both ends are in one group, were it not for the edge."""
    change: float


def _pass_on(
    edges: _Edges,
    belief: Float[np.ndarray, "way group"],
    share: Float[np.ndarray, " group"],
    gain: Float[np.ndarray, " edge"],
) -> _Passed:
    """One round: every node tells each neighbour what it believes by all others.

    **Arguments:** `gain`: by how much the sign of an edge is more probable within a group than
    between groups, relative to the latter.
    """
    count = len(gain)
    both = np.tile(gain, 2).astype(np.float32)[:, None]
    arrived = np.log(1 + both * belief)
    total = np.log(share).astype(np.float32) + edges.arriving @ arrived
    new = total[edges.begin]
    new[:count] -= arrived[count:]
    new[count:] -= arrived[:count]
    # Over as few columns NumPy's own reductions take most of the time of a round.
    new -= functools.reduce(np.maximum, new.T)[:, None]
    np.exp(new, out=new)
    new /= new @ np.ones((new.shape[1], 1), np.float32)
    meet = np.einsum("ek,ek->e", new[:count], new[count:]).astype(np.float64)
    return _Passed(new, total, gain, meet, float(np.abs(new - belief).mean()))


def _shares(friend: np.ndarray, together: Float[np.ndarray, " edge"]) -> tuple[float, float]:
    """The positive share of edges within and between groups, drawn to one half by one edge each."""
    inside, outside = together.sum(), (1 - together).sum()
    within = (together[friend].sum() + 0.5) / (inside + 1)
    between = ((1 - together[friend]).sum() + 0.5) / (outside + 1)
    return float(within), float(between)


def _softmax(total: Float[np.ndarray, "node group"]) -> Float[np.ndarray, "node group"]:
    return np.exp(total - np.asarray(logsumexp(total, axis=1, keepdims=True)))
