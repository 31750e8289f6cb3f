"""How far accelerations are off that were estimated: formulas that differ by less are as good."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forcelaw.particles.data import Split, Trajectories
from forcelaw.particles.kinematics import differences_over_fewer
from forcelaw.particles.preparation import median_size
from forcelaw.particles.selection.settings import SelectionSettings


def within_estimates(split: Split, settings: SelectionSettings) -> SelectionSettings:
    """The settings by which formulas are chosen, errors of finite differences being none.

    Of sampled receivers, whose many pairs tell more than differences between frames are exact: a
    small term would follow what these miss. Constants, too, are round as far as can be told.
    """
    train, validation = (_missed(part) for part in (split.train, split.validation))
    if train is None:
        return settings
    limit, rounding = settings.pareto.estimated, settings.refinement.rounding
    exact = max(settings.pareto.exact, min(max(train, validation or 0.0), limit))
    rounding = replace(
        rounding,
        exact=max(rounding.exact, min(train, limit)),
        fitted_digits=rounding.digits,
    )
    return replace(
        settings,
        pareto=replace(settings.pareto, exact=exact),
        refinement=replace(settings.refinement, rounding=rounding),
    )


def _missed(data: Trajectories) -> float | None:
    """What accelerations change by with the number of frames, at least what they are off by.

    The mean over the bodies that are looked at, relative as errors are; None where accelerations
    are no differences, or of all bodies.
    """
    reach = data.settings.stencil // 2
    given = data.receivers is None or data.measured or "acceleration" not in data.estimated
    if given or data.n_times <= 2 * reach:
        return None
    orders = 2 if "velocity" in data.estimated else 1
    base = data.position if orders == 2 else data.velocity
    coarse = differences_over_fewer(base, data.time, orders=orders, settings=data.settings)
    # Frames at the ends are seen from one side only.
    known, other = (part[:, reach:-reach, : data.observed] for part in (data.acceleration, coarse))
    size = np.linalg.norm(known, axis=-1)
    return float(np.mean(np.abs(other - known) / (size + median_size(size))[..., None]))
