"""The tables of Cranmer et al. 2020 at a small budget: error, and what the messages say.

Every model is trained on every law as the paper simulates it (4 or 8 bodies, distances softened by
.01, 1000 steps). A row is added to `paper_tables.jsonl` as soon as it is known, rows
that are there already are not made again, and the markdown table is written from all of them.

    python benchmarks/particles/paper_tables.py --laws charge spring 1/r2 --models l1 bottleneck

Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive Biases, NeurIPS 2020,
arXiv 2006.11287, tables 1 and 2.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.particles import Trajectories, fit, simulate
from forcelaw.particles.equations import Design, relative_error
from forcelaw.particles.equations.snapshots import law_acceleration
from forcelaw.particles.learning import STAGES, message_r2
from forcelaw.particles.systems import law as built_in

LAWS = ("charge", "1/r", "1/r2", "spring", "damped", "discontinuous")
MODELS = ("l1", "bottleneck", "none", "kl", "pair", "hamiltonian")
RESULTS = Path(__file__).parents[1] / "results" / "particles"
INSTANTS = 10_000
NAMES = ("force", "force_trimmed", "acceleration", "acceleration_trimmed")
HEAD = """# The paper's tables at a small budget

`python benchmarks/particles/paper_tables.py`

{trajectories} trajectories of 1001 frames (the paper: 10,000), distances softened by .01
where forces are singular, split by trajectory (80, 10 and 10 %), one seed, float32, one core.

*none*, *l1*, *kl* and *bottleneck* are the message network (three layers of 64, usual settings)
under that regulariser; its sum of messages is mapped linearly and divided by the mass (see
`MessageNetwork`). *MAE*: mean absolute error of the components of the accelerations on 10,000
instants of the test part; *relative*: the same over the length of the acceleration plus a typical
one. Where forces are singular a few close encounters rule the MAE, so that it compares with the
paper's in order of magnitude only.

*R²* of the strongest messages (as many as dimensions) against the true force, and against the
acceleration that it causes; *trimmed*: without the 1 % largest and smallest. A message is force or
acceleration, not both, and here it is the force. Of *pair* and *hamiltonian* the forces themselves
take the place of messages.

*Paper*: Cranmer et al. 2020, after 1,000,000 updates of 300 hidden units; its drag acts unequally,
here on all bodies alike. Updates are of 64 instants for message networks and 256 for the others.
CPU seconds of training with compilation. A row of 60,000 updates is three times the usual training
(`--longer 3`). What is without a row has not been trained: 8 bodies (`--bodies 8`) but for four.

| law | dim | bodies | model | updates | MAE | paper | relative | R² force | trimmed | paper |\
 R² acceleration | trimmed | CPU s |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""
COLUMNS = ("none", "bottleneck", "l1", "kl")
MAE = {
    "charge": ((49, 50, 52, 60), (1.2, 0.99, 0.94, 4.2)),
    "1/r": ((0.077, 0.069, 0.079, 3.5), (0.051, 0.050, 0.055, 3.5)),
    "1/r2": ((1.6, 1.6, 1.2, 9.3), (4.0, 3.6, 3.4, 9.8)),
    "spring": ((0.047, 0.046, 0.045, 1.7), (0.11, 0.11, 0.090, 3.8)),
    "damped": ((0.30, 0.33, 0.30, 1.5), (0.41, 0.45, 0.40, 3.3)),
    "discontinuous": ((0.064, 0.074, 0.044, 1.8), (0.20, 0.18, 0.13, 4.2)),
}
"""Of the paper, in 2 and in 3 dimensions, by `COLUMNS`."""
R2 = {
    "charge": ((0.016, 0.947, 0.004, 0.185), (0.013, 0.980, 0.002, 0.425)),
    "1/r": ((0.000, 1.000, 1.000, 0.796), (0.000, 1.000, 1.000, 0.332)),
    "1/r2": ((0.004, 0.993, 0.990, 0.770), (0.002, 0.994, 0.977, 0.214)),
    "spring": ((0.032, 1.000, 1.000, 0.883), (0.036, 0.995, 1.000, 0.214)),
}


