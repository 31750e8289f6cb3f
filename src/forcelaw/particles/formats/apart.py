"""Reading in a process of its own, where compiled code that reads a format may crash.

REBOUND and MDAnalysis trust what a file says of its sizes: a damaged one ends the process. The
snapshots come back as JSON and plain arrays, so that nothing of a file is executed here.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from forcelaw.errors import InputError, UnreadableFile, unreadable
from forcelaw.particles.snapshots import Snapshot, Source

_ARRAYS = ("position", "velocity", "force", "vectors")
_LABELS = ("ids", "kind")
_LONGEST = 1 << 26
"""Bytes of a line; names of a million bodies take less."""
_MOST = 1 << 34
"""Bytes of an array."""


def read_apart(path: Path, reader: tuple[str, str], *arguments: str | os.PathLike[str]) -> Source:
    """The snapshots of a file that a `reader` (module, function) reads in another process.

    **Raises** `InputError` as the reader does, and where that process ends by itself.
    """
    # Without -P, a module in the current folder could take the place of any other.
    command = [sys.executable, "-P", "-m", __name__, *reader, os.fspath(path)]
    command += [os.fspath(argument) for argument in arguments]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=known,
    )
    assert child.stdout is not None
    items = _received(path, child.stdout, child)
    head = next(items)
    assert isinstance(head, dict)
    edges = head["edges"]
    return Source(
        _snapshots(items),
        units=head["units"],
        force_unit=head["force_unit"],
        edges=None if edges is None else np.array(edges, np.int64).reshape(-1, 2),
        notes=tuple(head["notes"]),
    )


def _received(path: Path, stream: IO[bytes], child: subprocess.Popen[bytes]) -> Iterator[Any]:
    """What the other process says, arrays in place of their shapes."""
    try:
        while True:
            line = stream.readline(_LONGEST)
            if not line.endswith(b"\n"):
                raise _crashed(path)
            said = json.loads(line)
            if "error" in said:
                raise UnreadableFile(str(said["error"]))
            if "end" in said:
                return
            arrays = said.get("arrays", {})
            for name, shape in arrays.items():
                size = 8 * int(np.prod(shape, dtype=object))
                raw = stream.read(size) if size < _MOST else b""
                if len(raw) < size:
                    raise _crashed(path)
                arrays[name] = np.frombuffer(raw, "<f8").reshape(shape)
            yield said
    finally:
        stream.close()
        child.kill()
        child.wait()


def _crashed(path: Path) -> InputError:
    return unreadable(
        path,
        found="a file on which the library that reads it crashes",
        expected="a complete one",
        then="copy or write it again",
    )


def _snapshots(items: Iterator[Any]) -> Iterator[Snapshot | str]:
    last: dict[str, Any] = {}
    for said in items:
        if "note" in said:
            yield str(said["note"])
            continue
        last |= {name: np.array(value) for name, value in said["labels"].items()}
        arrays = {name: said["arrays"].get(name) for name in _ARRAYS}
        constants = {
            name.removeprefix("constant "): value
            for name, value in said["arrays"].items()
            if name.startswith("constant ")
        }
        yield Snapshot(
            **arrays,
            ids=last.get("ids"),
            kind=last.get("kind"),
            constants=constants,
            periodic=tuple(said["periodic"]),
            time=said["time"],
        )


def _tell(module: str, function: str, path: str, *arguments: str, out: IO[bytes]) -> None:
    """Reads, and writes what was read."""

    def line(said: dict[str, Any]) -> None:
        out.write(json.dumps(said).encode() + b"\n")

    try:
        reader = getattr(importlib.import_module(module), function)
        source: Source = reader(Path(path), *(argument or None for argument in arguments))
        edges = None if source.edges is None else source.edges.tolist()
        head = {"units": source.units, "force_unit": source.force_unit, "notes": source.notes}
        line({**head, "edges": edges})
        last: dict[str, list[Any]] = {}
        for item in source.snapshots:
            if isinstance(item, str):
                line({"note": item})
                continue
            given = {name: getattr(item, name) for name in _ARRAYS}
            given |= {f"constant {name}": value for name, value in item.constants.items()}
            arrays = {k: np.ascontiguousarray(v, "<f8") for k, v in given.items() if v is not None}
            labels = {name: getattr(item, name) for name in _LABELS}
            new = {k: v.tolist() for k, v in labels.items() if v is not None}
            changed = {k: v for k, v in new.items() if last.get(k) != v}
            last |= changed
            line(
                {
                    "arrays": {name: value.shape for name, value in arrays.items()},
                    "labels": changed,
                    "periodic": item.periodic,
                    "time": item.time,
                }
            )
            for value in arrays.values():
                out.write(value.tobytes())
        line({"end": True})
    except InputError as error:
        line({"error": str(error)})
    out.flush()


if __name__ == "__main__":
    # Whatever a library prints must not get between the arrays.
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)
        _tell(*sys.argv[1:], out=answer)
