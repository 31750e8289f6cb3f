"""How much is learned from: enough, no more than suits at a time, and the memory of that."""

from __future__ import annotations

from typing import NamedTuple

from forcelaw.errors import InvalidSetting, NotEnoughData, wrong_input
from forcelaw.files import many
from forcelaw.graph import Graph
from forcelaw.particles.data import Trajectories, sample_receivers
from forcelaw.particles.equations import SAMPLED_SNAPSHOTS
from forcelaw.particles.learning.settings import LearningSettings
from forcelaw.training import format_memory, free_memory, held_memory

_PROGRAMS = 350 * 10**6
"""Bytes of libraries and compiled programs that are not there at the start (measured)."""
_PAIR = 900
"""Bytes of a pair in the designs of a discovery at its peak, columns included (measured)."""
_COPIES = 16
"""Arrays of the size of all positions that stand side by side: parts, derivatives, rescaled."""


class CrowdPlan(NamedTuple):
    """What of many bodies is looked at, and the memory of the process that it takes."""

    bodies: int
    pairs: int
    """Ordered ones in all snapshots."""
    receivers: int
    bytes: int

    def __str__(self) -> str:
        """The plan in one line."""
        size = self.pairs
        pairs = f"{size / 10**6:,.1f} million" if size >= 10**6 else f"{size:,}"
        return (
            f"{many(self.bodies, 'body')}, {pairs} pairs: {many(self.receivers, 'receiver')} "
            f"sampled, about {format_memory(self.bytes)}"
        )


def plan_crowd(data: Trajectories, *, seed: int = 0) -> CrowdPlan | None:
    """What `fit` will sample of these data; None where nothing is.

    The same whatever the memory, so that results are.

    **Raises** `InvalidSetting` if the memory that is free will not do.
    """
    some = sample_receivers(data, seed=seed)
    if some.receivers is None:
        return None
    whole = data.n_trajectories * data.n_times * some.with_receivers(data.n_bodies).n_pairs
    held = held_memory()
    more = _PROGRAMS + _COPIES * data.position.nbytes + _PAIR * SAMPLED_SNAPSHOTS * some.n_pairs
    if more > free_memory():
        raise wrong_input(
            data.name,
            found=f"{format_memory(free_memory())} of free memory",
            expected=f"{format_memory(more)} for {many(data.n_bodies, 'body')} at "
            f"{many(data.n_trajectories * data.n_times, 'time')}",
            then="close other programs, or give fewer snapshots",
            error=InvalidSetting,
        )
    return CrowdPlan(data.n_bodies, whole, some.receivers, held + more)


def thinned(data: Trajectories, settings: LearningSettings) -> Trajectories:
    """What a network learns from: of sampled receivers as many as make a quick update."""
    if data.receivers is None:
        return data
    share = settings.sampled_pairs / max(data.n_pairs, 1)
    return data.with_receivers(max(1, min(data.receivers, int(share * data.receivers))))


def batch_size(wanted: int, data: Trajectories, settings: LearningSettings) -> int:
    """Snapshots of a batch: as many as are wanted, or as hold `LearningSettings.pairs`."""
    return min(wanted, max(1, settings.pairs // max(data.n_pairs, 1)))


def validated(graph: Graph, settings: LearningSettings) -> int:
    """Examples of the validation part that choose the best law."""
    return min(settings.validation, max(1, settings.validated_pairs // max(graph.edges, 1)))


def check_rollouts(data: Trajectories) -> None:
    """**Raises** `InvalidSetting` where receivers are sampled: others would have to move, too."""
    if data.receivers is not None:
        raise InvalidSetting(
            f"target: found 'trajectory' beside {many(data.n_bodies, 'body')}, expected "
            "'acceleration' or 'next_state': all of so many would have to be rolled out; choose one"
        )


def check_enough(data: Trajectories, settings: LearningSettings) -> None:
    """**Raises** `InputError` where no law between pairs could be told from chance."""
    snapshots = len(data.samples().position)
    if snapshots < settings.least_snapshots:
        raise NotEnoughData(
            f"{data.name}: found {many(snapshots, 'snapshot')} to learn from, expected at "
            f"least {settings.least_snapshots}; write more snapshots or trajectories"
        )
