"""Laws that are not built in, found from files: other powers, screened, molecular, with drag.

Simulates each law in nearly double precision, writes what a user would have (`positions`: a `.csv`
of positions and attributes; `all`: velocities and accelerations too), reads it back, runs
`discover` and adds a row to a markdown table.

    python benchmarks/particles/custom_laws.py --laws morse yukawa --input all positions
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from built_in_laws import deviation

from forcelaw.graph import Graph
from forcelaw.laws import Formula
from forcelaw.motion import adaptive_rollout
from forcelaw.particles import Trajectories, discover, read, write

OUT = Path(__file__).parents[1] / "results" / "particles" / "custom_laws.md"
HEAD = """# Laws that are not built in, found from files

`discover` on simulated motion of 4 bodies in `.csv` files. *Input*: `all` (positions, velocities,
accelerations) or `positions` alone, from which the rest is estimated. Noise is Gaussian, in units
of the root mean square of what is given. *Deviation*: the largest relative difference between the
found and the true force over the distances of the data, 1 % of them left out at either end ("other
form" where the formula is longer than the truth). *Error*: mean relative error of the formula's
and of the network's accelerations on the test part; where positions are noisy, of what these tell
of accelerations, noise included. *Residual*, then: what rollouts of the formula leave of the test
part's positions, in units of the noise.

| law | truth | input | frames, dt | noise | found | from | deviation | error: formula / network |\
 CPU seconds |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class World:
    """A law and how its bodies start."""

    pair: str
    own: str | None = None
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
    law = Formula.parse(world.pair, world.own, core=1e-9)
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
    from dataclasses import replace

    from forcelaw.particles.equations import Design, formula_acceleration

    flat = data.samples()
    design = Design.build(
        flat.position, flat.velocity, np.zeros_like(flat.position), flat.attributes, data.graph
    )
    acceleration = formula_acceleration(law, design).reshape(data.position.shape)
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


def row(name: str, what: str, noise: float, given_by: argparse.Namespace) -> str:
    """One line of the table."""
    world = WORLDS[name]
    dt = world.dt * given_by.coarser
    data, law = simulated(
        world, trajectories=given_by.trajectories, frames=given_by.frames, dt=dt, seed=given_by.seed
    )
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = given(data, law, what, noise, Path(folder))
        found = discover(known, seed=given_by.seed, model=given_by.model)
    spent = time.process_time() - began
    length = np.linalg.norm(data.position[:, :, 0] - data.position[:, :, 1], axis=-1)
    off = deviation(found.formula, law, np.quantile(length, [0.01, 0.99]))
    same = found.formula.pair.complexity <= law.pair.complexity + 2
    chosen = next(line for line in found.document["pareto"] if line["chosen"])
    network = found.document["baselines"]["network"]
    residual = found.document["residual"]
    left = "" if residual is None else f"; residual {residual:.3f}"
    cells = [
        name,
        law.text().replace("\n", "; ").replace("pair: ", ""),
        what,
        f"{given_by.frames}, {dt:g}",
        f"{noise:g}",
        found.formula.text(5).replace("\n", "; ").replace("pair: ", ""),
        chosen["source"],
        f"{off:.1e}" if same else f"{off:.1e}, other form",
        f"{found.document['error']['test']:.2g} / {network['test']:.2g}" + left,
        f"{spent:.0f}",
    ]
    if given_by.front:
        for line in found.document["pareto"]:
            print(line["complexity"], f"{line['error']:.3g}", line["source"], line["text"])
        print(found.document["seconds"], found.document["notes"])
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Runs what the command line asks for, row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--laws", nargs="+", default=list(WORLDS))
    parser.add_argument("--input", nargs="+", default=["positions"], choices=["positions", "all"])
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0])
    parser.add_argument("--trajectories", type=int, default=300)
    parser.add_argument("--frames", type=int, default=101)
    parser.add_argument("--coarser", type=float, default=1.0, help="factor on the time step")
    parser.add_argument("--model", default="pair")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--front", action="store_true", help="print the Pareto front too")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    if not asked.out.exists():
        asked.out.write_text(HEAD)
    for what in asked.input:
        for noise in asked.noise:
            for name in asked.laws:
                dt = WORLDS[name].dt * asked.coarser
                if f"| {what} | {asked.frames}, {dt:g} | {noise:g} |" in "".join(
                    line for line in asked.out.open() if line.startswith(f"| {name} |")
                ):
                    continue
                line = row(name, what, noise, asked)
                print(line, flush=True)
                with asked.out.open("a") as file:
                    file.write(line + "\n")
    with asked.out.open("a") as file:
        words = f"python benchmarks/particles/custom_laws.py {' '.join(sys.argv[1:])}".strip()
        file.write(f"\n`{words}` ({os.cpu_count()} cores, {datetime.date.today()})\n")


if __name__ == "__main__":
    main()
