"""Trajectories of a known law, exact to many digits."""

from __future__ import annotations

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.errors import InvalidSetting, check_type
from forcelaw.files import many
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Expression, Formula, State, short_name
from forcelaw.motion import adaptive_rollout, kinetic_energy, potential_energy
from forcelaw.particles.data import Trajectories
from forcelaw.particles.settings import SIMULATION, ParticlesSettings, SimulationSettings
from forcelaw.particles.systems.built_in import BuiltInLaw
from forcelaw.particles.systems.built_in import law as built_in
from forcelaw.storage.settings import check_arguments

_MOST_STEPS = 20
"""Steps of integration for each frame, on average, before a trajectory is drawn again."""
_LEAST_STEPS = 10_000
"""The same of all frames together, however few they are."""
_DRIFT = 1e-6
"""Relative error of the energy above which a trajectory is drawn again."""
_ROUNDS = 20
"""Draws of a trajectory in place of one that collides."""
_BLOCK = 16
"""Trajectories that are simulated at a time: one compiled shape for any number."""


def simulate(
    law: str | Formula,
    *,
    bodies: int = SIMULATION.bodies,
    dim: int = SIMULATION.dim,
    trajectories: int = SIMULATION.trajectories,
    steps: int = SIMULATION.steps,
    dt: float | None = SIMULATION.dt,
    seed: int = 0,
    noise: float = SIMULATION.noise,
    softening: float = SIMULATION.softening,
) -> Trajectories:
    """Trajectories of a built-in law or of a formula: `steps + 1` frames, the start included.

    Positions and velocities start from N(0, 1), masses from the lognormal distribution of N(0, 1),
    charges from {-1, +1} where the law reads them. A string starts stretched along x, with masses
    one. Trajectory `k` of a seed is the same however many there are.

    Integration is adaptive, in double precision, of order 8, with exact velocities and
    accelerations. Singular laws are simulated as written. Where two bodies attract each other
    without bound they may come so close that no double precision integration is accurate: if the
    energy is off by more than 1e-6 of its initial scale (kinetic energy plus the size of the
    potential energy), or the steps become too small or too many, that trajectory starts again
    from the next draw. `counts["redrawn"]` and a note say how often.

    **Arguments:** `dt` between frames (the law's usual one by default); `noise` the standard
    deviation of Gaussian noise relative to the root mean square of each trajectory's positions
    (about their mean), velocities and accelerations; `softening` replaces the distance `r` by
    `r + softening` in singular laws (the literature takes 0.01).

    **Raises** `InvalidSetting` for an unknown law, for sizes that make no sense, and where every
    start that is drawn ends in a collision.
    """
    check_type(
        "simulate", law, str, Formula, then="name a law of fl.particles.LAWS, or Formula.parse(...)"
    )
    known = built_in(law) if isinstance(law, str) else None
    sizes = {"bodies": bodies, "dim": dim, "trajectories": trajectories, "steps": steps}
    check_arguments(SimulationSettings, **sizes, dt=dt, noise=noise, softening=softening)
    check_arguments(ParticlesSettings, seed=seed)
    if known is not None and known.chain and dim < 2:
        raise InvalidSetting(
            f"dim: found {dim}, expected 2 or 3 for {known.name!r}: it falls along y"
        )
    with jax.enable_x64():
        formula = known.formula(dim=dim, softening=softening) if known else law
    assert isinstance(formula, Formula)
    dt = (known.dt if known else 0.01) if dt is None else dt
    names = known.attributes if known else _read_by(formula)
    edges = known.edges(bodies) if known else None
    graph = Graph.complete_graph(bodies) if edges is None else Graph.from_edges(edges, nodes=bodies)
    times = np.arange(steps + 1) * dt
    chain = known is not None and known.chain

    position = np.empty((trajectories, steps + 1, bodies, dim))
    velocity = np.empty_like(position)
    attributes = {name: np.empty((trajectories, bodies)) for name in names}
    energy = energy_function(known, formula, softening)
    pending, redrawn = np.arange(trajectories), 0
    for attempt in range(_ROUNDS):
        drawn = [_draw(seed, int(k), attempt, bodies, dim, chain) for k in pending]
        start = {name: np.stack([one[name] for one in drawn]) for name in drawn[0]}
        own = {name: start[name] for name in names}
        motion = adaptive_rollout(
            formula,
            graph,
            start["position"],
            start["velocity"],
            own,
            times=times,
            tolerance=known.tolerance if known else 1e-13,
            most_steps=max(_LEAST_STEPS, _MOST_STEPS * steps),
        )
        good = motion.finished.copy()
        if energy is not None:
            # Not `>`: frames that were never reached give NaN.
            drift = in_blocks(energy_drift, energy, graph, motion.position, motion.velocity, own)
            good &= drift <= _DRIFT
        rows = pending[good]
        position[rows], velocity[rows] = motion.position[good], motion.velocity[good]
        for name, value in own.items():
            attributes[name][rows] = value[good]
        pending = pending[~good]
        redrawn += len(pending)
        if not len(pending):
            break
    else:
        raise InvalidSetting(
            f"simulate: {len(pending)} of {trajectories} trajectories found no start without a "
            f"collision in {_ROUNDS} draws, expected some; take fewer steps, a smaller dt, or "
            "softening=0.01"
        )
    acceleration = in_blocks(_accelerations, formula, graph, position, velocity, attributes)
    notes = []
    if redrawn:
        notes.append(
            "drawn again, since double precision cannot follow a collision: "
            f"{many(redrawn, 'start')}"
        )
    name = known.name if known else formula.text()
    data = Trajectories(
        position=position,
        velocity=velocity,
        acceleration=acceleration,
        time=times,
        attributes=attributes,
        edges=edges,
        name=name,
        law=known.name if known else None,
        notes=tuple(notes),
        counts={"redrawn": redrawn},
    )
    return _noisy(data, noise, seed) if noise else data


