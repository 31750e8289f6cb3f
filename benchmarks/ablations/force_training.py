"""What learned forces add to the decoder of signs, tried in several ways on validation parts.

    FORCELAW_DATA=folder python -m benchmarks run ablations/force_training [RUN ...]

A RUN is `dataset:splits`, protocol pairs; without any, all of `RUNS`. The decoder without forces is
fitted first. What it says of each hidden pair, blind to it, goes with the distances of one way
after another into a second one, so that a gain is what the distances know beside all the features.
A test part is never looked at.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import time
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.ablations.joint_training import trained_beside
from benchmarks.ablations.signed_spectrum import spectral
from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.laws import Law
from forcelaw.signed.decoder.ensemble import fit_ensemble
from forcelaw.signed.decoder.geometry_decoder import GEOMETRY
from forcelaw.signed.features import ActivityFeatures, Featurizer, RatingFeatures
from forcelaw.signed.forces import (
    PRESETS,
    Choices,
    Preset,
    Views,
    draw_starts,
    make_views,
    mean_geometry,
    place,
    place_folds,
)
from forcelaw.signed.forces.memory_plan import plan_training
from forcelaw.signed.forces.objective import Task, untrained_forces
from forcelaw.signed.forces.views import pair_graph
from forcelaw.signed.model.cross_fitting import fit_decoder, make_examples
from forcelaw.signed.splits import SignedPairs, make_folds
from forcelaw.training import Stage

SMOKE = ["synthetic-40:1", "--ways", "0", "--no-spectrum"]
RUNS = ("congress:5", "bitcoin-alpha:3", "bitcoin-otc:2")
FOLDS, DIM = 10, 64
LONG = Stage(epochs=40, steps=50, dt=0.03, damping=1.7, learning_rate=0.03)


class Way(NamedTuple):
    """How forces are trained, and what they see."""

    title: str
    halves: int = 1
    """1: law and decoder learn from the same hidden pairs; 2: from different ones, twice."""
    beside: Literal["nothing", "features", "their log-odds"] = "nothing"
    """What is known beside the distances while the law is trained."""
    knows: bool = False
    """Whether forces see what the decoder sees of ratings and times."""
    begins: int = 1
    stages: tuple[Stage, ...] = PRESETS["default"].stages


WAYS = (
    Way("as the default preset: trained so that distances tell the signs"),
    Way("+ law and decoder learn from different hidden pairs", halves=2),
    Way("+ forces see ratings and times", knows=True),
    Way("+ mean over four starts", begins=4),
    Way("+ 50 steps of .03, 40 epochs, forces see all", knows=True, stages=(LONG,)),
    Way("trained so that distances and features together tell them", beside="features"),
    Way("trained on what the features leave over", halves=2, beside="their log-odds"),
)
SPECTRUM = "no forces: 16 directions of the signed spectrum"


class Held(NamedTuple):
    """One split, and what its decoder without forces says."""

    seed: int
    train: signed.SignedNetwork
    held: SignedPairs
    views: Views
    said: np.ndarray
    """Log-odds of the validation pairs."""
    cross_fitted: jax.Array
    """Log-odds `[fold, pair, 1]` of the hidden pairs by members that have not seen them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", default=list(RUNS), metavar="RUN")
    parser.add_argument("--ways", nargs="+", type=int, default=list(range(len(WAYS))))
    parser.add_argument("--no-spectrum", action="store_true")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    titles = [WAYS[number].title for number in options.ways]
    for run in options.runs:
        name, count = run.split(":")
        for seed in range(int(count)):
            for title in [*titles, *([] if options.no_spectrum else [SPECTRUM])]:
                yield Case({"network": name, "way": title}, seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, float]:
    """Gains of one way on one split."""
    assert case.seed is not None
    held = prepared(case.arguments["network"], case.seed)
    began = time.process_time()
    way = next((way for way in WAYS if way.title == case.arguments["way"]), None)
    found = by_spectrum(held) if way is None else by_forces(held, way)
    return found | {"seconds": time.process_time() - began}


@functools.lru_cache(maxsize=1)
def prepared(name: str, seed: int) -> Held:
    """The split, its views, and the decoder without forces."""
    split = signed.split(network(name), "pairs", seed=seed, validation=0.1)
    assert split.validation is not None
    views = make_views(split.train, folds=FOLDS, seed=seed)
    ensemble, own = fit_ensemble(make_examples(views, views.hidden.feature), trees=True)
    feature = jnp.asarray(Featurizer.fit(split.train).transform(split.validation.pairs), float)
    said = np.asarray(ensemble(feature), np.float64)
    return Held(seed, split.train, split.validation, views, said, own.reshape(FOLDS, -1, 1))


def by_forces(case: Held, way: Way) -> dict[str, float]:
    """Gains of the distances after a simulation."""
    said = eqx.tree_at(lambda v: v.hidden.feature, case.views, case.cross_fitted)
    learned_on = case.views if way.beside == "features" else said
    if way.knows:
        edges = knowing(case)
        said, learned_on = (
            eqx.tree_at(lambda v: v.view.edge, v, edges) for v in (said, learned_on)
        )
    last = way.stages[-1]
    preset = dataclasses.replace(
        PRESETS["default"],
        stages=way.stages,
        steps=last.steps,
        dt=last.dt,
        damping=last.damping,
        hidden=16 if way.knows else 8,
    )
    alone, together = [], []
    for half in range(way.halves):
        folds = range(FOLDS)
        other = [k for k in folds if way.halves == 1 or k % 2 != half]
        own = [k for k in folds if way.halves == 1 or k % 2 == half]
        seed = case.seed + 1000 * half
        law_key, train_key, _ = jax.random.split(jax.random.key(seed), 3)
        law = trained(way, preset, some(learned_on, other), case.seed, law_key, train_key)
        judged_on = some(said, own)
        start = draw_starts(said.graph.nodes, DIM, preset, seed=seed, count=way.begins)
        columns = place_folds(law, judged_on, start, preset, directed=False)
        position = place(law, said.graph, said.whole(), start, preset)
        pairs = jnp.asarray(case.held.pairs, jnp.int32)
        placed = mean_geometry(position, said.graph.node_mask, pairs, directed=False)
        by_places, _ = fit_decoder(judged_on, columns[..., :GEOMETRY], trees=False)
        alone.append(np.asarray(by_places(placed)))
        both, _ = fit_decoder(judged_on, columns, trees=False)
        asked = jnp.asarray(case.said, float)[:, None]
        together.append(np.asarray(both(jnp.concatenate([placed, asked], axis=1))))
    return gains(case, np.mean(alone, axis=0), np.mean(together, axis=0))


