"""The searches by their names."""

from __future__ import annotations

from collections.abc import Sequence

from forcelaw.distill.searchers.operon import OperonSearch
from forcelaw.distill.searchers.piecewise import PiecewiseSearch
from forcelaw.distill.searchers.pysr import PySRSearch
from forcelaw.distill.searchers.searcher import Searcher
from forcelaw.distill.searchers.sparse_library import LibrarySearch
from forcelaw.errors import InvalidSetting, suggest

SEARCHES = ("library", "operon", "pysr")


def choose_searchers(names: Sequence[str] = ("library", "operon")) -> list[Searcher]:
    """What proposes formulas.

    `library` is sums of known terms, also on both sides of a threshold; `operon` and `pysr` are
    genetic programming.

    **Raises** `InputError` for an unknown name.
    """
    found: list[Searcher] = []
    for name in dict.fromkeys(names):
        if name == "library":
            found += [LibrarySearch(), PiecewiseSearch()]
        elif name == "operon":
            found.append(OperonSearch())
        elif name == "pysr":
            found.append(PySRSearch())
        else:
            raise InvalidSetting(f"search: found {name!r}; {suggest(name, SEARCHES)}")
    return found
