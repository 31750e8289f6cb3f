"""What every search for formulas has in common."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forcelaw.distill.samples import Samples
from forcelaw.errors import InputError, check_type
from forcelaw.laws import Expression
from forcelaw.laws.expression import Node


@dataclass(frozen=True)
class Searcher(abc.ABC):
    """Proposes expressions for samples; refitting, simplifying and choosing come after it."""

    @abc.abstractmethod
    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """Expressions of various lengths that fit the samples; the same seed gives the same."""


def check_searchers(searchers: Any) -> None:
    """Checks that a search was given as objects; None: those of the default.

    **Raises** `InvalidSetting` for anything else, such as names.
    """
    then = "make them with fl.distill.choose_searchers(['library', 'operon'])"
    if searchers is not None:
        check_type("searchers", searchers, Sequence, then=then)
        for searcher in searchers:
            check_type("searchers", searcher, Searcher, then=then)


def representable(tree: Node) -> Expression | None:
    """The expression that a fit came to; None where a number is beyond the precision, or is none.

    A fit in logarithms or of columns that nearly depend on each other can go that far.
    """
    try:
        return Expression.of(tree)
    except InputError:
        return None
