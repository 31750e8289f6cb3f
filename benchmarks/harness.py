"""Runs benchmarks, keeps a record of every measurement, and fills pages from records."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
RECORDS, RESULTS = HERE / "records", HERE / "results"
PREDICTED = "signed/predictions"
KINDS = (
    *("speed", "particles", "signed", PREDICTED, "ablations", "robustness", "structure"),
    "public",
)
PACKAGES = (
    "forcelaw",
    "jax",
    "jaxlib",
    "numpy",
    "scikit-learn",
    "stochasticforceinference",
    "leidenalg",
    "igraph",
)
RENAMED = ("self:", "one-body:")
"""How records of the first release write a one-body force, and how it is written now."""
PLACE = re.compile(r"(<!-- figure: ([\w/]+)\.([\w.-]+) -->).*?(<!-- end -->)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Case:
    """What one measurement is of: its arguments, plain JSON, and its seed."""

    arguments: dict[str, Any]
    seed: int | None = None

    @property
    def key(self) -> str:
        """The same for equal cases."""
        return json.dumps([self.arguments, self.seed], sort_keys=True)


@dataclasses.dataclass(frozen=True)
class Record:
    """One measurement.

    `seconds` is wall time of the whole measurement, `None` where it was not kept. `note` says
    what a record lacks that was made before records were kept.
    """

    name: str
    arguments: dict[str, Any]
    seed: int | None
    date: str
    commit: str
    versions: dict[str, str]
    machine: str
    seconds: float | None
    figures: dict[str, Any]
    note: str = ""

    @property
    def case(self) -> Case:
        """What was measured."""
        return Case(self.arguments, self.seed)


def names() -> list[str]:
    """All benchmarks as `kind/name`: the modules that have cases."""
    found = [f"{kind}/{path.stem}" for kind in KINDS for path in sorted((HERE / kind).glob("*.py"))]
    return [name for name in found if "\ndef cases(" in source(name)]


def source(name: str) -> str:
    """The text of a benchmark's module."""
    return (HERE / f"{name}.py").read_text("utf-8")


def resolve(word: str) -> str:
    """The benchmark of that name, with or without its kind."""
    found = [name for name in names() if word in (name, name.partition("/")[2])]
    if len(found) != 1:
        raise SystemExit(f"no benchmark is called {word!r}; python -m benchmarks list names all")
    return found[0]


def load(name: str) -> ModuleType:
    """The module of a benchmark."""
    return importlib.import_module(f"benchmarks.{name.replace('/', '.')}")


def read(name: str, folder: Path = RECORDS) -> list[Record]:
    """Every record of a benchmark, the newest of each case alone, in the order of first records."""
    path = folder / f"{name}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found = (Record(**json.loads(line.replace(*RENAMED))) for line in lines)
    return list({record.case.key: record for record in found}.values())


def append(record: Record, folder: Path = RECORDS) -> None:
    """Adds one record to the file of its benchmark."""
    path = folder / f"{record.name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(dataclasses.asdict(record), default=plain) + "\n")


