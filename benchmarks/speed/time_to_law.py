"""From a built-in law to its formula: processor and wall time beside the first release.

    OMP_NUM_THREADS=1 python -m benchmarks run speed/time_to_law [--laws spring] [--dim 2 3]

Both releases are built from this repository's history and installed into folders of their own,
beside the same dependencies. `forcelaw particles discover LAW` runs as a process of its own, one
contender after the other in every round; times are of the whole process, the interpreter's start
included. `first` is the first release, `cold` this one without compiled programs, `warm` with
those that an earlier run kept (what a user has from the second run on). Medians over rounds, ratios
within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.harness import HERE, Case, Record, table

FIRST = "a45f22c"
"""The last commit of the first release."""
LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")
CONTENDERS = ("first", "cold", "warm")
SMOKE = [
    *("--in-place", "--laws", "spring", "--dim", "2", "--rounds", "1", "--contenders", "cold"),
    *("--trajectories", "12", "--epochs", "1"),
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2, 3])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=CONTENDERS)
    parser.add_argument("--trajectories", type=int, help="by default the command's own")
    parser.add_argument("--epochs", type=int, help="of one stage, instead of the command's own")
    parser.add_argument(
        "--in-place", action="store_true", help="install nothing: this release as it is imported"
    )


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for law in options.laws:
        for dim in options.dim:
            yield Case({"law": law, "dim": dim, "rounds": options.rounds}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of every contender, and what it found."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(case.arguments["rounds"]):
            for name in options.contenders:
                place = Path(folder) / f"{name}-{number}"
                kept = Path(folder) / f"compiled-{name if name == 'warm' else place.name}"
                if name == "warm" and number == 0:
                    _discover(name, case, options, place.with_name("first-warm"), kept)
                row = _discover(name, case, options, place, kept)
                one = found.setdefault(name, {"cpu": [], "wall": []})
                one["cpu"].append(row.pop("cpu"))
                one["wall"].append(row.pop("wall"))
                one.update(row)
    return found


def _discover(
    name: str, case: Case, options: argparse.Namespace, out: Path, cache_folder: Path
) -> dict[str, Any]:
    command = [sys.executable, "-m", "forcelaw", "particles", "discover", case.arguments["law"]]
    command += ["--dim", str(case.arguments["dim"]), "--seed", str(case.seed)]
    command += ["--out", str(out), "--quiet"]
    if options.trajectories is not None:
        command += ["--trajectories", str(options.trajectories)]
    if options.epochs is not None:
        command += ["--set", f"stages=[{{epochs: {options.epochs}, learning_rate: 0.01}}]"]
    given = {key: value for key, value in os.environ.items() if not key.startswith("JAX_")}
    given["XDG_CACHE_HOME"] = str(cache_folder)
    if not options.in_place:
        given["PYTHONPATH"] = _installed(FIRST if name == "first" else "HEAD")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # Elsewhere than in this repository, whose sources would come first.
    subprocess.run(command, check=True, env=given, cwd=out.parent, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads((out / "results.json").read_text("utf-8"))
    return {
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall": time.perf_counter() - began,
        "formula": result["formula"],
        "phases": {phase: round(value, 2) for phase, value in result["seconds"].items()},
    }


@cache
def _installed(commit: str) -> str:
    """The folder that this commit is installed in, beside this environment's dependencies."""
    folder = Path(tempfile.mkdtemp(prefix=f"forcelaw-{commit}-"))
    source, target = folder / "source", folder / "site"
    source.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(HERE.parent), "archive", commit], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", str(source)], input=archive.stdout, check=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*install, str(target), str(source)], check=True)
    return str(target)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Processor seconds and wall seconds of all laws."""
    rows = []
    for record in records:
        found = record.figures
        first = found.get("first")
        row: list[object] = [record.arguments["law"], record.arguments["dim"]]
        for kind in ("cpu", "wall"):
            row += [
                f"{statistics.median(found[name][kind]):.1f}" if name in found else "-"
                for name in CONTENDERS
            ]
        row.append(_ratio(first, found.get("cold")))
        row.append(_ratio(first, found.get("warm")))
        row.append(f"`{next(reversed(found.values()))['formula']['pair']}`")
        rows.append(row)
    head = "law | dim | first, CPU s | cold | warm | first, wall s | cold | warm"
    return {"table": table(f"{head} | first / cold, CPU | first / warm | formula", rows)}


def _ratio(first: dict[str, Any] | None, other: dict[str, Any] | None) -> str:
    if first is None or other is None:
        return "-"
    pairs = zip(first["cpu"], other["cpu"], strict=True)
    return f"{statistics.median(one / two for one, two in pairs):.2f}"
