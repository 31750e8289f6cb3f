"""A training that diverges goes back and tries again with a smaller step, before it gives up.

Updates that are not finite are skipped, so that a training that has diverged stands still where
its loss is not finite: no smaller step leads out of there, only the way back to an earlier epoch.
Every decision follows from what a checkpoint holds, so that a resumed training takes the same.
"""

from __future__ import annotations

import warnings

import equinox as eqx
import jax

from forcelaw.training.checkpoint import Checkpoint
from forcelaw.training.stage import Stage

RETRIES = 4
"""Rollbacks before a training gives up."""
SHRINK = 5
"""By which each makes the step smaller: 625 times in the end, wider than rates are guessed."""


class TrainingError(RuntimeError):
    """Training cannot go on; the message names the update and the first offending array."""


def rate_factor(rollbacks: int) -> float:
    """What multiplies every learning rate after so many rollbacks."""
    return 1 / SHRINK**rollbacks


def last_good(now: Checkpoint, before: Checkpoint, good: Checkpoint, updates: int) -> Checkpoint:
    """The last epoch of which it is known that updates from there are finite, or were at its end.

    One that ends in skipped updates is not known to be; but if it took any of its `updates`, the
    one `before` it was.
    """
    streak = int(now.progress.consecutive)
    if streak == 0:
        return now
    return before if streak < updates else good


def roll_back(now: Checkpoint, good: Checkpoint, first: Checkpoint, stage: Stage) -> Checkpoint:
    """Where a training that has diverged goes on: the last good epoch, with a smaller step.

    Or its start, if the last rollback gained no epoch: then the last good epoch was none.

    **Arguments:** `now` where it has diverged, `good` after the last good epoch, `first` before
    all, `stage` the one that diverged.

    **Raises** `TrainingError` where a smaller step cannot help, or has not.
    """
    progress = now.progress
    update, position = (int(value) for value in progress.first_bad)
    leaves = jax.tree_util.tree_flatten_with_path(eqx.filter(progress.model, eqx.is_inexact_array))[
        0
    ]
    said = (
        f"{int(progress.consecutive)} updates in a row were not finite, the first at update "
        f"{update} in {jax.tree_util.keystr(leaves[position][0])}"
    )
    if int(progress.skipped) == int(progress.updates):
        cure = (
            "take fewer or shorter time steps in the stage"
            if stage.steps
            else "look for numbers in the data that are not finite or very large, or compute in "
            "64 bits"
        )
        raise TrainingError(f"{said}, before anything was learned, at any learning rate; {cure}")
    if now.rollbacks == RETRIES:
        cure = (
            "take shorter time steps in the stage, or a far lower learning rate"
            if stage.steps
            else "choose a far lower learning rate, or compute in 64 bits"
        )
        raise TrainingError(
            f"{said}, though the training was rolled back {RETRIES} times, in the end to steps "
            f"{SHRINK**RETRIES} times smaller; {cure}"
        )
    target = first if len(good.history) == good.rolled_to else good
    rollbacks, epochs = now.rollbacks + 1, len(target.history)
    warnings.warn(
        f"training diverged in epoch {len(now.history)}: {said}; rolled back to "
        f"{f'epoch {epochs}' if epochs else 'the start'} and tried again with steps "
        f"{SHRINK**rollbacks} times smaller (rollback {rollbacks} of at most {RETRIES})",
        stacklevel=3,
    )
    return Checkpoint(
        target.progress, target.best, target.best_value, target.history, rollbacks, epochs
    )
