"""Candidates whose numbers fail are dropped and counted: one bad formula ends no search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

from forcelaw.errors import InputError

Given = ParamSpec("Given")
Found = TypeVar("Found")


class NumericalError(ArithmeticError):
    """Numbers that are none any more: a start, a residual or a slope that is not finite."""


class Attempts:
    """How many candidates were tried, and how many of them dropped."""

    def __init__(self) -> None:
        self.tried = 0
        self.dropped = 0

    def make(
        self, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
    ) -> Found | None:
        """What `work` makes of the arguments; None, and counted, where its numbers fail.

        Mistakes of the program and wrong input are raised as ever.
        """
        self.tried += 1
        try:
            return work(*given, **named)
        except (np.linalg.LinAlgError, ArithmeticError):
            self.dropped += 1
            return None

    def drop(self) -> None:
        """Counts one that was tried and came to nothing finite."""
        self.dropped += 1

    def counted(self) -> dict[str, int]:
        """`tried` and `dropped`."""
        return {"tried": self.tried, "dropped": self.dropped}


def numerically(solve: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """What a solver of SciPy finds.

    With arguments that are right it says by a `ValueError` that a start or a Jacobian is not
    finite; also that a start of NaN is "outside of provided bounds".

    **Raises** `NumericalError` in its place.
    """
    try:
        return solve(*given, **options)
    except InputError:
        raise
    except ValueError as error:
        raise NumericalError(str(error)) from None
