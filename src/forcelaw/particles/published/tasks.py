"""Published tasks by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from forcelaw.errors import InvalidSetting
from forcelaw.particles.pairs_of_states import PAIRS
from forcelaw.particles.published.five_bodies import System
from forcelaw.particles.published.long_stretches import (
    PAIRS_GIVEN,
    PUBLISHED_ERRORS,
    TESTS,
    run_five_bodies,
)
from forcelaw.particles.published.who_interacts import run_who_interacts

_TRAJECTORIES = 1000
"""Of each system of `nri`: its error is a tenth of a percent then."""


def run_task(
    task: str,
    *,
    sizes: Sequence[int] | None = None,
    trajectories: int | None = None,
    network: bool = False,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> Iterator[dict[str, Any]]:
    """The rows of a task, as results hold them.

    **Arguments:** `task` is `nri`, `charged` or `gravity`; `sizes` numbers of bodies, of `nri`;
    `trajectories` that are learned from; `network` learns one of five bodies, not a formula.

    **Raises** `InvalidSetting` for another task, for numbers of bodies of a task that has five, and
    for a network of one that needs none.
    """
    if task == "nri":
        if network:
            raise InvalidSetting("network: found it for nri, expected none; leave it out")
        most = trajectories or _TRAJECTORIES
        for row in run_who_interacts(sizes=sizes, trajectories=most, seed=seed, say=say):
            yield row.to_json()
        return
    if task not in PUBLISHED_ERRORS:
        raise InvalidSetting(f"task: found {task!r}, expected nri, charged or gravity")
    if sizes:
        raise InvalidSetting(
            f"bodies: found {', '.join(map(str, sizes))} for {task}, expected none: it has five"
        )
    motions = PAIRS_GIVEN if trajectories is None else trajectories
    if motions < 3 * PAIRS.least:
        raise InvalidSetting(
            f"trajectories: found {motions} for {task}, expected at least {3 * PAIRS.least}; give "
            "more"
        )
    tests = min(TESTS, motions)
    system: System = "charged" if task == "charged" else "gravity"
    how = {"motions": motions, "tests": tests, "seed": seed, "say": say}
    yield run_five_bodies(system, network=network, **how).to_json()
