"""From trajectories to a trained law."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.clock import Clock
from forcelaw.errors import InvalidSetting, NotEnoughData, check_type, suggest
from forcelaw.files import many
from forcelaw.graph import Graph
from forcelaw.laws import HamiltonianNetwork, Law, MessageNetwork, Units
from forcelaw.particles.data import Split, Trajectories
from forcelaw.particles.learning import objectives
from forcelaw.particles.learning.amounts import (
    batch_size,
    check_enough,
    check_rollouts,
    thinned,
    validated,
)
from forcelaw.particles.learning.batches import Classes, Frames, draw_rows
from forcelaw.particles.learning.network_settings import network_arguments
from forcelaw.particles.learning.new_law import new_law
from forcelaw.particles.learning.objectives import Objective
from forcelaw.particles.learning.settings import LEARNING, LearningSettings
from forcelaw.particles.preparation import Prepared, Sizes
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments
from forcelaw.training import Epoch, Stage, StageValues, one_cycle, train

STAGES = {
    "pair": (Stage(epochs=30, learning_rate=5e-3),),
    "hamiltonian": (Stage(epochs=30, learning_rate=5e-3),),
    "message": (Stage(epochs=200, learning_rate=5e-3),),
}
"""The schedule of every model unless another is given."""
CONFIRMING = {**STAGES, "pair": (Stage(epochs=8, learning_rate=5e-3),)}
"""The same where the formula is known before: a network has to agree with it, not to show it."""
BATCH = {"pair": 256, "hamiltonian": 256, "message": 64}
"""Snapshots of an update, likewise."""
_MODELS: dict[type[Law], str] = {MessageNetwork: "message", HamiltonianNetwork: "hamiltonian"}
"""Whose schedule suits a law that is given; the others train as a pair network does."""
TARGETS = {
    "acceleration": (objectives.acceleration, 0),
    "next_state": (objectives.next_state, 1),
    "trajectory": (objectives.trajectory, 8),
}
"""Target and number of later frames that it needs."""


class _Examples(NamedTuple):
    """What a training reads."""

    train: Frames
    validation: Frames
    classes: Classes | None
    """Of `train`, by strength; None where rows are drawn alike."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Fitted:
    """A trained law and everything that is needed to judge it."""

    law: Law
    model: str
    split: Split
    sizes: Sizes
    history: tuple[Epoch, ...]
    seconds: float
    units: Units | None = None
    """The scales that all of it is measured in; None: those of the data as they were given."""

    def __repr__(self) -> str:
        return f"Fitted({self.model!r}, {type(self.law).__name__}, train={self.split.train!r})"


def fit(
    data: Trajectories | Prepared,
    *,
    model: str = "pair",
    regularise: str = "l1",
    target: str | None = None,
    objective: Objective | None = None,
    start: Law | None = None,
    stages: Sequence[Stage] | None = None,
    batch: int | None = None,
    seed: int = 0,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    settings: LearningSettings = LEARNING,
    **network: Any,
) -> Fitted:
    """Train a law on the training part of `data`, which is split by trajectory first.

    Noisy motion is smoothed in time (see `denoise`). Training takes place in the data's own
    scales of length, time and attributes; the law is one of the data as they were given.

    **Arguments:**

    - `data` is split here, unless that and the rest of `Prepared` was done before.
    - `model` is `pair` (a scalar force along the line between two bodies), `message` (free
      messages) or `hamiltonian` (a pair energy); `network` are more arguments of that class
      (`hidden`, `activation`, `one_body`, `message`, `formula`).
    - `target` is `acceleration` (by default), `next_state` or `trajectory`. `objective` replaces
      it and the loss by one of your own, of states in the scales of the data: powers of ten, 1
      where sizes are about 1.
    - `start` is a law to train on from where it is, in place of a new one of `model`: a fitted one,
      a `Formula`, or a network with a formula inside (`insert_formula`).
    - `regularise` is how a message network keeps its messages few: `none`, `l1`, `kl`,
      `bottleneck`.
    - `stages` and `batch` replace the schedule; an epoch has 100 updates, unless `settings` say
      otherwise.
    - `folder` keeps checkpoints; the same call resumes.

    Sizes are measured on the training part; the law with the smallest validation error is kept. Of
    the batches of a message network one half is drawn evenly from classes of strength (`Classes`).

    **Raises** `InvalidSetting` for unknown names; `NotEnoughData` for data in which no body acts on
    another, too few snapshots, or a target that needs more of them.
    """
    if not isinstance(data, Prepared):
        Trajectories.check("fit", data)
    then = "change some of fl.particles.LearningSettings() by dataclasses.replace"
    check_type("settings", settings, LearningSettings, then=then)
    check_arguments(ParticlesSettings, seed=seed, **({} if batch is None else {"batch": batch}))
    clock = Clock()
    if start is not None:
        check_type("start", start, Law, then="give a fitted law, or a Formula")
        model = _MODELS.get(type(start), "pair")
    elif model not in STAGES:
        raise InvalidSetting(f"model: found {model!r}; {suggest(model, STAGES)}")
    chosen = network_arguments(model, network)
    if not isinstance(data, Prepared):
        data = Prepared.of(data, seed, settings=settings.preparation)
    given, units, split, sizes = data.given, data.units, data.split, data.sizes
    check_enough(given.train, settings)
    given_sizes = Sizes.of(given.train, settings=settings.preparation)
    law_key, train_key = jax.random.split(jax.random.key(seed))
    if start is None and "formula" in chosen:
        # It is written in the units that the data were given in.
        start = new_law(
            model, regularise, given.train, given_sizes, law_key, chosen, settings=settings
        )
    if start is None:
        law = new_law(model, regularise, split.train, sizes, law_key, chosen, settings=settings)
    else:
        law = start.rescaled(units)
    if objective is None:
        objective = default_objective(split.train, sizes, law, target, settings=settings)
    some, others = (thinned(part, settings) for part in (split.train, split.validation))
    learning, validation = (Frames.of(part, ahead=objective.frames) for part in (some, others))
    size = min(batch_size(batch or BATCH[model], some, settings), learning.rows)
    classes = Classes.of(learning) if model == "message" else None
    trained = train(
        law,
        _Loss(objective, some.graph),
        _Examples(learning, validation, classes),
        batches=_Draw(size, settings),
        stages=STAGES[model] if stages is None else stages,
        key=train_key,
        schedule=one_cycle,
        validate=_Validation.of(objective, some.graph, settings),
        keep_best="validation",
        folder=folder,
        report=report,
    )
    law = trained.best.rescaled(units.inverse)
    return Fitted(law, model, given, given_sizes, trained.history, clock.total)


