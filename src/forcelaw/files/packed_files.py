"""Unpacks compressed files and archives of one file, within a bound on what comes out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence

from forcelaw.errors import InputError, unreadable
from forcelaw.files.error_words import listed, many

PACKED = (".gz", ".bz2", ".xz", ".zip", ".tar", ".tgz", ".tbz2", ".txz")
"""Endings of names of packed files; only their first bytes decide."""
FREE = 32 * 1024 * 1024
"""Bytes that every file may unpack to."""
GROWTH = 100
"""Above that, so many times its packed size. Tables shrink 3 to 30 times."""
DEPTH = 3
PIECE = 1024 * 1024
MEMORY = 128 * 1024 * 1024
"""Of the xz decoder; the highest preset needs 65 MB."""
BLOCK = 512
SHOWN = 2**20
"""Members of an archive that are looked at."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


def unpack(path: str | os.PathLike[str], raw: bytes) -> bytes:
    """What a file holds: itself, or what was packed as gzip, bzip2, xz, zip or tar.

    A container is recognised by its first bytes, not by its name. An archive holds one table, and
    perhaps notes beside it (`README`, `meta.*`, hidden files); in KONECT's the table is `out.*`.

    **Raises** `InputError`: damaged, encrypted, several files, or one that unpacks to more than 32
    MiB and more than a hundred times its size.
    """
    limit = most_unpacked(len(raw))
    for _ in range(DEPTH):
        kind = container(raw)
        if kind == "":
            return raw
        try:
            raw = _opened(path, raw, kind, limit)
        except InputError:
            raise
        # RuntimeError: an encrypted member; NotImplementedError: a rare method of zip.
        except (*DAMAGE, RuntimeError, NotImplementedError) as problem:
            raise unreadable(
                path,
                found=f"a truncated or damaged {kind} file ({problem or type(problem).__name__})",
                expected="a complete one",
                then="download or compress it again",
            ) from None
    if container(raw) == "":
        return raw
    raise unreadable(
        path,
        found=f"archives in archives, {DEPTH} deep",
        expected="a file compressed once",
        then="unpack it and name the file inside",
    )


def most_unpacked(size: int) -> int:
    """To how many bytes a packed file of this size may grow; beyond it is a trap for memory."""
    return max(FREE, GROWTH * size)


def container(raw: bytes) -> str:
    """What packed these bytes: gzip, bzip2, xz, zip or tar; empty if nothing known did."""
    if raw.startswith(b"\x1f\x8b"):
        return "gzip"
    if raw.startswith(b"BZh") and raw[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    if raw.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if raw[257:262] == b"ustar" else ""


def _opened(path: str | os.PathLike[str], raw: bytes, kind: str, limit: int) -> bytes:
    if kind == "gzip":
        return _bounded(path, gzip.GzipFile(fileobj=io.BytesIO(raw)).read, limit)
    if kind == "bzip2":
        return _bounded(path, bz2.BZ2File(io.BytesIO(raw)).read, limit)
    if kind == "xz":
        return _bounded(path, _Xz(raw).read, limit)
    if kind == "zip":
        return _member_of_zip(path, raw, limit)
    return _member_of_tar(path, raw)


def _bounded(path: str | os.PathLike[str], read: Callable[[int], bytes], limit: int) -> bytes:
    pieces, size = [], 0
    while piece := read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise unreadable(
                path,
                found=f"a packed file that grows beyond {limit // 2**20} MiB",
                expected="a table, which grows less than a hundredfold",
                then="unpack it yourself if you trust it",
            )
    return b"".join(pieces)


class _Xz:
    """Streams of xz, one after another, read with a bound on memory, which `LZMAFile` lacks."""

    def __init__(self, raw: bytes) -> None:
        self._rest = raw
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        while True:
            if self._decoder.eof:
                # Zeros may pad a stream to a multiple of four bytes.
                self._rest = self._decoder.unused_data.lstrip(b"\x00")
                if not self._rest:
                    return b""
                self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)
            if self._decoder.needs_input and not self._rest:
                raise EOFError("it ends too early")
            piece = self._decoder.decompress(self._rest, size)
            self._rest = b""
            if piece:
                return piece


def _member_of_zip(path: str | os.PathLike[str], raw: bytes, limit: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        office = "[Content_Types].xml" in names or "mimetype" in names
        if office or any(name.startswith("xl/") for name in names):
            raise unreadable(
                path, found="a workbook or document of an office program", expected="plain text",
                then="save the table as CSV",
            )  # fmt: skip
        if names and all(name.endswith(".npy") for name in names):
            raise unreadable(
                path, found="NumPy arrays (.npz)", expected="plain text",
                then="name it .npz where arrays are read, or write the rows to a CSV file",
            )  # fmt: skip
        member = archive.getinfo(_only_table(path, names))
        if member.flag_bits & 1:
            raise unreadable(
                path, found="an encrypted archive", expected="one without a password",
                then="unpack it and name the file inside",
            )  # fmt: skip
        # Others, such as LZMA, take as much memory as the file asks for.
        if member.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
            zipfile.ZIP_BZIP2,
        ):
            raise NotImplementedError(f"method {member.compress_type}")
        with archive.open(member) as stream:
            return _bounded(path, stream.read, limit)


def _member_of_tar(path: str | os.PathLike[str], raw: bytes) -> bytes:
    members = dict(_tar_members(raw))
    start, size = members[_only_table(path, list(members))]
    if start + size > len(raw):
        raise EOFError("it ends too early")
    return raw[start : start + size]


def _tar_members(raw: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """Name, start and size of the files in a tar archive.

    By hand, since `tarfile` loops for ever on some damaged archives (CVE-2025-8194).
    """
    at = 0
    while at + BLOCK <= len(raw) and raw[at] != 0:
        header = raw[at : at + BLOCK]
        digits = header[124:136].strip(b" \x00")
        # A size beyond 8 GiB is written otherwise; nothing so large fits here.
        if not digits.isdigit():
            raise ValueError("a header is damaged")
        size = int(digits, 8)
        name = (header[345:500].rstrip(b"\x00") + b"/" if header[345] else b"") + header[:100]
        if header[156:157] in (b"0", b"\x00"):
            yield name.split(b"\x00")[0].decode("utf-8", "replace"), (at + BLOCK, size)
        at += BLOCK + -(-size // BLOCK) * BLOCK


def _only_table(path: str | os.PathLike[str], names: Sequence[str]) -> str:
    """The one member that is no folder, note or hidden file."""
    files = {
        name: base
        for name in names[:SHOWN]
        if (base := name.rsplit("/", 1)[-1]) and base[0] != "." and not name.startswith("__MACOSX/")
    }
    tables = [name for name, base in files.items() if base.startswith("out.")]
    if len(tables) != 1:
        notes = ("readme", "license", "meta.")
        tables = [name for name, base in files.items() if not base.lower().startswith(notes)]
    if len(tables) == 1:
        return tables[0]
    found = (
        f"an archive of {many(len(tables), 'file')} ({listed(tables)})"
        if tables
        else "an empty archive"
    )
    raise unreadable(
        path, found=found, expected="one file", then="unpack it and name the file to be read"
    )
