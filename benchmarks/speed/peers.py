"""Every comparison with others, side by side: one command, one table, one picture.

    pip install '.[bench]'
    FORCELAW_DATA=folder OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/speed/peers.py

Runs the training step of the reference message network beside PyTorch Geometric's and PyTorch's
(`message_network_step.py`), the edge operations beside plain JAX (`edge_operations.py`), both
interleaved, and signed graph networks beside forcelaw on the same split (`graph_networks.py`).
Writes results/speed/peers.md and docs/pictures/speed.svg. What was not run has no rows.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
sys.path.append(str(HERE / "signed"))
PARTS = ("particles", "edges", "signed")
Rows = list[tuple[str, str, float, float, float]]
"""What, unit, the other's, ours, their ratio."""


def particles(options: argparse.Namespace) -> Rows:
    """Training steps, medians over turns; the ratio is the median within a turn."""
    import message_network_step

    chosen = argparse.Namespace(peers=options.peers, only=None, batch=64, turns=10, steps=10)
    rows: Rows = []
    for bodies in (4, 8):
        found = message_network_step.measure(bodies, chosen)
        ours = found["forcelaw-epoch"]
        for name, what in (("pyg", "PyTorch Geometric"), ("torch", "PyTorch, dense")):
            # Shares are of PyTorch Geometric's time.
            ratio = found[name]["wall_share"] / ours["wall_share"]
            title = f"training step, {bodies} bodies: {what}"
            rows.append((title, "ms", found[name]["wall"], ours["wall"], ratio))
    return rows


def edges(options: argparse.Namespace) -> Rows:
    """Edge operations, medians over rounds; the ratio is the median within a round."""
    import edge_operations as edge

    rows: Rows = []
    for name, graph, rounds in (("bitcoin-otc", edge.otc(), 9), ("130,000 nodes", edge.large(), 5)):
        found = edge.compare(name, graph, rounds, 3)
        for case in ("force", "force, two programs", "force and gradient"):
            plain, ours, ratio = found[case]
            rows.append((f"{case}, {name}: plain JAX", "ns/edge", plain, ours, ratio))
    return rows


def table(rows: Rows, signed: list[dict[str, Any]]) -> str:
    lines = [
        "# Speed beside others",
        "",
        f"{datetime.date.today()}; {machine()}; Python {platform.python_version()}",
        "",
        f"    {' '.join(['python', 'benchmarks/speed/peers.py', *sys.argv[1:]])}",
        "",
    ]
    if rows:
        lines += ["| | unit | other | forcelaw | other / forcelaw |", "|---|---|---|---|---|"]
        lines += [f"| {w} | {u} | {a:.1f} | {b:.1f} | {r:.2f} |" for w, u, a, b, r in rows]
    if signed:
        lines += ["", "Signed networks, same split (protocol `pairs`), peers untuned:", ""]
        lines += ["| | seed | epochs | training s | AUC | macro-F1 |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {row['method']} | {row['seed']} | {row.get('epochs', '-')} "
            f"| {row['training']:.1f} | {row['auc']:.3f} | {row['f1_macro']:.3f} |"
            for row in signed
        ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """The processor's name and how many of its cores this process may use."""
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    cores = len(os.sched_getaffinity(0))
    return f"{found[1] if found else platform.machine()}, {cores} core{'s'[: cores > 1]}"


def draw(rows: Rows, path: Path) -> None:
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


def main() -> None:
    import graph_networks

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", default=sys.executable, help="a Python with what [bench] names")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    graph_networks.arguments(parser)
    options = parser.parse_args()
    rows: Rows = []
    for name, part in (("particles", particles), ("edges", edges)):
        if name in options.only:
            rows += part(options)
    signed = graph_networks.compare(options) if "signed" in options.only else []
    (HERE / "results" / "speed" / "peers.md").write_text(table(rows, signed), "utf-8")
    if rows:
        draw(rows, HERE.parent / "docs" / "pictures" / "speed.svg")


if __name__ == "__main__":
    main()
