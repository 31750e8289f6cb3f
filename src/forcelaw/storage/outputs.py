"""Where a command may write: checked before it works for hours."""

from __future__ import annotations

import tempfile
from pathlib import Path

from forcelaw.errors import InputError


def check_file(path: Path, *endings: str, force: bool = False) -> None:
    """Makes sure that a file may be written; without `endings`, whatever its ending.

    **Raises** `InputError`: it exists and `force` was not given, its folder is missing, nothing can
    be written there, or its ending says none of the formats that can be written.
    """
    if path.is_dir():
        raise InputError(f"{path}: found a folder, expected a file name; add one to --out")
    _check_new(path, force)
    if not path.absolute().parent.is_dir():
        raise InputError(
            f"{path}: found no folder {path.parent}, expected an existing one; create it first"
        )
    _check_writable(path, path.absolute().parent)
    if endings and path.suffix.lower() not in endings:
        raise InputError(
            f"{path}: found ending {path.suffix!r}, expected {' or '.join(endings)}; change it"
        )


def check_folder(path: Path, *, force: bool = False) -> None:
    """Makes sure that a folder may be made, its parents as well.

    **Raises** `InputError`: it exists and `force` was not given, or nothing can be written there.
    """
    _check_new(path, force)
    existing = next(parent for parent in path.absolute().parents if parent.exists())
    _check_writable(path, existing)


def _check_new(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise InputError(f"{path}: exists already; choose another --out or add --force")


def _check_writable(path: Path, folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{path}: found that nothing can be written there ({error.strerror}), expected a "
            "place for the output; choose another --out"
        ) from None
