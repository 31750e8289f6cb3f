"""Motion of first order without or with little chance: predators, vortices, oscillators.

Lu et al., PNAS 116, 14424 (2019): predators and prey; Kuramoto, Chemical Oscillations (1984).
"""

from __future__ import annotations

import numpy as np

from benchmarks.particles.worlds.pair_sums import Pairs
from benchmarks.particles.worlds.starts import apart
from benchmarks.particles.worlds.steps import along, brownian, runge_kutta
from benchmarks.particles.worlds.world import ALIKE, Term, World, recording
from forcelaw.particles.data import Recordings


def predator_prey(
    prey: int = 12,
    predators: int = 4,
    snapshots: int = 200,
    seed: int = 0,
    *,
    parts: int = 5,
    step: float = 0.02,
) -> World:
    """Two kinds that do not act alike on each other, each sum divided by the number of senders.

    Prey keep together at a distance and flee, predators follow, and ignore one another.
    """
    rng = np.random.default_rng(seed)
    bodies = prey + predators
    pairs = Pairs(bodies, None)
    kind = (np.arange(bodies) >= prey).astype(int)
    a, b = kind[pairs.first], kind[pairs.second]
    crowd = {
        ("prey", "prey"): Term(f"(r - 1/r)/{prey}", lambda r: (r - 1 / r) / prey),
        ("prey", "predator"): Term(f"-2/(r*{predators})", lambda r: -2 / (r * predators)),
        ("predator", "prey"): Term(f"3/(sqrt(r)*{prey})", lambda r: 3 / (np.sqrt(r) * prey)),
        ("predator", "predator"): Term("0", np.zeros_like),
    }
    laws = list(crowd.values())

    def drift(position: np.ndarray, _: float) -> np.ndarray:
        vector, r = pairs.between(position)
        sizes = np.stack([law.value(r) if law.value else r for law in laws])
        number = np.arange(len(r))
        along_line = vector / r[:, None]
        on_first = sizes[2 * a + b, number][:, None] * along_line
        on_second = sizes[2 * b + a, number][:, None] * along_line
        return pairs.scatter(on_first, -on_second)

    made, rates = [], []
    for part in range(parts):
        start = apart(rng, bodies, 2, 4.0)
        states = runge_kutta(drift, start, step=step, snapshots=snapshots, substeps=8)
        species = ["prey"] * prey + ["predator"] * predators
        made.append(recording(states, step, species=species, name=f"predator_prey-{part}"))
        rates.append(along(drift, states, step))
    return World(
        name="predator_prey",
        recordings=Recordings(tuple(made), "predator_prey"),
        order=1,
        pairs=crowd,
        drift=tuple(rates),
    )


def vortices(
    bodies: int = 20,
    snapshots: int = 300,
    seed: int = 0,
    *,
    parts: int = 3,
    step: float = 0.02,
) -> World:
    """Point vortices of either sense in open space; the strength of each is given."""
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, None)
    made, rates = [], []
    for part in range(parts):
        strength = rng.uniform(0.5, 2, bodies) * rng.choice([-1.0, 1.0], bodies)

        def drift(position: np.ndarray, _: float, strength: np.ndarray = strength) -> np.ndarray:
            vector, r = pairs.between(position)
            turned = np.column_stack([-vector[:, 1], vector[:, 0]]) / (2 * np.pi * r**2)[:, None]
            on_first = -strength[pairs.second][:, None] * turned
            return pairs.scatter(on_first, strength[pairs.first][:, None] * turned)

        start = apart(rng, bodies, 2, 5.0)
        states = runge_kutta(drift, start, step=step, snapshots=snapshots, substeps=8)
        known = {"strength": strength}
        made.append(recording(states, step, attributes=known, name=f"vortices-{part}"))
        rates.append(along(drift, states, step))
    return World(
        name="vortices",
        recordings=Recordings(tuple(made), "vortices"),
        order=1,
        transverse=Term("-strength_j/(2*pi*r)"),
        drift=tuple(rates),
    )


def kuramoto(
    bodies: int = 20,
    snapshots: int = 500,
    seed: int = 0,
    *,
    parts: int = 3,
    step: float = 0.02,
    coupling: float = 1.0,
    degree: int | None = None,
    diffusion: float = 0.0,
) -> World:
    """Phases as positions on a line that repeats after 2 pi; natural frequencies are given.

    All act on all, or on a random graph of about this degree, the same in both directions, told as
    edges. The coupling is divided by the number of bodies, or by the degree.
    """
    rng = np.random.default_rng(seed)
    pairs = Pairs(bodies, 2 * np.pi)
    share = 1.0 if degree is None else degree / (bodies - 1)
    factor = coupling / (bodies if degree is None else degree)
    made, rates = [], []
    for part in range(parts):
        frequency = rng.normal(0, 0.5, bodies)
        linked = (rng.random(len(pairs.first)) < share)[:, None]

        def drift(
            phase: np.ndarray,
            _: float,
            own: np.ndarray = frequency,
            linked: np.ndarray = linked,
        ) -> np.ndarray:
            turn = factor * linked * np.sin(phase[pairs.second] - phase[pairs.first])
            return own[:, None] + pairs.scatter(turn, -turn)

        start = rng.uniform(0, 2 * np.pi, (bodies, 1))
        if diffusion:
            states = brownian(
                drift,
                start,
                diffusion=diffusion,
                step=step,
                snapshots=snapshots,
                substeps=4,
                rng=rng,
            )
        else:
            states = runge_kutta(drift, start, step=step, snapshots=snapshots, substeps=1)
        ends = np.column_stack([pairs.first, pairs.second])[linked[:, 0]]
        made.append(
            recording(
                states,
                step,
                box=2 * np.pi,
                attributes={"frequency": frequency},
                edges=None if degree is None else np.concatenate([ends, ends[:, ::-1]]),
                name=f"kuramoto-{part}",
            )
        )
        rates.append(along(drift, states, step))
    law = Term(f"{factor:.10g}*sin(r)", lambda r: factor * np.sin(r))
    return World(
        name="kuramoto",
        recordings=Recordings(tuple(made), "kuramoto"),
        order=1,
        pairs={ALIKE: law} if degree is None else {},
        bonds=None if degree is None else law,
        one_body=("frequency",),
        diffusion=diffusion,
        drift=tuple(rates),
    )
