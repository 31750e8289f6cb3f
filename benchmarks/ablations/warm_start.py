"""Whether a training that begins with the shipped law gets there sooner.

    FORCELAW_DATA=folder python benchmarks/ablations/warm_start.py [NETWORK ...]

On networks that the shipped law has not seen: validation AUC of the whole method, and of the
distance alone, after few epochs and after all, from random forces and from the shipped ones; mean
over splits (seeds 0, 1, 2). Writes `benchmarks/results/ablations/warm_start.md`.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import os
import platform
from pathlib import Path

import numpy as np

from forcelaw import signed

RESULTS = Path(__file__).parents[1] / "results" / "ablations" / "warm_start.md"
EPOCHS = (1, 12)
SEEDS = 3
HEAD = """# Beginning with the shipped law

`forcelaw signed fit --start-from default` against a training from random forces, on networks that
the shipped law has not seen. AUC on a validation part (10 % of the pairs, never the test part),
of the whole method and of the distance alone, mean over splits (seeds 0, 1, 2).

    python benchmarks/ablations/warm_start.py
"""


def main() -> None:
    """Trains and writes the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("networks", nargs="*", default=["congress"])
    rows = []
    for name in parser.parse_args().networks:
        network = signed.dataset(name)
        splits = [signed.split(network, "pairs", seed=s, validation=0.1) for s in range(SEEDS)]
        for epochs in EPOCHS:
            for start in (None, "default"):
                begin = os.times()
                found = np.mean([scored(parts, epochs, start) for parts in splits], axis=0)
                end = os.times()
                spent = (end.user + end.system - begin.user - begin.system) / SEEDS
                word = "random" if start is None else "shipped"
                cells = f"{found[0]:.3f} | {found[1]:.3f} | {spent:.0f}"
                rows.append(f"| {name} | {epochs} | {word} | {cells} |")
                print(rows[-1], flush=True)
                write(rows)


def scored(parts: signed.Split, epochs: int, start: str | None) -> list[float]:
    """Validation AUC of the method and of the distance alone."""
    preset = signed.PRESETS["default"]
    stages = (dataclasses.replace(preset.stages[0], epochs=epochs),)
    preset = dataclasses.replace(preset, stages=stages)
    model = signed.SpringEmbedding(seed=0, preset=preset, start_from=start).fit(parts.train)
    held = parts.validation
    assert held is not None
    probability = model.predict_proba(held.pairs)[:, 1]
    ends = model.positions_[held.pairs]
    near = np.exp(-np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1))
    return [signed.scores(held.sign, p)["auc"] for p in (probability, near)]


def write(rows: list[str]) -> None:
    """The table so far."""
    lines = [
        HEAD,
        f"{datetime.date.today().isoformat()}; {platform.machine()}. Processor seconds of one "
        "fit, the first with its compilation.",
        "",
        "| network | epochs | forces at the start | AUC | AUC of distance alone | processor s |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    RESULTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
