"""Draws the pictures of the public benchmarks from their records.

python docs/scripts/make_record_pictures.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "forcelaw"

import matplotlib.pyplot as plt  # noqa: E402

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures" / "records"
RECORDS = ROOT / "benchmarks" / "records"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9")
"""Of Okabe and Ito, told apart by the colour-blind, too."""
EXACT = 1e-16
"""Drawn for less than that, zero included."""
SHOWN = 1e-8
"""Mean square error below which none is drawn: rounding is far below it."""
NAMED = re.compile("(?<=[a-z])-(?=[a-z])")
"""Where names of laws are broken; `r^-1.5` is one word."""
RELATIVITY = 42.98
"""Arcseconds a century: Park and others, AJ 153, 121 (2017)."""


def main() -> None:
    """Writes all pictures."""
    for name, draw in (
        ("five-bodies", five_bodies),
        ("who-interacts", who_interacts),
        ("central-laws", central_laws),
        ("mercury", mercury),
    ):
        figure = draw()
        path = PICTURES / f"{name}.svg"
        figure.savefig(path, metadata={"Date": None})
        # Matplotlib leaves spaces at the ends of lines.
        path.write_text("\n".join(map(str.rstrip, path.read_text("utf-8").split("\n"))), "utf-8")


def records(name: str) -> list[dict[str, Any]]:
    """The newest record of each case of one benchmark."""
    lines = (RECORDS / f"{name}.jsonl").read_text("utf-8").splitlines()
    every = map(json.loads, lines)
    return list({json.dumps([one["arguments"], one["seed"]]): one for one in every}.values())


def five_bodies() -> Any:
    """Mean square errors of positions against the stretch, of others and of each seed."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, constrained_layout=True)
    for axis, system in zip(axes, ("charged", "gravity"), strict=True):
        every = records("public/five_bodies")
        found = [each for each in every if each["arguments"]["system"] == system]
        steps = [error["steps"] for error in found[0]["figures"]["errors"]]
        published = found[0]["figures"]["published"]
        for colour, (name, errors) in zip(COLOURS[1:], published.items(), strict=False):
            axis.plot(steps, errors, "s--", color=colour, label=name)
        labels = {True: ("forcelaw, network", "o:"), False: ("forcelaw, formula", "o-")}
        for each in found:
            means = [error["mean"] for error in each["figures"]["errors"]]
            label, line = labels[bool(each["arguments"].get("network"))]
            known = axis.get_legend_handles_labels()[1]
            shown = f"{label}, each seed"
            axis.plot(steps, means, line, color=COLOURS[0], label=None if shown in known else shown)
        axis.set(yscale="log", title=system, xlabel="steps predicted", xticks=steps)
        axis.set_ylim(SHOWN, 1)
        below = [max(error["mean"] for error in each["figures"]["errors"]) for each in found]
        if (least := min(below)) < SHOWN:
            axis.text(0.03, 0.03, f"formula: below {least:.0e}", transform=axis.transAxes)
    axes[0].set_ylabel("mean square error of positions")
    figure.legend(
        *axes[0].get_legend_handles_labels(),
        frameon=False,
        fontsize=8,
        loc="outside upper center",
        ncols=5,
    )
    return figure


def who_interacts() -> Any:
    """Pairs whose kind was not found, of ours and of those published."""
    figure, axis = plt.subplots(figsize=(8, 3), constrained_layout=True)
    names, rows = [], []
    for record in records("particles/who_interacts"):
        for given, found in record["figures"].items():
            if given == "positions":
                continue
            names.append(f"{found['system']}, {found['bodies']} bodies")
            alone = record["figures"]["positions"]
            published = found["published"]
            rows.append(
                {
                    "forcelaw, positions and velocities": 1 - found["accuracy"],
                    "forcelaw, positions alone": 1 - alone["accuracy"],
                    **{name: 1 - right for name, right in published.items()},
                }
            )
    places = range(len(rows))
    for i, name in enumerate(rows[0]):
        bars = axis.barh(
            [place + 0.2 * (1.5 - i) for place in places],
            [100 * row[name] for row in rows],
            height=0.18,
            color=COLOURS[i],
            label=name,
        )
        axis.bar_label(bars, fmt="%.1f", padding=3, fontsize=7)
    axis.set_yticks(list(places), names)
    axis.set(xlabel="pairs told wrong, %", xlim=(0, 36))
    axis.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def central_laws() -> Any:
    """How far forces are from the truth, law by law; those whose form was found are filled."""
    figure, axis = plt.subplots(figsize=(8, 3.4), constrained_layout=True)
    found = records("public/central_laws")
    laws = list(dict.fromkeys(record["arguments"]["law"] for record in found))
    ways = (("forcelaw", 0.0), ("pysindy", 0.0), ("forcelaw", 0.005), ("pysindy", 0.005))
    for k, (method, noise) in enumerate(ways):
        for record in found:
            asked, error = record["arguments"], record["figures"].get("nmse")
            if (asked["method"], asked["noise"]) != (method, noise) or error is None:
                continue
            axis.plot(
                laws.index(asked["law"]) + 0.15 * (k - 1.5),
                max(error, EXACT),
                "os^D"[k],
                color=COLOURS[k],
                fillstyle="full" if record["figures"]["right"] else "none",
            )
        words = "without noise" if noise == 0 else f"{100 * noise:g} % noise"
        axis.plot([], [], "os^D"[k], color=COLOURS[k], label=f"{method}, {words}")
    axis.set_xticks(range(len(laws)), [NAMED.sub("\n", law) for law in laws], fontsize=7)
    axis.plot([], [], "o", color="#888888", label="filled: form found")
    axis.set(yscale="log", ylabel="NMSE of the force, 1e-16 at least")
    figure.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=5)
    return figure


def mercury() -> Any:
    """What is missed of the accelerations, and by how much the ellipse turns."""
    found = records("public/mercury")
    years = [f"{record['arguments']['years']:g} years" for record in found]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8), constrained_layout=True)
    places = range(len(found))
    for key, name, colour in (
        ("newton", "masses alone", COLOURS[1]),
        ("missed", "with the terms found", COLOURS[0]),
    ):
        values = [record["figures"][key] for record in found]
        left.plot(places, values, "o", color=colour, label=name)
    left.set_xticks(list(places), years)
    left.set(yscale="log", ylabel="missed of accelerations", ylim=(1e-10, 1e-7))
    left.set_xlim(-0.5, len(found) - 0.5)
    left.legend(frameon=False)
    values = [record["figures"]["precession"] for record in found]
    right.plot(places, values, "o", color=COLOURS[0], label="found")
    right.axhline(RELATIVITY, color="gray", linewidth=1, label="relativity")
    right.fill_between(
        [-0.5, len(found) - 0.5],
        0.95 * RELATIVITY,
        1.05 * RELATIVITY,
        color="gray",
        alpha=0.15,
        label="within 5 %",
    )
    right.set_xticks(list(places), years)
    right.set(ylabel="arcseconds a century", xlim=(-0.5, len(found) - 0.5))
    right.legend(frameon=False)
    return figure


if __name__ == "__main__":
    main()