def _draw(
    seed: int, trajectory: int, attempt: int, bodies: int, dim: int, chain: bool
) -> dict[str, np.ndarray]:
    """The start of one trajectory."""
    generator = np.random.default_rng([seed, trajectory, attempt])
    position = generator.normal(size=(bodies, dim))
    velocity = generator.normal(size=(bodies, dim))
    mass = np.exp(generator.normal(size=bodies))
    charge = generator.choice([-1.0, 1.0], size=bodies)
    if chain:
        position[:, 0] = np.arange(bodies) + 0.5 * position[:, 0]
        velocity[:, 0] = 0
        mass[:] = 1
    return {"position": position, "velocity": velocity, "mass": mass, "charge": charge}


def _read_by(formula: Formula) -> tuple[str, ...]:
    """The attributes a formula is simulated with: always masses, and charges if it reads them."""
    read = {name.rpartition("_")[0] or name for name in formula.pair.variables}
    read |= {name for part in formula.one_body for name in part.variables}
    return ("mass", "charge") if read & {"charge", short_name("charge")} else ("mass",)


class _Energy(eqx.Module):
    """Kinetic and potential energy of a state under a built-in law or a formula."""

    pair: Expression | None
    one_body: Expression | None
    formula: Formula

    def __call__(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, " 2"]:
        if self.pair is None:
            potential = self.formula.potential_energy(graph, state, attributes)
        else:
            potential = potential_energy(graph, state, attributes, self._between)
        if self.one_body is not None:
            x, y = state.position[:, 0], state.position[:, 1]
            potential = potential + jnp.sum(
                self.one_body({"x": x, "y": y, "m": attributes.node["mass"]})
            )
        return jnp.stack([kinetic_energy(state, attributes), potential])

    def _between(self, r, receiver, sender):
        assert self.pair is not None
        known = {"r": r} | {f"{short_name(name)}_i": value for name, value in receiver.items()}
        return self.pair(known | {f"{short_name(name)}_j": v for name, v in sender.items()})


def energy_function(known: BuiltInLaw | None, formula: Formula, softening: float) -> _Energy | None:
    """What should be conserved, or None where there is drag or an unknown potential."""
    if known is None:
        return None if formula.one_body else _Energy(None, None, formula)
    if not known.conservative:
        return None
    with jax.enable_x64():
        return _Energy(*known.energies(softening=softening), formula)


@eqx.filter_jit
def energy_drift(function, graph, state, attributes):
    """The largest error of the energy in each trajectory, relative to its initial scale."""

    def of_one(state: State, own: Attributes) -> Float[Array, ""]:
        kinetic, potential = jax.vmap(function, in_axes=(None, 0, None))(graph, state, own).T
        total = kinetic + potential
        return jnp.max(jnp.abs(total - total[0])) / (kinetic[0] + jnp.abs(potential[0]))

    return jax.vmap(of_one)(state, attributes)


@eqx.filter_jit
def _accelerations(function, graph, state, attributes):
    """The law at every frame."""
    over_frames = jax.vmap(function, in_axes=(None, 0, None))
    return jax.vmap(over_frames, in_axes=(None, 0, 0))(graph, state, attributes)


def in_blocks(compiled, function, graph, position, velocity, attributes) -> np.ndarray:
    """A compiled function of trajectories in double precision, a block at a time.

    Blocks of one size: one compilation, and little memory.
    """
    count, parts = len(position), []
    with jax.enable_x64():
        for first in range(0, count, _BLOCK):
            rows = np.minimum(np.arange(first, first + _BLOCK), count - 1)
            state = State(to_device(position[rows]), to_device(velocity[rows]))
            own = Attributes({name: to_device(v[rows]) for name, v in attributes.items()})
            parts.append(np.asarray(compiled(function, graph, state, own))[: count - first])
    return np.concatenate(parts)


def _noisy(data: Trajectories, noise: float, seed: int) -> Trajectories:
    generator = np.random.default_rng([seed, 1 << 32])

    def disturbed(array: np.ndarray, centre: np.ndarray | float = 0.0) -> np.ndarray:
        size = np.sqrt(np.mean((array - centre) ** 2, axis=(1, 2, 3), keepdims=True))
        return array + noise * size * generator.normal(size=array.shape)

    assert data.acceleration is not None
    return replace(
        data,
        position=disturbed(data.position, data.position.mean(axis=(1, 2), keepdims=True)),
        velocity=disturbed(data.velocity),
        acceleration=disturbed(data.acceleration),
        notes=(*data.notes, f"Gaussian noise of {noise:g} of the root mean square added"),
    )
