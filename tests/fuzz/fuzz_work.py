"""One process that reads damaged inputs within bounds, and says what came of them."""

import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from random import Random

from fuzz_mutate import damaged
from fuzz_readers import ABOUT, READERS, Files, Reader, inputs

TALLY = ("inputs", "read", "refused", "failed")
WIDEST = 500
"""Characters of a message that is kept."""


def make_input(reader: Reader, seed: int, index: int, valid: list[Files]) -> tuple[Files, Random]:
    """The damaged input of that number, the same every time, and the chance left for options."""
    draw = Random(f"{seed}/{reader.name}/{index}")
    files = dict(draw.choice(valid))
    about = ABOUT.get(reader.name)
    names = [name for name in files if about is None or name == about]
    others = [content for other in valid for content in other.values()]
    for _ in range(draw.choice((1, 1, 1, 2))):
        name = draw.choice(names)
        files[name] = damaged(files[name], name, draw, others)
    if len(files) > 1 and draw.random() < 0.02:
        del files[draw.choice(names)]
    if draw.random() < 0.7:
        files = reader.mend(files)
    return files, draw


def put(files: Files, folder: Path) -> None:
    """Writes an input into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def read_valid(reader: Reader, folder: Path) -> None:
    """Reads every input of the corpus as it is: damage of what was never whole shows nothing."""
    for files in inputs(reader):
        put(files, folder)
        for option in range(4):
            draw = Random(option)
            try:
                reader.read(folder, list(files), draw)
            except ValueError as error:
                if "scale" not in str(error) and "expected one from" not in str(error):
                    raise


def peak() -> float:
    """The most memory that was resident so far, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def bound_memory(megabytes: float) -> None:
    """Asking for more than so much above what is held now becomes a `MemoryError`."""
    if Path("/proc/self/statm").exists():
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = held + int(megabytes * 1e6)
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def work(order: dict) -> None:
    """Reads the inputs `first` to `last` (not included) of a reader.

    The number of the input at work stands in the file `progress`, for whoever has to end this
    process; the outcome goes to the file `report`.
    """
    from forcelaw.errors import InputError

    warnings.simplefilter("ignore")
    reader = READERS[order["reader"]]
    valid = inputs(reader)
    failures: list[dict[str, int | str]] = []
    tally = dict.fromkeys(TALLY, 0) | {"slowest": 0.0, "largest": 0.0}
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-", dir=shared) as temporary,
        Path(order["progress"]).open("r+b", buffering=0) as progress,
    ):
        folder = Path(temporary) / "input"
        read_valid(reader, folder)
        start = peak()
        bound_memory(order["megabytes"])
        for index in range(order["first"], order["last"]):
            progress.seek(0)
            progress.write(index.to_bytes(8, "little"))
            files, draw = make_input(reader, order["seed"], index, valid)
            put(files, folder)
            names = sorted(files)
            begun = time.process_time()
            failure = ""
            try:
                reader.read(folder, names, draw)
                tally["read"] += 1
            except InputError:
                tally["refused"] += 1
            except Exception as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                failure = f"{type(error).__name__} at {where}: {error}"
            spent = time.process_time() - begun
            if not failure and spent > order["seconds"]:
                failure = f"took {spent:.1f} s of processor time"
            tally["inputs"] += 1
            tally["slowest"] = max(tally["slowest"], spent)
            tally["largest"] = max(tally["largest"], peak() - start)
            if failure:
                tally["failed"] += 1
                failures.append({"index": index, "failure": failure[:WIDEST]})
                keep(order, index, files)
            if failure.startswith("MemoryError") and index > order["first"]:
                # In a process that has read much: told from one in a fresh process by reading it
                # there once more.
                tally["inputs"] -= 1
                tally["failed"] -= 1
                failures.pop()
                tally["again"] = index
                break
    Path(order["report"]).write_text(json.dumps(tally | {"failures": failures}))


def keep(order: dict, index: int, files: Files) -> None:
    """Leaves an input that failed where it can be looked at."""
    if order["keep"]:
        folder = Path(order["keep"]) / f"{order['reader'].replace(' ', '-')}-{index}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        put(files, folder)
