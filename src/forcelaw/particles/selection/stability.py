"""How far the finding depends on the data at hand: resampled fits, resampled choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from forcelaw.distill import Attempts
from forcelaw.laws import Formula, Units, numbers
from forcelaw.numerics import standard_error
from forcelaw.particles.data import Split, Trajectories
from forcelaw.particles.equations import Design, weighted_error
from forcelaw.particles.learning import Fitted
from forcelaw.particles.refinement import fit_constants
from forcelaw.particles.selection.distilled import Distilled
from forcelaw.particles.selection.estimate_errors import within_estimates
from forcelaw.particles.selection.pareto import choose_first_good
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings
from forcelaw.particles.selection.unit_conversion import deviations_in_units
from forcelaw.particles.selection.validation_on_positions import (
    Validated,
    choose,
    description_length,
)
from forcelaw.storage import Record


@dataclass(frozen=True)
class ConstantEstimate(Record):
    """A constant of a formula and its standard error."""

    value: float
    deviation: float
    """Standard error; nan where it is not known."""


@dataclass(frozen=True)
class ResampledChoice(Record):
    """A formula and the share of resamples of the data in which it is chosen."""

    text: str
    share: float


@dataclass(frozen=True)
class Stability(Record):
    """What other data of the same kind would have given."""

    as_good: tuple[str, ...]
    """Texts of formulas with another force that the data do not speak against."""
    constants: tuple[ConstantEstimate, ...]
    """For each of `forcelaw.laws.numbers`, in the units of the data as they came."""
    choice: tuple[ResampledChoice, ...]
    """Formulas chosen in resamples, the most frequent first."""


def assess_stability(
    distilled: Distilled, fitted: Fitted, *, seed: int = 0, settings: SelectionSettings = SELECTION
) -> Stability:
    """How constants and choice vary over resampled data.

    Standard errors of constants are those that refits on separate blocks of the training part imply
    for all of them together (the grouped jackknife). Members of the Pareto front are chosen again
    with the blocks of the validation part drawn anew, with replacement.

    Where only noisy positions were measured, constants vary between trajectories, and choices are
    made again from the residuals of resampled trajectories.

    What is measured in scales of the data's own is given in those of the data as they came.

    Blocks are whole trajectories (or spans of time where there are few): snapshots of one
    trajectory tell of each other, and would make everything look too sure.

    Kunsch, Annals of Statistics 17, 1217 (1989), for blocks.
    """
    back = (fitted.units or Units()).inverse
    if distilled.confirmed is not None:
        return _confirmed(distilled.confirmed, back, seed, settings)
    return Stability(
        as_good=(),
        constants=_constants(distilled.formula, fitted.split.train, back, seed, settings),
        choice=_choice(distilled, fitted.split, back, seed, settings),
    )


def _constants(
    formula: Formula, data: Trajectories, units: Units, seed: int, settings: SelectionSettings
) -> tuple[ConstantEstimate, ...]:
    values = numbers(formula)
    if not len(values):
        return ()
    attempts = Attempts()
    tried = [
        attempts.make(fit_constants, formula, design, settings=settings.refinement)
        for design in _designs(data, settings.stability.fits, seed, settings)
    ]
    fits = [numbers(one) for one in tried if one is not None]
    deviation = standard_error(np.stack(fits)) if len(fits) > 1 else np.full(len(values), np.nan)
    return _rows(formula, deviation, units)


def _rows(
    formula: Formula, deviations: Float[np.ndarray, " number"], units: Units
) -> tuple[ConstantEstimate, ...]:
    values = numbers(formula.rescaled(units))
    errors = deviations_in_units(formula, deviations, units)
    return tuple(map(ConstantEstimate, values.tolist(), errors.tolist()))


def _choice(
    distilled: Distilled, split: Split, units: Units, seed: int, settings: SelectionSettings
) -> tuple[ResampledChoice, ...]:
    designs = _designs(split.validation, settings.stability.choices, seed, settings)
    errors = np.array(
        [[weighted_error(item.formula, design) for design in designs] for item in distilled.front]
    )
    own = within_estimates(split, settings)
    draw = np.random.default_rng(seed)
    rows = draw.integers(len(designs), size=(settings.stability.resamples, len(designs)))
    counts: dict[int, int] = {}
    for sample in rows:
        chosen = choose_first_good(errors[:, sample], settings=own)
        counts[chosen] = counts.get(chosen, 0) + 1
    front = distilled.front
    return _shares(
        {_text(front[index].formula, units, settings): n for index, n in counts.items()}, settings
    )


def _confirmed(
    confirmed: Validated, units: Units, seed: int, settings: SelectionSettings
) -> Stability:
    """The spread of what was fitted to positions."""
    shots = confirmed.shots
    mine = shots[confirmed.chosen]
    errors = np.stack([shot.error for shot in shots])
    lengths = [description_length(shot.formula) for shot in shots]
    texts = [_text(shot.formula, units, settings) for shot in shots]
    draw = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    for _ in range(settings.stability.resamples):
        rows = draw.integers(errors.shape[1], size=errors.shape[1])
        counts[texts[choose(errors[:, rows], lengths, settings=settings)]] += 1
    return Stability(
        as_good=tuple(texts[k] for k in confirmed.as_good),
        constants=_rows(mine.formula, mine.deviation, units),
        choice=_shares(counts, settings),
    )


def _shares(counts: Mapping[str, int], settings: SelectionSettings) -> tuple[ResampledChoice, ...]:
    return tuple(
        ResampledChoice(text, count / settings.stability.resamples)
        for text, count in sorted(counts.items(), key=lambda item: -item[1])
    )


def _text(formula: Formula, units: Units, settings: SelectionSettings) -> str:
    return formula.rescaled(units).text(settings.stability.digits).replace("\n", "; ")


def _designs(
    data: Trajectories, blocks: int, seed: int, settings: SelectionSettings
) -> list[Design]:
    """So many snapshots of every block."""
    return [
        Design.of(part, settings.snapshots // blocks, seed=seed) for part in _blocks(data, blocks)
    ]


def _blocks(data: Trajectories, count: int) -> Sequence[Trajectories]:
    """Disjoint parts: of the trajectories, or of the time where trajectories are few."""
    if data.n_trajectories >= count:
        return [data.select(rows) for rows in np.array_split(np.arange(data.n_trajectories), count)]
    frames = np.arange(data.ends[0], data.n_times - data.ends[1])
    spans = [rows for rows in np.array_split(frames, count) if len(rows) > 1]
    return [data.between(int(rows[0]), int(rows[-1]) + 1) for rows in spans] or [data]
