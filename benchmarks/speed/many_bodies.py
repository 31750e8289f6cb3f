"""A step of many bodies beside a plain loop in C, and beside jax-md.

    OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks run speed/many_bodies

- `all pairs`: gravity in three dimensions, everyone on everyone, one step's accelerations; beside
  the same arithmetic as a loop in C (`cc -O3 -march=native`, and with `-ffast-math`, which may
  change the order of sums and take approximate roots).
- `cutoff`: a Lennard-Jones liquid in a periodic box, about 50 neighbours each; the list once, then
  one step's accelerations; beside jax-md's neighbour list and pair energy, where it is installed.

One process, contenders interleaved; seconds of *processor* time, medians over rounds. `peak MB` is
the most that the process held until forcelaw had run once, interpreter and imports included, and
before any other contender was made. `--draw` makes docs/pictures/many-bodies.svg of the records
(needs matplotlib).
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.harness import Case, Record, call, read, table
from forcelaw import Attributes, Formula, State
from forcelaw.graph import NeighbourList, PeriodicBox
from forcelaw.motion import accelerations

LOOP = """
#include <math.h>
void pull(int n, const float *x, const float *y, const float *z, const float *m, float *a) {
  for (int i = 0; i < n; i++) {
    float ax = 0, ay = 0, az = 0;
    for (int j = 0; j < n; j++) {
      float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
      float r = sqrtf(dx * dx + dy * dy + dz * dz);
      float w = r > 0 ? m[i] * m[j] / (r * r) / r : 0;
      ax += w * dx; ay += w * dy; az += w * dz;
    }
    a[3 * i] = ax / m[i]; a[3 * i + 1] = ay / m[i]; a[3 * i + 2] = az / m[i];
  }
}
"""
GRAVITY, LIQUID = "m_i*m_j/r**2", "24*(1/r**7 - 2/r**13)"
SPACING, CUTOFF, SKIN = 1.1, 2.2, 0.3
"""Of the liquid, in units of the distance at which the force is zero over 2 ** (1 / 6)."""
Pull = Callable[[], np.ndarray]
"""Makes one step's accelerations."""
MOST_OF_PEER = 100_000
"""Bodies; with a million jax-md was killed on a machine of 24 GB."""
PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "many-bodies.svg"
SMOKE = ["--all", "200", "--cutoff", "1000", "--rounds", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument(
        "--cutoff", nargs="*", type=int, default=[1_000, 10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--draw", action="store_true", help="draw the records")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for kind in ("all", "cutoff"):
        for bodies in getattr(options, kind):
            yield Case({"kind": kind, "bodies": bodies, "rounds": options.rounds}, 0)
    if options.draw:
        draw(read("speed/many_bodies"), PICTURE)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of every contender; each case in a process of its own, for its memory."""
    del options
    kind, bodies, rounds = (case.arguments[name] for name in ("kind", "bodies", "rounds"))
    return call("speed/many_bodies", f"measure_{kind}", bodies, rounds)


def measure_all(bodies: int, rounds: int) -> dict[str, Any]:
    """All pairs: forcelaw, and the loop in C, compiled in two ways."""
    rng = np.random.default_rng(0)
    place = rng.normal(size=(bodies, 3)).astype(np.float32)
    mass = rng.uniform(0.5, 1.5, bodies).astype(np.float32)
    law = Formula.parse(GRAVITY)
    state = State(jnp.asarray(place), jnp.zeros_like(place))
    attributes = Attributes({"mass": jnp.asarray(mass)})
    others: dict[str, Callable[[], Pull]] = {}
    if shutil.which("cc") is not None:
        others["C"] = lambda: _loop(place, mass, ())
        others["C, fast-math"] = lambda: _loop(place, mass, ("-ffast-math",))
    return _timed(lambda: np.asarray(accelerations(law, state, attributes)), others, rounds)


def _loop(place: np.ndarray, mass: np.ndarray, flags: Sequence[str]) -> Pull:
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "loop.c", Path(folder) / "loop.so"
        source.write_text(LOOP)
        options = ["-O3", "-march=native", *flags, "-shared", "-fPIC"]
        subprocess.run(["cc", *options, str(source), "-o", str(library), "-lm"], check=True)
        pull = ctypes.CDLL(str(library)).pull
    columns = [np.ascontiguousarray(place[:, axis]) for axis in range(3)]

    def run() -> np.ndarray:
        out = np.zeros_like(place)
        pointers = (part.ctypes.data_as(ctypes.c_void_p) for part in (*columns, mass, out))
        pull(len(place), *pointers)
        return out

    return run


def liquid(bodies: int) -> tuple[np.ndarray, PeriodicBox]:
    """The places of about so many bodies, and their box."""
    edge = round(bodies ** (1 / 3))
    rng = np.random.default_rng(0)
    grid = np.stack(np.meshgrid(*[np.arange(edge)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    place = (grid * SPACING + rng.normal(0, 0.05, grid.shape)).astype(np.float32)
    return place, PeriodicBox([edge * SPACING] * 3)


def measure_cutoff(bodies: int, rounds: int) -> dict[str, Any]:
    """Neighbours within a cutoff: forcelaw, and jax-md if it is there."""
    place, box = liquid(bodies)
    law = Formula.parse(LIQUID)
    state = State(jnp.asarray(place), jnp.zeros_like(place))
    began = time.process_time()
    neighbours = NeighbourList.of(state.position, box, cutoff=CUTOFF, skin=SKIN)
    made = time.process_time() - began
    peers: dict[str, Callable[[], Pull]] = {}
    if bodies <= MOST_OF_PEER and importlib.util.find_spec("jax_md") is not None:
        peers["jax-md"] = lambda: _jax_md(place, box.cell[0][0])
    found = _timed(
        lambda: np.asarray(accelerations(law, state, neighbours=neighbours)), peers, rounds
    )
    others = np.asarray(neighbours.neighbour) != np.arange(len(place))[:, None]
    mean = float(others.sum()) / len(place)
    return {**found, "list": made, "neighbours": mean, "bodies": len(place)}


def _jax_md(place: np.ndarray, side: float) -> Pull:
    """The force of its own Lennard-Jones pairs, cut off at the same distance."""
    from jax_md import partition, quantity, smap, space  # type: ignore[import-not-found]

    displacement, _ = space.periodic(side)
    near = partition.neighbor_list(displacement, side, CUTOFF, dr_threshold=SKIN)

    def energy(distance: jax.Array, **unused: Any) -> jax.Array:
        safe = jnp.where(distance > 0, distance, 1.0)
        inverse = safe**-6
        # Its slope is the force of the formula: 4 (r^-12 - r^-6).
        return jnp.where((distance > 0) & (distance < CUTOFF), 4 * (inverse**2 - inverse), 0.0)

    metric = space.canonicalize_displacement_or_metric(displacement)
    total = smap.pair_neighbor_list(energy, metric)
    force = jax.jit(quantity.force(total))
    position = jnp.asarray(place)
    held = near.allocate(position)
    return lambda: np.asarray(force(position, neighbor=held))


def _timed(ours: Pull, others: dict[str, Callable[[], Pull]], rounds: int) -> dict[str, Any]:
    """Processor seconds of each, one after the other in every round, once they agree."""
    expected = ours()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    contenders = {"forcelaw": ours, **{name: make() for name, make in others.items()}}
    scale = float(np.abs(expected).max())
    for name, run in contenders.items():
        np.testing.assert_allclose(run(), expected, atol=1e-3 * scale, err_msg=name)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            began = time.process_time()
            run()
            times[name].append(time.process_time() - began)
    return {"seconds": times, "peak MB": peak}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """Two tables."""
    every, within = [], []
    for record in records:
        found = record.figures
        times = {name: statistics.median(all_) for name, all_ in found["seconds"].items()}
        ours, bodies = times.pop("forcelaw"), record.arguments["bodies"]
        peak = f"{found['peak MB']:,.0f}"
        ratios = {name: f"{value:.3g} ({value / ours:.1f})" for name, value in times.items()}
        if record.arguments["kind"] == "all":
            shown = [ratios.get(name, "-") for name in ("C", "C, fast-math")]
            every.append((f"{bodies:,}", f"{ours:.3g}", *shown, peak))
        else:
            row = (f"{found['bodies']:,}", f"{found['neighbours']:.0f}", f"{found['list']:.3g}")
            within.append((*row, f"{ours:.3g}", ratios.get("jax-md", "-"), peak))
    head = "bodies | neighbours | list, s | forcelaw, s | jax-md, s (over forcelaw) | peak MB"
    loops = "C, s (over forcelaw) | C, fast-math"
    return {
        "all": table(f"bodies | forcelaw, s | {loops} | peak MB", every),
        "cutoff": table(head, within),
    }


def draw(records: Sequence[Record], path: Path) -> None:
    """Seconds of one step over the number of bodies within a cutoff, and a line of slope one."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "forcelaw"
    import matplotlib.pyplot as plt

    found: dict[str, list[tuple[int, float]]] = {}
    for record in records:
        if record.arguments["kind"] == "cutoff":
            for name, times in record.figures["seconds"].items():
                point = record.figures["bodies"], statistics.median(times)
                found.setdefault(name, []).append(point)
    figure, axis = plt.subplots(figsize=(5.5, 3.6), constrained_layout=True)
    for name, points in found.items():
        axis.plot(*zip(*sorted(points), strict=True), marker="o", label=name)
    bodies, seconds = zip(*sorted(found["forcelaw"]), strict=True)
    slope = [seconds[-1] / bodies[-1] * one for one in bodies]
    axis.plot(bodies, slope, color="tab:gray", linewidth=1, linestyle=":", label="slope one")
    axis.set(xscale="log", yscale="log", xlabel="bodies", ylabel="processor seconds a step")
    axis.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
