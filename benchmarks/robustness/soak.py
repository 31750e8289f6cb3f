"""A long training and many rollouts in one process, and what it keeps.

A pair network is trained for so many minutes; between its epochs a formula and the network are
rolled out by `forcelaw.rollout` outside `jit`, and by `particles.predict_motion`. Resident memory,
open files, threads and compilations are read once a tenth of the time, the first time when all has
been compiled and the allocator has settled; from then on nothing may grow. Linux.

    python -m benchmarks run robustness/soak [--minutes 30] [--calls 2000]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

import forcelaw as fl
from benchmarks.harness import Case, Record, table
from forcelaw.laws import Attributes, Formula, PairNetwork, State
from forcelaw.particles import predict_motion
from forcelaw.training import Epoch

_COMPILED = "/jax/core/compile/backend_compile_duration"
_FLAT = 0.02
_READINGS = 10


class Reading(NamedTuple):
    """What a process holds at one moment."""

    minutes: float
    epochs: int
    calls: int
    resident_mb: float
    files: int
    threads: int
    compilations: int


class TimeIsUpError(Exception):
    """Ends the training."""


class Soak:
    """Told of every epoch: rolls out, reads, stops."""

    def __init__(self, minutes: float, calls: int, data: fl.particles.Trajectories) -> None:
        self.minutes, self.calls, self.data = minutes, calls, data
        self.began = time.monotonic()
        self.done = self.epochs = self.compiled = 0
        self.readings: list[Reading] = []
        self.network = PairNetwork(2, ("mass",), key=jax.random.key(0))
        self.state = State(data.initial.state.position[0], data.initial.state.velocity[0])
        self.attributes = Attributes({"mass": data.initial.attributes.node["mass"][0]})
        jax.monitoring.register_event_duration_secs_listener(self._count)

    def _count(self, event: str, duration_secs: float, **unused: str | int) -> None:
        self.compiled += event == _COMPILED

    def __call__(self, epoch: Epoch) -> None:
        """After every epoch."""
        self.epochs += 1
        spent = (time.monotonic() - self.began) / 60
        while self.done < min(self.calls, self.calls * spent / self.minutes):
            self.roll(self.done)
            self.done += 1
        # Not before a twentieth: compilers and allocators have their rooms by then.
        if spent > self.minutes * (len(self.readings) + 0.5) / (_READINGS + 0.5):
            self.readings.append(self.read(spent))
            print(self.readings[-1], file=sys.stderr, flush=True)
        if spent > self.minutes:
            raise TimeIsUpError

    def roll(self, number: int) -> None:
        """Three rollouts, with objects made anew and another step each time."""
        dt = 0.01 + 1e-6 * number
        given = self.data.initial.graph, self.state, self.attributes
        fl.rollout(Formula.parse("2*(r - 1)"), *given, steps=20, dt=dt, every=2)
        fl.rollout(self.network, *given, steps=20, dt=jnp.asarray(dt))
        predict_motion(Formula.parse("2*(r - 1)"), self.data.initial, steps=20, dt=dt)

    def read(self, spent: float) -> Reading:
        """What the process holds now."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return Reading(
            round(spent, 2),
            self.epochs,
            self.done,
            round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1),
            len(list(Path("/proc/self/fd").iterdir())),
            len(list(Path("/proc/self/task").iterdir())),
            self.compiled,
        )


SMOKE = ["--minutes", "0.1", "--calls", "2"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--calls", type=int, default=2000)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    yield Case({"minutes": options.minutes, "calls": options.calls}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Readings, and an error if the process grew."""
    data = fl.particles.simulate("spring", trajectories=40, steps=50, seed=0)
    soak = Soak(case.arguments["minutes"], case.arguments["calls"], data)
    with suppress(TimeIsUpError):
        fl.particles.fit(data, stages=[fl.Stage(1_000_000)], batch=64, report=soak)
    first, last = soak.readings[0], soak.readings[-1]
    growth = max(reading.resident_mb for reading in soak.readings) / first.resident_mb - 1
    is_flat = growth <= _FLAT and first[4:] == last[4:]
    return {
        "readings": [list(reading) for reading in soak.readings],
        "growth": growth,
        "error": "" if is_flat else f"not flat within {_FLAT:.0%}",
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """The readings of the last run."""
    found = records[-1].figures
    head = "minutes | epochs | calls | resident MB | open files | threads | compilations"
    return {"table": table(head, found["readings"]), "growth": f"{found['growth']:.1%}"}
