"""Other features to predict later signs from: trials on blocks of training time.

    FORCELAW_DATA=folder python -m benchmarks run ablations/temporal_features

A block of time is scored by a logistic regression that was fitted on earlier blocks, every block
seen from its own past alone. The test part, the last fifth of the edges, is never looked at. Each
trial adds columns to those of the default decoder, or changes what it is fitted on.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.harness import Case, Record, table
from forcelaw import signed
from forcelaw.signed.decoder import DECODER_SETTINGS
from forcelaw.signed.decoder.ensemble import Examples, fit_ensemble
from forcelaw.signed.features import ActivityFeatures, Featurizer, NodeEffects, SpectralFeatures
from forcelaw.signed.features.recency import ages
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.network import known_signs
from forcelaw.signed.splits import FOLD_SETTINGS
from forcelaw.signed.splits.folds import assign_folds

NETWORKS = ("bitcoin-alpha", "bitcoin-otc")
SMOKE = ["--networks", "synthetic", "--edges", "600", "--trials", "2"]
TARGETS = 4
"""Blocks that are scored: the last ones of the training time."""
CUTS = 2 * (TARGETS + FOLD_SETTINGS.blocks)
LATELY = 0.1
"""Share of the edges within which an edge counts e times less."""

Network = signed.SignedNetwork
Columns = Callable[[Network, np.ndarray], np.ndarray]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS))
    parser.add_argument("--edges", type=int, help="of the network called `synthetic`")
    parser.add_argument("--trials", type=int, help="the first so many alone")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        few = {"edges": options.edges, "trials": options.trials} if options.edges else {}
        yield Case({"network": name, **few})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Who is known, and every trial on the blocks of one network."""
    count = case.arguments.get("edges")
    network = synthetic(count) if count else signed.dataset(case.arguments["network"])
    train = signed.split(network, "temporal").train
    blocks = [block(train, number) for number in range(CUTS)]
    return {"known": who_is_known(blocks), "trials": trials(blocks, case.arguments.get("trials"))}


def synthetic(count: int) -> Network:
    """Ratings of 40 people in the order of time."""
    random = np.random.default_rng(0)
    ends = random.integers(0, 40, (2, count))
    ends = ends[:, ends[0] != ends[1]]
    rating = random.integers(1, 10, ends.shape[1]) * np.where(
        random.random(ends.shape[1]) < 0.7, 1.0, -1.0
    )
    time = np.arange(float(ends.shape[1]))
    names = ends.astype(str)
    return Network.from_edges(names[0], names[1], rating, time=time, directed=True)


class Block(NamedTuple):
    """Edges after a cut in time, and what their past says about them."""

    positive: np.ndarray
    columns: dict[str, np.ndarray]
    known: np.ndarray
    """Whether source and target had an edge before the cut, `[edge, 2]`."""


def block(train: Network, number: int) -> Block:
    """The block that begins at the cut of this number, counted backwards.

    From one cut to the cut two numbers earlier lies a fifth of the edges before the later one, as
    in the test part; a block ends at the cut two numbers later.
    """
    assert train.time is not None
    ordered = np.sort(train.time)
    at = [int(len(ordered) * FOLD_SETTINGS.kept ** (k / 2)) for k in (number + 2, number)]
    since = ordered[at[0]]
    until = np.inf if number == 0 else ordered[at[1]]
    past = dataclasses.replace(train.subset(train.time < since), forecast=True)
    hidden = (train.time >= since) & (train.time < until)
    pairs = train.edges[hidden]
    columns = {word: find(past, pairs) for word, find in COLUMNS.items()}
    return Block(train.sign[hidden] > 0, columns, past.degree[pairs] > 0)


