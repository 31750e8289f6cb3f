"""Fits that are finished: whether there is one, and its forces read off as formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forcelaw.errors import InputError
from forcelaw.signed.forces import RELATIONS
from forcelaw.signed.model import Learned, force_formulas
from forcelaw.storage import Record, RunStatus, read_run
from forcelaw.training.reporting import SILENT, Reporter

DEFAULT = "default"
"""In place of a run: the law that ships with the package."""


def precision_of(run: str, source: str | None, *, alone: bool = False) -> int:
    """The precision of a finished fit, or of the law that ships with the package.

    **Arguments:**

    - `run`: the folder of the fit, or `default`.
    - `source`: the network to work on, if not the run's own.
    - `alone`: whether the law is of use without a network.

    **Raises** `InputError`: there is no finished fit, or no network to work on.
    """
    if run == DEFAULT:
        if source is None and not alone:
            raise InputError(
                f"{DEFAULT}: found no SOURCE, expected the network to work on: the law that ships "
                "with forcelaw has none of its own; add a file or a dataset's name"
            )
        return 32
    opened = read_run(run)
    if opened.config.get("command") != "signed fit":
        found = opened.config.get("command", "another run")
        raise InputError(f"{run}: found a run of {found!r}, expected one of 'signed fit'")
    if opened.status is not RunStatus.FINISHED:
        raise InputError(f"{run}: the fit is unfinished; give its command again to finish it")
    return 64 if opened.config.get("precision") == 64 else 32


def keeps_apart(run: str) -> bool:
    """Whether the network of a run has nodes of two kinds."""
    return run != DEFAULT and bool(read_run(run).config.get("bipartite"))


@dataclass(frozen=True)
class FormulaTexts(Record):
    """The force of each relation as a formula in the distance `r`."""

    formulas: Mapping[str, str]
    """Attraction positive."""
    formula_r2: Mapping[str, float | None]
    """The share of the force's variance that each explains; None for a number."""
    formula_reach: float
    """The formulas were read off from distance zero to this one."""


def read_formulas(model: Learned, *, reporter: Reporter = SILENT) -> FormulaTexts:
    """The texts of `force_formulas`."""
    with reporter.progress("reading the forces off") as progress:
        found = force_formulas(model, report=lambda done: progress.update(done, len(RELATIONS)))
    return FormulaTexts(
        {name: formula.expression.text() for name, formula in found.items()},
        {name: formula.r2 for name, formula in found.items()},
        max(formula.reach for formula in found.values()),
    )
