"""What might foretell later signs better than it is done: trials on blocks of training time.

    FORCELAW_DATA=folder python benchmarks/ablations/temporal_features.py

A block of time is scored by a logistic regression that was fitted on earlier blocks, every block
seen from its own past alone. The test part, the last fifth of the edges, is never looked at. Each
trial adds columns to those of the default decoder, or changes what it is fitted on. The table is
`benchmarks/results/ablations/temporal_features.md`.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from sklearn.metrics import roc_auc_score

from forcelaw import signed
from forcelaw.signed.decoder.ensemble import MEMBERS, Examples, fit_ensemble
from forcelaw.signed.features import activity_features, node_effects, spectral_features
from forcelaw.signed.features.recency import ages
from forcelaw.signed.features.smoothed_log_odds import log_odds
from forcelaw.signed.forces import decoder_features
from forcelaw.signed.network import known_signs
from forcelaw.signed.splits.folds import BLOCKS, KEPT, assign_folds

TABLE = Path(__file__).parents[1] / "results" / "ablations" / "temporal_features.md"
NETWORKS = ("bitcoin-alpha", "bitcoin-otc")
TARGETS = 4
"""Blocks that are scored: the last ones of the training time."""
CUTS = 2 * (TARGETS + BLOCKS)
LATELY = 0.1
"""Share of the edges within which an edge counts e times less."""

Network = signed.SignedNetwork
Columns = Callable[[Network, np.ndarray], np.ndarray]


def main() -> None:
    lines = [HEAD, f"{datetime.date.today().isoformat()}.", ""]
    for name in NETWORKS:
        train = signed.split(signed.dataset(name), "temporal").train
        blocks = [block(train, number) for number in range(CUTS)]
        lines += [f"## {name}", "", *who_is_known(blocks), "", *trials(blocks), ""]
        TABLE.write_text("\n".join(lines[:-1]) + "\n")
        print("\n".join(lines), flush=True)


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
    at = [int(len(ordered) * KEPT ** (k / 2)) for k in (number + 2, number)]
    since = ordered[at[0]]
    until = np.inf if number == 0 else ordered[at[1]]
    past = dataclasses.replace(train.subset(train.time < since), forecast=True)
    hidden = (train.time >= since) & (train.time < until)
    pairs = train.edges[hidden]
    columns = {word: find(past, pairs) for word, find in COLUMNS.items()}
    return Block(train.sign[hidden] > 0, columns, past.degree[pairs] > 0)


def trials(blocks: list[Block]) -> list[str]:
    """The lines of the table of one network."""
    plain = [score(blocks, target, ("default",)) for target in range(TARGETS)]
    rows = {"as it is": plain}
    for word in COLUMNS:
        if word != "default":
            rows[f"+ {word}"] = [score(blocks, t, ("default", word)) for t in range(TARGETS)]
    rows["fitted on twice as many blocks that overlap"] = [
        score(blocks, target, ("default",), step=1) for target in range(TARGETS)
    ]
    rows["fitted on three blocks in place of six"] = [
        score(blocks, target, ("default",), count=3) for target in range(TARGETS)
    ]
    rows["*fitted on four fifths of the block itself*"] = [
        within(blocks[2 * target]) for target in range(TARGETS)
    ]
    first = np.array(plain)
    lines = ["| decoder | AUC | gain | log-loss | gain |", "|---|---|---|---|---|"]
    for title, row in rows.items():
        (auc, loss), gains = np.mean(row, axis=0), ["", ""]
        if row is not plain:
            each = (np.array(row) - first) * [1, -1]
            error = each.std(axis=0, ddof=1) / TARGETS**0.5
            gains = [f"{m:+.4f} ± {e:.4f}" for m, e in zip(each.mean(axis=0), error, strict=True)]
        lines.append(f"| {title} | {auc:.4f} | {gains[0]} | {loss:.4f} | {gains[1]} |")
    return lines


def score(
    blocks: list[Block], target: int, words: tuple[str, ...], *, step: int = 2, count: int = BLOCKS
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
    fold = assign_folds(np.where(asked.positive, 1, -1), MEMBERS, seed=0)
    rows = joined(asked, ("default",))
    _, found = fit_ensemble(examples(rows, asked.positive, fold), trees=False)
    return scored(np.asarray(found, np.float64), asked.positive)


def joined(one: Block, words: tuple[str, ...]) -> np.ndarray:
    return np.concatenate([one.columns[word] for word in words], axis=1)


def examples(rows: np.ndarray, positive: np.ndarray, fold: np.ndarray) -> Examples:
    members = min(MEMBERS, int(fold.max()) + 1)
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


def who_is_known(blocks: list[Block]) -> list[str]:
    """How many of the edges of the scored blocks have ends that were seen before."""
    known = np.concatenate([blocks[2 * target].known for target in range(TARGETS)])
    positive = np.concatenate([blocks[2 * target].positive for target in range(TARGETS)])
    lines = ["| seen before | edges | friends |", "|---|---|---|"]
    for title, wanted in WHO.items():
        rows = (known == wanted).all(axis=1)
        lines.append(f"| {title} | {rows.mean():.0%} | {positive[rows].mean():.1%} |")
    return lines


def opposite(past: Network, pairs: np.ndarray) -> np.ndarray:
    """The rating of the opposite edge, and its sign, which counts less the older it is."""
    assert past.rating is not None
    rows = {pair: row for row, pair in enumerate(map(tuple, past.edges[:, ::-1].tolist()))}
    row = np.array([rows.get(pair, -1) for pair in map(tuple, pairs.tolist())])
    sign = known_signs(past, pairs[:, ::-1])
    rating = np.where(row >= 0, past.rating[row], 0) / np.abs(past.rating).max()
    return np.stack([rating, sign * np.exp(-ages(past)[row] / LATELY)], axis=1)


def newcomers(past: Network, pairs: np.ndarray) -> np.ndarray:
    """How each source speaks of newcomers, and how each target is spoken of by newcomers.

    A newcomer has no edge as yet. Of all time and of late; then what is said of newcomers or of
    the others, whichever the other end of the pair is.
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
                table = np.stack([log_odds(*counts), *np.log1p(counts)], axis=1)
                said[kind] = table[pairs[:, end]]
            columns += [said[True], np.where(seen[:, [1 - end]], said[False], said[True])]
    return np.concatenate(columns, axis=1)


