"""Two walks through the code: a trajectory to its formula, an edge list to its signs.

    python -m benchmarks run structure/reading_walks [--walks particles] [--releases now]

One command runs in a process of its own, all modules imported before, and every function of
forcelaw is noted when it is first called. Functions in a row that stand in one file are a stay
there; a stay in a file that was visited before is a return. `first` is the last commit of the first
release, `flat` the last one before packages were divided into rooms, `now` this checkout, all
without compiled edge operations.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.harness import HERE, Case, Record, call, table
from benchmarks.speed.time_to_law import FIRST

RELEASES = {"first": FIRST, "flat": "3907bd1"}
"""Commits; beside them there is `now`."""
SMOKE = ["--walks", "signed", "--releases", "now"]
_SMALL = ("--set", "model.folds=2", "--set", "model.steps=4", "--set", "model.stages.0.epochs=2")
COMMANDS = {
    "particles": ("particles", "discover", "orbits.csv", "--set", "stages.0.epochs=2"),
    "signed": ("signed", "evaluate", "edges.csv", "--protocol", "pairs", "--seeds", "1"),
}
SIZES = {"particles": (), "signed": ("--dim", "4", *_SMALL)}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--walks", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    known = [*RELEASES, "now"]
    parser.add_argument("--releases", nargs="+", choices=known, default=known)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for walk in options.walks:
        for release in options.releases:
            yield Case({"walk": walk, "release": release}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Stays, files and returns, of all functions and of the public ones alone."""
    import forcelaw as fl

    walk = case.arguments["walk"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if walk == "particles":
            data = fl.particles.simulate("spring", trajectories=30, steps=40, seed=0)
            fl.particles.write(data, folder / "orbits.csv")
        else:
            network = fl.signed.synthetic(60, seed=0)
            ends = network.source.tolist(), network.target.tolist()
            pairs = zip(*ends, network.sign.tolist(), strict=True)
            rows = "".join(f"{a},{b},{sign}\n" for a, b, sign in pairs)
            (folder / "edges.csv").write_text(f"source,target,sign\n{rows}")
        source = _source(case.arguments["release"], folder / "code")
        command = [*COMMANDS[walk], *SIZES[walk], "--out", "run"]
        return call("structure/reading_walks", "walked", str(source), str(folder), command)


def _source(release: str, folder: Path) -> Path:
    """The sources of a release, nothing of them compiled."""
    if release == "now":
        from forcelaw import __file__ as place

        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        shutil.copytree(Path(place).parent, folder / "src" / "forcelaw", ignore=ignored)
        return folder / "src"
    packed = folder.with_suffix(".tar")
    made = ["git", "-C", str(HERE.parent), "archive", "-o", str(packed), RELEASES[release], "src"]
    subprocess.run(made, check=True)
    shutil.unpack_archive(packed, folder, filter="data")
    return folder / "src"


def walked(source: str, folder: str, command: Sequence[str]) -> dict[str, dict[str, int]]:
    """The counts of one command, run in this process by the sources in a folder."""
    sys.path.insert(0, source)
    package = importlib.import_module("forcelaw")
    root = f"{Path(source) / 'forcelaw'}{os.sep}"
    if not str(package.__file__).startswith(root):
        raise SystemExit(f"found forcelaw in {package.__file__}, expected it in {root}")
    for module in pkgutil.walk_packages(package.__path__, "forcelaw."):
        if not module.name.endswith(("__main__", "_kernels")):
            importlib.import_module(module.name)
    main = importlib.import_module("forcelaw.__main__").main
    entered: dict[Any, None] = {}

    def note(frame: Any, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(root):
            # Bodies of modules and classes are no functions.
            entered.setdefault(code) if code.co_flags & inspect.CO_OPTIMIZED else None

    os.chdir(folder)
    sys.argv = ["forcelaw", *command]
    with redirect_stdout(sys.stderr), suppress(SystemExit):
        sys.setprofile(note)
        try:
            main()
        finally:
            sys.setprofile(None)
    if not (Path(folder) / "run" / "results.json").exists():
        raise SystemExit("found no results, expected those of the command")
    public = [code for code in entered if not _is_private(code.co_qualname)]
    return {"all": _counts(entered), "public": _counts(public)}


def _is_private(name: str) -> bool:
    """Whether a function is one of its file alone, or stands inside another."""
    return any(part.startswith("_") or part == "<locals>" for part in name.split("."))


def _counts(codes: Any) -> dict[str, int]:
    stays = [file for file, _ in groupby(code.co_filename for code in codes)]
    files = len(set(stays))
    return {"stays": len(stays), "files": files, "returns": len(stays) - files}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a walk and release."""
    rows = []
    order = [*COMMANDS, *RELEASES, "now"]
    for record in sorted(
        records, key=lambda r: [order.index(r.arguments[k]) for k in ("walk", "release")]
    ):
        counts = [record.figures[which].values() for which in ("all", "public")]
        shown = (" / ".join(map(str, one)) for one in counts)
        rows.append((record.arguments["walk"], record.arguments["release"], *shown))
    head = "walk | release | all functions: stays / files / returns | public functions alone"
    return {"table": table(head, rows)}
