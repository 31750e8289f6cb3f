"""Laws of matter beside Stochastic Force Inference 2: chance, boxes, gaps, charges, alignment.

    python -m benchmarks run particles/matter                           # about an hour of one core
    python -m benchmarks run particles/matter --worlds active --seeds 0 1 2 3 4

Every method gets the same simulated recordings (`benchmarks/particles/worlds`), without the exact
drift by which it is judged.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from benchmarks.harness import Case, Record, table
from benchmarks.particles import ours, rival, worlds
from benchmarks.particles.scores import Fit, Task, no_force, score
from benchmarks.particles.worlds import World, positions_only, with_gaps, with_noise
from forcelaw.particles.data import Recordings

SMOKE = ["--worlds", "Brownian", "--methods", "no force", "--seeds", "0"]


@dataclass(frozen=True)
class Problem:
    """A world, what of it is given, and the rival's dictionary for it."""

    make: Callable[[int], World]
    given: Callable[[Recordings, int], Recordings] = lambda recordings, seed: recordings
    dictionary: str = ""
    """Empty: the rival has none for it."""
    double: bool = False
    """Whether the rival needs double precision."""
    charges_hidden: bool = False
    """Whether charges that were not recorded are asked for."""


def _brownian(seed: int) -> World:
    return worlds.brownian_yukawa(seed=seed)


def _langevin(seed: int) -> World:
    return worlds.langevin_yukawa(seed=seed, velocities=True)


def _thousand(seed: int, drag: float = 0.0) -> World:
    return worlds.argon(bodies=1000, snapshots=44, seed=seed, drag=drag, settle=800)


def _without_velocities(recordings: Recordings, _: int) -> Recordings:
    return positions_only(recordings)


PROBLEMS: dict[str, Problem] = {
    "active": Problem(lambda seed: worlds.active(seed=seed), dictionary="active"),
    "Brownian": Problem(_brownian, dictionary="singular"),
    "Brownian, 20 % missing": Problem(
        _brownian, lambda r, seed: with_gaps(r, 0.2, seed), dictionary="singular"
    ),
    "Brownian, come and go": Problem(
        lambda seed: worlds.brownian_yukawa(seed=seed, come_and_go=True), dictionary="singular"
    ),
    "Brownian, noise .03": Problem(
        _brownian, lambda r, seed: with_noise(r, 0.03, seed), dictionary="singular"
    ),
    "Brownian, charges given": Problem(
        lambda seed: worlds.brownian_yukawa(seed=seed, charged=True),
        dictionary="charged",
        double=True,
    ),
    "Brownian, charges hidden": Problem(
        lambda seed: worlds.brownian_yukawa(seed=seed, charged=True, hidden=True),
        charges_hidden=True,
    ),
    "Langevin": Problem(_langevin, _without_velocities, dictionary="singular, damped"),
    "argon": Problem(
        lambda seed: worlds.argon(seed=seed), _without_velocities, dictionary="powers", double=True
    ),
    "argon, 1,000 atoms": Problem(_thousand, _without_velocities),
    "argon, 1,000 atoms, velocities": Problem(_thousand),
    "argon, 1,000 atoms, Langevin": Problem(lambda seed: _thousand(seed, 1.0), _without_velocities),
    "argon, 1,000 atoms, Langevin, velocities": Problem(lambda seed: _thousand(seed, 1.0)),
    "Kob-Andersen": Problem(lambda seed: worlds.kob_andersen(seed=seed), _without_velocities),
    "Cucker-Smale": Problem(
        lambda seed: worlds.cucker_smale(seed=seed), _without_velocities, dictionary="flock"
    ),
    "aligning": Problem(lambda seed: worlds.aligning(seed=seed)),
    "swarmalators": Problem(lambda seed: worlds.swarmalators(seed=seed)),
    "chain, soft": Problem(
        lambda seed: worlds.chain(seed=seed, soft=True, velocities=True), _without_velocities
    ),
    "field in time": Problem(lambda seed: worlds.swing(seed=seed), _without_velocities),
}

Method = Callable[[Task, Problem], Mapping[str, Fit]]
"""Fits of one task by variant of the method."""


def _rival(task: Task, problem: Problem) -> Mapping[str, Fit]:
    return rival.fit(task, problem.dictionary, double=problem.double)


