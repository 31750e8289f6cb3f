"""The motion under a found law, with its chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.kernels import fill_motion
from forcelaw.particles.matter.force_law import ForceLaw
from forcelaw.particles.matter.rollouts.forces import Forces
from forcelaw.particles.matter.rollouts.kept_frames import check_steps, keep_frames
from forcelaw.particles.matter.rollouts.starts import (
    Start,
    check_headings,
    check_kinds,
    first_snapshot,
    list_starts,
)
from forcelaw.particles.matter.rollouts.steppers import State, accelerate, choose_stepper
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments


@dataclass(frozen=True, eq=False, repr=False)
class MatterRollout:
    """The motion of recorded bodies under a law, and what it conserved."""

    recordings: Recordings
    energy: tuple[Float[np.ndarray, " frame"] | None, ...]
    """Of each recording: change of the total energy relative to that of motion at the start plus
    the size of the potential one. None of laws that know no energy, or lose it."""
    momentum: tuple[Float[np.ndarray, " frame"] | None, ...]
    """Of each recording: length of the change of total momentum, relative to the largest sum of
    momenta's lengths. None where something acts on bodies alone, by chance, or in first order."""

    @property
    def energy_drift(self) -> float | None:
        """The largest change of energy; the median over recordings."""
        return _largest(self.energy)

    @property
    def momentum_drift(self) -> float | None:
        """The largest change of momentum; the median over recordings."""
        return _largest(self.momentum)

    def __repr__(self) -> str:
        return f"MatterRollout({self.recordings.summary()})"


def simulate_law(
    law: ForceLaw,
    start: Recording | Recordings | Initial | Start | tuple[Start, ...],
    *,
    steps: int,
    dt: float,
    every: int = 1,
    seed: int = 0,
) -> MatterRollout:
    """Moves bodies by a law from the start of each recording, in the box of that start.

    Without chance by velocity Verlet, and by the classical Runge-Kutta method in first order and
    where forces read velocities. With it by Euler and Maruyama's method in first order, and in
    second order by BAOAB (Leimkuhler & Matthews, Appl. Math. Res. Express 2013, 34), whose friction
    is exact, between half steps of headings. Forces end at the distances up to which they were
    found.

    **Arguments:** `start` recordings, from whose first snapshots bodies move, or `data.initial` of
    trajectories; `every` keeps one frame of so many steps; `seed` of chance.

    **Raises** `InvalidSetting` for steps that are not positive, `InputError` for other kinds, and
    for bodies without headings where the law reads them.
    """
    check_arguments(ParticlesSettings, seed=seed)
    check_steps(steps, dt, every)
    starts = start if isinstance(start, tuple) else list_starts(start, law.order)
    chance = np.random.default_rng(seed)
    moved = [_move(law, one, steps, dt, every, chance) for one in starts]
    parts, energy, momentum = zip(*moved, strict=True)
    return MatterRollout(Recordings(tuple(parts), "rollout"), tuple(energy), tuple(momentum))


def conserved_along(
    law: ForceLaw, part: Recording, frames: Int[np.ndarray, " frame"]
) -> tuple[Float[np.ndarray, " frame"] | None, Float[np.ndarray, " frame"] | None]:
    """Changes of energy and momentum of recorded motion, as those of a `MatterRollout`.

    None of both where bodies are missing in some of these snapshots.
    """
    _, bodies = first_snapshot(part, law.order)
    if not part.present[np.ix_(frames, bodies)].all():
        return None, None
    forces = Forces(law, Start.of(part, law.order))
    position = part.position[np.ix_(frames, bodies)]
    velocity = fill_motion(part).velocity[np.ix_(frames, bodies)]
    return _energy_change(forces, position, velocity), _momentum_change(forces, velocity)


def _move(
    law: ForceLaw, start: Start, steps: int, dt: float, every: int, chance: np.random.Generator
) -> tuple[Recording, np.ndarray | None, np.ndarray | None]:
    check_kinds(start, law.kinds)
    check_headings(start, law)
    forces = Forces(law, start)
    step = choose_stepper(forces, dt, chance)
    angles = np.zeros((len(start.position), 0)) if start.heading is None else start.heading[:, None]
    state = State(start.position.copy(), start.velocity.copy(), angles, start.time)
    if law.order == 1:
        state = state._replace(velocity=accelerate(forces, state))
    kept = keep_frames(step, state, steps=steps, dt=dt, every=every, name=start.name)
    position, velocity, heading = (np.array(part) for part in list(zip(*kept, strict=True))[:3])
    moved = Recording(
        position,
        # Where a field varies in time, times go on from those of the recording.
        (start.time if law.reads_time else 0.0) + np.arange(len(position)) * (every * dt),
        np.ones(position.shape[:2], bool),
        velocity=velocity,
        heading=None if start.heading is None else heading[..., 0],
        cell=start.cell,
        species=start.species,
        attributes=dict(start.attributes),
        edges=start.edges,
        bodies=start.bodies,
        name=start.name,
    )
    return moved, _energy_change(forces, position, velocity), _momentum_change(forces, velocity)


def _energy_change(
    forces: Forces,
    position: Float[np.ndarray, "frame body dim"],
    velocity: Float[np.ndarray, "frame body dim"],
) -> Float[np.ndarray, " frame"] | None:
    potential = forces.potential_energies(position)
    if potential is None:
        return None
    kinetic = 0.5 * np.einsum("tbd,tbd,b->t", velocity, velocity, forces.mass)
    total = kinetic + potential
    return (total - total[0]) / max(kinetic[0] + abs(potential[0]), 1e-300)


def _momentum_change(
    forces: Forces, velocity: Float[np.ndarray, "frame body dim"]
) -> Float[np.ndarray, " frame"] | None:
    walls = any(one.term.key == "wall" for one in forces.law.shaped)
    if forces.law.order == 1 or forces.law.is_stochastic or forces.law.one_body or walls:
        return None
    total = np.einsum("tbd,b->td", velocity, forces.mass)
    largest = (np.linalg.norm(velocity, axis=-1) @ forces.mass).max()
    return np.linalg.norm(total - total[0], axis=-1) / max(float(largest), 1e-300)


def _largest(changes: tuple[Float[np.ndarray, " frame"] | None, ...]) -> float | None:
    known = [float(np.abs(change).max()) for change in changes if change is not None]
    return float(np.median(known)) if len(known) == len(changes) else None