def trained(
    way: Way,
    preset: Preset,
    views: Views,
    seed: int,
    law_key: jax.Array,
    train_key: jax.Array,
) -> Law:
    """The law, trained in that way."""
    forces = untrained_forces(views, preset, key=law_key)
    choices = Choices(DIM, preset.capacity, directed=False, start=preset.start)
    if way.beside == "nothing":
        plan = plan_training(forces, views, choices, preset, seed=seed)
        return plan.run(forces, preset, key=train_key).best.law
    return trained_beside(forces.law, preset, Task(views, choices), law_key, train_key)


def some(views: Views, folds: list[int]) -> Views:
    """Some of the folds, and the view that hides nothing."""
    chosen, seen = jnp.asarray(folds), jnp.asarray([*folds, views.folds])
    return Views(
        views.graph,
        jax.tree.map(lambda leaf: leaf[seen], views.view),
        jax.tree.map(lambda leaf: leaf[chosen], views.hidden),
        len(folds),
    )


def knowing(case: Held) -> jax.Array:
    """The edge features of every view, and its standardised ratings and times."""
    graph, edges = pair_graph(case.train)
    row = np.asarray(graph.row)
    half = edges[: len(edges) // 2]
    added = []
    for one in [*seen_networks(case), case.train]:
        known = [RatingFeatures.fit(one).transform(half)]
        if one.time is not None:
            known.append(ActivityFeatures.fit(one).transform(half))
        values = np.concatenate(known, axis=1)
        values = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-6)
        both = np.tile(np.clip(values, -3, 3), (2, 1))
        added.append(np.where((row >= 0)[:, None], both[row], 0))
    return jnp.concatenate([case.views.view.edge, jnp.asarray(np.stack(added), float)], axis=-1)


def seen_networks(case: Held) -> list[signed.SignedNetwork]:
    """The training network as every view shows it."""
    return [case.train.subset(fold.visible) for fold in make_folds(case.train, FOLDS, case.seed)]


def by_spectrum(case: Held) -> dict[str, float]:
    """Gains of the best account of the visible signs in few dimensions."""
    hidden = case.views.hidden
    columns = jnp.stack(
        [
            jnp.asarray(spectral(one, np.asarray(ends)), float)
            for one, ends in zip(seen_networks(case), hidden.ends, strict=True)
        ]
    )
    found = jnp.asarray(spectral(case.train, case.held.pairs), float)
    by_places, _ = fit_decoder(case.views, columns, trees=False)
    joined = jnp.concatenate([columns, case.cross_fitted], axis=-1)
    both, _ = fit_decoder(case.views, joined, trees=False)
    said = jnp.asarray(case.said, float)[:, None]
    together = both(jnp.concatenate([found, said], axis=1))
    return gains(case, np.asarray(by_places(found)), np.asarray(together))


def gains(case: Held, alone: np.ndarray, together: np.ndarray) -> dict[str, float]:
    """Scores of log-odds on the validation part, against the decoder without forces."""
    auc, loss = zip(*(scored(case, o) for o in (case.said, together)), strict=True)
    return {
        "alone": scored(case, alone)[0],
        "features": auc[0],
        "auc": auc[1] - auc[0],
        "loss": loss[0] - loss[1],
    }


def scored(case: Held, log_odds: np.ndarray) -> tuple[float, float]:
    """AUC and log-loss."""
    probability = 1 / (1 + np.exp(-log_odds.astype(np.float64)))
    positive = case.held.sign > 0
    loss = -np.log(np.where(positive, probability, 1 - probability)).mean()
    return signed.scores(case.held.sign, probability)["auc"], float(loss)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of each network."""
    found = {}
    for name in dict.fromkeys(record.arguments["network"] for record in records):
        rows = []
        for way in [*(way.title for way in WAYS), SPECTRUM]:
            of = [r.figures for r in records if r.arguments == {"network": name, "way": way}]
            if of:
                auc, loss, alone, seconds = (
                    np.array([row[key] for row in of])
                    for key in ("auc", "loss", "alone", "seconds")
                )
                each = ", ".join(f"{value:+.4f}" for value in auc)
                costs = f"{alone.mean():.3f}", f"{seconds.mean():.0f}"
                rows.append((way, each, mean(auc), mean(loss), *costs))
                if way == WAYS[0].title:
                    found[f"{name}.alone"] = f"{alone.mean():.2f}".removeprefix("0")
        head = "way | AUC, split by split | mean | log-loss, mean | geometry alone | s a split"
        found[name] = table(head, rows)
    return found | {"ways": str(len(WAYS))}


def mean(values: np.ndarray) -> str:
    """With its standard error, if there is one."""
    error = f" ± {values.std(ddof=1) / len(values) ** 0.5:.4f}" if len(values) > 1 else ""
    return f"{values.mean():+.4f}{error}"
