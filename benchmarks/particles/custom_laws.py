"""Laws that are not built in, found from files: other powers, screened, molecular, with drag.

Simulates each law in nearly double precision, writes what a user would have (`positions`: a `.csv`
of positions and attributes; `all`: velocities and accelerations too), reads it back and runs
`discover`.

    python -m benchmarks run particles/custom_laws --laws morse yukawa --input all positions
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.particles.built_in_laws import deviation
from benchmarks.particles.true_accelerations import true_accelerations
from forcelaw.graph import Graph
from forcelaw.laws import Formula
from forcelaw.motion import adaptive_rollout
from forcelaw.particles import Trajectories, discover, read, write

SMOKE = ["--laws", "spring", "--trajectories", "8", "--frames", "31"]


@dataclass(frozen=True)
class World:
    """A law and how its bodies start."""

    pair: str
    one_body: str | None = None
    dt: float = 0.01
    apart: float = 0.3
    """Least distance at the start."""
    spread: float = 1.0
    speed: float = 1.0
    charges: tuple[float, ...] = ()
    masses: bool = True


WORLDS = {
    "spring": World("2*(r - 1)"),
    "1/r": World("m_i*m_j/r", dt=0.005),
    "1/r2": World("m_i*m_j/r**2", dt=0.002),
    "charge": World("-q_i*q_j/r**2", dt=0.002, charges=(-1, 1)),
    "damped": World("2*(r - 1)", "-0.5*v"),
    "r^-3": World("-m_i*m_j/r**3"),
    "r^-1.5": World("m_i*m_j/r**1.5", dt=0.005),
    "r^2": World("0.5*r**2"),
    "screened": World("m_i*m_j*exp(-r)/r", dt=0.005),
    "yukawa": World("-q_i*q_j*exp(-r)*(1/r + 1/r**2)", dt=0.002, charges=(-1, 1)),
    "yukawa-short": World("-3*q_i*q_j*exp(-2*r)*(2/r + 1/r**2)", dt=0.002, charges=(-1, 1)),
    "lennard-jones": World(
        "24*(1/r**7 - 2/r**13)", dt=0.004, apart=0.95, spread=1.3, speed=0.5, masses=False
    ),
    "morse": World("4*(1 - exp(1.5 - 1.5*r))*exp(1.5 - 1.5*r)", apart=0.5),
    "some-charged": World("-q_i*q_j/r**2", dt=0.002, charges=(-1, 0, 1)),
    "some-charged, drag": World("-q_i*q_j/r**2", "-0.4*v", dt=0.002, charges=(-1, 0, 0, 1)),
    "r^-1.5, drag": World("m_i*m_j/r**1.5", "-0.3*v", dt=0.005),
    "morse, quadratic drag": World(
        "4*(1 - exp(1.5 - 1.5*r))*exp(1.5 - 1.5*r)", "-0.2*speed*v", apart=0.5
    ),
    "gaussian": World("2*r*exp(-r**2)", apart=0.2),
    "spring and repulsion": World("r - 2/r**2", apart=0.3),
    "uneven charges": World("-q_i*q_j/r", dt=0.005, charges=(-2, -1, 0.5, 1, 3)),
    "r^-0.5": World("m_i*m_j/r**0.5"),
    "soft-core": World("3*r/(r**2 + 0.3)**1.5"),
    "screened, drag": World("-2*q_i*q_j*exp(-1.5*r)/r", "-0.3*v", dt=0.005, charges=(-1, 1, 2)),
    "buckingham": World("6/r**7 - 250*exp(-3*r)", dt=0.005, apart=0.8, speed=0.5, masses=False),
    "dlvo": World(
        "0.5/r**3 - 6*exp(-2*r)*(2/r + 1/r**2)", dt=0.005, apart=0.6, speed=0.4, masses=False
    ),
    "friedel": World("2*cos(4*r)/r**3", dt=0.005, apart=0.6, speed=0.5, masses=False),
    "hertz": World("-8*max(1.5 - r, 0)**1.5", speed=0.5, masses=False),
    "woods-saxon": World(
        "10*exp((r - 1.5)/0.3)/(1 + exp((r - 1.5)/0.3))**2", speed=0.5, masses=False
    ),
    "trap": World("-1/r**2", "(-2*x, -2*y)", dt=0.005, masses=False),
    "magnetic": World("-q_i*q_j/r", "(1.5*q*vy, -1.5*q*vx)", dt=0.005, charges=(-1, 1, 2)),
    "weight, drag": World("2*(r - 1)", "(-0.5*vx, -0.5*vy - 3*m)"),
    "attractor": World(
        "0.5*(r - 1)",
        "(-3*(x - 2)/((x - 2)**2 + (y + 1)**2)**1.5, -3*(y + 1)/((x - 2)**2 + (y + 1)**2)**1.5)",
        dt=0.003,
    ),
}


def simulated(world: World, *, trajectories: int, frames: int, dt: float, seed: int):
    """Motion of 4 bodies that start apart from each other."""
    draw = np.random.default_rng([seed, 7])
    shape = (trajectories, 4, 2)
    position = np.empty(shape)
    for k in range(trajectories):
        while True:
            position[k] = world.spread * draw.normal(size=shape[1:])
            gap = np.linalg.norm(position[k][:, None] - position[k][None], axis=-1)
            if (gap[np.triu_indices(4, 1)] > world.apart).all():
                break
    velocity = world.speed * draw.normal(size=shape)
    attributes = {}
    if world.masses:
        attributes["mass"] = np.exp(0.5 * draw.normal(size=shape[:2]))
    if world.charges:
        attributes["charge"] = draw.choice(world.charges, size=shape[:2])
    law = Formula.parse(world.pair, world.one_body, core=1e-9)
    times = np.arange(frames) * dt
    graph = Graph.complete_graph(4)
    moved = adaptive_rollout(law, graph, position, velocity, attributes, times=times)
    good = moved.finished
    position, velocity = moved.position[good], moved.velocity[good]
    own = {name: value[good] for name, value in attributes.items()}
    data = Trajectories(position, velocity, times, own)
    return data, law


def given(data: Trajectories, law: Formula, what: str, noise: float, folder: Path) -> Trajectories:
    """The data as they are read from a file."""
    acceleration = true_accelerations(
        law, data.graph, data.position, data.velocity, data.attributes
    )
    draw = np.random.default_rng(3)

    def noisy(array: np.ndarray) -> np.ndarray:
        size = np.sqrt(np.mean((array - array.mean(axis=(1, 2), keepdims=True)) ** 2))
        return array + noise * size * draw.normal(size=array.shape)

    data = replace(
        data,
        position=noisy(data.position),
        velocity=noisy(data.velocity),
        acceleration=noisy(acceleration),
    )
    if what == "all":
        write(data, folder / "data.npz")
        return read(folder / "data.npz")
    names = list(data.attributes)
    lines = [",".join(["trajectory", "time", "body", "x", "y", *names])]
    for k in range(data.n_trajectories):
        own = [",".join(f"{data.attributes[n][k, b]:.15g}" for n in names) for b in range(4)]
        for t, when in enumerate(data.time):
            for b, (x, y) in enumerate(data.position[k, t]):
                row = f"{k},{when:.12g},{b},{x:.15g},{y:.15g}"
                lines.append(f"{row},{own[b]}" if names else row)
    (folder / "data.csv").write_text("\n".join(lines) + "\n")
    return read(folder / "data.csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", default=list(WORLDS))
    parser.add_argument("--input", nargs="+", default=["positions"], choices=["positions", "all"])
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0])
    parser.add_argument("--trajectories", type=int, default=300)
    parser.add_argument("--frames", type=int, default=101)
    parser.add_argument("--coarser", type=float, default=1.0, help="factor on the time step")
    parser.add_argument("--model", default="pair")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--front", action="store_true", help="print the Pareto front too")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {"frames": options.frames, "trajectories": options.trajectories}
    for what in options.input:
        for noise in options.noise:
            for law in options.laws:
                dt = float(f"{WORLDS[law].dt * options.coarser:g}")
                asked = {"law": law, "input": what, "noise": noise, "dt": dt}
                yield Case({**asked, **sizes, "model": options.model}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What is found of one law."""
    asked, seed = case.arguments, case.seed
    assert seed is not None
    sizes = {name: asked[name] for name in ("trajectories", "frames", "dt")}
    data, law = simulated(WORLDS[asked["law"]], **sizes, seed=seed)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = given(data, law, asked["input"], asked["noise"], Path(folder))
        found = discover(known, seed=seed, model=asked["model"])
    spent = time.process_time() - began
    document: Any = found.to_json()
    length = np.linalg.norm(data.position[:, :, 0] - data.position[:, :, 1], axis=-1)
    off = deviation(found.formula, law, np.quantile(length, [0.01, 0.99]))
    if options.front:
        for line in document["pareto"]:
            print(line["complexity"], f"{line['error']:.3g}", line["source"], line["text"])
        print(document["seconds"], document["notes"])
    return {
        "truth": law.text().replace("\n", "; ").replace("pair: ", ""),
        "found": found.formula.text(5).replace("\n", "; ").replace("pair: ", ""),
        "source": next(line for line in document["pareto"] if line["chosen"])["source"],
        "deviation": off,
        "another form": found.formula.pair.complexity > law.pair.complexity + 2,
        "formula": document["error"]["test"],
        "network": document["baselines"]["network"]["test"],
        "residual": document["residual"],
        "processor": spent,
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a measurement."""
    rows = []
    for record in records:
        asked, found = record.arguments, record.figures
        residual = found["residual"]
        left = "" if residual is None else f"; residual {residual:.3f}"
        rows.append(
            (
                *(asked["law"], found["truth"], asked["input"]),
                *(f"{asked['frames']}, {asked['dt']:g}", f"{asked['noise']:g}"),
                *(found["found"], found["source"]),
                f"{found['deviation']:.1e}{', other form' * found['another form']}",
                f"{found['formula']:.2g} / {found['network']:.2g}{left}",
                f"{found['processor']:.0f}",
            )
        )
    head = (
        "law | truth | input | snapshots, dt | noise | found | from | deviation "
        "| error: formula / network | CPU seconds"
    )
    return {"table": table(head, rows), **counts(records)}


def counts(records: Sequence[Record]) -> dict[str, str]:
    """How many laws were tried from positions alone, and found to 1 %, by noise."""
    found = {}
    for noise in (0.0, 0.001, 0.01):
        of = {
            record.arguments["law"]: record.figures["deviation"] < 0.01
            for record in records
            if (record.arguments["noise"], record.arguments["input"]) == (noise, "positions")
        }
        found |= {f"tried-{noise:g}": str(len(of)), f"right-{noise:g}": str(sum(of.values()))}
    return found
