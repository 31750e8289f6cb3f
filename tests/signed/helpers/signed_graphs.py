"""Random signed networks for property tests."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from forcelaw.signed.io import DATASETS, data_folders
from forcelaw.signed.network import SignedNetwork


@st.composite
def networks(draw, directed: bool | None = None, times: bool = False, max_nodes: int = 9):
    """A small network with edges of both signs."""
    n = draw(st.integers(4, max_nodes))
    is_directed = draw(st.booleans()) if directed is None else directed
    seed = draw(st.integers(0, 2**32 - 1))
    density = draw(st.sampled_from([0.3, 0.6, 0.95]))
    random = np.random.default_rng(seed)
    source, target = np.nonzero((random.random((n, n)) < density) & ~np.eye(n, dtype=bool))
    # A cycle keeps every example connected.
    ring = np.arange(n)
    source, target = np.append(source, ring), np.append(target, (ring + 1) % n)
    rating = random.choice([-3.0, -1.0, 1.0, 2.0], len(source))
    rating[-4:] = [1.0, -1.0, 1.0, -1.0]
    network = SignedNetwork.from_edges(
        [f"n{i}" for i in source],
        [f"n{i}" for i in target],
        rating,
        random.integers(0, 50, len(source)).astype(float) if times else None,
        directed=is_directed,
    )
    # Without directions, opposite ratings become one edge: few edges may end with one sign.
    assume(len(set(network.sign.tolist())) == 2)
    return network


def dataset_file(name: str) -> Path:
    """The local file of a public dataset; skips the test where there is none."""
    for folder in data_folders():
        file = folder / DATASETS[name].file
        if file.exists():
            return file
    pytest.skip(
        f"{name} is not here: no {DATASETS[name].file} in "
        f"FORCELAW_DATA={os.environ.get('FORCELAW_DATA', '')!r} or the user's cache"
    )
