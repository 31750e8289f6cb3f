"""Which form a force has, and which others it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forcelaw.laws.expression import Parameter
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.forms.form_search import ReadForm, Whitened, refine, scan, whiten
from forcelaw.particles.forms.known_forms import FORMS, Form
from forcelaw.particles.kernels import Fit


@dataclass(frozen=True)
class ReadingSettings:
    """What decides which form a force has."""

    chance: float = 1e-3
    """That a form with one number more is taken by chance (Gerardos & Ronceray, Phys. Rev. Lett.
    135, 167401, 2025)."""
    refined: int = 12
    """Forms, the best on the grid, whose numbers are fitted to the end."""
    apart: float = 0.05
    """Relative difference, weighted as the data are, at which two functions are not the same."""
    significance: float = 2.0
    """Standard errors over parts of the data by which a form with more numbers must be better."""
    slight: float = 1e-7
    """Share of the squares that is no gain: differences are not better than that."""
    systematic: float = 0.1
    """Share of the residual, where it is neither chance nor errors of positions, by which a form
    may be worse: such errors are those of differences in quick encounters."""


READING = ReadingSettings()


def read_forms(
    fit: Fit, block: int, *, forms: tuple[Form, ...] = FORMS, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """The forms that fit one block's function best, the chosen one first.

    Misfit and a price for each number decide; where there is no chance, residuals are errors of
    differences, and the fewest numbers win that are as good in every part of the data.
    """
    problem = whiten(fit, block)
    tried = []
    for form in forms:
        found = scan(form, problem)
        if found is not None:
            tried.append((*found, form))
    prices = [2 * _count(form) * np.log(len(forms) / settings.chance) for *_, form in tried]
    scale = _scale([squares for squares, *_ in tried], problem)
    order = np.argsort([t[0] / scale + price for t, price in zip(tried, prices, strict=True)])
    chosen = list(order[: settings.refined])
    for count in range(1, 4):
        # Forms of fewer numbers have their turn, too.
        alike = [index for index in order if _count(tried[index][-1]) == count]
        chosen += [index for index in alike[:3] if index not in chosen]
    best = [tried[index] for index in chosen]
    refined = [refine(form.tree(factors, shapes), problem) for _, factors, shapes, form in best]
    scale = _scale([form.squares for form in refined], problem)
    found = sorted(refined, key=lambda form: form.score(scale, len(forms), settings.chance))
    return found if fit.estimator.instruments else _fewest_numbers(fit, block, found, settings)


def other_forms(
    fit: Fit, block: int, forms: Sequence[ReadForm], *, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """Forms that are another function than the first, and fit the data about as well.

    Within the price of one number, and with forces that differ by more than a few percent where
    the data are.
    """
    problem = whiten(fit, block)
    scale = _scale([form.squares for form in forms], problem)
    price = len(FORMS), settings.chance
    limit = forms[0].score(scale, *price) + 2 * np.log(len(FORMS) / settings.chance)
    first = forms[0].expression.at({"r": problem.points})
    size = np.linalg.norm(problem.rows @ first)
    return [
        form
        for form in forms[1:]
        if form.score(scale, *price) < limit
        and np.linalg.norm(problem.rows @ (form.expression.at({"r": problem.points}) - first))
        > settings.apart * size
    ]


def _fewest_numbers(
    fit: Fit, block: int, forms: list[ReadForm], settings: ReadingSettings
) -> list[ReadForm]:
    """The same, led by the form of fewest numbers among those as good as the best in all folds."""
    parts = [
        whiten(replace(fit, moments=fit.moments.only(fold)), block)
        for fold in range(len(fit.moments.yy))
        if fit.moments.count[fold]
    ]
    errors = np.array([[part.misfit(form.expression) for part in parts] for form in forms])
    squares = float(np.mean([part.goal @ part.goal for part in parts]))
    left = fit.residuals
    systematic = left.autocovariance[0] * left.count / left.long_run
    systematic = 0.0 if left.position_errors else systematic
    slight = max(settings.slight * squares, settings.systematic * systematic / len(parts))
    good = as_good_as_the_best(errors, significance=settings.significance, slight=slight)
    chosen = min(
        np.flatnonzero(good), key=lambda index: (forms[index].numbers, errors[index].mean())
    )
    return [forms[chosen], *(form for form in forms if form is not forms[chosen])]


def _count(form: Form) -> int:
    """How many numbers a form has."""
    shapes = tuple(map(Parameter, (1.0,) * len(form.grids)))
    return len(form.terms(shapes)) + len(form.grids)


def _scale(squares: list[float], problem: Whitened) -> float:
    """By how much the best misfit is larger than chance: errors that are no chance are in it."""
    freedom = max(len(problem.goal) - 2, 1)
    return max(1.0, min(squares, default=1.0) / freedom)
