"""Searches for formulas, one method a file."""

from forcelaw.distill.searchers.by_name import choose_searchers
from forcelaw.distill.searchers.operon import OperonSearch
from forcelaw.distill.searchers.piecewise import PiecewiseSearch
from forcelaw.distill.searchers.pysr import PySRSearch
from forcelaw.distill.searchers.searcher import Searcher, check_searchers, representable
from forcelaw.distill.searchers.sparse_library import LibrarySearch
from forcelaw.distill.searchers.spring_forces import SpringSearch

__all__ = [
    "LibrarySearch",
    "OperonSearch",
    "PiecewiseSearch",
    "PySRSearch",
    "Searcher",
    "SpringSearch",
    "check_searchers",
    "choose_searchers",
    "representable",
]
