"""Training the forces through the simulation."""

import jax
import jax.numpy as jnp
import pytest

from forcelaw import signed
from forcelaw.signed.forces import PRESETS, Choices, make_views
from forcelaw.signed.forces.objective import Task, fold_batches, fold_loss, untrained_forces
from forcelaw.training import Stage, cosine, train


@pytest.mark.parametrize("preset", ["spr", "spr-nn"])
def test_a_schedule_of_simulations_compiles_once(preset):
    """Step size, damping, learning rate and the number of steps are values, not programs."""
    traces = 0

    def counted(forces, task, fold, stage, key):
        nonlocal traces
        traces += 1
        return fold_loss(forces, task, fold, stage, key)

    views = make_views(signed.synthetic(30, degree=6.0, seed=0), folds=2, seed=0)
    task = Task(views, Choices(dim=3, capacity=12, directed=False, start="camps"))
    stages = [
        Stage(epochs=2, steps=12, dt=0.01, damping=1.0, learning_rate=0.1),
        Stage(epochs=1, steps=5, dt=0.02, damping=0.5, learning_rate=0.03),
        Stage(epochs=3, steps=7, dt=0.005, damping=2.0, learning_rate=0.01),
    ]
    forces = untrained_forces(views, PRESETS[preset], key=jax.random.key(0))
    rest = {"batches": fold_batches, "schedule": cosine, "key": jax.random.key(1)}
    train(forces, counted, task, stages=stages[:1], **rest)
    once, traces = traces, 0
    trained = train(forces, counted, task, stages=stages, **rest)
    assert once > 0
    assert traces == 0
    assert [entry.stage for entry in trained.history] == [0, 0, 1, 2, 2, 2]
    assert all(jnp.isfinite(entry.metrics["loss"]) for entry in trained.history)
