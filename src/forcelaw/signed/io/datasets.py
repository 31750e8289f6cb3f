"""Public signed networks: found in the data folders or downloaded, and verified."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable
from pathlib import Path

from forcelaw.errors import InputError, InvalidSetting, UnreadableFile, suggest, unreadable
from forcelaw.files import read_bytes
from forcelaw.signed.io.catalogue import DATASETS, Dataset
from forcelaw.signed.io.downloads import download
from forcelaw.signed.io.formats import read
from forcelaw.signed.network import SignedNetwork


def dataset(name: str, *, note: Callable[[str], None] | None = None) -> SignedNetwork:
    """A public network, verified by its checksum; downloaded once if need be.

    Looks into the folder `FORCELAW_DATA`, then into the user's cache, then downloads.

    **Arguments:** `note`: is told of a download, in one line.

    **Raises** `InvalidSetting`: an unknown name; `UnreadableFile`: no copy and no connection, or a
    wrong checksum.
    """
    entry = known_dataset(name)
    return read(fetch(name, note=note), name=entry.name)


def known_dataset(name: str) -> Dataset:
    """The registry's entry, or `InputError` with the nearest name."""
    if name not in DATASETS:
        raise InvalidSetting(
            f"found dataset {name!r}, expected one of the known datasets; {suggest(name, DATASETS)}"
        )
    return DATASETS[name]


def fetch(name: str, *, note: Callable[[str], None] | None = None) -> Path:
    """The verified file of a dataset, downloaded into the data folder unless it is there.

    **Arguments:** `note`: is told of a download in one line.

    **Raises** `InvalidSetting`: an unknown name; `UnreadableFile`: no copy and no connection, or a
    wrong checksum.
    """
    entry = known_dataset(name)
    for folder in data_folders():
        file = folder / entry.file
        if file.exists():
            verify(entry, file)
            return file
    return _download(entry, data_folders()[0], note)


def data_folders() -> list[Path]:
    """Where data is looked for, in this order; downloads go to the first."""
    import pooch

    folders = [Path(pooch.os_cache("forcelaw"))]
    if os.environ.get("FORCELAW_DATA"):
        folders.insert(0, Path(os.environ["FORCELAW_DATA"]).expanduser())
    return folders


def verify(entry: Dataset, file: Path) -> None:
    """Checks a file against the registry; never changes or removes it.

    A dataset without a known checksum is read with a warning. Its hash is recorded beside the
    file (``FILE.sha256``), and a later change of the file is an error.

    **Raises** `InputError`: the checksum differs; the message names both.
    """
    found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    if entry.pinned:
        if entry.sha256 is not None and found == entry.sha256:
            return
        content = hashlib.sha256(read_bytes(file)).hexdigest()
        if entry.content_sha256 is not None and content == entry.content_sha256:
            return
        by_file = entry.content_sha256 is None
        raise unreadable(
            file,
            found=f"sha256 {found if by_file else content}",
            expected=f"{entry.sha256 if by_file else entry.content_sha256}"
            f"{'' if by_file else ' (of the uncompressed content)'} for {entry.name}",
            then=f"move the file away and fetch {entry.url or 'the right file'} again",
        )
    read_bytes(file)
    record = file.with_name(file.name + ".sha256")
    where = f"recorded in {record.name}"
    if record.exists():
        recorded = record.read_text(errors="replace").split()
        if recorded[:1] != [found]:
            raise unreadable(
                file,
                found=f"sha256 {found}",
                expected=f"{' '.join(recorded[:1])} as recorded when it was first read",
                then=f"restore the file, or remove {record.name} if you trust the new one",
            )
    else:
        try:
            record.write_text(f"{found}  {file.name}\n")
        except OSError:
            where = "not recorded, the folder cannot be written to"
    warnings.warn(
        f"{file}: unverified, no checksum is known for {entry.name}; "
        f"found sha256 {found} ({where})",
        stacklevel=3,
    )


def _download(entry: Dataset, folder: Path, note: Callable[[str], None] | None) -> Path:
    """Downloads to a temporary folder, verifies, and only then puts the file in its place."""
    place = folder / entry.file
    if entry.url is None:
        raise unreadable(
            entry.name,
            found=f"no file {place}",
            expected="a local copy, it cannot be downloaded",
            then=f"put {entry.file} there, or set FORCELAW_DATA to its folder",
        )
    from forcelaw.storage import temporary_folder

    if note is not None:
        note(f"downloading {entry.name} from {entry.url}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(place) as temporary:
            fetched = temporary / (entry.file if entry.member is None else "archive")
            download(entry.url, fetched)
            ready = fetched
            if entry.member is not None:
                ready = temporary / entry.file
                ready.write_bytes(read_bytes(fetched))
            if entry.pinned:
                verify(entry, ready)
            ready.replace(place)
    except InputError as problem:
        raise UnreadableFile(
            f"{entry.url}: the download is refused, damaged or has changed: {problem}"
        ) from None
    except (OSError, ValueError) as problem:
        # requests' errors are OSErrors; each means that there is no copy to be had now.
        raise unreadable(
            entry.name,
            found=f"no file {place} and no download ({type(problem).__name__})",
            expected="a local copy or a connection",
            then=f"fetch {entry.url} on another machine and put "
            f"{'its member ' + entry.member if entry.member else 'it'} at {place}",
        ) from None
    if not entry.pinned:
        verify(entry, place)
    return place
