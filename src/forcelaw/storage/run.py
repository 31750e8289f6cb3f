"""A run on disk: one folder, one configuration, one writer at a time."""

from __future__ import annotations

import errno
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

from forcelaw.documents import ParsedObject, parse_yaml, read_yaml
from forcelaw.errors import InputError, InvalidSetting, UnreadableFile
from forcelaw.storage.atomic_files import atomic_write, sweep
from forcelaw.storage.json_values import plain
from forcelaw.storage.lock import LOCK, folder_lock
from forcelaw.storage.recovery import read_results, recover, whole_lines

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

    **Attributes:**

    - `folder`: where everything lies.
    - `config`: the fully resolved configuration.
    - `status`: whether the folder was new, unfinished or finished when it was opened.
    - `notes`: what was found damaged and set aside, for the user.
    - `writable`: whether anything can be written; only a finished run opens without.
    """

    folder: Path
    config: ParsedObject
    status: RunStatus
    notes: tuple[str, ...] = ()
    writable: bool = True

    @property
    def checkpoints(self) -> Path:
        """Folder of the training checkpoints."""
        return self.folder / "checkpoints"

    @property
    def metrics_file(self) -> Path:
        """The metrics, one JSON object a line."""
        return self.folder / _METRICS

    @property
    def results_file(self) -> Path:
        """The results, one JSON object."""
        return self.folder / _RESULTS

    def results(self) -> ParsedObject | None:
        """The finished run's results; None as long as there are none.

        **Raises** `InputError`: they are damaged.
        """
        return read_results(self.results_file)

    def finish(self, results: Mapping[str, Any]) -> None:
        """Writes `results.json`; from then on the run is finished."""
        text = json.dumps(results, indent=1, allow_nan=False)
        atomic_write(self.folder / _RESULTS, text.encode() + b"\n")

    def log(self, metrics: Mapping[str, Any]) -> None:
        """Appends one line to `metrics.jsonl`."""
        with self.metrics_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(plain(metrics), allow_nan=False) + "\n")

    def metrics(self) -> list[ParsedObject]:
        """All lines of `metrics.jsonl`; what a crash damaged is left out."""
        return whole_lines(self.metrics_file)[0]

    def forget_metrics(self, key: str, after: float | int) -> None:
        """Drops the lines whose `key` exceeds `after`: a resumed run writes them again."""
        kept = [line for line in self.metrics() if not _exceeds(line.get(key), after)]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        atomic_write(self.metrics_file, text.encode())


@contextmanager
def open_run(
    folder: str | os.PathLike[str], config: Mapping[str, Any], *, force: bool = False
) -> Iterator[Run]:
    """Opens or creates the run in `folder`, for this process alone.

    The same configuration finds its finished run (status FINISHED) or goes on with its unfinished
    one; `force` starts again, deleting what a run wrote and nothing else. What a crash left is put
    in order: damaged results and metrics are set aside (`Run.notes`), temporary files swept. Where
    nothing can be written, a finished run opens all the same.

    **Raises** `InputError`: the folder holds a run with another configuration, or files that are no
    run, or is open in another process, or nothing can be written there.
    """
    folder = Path(folder)
    asked = parse_yaml(config_text(config), folder / _CONFIG)
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
            run = _opened(folder, asked, force)
        except OSError as error:
            shown = None if force else _read_only(folder, asked, error)
            if shown is None:
                raise InputError(
                    f"{folder}: found that nothing can be written there ({error.strerror}), "
                    "expected a folder for the run; choose another"
                ) from None
            run = shown
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

    **Raises** `InputError`: there is no run in `folder`, or its results are damaged.
    """
    folder = Path(folder)
    if not (folder / _CONFIG).is_file():
        found = "a folder that is no run" if folder.is_dir() else "nothing"
        found = "a file" if folder.is_file() else found
        raise InputError(
            f"{folder}: found {found}, expected a run folder with {_CONFIG}; "
            "give the --out folder of an earlier fit or discover"
        )
    return Run(folder, _read_config(folder), _progress(folder))


def _opened(folder: Path, config: ParsedObject, force: bool) -> Run:
    """The run in a folder that is locked, put in order."""
    if force:
        _clear(folder)
    for place in (folder, *(folder / name for name in _OWN)):
        sweep(place)
    if not (folder / _CONFIG).exists():
        atomic_write(folder / _CONFIG, config_text(config).encode())
        return Run(folder, config, RunStatus.NEW)
    _check_same(folder, config)
    notes = recover(folder / _RESULTS, folder / _METRICS)
    return Run(folder, config, _progress(folder), notes)


def _read_only(folder: Path, config: ParsedObject, error: OSError) -> Run | None:
    """A finished run where nothing can be written; None where there is none."""
    refused = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    if not refused or not (folder / _CONFIG).is_file():
        return None
    _check_same(folder, config)
    status = _progress(folder)
    if status is not RunStatus.FINISHED:
        return None
    return Run(folder, config, status, writable=False)


def _check_same(folder: Path, config: ParsedObject) -> None:
    difference = first_difference(_read_config(folder), config)
    if difference is not None:
        key, there, here = difference
        raise InvalidSetting(
            f"{folder}: found a run with {key} = {there}, expected {key} = {here} as asked for "
            "now; choose another --out, or start again with --force"
        )


def _progress(folder: Path) -> RunStatus:
    """Of a run that is not new."""
    results = read_results(folder / _RESULTS)
    return RunStatus.UNFINISHED if results is None else RunStatus.FINISHED


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


def _read_config(folder: Path) -> ParsedObject:
    config = read_yaml(folder / _CONFIG)
    if not isinstance(config, dict):
        raise UnreadableFile(
            f"{folder / _CONFIG}: found {type(config).__name__}, expected keys and values; "
            "this folder is no run"
        )
    return config


def _exceeds(value: Any, after: float | int) -> bool:
    return isinstance(value, int | float) and value > after


def config_text(config: Mapping[str, Any]) -> str:
    """The YAML that `config.yaml` holds."""
    for key, value in config.items():
        try:
            str(value).encode()
        except UnicodeEncodeError:
            raise InputError(
                f"{key}: found {str(value)!r}, expected UTF-8 text, which can be written down; "
                "rename the file"
            ) from None
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
