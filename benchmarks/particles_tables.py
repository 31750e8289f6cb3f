"""The tables of Cranmer et al. 2020 at a small budget: error, and what the messages say.

Every model is trained on every law as the paper simulates it (4 bodies, distances softened by .01,
1000 steps), and a row is added to a markdown table as soon as it is known; rows that are there
already are not made again.

    python benchmarks/particles_tables.py --laws charge spring 1/r2 --models l1 bottleneck pair

Cranmer et al., Discovering Symbolic Models from Deep Learning with Inductive Biases, NeurIPS 2020,
arXiv 2006.11287, tables 1 and 2.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from forcelaw.particles import Trajectories, fit, simulate
from forcelaw.particles._design import Design, law_acceleration, relative_error
from forcelaw.particles._laws import law as built_in
from forcelaw.particles._messages import message_r2
from forcelaw.training import Stage

LAWS = ("charge", "spring", "1/r2", "1/r", "damped", "discontinuous")
MODELS = ("none", "l1", "kl", "bottleneck", "pair", "hamiltonian")
OUT = Path(__file__).parent / "results" / "particles_tables.md"
INSTANTS = 10_000
HEAD = """# The paper's tables at a small budget

4 bodies, 1000 trajectories of 1001 frames (the paper: 10,000), distances softened by .01 in
singular laws, split by trajectory; float32, one core. *none*, *l1*, *kl* and *bottleneck* are the
message network under that regulariser. *MAE*: mean absolute error of the components of the
accelerations on 10,000 instants of the test part, and the error over their mean absolute value.
*R²* of the strongest messages (as many as dimensions) against the true force and against the
acceleration that it causes, and the same without the 1 % largest and smallest. The paper's budget
is 1,000,000 updates of 300 hidden units.

| law | dim | model | updates, hidden | MAE | relative error | R² force | trimmed |\
 R² acceleration | trimmed | CPU seconds |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Adds the rows that the command line asks for and the table lacks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2, 3])
    parser.add_argument("--models", nargs="+", default=MODELS, choices=MODELS)
    parser.add_argument("--epochs", type=int, help="of 100 updates; usual if left out")
    parser.add_argument("--hidden", type=int, default=128, help="of message networks")
    parser.add_argument("--trajectories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    if not given.out.exists():
        given.out.write_text(HEAD)
    for dim in given.dim:
        for law in given.laws:
            missing = [m for m in given.models if not _has(given.out, law, dim, m)]
            if not missing:
                continue
            data = simulate(
                law,
                dim=dim,
                trajectories=given.trajectories,
                steps=1000,
                softening=0.01,
                seed=given.seed,
            )
            for model in missing:
                line = row(data, law, model, given)
                print(line, flush=True)
                with given.out.open("a") as file:
                    file.write(line + "\n")


def _has(path: Path, law: str, dim: int, model: str) -> bool:
    return f"| {law} | {dim} | {model} |" in path.read_text()


def row(data: Trajectories, law: str, model: str, given: argparse.Namespace) -> str:
    """One line of the table."""
    arguments: dict = {"seed": given.seed, "model": model}
    if model not in ("pair", "hamiltonian"):
        hidden = (given.hidden,) * 3
        arguments |= {"model": "message", "regularise": model, "hidden": hidden}
    if given.epochs:
        arguments["stages"] = (Stage(epochs=given.epochs, learning_rate=1e-3),)
    began = time.process_time()
    fitted = fit(data, **arguments)
    spent = time.process_time() - began
    test = Design.of(fitted.split.test, INSTANTS, seed=given.seed)
    error = law_acceleration(fitted.law, test) - test.acceleration
    truth = built_in(law).formula(dim=data.dim, softening=0.01)
    r2 = message_r2(fitted.law, test, truth)
    updates = 100 * sum(1 for _ in fitted.history)
    names = ("force", "force_trimmed", "acceleration", "acceleration_trimmed")
    cells = [
        law,
        str(data.dim),
        model,
        f"{updates:,}" + (f", {given.hidden}" if arguments["model"] == "message" else ""),
        f"{np.mean(np.abs(error)):.3g}",
        f"{relative_error(fitted.law, test):.2g}",
        *(f"{r2[name]:.4f}" for name in names),
        f"{spent:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
