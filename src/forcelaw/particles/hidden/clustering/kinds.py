"""Kinds of bodies, where they were not recorded: how many there are, and who is which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError, wrong_input
from forcelaw.files import many
from forcelaw.particles.data import Recordings
from forcelaw.particles.hidden.clustering.kind_equations import (
    KindEquations,
    body_scores,
    fit_kinds,
    kind_energies,
    read_kind_equations,
)
from forcelaw.particles.hidden.findings import FoundKinds, HiddenKinds


@dataclass(frozen=True)
class KindSettings:
    """How bodies are put into kinds."""

    most: int = 20
    """Kinds that are tried."""
    each: int = 3
    """Bodies of each kind at least, on average."""
    starts: int = 4
    """First guesses for each number of kinds: the kinds before with one cut in two."""
    components: int = 3
    """Along which a kind is cut."""
    random: int = 2
    """First guesses by chance beside these."""
    cooling: int = 12
    """Rounds in which kinds are drawn by their probability, at a temperature that falls to one."""
    hot: float = 4.0
    """The temperature at first."""
    first: int = 4
    """Rounds after that, then it is seen which of them are followed to the end."""
    trials: int = 2
    """Of them that are."""
    rounds: int = 40
    """Of forces and kinds in turn."""
    gain: float = 1e-7
    """Share of the squares by which a round must improve."""
    patience: int = 1
    """Numbers of kinds that may be no better before no more are tried."""
    lasting: float = 0.5
    """Correlation of velocities in steps that follow each other, below which chance moves bodies
    in first order."""


KINDS = KindSettings()


def infer_kinds(
    data: Recordings,
    order: int,
    cutoff: float | None = None,
    *,
    seed: int = 0,
    settings: KindSettings = KINDS,
    say: Callable[[str], None] = lambda line: None,
) -> HiddenKinds:
    """Puts bodies into kinds by what acts on them and by what they do to others.

    Forces between all pairs of kinds are fitted, and each body is put where that leaves the least,
    in turn (a mixture of regressions; Spaeth, Computing 22, 367, 1979). How many kinds there are
    the Bayesian information criterion says.

    **Raises** `InputError` where kinds are recorded, `NotEnoughData` where no two bodies are near.
    """
    if data.kinds:
        raise wrong_input(
            data.name,
            found=f"kinds ({', '.join(data.kinds[:5])})",
            expected="none, where they are looked for",
            then="leave them out, or leave infer='kinds' (--infer kinds) out",
        )
    equations = read_kind_equations(data, order, cutoff, stochastic=_by_chance(data, order))
    say(f"pairs of {many(equations.bodies, 'body')}: {len(equations.row):,}")
    rng = np.random.default_rng(seed)
    best = _cluster(equations, 1, np.zeros(equations.bodies, int), 1, settings)
    worse, most = 0, min(settings.most, equations.bodies // settings.each)
    for count in range(2, most + 1):
        tried = [
            _cluster(
                equations,
                count,
                _annealed(equations, count, start, rng, settings),
                settings.first,
                settings,
            )
            for start in _starts(equations, best, count, rng, settings)
        ]
        tried.sort(key=lambda kinds: kinds.criterion)
        found = [
            _cluster(equations, count, kinds.kind, settings.rounds, settings)
            for kinds in tried[: settings.trials]
        ]
        one = min(found, key=lambda kinds: kinds.criterion)
        if one.criterion < best.criterion:
            best, worse = one, 0
            say(f"{count} kinds")
        else:
            worse += 1
        if worse > settings.patience:
            break
    probability = best.probability()
    kind = best.kind
    # Kinds by how many they are, the most first.
    ranks = np.argsort(-np.bincount(kind, minlength=probability.shape[1]), kind="stable")
    probability, kind = probability[:, ranks], np.argsort(ranks)[kind]
    kept = int(kind.max(initial=0)) + 1
    probability = probability[:, :kept]
    told, start = [], 0
    for part in data:
        own = slice(start, start + part.n_bodies)
        told.append(FoundKinds(part.name, part.bodies, kind[own], probability[own]))
        start += part.n_bodies
    return HiddenKinds(tuple(told), kept)


def with_kinds(data: Recordings, hidden: HiddenKinds) -> Recordings:
    """The recordings with the kinds that were found, by letters.

    **Raises** `InputError` where all bodies are of one kind.
    """
    if hidden.count < 2:
        raise InputError(f"{data.name}: {hidden.sentence()}, expected several; leave kinds out")
    parts = tuple(
        replace(part, species=tuple(hidden.name_of(kind) for kind in found.kind.tolist()))
        for part, found in zip(data, hidden.recordings, strict=True)
    )
    return replace(data, parts=parts)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Bodies in so many kinds, and what forces between these leave."""

    kind: Int[np.ndarray, " body"]
    energy: Float[np.ndarray, "body kind"]
    variance: float
    criterion: float
    """The Bayesian information criterion; less is better."""

    def probability(self) -> Float[np.ndarray, "body kind"]:
        """Of each kind for each body, all others as they are."""
        likely = -0.5 * self.energy / self.variance
        likely = np.exp(likely - likely.max(axis=1, keepdims=True))
        return likely / likely.sum(axis=1, keepdims=True)


