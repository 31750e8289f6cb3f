"""Real trainings, killed at random moments and resumed until done.

Each command runs once without interruption. Then its command is started again and again, each time
killed by SIGKILL at a random moment: a random number of epochs further, or anywhere from its first
tenth of a second to the first epoch. As soon as a run is whole it is compared and a new one begun,
until the kills are spent. Every array, every key of the results and every line of the metrics must
equal those of the uninterrupted run, but for seconds and memory; no temporary file may be left.
Checkpoints are written after every epoch rather than every 20 seconds, so that short trainings have
some.

    python -m benchmarks run robustness/kill_and_resume [--kills 25]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Record, table

_PRELUDE = (
    "import forcelaw.training.loop as t; t.CHECKPOINT_SECONDS = 0.0; "
    "from forcelaw.__main__ import main; main()"
)
_TIMES = ("seconds", "peak_memory_mb")
_SMALL = (
    *("--dim", "2", "--set", "model.folds=2", "--set", "model.steps=4"),
    *("--set", "model.stages.0.steps=4", "--set", "model.stages.0.epochs=30"),
)
MOST_EPOCHS = 12
"""A start is killed after at most so many."""
COMMANDS: dict[str, tuple[str, ...]] = {
    "particles": (
        *("particles", "fit", "spring", "--trajectories", "20"),
        *("--set", "simulation.steps=10", "--set", "stages.0.epochs=30"),
    ),
    "signed": ("signed", "fit", "NETWORK", "--protocol", "pairs", *_SMALL),
}


@dataclass
class Outcome:
    """What became of one command."""

    job: str
    kills: int = 0
    in_training: int = 0
    """Kills that found an unfinished run with a checkpoint."""
    runs: int = 0
    """Interrupted runs that were finished and compared."""
    different: list[str] = field(default_factory=list)


def two_factions(path: Path) -> None:
    """A small signed network: two factions, friends within and enemies between them."""
    pairs = [(i, j) for i in range(12) for j in range(i + 1, 12) if (i * 7 + j * 3) % 4]
    lines = [f"n{i},n{j},{1 if i % 2 == j % 2 else -1}" for i, j in pairs]
    path.write_text("source,target,sign\n" + "\n".join(lines) + "\n")


def start(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    """The real command in a process of its own."""
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-c", _PRELUDE, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )


def wait(child: subprocess.Popen[bytes], metrics: Path, draw: random.Random, took: float) -> bool:
    """Waits for a random moment of a start; whether it came before the end."""
    epochs, share = draw.randint(0, MOST_EPOCHS), draw.uniform(0.02, 0.5)
    began = time.monotonic()
    before = lines(metrics)
    while child.poll() is None:
        if epochs == 0 and time.monotonic() - began > share * took:
            return True
        # A resumed training drops what lies after its checkpoint before it goes on.
        if 0 < epochs <= lines(metrics) - before:
            time.sleep(draw.uniform(0, 0.1))
            return child.poll() is None
        time.sleep(0.002)
    return False


def lines(metrics: Path) -> int:
    """Epochs that a run has told of."""
    try:
        return metrics.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def content(run: Path) -> dict[str, Any]:
    """What a run holds, to be compared: arrays and texts by their hash, results by key."""
    found: dict[str, Any] = {}
    for file in sorted(run.rglob("*")):
        name = str(file.relative_to(run))
        if not file.is_file() or name in (".lock", "report.html", "results.json"):
            continue
        found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    results = json.loads((run / "results.json").read_text())
    found |= {f"results.{key}": value for key, value in results.items() if key not in _TIMES}
    return found | {"report.html": (run / "report.html").is_file()}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The names of what is not the same."""
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]


def torture(job: str, kills: int, folder: Path, draw: random.Random) -> Outcome:
    """One command, killed so many times."""
    network, log = folder / "network.csv", folder / f"{job}.log"
    two_factions(network)
    command = [str(network) if word == "NETWORK" else word for word in COMMANDS[job]]

    def run_whole(run: Path) -> float:
        began = time.monotonic()
        if start([*command, "--out", str(run)], log).wait():
            raise SystemExit(f"{job}: a start that nobody killed failed; see {log}")
        return time.monotonic() - began

    run_whole(folder / f"{job}-whole")
    whole = content(folder / f"{job}-whole")
    # The second time everything is compiled: that is how long those to be killed take.
    took = run_whole(folder / f"{job}-again")
    outcome = Outcome(job)
    outcome.different += differences(whole, content(folder / f"{job}-again"))
    run = folder / f"{job}-0"
    while True:
        if outcome.kills < kills:
            child = start([*command, "--out", str(run)], log)
            if wait(child, run / "metrics.jsonl", draw, took):
                child.kill()
                outcome.kills += 1
                has_checkpoint = (run / "checkpoints" / "latest.safetensors").exists()
                outcome.in_training += has_checkpoint and not (run / "results.json").exists()
            if child.wait() > 0:
                raise SystemExit(f"{job}: a resumed run failed; see {log}")
        else:
            run_whole(run)
        if (run / "results.json").exists():
            if not (run / "report.html").exists():
                run_whole(run)
            outcome.different += differences(whole, content(run))
            outcome.runs += 1
            if outcome.kills >= kills:
                return outcome
            run = folder / f"{job}-{outcome.runs}"


SMOKE = ["--kills", "1", "--commands", "particles"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=25, help="of each command")
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--seed", type=int, default=0)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for job in options.commands:
        yield Case({"job": job, "kills": options.kills}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One command, killed again and again; what differs is an error."""
    with tempfile.TemporaryDirectory(prefix="kill-and-resume-") as name:
        # Compiled once, as on a machine that has run the command before.
        os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(name) / "compiled"))
        os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.2")
        draw = random.Random(case.seed)
        found = torture(case.arguments["job"], case.arguments["kills"], Path(name), draw)
    different = ", ".join(sorted(set(found.different)))
    return {
        "kills": found.kills,
        "in training": found.in_training,
        "runs": found.runs,
        "error": different,
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a command."""
    rows = []
    for record in records:
        found = record.figures
        numbers = found["kills"], found["in training"], found["runs"]
        rows.append((record.arguments["job"], *numbers, found["error"] or "nothing"))
    head = "command | kills | of them in training | runs finished | what differs"
    return {"table": table(head, rows)}
