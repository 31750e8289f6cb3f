"""Which way to a law a data set goes: that of plain motion, or that of recordings.

Plain motion is that of the same bodies at the same times in open space, of second order and without
chance: formulas of any form are searched for it. All else are `Recordings`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, get_args, overload

import numpy as np

from forcelaw.distill import Searcher
from forcelaw.errors import InvalidSetting, NotEnoughData, check_type, suggest
from forcelaw.particles.data import (
    Recording,
    Recordings,
    Trajectories,
    names_of_kinds,
    with_kinds_by,
)
from forcelaw.particles.discovery import check_options, discover_plain
from forcelaw.particles.discovery_result import DiscoveryResult
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.early_evidence import (
    asks_for_more,
    has_distances,
    is_first_order,
    is_settled,
)
from forcelaw.particles.finding import Finding
from forcelaw.particles.first_answer import FirstAnswer, answer_first
from forcelaw.particles.hidden_properties import (
    check_infer,
    discover_with_hidden,
    look_for_kinds,
    with_masses,
    with_masses_that_show,
)
from forcelaw.particles.matter import MatterResult, MatterSettings, discover_recordings
from forcelaw.particles.matter.distances import check_distances
from forcelaw.particles.matter.searches.reflections import find_hard_walls
from forcelaw.particles.settings import InferName, NoiseName, OrderName
from forcelaw.training import Epoch

Motion: TypeAlias = Trajectories | Recordings
Say: TypeAlias = Callable[[str], None]

_BEYOND: frozenset[str] = frozenset(
    {
        "first-order",
        "velocity-dependent",
        "transverse",
        "species",
        "non-reciprocal",
        "stochastic",
        "periodic-box",
        "three-body",
        "external-field",
    }
)
"""Causes of a residual that the way of recordings knows terms for."""


@overload
def discover(data: Trajectories, **options: Any) -> DiscoveryResult | Any: ...


@overload
def discover(
    data: Recording | Recordings | Sequence[Trajectories | Recording | Recordings], **options: Any
) -> MatterResult: ...


# `Any` beside `DiscoveryResult`: which way plain arrays go, their motion decides.
def discover(
    data: Motion | Recording | Sequence[Trajectories | Recording | Recordings],
    *,
    order: OrderName = "auto",
    cutoff: float | None = None,
    infer: InferName | None = None,
    noise: NoiseName = "auto",
    seed: int = 0,
    model: str = "pair",
    searchers: Sequence[Searcher] | None = None,
    library: bool = True,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    settings: DiscoverySettings = DISCOVERY,
    say: Say = lambda line: None,
    **training: Any,
) -> Finding:
    """The law behind motion, as formulas.

    `Trajectories` in open space are plain: a network is trained and read off, see
    `discover_plain`, which takes `model` and all that follows. `Recordings`, lists, trajectories in
    a box, with kinds or absent bodies, and motion of first order go to `discover_recordings`. So
    does what the first way does not explain, for causes that it knows; the better answer counts.

    **Arguments:** `order` of the law: `first` (velocities), `second` (accelerations), or found;
    `cutoff` the distance beyond which nothing acts, where it is known; `infer` what was not
    recorded and is looked for with the law: `edges` (who acts on whom, another in each recording),
    `mass`, `charge` or `kinds` of bodies; `noise` what of the motion is no law: `none`,
    `measurement` (errors of positions), `langevin` (chance that moves bodies), or found; `say` is
    told what goes on.

    **Raises** `InvalidSetting` and `NotEnoughData` as both ways do.
    """
    motion = as_motion(data)
    check_order(order, cutoff)
    check_infer(infer, order)
    motion = as_noisy(motion, noise)
    how: dict[str, Any] = {"order": order, "cutoff": cutoff, "seed": seed, "say": say}
    if infer == "mass":
        motion = with_masses(motion)
    elif infer is not None:
        recorded = motion.recordings if isinstance(motion, Trajectories) else motion
        return discover_with_hidden(recorded, infer, noise=noise, **how)
    if isinstance(motion, Recordings):
        return discover_kinds(motion, noise=noise, **how)
    check_options(searchers, settings)
    motion = with_masses_that_show(motion, order, settings=settings.learning.preparation)
    first = ask_first(motion, order=order, cutoff=cutoff, seed=seed, settings=settings)
    early = discover_early(motion, first, order=order, cutoff=cutoff, seed=seed, say=say)
    if early is not None and is_settled(early, order, cutoff):
        return early
    found = discover_plain(
        motion,
        seed=seed,
        model=model,
        searchers=searchers,
        library=library,
        folder=folder,
        report=report,
        first=first,
        settings=settings,
        **training,
    )
    return choose_better(found, motion, early, order=order, seed=seed, say=say)


def as_motion(data: Any) -> Motion:
    """One data set of what was given.

    **Raises** `InvalidSetting` for what holds no motion.
    """
    if isinstance(data, Trajectories | Recordings):
        return data
    if isinstance(data, Recording):
        return Recordings((data,), data.name)
    if isinstance(data, list | tuple) and data:
        parts: list[Recording] = []
        for one in data:
            motion = as_motion(one)
            parts += motion.recordings if isinstance(motion, Trajectories) else motion
        return Recordings(tuple(parts), f"{len(data)} recordings")
    check_type(
        "discover",
        data,
        Trajectories,
        then="read a file with fl.particles.read(...), or give arrays to "
        "fl.particles.Trajectories, or a list of several",
    )
    raise AssertionError


def check_order(order: Any, cutoff: Any) -> None:
    """**Raises** `InvalidSetting` for another order, or a cutoff that is no distance."""
    if order not in get_args(OrderName):
        raise InvalidSetting(
            f"order: found {order!r}, expected one of {', '.join(get_args(OrderName))}"
        )
    number = isinstance(cutoff, int | float | np.number) and not isinstance(cutoff, bool)
    if cutoff is not None and not (number and np.isfinite(cutoff) and cutoff > 0):
        raise InvalidSetting(f"cutoff: found {cutoff!r}, expected a positive distance, or None")


def as_noisy(data: Motion, noise: Any) -> Motion:
    """Motion as recordings where it is said what of it is no law: their way knows what to do.

    **Raises** `InvalidSetting` for another name, or errors of positions where these do not count.
    """
    if noise not in get_args(NoiseName):
        known = get_args(NoiseName)
        raise InvalidSetting(
            f"noise: found {noise!r}, expected one of {', '.join(known)}; "
            f"{suggest(str(noise), known)}"
        )
    if noise == "auto":
        return data
    recorded = data.recordings if isinstance(data, Trajectories) else data
    if noise == "measurement" and any(part.acceleration is not None for part in recorded):
        raise InvalidSetting(
            f"noise: found 'measurement' for {data.name}, which has accelerations; expected "
            "positions or velocities alone, whose errors count; leave accelerations or it out"
        )
    return recorded


def discover_kinds(
    data: Recordings,
    *,
    order: OrderName = "auto",
    cutoff: float | None,
    seed: int,
    say: Say,
    noise: NoiseName = "auto",
) -> MatterResult:
    """The law of recordings; where it is none, with an attribute of few values as kinds.

    Or, where bodies differ by what was not recorded, with kinds that are found.
    """
    how: dict[str, Any] = {"order": order, "cutoff": cutoff, "seed": seed, "say": say}
    how["settings"] = MatterSettings(noise=noise)
    check_distances(data, cutoff)
    best = discover_recordings(data, **how)
    for name in names_of_kinds(data):
        if best.verdict == "law":
            break
        say(f"kinds by {name!r}")
        other = discover_recordings(with_kinds_by(data, name), **how)
        if other.is_better_than(best):
            note = f"{name!r} was taken for the kind of bodies: as a factor it explains less"
            best = replace(other, notes=(*other.notes, note))
    if best.verdict == "law":
        return best
    return look_for_kinds(best, cutoff=cutoff, seed=seed, say=say)


def ask_first(
    data: Trajectories,
    *,
    order: OrderName,
    cutoff: float | None,
    seed: int,
    settings: DiscoverySettings = DISCOVERY,
) -> FirstAnswer | None:
    """What a regression on the terms of plain motion says; None where motion cannot be plain."""
    if order == "first" or cutoff is not None or any(data.jumps):
        return None
    try:
        return answer_first(data, seed=seed, settings=settings)
    except NotEnoughData:
        return None


def discover_early(
    data: Trajectories,
    first: FirstAnswer | None = None,
    *,
    order: OrderName,
    cutoff: float | None,
    seed: int,
    say: Say,
) -> MatterResult | None:
    """The law of trajectories that are not plain, for what they show themselves.

    For `order`, `cutoff` and terms that plain motion does not know, wrapped positions, velocities
    that places tell, and bounces off walls. None where there is none, or `first` settles it.
    """
    if first is not None and first.formula is not None:
        return None
    asked = order == "first" or cutoff is not None
    recorded = data.recordings
    if asked or (any(data.jumps) and has_distances(recorded)):
        return discover_kinds(recorded, order=order, cutoff=cutoff, seed=seed, say=say)
    if order != "second" and is_first_order(data, seed):
        return discover_kinds(recorded, cutoff=None, seed=seed, say=say)
    if (has_distances(recorded) and find_hard_walls(recorded)) or asks_for_more(data, seed):
        return discover_kinds(recorded, order=order, cutoff=None, seed=seed, say=say)
    return None


def choose_better(
    found: DiscoveryResult,
    data: Trajectories,
    early: MatterResult | None,
    *,
    order: OrderName,
    seed: int,
    say: Say,
) -> Finding:
    """What was found as plain motion, or as recordings where that explains it better."""
    if found.verdict == "law":
        return found
    other = early
    causes = [cause for cause in found.causes if cause in _BEYOND]
    if other is None and causes and has_distances(data.recordings):
        say(f"as plain motion: {found.verdict}, {found.explained:.4f} explained; as recordings")
        other = discover_kinds(data.recordings, order=order, cutoff=None, seed=seed, say=say)
    if other is None or not other.is_better_than(found):
        return found
    text = found.printed_formula.text().replace("\n", "; ")
    listed = f", causes: {', '.join(causes)}" if causes else ""
    note = f"as plain motion of second order the best formula was {text} ({found.verdict}, R² "
    note += f"{found.explained:.4f}{listed})"
    return replace(other, notes=(*other.notes, note))
