"""What limits forecasts of later signs: a diagnosis of the test part, which chooses nothing.

    FORCELAW_DATA=folder python -m benchmarks run ablations/forecast_limits

Rows in italics know signs of the test part itself, which no forecast can.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold

from benchmarks.ablations.forecast_decoders import (
    Block,
    Network,
    area,
    blocks_of,
    fit_shipped,
    logistic,
    look,
    scaled,
)
from benchmarks.ablations.temporal_features import WHO, synthetic
from benchmarks.harness import Case, Record, table
from forcelaw import signed
from forcelaw.signed.splits import FOLD_SETTINGS

NETWORKS = ("bitcoin-alpha", "bitcoin-otc")
SMOKE = ["--networks", "synthetic", "--edges", "600"]
PARTS = (5, 25)
"""Into how many equal parts the test part is cut, each seen from all that came before it."""
FOLDS = 5
"""Of the test part, where decoders are fitted on the others of them."""
RIDGE = 100.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS))
    parser.add_argument("--edges", type=int, help="of the network called `synthetic`")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.networks:
        yield Case({"network": name, **({"edges": options.edges} if options.edges else {})})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """AUC on the test part, one diagnosis after the other, and by who was seen before."""
    count = case.arguments.get("edges")
    network = synthetic(count) if count else signed.dataset(case.arguments["network"])
    train, held = signed.split(network, "temporal")
    decide = fit_shipped(blocks_of(network)[: FOLD_SETTINGS.blocks])
    test = look(train, held)
    found = decide(test)
    source, enemies = np.unique(held.pairs[held.sign < 0, 0], return_counts=True)
    worst = source[enemies.argmax()]
    others = np.asarray(held.pairs[:, 0]) != worst
    share, without = float(enemies.max() / enemies.sum()), area(test, found, others)
    return {
        "limits": {
            "as it is": area(test, found),
            f"without one source, who has {share:.0%} of the enemies": without,
            **{of_parts(parts): followed(network, decide, parts) for parts in PARTS},
            "*fitted on four fifths of the test part*": within(test, None),
            "*fitted on other sources of the test part*": within(test, held.pairs[:, 0]),
        },
        "one_source": {
            "share": share,
            "without": without,
            "before": int((train.source == worst).sum()),
            "enemies_before": int(((train.source == worst) & (train.sign < 0)).sum()),
        },
        "best_f1": max(
            float(f1_score(test.positive, found >= at, average="macro"))
            for at in np.quantile(found, np.linspace(0.01, 0.6, 60))
        ),
        "known": by_who_is_known(train, held, test, found),
    }


def of_parts(parts: int) -> str:
    return f"*asked again {parts} times, of the edges to come next*"


def followed(network: Network, decide: Callable[[Block], np.ndarray], parts: int) -> float:
    """AUC where the signs before each part of the test part are known, by the same decoder."""
    train, held = signed.split(network, "temporal")
    assert held.time is not None and network.time is not None
    times = np.sort(held.time)
    cuts = np.unique([times[len(times) * k // parts] for k in range(1, parts)])
    positive, said = [], []
    for since, until in zip([-np.inf, *cuts], [*cuts, np.inf], strict=True):
        rows = (held.time >= since) & (held.time < until)
        past = train if since == -np.inf else network.subset(network.time < since)
        chosen = dataclasses.replace(
            held, pairs=held.pairs[rows], sign=held.sign[rows], rating=None, time=held.time[rows]
        )
        part = look(dataclasses.replace(past, forecast=True), chosen)
        positive.append(part.positive)
        said.append(decide(part))
    return float(roc_auc_score(np.concatenate(positive), np.concatenate(said)))


def within(test: Block, group: np.ndarray | None) -> float:
    """AUC of regressions that know the signs of the other folds of the test part."""
    kind = StratifiedKFold(FOLDS, shuffle=True, random_state=0) if group is None else None
    folds = (kind or GroupKFold(FOLDS)).split(test.column, test.positive, group)
    found = np.zeros(len(test.positive))
    for here, there in folds:
        rows, asked = scaled(test.column[here], test.column[there])
        found[there] = logistic(rows, test.positive[here], asked, ridge=RIDGE)
    return area(test, found)


def by_who_is_known(
    train: Network, held: signed.SignedPairs, test: Block, found: np.ndarray
) -> list[dict[str, Any]]:
    """Share, friends and AUC of the test edges, by which ends have an edge in the training part."""
    known, rows = train.degree[np.asarray(held.pairs)] > 0, []
    for title, wanted in WHO.items():
        of = (known == wanted).all(axis=1)
        several = len(np.unique(test.positive[of])) == 2 and wanted != (False, False)
        rows.append(
            {
                "seen": title,
                "edges": float(of.mean()),
                "friends": float(test.positive[of].mean()) if of.any() else None,
                "auc": area(test, found, of) if several else None,
            }
        )
    return rows


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Two tables of each network."""
    found = {}
    for record in records:
        name, what = record.arguments["network"], record.figures
        found[name] = table(
            "decoder | AUC", [(title, f"{auc:.3f}") for title, auc in what["limits"].items()]
        )
        person = what["one_source"]
        found[f"{name}.source"] = f"{person['share']:.0%}"
        found[f"{name}.before"] = f"{person['enemies_before']} of {person['before']}"
        found[f"{name}.without"] = f"{person['without']:.2f}".lstrip("0")
        found[f"{name}.f1"] = f"{what['best_f1']:.3f}"
        for parts in PARTS:
            found[f"{name}.followed.{parts}"] = f"{what['limits'][of_parts(parts)]:.2f}".lstrip("0")
        found[f"{name}.known"] = table(
            "seen before | edges | friends | AUC",
            [
                (
                    row["seen"],
                    f"{row['edges']:.0%}",
                    "-" if row["friends"] is None else f"{row['friends']:.1%}",
                    "-" if row["auc"] is None else f"{row['auc']:.3f}",
                )
                for row in what["known"]
            ],
        )
    return found
