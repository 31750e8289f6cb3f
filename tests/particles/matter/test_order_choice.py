"""Which order the law has is told from the motion, whatever spoils single snapshots."""

import numpy as np

from forcelaw.particles import Trajectories
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.order_choice import choose_order


def test_a_few_quick_encounters_do_not_hide_first_order():
    """Bodies that start next to each other fly apart faster than snapshots follow."""
    chance = np.random.default_rng(0)
    x, frames = chance.uniform(-2, 2, (10, 8, 2)), []
    for step in range(1000):
        if step % 20 == 0:
            frames.append(x)
        line = x[:, None] - x[:, :, None]
        r = np.linalg.norm(line, axis=-1, keepdims=True) + 1e9 * np.eye(8)[..., None]
        x = x + 0.002 * (-(line / r**3).sum(axis=2) - 0.3 * x)
    data = Trajectories(np.stack(frames, axis=1), time=0.04 * np.arange(50)).recordings
    assert choose_order(data, find_candidates(data)).order.number == 1
