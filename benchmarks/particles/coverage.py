"""How often the 95 % band of a force curve holds the true force.

    python -m benchmarks run particles/coverage                        # minutes

Small recordings of colloids are simulated anew for each repetition; the order and the terms that
act are given, splines, estimator and noise are found as `discover` finds them. Distances at
which fewer than one pair of a hundred was seen are left out at both ends.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.particles import worlds
from benchmarks.particles.worlds import ALIKE, World, positions_only
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    ONE,
    Block,
    Central,
    FirstOrder,
    Order,
    SecondOrder,
    Terms,
    find_pairs,
    fit_terms,
)
from forcelaw.particles.kernels.filled_motion import fill_motion
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.curves import free_curves

SMOKE = ["--worlds", "Brownian", "--repetitions", "2"]


@dataclass(frozen=True)
class Problem:
    """A small world, of which only positions are given."""

    make: Callable[[int], World]
    order: Order


def _small(make: Callable[..., World], **options: Any) -> Callable[[int], World]:
    return lambda seed: make(bodies=16, snapshots=500, box=6.5, seed=seed, **options)


PROBLEMS = {
    "Brownian": Problem(_small(worlds.brownian_yukawa), FirstOrder()),
    "Brownian, noise .03": Problem(_small(worlds.brownian_yukawa, noise=0.03), FirstOrder()),
    "Brownian, come and go": Problem(
        _small(worlds.brownian_yukawa, come_and_go=True), FirstOrder()
    ),
    "Langevin": Problem(_small(worlds.langevin_yukawa), SecondOrder()),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--worlds", nargs="+", choices=PROBLEMS, default=list(PROBLEMS))
    parser.add_argument("--repetitions", type=int, default=50)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for world in options.worlds:
        yield Case({"world": world, "repetitions": options.repetitions})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The share of distances and repetitions at which the band holds the truth."""
    problem = PROBLEMS[case.arguments["world"]]
    found = [_held(problem, seed) for seed in range(case.arguments["repetitions"])]
    shares = np.array([np.mean(held) for held, _ in found])
    return {
        "coverage": float(np.mean(np.concatenate([held for held, _ in found]))),
        "least": float(shares.min()),
        "width": float(np.median([width for _, width in found])),
    }


def _held(problem: Problem, seed: int) -> tuple[np.ndarray, float]:
    """Where the band holds the truth, and its half width over the force's root mean square."""
    world = problem.make(seed)
    data, order = positions_only(world.recordings), problem.order
    candidates = find_candidates(data)
    block = Block(0, Central(), ONE, candidates.fine)
    # Drag beside the force, where velocities follow from forces.
    given = candidates.terms(0, order).one_body
    drag = tuple(term for term in given if order.number == 2 and term.kind == "velocity")
    fit = fit_terms(data, Terms(0, (block,), drag), order, candidates.cutoff, rows=300_000)
    ((curve,), _) = free_curves(fit)
    low, high = np.quantile(_distances(data, candidates.cutoff), [0.01, 0.99])
    seen = (curve.r >= low) & (curve.r <= high)
    value = world.pairs[ALIKE].value
    assert value is not None
    truth = value(curve.r[seen])
    held = (curve.low[seen] <= truth) & (truth <= curve.high[seen])
    width = 0.5 * (curve.high - curve.low)[seen]
    return held, float(np.median(width) / np.sqrt(np.mean(truth**2)))


def _distances(data: Recordings, cutoff: float) -> np.ndarray:
    lengths = []
    for part in data:
        filled = fill_motion(part)
        for index in range(0, part.n_times, 20):
            one = slice(index, index + 1)
            found = find_pairs(part, filled.position[one], filled.known[one], index, cutoff)
            lengths.append(found.length)
    return np.concatenate(lengths)


def figures(records: Sequence[Record]) -> dict[str, str]:
    order = list(PROBLEMS)
    rows = [
        [
            record.arguments["world"],
            str(record.arguments["repetitions"]),
            f"{record.figures['coverage']:.1%}",
            f"{record.figures['least']:.0%}",
            f"{record.figures['width']:.3f}",
        ]
        for record in sorted(records, key=lambda r: order.index(r.arguments["world"]))
    ]
    return {"table": table("world | repetitions | coverage | worst repetition | half width", rows)}
