"""A file's text: read whole, unpacked, hashed and decoded, or an error that says what is wrong."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from forcelaw.errors import InputError, unreadable
from forcelaw.files.foreign_formats import refuse_foreign
from forcelaw.files.packed_files import unpack

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

ADDRESS = re.compile(r"(https?|ftp|s3|gs|file):/", re.IGNORECASE)
LONGEST = 300
"""Characters of a path in an error."""
HEAD = 512
"""Bytes by which UTF-16 without a mark is recognised."""


class Content(NamedTuple):
    """Text of a file and the sha256 of its unpacked bytes."""

    text: str
    sha256: str


def check_path(path: str | os.PathLike[str], expected: str = "a table") -> Path:
    """The path of a file that is there. A pipe is one; a device, which may never end, is not.

    **Raises** `InputError`: a web address, no such file, a folder, a device, or one that may not be
    read.
    """
    file = Path(path)
    if ADDRESS.match(os.fspath(path)):
        raise unreadable(
            path, found="a web address", expected=expected, then="download it and name the file"
        )
    try:
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise unreadable(
            file, found="no such file", expected=expected, then="check the path"
        ) from None
    except (OSError, ValueError) as problem:
        raise _unreadable(file, problem) from None
    if stat.S_ISDIR(mode):
        raise unreadable(file, found="a folder", expected="a file", then="name a file inside it")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise unreadable(file, found="a device", expected="a file", then="name a file or a pipe")
    return file


def read_bytes(path: str | os.PathLike[str], expected: str = "a table") -> bytes:
    """The bytes of a file, unpacked (see `unpack`).

    **Arguments:** `expected`: what the file should hold, for errors.

    **Raises** `InputError`: see `check_path`; unreadable, empty, or packed and damaged.
    """
    file = check_path(path, expected)
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise _unreadable(file, problem) from None
    raw = unpack(file, raw)
    if not raw or raw.isspace():
        raise unreadable(
            file, found="an empty file", expected=expected, then="check how it was written"
        )
    return raw


def read_text(path: str | os.PathLike[str], expected: str = "a table") -> Content:
    """The text of a file in UTF-8, UTF-16, or UTF-32 with a byte order mark.

    Line ends become line feeds.

    **Arguments:** `expected`: what the file should hold, for errors.

    **Raises** `InputError`: as `read_bytes`, a file of another kind, or bytes that are no text.
    """
    raw = read_bytes(path, expected)
    refuse_foreign(path, raw)
    text, sha256 = _decoded(path, raw), hashlib.sha256(raw).hexdigest()
    # Either may be as large as all else that is read.
    del raw
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise unreadable(
            path,
            text.count("\n", 0, text.index("\x00")) + 1,
            found="a zero byte",
            expected="UTF-8 text",
            then="save the file as UTF-8, or name another one",
        )
    if not text or text.isspace():
        raise unreadable(
            path, found="an empty file", expected=expected, then="check how it was written"
        )
    return Content(text, sha256)


def _unreadable(file: Path, problem: Exception) -> InputError:
    reason = getattr(problem, "strerror", None) or str(problem)
    name = os.fspath(file)
    return unreadable(
        name if len(name) <= LONGEST else f"{name[:LONGEST]}...",
        found=reason,
        expected="a readable file",
        then="check its path and permissions",
    )


def _decoded(path: str | os.PathLike[str], raw: bytes) -> str:
    encoding = _encoding(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        if encoding != "utf-8-sig":
            raise unreadable(
                path,
                found=f"damaged {encoding.upper()} text ({problem.reason})",
                expected="a complete file",
                then="save the file as UTF-8",
            ) from None
        # The decoder counts from behind the byte order mark; one line is never off by that.
        line = raw.count(b"\n", 0, problem.start) + 1
        byte = raw[problem.start] if problem.start < len(raw) else 0
        raise unreadable(
            path,
            line,
            found=f"the byte 0x{byte:02x}",
            expected="UTF-8 text",
            then="save the file as UTF-8",
        ) from None


def _encoding(raw: bytes) -> str:
    for mark, name in MARKS:
        if raw.startswith(mark):
            return name
    # UTF-16 without a mark: every second byte of Latin letters is zero.
    for name, zeros in (("utf-16-le", raw[1:HEAD:2]), ("utf-16-be", raw[0:HEAD:2])):
        if zeros and zeros.count(0) > 0.9 * len(zeros):
            return name
    return "utf-8-sig"
