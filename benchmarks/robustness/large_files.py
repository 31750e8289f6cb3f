"""How long it takes to read large files of motion, and how much memory.

    python -m benchmarks run robustness/large_files [--frames 10000]

1,000 bodies on circles in a periodic box, positions and velocities, in double precision 480 MB for
10,000 snapshots. Each file is read in a process of its own, whose largest memory is measured. In
the tables a body in twenty is missing from each frame.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, table

ENDINGS = (".lammpstrj", ".extxyz", ".csv", ".parquet")
PERIOD, SIDE, STEP = 200, 20.0, 0.005
"""Snapshots of a round, after which the same text comes again; the box; time between two."""
SMOKE = ["--bodies", "20", "--frames", "60"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bodies", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=10_000)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for ending in ENDINGS:
        yield Case({"ending": ending, "bodies": options.bodies, "frames": options.frames}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What reading took."""
    known = case.arguments
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"motion{known['ending']}"
        call("robustness/large_files", "write", str(path), known["bodies"], known["frames"])
        return call("robustness/large_files", "taken", str(path)) | {
            "file MB": path.stat().st_size / 1e6
        }


def taken(path: str) -> dict[str, Any]:
    """Reads one file in this process."""
    import warnings

    from forcelaw.particles import Recordings, read

    warnings.simplefilter("ignore")
    wall, cpu = time.perf_counter(), time.process_time()
    data = read(path)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    assert isinstance(data, Recordings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"wall": spent[0], "cpu": spent[1], "peak MB": peak, "summary": data.summary()}


def write(path: str, bodies: int, frames: int) -> None:
    """Bodies on circles, whose text is the same after each round."""
    draw = np.random.default_rng(0)
    angle = (
        draw.uniform(0, 2 * np.pi, (bodies, 3))
        + 2 * np.pi / PERIOD * np.arange(PERIOD)[:, None, None]
    )
    place = draw.uniform(0, SIDE, (bodies, 3)) + np.cos(angle)
    speed = -2 * np.pi / (PERIOD * STEP) * np.sin(angle)
    # Tables know no box, and count times in frames.
    tabled = path.endswith((".csv", ".parquet"))
    motion = np.concatenate([place, speed * STEP] if tabled else [place % SIDE, speed], axis=2)
    if path.endswith(".parquet"):
        write_parquet(path, motion, frames, draw)
        return
    writer = {".lammpstrj": lammps, ".extxyz": xyz, ".csv": csv}[Path(path).suffix]
    rounds = [
        [" ".join(f"{value:.9g}" for value in row) for row in rows] for rows in motion.tolist()
    ]
    with Path(path).open("w") as file:
        if path.endswith(".csv"):
            file.write("frame,particle,x,y,z,vx,vy,vz\n")
        for t in range(frames):
            file.write(writer(t, rounds[t % PERIOD], draw))


def lammps(t: int, rows: list[str], draw: np.random.Generator) -> str:
    head = f"ITEM: TIMESTEP\n{t}\nITEM: NUMBER OF ATOMS\n{len(rows)}\n"
    head += "ITEM: BOX BOUNDS pp pp pp\n" + f"0 {SIDE}\n" * 3
    head += "ITEM: ATOMS id type x y z vx vy vz\n"
    return head + "".join(f"{k + 1} 1 {row}\n" for k, row in enumerate(rows))


def xyz(t: int, rows: list[str], draw: np.random.Generator) -> str:
    box = f'Lattice="{SIDE} 0 0 0 {SIDE} 0 0 0 {SIDE}" Time={t * STEP:.9g}'
    head = f"{len(rows)}\n{box} Properties=species:S:1:pos:R:3:vel:R:3\n"
    return head + "".join(f"Ar {row}\n" for row in rows)


def csv(t: int, rows: list[str], draw: np.random.Generator) -> str:
    kept = seen(t, len(rows), draw)
    return "".join(f"{t},{k},{rows[k].replace(' ', ',')}\n" for k in kept.tolist())


def seen(t: int, bodies: int, draw: np.random.Generator) -> np.ndarray:
    """Who is there: all in the first three frames."""
    return np.flatnonzero((draw.random(bodies) > 0.05) | (t < 3))


def write_parquet(path: str, motion: np.ndarray, frames: int, draw: np.random.Generator) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ["frame", "particle", "x", "y", "z", "vx", "vy", "vz"]
    schema = pa.schema(
        [(name, pa.int64() if k < 2 else pa.float64()) for k, name in enumerate(names)]
    )
    with pq.ParquetWriter(path, schema) as file:
        for first in range(0, frames, PERIOD):
            parts = []
            for t in range(first, min(first + PERIOD, frames)):
                kept = seen(t, motion.shape[1], draw)
                parts.append(
                    np.column_stack([np.full(len(kept), t), kept, motion[t % PERIOD][kept]])
                )
            columns = np.concatenate(parts).T
            arrays = [pa.array(c.astype(np.int64) if k < 2 else c) for k, c in enumerate(columns)]
            file.write_table(pa.table(arrays, schema=schema))


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One table."""
    rows = []
    for record in records:
        found, known = record.figures, record.arguments
        sizes = (known["ending"], f"{known['bodies']:,}", f"{known['frames']:,}")
        rows.append(
            (
                *sizes,
                f"{found['file MB']:,.0f}",
                f"{found['wall']:.0f}",
                f"{found['cpu']:.0f}",
                f"{found['peak MB']:,.0f}",
            )
        )
    head = "file | bodies | snapshots | file MB | wall, s | CPU, s | peak MB"
    return {"table": table(head, rows)}
