"""The numbers of all pairs of all recordings: learned on some, then told for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.particles.data import Recordings
from forcelaw.particles.hidden.levels import Levels, find_levels
from forcelaw.particles.hidden.pair_equations import Couplings
from forcelaw.particles.hidden.shared_law import (
    SHARED_LAW,
    SharedLaw,
    fit_shared_law,
    put_on_splines,
    solve_all,
)
from forcelaw.particles.hidden.spline_steps import SplineSteps
from forcelaw.particles.hidden.steps import Steps, check_bodies, read_steps


@dataclass(frozen=True)
class InferenceSettings:
    """How much is learned from."""

    pairs: int = 400
    """Of the recordings that the force is learned on, at least."""
    recordings: int = 40
    """That the force is learned on, at most."""
    levels_from: int = 400
    """Recordings from which the values of pairs are told."""
    different: float = 0.02
    """Share of pairs, surely different in both directions, from which they are so."""


INFERENCE = InferenceSettings()


@dataclass(frozen=True, eq=False)
class InferredCouplings:
    """The force and the numbers of pairs, which take some values."""

    law: SharedLaw
    levels: Levels
    recordings: tuple[Couplings, ...]
    reciprocal: bool

    @property
    def unit(self) -> float:
        """The largest value."""
        return float(np.abs(self.levels.value).max())


def infer_couplings(
    data: Recordings,
    order: int,
    cutoff: float | None,
    *,
    seed: int = 0,
    settings: InferenceSettings = INFERENCE,
    say: Callable[[str], None] = lambda line: None,
) -> InferredCouplings:
    """A force against distance and a number for every pair of every recording.

    **Arguments:** `order` of the law; `cutoff` the distance beyond which nothing acts.

    **Raises** `NotEnoughData` for recordings of one body, or too short or too far apart to tell;
    `InputError` for too many bodies.
    """
    reach = np.inf if cutoff is None else cutoff
    for part in data:
        check_bodies(part)
    chosen = choose_recordings(data, seed, settings=settings)
    plain = [read_steps(data.parts[index], order, reach) for index in chosen]
    check_equations(data, plain)
    steps = put_on_splines(plain, SHARED_LAW.pieces)
    say(f"the force and who acts on whom, from {len(steps)} of {len(data)} recordings")
    fit = fit_shared_law(steps)
    levels = _levels_of(fit.couplings)
    reciprocal = True
    free = solve_all(steps, fit.law, reciprocal=False)
    if _one_sided(free.couplings, _levels_of(free.couplings), settings):
        say("both directions of some pairs differ")
        reciprocal = False
        fit = fit_shared_law(steps, reciprocal=False)
        levels = _levels_of(fit.couplings)
    found: list[Couplings] = []
    known = dict(zip(chosen, fit.couplings, strict=True))
    for index, part in enumerate(data):
        if index not in known:
            one = SplineSteps.of(read_steps(part, order, reach), fit.law.basis)
            known[index] = solve_all([one], fit.law, reciprocal=reciprocal).couplings[0]
        found.append(known[index])
    if len(found) > len(chosen):
        levels = _levels_of(found[: settings.levels_from])
    return InferredCouplings(fit.law, levels, tuple(found), reciprocal)


def deviations(couplings: Couplings) -> Float[np.ndarray, " pair"]:
    """Standard errors; infinite for pairs of which the motion says nothing."""
    size = np.sqrt(np.maximum(np.diag(couplings.precision), 0))
    told = size > 1e-6 * size.max(initial=0)
    result = np.full(len(size), np.inf)
    if told.any():
        inner = couplings.precision[np.ix_(told, told)] / size[told] / size[told][:, None]
        inverse = np.linalg.inv(inner + 1e-10 * np.eye(len(inner)))
        result[told] = np.sqrt(np.maximum(np.diag(inverse), 0)) / size[told]
    return result


def _levels_of(couplings: tuple[Couplings, ...] | list[Couplings]) -> Levels:
    value = np.concatenate([one.value for one in couplings])
    return find_levels(value, np.concatenate([deviations(one) for one in couplings]))


def choose_recordings(
    data: Recordings, seed: int, *, settings: InferenceSettings = INFERENCE
) -> list[int]:
    """Recordings to learn from: enough pairs, and not more."""
    order = np.random.default_rng(seed).permutation(len(data)).tolist()
    chosen, pairs = [], 0
    for index in order:
        if pairs >= settings.pairs or len(chosen) >= settings.recordings:
            break
        bodies = data.parts[index].n_bodies
        chosen.append(index)
        pairs += bodies * (bodies - 1) // 2
    return sorted(chosen)


def check_equations(data: Recordings, steps: list[Steps]) -> None:
    """**Raises** `NotEnoughData` where numbers of pairs are more than what was seen."""
    if not any((np.abs(one.direction).sum(axis=-1) > 0).any() for one in steps):
        raise wrong_input(
            data.name,
            found="no two bodies near each other",
            expected="some, whose forces on each other are looked for",
            then="record more bodies, or choose a longer cutoff",
            error=NotEnoughData,
        )
    equations = sum(int(one.valid.sum()) * one.dim for one in steps)
    pairs = sum(len(one.pairs.first) for one in steps)
    if equations < 4 * pairs:
        raise wrong_input(
            data.name,
            found=f"{equations} changes of motion for {pairs} pairs",
            expected="at least four for each pair",
            then="record more snapshots",
            error=NotEnoughData,
        )


def _one_sided(
    couplings: tuple[Couplings, ...], levels: Levels, settings: InferenceSettings
) -> bool:
    """Whether both directions of some pairs surely have other values."""
    if len(levels.value) < 2:
        return False
    apart = float(np.diff(levels.value).min())
    differ, count = 0, 0
    for one in couplings:
        half = len(one.value) // 2
        error = levels.inflation * np.hypot(*np.split(deviations(one), [half]))
        level = np.abs(one.value[:, None] - levels.value).argmin(axis=1)
        sure = np.isfinite(error) & (error < apart / 8)
        differ += int((sure & (level[:half] != level[half:])).sum())
        count += int(sure.sum())
    return differ > settings.different * max(count, 1)
