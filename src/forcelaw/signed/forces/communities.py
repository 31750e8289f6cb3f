"""Factions: where the leading eigenvectors of the visible signs put each node before forces act.

Forces between nodes that start anywhere at all first have to make the factions of a network out of
chance. In the time of a simulation they do so in few networks, and where they do not, hidden
signs teach the forces nothing. So a simulation starts from what all visible edges together tell:
the eigenvectors of the largest eigenvalues of the signed adjacency matrix, in which friends lie
near and enemies far (Kunegis et al., Spectral analysis of signed graphs for clustering,
prediction and visualization, SDM 2010).
"""

from __future__ import annotations

from functools import partial

import numpy as np
from jaxtyping import Float
from scipy import sparse

from forcelaw.signed.features.spectral import start
from forcelaw.signed.forces.settings import COMMUNITY_SETTINGS, CommunitySettings
from forcelaw.signed.network import SignedNetwork


def community_positions(
    network: SignedNetwork, settings: CommunitySettings = COMMUNITY_SETTINGS
) -> Float[np.ndarray, "node direction"]:
    """Coordinates around zero of mean square length 1, or all zero where no edge tells anything.

    Each connected component has its own: the eigenvectors of all together would show the factions
    of the largest alone. Each direction counts by how far its eigenvalue lies above the first one
    left out, so that two factions have about one direction, five about four. Rows are divided by
    the degree plus its mean: hubs do not lie farther out, and nodes of few edges lie nearer to the
    middle. Directions of the edges do not count.
    """
    pairs = network.pairs()
    nodes, degree = pairs.n_nodes, pairs.degree.astype(np.float64)
    scale = 1 / np.sqrt(degree + max(float(degree.mean()), 1e-9))
    ends = pairs.edges
    value = pairs.sign * scale[ends].prod(axis=1)
    half = sparse.csr_array((value, (ends[:, 0], ends[:, 1])), (nodes, nodes))
    matrix = sparse.csr_array(half + half.T)
    count, component = sparse.csgraph.connected_components(matrix, directed=False)
    if count == 1:
        return _of_component(matrix, scale, settings)
    found = np.zeros((nodes, settings.directions))
    order = np.argsort(component, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(component, minlength=count))[:-1]):
        if len(rows) >= settings.fewest_nodes:
            part = sparse.csr_array(matrix[rows][:, rows])
            found[rows] = _of_component(part, scale[rows], settings)
    return found


def _of_component(
    matrix: sparse.csr_array, scale: Float[np.ndarray, " node"], settings: CommunitySettings
) -> Float[np.ndarray, "node direction"]:
    """The coordinates of the nodes of one connected component."""
    nodes = len(scale)
    size, vector = _largest(matrix, min(settings.directions + 1, nodes), settings)
    weight = np.maximum(size[:-1] - max(float(size[-1]), 0.0), 0.0)
    position = scale[:, None] * vector[:, :-1] * weight
    position -= position.mean(axis=0)
    length = np.sqrt((position**2).sum(axis=1).mean())
    found = np.zeros((nodes, settings.directions))
    if length > 1e-9:
        found[:, : position.shape[1]] = position / length
    return found


def _largest(
    matrix: sparse.csr_array, count: int, settings: CommunitySettings
) -> tuple[Float[np.ndarray, " rank"], Float[np.ndarray, "node rank"]]:
    """The largest eigenvalues of a symmetric matrix, falling, and their eigenvectors."""
    nodes = len(matrix.indptr) - 1
    if nodes <= settings.dense:
        size, vector = np.linalg.eigh(matrix.toarray())
    else:
        first = start(matrix, 1)[:, 0]
        tolerance = settings.tolerance
        solve = partial(sparse.linalg.eigsh, matrix, count, which="LA", v0=first, tol=tolerance)
        try:
            size, vector = solve()
        except sparse.linalg.ArpackError:
            # Many eigenvalues alike: a larger space tells them apart.
            size, vector = solve(ncv=min(nodes - 1, settings.vectors * count))
    order = np.argsort(-size, kind="stable")[:count]
    return size[order], vector[:, order]
