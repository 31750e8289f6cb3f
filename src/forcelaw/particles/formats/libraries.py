"""Libraries that read single formats: imported late, and their errors made one kind."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from forcelaw.errors import InputError, unreadable
from forcelaw.files import most_unpacked

_SHOWN = 200
"""Characters of a message of a library."""


def library(path: Path, module: str, extra: str) -> Any:
    """A module that an extra of this package installs.

    **Raises** `InputError` that names the extra where it is missing.
    """
    check_installed(path, module, extra)
    return importlib.import_module(module)


def check_installed(path: Path, module: str, extra: str) -> None:
    """**Raises** `InputError` that names the extra which installs a module, where it is missing."""
    whole = module.partition(".")[0]
    if importlib.util.find_spec(whole) is None:
        raise unreadable(
            path,
            found=f"a format that {whole} reads, which is not installed",
            expected=f"the extra {extra!r}",
            then=f"install it: pip install 'forcelaw[{extra}]'",
        )


@contextmanager
def reading(path: Path, what: str) -> Iterator[None]:
    """Makes whatever a library raises on a damaged file one error, and keeps its warnings quiet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InputError:
        raise
    # Libraries raise anything on damaged files, from KeyError to their own kinds.
    except Exception as problem:
        words = " ".join(str(problem).split())[:_SHOWN] or type(problem).__name__
        raise unreadable(
            path,
            found=f"no whole {what} ({words})",
            expected="a complete file",
            then="copy or write it again",
        ) from None


def check_size(path: Path, shape: tuple[int, ...], itemsize: int, name: str) -> None:
    """**Raises** `InputError` for an array larger than a file of that size could hold."""
    size = itemsize
    for length in shape:
        size *= length
    if size > most_unpacked(path.stat().st_size):
        raise unreadable(
            path,
            found=f"{name!r} of shape {list(shape)} in a file of {path.stat().st_size:,} bytes",
            expected="arrays that the file holds",
            then="copy or write it again",
        )


def element_masses(kinds: Shaped[np.ndarray, " body"]) -> Float[np.ndarray, " body"] | None:
    """Standard atomic masses in u, as ASE has them; None without ASE or for other names."""
    try:
        from ase.data import atomic_masses, atomic_numbers
    except ImportError:
        return None
    numbers = [atomic_numbers.get(str(kind), 0) for kind in kinds]
    return None if 0 in numbers else np.asarray(atomic_masses, float)[numbers]
