"""Node places for a picture: friends near, enemies far, no two nodes on each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import sparse
from scipy.spatial import KDTree

from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.files import many
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.drawing.mesh_repulsion import Mesh
from forcelaw.signed.drawing.settings import LAYOUT_SETTINGS, LayoutSettings
from forcelaw.signed.network import SignedNetwork, check_network
from forcelaw.signed.settings import SignedSettings
from forcelaw.storage.settings import check_arguments


class Layout(NamedTuple):
    """Places inside the unit disc or ball, and how large the nodes can be drawn there."""

    position: Float[np.ndarray, "node dim"]
    """In the order of the network's names."""
    marker: float
    """A diameter: circles so large do not overlap."""

    def __repr__(self) -> str:
        nodes, dim = self.position.shape
        return f"Layout({many(nodes, 'node')} in {dim} dimensions, marker={self.marker:.3g})"


class LayoutQuality(NamedTuple):
    """How well a layout tells friends from enemies."""

    auc: float
    """Chance that a random pair of friends is nearer than a random pair of enemies, ties half."""
    friends_nearer: float
    """Share of pairs of friends that are nearer than the median pair of enemies."""
    smallest: float
    """The smallest distance of any two nodes."""


def layout(
    network: SignedNetwork,
    dim: int = 2,
    *,
    seed: int = 0,
    settings: LayoutSettings = LAYOUT_SETTINGS,
) -> Layout:
    """Places for a picture of a signed network.

    Friends attract like springs, enemies repel up to a distance, all nodes repel each other and
    are held by a bowl, which alone would fill the picture evenly; then what lies on each other
    moves apart. Nothing is learned: for positions by a learned law see `SpringEmbedding`. It
    takes a second for some thousand nodes and always gives the same.

    The start is spectral, after Kunegis et al., Spectral analysis of signed graphs for
    clustering, prediction and visualization, SDM 2010.

    **Arguments:** `network`, a directed one is taken as pairs; `dim` 2 or 3.

    **Raises** `InvalidSetting` for another `dim`, `NotEnoughData` for a network without nodes.
    """
    check_network("layout", network)
    check_arguments(SignedSettings, seed=seed)
    if dim not in (2, 3):
        raise InvalidSetting(f"dim: found {dim}, expected 2 or 3 for a layout; choose one of them")
    nodes = network.n_nodes
    if nodes == 0:
        raise NotEnoughData(f"{network.name}: found no nodes, expected some; check the file")
    pairs = network.pairs()
    random = np.random.default_rng(seed)
    position = _settle(pairs, _start(pairs, dim, random, settings), settings)
    filled = settings.filled_area if dim == 2 else settings.filled_volume
    wanted = min(settings.widest, 2 * (filled / nodes) ** (1 / dim))
    position = _apart(_centred(position), wanted, random, settings.rounds)
    size = float(np.linalg.norm(position, axis=1).max()) or 1.0
    position = position / size
    return Layout(position, min(wanted, _smallest(position)))


def layout_quality(
    network: SignedNetwork, position: Float[np.ndarray, "node dim"]
) -> LayoutQuality:
    """How well positions of any kind show who is friend and who is enemy.

    **Raises** `NotEnoughData` unless the network has edges of both signs.
    """
    check_network("layout_quality", network)
    pairs = network.pairs()
    friend = pairs.sign > 0
    if friend.all() or not friend.any():
        raise NotEnoughData(f"{network.name}: found one kind of edge, expected friends and enemies")
    apart = np.linalg.norm(position[pairs.source] - position[pairs.target], axis=1)
    nearer = float((apart[friend] < np.median(apart[~friend])).mean())
    return LayoutQuality(area_under_curve(friend, -apart), nearer, _smallest(position))


