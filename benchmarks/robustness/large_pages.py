"""Reports that move: how large the page is, and how fast it draws in a browser.

    python -m benchmarks run robustness/large_pages

Motion of 1,000 bodies of three kinds in a box, true and predicted side by side, and a network of
10,000 nodes and 50,000 edges that turns, are made up, drawn as reports draw them, and opened in
Chromium without a graphics card. Times are between frames, while the page moves.
"""

# Of the extra `bench`.
# pyright: reportMissingImports=false

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.particles.prediction import ShownMotion
from forcelaw.report.drawing import motion_player, moving_network, script_tags
from forcelaw.signed.evaluation.showing import ShownNetwork

SMOKE = ["--bodies", "5", "--nodes", "30", "--edges", "60", "--milliseconds", "300"]
WATCHED = """milliseconds => new Promise(done => {
  const times = [];
  const note = now => {
    times.push(now);
    if (now - times[0] < milliseconds) requestAnimationFrame(note); else done(times);
  };
  requestAnimationFrame(note);
})"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bodies", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=10_000)
    parser.add_argument("--edges", type=int, default=50_000)
    parser.add_argument("--milliseconds", type=int, default=5000, help="that a page is watched")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    yield Case({"page": "motion", "bodies": options.bodies}, 0)
    yield Case({"page": "network", "nodes": options.nodes, "edges": options.edges}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The size of the page, and milliseconds from one frame to the next."""
    given = case.arguments
    if given["page"] == "motion":
        part, script, button = motion_player(moving_bodies(given["bodies"])), "motion", "Play"
    else:
        part = moving_network(turning_network(given["nodes"], given["edges"]))
        script, button = "network", "Turn"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(f"<!doctype html>{part}{script_tags(script)}", "utf-8")
        megabytes = file.stat().st_size / 1e6
        times = watched(file, button, options.milliseconds)
    if times is None:
        return {"megabytes": megabytes, "error": "no Chromium"}
    apart = np.diff(times)
    middle, slow = np.quantile(apart, [0.5, 0.95])
    return {"megabytes": megabytes, "frames": len(apart), "median": middle, "slow": slow}


def moving_bodies(bodies: int) -> dict[str, Any]:
    """Bodies that wander through a box in space."""
    random = np.random.default_rng(0)
    frames, side = ShownMotion.frames(bodies), 10.0
    steps = 0.1 * random.normal(size=(frames, bodies, 3))
    places = side * random.random((bodies, 3)) + np.cumsum(steps, axis=0)
    kinds = tuple(f"kind {number % 3}" for number in range(bodies))
    time, box = np.linspace(0, 1, frames), side * np.eye(3)
    return dict(ShownMotion(time, places, places + 0.01, kinds, box).to_json())


def turning_network(nodes: int, edges: int) -> dict[str, Any]:
    """Nodes anywhere in space, edges between any two of them."""
    random = np.random.default_rng(0)
    network = ShownNetwork(
        names=tuple(f"node {number}" for number in range(nodes)),
        time=np.linspace(0, 1, 5),
        position=random.uniform(-1, 1, (5, nodes, 3)),
        spread=0.8,
        edges=random.integers(nodes, size=(edges, 2)),
        state=random.integers(16, size=edges),
        probability=random.random(edges),
        faction=np.arange(nodes) % 4,
        all_nodes=nodes,
        all_edges=edges,
    )
    return dict(network.to_json())


def watched(file: Path, button: str, milliseconds: int) -> list[float] | None:
    """When frames were drawn after a button was pressed; None without a browser."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri())
        page.get_by_role("button", name=button, exact=True).click()
        times = page.evaluate(WATCHED, milliseconds)
        browser.close()
    return times


def figures(records: Sequence[Record]) -> dict[str, str]:
    rows = []
    for record in records:
        given, found = record.arguments, record.figures
        what = (
            f"{given['bodies']:,} bodies, both motions"
            if given["page"] == "motion"
            else f"{given['nodes']:,} nodes, {given['edges']:,} edges"
        )
        numbers = [f"{found['megabytes']:.2g}", f"{found['median']:.0f}", f"{found['slow']:.0f}"]
        rows.append([given["page"], what, *numbers])
    head = "page | what moves | MB | ms a frame, median | one in twenty above"
    return {"table": table(head, rows)}
