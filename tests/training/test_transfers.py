"""An epoch is one program on the device: nothing goes to the host and back on the way."""

import re

import equinox as eqx
import jax
import numpy as np
import pytest
from designs import springs

from forcelaw import signed
from forcelaw.particles.learning import fit
from forcelaw.signed.forces import PRESETS, Choices, make_views
from forcelaw.signed.forces.objective import Task, fold_batches, fold_loss, untrained_forces
from forcelaw.training import Stage, loop, train

EPOCHS = (Stage(3, steps=4, dt=0.06, damping=1.7, learning_rate=0.01),)


def particles(model):
    """As `particles discover` trains."""
    fit(springs(8), model=model, stages=EPOCHS, batch=8, hidden=(8, 8))


def network(preset):
    """As `signed fit` trains."""
    views = make_views(signed.synthetic(30, degree=6.0, seed=0), folds=2, seed=0)
    task = Task(views, Choices(dim=3, capacity=4, directed=False, start="camps"))
    forces = untrained_forces(views, PRESETS[preset], key=jax.random.key(0))
    train(forces, fold_loss, task, batches=fold_batches, stages=EPOCHS, key=jax.random.key(1))


TRAININGS = {
    "message network": lambda: particles("message"),
    "signed, spr-nn": lambda: network("spr-nn"),
    "pair network": lambda: particles("pair"),
    "signed, default": lambda: network("default"),
}
QUICK = ("message network", "signed, spr-nn")


@pytest.fixture(
    params=[
        pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in TRAININGS
    ]
)
def calls(request, monkeypatch):
    """The arguments of every epoch of a training, each run with all transfers forbidden."""
    seen, real = [], loop.run_epoch

    def guarded(*arguments, **functions):
        seen.append((arguments, functions))
        with jax.transfer_guard("disallow"):
            return real(*arguments, **functions)

    monkeypatch.setattr(loop, "run_epoch", guarded)
    TRAININGS[request.param]()
    return seen


def test_an_epoch_transfers_nothing(calls):
    assert len(calls) == EPOCHS[0].epochs
    for arguments, _ in calls:
        kinds = {type(leaf) for leaf in jax.tree.leaves(arguments) if eqx.is_array_like(leaf)}
        assert not kinds & {np.ndarray, np.generic}, "all of it is on the device"
    # The same epoch for a GPU: no call of the host, and no loops that are compiled for CPUs.
    arguments, functions = calls[0]
    arrays, rest = eqx.partition(arguments, eqx.is_array)

    def epoch(arrays):
        done = loop.run_epoch(*eqx.combine(arrays, rest), **functions)
        return eqx.filter(done, eqx.is_array)

    text = jax.jit(epoch).trace(arrays).lower(lowering_platforms=("cuda",)).as_text()
    targets = set(re.findall(r"custom_call @([\w.]+)", text))
    assert "stablehlo.while" in text
    assert not [name for name in targets if "callback" in name or "forcelaw" in name], targets
    assert "infeed" not in text and "outfeed" not in text


def test_the_guard_sees_transfers():
    double = jax.jit(lambda x: 2 * x)
    with jax.transfer_guard("disallow"), pytest.raises(Exception, match="host-to-device"):
        double(np.ones(3, np.float32))
