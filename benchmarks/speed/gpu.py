"""One GPU: right numbers first, then training steps, edge operations, many bodies, and `discover`.

    python -m benchmarks run speed/gpu [--only edges bodies] [--peers /tmp/peers/bin/python]

At most six minutes on a card, without a network; needs JAX with CUDA and forcelaw alone. Every case
is a process of its own, so that one that fails (its `error` is recorded) leaves the others, and
memory is taken as it is needed. Everything is float32 and compiled before it is timed; seconds are
of the clock until the device is done, medians over rounds. `--tiny` tries the script on a CPU.

- `correctness`: both edge operations with derivatives, a rollout, a training step of a message
  network and one of a signed network, against the CPU of the same machine: the largest difference
  over the largest number of an array. In full precision there is a bar; products of float32
  matrices with ten bits of mantissa (`high`, what JAX takes by default) are shown beside it.
- `step`: of the message network, in turns with PyTorch Geometric where `--peers` (by default this
  Python) has it with CUDA; see `message_network_step`.
- `edges`: bytes that must be moved (`traffic`: a row for every edge's sender, one for every
  receiver and result, indices and weights) over the time, beside what a large copy reaches. Where
  positions fit into the card's cache that may be more than its memory's bandwidth.
- `springs`: an update of SPR-NN, 64 dimensions and 120 steps; an epoch of the reference is one.
- `bodies`: accelerations by all pairs, and within a cutoff (see `many_bodies`).
- `discover`: the command from beginning to end, with the seconds of its phases.

`utilisation` is the mean of what `nvidia-smi` says five times a second, where there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Record, call, table
from benchmarks.nvidia import Utilisation, card

NAME = "speed/gpu"
SIZES: dict[str, list[dict[str, Any]]] = {
    "correctness": [
        {"check": "edges", "size": 2_000},
        {"check": "rollout", "size": 300},
        {"check": "message network", "size": 128},
        {"check": "springs", "size": 300},
    ],
    "step": [
        {"bodies": 8, "batch": 64, "precision": "highest", "steps": 20},
        {"bodies": 8, "batch": 1024, "precision": "highest", "steps": 20},
        {"bodies": 8, "batch": 1024, "precision": "high", "steps": 20},
    ],
    "edges": [
        {"nodes": 5_881, "edges": 42_984, "repeats": 50, "copied": 2**28},
        {"nodes": 1_000_000, "edges": 10_000_000, "repeats": 3, "copied": 2**28},
    ],
    "springs": [{"dataset": "synthetic-5881-21492", "steps": 120}],
    "bodies": [{"reach": "all", "bodies": 100_000}, {"reach": "cutoff", "bodies": 1_000_000}],
    "discover": [{"law": "1/r2", "dim": 2}],
}
TINY: dict[str, list[dict[str, Any]]] = {
    "correctness": [{"check": check["check"], "size": 20} for check in SIZES["correctness"]],
    "step": [{"bodies": 3, "batch": 4, "precision": "high", "steps": 1}],
    "edges": [{"nodes": 50, "edges": 300, "repeats": 1, "copied": 2**16}],
    "springs": [{"dataset": "synthetic-40-160", "steps": 2}],
    "bodies": [{"reach": "all", "bodies": 300}, {"reach": "cutoff", "bodies": 1_000}],
    "discover": [{"law": "spring", "dim": 2, "trajectories": 12, "epochs": 1}],
}
SMOKE = ["--tiny", "--rounds", "1"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=2.0, help="that a case may take")
    parser.add_argument("--tiny", action="store_true", help="sizes for a CPU")
    parser.add_argument("--peers", default=sys.executable, help="a Python with torch_geometric")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for kind in options.only:
        for sizes in (TINY if options.tiny else SIZES)[kind]:
            yield Case({"kind": kind, **sizes, "rounds": options.rounds, "card": card()}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One case in a process of its own; `error` where it failed."""
    # Contenders are on the card at the same time.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    try:
        return call(NAME, "attempt", case.arguments, options.peers, minutes=options.minutes)
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        return {"error": str(error)}