def plain(value: Any) -> Any:
    """Numbers and arrays of NumPy as JSON has them."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def run(
    name: str, arguments: Sequence[str] = (), folder: Path = RECORDS, *, again: bool = False
) -> list[Record]:
    """Measures the cases that the arguments ask for and that are not recorded (or all, `again`)."""
    module = load(name)
    parser = argparse.ArgumentParser(f"benchmarks run {name}", description=first_line(name))
    getattr(module, "arguments", lambda parser: None)(parser)
    options = parser.parse_args(arguments)
    known = {record.case.key for record in read(name, folder)}
    measured = []
    for case in module.cases(options):
        if case.key in known and not again:
            continue
        began = time.perf_counter()
        figures = module.measure(case, options)
        seconds = round(time.perf_counter() - began, 3)
        made = Record(name, case.arguments, case.seed, *circumstances(), seconds, figures)
        append(made, folder)
        measured.append(made)
        print(json.dumps(made.arguments), json.dumps(figures, default=plain)[:500], flush=True)
    return measured


def circumstances() -> tuple[str, str, dict[str, str], str]:
    """Day, commit, versions and machine of now."""
    return datetime.date.today().isoformat(), commit(), versions(), machine()


def commit() -> str:
    """The checked-out commit, with `-dirty` where files differ from it other than numbers."""
    name = _git("describe", "--always", "--exclude", "*")
    numbers = (f":(exclude){folder}" for folder in ("records", "results"))
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":/", *numbers)
    return (f"{name}-dirty" if changed else name) or "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(HERE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def versions() -> dict[str, str]:
    """Of Python and of the packages that matter, where they are installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """The processor's name and how many of its cores this process may use."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    kind = found[1] if found else platform.machine()
    return f"{kind}, {cores} core{'s'[: cores > 1]}, {platform.system()}"


def call(
    name: str, function: str, *arguments: Any, python: str = sys.executable, minutes: float = 600
) -> Any:
    """What a function of a benchmark returns in a process of its own, JSON in and out."""
    done = subprocess.run(
        command_of(name, function, *arguments, python=python),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60 * minutes,
        env=environment(),
    )
    return json.loads(done.stdout.splitlines()[-1])


def command_of(
    name: str, function: str, *arguments: Any, python: str = sys.executable
) -> list[str]:
    """The command line of `call`."""
    return [python, "-m", "benchmarks", "call", name, function, json.dumps(arguments)]


def environment() -> dict[str, str]:
    """The variables of this process, with this package where a new process finds it."""
    paths = [str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def first_line(name: str) -> str:
    """What a benchmark says of itself."""
    return source(name).split('"""', 2)[1].partition("\n")[0]


# Pages.


def table(head: str, rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; `head` has the titles between bars."""
    titles = [title.strip() for title in head.split("|")]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def days(records: Sequence[Record]) -> str:
    """The first and the last day of some records."""
    found = sorted(record.date for record in records)
    return " to ".join(dict.fromkeys((found[0], found[-1]))) if found else "never"


def fill(text: str, figures: Callable[[str], Mapping[str, str]]) -> str:
    """The text with every marked place written anew from `figures(benchmark)`.

    A place is `<!-- figure: kind/name.key -->...<!-- end -->`; tables get lines of their own.
    """

    def written(place: re.Match[str]) -> str:
        begin, name, key, end = place.groups()
        value = figures(name)[key]
        return f"{begin}\n\n{value}\n\n{end}" if "\n" in value else f"{begin}{value}{end}"

    return PLACE.sub(written, text)


class Figures:
    """The figures of every benchmark, each made once."""

    def __init__(self, folder: Path = RECORDS) -> None:
        self.folder, self.made = folder, dict[str, Mapping[str, str]]()

    def __call__(self, name: str) -> Mapping[str, str]:
        """Of one benchmark, by key."""
        if name not in self.made:
            self.made[name] = load(name).figures(read(name, self.folder))
        return self.made[name]


def pages(words: Sequence[str] = ()) -> Iterator[Path]:
    """The pages of results, of some benchmarks or of all."""
    if words:
        paths = (RESULTS / f"{resolve(word)}.md" for word in words)
        yield from (path for path in paths if path.exists())
    else:
        yield from sorted(RESULTS.rglob("*.md"))


def documents() -> list[Path]:
    """README and the documentation."""
    return [HERE.parent / "README.md", *sorted((HERE.parent / "docs").glob("*.md"))]


def write(paths: Iterable[Path]) -> None:
    """Fills the marked places of files."""
    figures = Figures()
    for path in paths:
        before = path.read_text("utf-8")
        after = fill(before, figures)
        if after != before:
            path.write_text(after, "utf-8")
            print(path.relative_to(HERE.parent))
