"""What the data cannot tell, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forcelaw.files import many
from forcelaw.laws import Units
from forcelaw.particles.diagnosis import Verdict
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.equations import Design
from forcelaw.particles.learning import Fitted
from forcelaw.particles.selection import Distilled, Stability


def write_caveats(
    fitted: Fitted,
    distilled: Distilled,
    train: Design,
    errors: Mapping[str, float],
    stability: Stability,
    judgement: Verdict,
    unsure: Sequence[str] = (),
    *,
    settings: DiscoverySettings = DISCOVERY,
) -> list[str]:
    """One sentence for everything that limits what was found.

    **Arguments:** `train` some snapshots of the training part; `errors` on the test part by name:
    `forcelaw`, `network` and baselines; `stability` of the formula and of the choice;
    `judgement` the verdict on the formula; `unsure` its constants whose standard
    errors exceed their values.
    """
    nothing = distilled.formula.pair.is_zero and not distilled.formula.one_body
    return [
        *_no_pair(fitted, distilled),
        *_lacking(judgement, explained_of(train), settings),
        *_closer(distilled, errors, judgement, settings),
        *_unseen(fitted, train, settings),
        *_estimated(fitted, judgement),
        *_unsure(unsure),
        *_undecided(stability, nothing=nothing, settings=settings),
    ]


def explained_of(design: Design) -> str:
    """What R² is of, in words."""
    of = "the accelerations"
    return of if design.weak is None else f"what positions tell of {of}"


def _unsure(constants: Sequence[str]) -> list[str]:
    if not constants:
        return []
    listed = ", ".join(constants)
    words = (
        f"the constant {listed} is smaller than its standard error"
        if len(constants) == 1
        else f"the constants {listed} are smaller than their standard errors"
    )
    return [f"{words}: such a formula is not called the law"]


def _lacking(judgement: Verdict, of: str, settings: DiscoverySettings) -> list[str]:
    """What the formula does not explain, and what would."""
    if judgement.verdict == "law":
        return []
    ratio = judgement.residual_to_noise
    found = []
    if ratio is not None and ratio > settings.caveats.followed:
        found.append(
            f"the formula explains {judgement.explained:.2%} of {of} (R²) and leaves "
            f"{ratio:.3g} times what noise, snapshots and estimates would leave"
        )
    elif ratio is None:
        found.append(
            f"the formula explains {judgement.explained:.2%} of {of} (R²), and its "
            "motion cannot be followed from any start"
        )
    # One explanation may stand for several causes.
    for words, share in dict.fromkeys((item.words, item.share) for item in judgement.evidence):
        causes = [item.cause for item in judgement.evidence if item.words == words]
        part = f", which would explain {share:.0%} of the residual" if share < 1 else ""
        found.append(f"likely cause{'s' * (len(causes) > 1)} ({', '.join(causes)}): {words}{part}")
    if found and not judgement.evidence:
        found.append("none of the causes that were tried explains the residual")
    return found


def _closer(
    distilled: Distilled,
    errors: Mapping[str, float],
    judgement: Verdict,
    settings: DiscoverySettings,
) -> list[str]:
    """Other laws that do better."""
    if judgement.verdict == "law" or distilled.formula.pair.is_zero:
        return []
    mine, network = errors["forcelaw"], errors["network"]
    simple = {name: e for name, e in errors.items() if name not in ("forcelaw", "network")}
    found = []
    if network < settings.caveats.clearly * mine:
        found.append(f"the network errs by {network:.2%} where the formula errs by {mine:.2%}")
    best = min(simple, key=lambda name: simple[name], default=None)
    if best is not None and simple[best] < mine:
        found.append(f"the {best} baseline errs less on the test part ({simple[best]:.3g})")
    return found


def _estimated(fitted: Fitted, judgement: Verdict) -> list[str]:
    """How far estimated accelerations are off, where noise had to be smoothed."""
    error = judgement.acceleration_error
    smoothed = bool(fitted.split.train.measured)
    if not smoothed or error is None or judgement.verdict == "none":
        return []
    return [f"accelerations were estimated from noisy motion and are off by about {error:.1%}"]


def _unseen(fitted: Fitted, train: Design, settings: DiscoverySettings) -> list[str]:
    """What varies too little, or was not given at all."""
    data, units = fitted.split.train, fitted.units or Units()
    found = [
        f"{name} is {units.attribute(name) * data.attributes[name].flat[0]:g} throughout: how the "
        "force depends on it cannot be told"
        for name in fitted.sizes.constant
    ]
    if "mass" not in data.attributes:
        found.append("masses are unknown and taken as one: forces are accelerations")
    snapshots = len(train.position) * (1 if train.crowd is None else train.position.shape[1])
    if snapshots < settings.caveats.few:
        found.append(
            f"only {many(len(train.position), 'snapshot')} to learn from: longer formulas than "
            "the one found may be hidden in them"
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
    if not formula.pair.is_zero:
        return []
    if formula.one_body:
        return ["bodies do not act on each other: a force between pairs explains nothing more"]
    return ["the law is zero: no force explains the accelerations better than none"]


def _undecided(stability: Stability, *, nothing: bool, settings: DiscoverySettings) -> list[str]:
    """Where other data of the same kind would have given another formula.

    That the law is zero needs no such caution: any weak force is as good as none.
    """
    if nothing:
        return []
    found = []
    choice = stability.choice
    if stability.as_good:
        found.append(
            "the data do not single out one formula; within the noise these are as good: "
            + ", ".join(stability.as_good[: settings.caveats.named])
        )
    elif choice and choice[0].share < settings.caveats.decided:
        rivals = ", ".join(
            f"{one.text} ({one.share:.0%})" for one in choice[: settings.caveats.named]
        )
        found.append(f"the data do not single out one formula; in resamples are chosen: {rivals}")
    loose = [
        f"{one.value:.4g} (+- {one.deviation:.2g})"
        for one in stability.constants
        if settings.caveats.loose * abs(one.value) < one.deviation < abs(one.value)
    ]
    if loose:
        found.append(f"constants that the data barely pin down: {', '.join(loose)}")
    return found