def default_objective(
    data: Trajectories,
    sizes: Sizes,
    law: Law,
    target: str | None,
    *,
    settings: LearningSettings = LEARNING,
) -> Objective:
    """Relative errors of the target, and the regulariser of a message network.

    **Raises** `InputError` for an unknown target or one that needs more frames.
    """
    target = target or "acceleration"
    if target not in TARGETS:
        raise InvalidSetting(f"target: found {target!r}; {suggest(target, TARGETS)}")
    function, frames = TARGETS[target]
    if target == "trajectory":
        check_rollouts(data)
    if data.n_times <= frames:
        raise NotEnoughData(
            f"{data.name}: found {many(data.n_times, 'frame')}, expected more than {frames} for "
            f"the target {target!r}; choose 'next_state' or give more snapshots"
        )
    floor = settings.floor * sizes.acceleration
    terms: dict[str, tuple[float, objectives.Term]] = {"error": (1.0, objectives.relative(floor))}
    if target == "trajectory":
        terms = {"error": (1.0, objectives.mean_absolute)}
    elif law.penalty == "l1":
        terms["messages"] = (settings.penalty, objectives.relative_l1(settings.floor))
    elif law.penalty == "kl":
        terms["messages"] = (1.0, objectives.kl)
    return Objective(function, terms, frames)


# Equal ones of these share the programs of their trainings, which closures would not.


@dataclasses.dataclass(frozen=True)
class _Draw:
    """The rows of an epoch; where there are classes, half of a batch evenly from them."""

    size: int
    settings: LearningSettings

    def __call__(self, data: _Examples, key: PRNGKeyArray) -> Int[Array, "batch row"]:
        updates, size = self.settings.updates, self.size
        if data.classes is None:
            return draw_rows(data.train.rows, key, batches=updates, size=size)
        key, class_key = jax.random.split(key)
        even = data.classes.draw(class_key, batches=updates, size=size // 2)
        plain = draw_rows(data.train.rows, key, batches=updates, size=size - size // 2)
        return jnp.concatenate([plain, even], axis=1)


class _Loss(eqx.Module):
    """The objective on a batch of the training part."""

    objective: Objective
    graph: Graph

    def __call__(
        self,
        law: Law,
        data: _Examples,
        rows: Int[Array, " batch"],
        stage: StageValues,
        key: PRNGKeyArray,
    ) -> tuple[Float[Array, ""], Float[Array, ""], dict[str, Float[Array, ""]]]:
        del stage
        examples = data.train.take(rows)
        value, parts = objectives.loss(self.objective, law, self.graph, examples, key)
        return value, jnp.ones_like(value), parts


class _Validation(eqx.Module):
    """The error of the objective on the validation part."""

    objective: Objective
    graph: Graph
    count: int = eqx.field(static=True)

    @classmethod
    def of(cls, objective: Objective, graph: Graph, settings: LearningSettings) -> _Validation:
        # The terms beside the error are means to an end: they do not choose the best law.
        name = "error" if "error" in objective.terms else next(iter(objective.terms))
        only = dataclasses.replace(objective, terms={name: (1.0, objective.terms[name][1])})
        return cls(only, graph, validated(graph, settings))

    def __call__(
        self, law: Law, data: _Examples, stage: StageValues
    ) -> dict[str, Float[Array, ""]]:
        del stage
        examples = data.validation.spread(self.count)
        return {"validation": objectives.loss(self.objective, law, self.graph, examples)[0]}