def trials(blocks: list[Block], most: int | None) -> list[dict[str, Any]]:
    """Mean scores of every trial, and its gains with their standard errors."""
    on = range(TARGETS)
    ways: dict[str, Callable[[int], tuple[float, float]]] = {
        "as it is": lambda target: score(blocks, target, ("default",)),
        **{
            f"+ {word}": lambda target, word=word: score(blocks, target, ("default", word))
            for word in COLUMNS
            if word != "default"
        },
        "fitted on twice as many blocks that overlap": lambda target: score(
            blocks, target, ("default",), step=1
        ),
        "fitted on three blocks in place of six": lambda target: score(
            blocks, target, ("default",), count=3
        ),
        "*fitted on four fifths of the block itself*": lambda target: within(blocks[2 * target]),
    }
    rows, first = [], None
    for title, way in list(ways.items())[:most]:
        each = np.array([way(target) for target in on])
        auc, loss = each.mean(axis=0)
        row: dict[str, Any] = {"decoder": title, "auc": auc, "loss": loss}
        if first is None:
            first = each
        else:
            gains = (each - first) * [1, -1]
            error = gains.std(axis=0, ddof=1) / TARGETS**0.5
            row |= {"gains": gains.mean(axis=0).tolist(), "errors": error.tolist()}
        rows.append(row)
    return rows


