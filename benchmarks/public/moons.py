"""Jupiter's mass from its four large moons: the central body is not in the data.

python -m benchmarks run public/moons   # needs the package astronomy-engine
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.laws import Formula
from forcelaw.particles import Trajectories, discover

MOONS = ("io", "europa", "ganymede", "callisto")
IO = 0.00282
"""Astronomical units that count as 1: about the orbit of Io."""
PUBLISHED = 2.82534584e-7
"""Jupiter's gravitational parameter, AU^3 / day^2 (DE421): to check results, never an input."""
STEP = 0.1
"""Days between snapshots."""
SMOKE = ["--days", "10"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", nargs="+", type=float, default=[60.0])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for days in options.days:
        yield Case({"days": days}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The law of four moons about a place in which nothing is seen."""
    del options
    if importlib.util.find_spec("astronomy") is None:
        return {"missing": "astronomy-engine"}
    data = moons(case.arguments["days"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = discover(data, seed=case.seed or 0)
    return {
        "formula": found.formula.text(),
        "verdict": found.verdict,
        "explained": found.explained,
        "causes": list(found.causes),
        "gm": mass_seen(found.formula) * IO**3,
    }


def moons(days: float) -> Trajectories:
    """Positions and velocities about Jupiter, of the package astronomy-engine."""
    astronomy: Any = importlib.import_module("astronomy")

    time = np.arange(round(days / STEP) + 1) * STEP
    states = [astronomy.JupiterMoons(astronomy.Time(float(day))) for day in time]
    seen = [[getattr(state, name) for name in MOONS] for state in states]
    position = np.array([[(one.x, one.y, one.z) for one in row] for row in seen]) / IO
    velocity = np.array([[(one.vx, one.vy, one.vz) for one in row] for row in seen]) / IO
    return Trajectories(position[None], velocity[None], time, bodies=MOONS, name="moons")


def mass_seen(formula: Formula) -> float:
    """The pull towards the centre at the distance 1, where a formula has one."""
    if not formula.one_body:
        return 0.0
    at = {"x": np.array(1.0), "y": np.array(0.0), "z": np.array(0.0)}
    return -float(formula.one_body[0].at(at))


def figures(records: Sequence[Record]) -> dict[str, str]:
    rows = [
        [
            f"{record.arguments['days']:g}",
            f"`{record.figures['formula']}`".replace("\n", "; "),
            record.figures["verdict"],
            f"{record.figures['explained']:.8f}",
            f"{record.figures['gm']:.4e}",
            f"{record.figures['gm'] / PUBLISHED - 1:.1e}",
            f"{record.seconds:.0f}",
        ]
        for record in records
        if "formula" in record.figures
    ]
    head = "days | found | verdict | R² | GM, AU^3 / day^2 | relative error | seconds"
    return {"table": table(head, rows)}
