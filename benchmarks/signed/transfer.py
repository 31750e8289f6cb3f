"""Forces learned on one network, at work on another without training.

    FORCELAW_DATA=folder python benchmarks/signed/transfer.py [--presets spr-nn] [--sources ...]

A law and its decoder are trained on the training part (seed 0, protocol pairs) of each source and
applied to the training part of each target (seeds 0, 1, 2; of Slashdot 0 alone; the source itself:
seed 0, the only split whose test part was not trained on); scored is the target's test part.
Results are kept in `benchmarks/results/signed/transfer.jsonl`; what is there already is not done
again. The table `benchmarks/results/signed/transfer.md` is written anew after every source.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from forcelaw import signed
from forcelaw.signed.features import without_times

RESULTS = Path(__file__).parents[1] / "results" / "signed"
NETWORKS = ("bitcoin-alpha", "bitcoin-otc", "congress", "tribes", "slashdot")
SHIPPED = "shipped"
SEEDS = {name: 1 if name == "slashdot" else 3 for name in NETWORKS}
HEAD = """# Forces learned on one network, at work on another

AUC / macro-F1 on held-back pairs of the column's network, by forces and a decoder trained on the
training part of the row's network, without any training on the column's: its training signs only
move the nodes, calibrate the log-odds (slope and shift) and choose the threshold. Protocol pairs,
inductive, without times. Mean over the target's splits (seeds 0, 1, 2; of Slashdot 0 alone); where
row and column are the same, over the one split whose training part was learned from. *shipped* is
the law in the package, trained on bitcoin-otc, bitcoin-alpha and fifteen made-up networks: its
scores on the two bitcoin networks would be of signs it has seen, and are left out. *logistic
regression* is trained on the column's training part. Rows keep the day they were worked out, in
transfer.jsonl; those of 2026-11-25 are of forces of one training from random starts.

    python benchmarks/signed/transfer.py
"""


def main() -> None:
    """Evaluates what is missing and writes the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--presets", nargs="*", default=["spr-nn", "default"])
    parser.add_argument("--sources", nargs="*", default=[*NETWORKS, SHIPPED])
    parser.add_argument("--targets", nargs="*", default=list(NETWORKS))
    options = parser.parse_args()
    done = recorded()
    targets = {name: splits(name) for name in options.targets}
    for preset in options.presets:
        for source in options.sources:
            missing = [
                name
                for name in options.targets
                if key(preset, source, name) not in done and not seen(source, name)
            ]
            if not missing or (source == SHIPPED and preset != "default"):
                continue
            started = time.perf_counter()
            model, spent = trained(preset, source, targets)
            for name in missing:
                chosen = targets[name][:1] if name == source else targets[name]
                rows = [score(model, parts) for parts in chosen]
                done[key(preset, source, name)] = {
                    "preset": preset,
                    "source": source,
                    "target": name,
                    "auc": signed.summary(row["auc"] for row in rows),
                    "f1_macro": signed.summary(row["f1_macro"] for row in rows),
                    "training": spent,
                    "date": datetime.date.today().isoformat(),
                }
            print(preset, source, f"{time.perf_counter() - started:.0f} s", flush=True)
            write(done)
    for name, every in targets.items():
        if key("baseline", name, name) not in done:
            rows = [baseline(parts) for parts in every]
            done[key("baseline", name, name)] = {
                "preset": "baseline",
                "source": name,
                "target": name,
                "auc": signed.summary(row["auc"] for row in rows),
                "f1_macro": signed.summary(row["f1_macro"] for row in rows),
                "training": 0.0,
                "date": datetime.date.today().isoformat(),
            }
    write(done)


def splits(name: str) -> list[signed.Split]:
    """Of one network, by seed."""
    network = signed.read(file_of(name), name=name) if name == "congress" else signed.dataset(name)
    # A decoder that reads times is of no use on networks without.
    network = without_times(network)
    return [signed.split(network, "pairs", seed=seed) for seed in range(SEEDS[name])]


def file_of(name: str) -> Path:
    """A network that is in the data folder, but in no catalogue."""
    return next(Path(os.environ["FORCELAW_DATA"]).glob(f"*{name}*"))


def trained(
    preset: str, source: str, targets: dict[str, list[signed.Split]]
) -> tuple[str | signed.SpringEmbedding, float]:
    """The law of a source, and the processor seconds that its training took."""
    if source == SHIPPED:
        return "default", 0.0
    started = os.times()
    parts = targets[source][0] if source in targets else splits(source)[0]
    model = signed.SpringEmbedding(seed=0, preset=preset).fit(parts.train)
    ended = os.times()
    return model, ended.user + ended.system - started.user - started.system


def seen(source: str, target: str) -> bool:
    """Whether the shipped law was trained on the target's test part."""
    return source == SHIPPED and target in dict(signed.learned("default").trained_on)


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


def key(preset: str, source: str, target: str) -> str:
    """Of one cell of the table."""
    return f"{preset}:{source}:{target}"


def recorded() -> dict[str, dict[str, Any]]:
    """What earlier calls found."""
    file = RESULTS / "transfer.jsonl"
    rows = map(json.loads, file.read_text().splitlines()) if file.exists() else ()
    return {key(row["preset"], row["source"], row["target"]): row for row in rows}


def write(done: dict[str, dict[str, Any]]) -> None:
    """The records and the table."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "transfer.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in done.values())
    )
    (RESULTS / "transfer.md").write_text("\n".join(table(done)) + "\n")


def table(done: dict[str, dict[str, Any]]) -> list[str]:
    """The lines of the table."""
    targets = list(dict.fromkeys(row["target"] for row in done.values()))
    rows = list(dict.fromkeys((row["preset"], row["source"]) for row in done.values()))
    dates = sorted({row["date"] for row in done.values()})
    lines = [
        HEAD,
        f"{' to '.join(dict.fromkeys((dates[0], dates[-1])))}; {platform.machine()}.",
        "",
        f"| preset | trained on | processor s | {' | '.join(targets)} |",
        "|---|---|---|" + "---|" * len(targets),
    ]
    for preset, source in rows:
        if preset == "baseline":
            continue
        found = {name: done.get(key(preset, source, name)) for name in targets}
        cost = next(row["training"] for row in found.values() if row)
        cells = [shown(row) for row in found.values()]
        lines.append(f"| {preset} | {source} | {cost:.0f} | {' | '.join(cells)} |")
    cells = [shown(done.get(key("baseline", name, name))) for name in targets]
    lines.append(f"| logistic regression | the column's network | | {' | '.join(cells)} |")
    return lines


def shown(row: dict[str, Any] | None) -> str:
    """AUC and macro-F1 of one cell."""
    if row is None:
        return "-"
    return f"{row['auc']['mean']:.3f} / {row['f1_macro']['mean']:.3f}"


if __name__ == "__main__":
    main()
