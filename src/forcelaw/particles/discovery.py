"""Fit, distill, check: the law behind trajectories in one call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.distill import Searcher
from forcelaw.laws import Formula, Law
from forcelaw.particles.answer import (
    Answer,
    answer_text,
    beside,
    curve_document,
    curve_rows,
    describe,
    leading,
)
from forcelaw.particles.candidates import Baseline, linear, power_law
from forcelaw.particles.caveats import explained_of, notes
from forcelaw.particles.certainty import DIGITS, shown, unsure
from forcelaw.particles.data import Trajectories
from forcelaw.particles.diagnosis import Cause, ForceSpline, Squares, Verdict, pronounce
from forcelaw.particles.equations import Design, observed, relative_error, shooting_windows
from forcelaw.particles.learning import Fitted, fit, message_r2
from forcelaw.particles.prediction import FoundFormula, Rollout, far_worlds, roll_out, true_law
from forcelaw.particles.refinement import shoot
from forcelaw.particles.result_curves import energy_curve, force_curve
from forcelaw.particles.selection import (
    Distilled,
    curves_in,
    distill_law,
    distilled_in,
    in_own_units,
    spread,
)
from forcelaw.training import Epoch

_INSTANTS = 2000
_ROLLOUTS = 32


@dataclass(frozen=True, eq=False)
class Discovery:
    """What `discover` found."""

    formula: FoundFormula
    law: Law
    """The trained network that the formula was read off."""
    document: dict[str, Any]
    """Everything that is reported, as JSON can hold it; see `discover`."""
    fitted: Fitted
    distilled: Distilled
    judgement: Verdict
    """What is said of the formula, with its evidence."""
    curve: ForceSpline
    """The force against distance with a 95 % band, whatever the formula."""

    @property
    def answer(self) -> Answer:
        """What to lead with: `formula`, or `curve` where no formula is the law and it is better."""
        return leading(self.judgement, self._curve_explained)

    @property
    def verdict(self) -> str:
        """`law`, `approximation` or `none`."""
        return self.judgement.verdict

    @property
    def explained(self) -> float:
        """R² on held-out data; 0 for a law that says nothing."""
        return self.judgement.explained

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What a formula that is no law may lack, most likely first."""
        return self.judgement.causes

    @property
    def _curve_explained(self) -> float:
        return float(self.document["curve"]["explained"] or 0.0)

    def __str__(self) -> str:
        text = shown(self.formula, self.document["spread"]["constants"]).text(DIGITS)
        return answer_text(self.answer, text, self.curve, self._curve_explained)


def discover(
    data: Trajectories,
    *,
    seed: int = 0,
    model: str = "pair",
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    **training: Any,
) -> Discovery:
    """The force law behind trajectories, as a formula.

    A network is trained on the training part (`fit`, which takes `model`, `folder`, `report` and
    the arguments in `training`), read off (`distill_law`, which takes `searchers` and `library`),
    and checked on the test part and, where the true law is known, outside the training range. The
    document has

    - `verdict`: `law`, `approximation` or `none`; `explained`: R² on the test part, of
      `explained_of`, accelerations or what positions tell of them; `explained_of_explainable`: the
      same, noise taken out of what could be explained; `causes` of what is left, most likely first,
      and `evidence` for them; see `Verdict`;
    - `curve`: `r`, `force`, `low`, `high`, the force against distance with a 95 % band, and
      `explained` by it; see `ForceSpline`;
    - `answer`: `formula`, or `curve` where the verdict is `none` or the curve is clearly better
      than an approximation;
    - `formula`: `pair`, `self`, `latex`, each constant with the digits that its standard error
      supports, whose values stand in `spread`; `truth` likewise where it is known; `notes` that say
      what the data cannot tell;
    - `pareto`: `complexity`, `error`, `text`, `source` (`network`, `library`) and `chosen` of every
      candidate;
    - `candidates`: how many formulas, shapes and combinations were `tried`, and how many `dropped`
      because their numbers were not finite or no fit of them came to an end;
    - `spread`: how constants and choice vary over resampled data, see `selection.spread`;
    - `r2`: messages against true `force` and `acceleration`, plain and `_trimmed`;
    - `error`: `test` and `far`, the mean error of the formula's accelerations relative to their
      size; where only noisy positions were measured, `test` is of what these tell of
      accelerations, noise included;
    - `baselines`: the same of the network, two baselines and no force at all, and what each
      `explained`;
    - `residual`, in that case: of positions of the test part from rollouts of the formula with
      free initial states, in units of the measured noise (1: nothing but noise is left);
    - `energy_drift` of the formula over the data's span of time (None where it is not conserved);
    - `seconds` by phase, and `curves` for the report.
    """
    fitted = fit(data, seed=seed, model=model, folder=folder, report=report, **training)
    return judge(data, fitted, searchers=searchers, library=library, seed=seed)


