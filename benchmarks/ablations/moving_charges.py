"""Forces of another design: charges that move, several spaces, features left out in stages.

    FORCELAW_DATA=folder python -m benchmarks run ablations/moving_charges [RUN ...]

Nodes have a place and a charge in each of several spaces. Both move down the slope of the log-loss
of the signs that are seen: a pair's log-odds are what the features say, times a share that grows
from stage to stage, and for each space the product of both charges times how much nearer than a
learned length the two lie. So the forces are trained on what features do not know. A pair is
judged while it is hidden, from motion and from features that never saw it. RUN is `network:splits`,
protocol pairs; a test part is never looked at. Networks whose signs a geometry made come first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from benchmarks.harness import Case, Record, table
from benchmarks.networks import network
from forcelaw import signed
from forcelaw.graph import safe_norm
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.decoder.ensemble import Examples, fit_ensemble
from forcelaw.signed.features import Featurizer
from forcelaw.signed.splits import make_folds

SMOKE = ["one-space:1", "--nodes", "60"]
RUNS = ("one-space:3", "two-spaces:3", "charges:3", "congress:3", "bitcoin-alpha:1")
FOLDS = 5
DIM, DEGREE = 4, 40
STEPS = 150
"""Of Adam, in each stage."""
RATE = 0.05
RIDGE = 0.5
"""On places and on charges less 1: of each node, in log-loss."""
SHARP = 8.0
"""Of the geometries that make signs: log-odds a unit of distance."""


class Way(NamedTuple):
    """A design."""

    spaces: int
    charges: bool
    stages: tuple[float, ...]
    """Shares of the features' log-odds, one stage after the other."""


