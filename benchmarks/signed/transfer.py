"""Forces learned on one network, at work on another without training.

    FORCELAW_DATA=folder python -m benchmarks run signed/transfer [--presets spr-nn]
        [--sources ...] [--targets ...]

A law and its decoder are trained on the training part (seed 0, protocol pairs) of each source and
applied to the training part of each target (seeds 0, 1, 2; of Slashdot 0 alone; the source itself:
seed 0, the only split whose test part was not trained on); scored is the target's test part.
"""

from __future__ import annotations

import argparse
import functools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.signed.features import without_times

NETWORKS = ("bitcoin-alpha", "bitcoin-otc", "congress", "tribes", "slashdot")
SHIPPED = "shipped"
SEEDS = {name: 1 if name == "slashdot" else 3 for name in NETWORKS}
BASELINE = "baseline"
SMOKE = ["--presets", "default", "--sources", "shipped", "--targets", "synthetic-40"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--presets", nargs="*", default=["spr-nn", "default", BASELINE])
    parser.add_argument("--sources", nargs="*", default=[*NETWORKS, SHIPPED])
    parser.add_argument("--targets", nargs="*", default=list(NETWORKS))


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for preset in options.presets:
        for source in options.sources:
            for target in options.targets:
                if preset == BASELINE and source != target:
                    continue
                if source == SHIPPED and (preset != "default" or seen(source, target)):
                    continue
                yield Case({"preset": preset, "source": source, "target": target}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Mean scores over the target's splits."""
    preset, source, target = (case.arguments[name] for name in ("preset", "source", "target"))
    every = splits(target)
    if preset == BASELINE:
        rows, spent = [baseline(parts) for parts in every], 0.0
    else:
        model, spent = trained(preset, source)
        rows = [score(model, parts) for parts in (every[:1] if target == source else every)]
    scores = {
        key: signed.summary(row[key] for row in rows).to_json() for key in ("auc", "f1_macro")
    }
    return {**scores, "training": spent}


@functools.cache
def splits(name: str) -> list[signed.Split]:
    """Of one network, by seed."""
    whole = signed.read(file_of(name), name=name) if name == "congress" else network(name)
    # A decoder that reads times is of no use on networks without.
    whole = without_times(whole)
    return [signed.split(whole, "pairs", seed=seed) for seed in range(SEEDS.get(name, 3))]


def file_of(name: str) -> Path:
    """A network that is in the data folder, but in no catalogue."""
    return next(Path(os.environ["FORCELAW_DATA"]).glob(f"*{name}*"))


@functools.lru_cache(maxsize=1)
def trained(preset: str, source: str) -> tuple[str | signed.SpringEmbedding, float]:
    """The law of a source, and the processor seconds that its training took."""
    if source == SHIPPED:
        return "default", 0.0
    started = os.times()
    parts = splits(source)[0]
    model = signed.SpringEmbedding(seed=0, preset=preset).fit(parts.train)
    ended = os.times()
    return model, ended.user + ended.system - started.user - started.system


def seen(source: str, target: str) -> bool:
    """Whether the shipped law was trained on the target's test part."""
    return source == SHIPPED and target in dict(signed.load_learned_model("default").trained_on)


def score(model: str | signed.SpringEmbedding, parts: signed.Split) -> dict[str, float]:
    """Of the law at work on a split's training part."""
    moved = signed.apply(model, parts.train)
    probability = moved.predict_proba(parts.test.pairs)[:, 1]
    return signed.scores(parts.test.sign, probability, moved.threshold_)


def baseline(parts: signed.Split) -> dict[str, float]:
    """Of the logistic regression, trained on the same training part."""
    model = signed.FeatureBaseline().fit(parts.train)
    probability = model.predict_proba(parts.test.pairs)[:, 1]
    return signed.scores(parts.test.sign, probability, model.threshold_)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a law, one column a network; the shipped law and the baseline by network."""
    names = ("preset", "source", "target")
    found = {tuple(r.arguments[name] for name in names): r.figures for r in records}
    targets = list(dict.fromkeys(target for _, _, target in found))
    rows = []
    for preset, source in dict.fromkeys(key[:2] for key in found if key[0] != BASELINE):
        cells = [found.get((preset, source, name)) for name in targets]
        cost = next(cell["training"] for cell in cells if cell)
        rows.append((preset, source, f"{cost:.0f}", *map(shown, cells)))
    last = [found.get((BASELINE, name, name)) for name in targets]
    rows.append(("logistic regression", "the column's network", "", *map(shown, last)))
    singles = {f"shipped.{k[2]}": shown(v, short=True) for k, v in found.items() if SHIPPED in k}
    singles |= {f"baseline.{k[2]}": shown(v, short=True) for k, v in found.items() if BASELINE in k}
    head = f"preset | trained on | processor s | {' | '.join(targets)}"
    return {"table": table(head, rows), **singles}


def shown(row: dict[str, Any] | None, *, short: bool = False) -> str:
    """AUC and macro-F1 of one cell."""
    if row is None:
        return "-"
    scores = (f"{row[key]['mean']:.3f}" for key in ("auc", "f1_macro"))
    return " / ".join(score.removeprefix("0") if short else score for score in scores)