def _clean(task: Task, problem: Problem) -> Mapping[str, Fit]:
    return rival.fit(task, problem.dictionary, double=problem.double, preset="clean")


def _filled(task: Task, problem: Problem) -> Mapping[str, Fit]:
    return rival.fit(task, problem.dictionary, double=problem.double, preset="clean", filled=True)


def _no_force(task: Task, _: Problem) -> Mapping[str, Fit]:
    return {"all": no_force(task)}


def _ours(task: Task, problem: Problem) -> Mapping[str, Fit]:
    return {"all": ours.fit(task, charges=problem.charges_hidden)}


METHODS: dict[str, Method] = {
    "rival": _rival,
    "rival, clean": _clean,
    "rival, filled": _filled,
    "forcelaw": _ours,
    "no force": _no_force,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--worlds", nargs="+", choices=PROBLEMS, default=list(PROBLEMS))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS)[:4])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for seed in options.seeds:
        for world in options.worlds:
            for method in options.methods:
                if _applies(method, world):
                    yield Case({"world": world, "method": method}, seed)


def _applies(method: str, world: str) -> bool:
    """Bridging needs gaps; positions are said to be exact where they are, unless it sees that."""
    if method == "rival, filled":
        return "missing" in world
    known = bool(PROBLEMS[world].dictionary) or not method.startswith("rival")
    return known and (method != "rival, clean" or not ("noise" in world or world == "active"))


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Scores by variant, seconds of the fit by the clock and of processors, and peak memory."""
    problem = PROBLEMS[case.arguments["world"]]
    seed = case.seed or 0
    world = problem.make(seed)
    task = Task(problem.given(world.recordings, seed), world)
    clock, processor = time.perf_counter(), time.process_time()
    fits = METHODS[case.arguments["method"]](task, problem)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    if case.arguments["method"].startswith("rival") and not world.heading:
        fits = {name: replace(fit, order=rival.order_of(task.given)) for name, fit in fits.items()}
    return {
        "clock": round(clock, 2),
        "cpu": round(processor, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
        **{variant: score(task, fit) for variant, fit in fits.items()},
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        for variant, found in record.figures.items():
            if isinstance(found, dict):
                key = record.arguments["world"], record.arguments["method"], variant
                groups.setdefault(key, []).append(record)
    order = {name: number for number, name in enumerate(PROBLEMS)}
    rows = [
        _row(key, groups[key]) for key in sorted(groups, key=lambda k: (order.get(k[0], 99), k[1:]))
    ]
    head = "world | method | NMSE of drift | NMSE of force | D / true D | CPU seconds | seeds"
    return {
        "table": table(f"{head} | formula of the first seed", rows),
        "order": _orders(records),
    }


def _orders(records: Sequence[Record]) -> str:
    """Of how many recordings the rival's classifier found the order."""
    found = {name: [0, 0] for name in PROBLEMS}
    for record in records:
        if record.arguments["method"] == "rival" and record.arguments["world"] != "active":
            world = record.arguments["world"]
            true = 1 if world.startswith("Brownian") else 2
            found[world][0] += record.figures["all"]["order"] == true
            found[world][1] += 1
    return ", ".join(f"{name} {right} of {of}" for name, (right, of) in found.items() if of)


def _row(key: tuple[str, str, str], records: Sequence[Record]) -> list[object]:
    world, method, variant = key
    found = [record.figures[variant] for record in records]
    ratios = [
        f["diffusion"] / f["diffusion_true"]
        for f in found
        if f["diffusion_true"] and f["diffusion"] is not None
    ]
    text = found[0]["text"]
    return [
        world,
        method if variant == "all" else f"{method}, {variant}",
        _spread([f["nmse"] for f in found]),
        _spread([f["nmse_force"] for f in found]),
        f"{median(ratios):.3f}" if ratios else "-",
        f"{median(record.figures['cpu'] for record in records):.0f}",
        len(records),
        f"`{text}`" if 0 < len(text) < 90 else "-" if not text else f"{text.count(';') + 1} terms",
    ]


def _spread(values: Sequence[float]) -> str:
    middle = f"{median(values):.1e}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.1e} to {max(values):.1e})"
