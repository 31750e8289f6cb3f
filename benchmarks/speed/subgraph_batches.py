"""The same training whole and in 4 and 16 parts: the decoder's AUC on validation pairs.

    FORCELAW_DATA=folder python -m benchmarks run speed/subgraph_batches
        [--dataset bitcoin-otc] [--parts 1 4 16] [--epochs 12]

The forces are trained through `parts` parts; positions are then those of the whole graph. The
distance alone (minus the distance of the ends) is scored too: it shows the forces undiluted by
the decoder's features.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Iterator, Sequence

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network

SMOKE = ["--dataset", "synthetic-40", "--parts", "2", "--epochs", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", default="bitcoin-otc")
    parser.add_argument("--parts", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--epochs", type=int, default=12)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for parts in options.parts:
        yield Case({"dataset": options.dataset, "parts": parts, "epochs": options.epochs}, 0)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a number of parts."""
    rows = []
    for record in records:
        found = [record.figures["decoder"], record.figures["distance"]]
        seconds = f"{record.figures['training']:.1f}"
        given = record.arguments
        numbers = (f"{auc:.4f}" for auc in found)
        rows.append((given["dataset"], given["parts"], given["epochs"], *numbers, seconds))
    head = "network | parts | epochs | validation AUC | AUC of the distance alone | training, s"
    return {"table": table(head, rows)}


def measure(case: Case, options: argparse.Namespace) -> dict[str, float]:
    """One training through that many parts."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from forcelaw import signed
    from forcelaw.signed.decoder import area_under_curve
    from forcelaw.signed.decoder.geometry_decoder import distances
    from forcelaw.signed.features import Featurizer
    from forcelaw.signed.forces import (
        Choices,
        decoder_inputs,
        draw_starts,
        make_views,
        mean_geometry,
        place,
        place_folds,
    )
    from forcelaw.signed.forces.memory_plan import make_training
    from forcelaw.signed.forces.objective import untrained_forces
    from forcelaw.signed.model.cross_fitting import fit_decoder

    preset = signed.PRESETS["default"]
    stages = (dataclasses.replace(preset.stages[0], epochs=case.arguments["epochs"]),)
    preset = dataclasses.replace(preset, stages=stages, folds=4)
    whole = network(case.arguments["dataset"])
    parts = signed.split(whole, "pairs", seed=0, validation=0.2)
    train, held = parts.train, parts.validation
    assert held is not None
    views = make_views(train, folds=preset.folds, seed=0)
    start = draw_starts(views.graph.nodes, 64, preset, seed=2)
    ends = jnp.asarray(held.pairs, jnp.int32)
    feature = jnp.asarray(Featurizer.fit(train).transform(held.pairs), float)
    forces = untrained_forces(views, preset, key=jax.random.key(0))
    began = time.perf_counter()
    choices = Choices(64, preset.capacity, False, preset.start)
    training = make_training(views, choices, case.arguments["parts"], 0)
    law = training.run(forces, preset, key=jax.random.key(1)).model.law
    spent = time.perf_counter() - began
    columns = place_folds(law, views, start, preset, directed=False)
    ensemble, _ = fit_decoder(views, columns, trees=preset.features)
    position = place(law, views.graph, views.whole(), start, preset)
    placed = mean_geometry(position, views.graph.node_mask, ends, directed=False)
    scores = ensemble(decoder_inputs(placed, feature, preset)), -distances(position[0], ends)
    decoder, distance = (area_under_curve(held.sign > 0, np.asarray(score)) for score in scores)
    return {"decoder": float(decoder), "distance": float(distance), "training": spent}
