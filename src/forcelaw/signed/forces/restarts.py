"""Forces trained, judged, and trained again where they have not learned; the best are kept."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Bool, Float

from forcelaw.laws import Law
from forcelaw.motion import Shards, shard
from forcelaw.signed.forces.devices import to_first_device
from forcelaw.signed.forces.held_out_auc import Springs, judge_pairs, keep_out, loss_tells
from forcelaw.signed.forces.memory_plan import plan_training
from forcelaw.signed.forces.objective import Choices, Forces, untrained_forces
from forcelaw.signed.forces.placement import place_folds
from forcelaw.signed.forces.presets import Preset
from forcelaw.signed.forces.settings import TrainingSettings
from forcelaw.signed.forces.simulation import RandomKeys, Start
from forcelaw.signed.forces.subgraph_batches import training_part
from forcelaw.signed.forces.views import Views
from forcelaw.training import Epoch

COUNTS = ("skipped", "rollbacks")
"""Metrics that a training counts from its start."""
Report = Callable[[Epoch], None]


class Attempt(NamedTuple):
    """One law, and what signs that it was not trained on tell of it."""

    law: Law
    history: tuple[Epoch, ...]
    columns: tuple[Float[Array, "fold pair column"], ...]
    """What the decoder sees of the hidden pairs of every fold, for each choice of folds."""
    springs: Springs


class KeptOutTraining(NamedTuple):
    """One training, and the pairs that had no part in it."""

    law: Law
    history: tuple[Epoch, ...]
    columns: Float[Array, "fold pair column"]
    distance: Float[np.ndarray, " pair"]
    """Of the pairs that were kept out, while they are hidden."""
    positive: Bool[np.ndarray, " pair"]


@dataclasses.dataclass(frozen=True)
class Attempts:
    """All that several trainings on one network share; for the arguments see `plan_training`."""

    views: Sequence[Views]
    """For each choice of folds."""
    trainings: int
    """On as many of them, whose laws are averaged."""
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

    @property
    def settings(self) -> TrainingSettings:
        """What decides how often is trained, and what counts as learned."""
        return self.choices.settings.training

    def best(self, folder: str | Path | None, report: Report | None) -> Attempt:
        """The first attempt that learns, or the best of those that do not.

        Each draws its own untrained forces and its own starts. Signs that had no part in a
        training judge it, by the distance of their ends alone.
        """
        best = self._attempt(0, folder, report)
        for number in range(1, self.settings.attempts):
            if best.springs.learned:
                break
            if self.note is not None:
                self.note(
                    f"springs that have not learned (AUC of the distance {best.springs.auc:.3f} on "
                    "signs kept out of their training): trained again from another start"
                )
            found = self._attempt(number, folder, report)
            if found.springs.beats(best.springs):
                best = found
        if not best.springs.learned:
            warnings.warn(
                "the springs have learned nothing that could not be chance (AUC of the distance "
                f"{best.springs.auc:.3f} on signs kept out of their training, by chance about .5): "
                "forces and places may mean nothing",
                stacklevel=3,
            )
        return best

    def _attempt(self, number: int, folder: str | Path | None, report: Report | None) -> Attempt:
        """One law: the mean of several trainings from the same untrained forces.

        Chance moves the end of a training, most on few signs; the mean of several ends lies
        nearer to all of them, and generalises better (Wortsman et al., Model soups, ICML 2022).
        """
        found = [self._training(number, each, folder, report) for each in range(self.trainings)]
        law = _mean([training.law for training in found])
        columns = [found[0].columns] if self.trainings == 1 else [self._columns(law, self.views[0])]
        columns += [self._columns(law, views) for views in self.views[1:]]
        springs = judge_pairs(
            np.concatenate([training.distance for training in found]),
            np.concatenate([training.positive for training in found]),
            below_guess=loss_tells([training.history for training in found], self.preset.objective),
            settings=self.settings,
        )
        history = one_history([training.history for training in found])
        return Attempt(law, history, tuple(columns), springs)

    def _training(
        self, number: int, each: int, folder: str | Path | None, report: Report | None
    ) -> KeptOutTraining:
        """Later ones keep their checkpoints in folders of their own, and count their epochs on."""
        before = number * self.trainings + each
        place = folder if folder is None or not before else Path(folder) / "again" / str(before)
        counted = _counted_on(before, number, self.trainings)
        told = None if report is None else lambda epoch: report(counted(epoch))
        shown, kept_out = keep_out(self.views[each], each, self.seed, self.settings)
        forces, train_key = self._untrained(shown, number, each)
        part = training_part(shown, self.preset.training_pairs)
        # Not kept under a name: the subgraphs of the network make room for the decoder.
        trained = plan_training(
            forces,
            part,
            self.choices,
            self.preset,
            memory=self.memory,
            note=self.note,
            seed=self.seed,
            shards=self._shards(part),
        ).run(forces, self.preset, key=train_key, folder=place, report=told)
        law = to_first_device(trained.best.law)
        columns = self._columns(law, self.views[each])
        return KeptOutTraining(
            law,
            tuple(counted(epoch) for epoch in trained.history),
            columns,
            np.asarray(columns[..., 0])[kept_out],
            np.asarray(self.views[each].hidden.positive)[kept_out] > 0,
        )

    def _shards(self, part: Views) -> Shards | None:
        """The graph of a part on the same devices as that of the whole network."""
        if self.shards is None or part.graph.edges == self.views[0].graph.edges:
            return self.shards
        return shard(part.graph, list(self.shards.mesh.devices.flat))

    def _untrained(self, views: Views, number: int, each: int) -> tuple[Forces, Array]:
        """The untrained forces, and the key of what is random in their training."""
        law_key, train_key, _ = RandomKeys.of(self.seed, attempt=number)
        if self.preset.trainings > 1:
            # What the seed does not change cannot set two seeds apart.
            law_key = jax.random.key(number)
        train_key = jax.random.fold_in(train_key, each) if each else train_key
        return self.begin(untrained_forces(views, self.preset, key=law_key)), train_key

    def _columns(self, law: Law, views: Views) -> Float[Array, "fold pair column"]:
        directed = self.choices.directed
        columns = place_folds(law, views, self.start, self.preset, self.shards, directed=directed)
        return to_first_device(columns)


def _mean(laws: Sequence[Law]) -> Law:
    """The law whose parameters are the means of those of all."""
    arrays = [eqx.filter(law, eqx.is_inexact_array) for law in laws]
    mean = jax.tree.map(lambda *leaves: sum(leaves[1:], leaves[0]) / len(leaves), *arrays)
    return eqx.combine(mean, laws[0])


def one_history(histories: Sequence[Sequence[Epoch]]) -> tuple[Epoch, ...]:
    """Several trainings as one: what each counts from its own start goes on counting."""
    found: list[Epoch] = []
    for history in histories:
        before = {name: found[-1].metrics.get(name, 0) if found else 0 for name in COUNTS}
        for epoch in history:
            counts = {name: before[name] + epoch.metrics.get(name, 0) for name in COUNTS}
            found.append(dataclasses.replace(epoch, metrics={**epoch.metrics, **counts}))
    return tuple(found)


def _counted_on(before: int, number: int, trainings: int) -> Callable[[Epoch], Epoch]:
    """Epochs numbered after those of `before` trainings, in the attempt of that number."""

    def counted(epoch: Epoch) -> Epoch:
        now, of = before * epoch.epochs + epoch.epoch, (number + 1) * trainings * epoch.epochs
        return dataclasses.replace(epoch, epoch=now, epochs=of)

    return counted
