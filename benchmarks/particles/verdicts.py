"""Verdicts on laws outside the searched forms, and on the built-in laws with noise.

    python -m benchmarks run particles/verdicts                       # about an hour of one core
    python -m benchmarks run particles/verdicts --worlds sine dlvo    # some worlds

The worlds are those of the tests; networks are trained briefly, since the formulas come from
regression. The built-in laws are judged as they are, and found from the same data: nothing may be
said against them.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Record, table

WORLDS = Path(__file__).resolve().parents[2] / "tests" / "particles" / "helpers"
SIZES = {
    "judged": {"trajectories": 300, "steps": 200},
    "found": {"trajectories": 100, "steps": 100},
}
LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")
NOISE = (0.0, 0.001, 0.01)
SMOKE = ["--worlds", "--laws", "spring", "--dim", "2", "--how", "judged", "--noise", "0"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--worlds", nargs="*", help="default: all of the tests")
    parser.add_argument("--laws", nargs="*", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=(2, 3))
    parser.add_argument("--how", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--noise", nargs="+", type=float, default=NOISE)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for world in outside() if options.worlds is None else options.worlds:
        yield Case({"world": world})
    if options.worlds:
        return
    for how in options.how:
        for law in options.laws:
            for dim in options.dim:
                for noise in options.noise:
                    yield Case({"law": law, "dim": dim, "how": how, "noise": noise}, 0)


def outside() -> dict[str, Callable[[], Any]]:
    """The worlds of the tests whose law is none of the searched forms."""
    if str(WORLDS) not in sys.path:
        sys.path.append(str(WORLDS))
    from worlds import OUTSIDE

    return OUTSIDE


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The verdict on one world, or on one built-in law."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _of_world(case) if "world" in case.arguments else _of_law(case)


def _of_world(case: Case) -> dict[str, Any]:
    from forcelaw.particles import discover

    began = time.process_time()
    found = discover(outside()[case.arguments["world"]](), **quick())
    return {
        "formula": found.formula.text().replace("\n", "; "),
        "verdict": found.verdict,
        "explained": found.explained,
        "curve": found.curve_explained,
        "causes": list(found.causes),
        "processor": time.process_time() - began,
    }


def _of_law(case: Case) -> dict[str, Any]:
    from forcelaw import particles
    from forcelaw.particles.data import Split
    from forcelaw.particles.diagnosis import judge_formula
    from forcelaw.particles.preparation import data_units, split_and_denoise

    law, dim, how, noise = (case.arguments[name] for name in ("law", "dim", "how", "noise"))
    data = particles.simulate(law, dim=dim, **SIZES[how], noise=noise)
    if how == "found":
        found = particles.discover(data, **quick())
        formula = found.formula.text().replace("\n", "; ")
        return {"verdict": found.verdict, "causes": list(found.causes), "formula": formula}
    split = split_and_denoise(data, 0)
    units = data_units(split.train)
    split = Split(*(part.rescaled(units) for part in split))
    said = judge_formula(particles.LAWS[law].formula(dim=dim).rescaled(units), split)
    return {"verdict": said.verdict, "causes": list(said.causes)}


def quick() -> dict[str, Any]:
    """Settings of a short search."""
    from forcelaw.distill import LibrarySearch
    from forcelaw.training import Stage

    return {
        "stages": (Stage(epochs=3, learning_rate=1e-2),),
        "batch": 64,
        "hidden": (16, 16),
        "searchers": (LibrarySearch(),),
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """The worlds outside, and the built-in laws."""
    return {"outside": _worlds(records), "built-in": _built_in(records), "worlds": _count(records)}


def _count(records: Sequence[Record]) -> str:
    return str(sum("world" in record.arguments for record in records))


def _worlds(records: Sequence[Record]) -> str:
    rows = []
    for record in records:
        if "world" in record.arguments:
            found = record.figures
            shown = f"{found['explained']:.3f}", f"{found['curve']:.3f}"
            causes = ", ".join(found["causes"]) or "-"
            world = record.arguments["world"] + " *" * found.get("searched earlier", False)
            formula, spent = f"`{found['formula'][:70]}`", f"{found['processor']:.0f}"
            rows.append((world, formula, found["verdict"], *shown, causes, spent))
    return table("world | formula | verdict | R² | R² curve | causes | CPU s", rows)


def _built_in(records: Sequence[Record]) -> str:
    cells: dict[tuple[str, int, str], dict[float, str]] = {}
    for record in records:
        if "law" in record.arguments:
            law, dim, how, noise = (record.arguments[n] for n in ("law", "dim", "how", "noise"))
            found = record.figures
            causes = ", ".join(found["causes"])
            cell = f"{found['verdict']}{f' ({causes})' if causes else ''}"
            if how == "found" and found["verdict"] != "law":
                cell += f": `{found['formula']}`"
            cells.setdefault((law, dim, how), {})[noise] = cell
    rows = [(*key, *(found.get(noise, "-") for noise in NOISE)) for key, found in cells.items()]
    return table("law | dimensions | formula | no noise | 0.1 % | 1 %", rows)
