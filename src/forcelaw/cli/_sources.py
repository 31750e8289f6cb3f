"""Where data comes from: a built-in name or a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from forcelaw.cli._session import Session
from forcelaw.cli._settings import Settings
from forcelaw.errors import InputError, suggest

if TYPE_CHECKING:
    from forcelaw.signed import SignedNetwork, Split

_LOOKS_LIKE_FILE = (
    *(".npz", ".csv", ".tsv", ".txt", ".edges"),
    *(".net", ".gml", ".graphml", ".mtx", ".json", ".jsonl"),
    *(".gz", ".bz2", ".xz", ".zip", ".tar"),
)


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


class ReadingSettings(Settings):
    """How a file of signed edges is to be read, as a run keeps it."""

    scale: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    undirected: bool = False
    bipartite: bool = False


class Reading(NamedTuple):
    """How a file of signed edges is to be read; None or False where the file decides."""

    scale: tuple[float, float] | None = None
    undirected: bool = False
    bipartite: bool = False

    def arguments(self) -> dict[str, Any]:
        """Those of `signed.read` and `signed.read_split`."""
        return {
            "scale": self.scale,
            "directed": False if self.undirected else None,
            "bipartite": True if self.bipartite else None,
        }

    def options(self) -> dict[str, Any]:
        """As the settings of a run keep them, None for what was not asked for."""
        scale = None if self.scale is None else list(self.scale)
        return {
            "scale": scale,
            "undirected": self.undirected or None,
            "bipartite": self.bipartite or None,
        }

    def or_as_set(self, session: Session) -> Reading:
        """These options, or where there are none those of `--set` and `--config`.

        Raises:
            InputError: they are of the wrong kind.
        """
        given = session.given("signed", self.options())
        found = given.part(ReadingSettings)
        scale = None if found.scale is None else (found.scale[0], found.scale[1])
        return Reading(scale, found.undirected, found.bipartite)

    def refuse(self, found: str) -> None:
        """Raises `InputError` for options beside a dataset, of which all this is known."""
        for name, value in self._asdict().items():
            if value:
                raise InputError(f"--{name}: found {found}, expected a file; leave it out")


AS_IT_STANDS = Reading()


def signed_network(
    source: str, reading: Reading = AS_IT_STANDS, *, note: Callable[[str], None]
) -> SignedNetwork:
    """The built-in dataset or the file of that name; `note` is told of a download."""
    from forcelaw import signed

    if source_kind(source, signed.DATASETS, "a dataset") == "file":
        return signed.read(source, **reading.arguments())
    reading.refuse(f"a dataset, {source}")
    return signed.dataset(source, note=note)


def signed_source(
    source: str, reading: Reading = AS_IT_STANDS, *, note: Callable[[str], None]
) -> tuple[SignedNetwork, Split | None]:
    """The network of a dataset or file; of a folder of parts the training part and the parts."""
    from forcelaw import signed

    if source in signed.DATASETS or not Path(source).is_dir():
        return signed_network(source, reading, note=note), None
    if not (Path(source) / "train.csv").is_file():
        raise InputError(
            f"{source}: found a folder without train.csv, expected a file, a dataset or a folder "
            "with train.csv and test.csv; check the path"
        )
    parts = signed.read_split(source, **reading.arguments())
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
