"""Lines of long texts, packed or not, read in pieces, and the numbers in blocks of them."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

from forcelaw.errors import InputError, unreadable
from forcelaw.files import container, is_number, many, most_unpacked, quoted, read_bytes

_LONGEST = 1_000_000
"""Bytes of a line that is read."""
_LEAST = 2
"""Bytes of the shortest line that holds something."""
_PIECE = 1 << 20
"""Bytes that are unpacked at a time."""
_HEAD = 512
"""Bytes that are looked at before a file is read."""


class CutOffError(Exception):
    """The text ends within a snapshot: whoever wrote it was stopped."""


class Rows(NamedTuple):
    """A block of lines as columns."""

    numbers: Float[np.ndarray, "row number"]
    texts: dict[int, Shaped[np.ndarray, " row"]]
    """By the index of their column."""


class Lines:
    """The lines of a file, counted from 1."""

    def __init__(self, path: Path, file: IO[bytes], most: int) -> None:
        self.path = path
        self.number = 0
        self._file = file
        self._left = most
        self.ended = True
        """Whether the line read last has an end."""

    def next(self) -> str | None:
        """The next line, without its end; None behind the last."""
        line = self._file.readline(_LONGEST)
        if not line:
            return None
        if len(line) == _LONGEST:
            raise self.wrong(
                f"a line of more than {_LONGEST:,} characters", "a text of short lines", "check it"
            )
        return self._seen([line])[0]

    def skip_blank(self) -> str | None:
        """The next line that holds something; None if there is none."""
        line = self.next()
        while line is not None and not line.strip():
            line = self.next()
        return line

    def needed(self) -> str:
        """The next line of a snapshot that has begun.

        **Raises** `CutOffError` behind the last, and where that has no end.
        """
        line = self.next()
        if line is None or not self.ended:
            raise CutOffError
        return line

    def block(self, count: int) -> list[str]:
        """The next `count` lines.

        **Raises** `CutOffError` where there are fewer; none is read where the file is too small to
        hold as many.
        """
        if count * _LEAST > self._left + 1:
            raise CutOffError
        lines = list(itertools.islice(self._file, count))
        found = self._seen(lines)
        if len(lines) < count:
            raise CutOffError
        return found

    def rows(self, count: int, width: int, texts: Sequence[int] = ()) -> Rows:
        """The next `count` lines of `width` cells each; those of columns `texts` are no numbers.

        **Raises** `InputError` naming the line, `CutOffError` where the text ends before.
        """
        lines = self.block(count)
        if not lines:
            return Rows(np.empty((0, width - len(texts))), {k: np.array([], str) for k in texts})
        columns: dict[int, np.ndarray] = {}
        wanted: list[int] | None = None
        try:
            if texts:
                cells = [line.split() for line in lines]
                if any(len(row) != width for row in cells):
                    raise ValueError
                columns = {k: np.array([row[k] for row in cells]) for k in texts}
                wanted = [k for k in range(width) if k not in texts]
            numbers = np.loadtxt(lines, ndmin=2, comments=None, usecols=wanted)
            if wanted is None and numbers.shape != (len(lines), width):
                raise ValueError
        except ValueError:
            raise self._culprit(lines, width, texts) from None
        if not self.ended and len(lines) > 1:
            # Without a line end the last number may lack digits.
            last = [len(line.split()[-1]) for line in lines]
            if last[-1] < min(last[:-1]):
                raise CutOffError
        return Rows(numbers, columns)

    def whole(
        self, values: Float[np.ndarray, " row"], what: str, first: int
    ) -> Int[np.ndarray, " row"]:
        """Whole numbers in rows that begin in line `first`, as such.

        **Raises** `InputError` naming the line of one that is none.
        """
        with np.errstate(invalid="ignore"):
            found = values.astype(np.int64)
        bad = np.flatnonzero(found != values)
        if bad.size:
            raise unreadable(
                self.path,
                first + int(bad[0]),
                found=f"{values[bad[0]]:g} for {what}",
                expected="a whole number",
                then="repair that line",
            )
        return found

    def wrong(self, found: str, expected: str, then: str, back: int = 0) -> InputError:
        """The error about the line read last, or `back` lines before."""
        return unreadable(
            self.path, max(1, self.number - back), found=found, expected=expected, then=then
        )

    def _seen(self, lines: list[bytes]) -> list[str]:
        """Counts and decodes."""
        first = self.number == 0
        self.number += len(lines)
        if not lines:
            return []
        joined = b"".join(lines)
        self._left -= len(joined)
        self.ended = joined.endswith(b"\n")
        try:
            text = joined.decode("utf-8-sig" if first else "utf-8")
        except UnicodeDecodeError as problem:
            start = self.number - len(lines) + joined.count(b"\n", 0, problem.start)
            byte = problem.object[problem.start]
            raise unreadable(
                self.path,
                start + 1,
                found=f"the byte 0x{byte:02x}",
                expected="UTF-8 text",
                then="check that the file is what its ending says",
            ) from None
        return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]

    def _culprit(
        self, lines: list[str], width: int, texts: Sequence[int]
    ) -> InputError | CutOffError:
        last = len(lines) - 1
        for index, line in enumerate(lines):
            cells = line.split()
            bad = [k for k, cell in enumerate(cells) if k not in texts and not is_number(cell)]
            if len(cells) == width and not bad:
                continue
            if index == last and not self.ended:
                return CutOffError()
            if len(cells) != width:
                found, expected = many(len(cells), "cell"), f"{width}, one for each column"
            else:
                found, expected = f"{quoted(cells[bad[0]])} in column {bad[0] + 1}", "a number"
            return self.wrong(found, expected, "repair that line", back=last - index)
        return self.wrong("rows that cannot be read", "a table of numbers", "repair the file")


@contextmanager
def open_lines(path: Path) -> Iterator[Lines]:
    """The lines of a file, packed or not.

    What gzip and bzip2 packed is unpacked as it is read. **Raises** `InputError` as `read_bytes`,
    and where a packed file grows more than a hundredfold.
    """
    with path.open("rb") as raw:
        kind = container(raw.read(_HEAD))
        raw.seek(0)
        size = path.stat().st_size
        if kind in ("gzip", "bzip2"):
            size = most_unpacked(size)
            with gzip.GzipFile(fileobj=raw) if kind == "gzip" else bz2.BZ2File(raw) as packed:
                yield Lines(path, io.BufferedReader(_Bounded(path, packed, size), _PIECE), size)
        elif kind:
            content = read_bytes(path, "trajectories")
            yield Lines(path, io.BytesIO(content), len(content))
        else:
            yield Lines(path, raw, size)


class _Bounded(io.RawIOBase):
    """What was packed, up to a number of bytes; it ends where a damaged archive does."""

    def __init__(self, path: Path, file: gzip.GzipFile | bz2.BZ2File, most: int) -> None:
        self._path, self._file, self._left = path, file, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            piece = self._file.read1(len(buffer))
        except EOFError:
            return 0
        except (OSError, zlib.error, ValueError) as problem:
            raise unreadable(
                self._path,
                found=f"a damaged archive ({problem})",
                expected="a complete one",
                then="download or compress it again",
            ) from None
        self._left -= len(piece)
        if self._left < 0:
            raise unreadable(
                self._path,
                found="a packed file that grows more than a hundredfold",
                expected="a table, which grows less",
                then="unpack it yourself if you trust it",
            )
        buffer[: len(piece)] = piece
        return len(piece)
