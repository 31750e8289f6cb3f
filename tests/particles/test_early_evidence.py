"""What trajectories show at a glance decides which way to their law is tried first."""

import pytest
from matter_laws import alone, law, pair, recorded

from forcelaw.particles import Trajectories
from forcelaw.particles.early_evidence import asks_for_more

TRAP = (alone("place", -1.0), alone("place", -1.0, axis=1))


def seen(known):
    """One trajectory of positions alone."""
    (part,) = recorded(known, recordings=1, steps=300, dt=0.05, bodies=5).parts
    return Trajectories(part.position[None], time=part.time)


@pytest.mark.parametrize(("swirl", "more"), [(0.1, True), (0.0, False)])
def test_traces_of_forces_across_the_line_are_asked_for(swirl, more):
    """Forces across the line that make a hundredth of accelerations are no misfit of others."""
    across = (pair(f"{swirl}*exp(-r)", key="transverse"),) if swirl else (pair("0.1*exp(-r)"),)
    assert asks_for_more(seen(law(*across, one_body=TRAP)), seed=0) == more