def score(
    blocks: list[Block],
    target: int,
    words: tuple[str, ...],
    *,
    step: int = 2,
    count: int = FOLD_SETTINGS.blocks,
) -> tuple[float, float]:
    """AUC and log-loss on a block, by a decoder fitted on blocks that end before it begins."""
    begin = 2 * target + 2
    chosen = blocks[begin : begin + 2 * count : step]
    sizes = [len(one.positive) for one in chosen]
    fold = np.repeat(np.arange(len(chosen)) * step // 2, sizes)
    rows = np.concatenate([joined(one, words) for one in chosen])
    positive = np.concatenate([one.positive for one in chosen])
    ensemble, _ = fit_ensemble(examples(rows, positive, fold), trees=False)
    asked = blocks[2 * target]
    found = ensemble(jnp.asarray(joined(asked, words), float))
    return scored(np.asarray(found, np.float64), asked.positive)


def within(asked: Block) -> tuple[float, float]:
    """AUC and log-loss on a block, by decoders that know four fifths of its own signs."""
    fold = assign_folds(np.where(asked.positive, 1, -1), DECODER_SETTINGS.members, seed=0)
    rows = joined(asked, ("default",))
    _, found = fit_ensemble(examples(rows, asked.positive, fold), trees=False)
    return scored(np.asarray(found, np.float64), asked.positive)


def joined(one: Block, words: tuple[str, ...]) -> np.ndarray:
    return np.concatenate([one.columns[word] for word in words], axis=1)


def examples(rows: np.ndarray, positive: np.ndarray, fold: np.ndarray) -> Examples:
    members = min(DECODER_SETTINGS.members, int(fold.max()) + 1)
    return Examples(
        jnp.asarray(rows, float),
        jnp.asarray(positive, float),
        jnp.ones(len(rows)),
        jnp.asarray(fold % members),
        members,
    )


def scored(found: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    loss = np.logaddexp(0, np.where(positive, -found, found)).mean()
    return float(roc_auc_score(positive, found)), float(loss)


def who_is_known(blocks: list[Block]) -> list[dict[str, Any]]:
    """How many of the edges of the scored blocks have ends that were seen before."""
    known = np.concatenate([blocks[2 * target].known for target in range(TARGETS)])
    positive = np.concatenate([blocks[2 * target].positive for target in range(TARGETS)])
    rows = []
    for title, wanted in WHO.items():
        of = (known == wanted).all(axis=1)
        friends = float(positive[of].mean()) if of.any() else None
        rows.append({"seen": title, "edges": float(of.mean()), "friends": friends})
    return rows


def opposite(past: Network, pairs: np.ndarray) -> np.ndarray:
    """The rating of the opposite edge, and its sign, which counts less the older it is."""
    assert past.rating is not None
    rows = {pair: row for row, pair in enumerate(map(tuple, past.edges[:, ::-1].tolist()))}
    row = np.array([rows.get(pair, -1) for pair in map(tuple, pairs.tolist())])
    sign = known_signs(past, pairs[:, ::-1])
    rating = np.where(row >= 0, past.rating[row], 0) / np.abs(past.rating).max()
    return np.stack([rating, sign * np.exp(-ages(past)[row] / LATELY)], axis=1)


def newcomers(past: Network, pairs: np.ndarray) -> np.ndarray:
    """Ratings that each source gives newcomers, and that each target gets from newcomers.

    A newcomer has no edge as yet. Of all time and of late; then ratings of newcomers or of the
    others, whichever the other end of the pair is.
    """
    assert past.time is not None
    first = np.full(past.n_nodes, np.inf)
    np.minimum.at(first, past.edges.ravel(), np.repeat(past.time, 2))
    new = first[past.edges] == past.time[:, None]
    seen = past.degree[pairs] > 0
    friend, columns = past.sign > 0, []
    for weight in (np.ones(past.n_edges), np.exp(-ages(past) / LATELY)):
        for end in (0, 1):
            said = {}
            for kind in (True, False):
                counts = [
                    np.bincount(
                        past.edges[:, end],
                        weight * (new[:, 1 - end] == kind) * (friend == sign),
                        past.n_nodes,
                    )
                    for sign in (True, False)
                ]
                table = np.stack([log_odds(counts[0], counts[1]), *np.log1p(counts)], axis=1)
                said[kind] = table[pairs[:, end]]
            columns += [said[True], np.where(seen[:, [1 - end]], said[False], said[True])]
    return np.concatenate(columns, axis=1)


def effects_of_late(past: Network, pairs: np.ndarray) -> np.ndarray:
    """`NodeEffects` of the last fifth and of the last twentieth of the edges alone."""
    columns = []
    for share in (0.2, 0.05):
        effects = NodeEffects.fit(past.subset(ages(past) <= share))
        columns += [effects.source[pairs[:, 0]], effects.target[pairs[:, 1]]]
    return np.stack(columns, axis=1)


def seen_before(past: Network, pairs: np.ndarray) -> np.ndarray:
    """Whether source, target and both had an edge."""
    seen = past.degree[pairs] > 0
    return np.column_stack([seen, seen.all(axis=1)]).astype(np.float64)


def fitted(kind: type[Featurizer | ActivityFeatures | SpectralFeatures]) -> Columns:
    """The columns of features that are fitted on the past."""
    return lambda past, pairs: kind.fit(past).transform(pairs)


COLUMNS: dict[str, Columns] = {
    "default": fitted(Featurizer),
    "which ends were seen before": seen_before,
    "rating and age of the opposite edge": opposite,
    "ratings of newcomers and by them": newcomers,
    "node effects in the last fifth and twentieth": effects_of_late,
    "activity windows": fitted(ActivityFeatures),
    "eigenvectors": fitted(SpectralFeatures),
}
WHO = {
    "both ends": (True, True),
    "source alone": (True, False),
    "target alone": (False, True),
    "neither": (False, False),
}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Two tables of each network."""
    found = {}
    for record in records:
        name, rows = record.arguments["network"], []
        for row in record.figures["trials"]:
            pairs = zip(row.get("gains", ()), row.get("errors", ()), strict=True)
            gains = [f"{mean:+.4f} ± {error:.4f}" for mean, error in pairs] or ["", ""]
            rows.append(
                (row["decoder"], f"{row['auc']:.4f}", gains[0], f"{row['loss']:.4f}", gains[1])
            )
        found[name] = table("decoder | AUC | gain | log-loss | gain", rows)
        known = [
            (
                row["seen"],
                f"{row['edges']:.0%}",
                "-" if (f := row["friends"]) is None else f"{f:.1%}",
            )
            for row in record.figures["known"]
        ]
        found[f"{name}.known"] = table("seen before | edges | friends", known)
    return found