def effects_of_late(past: Network, pairs: np.ndarray) -> np.ndarray:
    """`node_effects` of the last fifth and of the last twentieth of the edges alone."""
    columns = []
    for share in (0.2, 0.05):
        source, target = node_effects(past.subset(ages(past) <= share))
        columns += [source[pairs[:, 0]], target[pairs[:, 1]]]
    return np.stack(columns, axis=1)


def seen_before(past: Network, pairs: np.ndarray) -> np.ndarray:
    """Whether source, target and both had an edge."""
    seen = past.degree[pairs] > 0
    return np.column_stack([seen, seen.all(axis=1)]).astype(np.float64)


COLUMNS: dict[str, Columns] = {
    "default": decoder_features,
    "which ends were seen before": seen_before,
    "rating and age of the opposite edge": opposite,
    "what is said of newcomers and by them": newcomers,
    "effects of nodes in the last fifth and twentieth": effects_of_late,
    "periods": activity_features,
    "eigenvectors": spectral_features,
}
WHO = {
    "both ends": (True, True),
    "source alone": (True, False),
    "target alone": (False, True),
    "neither": (False, False),
}
HEAD = """# Trials to foretell later signs better

`AUC` and `log-loss` of a logistic regression, mean over the last four blocks of the training time,
each a fifth of what came before its end; the decoder is fitted on the six blocks before. *gain*
over the decoder as it is: mean ± standard error of the paired differences; the same blocks were
looked at by every trial, so that one of two standard errors among so many is no finding. The last
line knows signs of the very block that it is asked about, which no forecast can: it shows how much
these columns hold.

    python benchmarks/ablations/temporal_features.py
"""

if __name__ == "__main__":
    main()
