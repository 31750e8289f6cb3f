"""Schools of fish: how well the next step of motion that was not fitted is predicted.

    FORCELAW_DATA=folder python -m benchmarks run particles/fish       # minutes

The folder holds `fish-50.mat` and `fish-124.mat` (schools that mill in a tank; 200 frames),
which are not part of this repository. `simulated` is a mill of the swarm `worlds.milling`.

A method learns an acceleration from the first 80 % of the frames. On the rest, the change of each
fish's velocity from one frame to the next is taken as normal about the prediction, with the
variance of the training residuals: the mean logarithm of its density, a fish and a frame.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.particles import worlds
from benchmarks.particles.schools import kernels, rival
from benchmarks.particles.schools.recorded import (
    Model,
    Steps,
    least_squares,
    likelihood,
    load,
    one_body,
    steps_of,
)

SMOKE = ["--schools", "simulated", "--methods", "one-body"]


def methods(school: str) -> dict[str, Callable[[Steps], Model]]:
    """Each learns from the early steps."""
    scale = 1.0 if school == "simulated" else 50.0
    return {
        "one-body": lambda early: least_squares(one_body, early),
        **kernels.methods(),
        **rival.methods(scale),
    }


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--schools", nargs="+", default=["50", "124"])
    parser.add_argument("--methods", nargs="+", default=list(methods("50")))


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for school in options.schools:
        for method in options.methods:
            yield Case({"school": school, "method": method})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Log densities."""
    school, method = case.arguments["school"], case.arguments["method"]
    made = (
        worlds.milling(parts=1).recordings
        if school == "simulated"
        else load(int(school)).recordings
    )
    early, late = steps_of(made.parts[0].position)
    model = methods(school)[method](early)
    found: dict[str, Any] = likelihood(model, early, late)
    if isinstance(model, kernels.Learned):
        shape = model.shape
        found["chosen"] = (
            f"{shape.pieces} pieces, {len(shape.kinds)} kernels, held back by {shape.held:g}, "
            f"averaged over {shape.memory:g}"
        )
        found["kernels"] = {
            kernel.name: [
                [float(number) for number in row] for row in zip(*kernel[1:], strict=True)
            ]
            for kernel in model.kernels()
        }
    return found


def figures(records: Sequence[Record]) -> dict[str, str]:
    real = [record for record in records if record.arguments["school"] != "simulated"]
    best = sorted(real, key=lambda r: (int(r.arguments["school"]), -r.figures["test"]))
    rows = [
        (
            *(record.arguments[name] for name in ("school", "method")),
            *(f"{record.figures[name]:.4f}" for name in ("train", "test", "variance")),
        )
        for record in best
    ]
    return {
        "table": table("fish | method | train | test | variance", rows),
        "kernels": _kernels(real),
    }


def _kernels(records: Sequence[Record]) -> str:
    """Attraction and alignment against distance with their bands, of what was learned."""
    rows = [
        (
            record.arguments["school"],
            record.arguments["method"],
            name,
            *(f"{value:.2g} ± {error:.1g}" for _, value, error in points),
        )
        for record in records
        for name, points in record.figures.get("kernels", {}).items()
        if name in ("pair", "alignment")
    ]
    return table("fish | method | kernel | nearest | 1/4 | 1/2 | 3/4 | farthest", rows)
