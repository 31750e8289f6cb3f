"""How expressions and formulas show themselves: one line of text, and mathematics in notebooks."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
from jax.core import Tracer

_DIGITS = 8
"""Significant digits of a constant: those of single precision, and one more."""


class Readable(abc.ABC):
    """What is written in text and in LaTeX shows itself so."""

    @abc.abstractmethod
    def written(self, precision: int | None) -> Sequence[str]:
        """What tells it from others of its class, as arguments of a call."""

    @abc.abstractmethod
    def text(self, precision: int | None = 4) -> str:
        """Text, constants rounded to `precision` significant digits."""

    @abc.abstractmethod
    def latex(self, precision: int | None = 4) -> str:
        """LaTeX without the surrounding dollars."""

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        leaves = jax.tree.leaves(self, is_leaf=lambda leaf: leaf is None)
        if not all(map(_known, leaves)):
            return super().__repr__()
        return f"{type(self).__name__}({', '.join(self.written(_DIGITS))})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _known(constants: Any) -> bool:
    """Whether these are numbers of one expression: inside transformations they are not, yet."""
    array = eqx.is_array_like(constants) and not isinstance(constants, Tracer)
    return array and constants.ndim == 1
