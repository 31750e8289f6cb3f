"""A run on disk: one folder, one configuration, one writer at a time."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from forcelaw.errors import InputError
from forcelaw.training._atomic import atomic_write
from forcelaw.training._lock import LOCK, folder_lock

_CONFIG, _METRICS, _RESULTS = "config.yaml", "metrics.jsonl", "results.json"
# What --force may delete: the names a run writes, nothing else a user may keep beside them.
_OWN = (
    *(_RESULTS, _METRICS, "checkpoints", "report.html", "law.safetensors", "law.json"),
    *("formula", "model", _CONFIG),
)


class RunStatus(Enum):
    """What was found in the folder of a run."""

    NEW = "new"
    UNFINISHED = "unfinished"
    FINISHED = "finished"


@dataclass(frozen=True)
class Run:
    """The folder of a run, open for writing; made by `open_run` and read by `read_run`.

    Attributes:
        folder: where everything lies.
        config: the fully resolved configuration.
        status: whether the folder was new, unfinished or finished when it was opened.
    """

    folder: Path
    config: dict[str, Any]
    status: RunStatus

    @property
    def checkpoints(self) -> Path:
        """Folder of the training checkpoints."""
        return self.folder / "checkpoints"

    @property
    def metrics_file(self) -> Path:
        """The metrics, one JSON object a line."""
        return self.folder / _METRICS

    def results(self) -> dict[str, Any] | None:
        """The finished run's results; None as long as there are none."""
        path = self.folder / _RESULTS
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def finish(self, results: Mapping[str, Any]) -> None:
        """Writes `results.json`; from then on the run is finished."""
        text = json.dumps(results, indent=1, allow_nan=False)
        atomic_write(self.folder / _RESULTS, text.encode() + b"\n")

    def log(self, metrics: Mapping[str, Any]) -> None:
        """Appends one line to `metrics.jsonl`."""
        with self.metrics_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dict(metrics)) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """All lines of `metrics.jsonl`; a last line cut off by a crash is left out."""
        if not self.metrics_file.exists():
            return []
        lines = self.metrics_file.read_text("utf-8").split("\n")
        return [json.loads(line) for line in lines[:-1] if line]

    def forget_metrics(self, key: str, after: float) -> None:
        """Drops the lines whose `key` exceeds `after`: a resumed run writes them again."""
        kept = [line for line in self.metrics() if line.get(key, after) <= after]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        atomic_write(self.metrics_file, text.encode())


@contextmanager
def open_run(
    folder: str | os.PathLike[str], config: Mapping[str, Any], *, force: bool = False
) -> Iterator[Run]:
    """Opens or creates the run in `folder`, for this process alone.

    The same configuration finds its finished run (status FINISHED) or goes on with its unfinished
    one; `force` starts again, deleting what a run wrote and nothing else.

    Raises:
        InputError: the folder holds a run with another configuration, or files that are no run,
            or is open in another process.
    """
    folder = Path(folder)
    plain = yaml.safe_load(_as_yaml(config))
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: found a file, expected a folder for the run; choose another")
    if folder.exists() and _CONFIG not in (found := _visible(folder)) and found:
        raise InputError(
            f"{folder}: found files but no {_CONFIG}, expected a run or an empty folder; "
            "choose another folder"
        )
    made = not folder.exists()
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(folder_lock(folder))
        except OSError as error:
            raise InputError(
                f"{folder}: found that nothing can be written there ({error.strerror}), expected "
                "a folder for the run; choose another"
            ) from None
        if force:
            _clear(folder)
        run = Run(folder, plain, _status(folder, plain))
        try:
            yield run
        except BaseException:
            # Wrong input that came to light before any work must not claim the folder.
            if run.status is RunStatus.NEW and _visible(folder) == {_CONFIG}:
                (folder / _CONFIG).unlink()
                if made:
                    _remove_empty(folder)
            raise


def read_run(folder: str | os.PathLike[str]) -> Run:
    """An existing run, for reading.

    Raises:
        InputError: there is no run in `folder`.
    """
    folder = Path(folder)
    if not (folder / _CONFIG).is_file():
        found = "a folder that is no run" if folder.is_dir() else "nothing"
        raise InputError(
            f"{folder}: found {found}, expected a run folder with {_CONFIG}; "
            "give the --out folder of an earlier fit or discover"
        )
    finished = (folder / _RESULTS).exists()
    status = RunStatus.FINISHED if finished else RunStatus.UNFINISHED
    return Run(folder, _read_config(folder), status)


def _status(folder: Path, config: dict[str, Any]) -> RunStatus:
    if not (folder / _CONFIG).exists():
        atomic_write(folder / _CONFIG, _as_yaml(config).encode())
        return RunStatus.NEW
    difference = first_difference(_read_config(folder), config)
    if difference is not None:
        key, there, here = difference
        raise InputError(
            f"{folder}: found a run with {key} = {there}, expected {key} = {here} as asked for "
            "now; choose another --out, or start again with --force"
        )
    return RunStatus.FINISHED if (folder / _RESULTS).exists() else RunStatus.UNFINISHED


def first_difference(
    there: Any, here: Any, path: tuple[str, ...] = ()
) -> tuple[str, str, str] | None:
    """The first key at which two configurations differ, as `(key.path, there, here)`."""
    if isinstance(there, dict) and isinstance(here, dict):
        for key in [*here, *(key for key in there if key not in here)]:
            found = first_difference(
                there.get(key, "(absent)"), here.get(key, "(absent)"), (*path, str(key))
            )
            if found is not None:
                return found
        return None
    return None if there == here else (".".join(path), repr(there), repr(here))


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load((folder / _CONFIG).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{folder / _CONFIG}: not readable as YAML: {error}") from None
    if not isinstance(config, dict):
        raise InputError(
            f"{folder / _CONFIG}: found {type(config).__name__}, expected keys and values; "
            "this folder is no run"
        )
    return config


def _as_yaml(config: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True)


def _visible(folder: Path) -> set[str]:
    """What a folder holds beside hidden files, such as the lock."""
    return {entry.name for entry in folder.iterdir() if not entry.name.startswith(".")}


def _remove_empty(folder: Path) -> None:
    # Windows keeps a lock file as long as it is open; then the empty folder stays.
    with suppress(OSError):
        (folder / LOCK).unlink()
        folder.rmdir()


def _clear(folder: Path) -> None:
    for name in _OWN:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
