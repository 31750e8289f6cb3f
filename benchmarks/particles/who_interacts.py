"""Who interacts: springs and charges of Neural Relational Inference, graphs unknown.

python -m benchmarks run particles/who_interacts
python -m benchmarks run particles/who_interacts --bodies 5 --trajectories 100
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from forcelaw.particles.published import PUBLISHED, run_who_interacts

SMOKE = ["--systems", "springs", "--bodies", "3", "--trajectories", "6", "--seeds", "0"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--systems", nargs="+", choices=["springs", "charged"], default=["springs", "charged"]
    )
    parser.add_argument("--bodies", nargs="+", type=int, default=[5, 10])
    parser.add_argument("--trajectories", type=int, default=1000)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for seed in options.seeds:
        for bodies in options.bodies:
            for system in options.systems:
                yield Case(
                    {"system": system, "bodies": bodies, "trajectories": options.trajectories},
                    seed,
                )


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """A row for what is given: velocities too, or positions alone."""
    rows = run_who_interacts(
        systems=[case.arguments["system"]],
        sizes=[case.arguments["bodies"]],
        trajectories=case.arguments["trajectories"],
        seed=case.seed or 0,
    )
    return {row.given: row.to_json() for row in rows}


def figures(records: Sequence[Record]) -> dict[str, str]:
    rows = []
    for record in sorted(records, key=lambda r: (r.arguments["bodies"], r.arguments["system"])):
        published = PUBLISHED.get((record.arguments["system"], record.arguments["bodies"]), {})
        for given, row in record.figures.items():
            rows.append(
                [
                    row["system"],
                    row["bodies"],
                    given,
                    f"{row['accuracy']:.2%} ± {row['error']:.2%}",
                    f"{row['mean_probability']:.4f}",
                    f"{row['unsure']} of {_pairs(row)}",
                    *(f"{published[name]:.1%}" if name in published else "-" for name in _COLUMNS),
                    row["trajectories"],
                    f"{row['seconds']:.0f}",
                ]
            )
    told = {
        f"{row['system']}.{row['bodies']}": f"{row['accuracy']:.1%}".replace("%", " %")
        for record in records
        for given, row in record.figures.items()
        if "velocities" in given
    }
    head = "system | bodies | given | right | mean probability | below .95 | "
    filled = table(f"{head}{' | '.join(_COLUMNS)} | trajectories | seconds", rows)
    return {"table": filled, **told}


_COLUMNS = ("NRI", "NRI, supervised")


def _pairs(row: dict[str, Any]) -> int:
    return row["trajectories"] * row["bodies"] * (row["bodies"] - 1) // 2
