"""The one error for wrong input, and how its one-line message is built."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable


class InputError(ValueError):
    """Wrong input: a file, a name or a value the user can put right.

    The message is one line that says where, what was found, what was expected and what to do
    next. The command line prints it without a traceback and exits with code 2.
    """


def wrong_input(
    file: str | os.PathLike[str], line: int | None = None, *, found: str, expected: str, then: str
) -> InputError:
    """An `InputError` that reads ``FILE:LINE: found X, expected Y; next step``.

    Args:
        file: the file (or the name of the argument) the message is about.
        line: line number counted from 1, if one line is to blame.
        found, expected: what stands there, and what should stand there.
        then: the next step, as an imperative ("write +1 or -1").
    """
    place = os.fspath(file) if line is None else f"{os.fspath(file)}:{line}"
    message = f"{place}: found {found}, expected {expected}; {then}"
    return InputError(" ".join(message.split()))


def suggest(name: str, known: Iterable[str]) -> str:
    """``"did you mean 'x'?"`` for the nearest known name, or the list of known names."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    return f"choose one of {', '.join(names)}"
