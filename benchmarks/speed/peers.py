"""Every comparison with other libraries, side by side: one table, one picture.

    pip install '.[bench]'
    FORCELAW_DATA=folder OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks
        run speed/peers [--draw]

The training step of the reference message network beside PyTorch Geometric's and PyTorch's
(`message_network_step`), the edge operations beside plain JAX (`edge_operations`), both
interleaved, and signed graph networks beside forcelaw on the same split (`graph_networks`).
`--draw` makes docs/pictures/speed.svg of the records.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Record, read, table
from benchmarks.signed import graph_networks
from benchmarks.speed import edge_operations, message_network_step

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "speed.svg"
PARTS = ("particles", "edges", "signed")
SMOKE = ["--only", "edges", "--graph", "tiny", "--rounds", "1"]
Row = tuple[str, str, float, float, float]
"""What, unit, the other's, ours, their ratio."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", default=sys.executable, help="a Python with what [bench] names")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--bodies", nargs="+", type=int, default=[4, 8])
    parser.add_argument("--graph", nargs="+", default=["bitcoin-otc", "130,000 nodes"])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--draw", action="store_true", help="draw the records")
    graph_networks.sizes(parser)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    if "particles" in options.only:
        for bodies in options.bodies:
            yield Case({"part": "particles", "bodies": bodies})
    if "edges" in options.only:
        for graph in options.graph:
            yield Case({"part": "edges", "graph": graph, "rounds": options.rounds})
    if "signed" in options.only:
        for case in graph_networks.cases(options):
            yield Case({"part": "signed", **case.arguments}, case.seed)
    if options.draw:
        draw(rows_of(read("speed/peers")), PICTURE)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Rows of times, or the scores of a method."""
    given = dict(case.arguments)
    part = given.pop("part")
    if part == "particles":
        sizes = {"bodies": given["bodies"], "batch": 64, "turns": 10, "steps": 10}
        asked = Case({**sizes, "contenders": ["forcelaw-epoch", "pyg", "torch"]})
        return {"rows": steps(asked, message_network_step.measure(asked, options)["contenders"])}
    if part == "edges":
        found = edge_operations.measure(Case(given), options)
        return {"rows": operations(given["graph"], found["operations"])}
    return graph_networks.measure(Case(given, case.seed), options)


def steps(case: Case, found: dict[str, Any]) -> list[Row]:
    """Training steps, medians over turns; the ratio is the median within a turn."""
    ours, bodies = found["forcelaw-epoch"], case.arguments["bodies"]
    return [
        (
            f"training step, {bodies} bodies: {message_network_step.TITLES[name]}",
            "ms",
            found[name]["wall"],
            ours["wall"],
            # Shares are of PyTorch Geometric's time.
            found[name]["wall_share"] / ours["wall_share"],
        )
        for name in ("pyg", "torch")
    ]


def operations(graph: str, found: dict[str, Any]) -> list[Row]:
    """Edge operations, medians over rounds; the ratio is the median within a round."""
    wanted = ("force", "force, two programs", "force and gradient")
    return [(f"{n}, {graph}: plain JAX", "ns/edge", *found[n]["wall"]) for n in wanted]


def rows_of(records: Sequence[Record]) -> list[Row]:
    """The rows of times."""
    return [tuple(row) for record in records for row in record.figures.get("rows", ())]


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Times, and scores of the signed networks."""
    rows = [(w, u, f"{a:.1f}", f"{b:.1f}", f"{r:.2f}") for w, u, a, b, r in rows_of(records)]
    signed = [record for record in records if record.arguments["part"] == "signed"]
    return {
        "times": table(" | unit | other | forcelaw | other / forcelaw", rows),
        "signed": graph_networks.figures(signed)["table"],
    }


def draw(rows: Sequence[Row], path: Path) -> None:
    """One bar a row."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "forcelaw"
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 0.4 * len(rows) + 1), constrained_layout=True)
    places = range(len(rows))[::-1]
    bars = axis.barh(places, [row[4] for row in rows], color="tab:blue")
    axis.bar_label(bars, fmt="%.1f", padding=3)
    axis.set_yticks(places, [row[0] for row in rows])
    axis.axvline(1, color="tab:gray", linewidth=1)
    axis.set(xscale="log", xlabel="times as long as forcelaw")
    figure.savefig(path, metadata={"Date": None})
