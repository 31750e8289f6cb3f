"""A number of contradicted signs that is proven, or lies between bounds."""

from __future__ import annotations

import abc
from dataclasses import dataclass

from forcelaw.storage import ParsedObject


@dataclass(frozen=True, eq=False, repr=False)
class Bounds(abc.ABC):
    """The fewest signs that groups contradict: at least `lower`, and at most `upper`."""

    lower: int
    upper: int

    @property
    def exact(self) -> bool:
        """Whether it is proven that no groups contradict fewer than those that were found."""
        return self.lower == self.upper

    def to_json(self) -> ParsedObject:
        """`lower`, `upper` and `exact`."""
        return {"lower": self.lower, "upper": self.upper, "exact": self.exact}

    def __str__(self) -> str:
        return f"{self.upper:,}" if self.exact else f"{self.lower:,} to {self.upper:,}"

    @abc.abstractmethod
    def __repr__(self) -> str: ...
