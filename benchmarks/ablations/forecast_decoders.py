"""Other decoders of later signs: trials on blocks of training time.

    FORCELAW_DATA=folder python -m benchmarks run ablations/forecast_decoders

A block of time is scored by decoders that were fitted on blocks before it, every block seen from
its own past alone. The test part, the last fifth of the edges, is never looked at.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from benchmarks.ablations import temporal_features
from benchmarks.ablations.temporal_features import NETWORKS, TARGETS, synthetic
from benchmarks.harness import Case, Record, table
from forcelaw import signed
from forcelaw.signed.decoder.ensemble import Examples, fit_ensemble
from forcelaw.signed.features import Featurizer
from forcelaw.signed.splits import FOLD_SETTINGS
from forcelaw.signed.splits.protocols import part

SMOKE = ["--networks", "synthetic", "--edges", "600", "--trials", "3"]
RIDGE = 3000.0
STIFF = 10.0
"""How much stronger the ridge on changes of weights is than that on the weights."""
DAY = 86_400.0

Network = signed.SignedNetwork

arguments, cases = temporal_features.arguments, temporal_features.cases


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Every trial on the blocks of one network."""
    name, count = case.arguments["network"], case.arguments.get("edges")
    network = synthetic(count) if count else signed.dataset(name)
    other = next((one for one in NETWORKS if one != name), None)
    others = blocks_of(network if count or other is None else signed.dataset(other))
    return {"trials": trials(blocks_of(network), others, case.arguments.get("trials"))}


class Block(NamedTuple):
    """Edges after a cut in time, and what their past says about them."""

    since: float
    until: float
    positive: np.ndarray
    column: np.ndarray
    asked: np.ndarray
    """Logarithmic days from the cut, and from the latest edge of each end, to the edge."""


def blocks_of(network: Network) -> list[Block]:
    """Blocks of the training time, the latest first, as cross-fitting hides them."""
    train = signed.split(network, "temporal").train
    assert train.time is not None
    ordered, until, before, found = np.sort(train.time), np.inf, train.n_edges, []
    for _ in range(TARGETS + FOLD_SETTINGS.blocks):
        since = float(ordered[int(before * FOLD_SETTINGS.kept)])
        hidden = (train.time >= since) & (train.time < until)
        past = dataclasses.replace(train.subset(train.time < since), forecast=True)
        found.append(look(past, part(train, np.flatnonzero(hidden)), until))
        until, before = since, past.n_edges
    return found


def look(past: Network, asked: signed.SignedPairs, until: float = np.inf) -> Block:
    """Some edges as they are seen from their past."""
    assert past.time is not None and asked.time is not None
    pairs = np.asarray(asked.pairs)
    latest = np.full(past.n_nodes, past.time.min())
    np.maximum.at(latest, past.edges.ravel(), np.repeat(past.time, 2))
    since = float(asked.time.min())
    gaps = asked.time[:, None] - np.column_stack([np.full(len(pairs), since), latest[pairs]])
    column = Featurizer.fit(past).transform(pairs)
    return Block(since, until, asked.sign > 0, column, np.log1p(np.maximum(gaps, 0) / DAY))


Decoder = Callable[[list[Block], Block], np.ndarray]
"""Log-odds on a block, from blocks before it, the latest first."""


def fit_shipped(blocks: list[Block], *, trees: bool = True) -> Callable[[Block], np.ndarray]:
    """The ensemble of every fit; gives log-odds on a block."""
    fold = jnp.asarray(np.repeat(np.arange(len(blocks)), [len(b.positive) for b in blocks]))
    rows, positive = joined(blocks)
    here = jnp.asarray(rows, float), jnp.asarray(positive, float), jnp.ones(len(rows))
    ensemble, _ = fit_ensemble(Examples(*here, fold, len(blocks)), trees=trees)
    return lambda asked: np.asarray(ensemble(jnp.asarray(asked.column, float)), np.float64)


