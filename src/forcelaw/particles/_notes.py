"""What the data cannot tell, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from forcelaw.laws import Units
from forcelaw.particles._design import Design
from forcelaw.particles._distill import Distilled
from forcelaw.particles._estimate import measured_noise
from forcelaw.particles._fit import Fitted
from forcelaw.particles._missing import missing

_POOR = 0.1
"""Relative error on the test part from which a formula explains little."""
_INEXACT = 0.01
_EXACT = 1e-6
_LEFT = (1e-4, 3e-3)
"""Errors, of measured and of estimated accelerations, in which a force may hide."""
_CLEARLY = 0.6
"""A network with this share of the formula's error knows something that the formula does not."""
_SURE = 0.8
_LOOSE = 0.05
"""Relative deviation from which a constant is not pinned down."""
_FEW = 200
_FOLLOWED = 1.2
"""Residual, in units of the noise, up to which a formula's motion is the measured one."""

_ROUNDING = 1e-12
"""Share of the spread of positions that is no error."""


def notes(
    fitted: Fitted,
    distilled: Distilled,
    train: Design,
    errors: Mapping[str, float],
    spread: Mapping[str, Any],
    residual: float | None = None,
) -> list[str]:
    """One sentence for everything that limits what was found.

    **Arguments:** `train` some instants of the training part; `errors` on the test part by name:
    `forcelaw`, `network` and baselines; `spread` as of `forcelaw.particles._spread.spread`;
    `residual` of positions, where these alone were measured.
    """
    return [
        *_unseen(fitted, train),
        *_no_pair(fitted, distilled),
        *(
            _unexplained(fitted, distilled, errors)
            if residual is None
            else _unfollowed(fitted, residual)
        ),
        *_hidden(fitted, distilled, train, errors),
        *_undecided(spread, nothing=distilled.formula.text() == "0"),
    ]


def _unseen(fitted: Fitted, train: Design) -> list[str]:
    """What varies too little, or was not given at all."""
    data, units = fitted.split.train, fitted.units or Units()
    found = [
        f"{name} is {units.attribute(name) * data.attributes[name].flat[0]:g} throughout: how the "
        "force depends on it cannot be told"
        for name in fitted.sizes.constant
    ]
    if "mass" not in data.attributes:
        found.append("masses are unknown and taken as one: forces are accelerations")
    if len(train.position) < _FEW:
        found.append(
            f"only {len(train.position)} instants to learn from: longer formulas than the one "
            "found may be hidden in them"
        )
    if data.law is None and train.length.size:
        low, high = units.length * np.quantile(train.length, [0.001, 0.999])
        found.append(
            f"distances between bodies are {low:.3g} to {high:.3g}: elsewhere the formula is an "
            "extrapolation"
        )
    return found


def _no_pair(fitted: Fitted, distilled: Distilled) -> list[str]:
    data, formula = fitted.split.train, distilled.formula
    if data.acceleration is None or not np.any(data.acceleration):
        return ["no body is ever accelerated: nothing acts on them, or nothing was measured"]
    if formula.pair.text() != "0":
        return []
    if formula.own:
        return ["bodies do not act on each other: a force between pairs explains nothing more"]
    return ["the law is zero: no force explains the accelerations better than none"]


def _unexplained(fitted: Fitted, distilled: Distilled, errors: Mapping[str, float]) -> list[str]:
    """Where a formula is not the whole story."""
    mine, network = errors["forcelaw"], errors["network"]
    simple = {name: e for name, e in errors.items() if name not in ("forcelaw", "network")}
    found = []
    if mine > _POOR:
        found.append(
            f"the formula leaves {mine:.0%} of the accelerations unexplained: noise, coarse "
            "frames, or a law outside the forms that were searched"
        )
    clearly = network < _CLEARLY * mine
    if mine > _LEFT[0] and clearly:
        found.append(
            f"the network errs by {network:.2%} where the formula errs by {mine:.2%}: the law is "
            "probably outside the forms that were searched"
        )
    if mine > _INEXACT and not clearly and "acceleration" in fitted.split.train.estimated:
        found.append(
            f"accelerations were estimated from noisy or coarse motion and are off by about "
            f"{mine:.1%}: constants and even the form may be off by more"
        )
    best = min(simple, key=lambda name: simple[name], default=None)
    some = mine > _EXACT and distilled.formula.pair.text() != "0"
    if best is not None and some and simple[best] < mine:
        found.append(f"the {best} baseline errs less on the test part ({simple[best]:.3g})")
    return found


def _hidden(
    fitted: Fitted, distilled: Distilled, train: Design, errors: Mapping[str, float]
) -> list[str]:
    """What is left that another force would explain."""
    data = fitted.split.train
    if train.weak is None and errors["forcelaw"] < _LEFT["acceleration" in data.estimated]:
        return []
    unit = 1.0 if fitted.units is None else fitted.units.length
    found = missing(distilled.formula, train, data.bodies, unit)
    return [] if found is None else [found]


def _unfollowed(fitted: Fitted, residual: float) -> list[str]:
    data = fitted.split.test
    raw = np.moveaxis(data.measured["position"], 1, 0).reshape(data.n_times, -1)
    # Where noise is but rounding its size is a matter of the last digit.
    if residual <= _FOLLOWED or residual * measured_noise(raw, data.time) < _ROUNDING * raw.std():
        return []
    return [
        f"rollouts of the formula miss the positions by {residual:.2g} times their noise: the law "
        "is probably outside the forms that were searched, or the motion too quick for the frames"
    ]


def _undecided(spread: Mapping[str, Any], *, nothing: bool) -> list[str]:
    """Where other data of the same kind would have given another formula.

    That the law is zero needs no such caution: any weak force is as good as none.
    """
    if nothing:
        return []
    found = []
    choice: Sequence[Mapping[str, Any]] = spread["choice"]
    rivals = spread.get("as_good") or []
    if rivals:
        found.append(
            "the data do not single out one formula; within the noise these are as good: "
            + ", ".join(rivals[:3])
        )
    elif choice and choice[0]["share"] < _SURE:
        rivals = ", ".join(f"{row['text']} ({row['share']:.0%})" for row in choice[:3])
        found.append(f"the data do not single out one formula; in resamples are chosen: {rivals}")
    loose = [
        f"{row['value']:.4g} (+- {row['deviation']:.2g})"
        for row in spread["constants"]
        if row["deviation"] > _LOOSE * abs(row["value"])
    ]
    if loose:
        found.append(f"constants that the data barely pin down: {', '.join(loose)}")
    return found
