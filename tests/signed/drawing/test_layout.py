"""Layouts for a picture: friends near, enemies far, nobody on anybody else."""

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed.drawing.mesh_repulsion import Mesh


@pytest.mark.parametrize("dim", [2, 3])
def test_friends_are_near_enemies_far_and_no_two_nodes_overlap(dim):
    network = signed.synthetic(200, factions=3, noise=0.0, seed=1)
    found = signed.layout(network, dim)
    quality = signed.layout_quality(network, found.position)
    assert quality.auc > 0.99
    assert quality.friends_nearer > 0.99
    assert quality.smallest >= found.marker > 0.04
    distance = np.linalg.norm(found.position, axis=1)
    assert distance.max() == pytest.approx(1.0)
    # Well filled: neither a heap in the middle nor a ring.
    assert 0.3 < np.median(distance) < 0.9


def test_the_three_factions_of_a_layout_are_apart():
    network = signed.synthetic(90, factions=3, noise=0.0, seed=2)
    position = signed.layout(network).position
    friend = network.sign > 0
    apart = np.linalg.norm(position[network.source] - position[network.target], axis=1)
    assert apart[friend].max() < np.median(apart[~friend])


@pytest.mark.parametrize(
    ("nodes", "rows"),
    [
        (1, []),
        (3, []),
        (2, [(0, 1, 1.0)]),
        (400, [(0, i, 1.0) for i in range(1, 399)] + [(399, 1, -1.0)]),
    ],
)
def test_odd_networks_are_laid_out(nodes, rows):
    source, target, sign = zip(*rows, strict=True) if rows else ((), (), ())
    network = signed.SignedNetwork.from_edges(
        map(str, source), map(str, target), sign, nodes=map(str, range(nodes))
    )
    found = signed.layout(network)
    assert found.position.shape == (nodes, 2)
    assert np.isfinite(found.position).all()
    near = np.linalg.norm(found.position[:, None] - found.position, axis=2) + 9 * np.eye(nodes)
    assert near.min() >= found.marker > 0
    again = signed.layout(network)
    assert np.array_equal(found.position, again.position)


def test_wrong_layouts_are_refused():
    network = signed.synthetic(20)
    with pytest.raises(InputError, match="found 4, expected 2 or 3"):
        signed.layout(network, 4)
    friends = network.subset(network.sign > 0)
    with pytest.raises(InputError, match="one kind of edge"):
        signed.layout_quality(friends, signed.layout(friends).position)


@pytest.mark.parametrize("dim", [2, 3])
def test_the_mesh_gives_coulombs_force_between_far_charges(dim):
    random = np.random.default_rng(0)
    clusters = np.zeros((2, dim))
    clusters[:, 0] = (-1.0, 1.0)
    position = np.repeat(clusters, 20, axis=0) + 0.01 * random.normal(size=(40, dim))
    force = Mesh.of(dim).repulsion(position)
    # Half of the charge is two away; what is in the own cluster cancels in its mean.
    expected = 0.5 / 2 ** (dim - 1)
    assert force[20:, 0].mean() == pytest.approx(expected, rel=0.05)
    assert force.sum(axis=0) == pytest.approx(np.zeros(dim), abs=1e-8)


def test_the_top_degree_nodes_keep_their_pairs():
    network = signed.synthetic(60, seed=3)
    part = signed.top_degree_subgraph(network, 10)
    assert part.n_nodes == 10
    assert set(part.names) <= set(network.names)
    least = min(network.degree[network.index(part.names)])
    assert (np.delete(network.degree, network.index(part.names)) <= least).all()
    sign = dict(zip(map(tuple, network.edges.tolist()), network.sign.tolist(), strict=True))
    where = network.index(part.names)
    for (u, v), found in zip(part.edges.tolist(), part.sign.tolist(), strict=True):
        assert sign[tuple(sorted((int(where[u]), int(where[v]))))] == found
