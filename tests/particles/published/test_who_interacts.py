"""The published task of who interacts is made as published, and solved."""

import numpy as np
import pytest

from forcelaw.particles.published import interacting_bodies, run_who_interacts


@pytest.mark.parametrize("system", ["springs", "charged"])
def test_bodies_stay_in_the_box_and_move_as_published(system):
    made = interacting_bodies(system, bodies=5, trajectories=4, seed=1)
    part = made.recordings.parts[0]
    assert part.position.shape == (49, 5, 2) and part.velocity is not None
    np.testing.assert_allclose(np.diff(part.time), 0.1)
    assert np.abs(part.position).max() <= 5
    np.testing.assert_array_equal(made.couplings, made.couplings.transpose(0, 2, 1))
    assert not made.couplings[:, range(5), range(5)].any()


def test_free_bodies_go_on_as_they_are():
    made = interacting_bodies("springs", bodies=3, trajectories=200, seed=0)
    alone = next(
        (k, b) for k, table in enumerate(made.couplings) for b in range(3) if not table[b].any()
    )
    part = made.recordings.parts[alone[0]]
    assert part.velocity is not None
    speed = np.linalg.norm(part.velocity[:, alone[1]], axis=-1)
    np.testing.assert_allclose(speed, 0.5, rtol=1e-12)


@pytest.mark.slow
def test_springs_and_charges_are_told_from_few_trajectories():
    rows = list(run_who_interacts(sizes=(5,), trajectories=24, seed=3))
    assert [(row.system, row.velocities) for row in rows] == [
        ("springs", True),
        ("springs", False),
        ("charged", True),
        ("charged", False),
    ]
    for row in rows:
        assert row.accuracy > (0.999 if row.system == "springs" else 0.95)
        assert row.to_json()["published"]["NRI"] in (0.999, 0.821)
