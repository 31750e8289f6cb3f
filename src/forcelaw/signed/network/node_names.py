"""What nodes are called: any text, and whatever has an obvious one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from forcelaw.errors import InputError

SOURCE, TARGET = "source:", "target:"
"""What names of nodes of two kinds begin with."""


def node_name(value: Any) -> str:
    """The name of a node that is given as text or as a number: 7, 7.0 and "7" are one.

    **Raises** `InputError`: nothing is given (None, nan), or a number with a fraction.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value) or value != int(value):
            missing = "a missing node" if math.isnan(value) else f"the node {value!r}"
            raise InputError(
                f"found {missing}, expected a name: text or a whole number; correct it"
            )
        return str(int(value))
    if value is None:
        raise InputError("found a missing node, expected a name; remove the row or fill it in")
    return str(value)


def keep_apart(source: Iterable[str], target: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names of both ends such that no source is a target."""
    return [f"{SOURCE}{name}" for name in source], [f"{TARGET}{name}" for name in target]


def are_apart(source: str, target: str) -> bool:
    """Whether the names of a pair already tell its two kinds of nodes."""
    return source.startswith(SOURCE) and target.startswith(TARGET)
