"""Trains the law that ships with the package, and its two decoders.

    FORCELAW_DATA=folder python benchmarks/signed/train_default_law.py

Several networks are laid side by side as one, and `SpringEmbedding` is fitted to all their signs:
once to pairs, once to directed edges. What was learned goes to `src/forcelaw/signed/shipped`.
Bitcoin OTC and Alpha are people who rate each other, mostly well; the made-up networks have as
many enemies as friends, or more, some have hubs. To be run again whenever the features of the
forces or of the decoder change: loading refuses a law of other features.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path

import numpy as np

from forcelaw import signed
from forcelaw.signed.model.model_files import save_learned

PUBLIC = ("bitcoin-otc", "bitcoin-alpha")
MADE_UP = (
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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--public", nargs="*", default=list(PUBLIC), metavar="NAME")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--kinds", nargs="*", default=["undirected", "directed"])
    options = parser.parse_args()
    networks = [signed.dataset(name) for name in options.public]
    networks += [signed.synthetic(**choices) for choices in MADE_UP]
    preset = dataclasses.replace(signed.PRESETS["default"], stages=(STAGE,))
    for kind in options.kinds:
        started = time.perf_counter()
        whole = side_by_side(networks, directed=kind == "directed")
        model = signed.SpringEmbedding(seed=0, preset=preset).fit(whole)
        names = tuple((network.name, network.content_hash) for network in networks)
        learned = dataclasses.replace(model.learned_, trained_on=names)
        save_learned(learned, options.out / kind, networks=[name for name, _ in names])
        last = model.history_[-1].metrics
        print(f"{kind}: {time.perf_counter() - started:.0f} s, {last}", flush=True)


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


if __name__ == "__main__":
    main()
