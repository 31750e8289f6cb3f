"""Five charged or gravitating bodies over long stretches: the task of EGNN, SEGNN and SEGNO.

python -m benchmarks run public/five_bodies
python -m benchmarks run public/five_bodies --networks --seeds 0
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from forcelaw.particles.published import PUBLISHED_ERRORS, System, run_five_bodies

SMOKE = ["--systems", "gravity", "--motions", "60", "--tests", "20", "--seeds", "0"]


def arguments(parser: argparse.ArgumentParser) -> None:
    systems = list(PUBLISHED_ERRORS)
    parser.add_argument("--systems", nargs="+", choices=systems, default=systems)
    parser.add_argument("--motions", type=int, default=3000, help="pairs of states learned from")
    parser.add_argument("--tests", type=int, default=2000)
    parser.add_argument("--networks", action="store_true", help="learn networks, no formulas")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for seed in options.seeds:
        for system in options.systems:
            given = {"system": system, "motions": options.motions, "tests": options.tests}
            yield Case(given | ({"network": True} if options.networks else {}), seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What is found, and its errors."""
    return run_five_bodies(**case.arguments, seed=case.seed or 0).to_json()


def figures(records: Sequence[Record]) -> dict[str, str]:
    rows = []
    for system, published in PUBLISHED_ERRORS.items():
        for name, errors in published.items():
            rows.append([system, name, "", "", *(f"{100 * error:.3g}" for error in errors), ""])
        for record in records:
            if record.arguments["system"] == system:
                by = "forcelaw, network" if _is_network(record) else "forcelaw, formula"
                row, errors = record.figures, record.figures["errors"]
                for kind in ("mean", "median", "worst"):
                    first = kind == "mean"
                    rows.append(
                        [
                            system,
                            f"{by}, {kind}",
                            record.seed,
                            f"{_law(record)}, {row['followed']}" if first else "",
                            *(f"{100 * one[kind]:.2g}" for one in errors),
                            f"{row['seconds']:.0f}" if first else "",
                        ]
                    )
    times = {
        f"{system}.{name}": _times([one for one in records if _is_network(one) == network], system)
        for system in PUBLISHED_ERRORS
        for name, network in (("times", False), ("network-times", True))
    }
    first = {
        f"{record.arguments['system']}.{'network' if _is_network(record) else 'formula'}": (
            f"{max(_first_mean(one) for one in records if _alike(one, record)):.0e}"
        )
        for record in records
    }
    head = "system | from | seed | law | 1000 steps | 1500 | 2000 | seconds"
    return {"table": table(head, rows), **times, **first}


def _is_network(record: Record) -> bool:
    return bool(record.arguments.get("network"))


def _alike(one: Record, other: Record) -> bool:
    systems = {record.arguments["system"] for record in (one, other)}
    return len(systems) == 1 and _is_network(one) == _is_network(other)


def _first_mean(record: Record) -> float:
    """After 1,000 steps."""
    return record.figures["errors"][0]["mean"]


def _law(record: Record) -> str:
    law = record.figures["law"]
    return law if _is_network(record) else f"`{law}`"


def _times(records: Sequence[Record], system: System) -> str:
    """By how much the mean is below SEGNO's at the least, over seeds and stretches."""
    ratios = [
        best / one["mean"]
        for record in records
        if record.arguments["system"] == system
        for best, one in zip(
            PUBLISHED_ERRORS[system]["SEGNO"], record.figures["errors"], strict=True
        )
    ]
    least = min(ratios, default=1)
    size = 10 ** math.floor(math.log10(least))
    return f"{least // size * size:,.0f}" if least < 1e6 else f"10^{math.log10(least):.0f}"
