"""Runs that find a law in pairs of states, as documents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forcelaw.documents import JsonObject
from forcelaw.errors import InvalidSetting
from forcelaw.particles.comparison.predictions import Predictions
from forcelaw.particles.pairs_of_states import PairsResult, StatePairs, discover_from_pairs
from forcelaw.particles.runs.run_data import head_of
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage import Run, plain
from forcelaw.storage.law_files import save
from forcelaw.training.reporting import Reporter

_OF_MOTION = ("order", "cutoff", "box", "species", "topology", "infer", "noise", "target")
"""Settings that need the snapshots between a state and its end."""


def discover_pairs_run(
    settings: ParticlesSettings,
    run: Run,
    data: StatePairs,
    seconds: Mapping[str, float],
    reporter: Reporter,
) -> JsonObject:
    """Finds the law that leads from states to their ends into a run and returns its results.

    **Raises** `InvalidSetting` for a setting that only motion with its snapshots has.
    """
    for name in _OF_MOTION:
        given = getattr(settings, name)
        if given != type(settings).model_fields[name].default:
            raise InvalidSetting(
                f"{name}: found {given!r} for pairs of states, expected none: it is about motion "
                "with the snapshots between; leave it out"
            )
    with reporter.progress("following motion from states to their ends"):
        found = discover_from_pairs(data, seed=settings.seed, say=reporter.note)
    facts = {"dataset": settings.named, "content_hash": settings.content_hash}
    save(run.folder / "formula", found.formula, seed=settings.seed, **facts)
    return plain(
        {
            **head_of("particles discover", settings, data),
            "model": None,
            # Encounters need it, whatever was asked for.
            "precision": 64,
            **found.to_json(),
            "explained_of": found.explained_words(),
            "curves": {"force": _drawn(found), "compared": _compared(found, settings.seed)},
            "seconds": {**seconds, **found.seconds},
        }
    )


def _compared(found: PairsResult, seed: int) -> JsonObject:
    """What forces did to held-out bodies, beside what the law makes of it."""
    held = found.held_out(seed)
    bodies = held.bodies
    missed = held.end - found.predict(held)
    measured, predicted = (
        each.reshape(-1, held.dim) for each in (held.forced, held.forced - missed)
    )
    numbers = np.tile(np.arange(bodies, dtype=float), len(held))
    stretch = np.repeat(held.stretch, bodies)
    what = "displacement by forces"
    return Predictions(what, measured, predicted, numbers, stretch).to_json()


def _drawn(found: PairsResult) -> JsonObject:
    """The force against distance, with what other forms say that were followed likewise."""
    (force,) = found.drawn_forces()
    return {
        "x": force.r.tolist(),
        "series": {"formula": force.formula.tolist()},
        "x_label": "distance",
        "y_label": "force",
        "low": force.low.tolist(),
        "high": force.high.tolist(),
    }
