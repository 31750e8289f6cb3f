"""Forces trained again from other starts where they have not learned, the best of them kept."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float

from forcelaw.laws import Law
from forcelaw.motion import Shards
from forcelaw.training import Epoch, Trained

from ._learning import untrained_forces
from ._objective import Choices, Forces
from ._placement import place_folds
from ._plan import plan_training
from ._presets import Preset
from ._sharing import at_home
from ._simulation import Start
from ._springs import Springs, judge
from ._views import Views

MOST = 3
"""Trainings of one fit."""
Report = Callable[[Epoch], None]


class Attempt(NamedTuple):
    """One training, and what hidden signs say of it."""

    law: Law
    history: tuple[Epoch, ...]
    columns: Float[Array, "fold pair column"]
    """What the decoder sees of the hidden pairs of every fold."""
    springs: Springs


@dataclasses.dataclass(frozen=True)
class Attempts:
    """All that several trainings on one network share; for the arguments see `plan_training`."""

    views: Views
    start: Start
    """From which a trained law places the nodes."""
    choices: Choices
    preset: Preset
    begin: Callable[[Forces], Forces]
    """What the untrained forces are changed to."""
    seed: int
    memory: str | int | None
    shards: Shards | None
    note: Callable[[str], None] | None

    def best(self, folder: str | Path | None, report: Report | None) -> Attempt:
        """The first training that learns, or the best of `MOST` that do not.

        Each draws its own untrained forces and its own starts; hidden signs judge it, by the
        distance of their ends alone. A later one keeps its checkpoint in a folder of its own, and
        counts its epochs on from those before.
        """
        best = self._attempt(0, folder, report)
        for number in range(1, MOST):
            if best.springs.learned:
                break
            if self.note is not None:
                self.note(
                    f"springs that have not learned (AUC of the distance {best.springs.auc:.3f} on "
                    "hidden signs): trained again from another start"
                )
            place = None if folder is None else Path(folder) / "again" / str(number)
            found = self._attempt(number, place, _counted_on(report, number))
            if found.springs.beats(best.springs):
                best = found
        if not best.springs.learned:
            warnings.warn(
                f"the springs have learned nothing (AUC of the distance {best.springs.auc:.3f} on "
                "hidden signs, by chance about .5): forces and places mean nothing",
                stacklevel=3,
            )
        return best

    def _attempt(self, number: int, folder: str | Path | None, report: Report | None) -> Attempt:
        trained = self._train(number, folder, report)
        law, directed = at_home(trained.best.law), self.choices.directed
        columns = at_home(
            place_folds(law, self.views, self.start, self.preset, self.shards, directed=directed)
        )
        loss = min(epoch.metrics["loss"] for epoch in trained.history)
        springs = judge(np.asarray(columns[..., 0]), self.views.hidden, loss, self.preset.objective)
        return Attempt(law, trained.history, columns, springs)

    def _train(self, number: int, folder: str | Path | None, report: Report | None) -> Trained:
        key = jax.random.key(self.seed)
        key = jax.random.fold_in(key, number) if number else key
        law_key, train_key, *_ = jax.random.split(key, 4)
        forces = self.begin(untrained_forces(self.views, self.preset, key=law_key))
        # Not kept under a name: the parts of the network make room for the decoder.
        return plan_training(
            forces,
            self.views,
            self.choices,
            self.preset,
            memory=self.memory,
            note=self.note,
            seed=self.seed,
            shards=self.shards,
        ).run(forces, self.preset, key=train_key, folder=folder, report=report)


def _counted_on(report: Report | None, number: int) -> Report | None:
    """Epochs numbered after those of the trainings before."""
    if report is None:
        return None

    def told(epoch: Epoch) -> None:
        before = number * epoch.epochs
        now, of = before + epoch.epoch, before + epoch.epochs
        report(dataclasses.replace(epoch, epoch=now, epochs=of))

    return told
