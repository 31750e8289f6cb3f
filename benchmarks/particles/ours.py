"""forcelaw's own laws of matter, as the table of methods takes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.particles.scores import Fit, States, Task
from benchmarks.particles.worlds import with_headings
from forcelaw.particles.data import Cell
from forcelaw.particles.hidden_properties import discover_with_hidden
from forcelaw.particles.matter import discover_recordings
from forcelaw.particles.matter.force_law import ForceLaw
from forcelaw.particles.matter.rollouts.forces import Forces
from forcelaw.particles.matter.rollouts.starts import Start


def fit(task: Task, *, charges: bool = False) -> Fit:
    """The law that is found in what is given, with its default settings: order and terms too.

    **Arguments:** `charges` whether bodies have some that were not recorded and are found, too.
    """
    given = with_headings(task.given, task.world.heading)
    found = discover_with_hidden(given, "charge") if charges else discover_recordings(given)
    known = replace(task, given=found.data)
    return Fit(
        lambda states: _drift(found.law, known, states),
        None if found.law.diffusion is None else found.law.diffusion.value,
        found.law.order,
        f"{found.formula.text()} ({found.verdict})".replace("\n", "; "),
    )


def _drift(law: ForceLaw, task: Task, states: States) -> np.ndarray:
    """The law's accelerations, or velocities, of the bodies that are there.

    With headings their rates of turning, too.
    """
    part = task.given.parts[states.part]
    velocity = np.zeros_like(states.position) if states.velocity is None else states.velocity
    times, count, dim = states.position.shape
    total = np.zeros((times, count, dim + (states.heading is not None)))
    for k, there in enumerate(states.present):
        bodies = np.flatnonzero(there)
        start = Start(
            states.position[k, bodies],
            velocity[k, bodies],
            tuple(part.species[b] for b in bodies) if part.species else (),
            {name: value[bodies] for name, value in part.attributes.items()},
            None if part.cell is None else Cell(part.cell.at(0)[None], part.cell.periodic),
            tuple(part.bodies[b] for b in bodies),
            1.0,
            part.name,
            # Bonds are told where all bodies are there.
            edges=part.edges if there.all() else None,
            heading=None if states.heading is None else states.heading[k, bodies],
        )
        forces = Forces(law, start)
        moving = start.position, start.velocity
        total[k, bodies, :dim] = forces.accelerations(*moving, start.heading, float(states.time[k]))
        if start.heading is not None:
            total[k, bodies, dim] = forces.turning_rates(*moving, start.heading)
    return total
