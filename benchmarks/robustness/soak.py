"""A long training and many rollouts in one process, and what it keeps.

A pair network is trained for so many minutes; between its epochs a formula and the network are
rolled out by `forcelaw.rollout` outside `jit`, and by `particles.roll_out`. Resident memory, open
files, threads and compilations are read once a tenth of the time, the first time when all has been
compiled and the allocator has settled; from then on nothing may grow. Linux.

    python benchmarks/robustness/soak.py --minutes 30 --calls 2000
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp

import forcelaw as fl
from forcelaw.laws import Attributes, Formula, PairNetwork, State
from forcelaw.particles import roll_out
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
        roll_out(Formula.parse("2*(r - 1)"), self.data.initial, steps=20, dt=dt)

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


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--out", type=Path, help="file for the table")
    given = parser.parse_args()
    data = fl.particles.simulate("spring", trajectories=40, steps=50, seed=0)
    soak = Soak(given.minutes, given.calls, data)
    with suppress(TimeIsUpError):
        fl.particles.fit(data, stages=[fl.Stage(1_000_000)], batch=64, report=soak)
    first, last = soak.readings[0], soak.readings[-1]
    growth = max(reading.resident_mb for reading in soak.readings) / first.resident_mb - 1
    is_flat = growth <= _FLAT and first[4:] == last[4:]
    table = [
        "# Soak",
        "",
        f"`python benchmarks/robustness/soak.py --minutes {given.minutes:g} "
        f"--calls {given.calls}`, "
        f"{platform.system()}, JAX {jax.__version__}, {os.cpu_count()} cores. A call is",
        "two of `forcelaw.rollout` outside `jit`, of a formula and of a network, and one of",
        "`particles.roll_out`, their laws made anew, with another step each time.",
        "",
        "| minutes | epochs | calls | resident MB | open files | threads | compilations |",
        "|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(map(str, reading))} |" for reading in soak.readings),
        "",
        f"Resident memory grew by at most {growth:.1%} from the first reading; "
        f"{'flat' if is_flat else 'NOT flat'} within {_FLAT:.0%}, files, threads and compilations "
        "included.",
        "",
    ]
    if given.out is not None:
        given.out.write_text("\n".join(table))
    print("\n".join(table))
    return 0 if is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
