"""Where data comes from: a built-in name or a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from forcelaw.errors import InputError, suggest

if TYPE_CHECKING:
    from forcelaw.signed import SignedNetwork, Split

_LOOKS_LIKE_FILE = (".npz", ".csv", ".tsv", ".txt", ".gz", ".edges")


def source_kind(source: str, known: Iterable[str], what: str) -> str:
    """Either "name", for a built-in name, or "file", for an existing file.

    Raises:
        InputError: neither; the message suggests the nearest name.
    """
    known = list(known)
    if source in known:
        return "name"
    if Path(source).is_file():
        return "file"
    if Path(source).is_dir():
        raise InputError(f"{source}: found a folder, expected a file or {what}")
    if source.endswith(_LOOKS_LIKE_FILE):
        raise InputError(f"{source}: no such file; expected a file or {what}")
    raise InputError(f"{source}: expected {what} or a file; {suggest(source, known)}")


def file_hash(path: str | Path) -> str:
    """sha256 of a file, so that a run knows whether its input has changed."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def signed_network(
    source: str, scale: tuple[float, float] | None = None, *, note: Callable[[str], None]
) -> SignedNetwork:
    """The built-in dataset or the file of that name, whose ratings lie on `scale`.

    `note` is told of a download.
    """
    from forcelaw import signed

    if source_kind(source, signed.DATASETS, "a dataset") == "file":
        return signed.read(source, scale=scale)
    if scale is not None:
        raise InputError(f"--scale: found a dataset, {source}, expected a file; leave it out")
    return signed.dataset(source, note=note)


def signed_source(
    source: str, scale: tuple[float, float] | None = None, *, note: Callable[[str], None]
) -> tuple[SignedNetwork, Split | None]:
    """The network of a dataset or file; of a folder of parts the training part and the parts."""
    from forcelaw import signed

    if source in signed.DATASETS or not Path(source).is_dir():
        return signed_network(source, scale, note=note), None
    if not (Path(source) / "train.csv").is_file():
        raise InputError(
            f"{source}: found a folder without train.csv, expected a file, a dataset or a folder "
            "with train.csv and test.csv; check the path"
        )
    parts = signed.read_split(source, scale=scale)
    return parts.train, parts


def folder_hash(folder: str | Path) -> str:
    """sha256 of the files of a split, so that a run knows whether its input has changed."""
    digest = hashlib.sha256()
    for file in sorted(Path(folder).iterdir()):
        if file.suffix in (".csv", ".json"):
            digest.update(f"{file.name} {file_hash(file)}\n".encode())
    return digest.hexdigest()


@contextmanager
def named_as_given(network: SignedNetwork, source: str) -> Iterator[None]:
    """Errors about the network name the file as the user typed it."""
    try:
        yield
    except InputError as error:
        name = f"{network.name}: "
        if not str(error).startswith(name):
            raise
        raise InputError(f"{source}: {str(error).removeprefix(name)}") from None


def ask_source() -> str:
    """Asks the user of a terminal for a dataset.

    Raises:
        InputError: there is no terminal to ask in.
    """
    import sys

    from forcelaw.signed import DATASETS

    if not sys.stdin.isatty():
        names = ", ".join(DATASETS)
        raise InputError(f"found no SOURCE, expected a file or one of {names}; name one")
    from rich.console import Console
    from rich.prompt import Prompt

    console = Console(stderr=True)
    return Prompt.ask("Which dataset", choices=list(DATASETS), console=console)
