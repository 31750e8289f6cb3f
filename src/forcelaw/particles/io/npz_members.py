"""Arrays of an archive, whose headers are checked before any memory is taken."""

from __future__ import annotations

import math
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from forcelaw.errors import InputError, UnreadableFile, unreadable
from forcelaw.files import many, refuse_foreign

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What damaged archives make `zipfile` and NumPy raise."""
_NONSENSE = (
    tokenize.TokenError,
    SyntaxError,
    TypeError,
    ValueError,
    KeyError,
    OverflowError,
    RecursionError,
    MemoryError,
)
"""What damaged headers make NumPy raise."""
_HEAD = 128
"""Bytes by which files of other programs are known."""
_HEADER = 10_000
"""Characters of a header; those of arrays without fields have some hundred."""
_MEMBERS = 1000
"""Arrays of a file; an archive with more is another one."""
_RATIO = 200
"""Times its size that a file may unpack to, beyond which it is a trap..."""
_FREE = 1 << 26
"""...unless that is less than so many bytes."""
_KINDS = "fiubUS"


def read_members(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an `.npz` file. Objects are never unpickled.

    The size that a header tells is compared with the size of its member before the array is
    made, and the sum of all sizes with that of the file.

    **Raises** `InputError` for a damaged file, one that unpacks to more than memory should hold,
    and arrays of anything but numbers and text.
    """
    name = None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if head.startswith(npy.MAGIC_PREFIX):
                raise unreadable(
                    path,
                    found="a single array",
                    expected="an archive of several",
                    then="save it with numpy.savez",
                )
            refuse_foreign(path, head, "an .npz archive")
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                check_sizes(path, members)
                arrays: dict[str, np.ndarray] = {}
                for member in members:
                    name = member.filename.removesuffix(".npy")
                    if name in arrays:
                        raise _wrong(path, f"the array {name!r} twice", "rename one of them")
                    with archive.open(member) as stream:
                        arrays[name] = _array(stream, member.file_size, path, name)
                return arrays
    except InputError:
        raise
    except DAMAGE:
        where = "" if name is None else f" in the array {name!r}"
        raise unreadable(
            path,
            found=f"a file that is not a complete .npz archive{where}",
            expected="what numpy.savez writes",
            then="copy or write it again: it may be cut off",
        ) from None


def most_bytes(path: Path) -> int:
    """How much a packed file may hold; beyond it is a trap for memory."""
    return max(_FREE, _RATIO * path.stat().st_size)


def check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """**Raises** `InputError` where an archive unpacks to far more than it is."""
    total = sum(member.file_size for member in members)
    if len(members) > _MEMBERS:
        raise _wrong(path, f"{many(len(members), 'file')} in the archive", "write it again")
    if total > most_bytes(path):
        raise _wrong(
            path,
            f"an archive that unpacks to {total:,} bytes, {total // path.stat().st_size:,} times "
            "its size",
            "store it without compression if this is what it should hold",
        )


def _array(stream: Any, size: int, path: Path, name: str) -> np.ndarray:
    version = npy.read_magic(stream)
    readers: dict[Any, Any] = {
        (1, 0): npy.read_array_header_1_0,
        (2, 0): npy.read_array_header_2_0,
    }
    if version not in readers:
        raise _wrong(path, f"an array {name!r} of several fields", "save its fields one by one")
    try:
        shape, fortran, dtype = readers[version](stream, max_header_size=_HEADER)
    except _NONSENSE as error:
        raise ValueError("a header that says nothing") from error
    if dtype.hasobject:
        raise unreadable(
            path,
            found=f"Python objects in the array {name!r}",
            expected="numbers",
            then="convert it to a numeric array before saving; objects are never loaded",
        )
    if dtype.kind not in _KINDS:
        raise UnreadableFile(
            f"{path}: found {name!r} that is not an array of numbers ({dtype}), expected floating "
            "point; convert it"
        )
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != size - stream.tell():
        raise _wrong(
            path,
            f"an array {name!r} of shape {list(shape)[:8]} and type {dtype} in "
            f"{size - stream.tell():,} bytes",
            "copy or write it again: its header is damaged",
        )
    array = np.empty(math.prod(shape), dtype)
    if array.nbytes and array.view(np.uint8).nbytes != _fill(stream, array.view(np.uint8)):
        raise EOFError
    return array.reshape(shape[::-1]).T if fortran else array.reshape(shape)


def _fill(stream: Any, array: np.ndarray) -> int:
    """Reads into an array, and says how many bytes there were."""
    view, count = memoryview(array.data), 0
    while count < len(view):
        data = stream.read(min(len(view) - count, 1 << 20))
        if not data:
            break
        view[count : count + len(data)] = data
        count += len(data)
    return count


def _wrong(path: Path, found: str, then: str) -> InputError:
    return unreadable(path, found=found, expected="what numpy.savez writes", then=then)
