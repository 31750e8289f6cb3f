"""Files that appear whole or not at all, and what a dead process left of them."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)-[^.]*\.tmp")
_open: set[str] = set()
"""Temporary names that this process has in use."""


def atomic_write(path: str | os.PathLike[str], data: bytes) -> None:
    """Writes `data` to `path`: after a crash the old or the new content stands there, never half.

    The bytes go to a temporary name in the same folder, are fsynced, and are renamed. Temporary
    files of the same name that dead processes left there are swept.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path.name), suffix=".tmp")
    _open.add(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a result is as readable as the user's other files.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    finally:
        _open.discard(temporary)
    _sync_folder(path.parent)
    sweep(path.parent, path.name)


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """A folder beside `path`, to be filled and renamed to it; gone after the block."""
    temporary = tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path.name), suffix=".tmp")
    _open.add(temporary)
    try:
        yield Path(temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        _open.discard(temporary)
    sweep(path.parent, path.name)


def sweep(folder: Path, name: str | None = None) -> None:
    """Removes the temporary files that processes left which have ended, of one name or of all."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            found = _TEMPORARY.fullmatch(entry.name)
            if found is None or (name is not None and found["name"] != name):
                continue
            if entry.path in _open or _is_another(int(found["process"])):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    Path(entry.path).unlink()


def _prefix(name: str) -> str:
    return f".{name}.{os.getpid()}-"


def _is_another(process: int) -> bool:
    """Whether another process of that number runs."""
    # On Windows the question would end the process; there a file in use cannot be removed.
    if os.name == "nt" or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _sync_folder(path: Path) -> None:
    # Windows cannot open folders; there the rename itself is as durable as it gets.
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