def logistic(
    rows: np.ndarray,
    positive: np.ndarray,
    asked: np.ndarray,
    *,
    ridge: float | np.ndarray = RIDGE,
    weight: np.ndarray | None = None,
    like: np.ndarray | None = None,
) -> np.ndarray:
    """A logistic regression with a ridge; `like` signs that the weights may not have against."""
    weight = np.ones(len(rows)) if weight is None else weight
    ridges = np.broadcast_to(np.asarray(ridge, float), rows.shape[1])
    sign = np.where(positive, 1.0, -1.0)

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (rows @ at[:-1] + at[-1])
        pull = -weight * sign * expit(-margin)
        value = weight @ np.logaddexp(0, -margin) + 0.5 * ridges @ at[:-1] ** 2
        return value, np.append(rows.T @ pull + ridges * at[:-1], pull.sum())

    bounds = [(None, None)] * (rows.shape[1] + 1)
    if like is not None:
        bounds[:-1] = [(0, None) if s > 0 else (None, 0) for s in like]
    start = np.zeros(rows.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return asked @ found[:-1] + found[-1]


def joined(blocks: list[Block]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([b.column for b in blocks]), np.concatenate([b.positive for b in blocks])


def scaled(rows: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both standardised by the former."""
    spread = rows.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1)
    return (rows - rows.mean(axis=0)) / spread, (asked - rows.mean(axis=0)) / spread


def linear(ridge: float = RIDGE, decay: float = 1.0) -> Decoder:
    """One regression; a block weighs `decay` times what the next later one does."""

    def decide(blocks: list[Block], asked: Block) -> np.ndarray:
        rows, positive = joined(blocks)
        weight = np.repeat(decay ** np.arange(len(blocks)), [len(b.positive) for b in blocks])
        here, there = scaled(rows, asked.column)
        return logistic(here, positive, there, ridge=ridge, weight=weight)

    return decide


def drifting(blocks: list[Block], asked: Block) -> np.ndarray:
    """Weights that are linear in time and go on so: a ridge on their slopes, too."""
    rows, positive = joined(blocks)
    here, there = scaled(rows, asked.column)
    age = np.repeat(np.arange(1, len(blocks) + 1), [len(b.positive) for b in blocks])
    both = np.concatenate([here, here * (age / len(blocks))[:, None]], axis=1)
    ridge = RIDGE * np.repeat([1.0, STIFF], rows.shape[1])
    return logistic(both, positive, np.concatenate([there, 0 * there], axis=1), ridge=ridge)


def wandering(blocks: list[Block], asked: Block) -> np.ndarray:
    """Weights of their own for each block: a ridge on the differences from block to block."""
    rows, positive = joined(blocks)
    here, there = scaled(rows, asked.column)
    age = np.repeat(np.arange(len(blocks)), [len(b.positive) for b in blocks])
    steps = [here * (age >= number)[:, None] for number in range(len(blocks))]
    nothing = [0 * there] * (len(blocks) - 1)
    ridge = RIDGE * np.repeat([1.0, *[STIFF] * (len(blocks) - 1)], rows.shape[1])
    asked_for = np.concatenate([there, *nothing], axis=1)
    return logistic(np.concatenate(steps, axis=1), positive, asked_for, ridge=ridge)


def one_way(blocks: list[Block], asked: Block) -> np.ndarray:
    """No weight may go against what its column alone says, mean over blocks."""
    rows, positive = joined(blocks)
    here, there = scaled(rows, asked.column)
    ends = np.cumsum([len(b.positive) for b in blocks])[:-1]
    gaps = [
        x[y].mean(axis=0) - x[~y].mean(axis=0)
        for x, y in zip(np.split(here, ends), np.split(positive, ends), strict=True)
        if y.any() and not y.all()
    ]
    return logistic(here, positive, there, ridge=RIDGE / 3, like=np.mean(gaps, axis=0))


def asked_when(blocks: list[Block], asked: Block) -> np.ndarray:
    """Told when each edge comes."""
    wider = [b._replace(column=np.hstack([b.column, b.asked])) for b in (*blocks, asked)]
    return linear()(wider[:-1], wider[-1])


def area(block: Block, found: np.ndarray, of: np.ndarray | slice = slice(None)) -> float:
    return float(roc_auc_score(block.positive[of], found[of]))


def trials(blocks: list[Block], others: list[Block], most: int | None) -> list[dict[str, Any]]:
    """Mean AUC of every decoder, and its gains with their standard errors."""
    decoders: dict[str, Decoder] = {
        "as it is": lambda had, asked: fit_shipped(had)(asked),
        "without trees": lambda had, asked: fit_shipped(had, trees=False)(asked),
        "strong ridge": linear(),
        "stronger ridge": linear(10 * RIDGE),
        "strong ridge, a block weighs half of the next": linear(decay=0.5),
        "weights linear in time, extrapolated": drifting,
        "weights of each block, near the next block's": wandering,
        "no weight against its column's own tendency": one_way,
        "strong ridge, told when each edge comes": asked_when,
        "strong ridge, with the other network's past": lambda had, asked: linear()(
            [*had, *earlier(others, asked)], asked
        ),
        "fitted on the other network's past alone": lambda had, asked: linear()(
            earlier(others, asked), asked
        ),
        "mean of the last but one and of no weight against": lambda had, asked: (
            linear()([*had, *earlier(others, asked)], asked) + one_way(had, asked)
        ),
    }
    rows: list[dict[str, Any]] = []
    first = np.zeros(TARGETS)
    for title, decide in list(decoders.items())[:most]:
        each = np.array(
            [
                area(blocks[k], decide(blocks[k + 1 : k + 1 + FOLD_SETTINGS.blocks], blocks[k]))
                for k in range(TARGETS)
            ]
        )
        row: dict[str, Any] = {"decoder": title, "auc": each.mean()}
        if rows:
            gains = each - first
            row |= {"gain": gains.mean(), "error": gains.std(ddof=1) / TARGETS**0.5}
        else:
            first = each
        rows.append(row)
    return rows


def earlier(others: list[Block], asked: Block) -> list[Block]:
    """Blocks of the other network that end before the one that is asked about begins."""
    return [one for one in others if one.until <= asked.since][: FOLD_SETTINGS.blocks]


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of each network."""
    found = {}
    for record in records:
        rows = []
        for row in record.figures["trials"]:
            gain = f"{row['gain']:+.4f} ± {row['error']:.4f}" if "gain" in row else ""
            rows.append((row["decoder"], f"{row['auc']:.4f}", gain))
        found[record.arguments["network"]] = table("decoder | AUC | gain", rows)
    return found
