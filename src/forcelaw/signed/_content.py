"""A file's text: read whole, unzipped, hashed and decoded, or an error that says what is wrong."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from pathlib import Path
from typing import NamedTuple

from forcelaw.errors import wrong_input

GZIP_MAGIC = b"\x1f\x8b"


class Content(NamedTuple):
    """Text of a file and the sha256 of its uncompressed bytes."""

    text: str
    sha256: str


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The uncompressed bytes of a file. Gzip is recognised by its first bytes, not by its name.

    Raises:
        InputError: no such file, a folder, unreadable, empty, or a damaged gzip file.
    """
    file = Path(path)
    if file.is_dir():
        raise wrong_input(file, found="a folder", expected="a file", then="name a file inside it")
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise wrong_input(
            file, found="no such file", expected="an edge list", then="check the path"
        ) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise wrong_input(
            file, found=reason, expected="a readable file", then="check its permissions"
        ) from None
    if raw.startswith(GZIP_MAGIC):
        try:
            raw = gzip.decompress(raw)
        except (EOFError, zlib.error, OSError) as problem:
            raise wrong_input(
                file,
                found=f"a truncated or damaged gzip file ({problem})",
                expected="a complete one",
                then="download or compress it again",
            ) from None
    if not raw.strip():
        raise wrong_input(
            file, found="an empty file", expected="an edge list", then="check how it was written"
        )
    return raw


def read_content(path: str | os.PathLike[str]) -> Content:
    """The text of a UTF-8 file, with line feeds as line ends.

    Raises:
        InputError: as `read_bytes`, or bytes that are not UTF-8.
    """
    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # The decoder counts from behind the byte order mark; one line is never off by that.
        line = raw.count(b"\n", 0, problem.start) + 1
        byte = raw[problem.start] if problem.start < len(raw) else 0
        raise wrong_input(
            path,
            line,
            found=f"the byte 0x{byte:02x}",
            expected="UTF-8 text",
            then="save the file as UTF-8",
        ) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Content(text, hashlib.sha256(raw).hexdigest())
