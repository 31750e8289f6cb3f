"""Text files as people pack them: compressed, or in another encoding; read line by line."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from forcelaw.errors import wrong_input
from forcelaw.particles._members import check_sizes, most_bytes

PACKED = (".gz", ".bz2", ".xz", ".zip")
_FOREIGN = {
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a file packed by zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x93NUMPY": "a NumPy array",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format": "an SQLite database",
}
_TAR, _TAR_AT = b"ustar", 257
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_HEAD = 512


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """The lines of a text file; what it is packed in and how it is encoded tell its first bytes.

    Read are gzip, bzip2, xz and zip files of one member, in UTF-8, UTF-16 or UTF-32.

    **Raises** `InputError`, here or while it is read, for other containers, damaged ones, those
    that unpack to more than memory should hold, and other encodings.
    """
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            stream = _unpacked(raw, path, stack)
            head = stream.peek(_HEAD)[:_HEAD]
            found = next((what for mark, what in _FOREIGN.items() if head.startswith(mark)), None)
            if head[_TAR_AT:].startswith(_TAR):
                found = "a tar archive"
            if found:
                raise _foreign(path, found)
            text = io.TextIOWrapper(stream, encoding=_encoding(head), newline="")
            yield stack.enter_context(text)
    except UnicodeDecodeError as error:
        raise wrong_input(
            path,
            found=f"bytes that are not UTF-8 ({error.reason})",
            expected="text",
            then="save it as UTF-8 text",
        ) from None
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile) as error:
        raise _damaged(path, error) from None
    except (NotImplementedError, RuntimeError) as error:
        # Zip files with passwords, or packed by methods that Python does not know.
        raise _damaged(path, error) from None


def _unpacked(raw: io.BufferedReader, path: Path, stack: ExitStack) -> io.BufferedReader:
    magic = raw.read(6)
    raw.seek(0)
    opened: Any
    if magic.startswith(b"\x1f\x8b"):
        opened = gzip.open(raw)  # noqa: SIM115
    elif magic.startswith(b"BZh"):
        opened = bz2.open(raw)  # noqa: SIM115
    elif magic == b"\xfd7zXZ\0":
        opened = lzma.open(raw)  # noqa: SIM115
    elif magic.startswith(b"PK\x03\x04"):
        archive = stack.enter_context(zipfile.ZipFile(raw))
        members = [m for m in archive.infolist() if not m.is_dir()]
        members = [m for m in members if not m.filename.startswith("__MACOSX/")]
        names = [member.filename for member in members]
        if any(name.startswith("xl/") for name in names):
            raise _foreign(path, "an Excel workbook")
        if all(name.endswith(".npy") for name in names):
            raise _foreign(path, "an .npz archive under another name")
        if len(members) != 1:
            raise _foreign(path, f"a zip archive of {len(members)} files ({', '.join(names[:5])})")
        check_sizes(path, members)
        opened = archive.open(members[0])
    else:
        return raw
    return io.BufferedReader(stack.enter_context(_Bounded(opened, path)))


class _Bounded(io.RawIOBase):
    """Unpacked bytes, but no more than a file of its size should hold."""

    def __init__(self, stream: Any, path: Path) -> None:
        self.stream, self.path, self.read_so_far = stream, path, 0
        self.most = most_bytes(path)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.read_so_far += len(data)
        if self.read_so_far > self.most:
            raise wrong_input(
                self.path,
                found=f"a file that unpacks to more than {self.most:,} bytes",
                expected="a table",
                then="unpack it if this is what it should hold",
            )
        return len(data)


def _encoding(head: bytes) -> str:
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    # Without a mark: every second byte of Latin letters is zero.
    if len(head) > 3 and head[1::2].count(0) > 0.9 * len(head[1::2]):
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > 0.9 * len(head[::2]):
        return "utf-16-be"
    return "utf-8"


def _foreign(path: Path, found: str) -> Exception:
    return wrong_input(
        path, found=found, expected="a table of text, or an .npz archive", then="convert it"
    )


def _damaged(path: Path, error: Exception) -> Exception:
    return wrong_input(
        path,
        found=f"a packed file that cannot be unpacked ({error})",
        expected="a complete one",
        then="copy or pack it again",
    )
