"""What a report plays: a recording beside the rollout of the law that was found in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError
from forcelaw.particles.data import Recording
from forcelaw.particles.matter import MatterResult
from forcelaw.particles.matter.rollouts import MatterRollout, conserved_along, first_snapshot
from forcelaw.particles.prediction import ShownMotion
from forcelaw.particles.runs.network_runs import FINER

_MOST = 1_000
"""Bodies above which nothing is played: the rollout would take longer than the discovery."""


def show_motion(found: MatterResult, *, seed: int) -> ShownMotion | None:
    """The first recording from its start, as long as its snapshots can be shown one by one.

    None where it is too large, or where bodies are flung apart.
    """
    part = found.data.parts[0]
    first, bodies = first_snapshot(part, found.law.order)
    frames = min(part.n_times - first, ShownMotion.frames(len(bodies)))
    if not 0 < len(bodies) <= _MOST or frames < 3:
        return None
    step = float(np.median(np.diff(part.time)))
    try:
        moved = found.rollout(
            part, steps=FINER * (frames - 1), dt=step / FINER, every=FINER, seed=seed
        )
    except InputError:
        return None
    shown = ShownMotion.of_recording(part, first, bodies, moved.recordings.parts[0])
    return replace(shown, **_conserved(found, part, first + np.arange(frames), moved))


def _conserved(
    found: MatterResult, part: Recording, frames: Int[np.ndarray, " frame"], moved: MatterRollout
) -> dict[str, dict[str, Float[np.ndarray, " frame"]]]:
    """Energy and momentum along both, of laws that know them."""
    measured = conserved_along(found.law, part, frames)
    both = {
        "energy": {"measured": measured[0], "law": moved.energy[0]},
        "momentum": {"measured": measured[1], "law": moved.momentum[0]},
    }
    return {
        name: {side: change for side, change in sides.items() if change is not None}
        for name, sides in both.items()
    }
