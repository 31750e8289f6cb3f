"""The law behind one recording of many charges in three dimensions, from positions alone.

    OMP_NUM_THREADS=1 python -m benchmarks run speed/many_bodies_discovery [--bodies 100 300 1000]

Every body acts on every other. They start near the places of a lattice, so that close encounters
are rare, and are simulated in double precision; the file holds 100 frames of positions, and the
charges. `forcelaw particles discover FILE` then runs as a process of its own, whose wall and
processor time (the interpreter's start included) and largest memory are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, table

LAW = "-q_i*q_j/r**2"
FRAMES, INTERVAL, STEPS = 100, 0.005, 20
"""Frames, the time between them, and steps of the classical Runge-Kutta method from one to the
next."""
SMOKE = ["--bodies", "12", "--frames", "60", "--epochs", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bodies", nargs="+", type=int, default=[100, 300, 1000])
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--epochs", type=int, help="of one stage, instead of the command's own")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for bodies in options.bodies:
        yield Case({"bodies": bodies, "frames": options.frames}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What was found, and what it took."""
    bodies, frames = case.arguments["bodies"], case.arguments["frames"]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "charges.npz", Path(folder) / "run"
        # In a process of its own, for its precision.
        call("speed/many_bodies_discovery", "write", str(path), bodies, frames, case.seed)
        command = [sys.executable, "-m", "forcelaw", "particles", "discover", str(path)]
        command += ["--seed", str(case.seed), "--out", str(out)]
        if options.epochs is not None:
            command += ["--set", f"stages=[{{epochs: {options.epochs}, learning_rate: 0.01}}]"]
        given = {**os.environ, "XDG_CACHE_HOME": folder}
        said = Path(folder) / "said"
        began = time.perf_counter()
        with said.open("w") as file:
            child = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=file)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        wall, lines = time.perf_counter() - began, said.read_text("utf-8").splitlines()
        if child.returncode:
            raise RuntimeError("\n".join(lines))
        result = json.loads((out / "results.json").read_text("utf-8"))
    return {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "peak MB": used.ru_maxrss / 1000,
        "formula": result["formula"]["pair"],
        "verdict": result["verdict"],
        "phases": {phase: round(value, 2) for phase, value in result["seconds"].items()},
        "plan": next((line for line in lines if " sampled, " in line), ""),
    }


def write(path: str, bodies: int, frames: int, seed: int) -> None:
    """Positions of charges that start near a lattice, into a file."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    from forcelaw import Attributes, Formula, State
    from forcelaw.motion import RungeKutta4, simulate

    draw = np.random.default_rng(seed)
    edge = int(np.ceil(bodies ** (1 / 3)))
    grid = np.stack(np.meshgrid(*[np.arange(edge)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    place = grid[draw.permutation(len(grid))[:bodies]] + draw.uniform(-0.25, 0.25, (bodies, 3))
    velocity = draw.normal(0, 0.3, place.shape)
    charge = draw.choice([-1.0, 1.0], bodies) * draw.uniform(0.5, 1.5, bodies)
    moved = simulate(
        Formula.parse(LAW),
        State(jnp.asarray(place), jnp.asarray(velocity)),
        Attributes({"charge": jnp.asarray(charge)}),
        steps=STEPS * (frames - 1),
        dt=INTERVAL / STEPS,
        every=STEPS,
        integrator=RungeKutta4(),
    )
    position = np.asarray(moved.position)[None]
    np.savez(path, position=position, time=INTERVAL * np.arange(frames), charge=charge)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One table."""
    rows = []
    for record in records:
        found = record.figures
        sizes = (f"{record.arguments['bodies']:,}", record.arguments["frames"])
        times = (f"{found['wall']:.0f}", f"{found['cpu']:.0f}", f"{found['peak MB']:,.0f}")
        rows.append((*sizes, *times, f"`{found['formula']}`", found["verdict"], found["plan"]))
    head = "bodies | frames | wall, s | CPU, s | peak MB | formula | verdict | said before it began"
    return {"table": table(head, rows)}