def judge(
    data: Trajectories,
    fitted: Fitted,
    *,
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    seed: int = 0,
) -> Discovery:
    """The rest of `discover`, of a law that is fitted already; arguments as of `distill_law`."""
    units = fitted.units
    if units is None:
        own = in_own_units(fitted)
        found = judge(data, own, searchers=searchers, library=library, seed=seed)
        return _in_given_units(found, data, fitted, own)
    began = time.perf_counter()
    distilled = distill_law(fitted, searchers=searchers, library=library, seed=seed)
    read = time.perf_counter()
    formula, law = FoundFormula.of(distilled.formula), fitted.law
    train = observed(fitted.split.train, _INSTANTS, seed=seed)
    test = observed(fitted.split.test, _INSTANTS, seed=seed)
    truth = true_law(data, units)
    far = None if truth is None else far_worlds(fitted.split.train, truth, units, seed=seed)
    compared = {"forcelaw": formula, "network": law, **_baselines(train)}
    errors = [
        {
            "name": name,
            "test": relative_error(one, test),
            "far": None if far is None else relative_error(one, far),
            "explained": Squares.of(one, test).explained,
        }
        for name, one in compared.items()
    ]
    near = {row["name"]: row["test"] for row in errors}
    varied = spread(distilled, fitted, seed=seed)
    residual = _residual(formula, fitted, seed)
    doubtful = unsure(distilled.formula.rescaled(units.inverse), varied["constants"])
    judgement = pronounce(
        formula,
        fitted.split,
        rivals=varied.get("as_good") or (),
        unsure=doubtful,
        unit=units.length,
        seed=seed,
    )
    curve = ForceSpline.of(formula, fitted.split.train, seed=seed)
    limits = notes(fitted, distilled, train, near, varied, judgement, doubtful)
    moved = _roll_out(formula, fitted)
    r2 = message_r2(law, test, truth)
    drawn = curve_document(curve, test)
    answer, of = leading(judgement, drawn["explained"]), explained_of(test)
    limits += beside(answer, judgement.explained, drawn["explained"], of)
    document = {
        **_judgement(judgement),
        "explained_of": of,
        "answer": answer,
        "curve": drawn,
        "formula": describe(formula),
        "truth": None if truth is None else describe(truth),
        "notes": [*limits, *fitted.split.train.notes],
        "pareto": distilled.table(),
        "candidates": distilled.candidates,
        "spread": varied,
        "r2": r2,
        "error": {key: errors[0][key] for key in ("test", "far")},
        "residual": residual,
        "baselines": {
            row["name"]: {key: row[key] for key in ("test", "far", "explained")}
            for row in errors[1:]
        },
        "energy_drift": None if moved is None else moved.energy_drift,
        "momentum_drift": None if moved is None else moved.momentum_drift,
        "seconds": {
            "fit": fitted.seconds,
            "distill": read - began,
            "check": time.perf_counter() - read,
        },
        "curves": {
            "force": force_curve(law, formula, truth, test),
            "energy": {}
            if moved is None or moved.energy is None
            else energy_curve(moved.time, {"formula": moved.energy}),
            "errors": errors,
        },
    }
    return Discovery(formula, law, _finite(document), fitted, distilled, judgement, curve)


def _in_given_units(found: Discovery, data: Trajectories, given: Fitted, own: Fitted) -> Discovery:
    """What was found in the data's own scales, in those that they were given in."""
    assert own.units is not None
    back, truth = own.units.inverse, true_law(data)
    distilled = distilled_in(found.distilled, back)
    formula, curve = FoundFormula.of(distilled.formula), found.curve.in_units(back)
    printed = shown(formula, found.document["spread"]["constants"])
    document = found.document | {
        "formula": describe(printed, DIGITS),
        "truth": None if truth is None else describe(truth),
        "pareto": _finite(distilled.table()),
        "curves": curves_in(found.document["curves"], back),
        "curve": found.document["curve"] | _finite(curve_rows(curve)),
    }
    return Discovery(formula, given.law, document, given, distilled, found.judgement, curve)


def _judgement(judgement: Verdict) -> dict[str, Any]:
    return {
        "verdict": judgement.verdict,
        "explained": judgement.explained,
        "explained_of_explainable": judgement.explained_of_explainable,
        "residual_to_noise": judgement.residual_to_noise,
        "causes": list(judgement.causes),
        "evidence": [item._asdict() for item in judgement.evidence],
    }


def _baselines(train: Design) -> dict[str, Formula]:
    """What a finding has to beat."""
    fitted: dict[str, Baseline] = {"linear": linear(train), "power law": power_law(train)}
    known = {name: baseline.formula for name, baseline in fitted.items()}
    return {**known, "no force": Formula.parse("0")}


def _roll_out(formula: Formula, fitted: Fitted) -> Rollout | None:
    """The formula over the data's span of time, from starts of the test part."""
    part = fitted.split.test
    some = part.select(np.arange(min(_ROLLOUTS, part.n_trajectories)))
    dt = float(np.median(np.diff(part.time)))
    moved = roll_out(formula, some.initial, steps=part.n_times - 1, dt=dt)
    return moved if np.isfinite(moved.momentum).all() else None


def _residual(formula: Formula, fitted: Fitted, seed: int) -> float | None:
    """Root mean square of what rollouts leave of noisy positions; the median trajectory's."""
    windows = shooting_windows(fitted.split.test, seed=seed)
    if windows is None or len(windows.measured) > 1:
        return None
    return float(np.sqrt(np.median(shoot(formula, windows, rounds=0).error)))


def _finite(value: Any) -> Any:
    """The same with None in place of numbers that JSON cannot hold."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value
