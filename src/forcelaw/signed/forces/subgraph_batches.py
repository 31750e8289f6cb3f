"""Views cut to the part that is trained on, and into subgraphs where that does not fit in memory.

Of a large network one part is trained on. A law is some hundred numbers, the same for every pair,
and a training step takes as long as it has edges: the pairs between the nodes with most edges,
which feel most of their forces there, tell the law as well as all pairs together. Nodes are placed
in the whole network, and what the forces have learned is judged there
(benchmarks/results/speed/signed_at_scale.md).

The subgraphs of one view are simulated one after the other, each with a halo of its neighbours and
each from the whole network's random start, and their gradients are added up before the forces
are updated. But for the halo, on which only a share of its forces acts, that is the whole update.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int, Key, PRNGKeyArray

from forcelaw.graph import Graph, Subgraphs, partition, rows_of_parts, subgraphs
from forcelaw.signed.forces.objective import Choices, Forces, LossValue, hidden_loss
from forcelaw.signed.forces.simulation import Start, random_start
from forcelaw.signed.forces.views import HIDDEN, HiddenPairs, View, Views, stack
from forcelaw.training import StageValues


class SubgraphTask(eqx.Module):
    """`Task`, its views cut into subgraphs."""

    cut: Subgraphs
    view: View
    """Arrays lead with `[view, part]`."""
    hidden: HiddenPairs
    """Arrays lead with `[fold, part]`; a pair is where its first end is in the core."""
    nodes: int = eqx.field(static=True)
    """Of the whole graph."""
    folds: int = eqx.field(static=True)
    choices: Choices = eqx.field(static=True)


class SubgraphBatch(eqx.Module):
    """One subgraph of the view that hides `fold`; all those of a view share their start."""

    fold: Int[Array, "*batch"]
    part: Int[Array, "*batch"]
    start: Key[Array, "*batch"]


def divide_into_subgraphs(
    views: Views, choices: Choices, parts: int, *, seed: int, halo: int
) -> SubgraphTask:
    """The views in at most `parts` subgraphs with halos of `halo` edges, on one shape.

    Forces on hidden pairs are exact for `halo - 1` steps.
    """
    graph = views.graph
    cut = subgraphs(graph, partition(graph, parts, seed=seed), halo=halo)
    return SubgraphTask(
        cut=cut,
        view=stack([_cut_view(views.fold(k)[0], cut) for k in range(views.folds)]),
        hidden=_cut_hidden(views, cut),
        nodes=graph.nodes,
        folds=views.folds,
        choices=choices,
    )


def subgraph_batches(task: SubgraphTask, key: PRNGKeyArray) -> SubgraphBatch:
    """One epoch: the folds in random order, the subgraphs of each in a row."""
    order_key, start_key = jax.random.split(key)
    parts = task.cut.parts
    order = jax.random.permutation(order_key, task.folds)
    return SubgraphBatch(
        fold=jnp.repeat(order, parts),
        part=jnp.tile(jnp.arange(parts, dtype=order.dtype), task.folds),
        start=jnp.repeat(jax.random.split(start_key, task.folds), parts),
    )


def subgraph_loss(
    forces: Forces, task: SubgraphTask, batch: SubgraphBatch, stage: StageValues, key: PRNGKeyArray
) -> LossValue:
    """`fold_loss` of the hidden pairs that one subgraph owns."""
    take = lambda leaf: leaf[batch.fold, batch.part]  # noqa: E731
    view, hidden = jax.tree.map(take, (task.view, task.hidden))
    part = task.cut.part(batch.part)
    choices = task.choices
    whole = random_start(task.nodes, choices.dim, choices.start, choices.settings, key=batch.start)
    start = Start(part.at_nodes(whole.noise), whole.turn)
    return hidden_loss(forces, choices, part.graph, view, hidden, start.at(view), stage)


def _cut_view(view: View, cut: Subgraphs) -> View:
    """One view in subgraphs."""
    return View(
        sign=cut.at_edges(view.sign, HIDDEN),
        edge=cut.at_edges(view.edge),
        node=cut.at_nodes(view.node),
        factions=cut.at_nodes(view.factions),
        largest=jnp.full(cut.parts, view.largest),
    )


def _cut_hidden(views: Views, cut: Subgraphs) -> HiddenPairs:
    """The hidden pairs of every fold by the subgraph that owns them."""
    hidden = jax.tree.map(np.asarray, views.hidden)
    found = []
    for fold in range(views.folds):
        real = np.flatnonzero(hidden.weight[fold] > 0)
        part, ends = cut.owned_pairs(hidden.ends[fold][real])
        found.append((real, part, ends))
    size = max(int(np.bincount(part).max(initial=1)) for _, part, _ in found)
    folds = []
    for fold, (real, part, ends) in enumerate(found):
        row = rows_of_parts(part, cut.parts, size=size)
        whole = real[row]
        folds.append(
            HiddenPairs(
                ends=jnp.asarray(ends[row], jnp.int32),
                feature=jnp.asarray(hidden.feature[fold][whole]),
                positive=jnp.asarray(hidden.positive[fold][whole]),
                weight=jnp.asarray(np.where(row >= 0, hidden.weight[fold][whole], 0)),
            )
        )
    return stack(folds)


def training_part(views: Views, pairs: int | None) -> Views:
    """The views of the pairs between the nodes of highest degree, or of all of a small network.

    As many nodes as have that number of pairs between them, at most; None for all. Features are
    those of the whole network.
    """
    graph = views.graph
    edge = np.flatnonzero(np.asarray(graph.edge_mask))
    if pairs is None or len(edge) <= 2 * pairs:
        return views
    sender, receiver = np.asarray(graph.sender)[edge], np.asarray(graph.receiver)[edge]
    degree = np.bincount(receiver, minlength=graph.nodes)
    rank = np.empty(graph.nodes, np.int64)
    rank[np.argsort(-degree, kind="stable")] = np.arange(graph.nodes)
    last = np.maximum(rank[sender], rank[receiver])
    limit = np.sort(last)[2 * pairs]
    part = _cut_part(views, np.flatnonzero(rank < limit), edge[last < limit])
    # Without a pair to judge by there is nothing to learn.
    return part if np.asarray(part.hidden.weight).any() else views


def _cut_part(
    views: Views, node: Int[np.ndarray, " kept"], edge: Int[np.ndarray, " kept_edge"]
) -> Views:
    """The views of these nodes, these edges between them, and the hidden pairs of these nodes."""
    whole = views.graph
    number = np.full(whole.nodes, -1)
    number[node] = np.arange(len(node))
    ends = np.stack([np.asarray(end)[edge] for end in (whole.sender, whole.receiver)], axis=1)
    graph = Graph.from_edges(number[ends], nodes=len(node), bucket=True)
    row = np.asarray(graph.row)
    at, padding = edge[np.maximum(row, 0)], row < 0

    def at_edges(values: jax.Array, fill: int) -> jax.Array:
        taken = np.asarray(values)[:, at]
        taken[:, padding] = fill
        return jnp.asarray(taken)

    def at_nodes(values: jax.Array) -> jax.Array:
        added = ((0, 0), (0, graph.nodes - len(node)), (0, 0))
        return jnp.asarray(np.pad(np.asarray(values)[:, node], added))

    view = View(
        sign=at_edges(views.view.sign, HIDDEN),
        edge=at_edges(views.view.edge, 0),
        node=at_nodes(views.view.node),
        factions=at_nodes(views.view.factions),
        largest=views.view.largest,
    )
    return Views(graph, view, _hidden_in_part(views, number), views.folds)


def _hidden_in_part(views: Views, number: Int[np.ndarray, " node"]) -> HiddenPairs:
    """The hidden pairs of every fold whose ends are both numbered."""
    hidden = jax.tree.map(np.asarray, views.hidden)
    ends = number[hidden.ends]
    kept = (hidden.weight > 0) & (ends >= 0).all(axis=2)
    # A common length lets networks of similar size share compilations.
    size = -(-max(int(kept.sum(axis=1).max()), 1) // 64) * 64
    # Those that are kept come first, then as many others, which weigh nothing.
    order = np.argsort(~kept, axis=1, kind="stable")[:, :size]

    def taken(values: np.ndarray) -> np.ndarray:
        return np.take_along_axis(values, order.reshape(*order.shape, *[1] * (values.ndim - 2)), 1)

    return HiddenPairs(
        ends=jnp.asarray(taken(np.maximum(ends, 0)), jnp.int32),
        feature=jnp.asarray(taken(hidden.feature)),
        positive=jnp.asarray(taken(hidden.positive)),
        weight=jnp.asarray(taken(np.where(kept, hidden.weight, 0))),
    )
