"""What each part of the decoder of signs adds, on validation parts of public networks.

    FORCELAW_DATA=folder python benchmarks/ablations/decoder_features.py [RUN ...]

A RUN is `dataset:protocol:splits`; without any, all of `RUNS`. A test part is never looked at: of
random splits the validation part is scored, and of temporal ones the last fifth of an ever shorter
beginning of the training time. Decoders are fitted on the same hidden pairs, so that differences
are paired. What was measured is kept in `benchmarks/results/ablations/decoder_features.jsonl`.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from forcelaw import signed
from forcelaw.signed.features import pair_features, recency_features, without_times
from forcelaw.signed.features.spectral import RANKS
from forcelaw.signed.features.walks import WALKS
from forcelaw.signed.forces import Views, decoder_features, make_views
from forcelaw.signed.model.cross_fitting import fit_decoder
from forcelaw.signed.splits import SignedPairs
from forcelaw.signed.splits.folds import BLOCKS

RESULTS = Path(__file__).parents[1] / "results" / "ablations"
RUNS = (
    "bitcoin-alpha:pairs:5",
    "bitcoin-otc:pairs:5",
    "congress:pairs:5",
    "bitcoin-alpha:directed:3",
    "bitcoin-alpha:temporal:4",
    "bitcoin-otc:temporal:4",
)
STEPS = {
    "degrees": "logistic regression on degrees and triads",
    "walks": "+ walks of two and three edges, effects of nodes",
    "statements": "+ what each end says and hears",
    "camps": "+ leading eigenvectors of the signed adjacency matrix",
    "periods": "+ when both ends were about, and what was said then",
    "blocks": "+ blocks of time hidden instead of random folds",
    "recency": "+ ages of edges and what was said lately",
    "company": "+ who speaks of each end, and of whom it speaks",
    "trees": "+ boosted trees",
    "forces": "+ distances after the simulation of the learned forces",
}
HEAD = """# What each part of the decoder of signs adds

`AUC` and `log-loss` on validation parts, which lie outside the test part of their split; *gain*
over the line above, mean ± standard error of the paired differences between splits. A gain below
two standard errors is not told from nothing. Features of forecasts were chosen on parts that
overlap with these.

Tried for forecasts on validation parts and left out, as mean AUC over three blocks of a logistic
regression (bitcoin-alpha): edges of later blocks weigh more, .741, and classes weigh the same in
every block, .728, where no weights give .744. Of directed walks .736, where none give .739. More
trials are in temporal_features.md.

    python benchmarks/ablations/decoder_features.py
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("runs", nargs="*", default=list(RUNS), metavar="RUN")
    options = parser.parse_args()
    done = recorded()
    for run in options.runs:
        if run not in done:
            done[run] = measured(run)
        write(done)


def measured(run: str) -> dict[str, Any]:
    """Scores of every step by split."""
    name, protocol, count = run.split(":")
    each: dict[str, list[tuple[float, float]]] = {}
    for seed, train, held in parts(signed.dataset(name), protocol, int(count)):
        for step, probability in steps(train, held, seed):
            scored = signed.scores(held.sign, probability)
            loss = -np.log(np.where(held.sign > 0, probability, 1 - probability)).mean()
            each.setdefault(step, []).append((scored["auc"], float(loss)))
            print(run, seed, step, each[step][-1], flush=True)
    return {"date": datetime.date.today().isoformat(), "scores": each}


def parts(
    network: signed.SignedNetwork, protocol: str, count: int
) -> Iterator[tuple[int, signed.SignedNetwork, SignedPairs]]:
    """Training and validation parts; a temporal one ends before the test part begins."""
    for seed in range(count):
        if protocol != "temporal":
            split = signed.split(network, protocol, seed=seed, validation=0.1)
            assert split.validation is not None
            yield seed, split.train, split.validation
            continue
        assert network.time is not None
        earlier = network.time < np.quantile(network.time, 0.8 - 0.1 * seed)
        split = signed.split(network.subset(earlier), protocol)
        yield seed, split.train, split.test


def steps(
    train: signed.SignedNetwork, held: SignedPairs, seed: int
) -> Iterator[tuple[str, np.ndarray]]:
    """The probabilities of every step in turn."""
    plain = without_times(dataclasses.replace(train, forecast=False))
    feature = decoder_features(plain, held.pairs)
    first = pair_features(plain, plain.edges[:1], reverse_sign=train.directed).values.shape[1]
    views = make_views(plain, folds=BLOCKS if train.forecast else 10, seed=seed)
    said = feature.shape[1] - 2 * len(RANKS)
    ends = {"degrees": first, "walks": first + WALKS + 2, "statements": said}
    if not train.forecast:
        ends["camps"] = feature.shape[1]
    for step, end in ends.items():
        yield step, decoded(views, feature, end, trees=False)
    if train.time is not None and not train.forecast:
        views = make_views(train, folds=10, seed=seed)
        feature = decoder_features(train, held.pairs)
        yield "periods", decoded(views, feature, feature.shape[1], trees=False)
    if train.forecast:
        views = make_views(train, folds=BLOCKS, seed=seed)
        feature = decoder_features(train, held.pairs)
        yield "blocks", decoded(views, feature, said, trees=False)
        end = said + recency_features(train, held.pairs).shape[1]
        yield "recency", decoded(views, feature, end, trees=False)
        yield "company", decoded(views, feature, feature.shape[1], trees=False)
    yield "trees", decoded(views, feature, feature.shape[1], trees=True)
    model = signed.SpringEmbedding(seed=seed).fit(train, views=views)
    yield "forces", model.predict_proba(held.pairs)[:, 1]


def decoded(views: Views, feature: np.ndarray, end: int, *, trees: bool) -> np.ndarray:
    """Probabilities by a decoder of the first `end` columns."""
    ensemble, _ = fit_decoder(views, views.hidden.feature[..., :end], trees=trees)
    log_odds = np.asarray(ensemble(jnp.asarray(feature[:, :end], float)), np.float64)
    return 1 / (1 + np.exp(-log_odds))


def recorded() -> dict[str, Any]:
    """What earlier calls measured."""
    file = RESULTS / "decoder_features.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return {row["run"]: row for row in map(json.loads, lines)}


def write(done: dict[str, Any]) -> None:
    """The records and the table."""
    lines = [json.dumps({"run": run, **row}) for run, row in done.items()]
    (RESULTS / "decoder_features.jsonl").write_text("\n".join(lines) + "\n")
    (RESULTS / "decoder_features.md").write_text("\n".join(table(done)) + "\n")


def table(done: dict[str, Any]) -> list[str]:
    """The lines of the table."""
    lines = [HEAD]
    for run, row in done.items():
        name, protocol, count = run.split(":")
        lines += [
            f"## {name}, {protocol}, {count} splits ({row['date']})",
            "",
            "| decoder | AUC | gain | log-loss | gain |",
            "|---|---|---|---|---|",
        ]
        before = None
        for step, title in STEPS.items():
            if step not in row["scores"]:
                continue
            auc, loss = np.asarray(row["scores"][step]).T
            gains = ["", ""] if before is None else [gain(auc - before[0]), gain(before[1] - loss)]
            lines.append(
                f"| {title} | {auc.mean():.4f} | {gains[0]} | {loss.mean():.4f} | {gains[1]} |"
            )
            before = auc, loss
        lines.append("")
    return lines[:-1]


def gain(differences: np.ndarray) -> str:
    """Mean and standard error."""
    error = differences.std(ddof=1) / len(differences) ** 0.5
    return f"{differences.mean():+.4f} ± {error:.4f}"


if __name__ == "__main__":
    main()