def _cluster(
    equations: KindEquations,
    count: int,
    start: Int[np.ndarray, " body"],
    rounds: int,
    settings: KindSettings,
) -> _Kinds:
    """Forces between kinds, and each body in the kind that leaves the least, in turn."""
    kind, energy, before = start, np.zeros((equations.bodies, count)), np.inf
    squares, numbers, best = np.inf, 0, start
    for _ in range(rounds):
        forces, left, numbers = fit_kinds(equations, kind, count)
        squares = float((left**2).sum())
        energy = kind_energies(equations, kind, forces, left)
        if squares >= before * (1 - settings.gain):
            break
        before, best = squares, kind
        gain = energy - energy[np.arange(len(kind)), kind][:, None]
        wanted = gain.argmin(axis=1)
        # Half of them at a time: neighbours that turn together may both be wrong.
        moving = np.flatnonzero(wanted != kind)
        moving = moving[np.argsort(gain.min(axis=1)[moving])][: max(1, (len(moving) + 1) // 2)]
        kind = kind.copy()
        kind[moving] = wanted[moving]
        if not len(moving):
            break
    rows = equations.value.size
    variance = squares / max(rows - numbers, 1) + 1e-300
    criterion = rows * np.log(variance) + numbers * np.log(rows)
    criterion += 2 * equations.bodies * np.log(count)
    return _Kinds(best, energy, variance, criterion)


def _annealed(
    equations: KindEquations,
    count: int,
    start: Int[np.ndarray, " body"],
    rng: np.random.Generator,
    settings: KindSettings,
) -> Int[np.ndarray, " body"]:
    """Kinds after drawing them by their probability, ever less by chance.

    Half of the bodies at a time (Celeux & Diebolt, Comput. Stat. Quarterly 2, 73, 1985).
    """
    kind = start
    for temperature in np.geomspace(settings.hot, 1, settings.cooling):
        forces, left, _ = fit_kinds(equations, kind, count)
        energy = kind_energies(equations, kind, forces, left)
        likely = -0.5 * energy / (float((left**2).mean()) + 1e-300) / temperature
        likely = np.exp(likely - likely.max(axis=1, keepdims=True))
        share = (likely / likely.sum(axis=1, keepdims=True)).cumsum(axis=1)
        drawn = np.minimum((share <= rng.random((len(kind), 1))).sum(axis=1), count - 1)
        kind = np.where(rng.random(len(kind)) < 0.5, drawn, kind)
    return kind


def _starts(
    equations: KindEquations,
    before: _Kinds,
    count: int,
    rng: np.random.Generator,
    settings: KindSettings,
) -> list[Int[np.ndarray, " body"]]:
    """First guesses: kinds found before, of which one is cut in two, and some at random.

    Cut where the residuals of the members differ the most: along principal components.
    """
    known, old = before.kind, count - 1
    _, left, _ = fit_kinds(equations, known, old)
    scores = body_scores(equations, known, old, left)
    cuts: list[tuple[float, Int[np.ndarray, " body"]]] = []
    for split in range(old):
        members = np.flatnonzero(known == split)
        if len(members) < 2:
            continue
        middle = scores[members] - scores[members].mean(axis=0)
        along, size, _ = np.linalg.svd(middle, full_matrices=False)
        for component in range(min(settings.components, len(size))):
            start = known.copy()
            start[members[along[:, component] > 0]] = old
            cuts.append((float(size[component]), start))
    cuts.sort(key=lambda cut: -cut[0])
    starts = [start for _, start in cuts[: settings.starts]]
    return [*starts, *(rng.integers(0, count, equations.bodies) for _ in range(settings.random))]


def _by_chance(data: Recordings, order: int) -> bool:
    """Whether velocities change from step to step, in first order."""
    both, whole = 0.0, 1e-300
    for part in data:
        moved = np.diff(part.position, axis=0) / np.diff(part.time)[:, None, None]
        product, square = moved[1:] * moved[:-1], (moved[1:] ** 2 + moved[:-1] ** 2) / 2
        there = np.isfinite(product)
        both += float(product[there].sum())
        whole += float(square[there].sum())
    return order == 1 and both / whole < KINDS.lasting
