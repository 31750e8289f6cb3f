"""Many damaged inputs in pieces, each piece in a process of its own that may be ended."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fuzz_readers import READERS
from fuzz_work import TALLY, work

PIECE = 20_000
"""Inputs of one process: JAX takes seconds to start."""
HANGS = 60.0
"""Seconds, by the clock, after which a process that stands still is ended."""
HEAD = ("reader", "inputs", "read", "refused (InputError)", "anything else", "slowest", "largest")


def run_piece(order: dict, quiet: bool = True) -> dict:
    """What came of a piece; a process that died or hung is a failure of the input it read."""
    with tempfile.TemporaryDirectory() as folder:
        progress, report = Path(folder) / "progress", Path(folder) / "report"
        progress.write_bytes(order["first"].to_bytes(8, "little"))
        order = order | {"progress": str(progress), "report": str(report)}
        here = Path(__file__).parent
        child = subprocess.Popen(
            [sys.executable, str(here), "--order", json.dumps(order)],
            env={**os.environ, "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
        )
        at, since = -1, time.monotonic()
        started = False
        while child.poll() is None:
            time.sleep(0.05)
            now = int.from_bytes(progress.read_bytes(), "little")
            started = started or now > order["first"]
            if now != at:
                at, since = now, time.monotonic()
            if time.monotonic() - since > (HANGS if started else 5 * HANGS):
                child.kill()
                child.wait()
                break
        if report.exists():
            return json.loads(report.read_text())
        error = "" if child.stderr is None else child.stderr.read()
        if not started:
            raise RuntimeError(f"{order['reader']}: could not begin\n{error[-3000:]}")
        how = "hung" if child.returncode == -9 else f"ended with {child.returncode}"
        failure = {"index": at, "failure": f"the process {how}: {error[-200:]}"}
        done = at - order["first"] + 1
        return dict.fromkeys(TALLY, 0) | {
            "inputs": done, "refused": done - 1, "failed": 1, "slowest": 0.0, "largest": 0.0,
            "failures": [failure], "again": at + 1,
        }  # fmt: skip


def run_reader(name: str, first: int, last: int, order: dict) -> dict:
    """What came of the inputs `first` to `last` of one reader."""
    total = dict.fromkeys(TALLY, 0) | {"slowest": 0.0, "largest": 0.0, "failures": []}
    while first < last:
        end = min(first + PIECE, last)
        found = run_piece(order | {"reader": name, "first": first, "last": end})
        for key in TALLY:
            total[key] += found[key]
        for key in ("slowest", "largest"):
            total[key] = max(total[key], found[key])
        total["failures"] += found["failures"]
        first = found.get("again", end)
    return total


def table(found: dict[str, dict]) -> str:
    """A row for each reader."""
    rows = [HEAD, tuple("---" for _ in HEAD)]
    for name, tally in found.items():
        rows.append(
            (
                name,
                *(f"{tally[key]:,}" for key in TALLY),
                f"{tally['slowest']:.2f} s",
                f"{tally['largest']:.0f} MB",
            )
        )
    total = [f"{sum(tally[key] for tally in found.values()):,}" for key in TALLY]
    slowest = max((tally["slowest"] for tally in found.values()), default=0.0)
    largest = max((tally["largest"] for tally in found.values()), default=0.0)
    rows.append(("all", *total, f"{slowest:.2f} s", f"{largest:.0f} MB"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def shares(count: int, readers: list[str]) -> dict[str, int]:
    """How many inputs each reader gets: at least one, quick readers more."""
    whole = sum(READERS[name].share for name in readers)
    return {name: max(1, round(count * READERS[name].share / whole)) for name in readers}


def main() -> int:
    """The command; its exit status is 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="of all readers together")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--reader", action="append", choices=sorted(READERS), help="only this one")
    parser.add_argument("--seconds", type=float, default=1.0, help="processor time of an input")
    parser.add_argument("--megabytes", type=float, default=200.0, help="memory of an input")
    parser.add_argument("--keep", default="", help="folder for inputs that failed")
    parser.add_argument("--json", default="", help="file for the outcome")
    parser.add_argument("--order", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.order:
        work(json.loads(given.order))
        return 0
    order = {"seed": given.seed, "seconds": given.seconds, "megabytes": given.megabytes,
             "keep": given.keep and str(Path(given.keep).resolve())}  # fmt: skip
    found = {}
    for name, count in shares(given.inputs, given.reader or list(READERS)).items():
        found[name] = run_reader(name, given.first, given.first + count, order)
        print(f"{name}: {found[name]['inputs']:,} inputs, {found[name]['failed']} failed",
              file=sys.stderr, flush=True)  # fmt: skip
        for failure in found[name]["failures"][:20]:
            print(f"  {failure['index']}: {failure['failure']}", file=sys.stderr, flush=True)
        if given.json:
            Path(given.json).write_text(json.dumps(found))
    print(table(found))
    return int(any(tally["failed"] for tally in found.values()))
