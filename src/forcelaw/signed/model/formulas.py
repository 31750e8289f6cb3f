"""The learned social force as a formula of the distance, one for each relation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.distill import LibrarySearch, SpringSearch, distill
from forcelaw.laws import Expression
from forcelaw.laws.expression import Parameter
from forcelaw.signed.forces import RELATIONS
from forcelaw.signed.model.embedding import SpringEmbedding
from forcelaw.signed.model.force_curve import learned_of, social_force
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.settings import FitSettings


class ForceFormula(NamedTuple):
    """A force, attraction positive, in the distance `r`."""

    expression: Expression
    r2: float | None
    """The share of the force's variance over the distances that it explains; None for a number."""
    reach: float
    """The formula was read off from distance zero to this one."""

    def __repr__(self) -> str:
        r2 = "" if self.r2 is None else f", r2={self.r2:.4f}"
        return f"ForceFormula({self.expression.text()!r}{r2}, reach={self.reach:.4g})"

    def _repr_latex_(self) -> str:
        return f"${self.expression.latex()}$"

    def __call__(self, length: Float[np.ndarray, " row"]) -> Float[np.ndarray, " row"]:
        """The force at these distances."""
        return self.expression.at({"r": length})


def force_formulas(
    model: SpringEmbedding | Learned,
    *,
    report: Callable[[int], None] | None = None,
    settings: FitSettings | None = None,
) -> dict[str, ForceFormula]:
    """Formulas of the force of friend, enemy and unknown that `social_force` tabulates.

    Candidates are springs, slack, saturating or neither, and short polynomials; the shortest is
    taken that no longer one clearly beats.

    **Arguments:** `report` is told how many are done; `settings` by default those of the fit.
    """
    found = learned_of(model)
    settings = found.fit_settings if settings is None else settings
    reach = float(found.reference_inputs.reach)
    force = social_force(found, np.linspace(0.0, reach, settings.force_samples))
    searchers = (SpringSearch(), LibrarySearch(powers=(0, 1, 2, 3), functions=(), terms=3))
    formulas = {}
    for number, name in enumerate(RELATIONS, start=1):
        values = getattr(force, name)
        if np.ptp(values) <= settings.constant_force * np.abs(values).max():
            # As it is printed.
            expression = Expression.of(Parameter(float(f"{values.mean():.4g}")))
            formulas[name] = ForceFormula(expression, None, reach)
        else:
            # At distance zero a power of it may be infinite.
            chosen = distill(
                {"r": force.length[1:]}, values[1:], searchers=searchers, floor=settings.unexplained
            ).chosen
            formulas[name] = ForceFormula(chosen.expression, 1 - chosen.error, reach)
        if report is not None:
            report(number)
    return formulas