def _start(
    pairs: SignedNetwork, dim: int, random: np.random.Generator, settings: LayoutSettings
) -> Float[np.ndarray, "node dim"]:
    """Ranks along the first eigenvectors of the signed adjacency, hubs and leaves evened out."""
    nodes = pairs.n_nodes
    degree = pairs.degree
    scale = 1 / np.sqrt(degree + max(float(degree.mean()), 1.0))
    value = scale[pairs.source] * scale[pairs.target] * pairs.sign
    half = sparse.coo_array((value, (pairs.source, pairs.target)), shape=(nodes, nodes)).tocsr()
    vectors = random.normal(size=(nodes, min(dim, nodes)))
    for _ in range(settings.start_iterations):
        vectors, _ = np.linalg.qr(vectors + half @ vectors + half.T @ vectors)
    vectors = np.pad(vectors, ((0, 0), (0, dim - vectors.shape[1])))
    rank = vectors.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    # A little noise, so that nodes with the same neighbours do not start on a line.
    noise = 0.02 * random.normal(size=rank.shape)
    return 1.4 * (rank / max(nodes - 1, 1) - 0.5) + noise


def _settle(
    pairs: SignedNetwork, position: Float[np.ndarray, "node dim"], settings: LayoutSettings
) -> Float[np.ndarray, "node dim"]:
    """Positions after the descent; a node's mass is the stiffness of what holds it."""
    nodes, dim = position.shape
    mesh = Mesh.of(dim, settings)
    ends = pairs.edges.astype(np.int64)
    friend = pairs.sign > 0
    fewer = np.minimum(*pairs.degree[ends].T)
    strength = np.where(friend, settings.friend, settings.enemy) / fewer
    flow = sparse.coo_array(
        (
            np.repeat([-1.0, 1.0], len(ends)),
            (ends.T.ravel(), np.tile(np.arange(len(ends)), 2)),
        ),
        shape=(nodes, len(ends)),
    ).tocsr()
    mass = 2 + abs(flow) @ strength
    velocity = np.zeros_like(position)
    for _ in range(settings.steps):
        line = position[ends[:, 0]] - position[ends[:, 1]]
        length = np.linalg.norm(line, axis=1) + 1e-9
        push = np.maximum(settings.reach - length, 0) / length
        pull = strength * np.where(friend, 1.0, -push)
        force = mesh.repulsion(position) - position + flow @ (pull[:, None] * line)
        velocity = settings.momentum * velocity + settings.step_size * force / mass[:, None]
        position = position + velocity
    return position


def _centred(position: Float[np.ndarray, "node dim"]) -> Float[np.ndarray, "node dim"]:
    """Around the middle, the farthest node at distance one."""
    position = position - (position.max(axis=0) + position.min(axis=0)) / 2
    return position / (float(np.linalg.norm(position, axis=1).max()) or 1.0)


def _apart(
    position: Float[np.ndarray, "node dim"],
    wanted: float,
    random: np.random.Generator,
    rounds: int,
) -> Float[np.ndarray, "node dim"]:
    """Pairs nearer than `wanted` move apart until there is none, or the rounds are over."""
    nodes = len(position)
    position = position + 1e-6 * random.normal(size=position.shape)
    for _ in range(rounds):
        near = KDTree(position).query_pairs(wanted, output_type="ndarray")
        if not len(near):
            break
        line = position[near[:, 1]] - position[near[:, 0]]
        length = np.linalg.norm(line, axis=1, keepdims=True) + 1e-12
        # A little more than needed, or the last ones would take for ever.
        move = (1.02 * wanted / length - 1) / 2 * line
        position = position + np.stack(
            [
                np.bincount(near[:, 1], part, nodes) - np.bincount(near[:, 0], part, nodes)
                for part in move.T
            ],
            axis=1,
        )
    return position


def _smallest(position: Float[np.ndarray, "node dim"]) -> float:
    """The smallest distance of two nodes; infinite for one node."""
    if len(position) < 2:
        return float("inf")
    return float(KDTree(position).query(position, k=2)[0][:, 1].min())
