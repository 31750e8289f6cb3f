"""Five bodies over long stretches: what pairs of states teach, beside published errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from forcelaw.clock import Clock
from forcelaw.particles.pairs_of_states import (
    NetworkFromPairs,
    PairsResult,
    StatePairs,
    discover_from_pairs,
    learn_from_pairs,
)
from forcelaw.particles.published.five_bodies import (
    HORIZONS,
    STEP,
    FiveBodies,
    System,
    simulate_five_bodies,
)

PUBLISHED_ERRORS: Mapping[System, Mapping[str, tuple[float, float, float]]] = {
    "charged": {
        "EGNN": (0.711e-2, 3.00e-2, 6.84e-2),
        "SEGNN": (0.448e-2, 2.57e-2, 5.97e-2),
        "SEGNO": (0.433e-2, 1.858e-2, 4.285e-2),
    },
    "gravity": {
        "EGNN": (0.766e-2, 3.66e-2, 9.04e-2),
        "SEGNN": (0.471e-2, 2.11e-2, 5.82e-2),
        "SEGNO": (0.338e-2, 1.362e-2, 4.017e-2),
    },
}
"""Mean square errors of positions after each of `HORIZONS`, of SEGNO's table (arXiv 2308.13212)."""
TESTS = 2000
"""Motions that are predicted, as published."""
PAIRS_GIVEN = 3000
"""Pairs of states that are learned from, as published."""


@dataclass(frozen=True)
class LongStretch:
    """Errors of predicted positions after some steps."""

    steps: int
    mean: float
    """Of the mean square error of each motion, over its bodies and components."""
    median: float
    worst: float


@dataclass(frozen=True)
class FiveBodiesScores:
    """What was found of a system, and how far it leads."""

    system: System
    motions: int
    """Pairs of states that were learned from."""
    tests: int
    law: str
    verdict: str
    """Of a formula; of a network, that it is one."""
    steps: str
    """How motion is followed."""
    rows: tuple[LongStretch, ...]
    seconds: float
    """Of the search; of it and nothing else the law comes."""

    def to_json(self) -> dict[str, Any]:
        """As results hold it."""
        published = PUBLISHED_ERRORS[self.system]
        return {
            "system": self.system,
            "motions": self.motions,
            "tests": self.tests,
            "law": self.law,
            "verdict": self.verdict,
            "followed": self.steps,
            "errors": [vars(row) for row in self.rows],
            "published": {name: list(errors) for name, errors in published.items()},
            "seconds": self.seconds,
        }


def run_five_bodies(
    system: System,
    *,
    network: bool = False,
    motions: int = PAIRS_GIVEN,
    tests: int = TESTS,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> FiveBodiesScores:
    """Makes the task, finds the law from pairs of states, and predicts motions of other seeds.

    The learner is given states, charges, where bodies are 1,000 steps later, and the length of a
    step; how a step is made, what is capped and what is softened it finds.

    **Arguments:** `network` learns one, without any form of a force, in place of a formula.
    """
    say(f"simulating {motions} motions of {system} bodies")
    pairs = as_pairs(simulate_five_bodies(system, motions=motions, seed=2 * seed), 0)
    clock = Clock()
    find = learn_from_pairs if network else discover_from_pairs
    found = find(pairs, step=STEP, seed=seed, say=say)
    seconds = clock.total
    say(f"found {found.text()} in {seconds:.0f} s; predicting {tests} other motions")
    other = simulate_five_bodies(system, motions=tests, seed=2 * seed + 1)
    rows = tuple(_row(found, other, place) for place in range(len(HORIZONS)))
    verdict = found.verdict if isinstance(found, PairsResult) else "network"
    return FiveBodiesScores(
        system, motions, tests, found.text(), verdict, found.followed, rows, seconds
    )


def as_pairs(made: FiveBodies, horizon: int) -> StatePairs:
    """States and positions after one of `HORIZONS`."""
    stretch = np.full(len(made.position), STEP * HORIZONS[horizon])
    attributes = {} if made.charge is None else {"charge": made.charge}
    return StatePairs(made.position, made.velocity, made.ends[horizon], stretch, attributes)


def _row(found: PairsResult | NetworkFromPairs, made: FiveBodies, horizon: int) -> LongStretch:
    asked = as_pairs(made, horizon)
    error = np.mean((found.predict(asked) - asked.end) ** 2, axis=(1, 2))
    return LongStretch(
        HORIZONS[horizon], float(error.mean()), float(np.median(error)), float(error.max())
    )
