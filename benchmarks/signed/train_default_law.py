"""Trains the law that ships with the package, and its two decoders.

    FORCELAW_DATA=folder python -m benchmarks run signed/train_default_law --again

Several networks are laid side by side as one, and `SpringEmbedding` is fitted to all their signs:
once to pairs, once to directed edges. What was learned goes to `src/forcelaw/signed/shipped`.
Bitcoin OTC and Alpha are people who rate each other, mostly well; the synthetic networks have as
many enemies as friends, or more, some have hubs. To be run again whenever the features of the
forces or of the decoder change: loading refuses a law of other features.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.signed.model.model_files import save_learned

PUBLIC = ("bitcoin-otc", "bitcoin-alpha")
SYNTHETIC = (
    {"nodes": 1000, "degree": 12.0, "factions": 2, "noise": 0.05, "seed": 1},
    {"nodes": 1000, "degree": 12.0, "factions": 3, "noise": 0.10, "seed": 3},
    {"nodes": 1000, "degree": 12.0, "factions": 4, "noise": 0.10, "seed": 2},
    *(
        {"nodes": 250, "degree": 14.0, "factions": k, "noise": 0.1, "hubs": 0.0, "seed": 10 * k + n}
        for k in (2, 3, 4, 5)
        for n in range(3)
    ),
)
STAGE = dataclasses.replace(signed.PRESETS["default"].stages[0], learning_rate=0.03)
"""So many signs bear faster learning than those of a small network."""
SHIPPED = Path(__file__).parents[2] / "src" / "forcelaw" / "signed" / "shipped"


SMOKE = [
    "--public",
    "synthetic-40",
    "--synthetic",
    "0",
    "--kinds",
    "undirected",
    "--out",
    "{folder}",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--public", nargs="*", default=list(PUBLIC), metavar="NAME")
    parser.add_argument("--synthetic", type=int, default=len(SYNTHETIC), help="how many of them")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--kinds", nargs="*", default=["undirected", "directed"])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for kind in options.kinds:
        asked = {"public": list(options.public), "synthetic": options.synthetic}
        yield Case({"kind": kind, **asked}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Trains and saves one law; the loss of the last epoch."""
    given = case.arguments
    networks = [network(name) for name in given["public"]]
    networks += [signed.synthetic(**choices) for choices in SYNTHETIC[: given["synthetic"]]]
    preset = dataclasses.replace(signed.PRESETS["default"], stages=(STAGE,))
    started = time.process_time()
    whole = side_by_side(networks, directed=given["kind"] == "directed")
    model = signed.SpringEmbedding(seed=case.seed or 0, preset=preset).fit(whole)
    names = tuple((network.name, network.content_hash) for network in networks)
    learned = dataclasses.replace(model.learned_, trained_on=names)
    save_learned(learned, options.out / given["kind"], networks=[name for name, _ in names])
    return {"processor": time.process_time() - started, **model.history_[-1].metrics}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a law."""
    rows = [
        (record.date, record.commit, record.arguments["kind"], f"{record.figures['loss']:.4f}")
        for record in records
    ]
    return {"table": table("day | commit | kind | loss", rows)}


def side_by_side(networks: list[signed.SignedNetwork], *, directed: bool) -> signed.SignedNetwork:
    """One network of several that do not touch; pairs without a direction get one at random."""
    random = np.random.default_rng(0)
    source, target, sign = [], [], []
    for number, given in enumerate(networks):
        network = given if directed else given.pairs()
        ends = network.edges
        if directed and not network.directed:
            ends = np.where(random.random(len(ends))[:, None] < 0.5, ends, ends[:, ::-1])
        source += [f"{number}/{network.names[i]}" for i in ends[:, 0].tolist()]
        target += [f"{number}/{network.names[i]}" for i in ends[:, 1].tolist()]
        sign.append(network.sign)
    return signed.SignedNetwork.from_edges(
        source, target, np.concatenate(sign).astype(float), directed=directed, name="side by side"
    )
