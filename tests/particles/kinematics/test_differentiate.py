import numpy as np

from forcelaw.particles import Trajectories
from forcelaw.particles.kinematics import estimate_missing
from forcelaw.particles.learning.batches import Frames

TIME = np.linspace(0, 1, 101)


def kicked():
    """One trajectory that moves slowly and one whose bodies turn within a frame at half time."""
    slow = np.sin(2 * TIME)[:, None] + np.array([0.0, 3.0])
    quick = slow + 0.1 * np.tanh((TIME - 0.5) / 0.004)[:, None] * np.array([1.0, -1.0])
    return np.stack([slow, quick])[..., None]


def test_snapshots_too_quick_for_the_time_step_are_not_reliable():
    found = estimate_missing(kicked(), None, None, TIME)
    assert found.reliable is not None and found.reliable[0].all()
    lost = np.flatnonzero(~found.reliable[1])
    assert {48, 49, 50, 51, 52} <= set(lost) and lost.min() > 44 and lost.max() < 56
    assert "too quick for the time step" in found.notes[0]
    assert estimate_missing(kicked()[:1], None, None, TIME).reliable is None


def test_unreliable_instants_are_no_examples():
    found = estimate_missing(kicked(), None, None, TIME)
    data = Trajectories(
        found.position,
        found.velocity,
        TIME,
        acceleration=found.acceleration,
        ends=(3, 3),
        reliable=found.reliable,
    )
    frames = Frames.of(data)
    assert data.reliable is not None
    assert frames.rows == data.reliable[:, 3:-3].sum() == len(data.samples().position)
    everything = frames.spread(frames.rows)
    np.testing.assert_allclose(everything.state.position, data.samples().position, rtol=1e-6)
