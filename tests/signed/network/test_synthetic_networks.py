"""The synthetic network: balanced without noise, hubs on demand, the same for the same seed."""

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError


def test_two_factions_without_noise_are_balanced():
    network = signed.synthetic(60, degree=10.0, noise=0.0, seed=1)
    adjacency = np.zeros((60, 60))
    adjacency[network.source, network.target] = network.sign
    adjacency += adjacency.T
    assert (np.trace(adjacency @ adjacency @ adjacency) > 0) and network.n_edges == 300
    triangles = np.einsum("ij,jk,ki->ijk", adjacency, adjacency, adjacency)
    assert (triangles >= 0).all()


def test_noise_flips_its_share_of_signs():
    clean = signed.synthetic(400, noise=0.0, seed=2)
    noisy = signed.synthetic(400, noise=0.1, seed=2)
    np.testing.assert_array_equal(clean.edges, noisy.edges)
    assert abs((clean.sign != noisy.sign).mean() - 0.1) < 0.02


def test_hubs():
    flat = signed.synthetic(400, hubs=0.0, seed=3).degree
    steep = signed.synthetic(400, hubs=1.0, seed=3).degree
    assert flat.max() < 40 < steep.max()


def test_seed_decides():
    first, again, other = (signed.synthetic(50, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.edges, again.edges)
    np.testing.assert_array_equal(first.sign, again.sign)
    assert not np.array_equal(first.edges, other.edges)


@pytest.mark.parametrize("wrong", [{"nodes": 1}, {"degree": 0.0}, {"noise": 1.5}, {"hubs": -1.0}])
def test_impossible_networks_are_refused(wrong):
    with pytest.raises(InputError, match="expected at least 2 nodes"):
        signed.synthetic(**wrong)
