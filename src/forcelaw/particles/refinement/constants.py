"""The constants of a formula, fitted to what was measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forcelaw.distill import refit_formula
from forcelaw.laws import Formula, numbers
from forcelaw.particles.candidates import scan_thresholds
from forcelaw.particles.equations import Design
from forcelaw.particles.refinement.settings import REFINEMENT, RefinementSettings


def fit_constants(
    formula: Formula, design: Design, *, settings: RefinementSettings = REFINEMENT
) -> Formula:
    """The formula with the constants that suit the snapshots, or the equations, best."""
    if not len(numbers(formula)):
        return formula
    formula = replace(
        formula, pair=scan_thresholds(formula.pair, design, settings=settings.candidates)
    )
    arrays = (design.position, design.velocity, design.acceleration, design.attributes)
    if design.weak is None:
        return refit_formula(formula, *arrays, graph=design.graph)
    weight = design.weight[..., None]
    scale = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), np.inf)
    return refit_formula(
        formula, *arrays, graph=design.graph, observe=design.weak.apply, scale=scale
    )