WAYS = {
    "one space, no features in the training": Way(1, charges=False, stages=(0.0, 0.0)),
    "one space, trained on what features leave over": Way(1, charges=False, stages=(1.0, 1.0)),
    "one space, charges that move": Way(1, charges=True, stages=(1.0, 1.0)),
    "three spaces, charges that move": Way(3, charges=True, stages=(1.0, 1.0)),
    "the same, features from none to all in stages": Way(3, charges=True, stages=(0.0, 0.5, 1.0)),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", default=list(RUNS))
    parser.add_argument("--nodes", type=int, default=400, help="of networks made of a geometry")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for run in options.runs:
        name, splits = run.split(":")
        size = {"nodes": options.nodes} if name in GEOMETRIES else {}
        yield Case({"network": name, "splits": int(splits), **size})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """AUC of the validation part by features alone, by features and each way, and by truth."""
    name, nodes = case.arguments["network"], case.arguments.get("nodes")
    rows: dict[str, list[list[float]]] = {way: [] for way in ("features", "truth", *WAYS)}
    for seed in range(case.arguments["splits"]):
        whole, truth = geometric(name, nodes, seed) if nodes else (network(name), None)
        parts = signed.split(whole, "pairs", seed=seed, validation=0.2)
        assert parts.validation is not None
        asked, positive = np.asarray(parts.validation.pairs), parts.validation.sign > 0
        views = hide(parts.train, asked, seed)
        rows["features"].append([area(positive, views[-1].said)])
        if truth is not None:
            rows["truth"].append([area(positive, truth[asked[:, 0], asked[:, 1]])])
        for word, way in WAYS.items():
            rows[word].append(judge(way, parts.train, views, positive, seed))
    return {"ways": {way: each for way, each in rows.items() if each}}


def geometric(kind: str, nodes: int, seed: int) -> tuple[signed.SignedNetwork, np.ndarray]:
    """A network of random pairs, `DEGREE` a node, and the log-odds that made its signs."""
    random = np.random.default_rng(seed)
    logit = GEOMETRIES[kind](random, nodes)
    first, second = np.triu_indices(nodes, 1)
    chosen = random.random(len(first)) < min(1.0, DEGREE / nodes)
    first, second = first[chosen], second[chosen]
    sign = np.where(random.random(len(first)) < 1 / (1 + np.exp(-logit[first, second])), 1, -1)
    edges = [str(u) for u in first], [str(v) for v in second]
    made = signed.SignedNetwork.from_edges(
        *edges, sign, nodes=map(str, range(nodes)), directed=False
    )
    place = np.array([int(name) for name in made.pairs().largest_component().names])
    return made, logit[np.ix_(place, place)]


def _one_space(random: np.random.Generator, nodes: int) -> np.ndarray:
    """Friends are near in the unit square."""
    return SHARP * (0.5 - between(random.random((nodes, 2))))


def _two_spaces(random: np.random.Generator, nodes: int) -> np.ndarray:
    """Everybody cares about one of two squares, or half about each, and about others who do."""
    care = random.choice([0.0, 0.5, 1.0], nodes)
    first, second = (0.5 - between(random.random((nodes, 2))) for _ in range(2))
    return 2 * SHARP * (np.outer(care, care) * first + np.outer(1 - care, 1 - care) * second)


def _charges(random: np.random.Generator, nodes: int) -> np.ndarray:
    """Like charges are friends and others enemies, the more so the nearer they are."""
    charge = random.choice([-1.0, 1.0], nodes)
    near = np.exp(-((between(random.random((nodes, 2))) / 0.4) ** 2))
    return SHARP * np.outer(charge, charge) * near


GEOMETRIES = {"one-space": _one_space, "two-spaces": _two_spaces, "charges": _charges}


def between(place: np.ndarray) -> np.ndarray:
    return np.linalg.norm(place[:, None] - place[None], axis=-1)


class View(NamedTuple):
    """Signs that are shown, what features say of each while it is hidden, and pairs asked about."""

    shown: signed.SignedNetwork
    own: np.ndarray
    asked: np.ndarray
    said: np.ndarray
    """What features say of these."""


def hide(train: signed.SignedNetwork, asked: np.ndarray, seed: int) -> list[View]:
    """The training part with each fold asked about in turn; at last the whole, and `asked`."""
    views = [
        view(train.subset(one.visible), train.edges[one.hidden], seed)
        for one in make_folds(train, FOLDS, seed)
    ]
    return [*views, view(train, asked, seed)]


def view(shown: signed.SignedNetwork, asked: np.ndarray, seed: int) -> View:
    """By features alone, each of the signs shown hidden in turn."""
    fold, rows, order = np.zeros(shown.n_edges, np.int64), [], []
    for number, one in enumerate(make_folds(shown, FOLDS, seed)):
        fold[one.hidden] = number
        order.append(np.flatnonzero(one.hidden))
        rows.append(Featurizer.fit(shown.subset(one.visible)).transform(shown.edges[one.hidden]))
    at = np.concatenate(order)
    ensemble, held = decoder(np.concatenate(rows), shown.sign[at] > 0, fold[at])
    own = np.zeros(shown.n_edges)
    own[at] = held
    column = jnp.asarray(Featurizer.fit(shown).transform(asked), float)
    return View(shown, own, asked, np.asarray(ensemble(column), np.float64))


def decoder(rows: np.ndarray, positive: np.ndarray, fold: np.ndarray) -> tuple[Any, np.ndarray]:
    """The ensemble of every fit without trees, and what it says of rows it was not fitted on."""
    here = jnp.asarray(rows, float), jnp.asarray(positive, float), jnp.ones(len(rows))
    ensemble, held = fit_ensemble(Examples(*here, jnp.asarray(fold), FOLDS), trees=False)
    return ensemble, np.asarray(held, np.float64)


def judge(
    way: Way, train: signed.SignedNetwork, views: list[View], positive: np.ndarray, seed: int
) -> list[float]:
    """AUC of features and motion together on the pairs asked about, and of motion alone."""
    moved = [move(way, one, train.n_edges, seed) for one in views]
    rows = [
        np.column_stack([one.said, found, found.sum(axis=1)])
        for one, found in zip(views, moved, strict=True)
    ]
    fold = np.repeat(np.arange(FOLDS), [len(one.asked) for one in views[:-1]])
    sign = np.concatenate([train.sign[one.hidden] for one in make_folds(train, FOLDS, seed)])
    ensemble, _ = decoder(np.concatenate(rows[:-1]), sign > 0, fold)
    log_odds = np.asarray(ensemble(jnp.asarray(rows[-1], float)), np.float64)
    return [area(positive, log_odds), area(positive, moved[-1].sum(axis=1))]


def move(way: Way, seen: View, most: int, seed: int) -> np.ndarray:
    """What each space adds to the log-odds of pairs, after motion under the signs shown.

    Rows are padded to `most`, so that nothing is compiled twice.
    """
    random, nodes = np.random.default_rng(seed), seen.shown.n_nodes
    start = {
        "place": jnp.asarray(random.normal(scale=0.5, size=(way.spaces, nodes, DIM))),
        "charge": jnp.asarray(1 + 0.1 * random.normal(size=(way.spaces, nodes))),
        "length": jnp.ones(way.spaces),
        "shift": jnp.zeros(()),
    }
    free = most - seen.shown.n_edges
    rows = (seen.shown.sign > 0, seen.own, np.ones(seen.shown.n_edges))
    positive, known, shown = (jnp.asarray(np.pad(row.astype(float), (0, free))) for row in rows)
    ends = jnp.asarray(np.pad(seen.shown.edges, ((0, free), (0, 0))))
    share = jnp.repeat(jnp.asarray(way.stages), STEPS)
    state = run(start, ends, positive, known, shown, share, way.charges)
    return np.asarray(added(state, jnp.asarray(seen.asked), way.charges).T, np.float64)


def added(state: dict[str, Array], ends: Array, charges: bool) -> Array:
    """`[space, pair]`: charges times how much nearer than the length the two lie."""
    place, charge = state["place"], state["charge"]
    near = state["length"][:, None] - safe_norm(place[:, ends[:, 0]] - place[:, ends[:, 1]])
    return charge[:, ends[:, 0]] * charge[:, ends[:, 1]] * near if charges else near


@jax.jit(static_argnums=6)
def run(
    start: dict[str, Array],
    ends: Array,
    positive: Array,
    known: Array,
    shown: Array,
    share: Array,
    charges: bool,
) -> dict[str, Array]:
    """The motion: steps of Adam down the log-loss of the signs shown, with a ridge."""
    adam = optax.adam(RATE)

    def loss(state: dict[str, Array], share: Array) -> Array:
        log_odds = share * known + state["shift"] + jnp.sum(added(state, ends, charges), axis=0)
        missed = shown @ jnp.logaddexp(0, jnp.where(positive > 0, -log_odds, log_odds))
        stray = jnp.sum(state["place"] ** 2) + jnp.sum((state["charge"] - 1) ** 2)
        return missed + RIDGE * stray

    def step(carry: Any, share: Array) -> tuple[Any, None]:
        state, memory = carry
        change, memory = adam.update(jax.grad(loss)(state, share), memory)
        return (optax.apply_updates(state, change), memory), None

    (state, _), _ = jax.lax.scan(step, (start, adam.init(start)), share)
    return state


def area(positive: np.ndarray, log_odds: np.ndarray) -> float:
    return area_under_curve(positive, log_odds)


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of all networks; of each the gain without features, and the largest with them."""
    rows, found = [], {}
    for record in records:
        ways = {word: np.array(each) for word, each in record.figures["ways"].items()}
        gains = {}
        for word in WAYS:
            gain = ways[word][:, 0] - ways["features"][:, 0]
            error = f" ± {gain.std(ddof=1) / len(gain) ** 0.5:.4f}" if len(gain) > 1 else ""
            gains[word] = f"{gain.mean():+.4f}{error}"
            truth = f"{ways['truth'].mean():.3f}" if "truth" in ways else "-"
            rows.append(
                (
                    record.arguments["network"],
                    word,
                    f"{ways['features'].mean():.3f}",
                    gains[word],
                    f"{ways[word][:, 1].mean():.3f}",
                    truth,
                )
            )
        first, *others = WAYS
        best = max(others, key=lambda word: float(gains[word].split()[0]))
        found[f"{record.arguments['network']}.free"] = short(gains[first])
        found[f"{record.arguments['network']}.most"] = short(gains[best])
    heading = "network | design | features | gain | motion alone | truth"
    return {"table": table(heading, rows), **found}


def short(gain: str) -> str:
    """A gain to three digits, as texts have it."""
    numbers = (f"{float(part):.3f}" for part in gain.split(" ± "))
    return " ± ".join(numbers).replace("0.", ".")
