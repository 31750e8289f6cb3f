"""Hashes of files and folders, by which a run knows whether its input has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: str | Path) -> str:
    """The sha256 of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(folder: str | Path) -> str:
    """The sha256 of the names and contents of the .csv and .json files in a folder."""
    digest = hashlib.sha256()
    for file in sorted(Path(folder).iterdir()):
        if file.suffix in (".csv", ".json"):
            digest.update(f"{file.name} {file_hash(file)}\n".encode())
    return digest.hexdigest()
