"""What each part of the decoder of signs adds, on validation parts of public networks.

    FORCELAW_DATA=folder python -m benchmarks run ablations/decoder_features [RUN ...]

A RUN is `dataset:protocol:splits`; without any, all of `RUNS`. A test part is never looked at: of
random splits the validation part is scored, and of temporal ones the last fifth of an ever shorter
beginning of the training time. Decoders are fitted on the same hidden pairs, so that differences
are paired.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from benchmarks.harness import Case, Record, days, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.signed.features import Featurizer, without_times
from forcelaw.signed.forces import Views, make_views
from forcelaw.signed.model.cross_fitting import fit_decoder
from forcelaw.signed.splits import FOLD_SETTINGS, SignedPairs

SMOKE = ["synthetic-40:pairs:1"]
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
    "walks": "+ walks of two and three edges, node effects",
    "ratings": "+ outgoing and incoming ratings of each end",
    "spectral": "+ leading eigenvectors of the signed adjacency matrix",
    "activity": "+ when both ends were active, and ratings then",
    "blocks": "+ blocks of time hidden instead of random folds",
    "recency": "+ ages of edges and recent ratings",
    "neighbours": "+ neighbour-averaged features",
    "trees": "+ boosted trees",
    "forces": "+ distances after the simulation of the learned forces",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", default=list(RUNS), metavar="RUN")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for run in options.runs:
        name, protocol, count = run.split(":")
        yield Case({"network": name, "protocol": protocol, "splits": int(count)})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """AUC and log-loss of every step by split."""
    name, protocol, count = (case.arguments[key] for key in ("network", "protocol", "splits"))
    each: dict[str, list[tuple[float, float]]] = {}
    for seed, train, held in parts(network(name), protocol, count):
        for step, probability in steps(train, held, seed):
            scored = signed.scores(held.sign, probability)
            loss = -np.log(np.where(held.sign > 0, probability, 1 - probability)).mean()
            each.setdefault(step, []).append((scored["auc"], float(loss)))
    return each


def parts(
    whole: signed.SignedNetwork, protocol: str, count: int
) -> Iterator[tuple[int, signed.SignedNetwork, SignedPairs]]:
    """Training and validation parts; a temporal one ends before the test part begins."""
    for seed in range(count):
        if protocol != "temporal":
            split = signed.split(whole, protocol, seed=seed, validation=0.1)
            assert split.validation is not None
            yield seed, split.train, split.validation
            continue
        assert whole.time is not None
        earlier = whole.time < np.quantile(whole.time, 0.8 - 0.1 * seed)
        split = signed.split(whole.subset(earlier), protocol)
        yield seed, split.train, split.test


def steps(
    train: signed.SignedNetwork, held: SignedPairs, seed: int
) -> Iterator[tuple[str, np.ndarray]]:
    """The probabilities of every step in turn."""
    plain = without_times(dataclasses.replace(train, forecast=False))
    featurizer = Featurizer.fit(plain)
    feature = featurizer.transform(held.pairs)
    first, _, walks, ratings, *_ = end_columns(featurizer)
    views = make_views(plain, folds=FOLD_SETTINGS.blocks if train.forecast else 10, seed=seed)
    ends = {"degrees": first, "walks": walks, "ratings": ratings}
    if not train.forecast:
        ends["spectral"] = feature.shape[1]
    for step, end in ends.items():
        yield step, decoded(views, feature, end, trees=False)
    if train.time is not None and not train.forecast:
        views = make_views(train, folds=10, seed=seed)
        feature = Featurizer.fit(train).transform(held.pairs)
        yield "activity", decoded(views, feature, feature.shape[1], trees=False)
    if train.forecast:
        views = make_views(train, folds=FOLD_SETTINGS.blocks, seed=seed)
        featurizer = Featurizer.fit(train)
        feature = featurizer.transform(held.pairs)
        yield "blocks", decoded(views, feature, ratings, trees=False)
        recency = end_columns(featurizer)[4]
        yield "recency", decoded(views, feature, recency, trees=False)
        yield "neighbours", decoded(views, feature, feature.shape[1], trees=False)
    yield "trees", decoded(views, feature, feature.shape[1], trees=True)
    model = signed.SpringEmbedding(seed=seed).fit(train, views=views)
    yield "forces", model.predict_proba(held.pairs)[:, 1]


def end_columns(featurizer: Featurizer) -> list[int]:
    """The number of columns up to the end of each group."""
    return np.cumsum([len(group.names) for group in featurizer.groups]).tolist()


def decoded(views: Views, feature: np.ndarray, end: int, *, trees: bool) -> np.ndarray:
    """Probabilities by a decoder of the first `end` columns."""
    ensemble, _ = fit_decoder(views, views.hidden.feature[..., :end], trees=trees)
    log_odds = np.asarray(ensemble(jnp.asarray(feature[:, :end], float)), np.float64)
    return 1 / (1 + np.exp(-log_odds))


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of each run, its day, and what the forces add."""
    found = {}
    for record in records:
        name, protocol, _ = (record.arguments[key] for key in ("network", "protocol", "splits"))
        rows, before = [], None
        for step, title in STEPS.items():
            if step not in record.figures:
                continue
            auc, loss = np.asarray(record.figures[step]).T
            gains = ["", ""] if before is None else [gain(auc - before[0]), gain(before[1] - loss)]
            rows.append((title, f"{auc.mean():.4f}", gains[0], f"{loss.mean():.4f}", gains[1]))
            if step == "forces" and before is not None:
                found[f"{name}.{protocol}.forces"] = short(auc - before[0])
            before = auc, loss
        found[f"{name}.{protocol}"] = table("decoder | AUC | gain | log-loss | gain", rows)
        found[f"{name}.{protocol}.day"] = days([record])
    return found


def gain(differences: np.ndarray) -> str:
    """Mean and standard error."""
    if len(differences) < 2:
        return f"{differences.mean():+.4f}"
    error = differences.std(ddof=1) / len(differences) ** 0.5
    return f"{differences.mean():+.4f} ± {error:.4f}"


def short(differences: np.ndarray) -> str:
    """The same as README has it."""
    numbers = (part.strip("+") for part in gain(differences).split(" ± "))
    return " ± ".join(f"{float(number):.3f}".replace("0.", ".", 1) for number in numbers)
