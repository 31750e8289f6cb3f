"""The tables of Cranmer et al. 2020 at a small budget: error, and what the messages say.

Every model is trained on every law as the paper simulates it (4 or 8 bodies, distances softened by
.01, 1000 steps).

    python -m benchmarks run particles/paper_tables --laws charge spring 1/r2 --models l1 bottleneck

Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive Biases, NeurIPS 2020,
arXiv 2006.11287, tables 1 and 2.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.particles import Trajectories, fit, simulate
from forcelaw.particles.equations import Design, relative_error
from forcelaw.particles.equations.predictions import law_acceleration
from forcelaw.particles.learning import STAGES, message_r2
from forcelaw.particles.systems import law as built_in

LAWS = ("charge", "1/r", "1/r2", "spring", "damped", "discontinuous")
MODELS = ("l1", "bottleneck", "none", "kl", "pair", "hamiltonian")
SNAPSHOTS = 10_000
NAMES = ("force", "force_trimmed", "acceleration", "acceleration_trimmed")
SMOKE = [
    "--laws",
    "spring",
    "--dim",
    "2",
    "--models",
    "l1",
    "--trajectories",
    "10",
    "--steps",
    "20",
]
SMOKE += ["--shorter", "100"]
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


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2, 3])
    parser.add_argument("--models", nargs="+", default=MODELS, choices=MODELS)
    parser.add_argument("--bodies", type=int, default=4)
    parser.add_argument("--trajectories", type=int, default=250)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--longer", type=int, default=1, help="times the usual updates")
    parser.add_argument("--shorter", type=int, default=1, help="part of the usual updates")
    parser.add_argument("--seed", type=int, default=0)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {name: getattr(options, name) for name in ("bodies", "trajectories", "steps", "longer")}
    if options.shorter > 1:
        sizes["shorter"] = options.shorter
    for dim in options.dim:
        for law in options.laws:
            for model in options.models:
                if model != "hamiltonian" or built_in(law).conservative:
                    yield Case({"law": law, "dim": dim, "model": model, **sizes}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Trains one model on one law."""
    given, seed = case.arguments, case.seed
    assert seed is not None
    sizes = tuple(given[name] for name in ("bodies", "dim", "trajectories", "steps"))
    factor = given["longer"] / given.get("shorter", 1)
    return row(motion(given["law"], *sizes, seed), given["law"], given["model"], seed, factor)


@functools.lru_cache(maxsize=1)
def motion(
    law: str, bodies: int, dim: int, trajectories: int, steps: int, seed: int
) -> Trajectories:
    """The data that all models of a law are trained on."""
    sizes = {"bodies": bodies, "dim": dim, "trajectories": trajectories, "steps": steps}
    return simulate(law, softening=0.01, seed=seed, **sizes)


def row(data: Trajectories, law: str, model: str, seed: int, factor: float) -> dict[str, Any]:
    """Trains and measures."""
    arguments: dict[str, Any] = {"seed": seed, "model": model}
    if model in COLUMNS:
        arguments |= {"model": "message", "regularise": model}
    usual = STAGES[arguments["model"]]
    arguments["stages"] = [
        dataclasses.replace(stage, epochs=max(round(factor * stage.epochs), 1)) for stage in usual
    ]
    began = time.process_time()
    fitted = fit(data, **arguments)
    spent = time.process_time() - began
    test = Design.of(fitted.split.test, SNAPSHOTS, seed=seed)
    error = law_acceleration(fitted.law, test) - test.acceleration
    truth = built_in(law).formula(dim=data.dim, softening=0.01)
    return {
        "updates": 100 * len(fitted.history),
        "mae": float(np.mean(np.abs(error))),
        "relative": relative_error(fitted.law, test),
        "r2": message_r2(fitted.law, test, truth),
        "cpu_seconds": spent,
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a training, beside the paper's."""
    order = {name: place for place, name in enumerate(LAWS)}
    place = {name: k for k, name in enumerate((*COLUMNS, "pair", "hamiltonian"))}
    rows = sorted(
        ({**record.arguments, **record.figures, "seed": record.seed} for record in records),
        key=lambda r: (
            (order[r["law"]], r["dim"], r["bodies"]),
            (place[r["model"]], r["longer"], r["seed"]),
        ),
    )
    head = (
        "law | dim | bodies | model | updates | MAE | paper | relative | R² force | trimmed "
        "| paper | R² acceleration | trimmed | CPU s"
    )
    return {"table": table(head, map(line, rows)), "least": least(rows), "usual": usual(rows)}


def least(rows: Sequence[dict[str, Any]]) -> str:
    """The least R² of messages to force under `l1` and `bottleneck`, the best of each case."""
    best: dict[tuple[str, int, str], float] = {}
    for row in rows:
        if row["model"] in ("l1", "bottleneck") and row["bodies"] == 4:
            key = row["law"], row["dim"], row["model"]
            best[key] = max(best.get(key, 0.0), row["r2"]["force"])
    return f"{min(best.values()):.3f}".lstrip("0") if best else "-"


def usual(rows: Sequence[dict[str, Any]]) -> str:
    """R² of damped springs in 2 dimensions under `bottleneck` after the usual updates."""
    asked = {"law": "damped", "dim": 2, "bodies": 4, "model": "bottleneck", "longer": 1}.items()
    found = [row["r2"]["force"] for row in rows if asked <= row.items()]
    return f"{found[-1]:.3f}".removeprefix("0") if found else "-"


def line(found: dict[str, Any]) -> list[str]:
    """One row."""
    law, dim, model = found["law"], found["dim"], found["model"]
    published = {"mae": "-", "r2": "-"}
    if model in COLUMNS and found["bodies"] == 4:
        column = COLUMNS.index(model)
        for name, known in (("mae", MAE), ("r2", R2)):
            if law in known:
                published[name] = f"{known[law][dim - 2][column]:g}"
    r2 = [f"{found['r2'][name]:.4f}" for name in NAMES]
    return [
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