def main() -> None:
    """Adds the rows that the command line asks for and the table lacks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2, 3])
    parser.add_argument("--models", nargs="+", default=MODELS, choices=MODELS)
    parser.add_argument("--bodies", type=int, default=4)
    parser.add_argument("--trajectories", type=int, default=250)
    parser.add_argument("--longer", type=int, default=1, help="times the usual updates")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=Path, default=RESULTS / "paper_tables.jsonl")
    given = parser.parse_args()
    given.rows.parent.mkdir(parents=True, exist_ok=True)
    for dim in given.dim:
        for law in given.laws:
            sizes = {
                "bodies": given.bodies,
                "dim": dim,
                "trajectories": given.trajectories,
                "seed": given.seed,
            }
            asked = {**sizes, "law": law, "longer": given.longer}
            done = [r["model"] for r in read(given.rows) if asked.items() <= r.items()]
            missing = [
                model
                for model in given.models
                if model not in done and (model != "hamiltonian" or built_in(law).conservative)
            ]
            if not missing:
                continue
            data = simulate(law, steps=1000, softening=0.01, **sizes)
            for model in missing:
                measured = row(data, law, model, given.seed, given.longer)
                found = {**asked, "model": model, **measured}
                with given.rows.open("a") as file:
                    file.write(json.dumps(found) + "\n")
                print(line(found), flush=True)
    given.rows.with_suffix(".md").write_text(table(read(given.rows)))


def read(path: Path) -> list[dict[str, Any]]:
    """The rows that are known."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [{"bodies": 4, "longer": 1, **json.loads(text)} for text in lines]


def row(data: Trajectories, law: str, model: str, seed: int, longer: int) -> dict[str, Any]:
    """Trains and measures."""
    arguments: dict[str, Any] = {"seed": seed, "model": model}
    if model in COLUMNS:
        arguments |= {"model": "message", "regularise": model}
    usual = STAGES[arguments["model"]]
    arguments["stages"] = [dataclasses.replace(s, epochs=longer * s.epochs) for s in usual]
    began = time.process_time()
    fitted = fit(data, **arguments)
    spent = time.process_time() - began
    test = Design.of(fitted.split.test, INSTANTS, seed=seed)
    error = law_acceleration(fitted.law, test) - test.acceleration
    truth = built_in(law).formula(dim=data.dim, softening=0.01)
    return {
        "updates": 100 * len(fitted.history),
        "mae": float(np.mean(np.abs(error))),
        "relative": relative_error(fitted.law, test),
        "r2": message_r2(fitted.law, test, truth),
        "cpu_seconds": spent,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The markdown page."""
    counts = " or ".join(sorted({str(r["trajectories"]) for r in rows}))
    order = {name: place for place, name in enumerate(LAWS)}
    place = {name: k for k, name in enumerate((*COLUMNS, "pair", "hamiltonian"))}
    rows = sorted(
        rows,
        key=lambda r: (
            (order[r["law"]], r["dim"], r["bodies"]),
            (place[r["model"]], r["longer"], r["seed"]),
        ),
    )
    return HEAD.format(trajectories=counts) + "".join(line(r) + "\n" for r in rows)


def line(found: dict[str, Any]) -> str:
    """One row in markdown."""
    law, dim, model = found["law"], found["dim"], found["model"]
    published = {"mae": "-", "r2": "-"}
    if model in COLUMNS and found["bodies"] == 4:
        column = COLUMNS.index(model)
        for name, known in (("mae", MAE), ("r2", R2)):
            if law in known:
                published[name] = f"{known[law][dim - 2][column]:g}"
    r2 = [f"{found['r2'][name]:.4f}" for name in NAMES]
    cells = [
        law,
        str(dim),
        str(found["bodies"]),
        model,
        f"{found['updates']:,}",
        f"{found['mae']:.3g}",
        published["mae"],
        f"{found['relative']:.2g}",
        *r2[:2],
        published["r2"],
        *r2[2:],
        f"{found['cpu_seconds']:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
