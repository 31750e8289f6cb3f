"""Rollouts of so many bodies that no table of their pairs is kept."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.device_arrays import to_device
from forcelaw.laws import Attributes, Law, State
from forcelaw.motion import accelerations, momentum, simulate
from forcelaw.particles.data import Trajectories
from forcelaw.particles.prediction.rollouts import Rollout
from forcelaw.particles.preparation import data_units, state_in_units


def predict_crowd(law: Law, data: Trajectories, *, steps: int, dt: float) -> Rollout:
    """Simulate a law of pairs from the first frames of trajectories, all bodies on all.

    Memory grows with the number of bodies. No energy is computed: its integral over all pairs would
    take as long as many steps.

    **Raises** `InputError` where the law is none of pairs, or motion becomes infinite.
    """
    units = data_units(data)
    own = law.rescaled(units)
    moved, pulled, lost = [], [], []
    for k in range(data.n_trajectories):
        attributes = Attributes(
            {
                name: to_device(value[k] / units.attribute(name))
                for name, value in data.attributes.items()
            }
        )
        start = State(
            to_device(data.position[k, 0] / units.length),
            to_device(data.velocity[k, 0] / units.speed),
        )
        frames = simulate(own, start, attributes, steps=steps, dt=to_device(dt / units.time))
        each = [jax.tree.map(lambda part, f=f: part[f], frames) for f in range(steps + 1)]
        pulled.append(np.stack([np.asarray(accelerations(own, s, attributes)) for s in each]))
        impulse = np.stack([np.asarray(momentum(s, attributes)) for s in each])
        mass = np.asarray(attributes.node.get("mass", np.ones(data.n_bodies)))
        sizes = np.linalg.norm(np.asarray(frames.velocity), axis=-1) @ mass
        change = np.linalg.norm(impulse - impulse[:1], axis=-1)
        lost.append(change / max(float(sizes.max()), float(np.finfo(change.dtype).tiny)))
        moved.append(frames)
    state: State = jax.tree.map(lambda *parts: jnp.stack(parts), *moved)
    return Rollout(
        state if units.same else state_in_units(state, units.inverse),
        np.arange(steps + 1) * dt,
        jnp.asarray(np.stack(pulled) * units.acceleration),
        None,
        np.stack(lost),
    )
