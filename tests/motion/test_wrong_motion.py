"""What `simulate` says of arguments of the wrong kind, where no types are checked."""

import subprocess
import sys

WRONG = """
import jax.numpy as jnp, forcelaw as fl
state = fl.State(jnp.zeros((3, 2)), jnp.zeros((3, 2)))
for given in ({"reach": 0.5}, {"reach": fl.motion.Cutoff}, {"space": [4.0, 4.0]}):
    try:
        fl.motion.simulate(fl.Formula.parse("r"), state, steps=1, dt=0.1, **given)
    except fl.InvalidSetting as error:
        print(error)
"""


def test_what_is_no_reach_or_space_is_said_without_checked_types():
    found = subprocess.run(
        [sys.executable, "-c", WRONG], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert found[0] == "reach: found 0.5, expected AllPairs() or a cutoff such as Cutoff(2.5)"
    assert found[1].startswith("reach: found <class")
    assert found[2].startswith("space: found [4.0, 4.0], expected OpenSpace() or a box")