def attempt(given: dict[str, Any], peers: str) -> dict[str, Any]:
    """The figures of a case, or why there are none, and the device by JAX's name."""
    import jax

    try:
        found = MEASURES[given["kind"]](given, peers)
    except (Exception, SystemExit) as error:
        found = {"error": f"{type(error).__name__}: {error}"[:1000]}
    return {"device": jax.devices()[0].device_kind, **found}


def correctness(given: dict[str, Any], peers: str) -> dict[str, Any]:
    import jax

    from benchmarks.gpu_checks import BAR, difference

    del peers
    found = {}
    for precision in ("highest", "high"):
        with jax.default_matmul_precision(precision):
            found[precision] = difference(given["check"], given["size"])
    if not found["highest"] <= BAR:
        found["error"] = f"{found['highest']:.2g} from the CPU, expected at most {BAR:g}"
    return {"bar": BAR, **found}


def step(given: dict[str, Any], peers: str) -> dict[str, Any]:
    import jax

    from benchmarks.speed.message_network_step import Contender, medians

    pythons = dict.fromkeys(("forcelaw-epoch", "forcelaw"), sys.executable)
    look = "import torch, torch_geometric as _; raise SystemExit(not torch.cuda.is_available())"
    device = "cpu" if jax.default_backend() == "cpu" else "cuda"
    if device == "cuda":
        found = subprocess.run([peers, "-c", look], capture_output=True, check=False)
        pythons |= {} if found.returncode else {"pyg": peers}
    sizes = (given["bodies"], given["batch"], given["steps"], device, given["precision"])
    contenders = {name: Contender(python, name, *sizes) for name, python in pythons.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in range(given["rounds"]):
        for name, contender in contenders.items():
            times[name].append(contender(given["steps"]))
    # Alone for two seconds, in which the card is asked how busy it is.
    many = max(1, round(2000 / statistics.median(wall for wall, _ in times["forcelaw-epoch"])))
    with Utilisation() as busy:
        for _ in range(many // given["steps"] if device == "cuda" else 1):
            contenders["forcelaw-epoch"](given["steps"])
    for contender in contenders.values():
        contender.close()
    rows = {name: medians(times, name) for name in contenders}
    return {"contenders": rows, "utilisation": busy.mean}


def springs(given: dict[str, Any], peers: str) -> dict[str, Any]:
    from benchmarks.speed.spring_network_step import update

    del peers
    sizes = {"updates": given["rounds"], "segments": None}
    with Utilisation() as busy:
        found = update({**given, "preset": "spr-nn", **sizes})
    return {**found, "utilisation, compilation included": busy.mean}


def discover(given: dict[str, Any], peers: str) -> dict[str, Any]:
    del peers
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-m", "forcelaw", "particles", "discover", given["law"]]
        command += ["--dim", str(given["dim"]), "--seed", "0", "--out", str(out), "--quiet"]
        if "trajectories" in given:
            stages = f"stages=[{{epochs: {given['epochs']}, learning_rate: 0.01}}]"
            command += ["--trajectories", str(given["trajectories"]), "--set", stages]
        # Without programs that an earlier run compiled.
        environment = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / "cache")}
        began = time.perf_counter()
        with Utilisation() as busy:
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - began
        result = json.loads((out / "results.json").read_text("utf-8"))
    phases = {phase: round(value, 2) for phase, value in result["seconds"].items()}
    return {
        "formula": result["formula"]["pair"],
        "seconds": wall,
        "phases": phases,
        "utilisation": busy.mean,
    }


def edges(given: dict[str, Any], peers: str) -> dict[str, Any]:
    from benchmarks.gpu_forces import along_edges

    del peers
    return along_edges(**_without(given, "kind", "card"))


def bodies(given: dict[str, Any], peers: str) -> dict[str, Any]:
    from benchmarks.gpu_forces import between_bodies

    del peers
    return between_bodies(**_without(given, "kind", "card"))


