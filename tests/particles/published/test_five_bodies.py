"""Five bodies move as published, and their law is found from states 1,000 steps apart."""

import numpy as np
import pytest

from forcelaw.errors import InvalidSetting
from forcelaw.particles.published import as_pairs, run_five_bodies, run_task, simulate_five_bodies


@pytest.mark.parametrize("system", ["charged", "gravity"])
def test_momentum_is_kept_and_seeds_differ(system):
    made = simulate_five_bodies(system, motions=6, seed=1)
    assert made.position.shape == (6, 5, 3) and made.ends.shape == (3, 6, 5, 3)
    pairs = [as_pairs(made, horizon) for horizon in range(3)]
    for one in pairs:
        drift = (one.end - one.position).mean(axis=1)
        expected = one.velocity.mean(axis=1) * one.stretch[:, None]
        if system == "gravity":
            np.testing.assert_allclose(drift, 0, atol=1e-9)
        np.testing.assert_allclose(drift, expected, atol=0.2)
    assert [round(float(one.stretch[0]), 6) for one in pairs] == [1, 1.5, 2]
    assert not np.allclose(made.position, simulate_five_bodies(system, motions=6, seed=2).position)


def test_a_task_of_five_bodies_has_five():
    with pytest.raises(Exception, match="it has five"):
        list(run_task("gravity", sizes=[3]))


@pytest.mark.slow
@pytest.mark.parametrize(("system", "tenth"), [("charged", 4.33e-4), ("gravity", 3.38e-4)])
def test_the_found_law_leads_to_a_tenth_of_the_published_error(system, tenth):
    found = run_five_bodies(system, motions=900, tests=300, seed=3)
    assert found.rows[0].mean < tenth, found
    assert found.rows[0].median < 1e-12


def test_a_network_is_of_five_bodies():
    with pytest.raises(InvalidSetting, match="found it for nri"):
        list(run_task("nri", network=True))


@pytest.mark.slow
@pytest.mark.parametrize(("system", "published"), [("charged", 4.33e-3), ("gravity", 3.38e-3)])
def test_a_network_without_a_formula_is_below_the_published_error(system, published):
    found = run_five_bodies(system, network=True, motions=900, tests=300, seed=3)
    assert found.rows[0].mean < published, found
