"""Learning-rate schedules of SPR-NN: why the reference training jumps, and what keeps it still.

    FORCELAW_DATA=folder python -m benchmarks run ablations/schedules [--dataset bitcoin-otc]
        [--settings staged-constant staged-cosine constant cosine slower]

SPR-NN in 64 dimensions (protocol `pairs`, seed 0, 10 % of the training pairs kept for validation),
300 updates each: the staged schedule of the reference implementation followed by its published
setting, at a constant learning rate of .09 and at one that falls like a cosine; the published
setting alone at those two; and at a cosine that starts at .03, which is the preset. Figures are
the loss of hidden training signs after every epoch, and AUC and macro-F1 on the validation part of
the best epoch.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed

PRESET = signed.PRESETS["spr-nn"]


def preset(schedule: str, learning_rate: float, *, staged: bool) -> signed.Preset:
    published = dataclasses.replace(PRESET.stages[0], learning_rate=learning_rate)
    stages = (published,)
    if staged:
        stages = (*signed.reference_stages(learning_rate), dataclasses.replace(published, epochs=8))
    return dataclasses.replace(PRESET, stages=stages, schedule=schedule)


SETTINGS = {
    "staged-constant": preset("constant", 0.09, staged=True),
    "staged-cosine": preset("cosine", 0.09, staged=True),
    "constant": preset("constant", 0.09, staged=False),
    "cosine": preset("cosine", 0.09, staged=False),
    "slower": PRESET,
}


TITLES = {
    "staged-constant": "staged schedule, then the published setting | constant .09",
    "staged-cosine": "staged schedule, then the published setting | cosine from .09",
    "constant": "published setting alone | constant .09",
    "cosine": "published setting alone | cosine from .09",
    "slower": "published setting alone (the preset) | cosine from .03",
}
EPOCHS = (1, 5, 10, 15, 20, 25, 30)
SMOKE = ["--settings", "slower", "--dataset", "synthetic-40", "--dim", "2", "--epochs", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--dataset", default="bitcoin-otc")
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--epochs", type=int, help="of every stage; default: the setting's")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {"dim": options.dim, "epochs": options.epochs}
    for name in options.settings:
        yield Case({"setting": name, "network": options.dataset, **sizes}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One training."""
    given, seed = case.arguments, case.seed
    assert seed is not None
    chosen = SETTINGS[given["setting"]]
    if given["epochs"] is not None:
        stages = [dataclasses.replace(stage, epochs=given["epochs"]) for stage in chosen.stages]
        chosen = dataclasses.replace(chosen, stages=tuple(stages))
    parts = signed.split(network(given["network"]), "pairs", seed=seed, validation=0.1)
    kept = parts.validation
    assert kept is not None
    model = signed.SpringEmbedding(given["dim"], seed=seed, preset=chosen).fit(parts.train)
    found = signed.scores(kept.sign, model.predict_proba(kept.pairs)[:, 1], model.threshold_)
    losses = {str(k): epoch.metrics["loss"] for k, epoch in enumerate(model.history_, 1)}
    return {
        "best": min(losses.values()),
        "last": list(losses.values())[-1],
        "losses": losses,
        "skipped": sum(epoch.metrics["skipped"] for epoch in model.history_),
        "auc": found["auc"],
        "f1_macro": found["f1_macro"],
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Losses and scores of every setting, and its losses epoch by epoch."""
    rows, losses = [], []
    for record in records:
        title, found = TITLES[record.arguments["setting"]], record.figures
        scores = (f"{found[key]:.3f}" for key in ("best", "last", "auc", "f1_macro"))
        rows.append((title, *scores))
        if not record.arguments["setting"].startswith("staged"):
            each = (found["losses"].get(str(epoch)) for epoch in EPOCHS)
            shown = ("-" if loss is None else f"{loss:.3f}" for loss in each)
            losses.append((title.partition(" | ")[2], *shown))
    head = "setting | rate | best loss | last loss | validation AUC | macro-F1"
    return {
        "table": table(head, rows),
        "losses": table(f"rate | {' | '.join(map(str, EPOCHS))}", losses),
    }