def _without(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


MEASURES: dict[str, Callable[[dict[str, Any], str], dict[str, Any]]] = {
    "correctness": correctness,
    "step": step,
    "edges": edges,
    "springs": springs,
    "bodies": bodies,
    "discover": discover,
}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table for each kind of case."""
    of = {kind: [r for r in records if r.arguments["kind"] == kind] for kind in SIZES}
    return {kind: table(f"day | device | {HEADS[kind]}", rows(of[kind])) for kind in SIZES}


HEADS = {
    "correctness": "check | largest difference | bar | with ten bits",
    "step": "bodies | examples | products | forcelaw, in an epoch, ms | one step, ms "
    "| PyTorch Geometric, ms (share of it) | utilisation, %",
    "edges": "edges | copy, GB/s | operation | GB to move | forcelaw, GB/s (of a copy) "
    "| plain JAX, GB/s",
    "springs": "edges | update, s (best) | (median) | utilisation, %",
    "bodies": "reach | bodies | s | pairs a second | list on the host, s",
    "discover": "law | dim | s | phases, s | utilisation, % | formula",
}


def rows(records: Sequence[Record]) -> Iterator[tuple[object, ...]]:
    """The rows of records of one kind; a failed case has one that says so."""
    for record in records:
        given, found = record.arguments, record.figures
        device = found.get("device", given["card"])
        lines = [] if "error" in found else CELLS[given["kind"]](given, found)
        if "error" in found:
            width = HEADS[given["kind"]].count("|")
            what = ", ".join(str(v) for k, v in given.items() if k not in ("kind", "card"))
            lines = [(f"{what}: {found['error'].splitlines()[0]}".replace("|", "/"), *[""] * width)]
        for line in lines:
            yield (record.date, device, *("-" if cell is None else cell for cell in line))


def _step_cells(given: dict[str, Any], found: dict[str, Any]) -> list[tuple[Any, ...]]:
    each = found["contenders"]
    pyg = each.get("pyg")
    share = f" ({each['forcelaw-epoch']['wall_share']:.2f})" if pyg else ""
    ours = [f"{each[name]['wall']:.2f}" for name in ("forcelaw-epoch", "forcelaw")]
    peer = f"{pyg['wall']:.2f}{share}" if pyg else None
    sizes = given["bodies"], given["batch"], given["precision"]
    return [(*sizes, *ours, peer, found["utilisation"])]


def _edge_cells(given: dict[str, Any], found: dict[str, Any]) -> list[tuple[Any, ...]]:
    del given
    lines = []
    for name, row in found["operations"].items():
        ours = f"{row['forcelaw'] / 1e9:,.0f} ({row['forcelaw'] / found['copy']:.0%})"
        where = f"{found['edges']:,}", f"{found['copy'] / 1e9:,.0f}", name
        lines.append((*where, f"{row['bytes'] / 1e9:.3f}", ours, f"{row['plain'] / 1e9:,.0f}"))
    return lines


def _spring_cells(given: dict[str, Any], found: dict[str, Any]) -> list[tuple[Any, ...]]:
    del given
    busy = found["utilisation, compilation included"]
    return [(f"{found['edges']:,}", f"{found['best']:.3f}", f"{found['median']:.3f}", busy)]


def _body_cells(given: dict[str, Any], found: dict[str, Any]) -> list[tuple[Any, ...]]:
    made = found.get("list on the host")
    made = None if made is None else f"{made:.1f}"
    speed = f"{found['pairs a second']:.2g}"
    return [(given["reach"], f"{found['bodies']:,}", f"{found['seconds']:.3g}", speed, made)]


CELLS: dict[str, Callable[[dict[str, Any], dict[str, Any]], list[tuple[Any, ...]]]] = {
    "correctness": lambda given, found: [
        (given["check"], f"{found['highest']:.1e}", f"{found['bar']:g}", f"{found['high']:.1e}")
    ],
    "step": _step_cells,
    "edges": _edge_cells,
    "springs": _spring_cells,
    "bodies": _body_cells,
    "discover": lambda given, found: [
        (
            given["law"],
            given["dim"],
            f"{found['seconds']:.1f}",
            ", ".join(f"{phase} {value:.1f}" for phase, value in found["phases"].items()),
            found["utilisation"],
            f"`{found['formula']}`",
        )
    ],
}
