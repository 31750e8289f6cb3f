"""A fit of the forces without the decoder of signs: where the nodes come to lie."""

from __future__ import annotations

import numpy as np

from forcelaw import signed
from forcelaw.signed.forces import PRESETS, Attempts, Choices, Preset, draw_starts, place
from forcelaw.signed.model import APART, count_fold_choices
from forcelaw.signed.model.averaging import start_count

DIM = 64


def springs_alone(
    train: signed.SignedNetwork, seed: int, preset: Preset = PRESETS["default"]
) -> tuple[np.ndarray, signed.Springs]:
    """`positions_` and `springs_` of `SpringEmbedding(seed=seed, preset=preset).fit(train)`."""
    model = signed.SpringEmbedding(DIM, seed=seed, preset=preset)
    count = min(preset.trainings, count_fold_choices(train, preset.choices))
    views = [model.views_of(train, seed=seed + number * APART) for number in range(count)]
    places = start_count(train, preset.starts)
    start = draw_starts(views[0].graph.nodes, DIM, preset, seed=seed, count=places)
    found = Attempts(
        views=views,
        trainings=count,
        start=start,
        choices=Choices(DIM, preset.capacity, train.directed, preset.start),
        preset=preset,
        begin=lambda forces: forces,
        seed=seed,
        memory=None,
        shards=None,
        note=None,
    ).best(None, None)
    position = place(found.law, views[0].graph, views[0].whole(), start, preset)
    return np.asarray(position)[0, : train.n_nodes], found.springs
