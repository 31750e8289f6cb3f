"""The law of motion with what is hidden in it: edges, masses, charges or kinds of bodies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from forcelaw.errors import InvalidSetting, suggest, wrong_input
from forcelaw.files import many
from forcelaw.particles.data import Recordings, Trajectories
from forcelaw.particles.hidden import (
    Hidden,
    infer_charges,
    infer_edges,
    infer_kinds,
    with_charges,
    with_edges,
    with_kinds,
)
from forcelaw.particles.matter import MatterResult, MatterSettings, discover_recordings
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.distances import check_distances
from forcelaw.particles.matter.order_choice import OrderEvidence, choose_order
from forcelaw.particles.preparation import (
    PREPARATION,
    PreparationSettings,
    infer_masses,
    masses_explain,
)
from forcelaw.particles.settings import NoiseName, OrderName

INFERRED = ("edges", "mass", "charge", "kinds")
"""What can be looked for."""
_ORDER_FROM = 40
"""Recordings that tell the order."""
_KINDS_FROM = 5
"""Recordings in which kinds are looked for unasked, at most."""
_LEAST = 6
"""Bodies of each."""
_MOST_BODIES = 200
"""Likewise, at most: more take minutes, and are asked for by name."""
_LAW_FROM = 200
"""Recordings that the formula is read from."""

Say = Callable[[str], None]


def check_infer(infer: Any, order: OrderName = "auto") -> None:
    """**Raises** `InvalidSetting` for what cannot be looked for, or not with a law of `order`."""
    if infer is not None and infer not in INFERRED:
        raise InvalidSetting(
            f"infer: found {infer!r}, expected one of {', '.join(INFERRED)}, or None; "
            f"{suggest(str(infer), INFERRED)}"
        )
    if infer == "mass" and order == "first":
        raise InvalidSetting(
            "infer: found 'mass' with order 'first', expected edges, charge or kinds, or another "
            "order: where velocities follow from places, mass plays no part; leave one of "
            "infer='mass' (--infer mass) and order='first' (--order first) out"
        )


def with_masses(data: Trajectories | Recordings) -> Trajectories:
    """The same with masses from its motion.

    **Raises** `InputError` for what is no plain motion, or has masses.
    """
    if not isinstance(data, Trajectories):
        raise wrong_input(
            data.name,
            found="motion with a box, kinds or absent bodies",
            expected="for masses the same bodies at all times in open space",
            then="give the masses, or leave infer='mass' (--infer mass) out",
        )
    return infer_masses(data)


def with_masses_that_show(
    data: Trajectories, order: OrderName, *, settings: PreparationSettings = PREPARATION
) -> Trajectories:
    """The same with masses that nobody gave, where these explain the motion and equal ones do not.

    So bodies of a solar system are told from each other; unasked, as it takes a moment.
    """
    if order == "first" or not masses_explain(data, settings=settings):
        return data
    return infer_masses(data, settings=settings)


def discover_with_hidden(
    data: Recordings,
    infer: Literal["edges", "charge", "kinds"],
    *,
    order: OrderName = "auto",
    cutoff: float | None = None,
    noise: NoiseName = "auto",
    seed: int = 0,
    say: Say = lambda line: None,
) -> MatterResult:
    """What is hidden, and then the law with it in place.

    **Raises** as `infer_edges`, `infer_charges`, `infer_kinds` and `discover_recordings`.
    """
    check_distances(data, cutoff)
    evidence = _order_of(data, cutoff, seed) if order == "auto" else None
    named = order if evidence is None else _named(evidence.order.number)
    number = 1 if named == "first" else 2
    hidden: Hidden
    if infer == "edges":
        hidden = infer_edges(data, number, cutoff, seed=seed, say=say)
        told = with_edges(data, hidden)
    elif infer == "charge":
        hidden = infer_charges(data, number, cutoff, seed=seed, say=say)
        told = with_charges(data, hidden)
    else:
        hidden = infer_kinds(data, number, cutoff, seed=seed, say=say)
        told = with_kinds(data, hidden) if hidden.count > 1 else data
    say(hidden.sentence())
    some, notes = _some(told, seed)
    found = discover_recordings(
        some,
        order=named,
        cutoff=cutoff,
        seed=seed,
        say=say,
        settings=MatterSettings(noise=noise),
    )
    return replace(
        found,
        hidden=hidden,
        order=found.order if evidence is None else evidence,
        notes=(*found.notes, *notes, hidden.sentence()),
        data=told,
    )


def look_for_kinds(
    best: MatterResult, *, cutoff: float | None, seed: int, say: Say
) -> MatterResult:
    """The law with kinds of bodies that were not recorded, where bodies differ and it is better.

    For few recordings of enough bodies that are the same all the time.
    """
    data = best.data
    few = len(data) <= _KINDS_FROM and all(_LEAST <= part.n_bodies <= _MOST_BODIES for part in data)
    if data.kinds or not few or "hidden-attribute" not in best.causes:
        return best
    number = best.law.order
    hidden = infer_kinds(data, number, cutoff, seed=seed, say=say)
    say(hidden.sentence())
    offer = "charges that were not recorded are looked for by infer='charge' (--infer charge)"
    if hidden.count < 2:
        return replace(best, notes=(*best.notes, offer))
    other = discover_recordings(
        with_kinds(data, hidden), order=_named(number), cutoff=cutoff, seed=seed, say=say
    )
    if not other.is_better_than(best):
        said = f"{hidden.sentence()}; formulas between them are no better (infer='kinds' has them)"
        return replace(best, notes=(*best.notes, said, offer))
    notes = (*other.notes, hidden.sentence())
    return replace(other, hidden=hidden, order=best.order, notes=notes)


def _order_of(data: Recordings, cutoff: float | None, seed: int) -> OrderEvidence:
    some = replace(data, parts=data.parts[:_ORDER_FROM])
    return choose_order(some, find_candidates(some, cutoff), seed=seed)


def _named(number: int) -> OrderName:
    return "first" if number == 1 else "second"


def _some(data: Recordings, seed: int) -> tuple[Recordings, tuple[str, ...]]:
    """As many recordings as a formula needs, and words about it."""
    if len(data) <= _LAW_FROM:
        return data, ()
    chosen = np.sort(np.random.default_rng(seed).permutation(len(data))[:_LAW_FROM])
    note = f"the formula was read from {_LAW_FROM} of {many(len(data), 'recording')}"
    return replace(data, parts=tuple(data.parts[index] for index in chosen)), (note,)
