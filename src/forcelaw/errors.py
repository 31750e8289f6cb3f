"""What may be wrong with an input, by kind, and how its one-line message is built.

`InputError` is the base: who wants to catch all wrong input catches it. Below it stand the kinds
that a program may want to tell apart:

- `UnreadableFile`: a file or table is missing, damaged, or not in the expected format;
- `InvalidSetting`: an argument, option or setting is outside its range or not one of the choices;
- `NotEnoughData`: the data are sound, but too few for what is asked;
- `NotFitted`: a model is asked for what only training can tell.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from typing import Any


class InputError(ValueError):
    """Wrong input: a file, a name or a value the user can put right.

    The message is one line that says where, what was found, what was expected and what to do
    next. The command line prints it without a traceback and exits with code 2.
    """


class UnreadableFile(InputError):
    """A file, folder or table is missing, damaged, or not in the expected format."""


class InvalidSetting(InputError):
    """An argument, option or setting is out of its range, or not one of the known choices."""


class NotEnoughData(InputError):
    """The data are sound, but too few for what is asked of them."""


class NotFitted(InputError, AttributeError):
    """A model is asked for what only training can tell; as scikit-learn's `NotFittedError`."""


def wrong_input(
    file: str | os.PathLike[str],
    line: int | None = None,
    *,
    found: str,
    expected: str,
    then: str,
    error: type[InputError] = InputError,
) -> InputError:
    """An `InputError` that reads ``FILE:LINE: found X, expected Y; next step``.

    **Arguments:**

    - `file`: the file (or the name of the argument) the message is about.
    - `line`: line number counted from 1, if one line is to blame.
    - `found`, `expected`: what stands there, and what should stand there.
    - `then`: the next step, as an imperative ("write +1 or -1").
    - `error`: the kind of error, where it is one of those below `InputError`.
    """
    place = os.fspath(file) if line is None else f"{os.fspath(file)}:{line}"
    message = f"{place}: found {found}, expected {expected}; {then}"
    return error(" ".join(message.split()))


def unreadable(
    file: str | os.PathLike[str], line: int | None = None, *, found: str, expected: str, then: str
) -> InputError:
    """The `UnreadableFile` with the message of `wrong_input`, for readers of files."""
    return wrong_input(file, line, found=found, expected=expected, then=then, error=UnreadableFile)


def check_type(place: str, value: Any, *kinds: type, then: str) -> None:
    """Checks what a public function was given, once, where it comes in.

    **Arguments:**

    - `place`: the function or the argument the message is about.
    - `kinds`: classes, one of which is expected.
    - `then`: the next step, as an imperative.

    **Raises** `InvalidSetting`: `value` is of none of these classes.
    """
    if not isinstance(value, kinds):
        name = type(value).__name__
        article = "an" if name[0] in "AEIOUaeiou" else "a"
        raise wrong_input(
            place,
            found="None" if value is None else f"{article} {name}",
            expected=" or ".join(kind.__name__ for kind in kinds),
            then=then,
            error=InvalidSetting,
        )


def suggest(name: str, known: Iterable[str]) -> str:
    """``"did you mean 'x'?"`` for the nearest known name, or the list of known names."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    return f"choose one of {', '.join(names)}"
