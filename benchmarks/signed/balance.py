"""The frustration index of public networks: bounds, and the time of their proof.

    FORCELAW_DATA=folder python -m benchmarks run signed/balance [--networks ...] [--seconds 300]

Processor seconds are of everything: reading aside, the search for groups and the proof.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed

NETWORKS = ("tribes", "congress", "bitcoin-alpha", "bitcoin-otc", "slashdot")
SMOKE = ["--networks", "synthetic-40", "--seconds", "5"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--seconds", type=float, default=300.0)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        yield Case({"network": name, "seconds": options.seconds}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Both bounds, and what they took."""
    pairs = network(case.arguments["network"]).pairs()
    started = os.times()
    found = signed.frustration(pairs, seconds=case.arguments["seconds"], seed=case.seed or 0)
    ended = os.times()
    spent = ended.user + ended.system - started.user - started.system
    return {"nodes": pairs.n_nodes, "pairs": pairs.n_edges, **found.to_json(), "spent": spent}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a network."""
    rows, single = [], {}
    for record in records:
        name, found = record.arguments["network"], record.figures
        lower, upper = found["lower"], found["upper"]
        share = 1 - lower / upper if upper else 0.0
        gap = "proven" if found["exact"] else f"{share:.1%}"
        seconds = f"{found['spent']:.1f}"
        size = f"{found['nodes']:,}", f"{found['pairs']:,}"
        rows.append((name, *size, f"{lower:,}", f"{upper:,}", gap, seconds))
        single |= {f"{name}.frustration": f"{upper:,}", f"{name}.seconds": f"{found['spent']:.0f}"}
        single[f"{name}.gap"] = gap
    head = "network | nodes | pairs | at least | found | gap | processor s"
    proven = sum(record.figures["exact"] for record in records)
    counts = {"proven": str(proven), "all": str(len(records))}
    return {"table": table(head, rows), **counts, **single}
