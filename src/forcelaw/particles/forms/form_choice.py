"""Which form a force has, and which others it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.laws.expression import Parameter
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.forms.form_search import ReadForm, Whitened, refine, scan, whiten
from forcelaw.particles.forms.known_forms import CORE, FORMS, Form
from forcelaw.particles.kernels import Fit


@dataclass(frozen=True)
class ReadingSettings:
    """What decides which form a force has."""

    odds: float = 0.05
    """Of another form against the chosen one, given the data, below which it is ruled out: strong
    evidence (Kass & Raftery, J. Am. Stat. Assoc. 90, 773, 1995)."""
    refined: int = 12
    """Forms, the best on the grid, whose numbers are fitted to the end."""
    apart: float = 0.01
    """Relative difference, weighted as the data are, at which two functions are not the same."""
    significance: float = 2.0
    """Standard errors over parts of the data by which a form with more numbers must be better."""
    slight: float = 1e-7
    """Share of the squares that is no gain: differences are not better than that."""
    systematic: float = 0.1
    """Share of the residual, where it is neither chance nor errors of positions, by which a form
    may be worse: such errors are those of differences in quick encounters."""


READING = ReadingSettings()


@dataclass(frozen=True)
class Evidence:
    """How likely forms are, given the data: Bayes' rule, by Laplace's approximation.

    A number costs the logarithm of how many times the signal exceeds the error of a number: before
    the data are seen, it is known to the size of the signal alone (Zellner's prior, its width as
    the data say: George & Foster, Biometrika 87, 731, 2000; of the width of a single observation it
    is the price of Schwarz, Ann. Stat. 6, 461, 1978). So a form is not rejected that misfits by
    chance, and one that misfits by more makes room for one with another number.
    """

    scale: float
    """By how much the best misfit is larger than chance: errors that are no chance are in it."""
    signal: float
    """Chi squared that the best form explains."""

    @classmethod
    def of(cls, squares: Sequence[float], goal: Float[np.ndarray, " row"]) -> Evidence:
        """From the misfits of all forms, in equations of unit variance."""
        freedom = max(len(goal) - 2, 1)
        least = min(squares, default=1.0)
        scale = max(1.0, least / freedom)
        told = float(goal @ goal) - least
        return cls(scale, max(told / scale, np.e))

    def score(self, squares: float, numbers: int, prior: float) -> float:
        """Less twice the logarithm of the posterior probability, up to a constant."""
        return squares / self.scale + numbers * np.log(self.signal) - 2 * np.log(prior)

    def of_form(self, form: ReadForm) -> float:
        """The score of a form that was fitted to the end."""
        return self.score(form.squares, form.numbers, form.form.prior)


def read_forms(
    fit: Fit, block: int, *, forms: tuple[Form, ...] = FORMS, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """The forms that fit one block's function best, the chosen one first.

    The most probable one; where there is no chance, residuals are errors of differences, and the
    fewest numbers win that are as good in every part of the data.
    """
    if fit.terms.blocks[block].loose:
        # Where the end was found, other forms end at their own zero, too: this is none of its own.
        forms = tuple(form for form in forms if form.terms is not CORE.terms)
    found = rank_forms(whiten(fit, block), forms, settings=settings)
    return found if fit.estimator.instruments else _fewest_numbers(fit, block, found, settings)


def rank_forms(
    problem: Whitened, forms: Sequence[Form] = FORMS, *, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """The forms that are likeliest on the grid, fitted to the end, the most probable first."""
    tried = []
    for form in forms:
        found = scan(form, problem)
        if found is not None:
            tried.append((*found, form))
    evidence = Evidence.of([squares for squares, *_ in tried], problem.goal)
    order = np.argsort(
        [evidence.score(squares, _count(form), form.prior) for squares, *_, form in tried]
    )
    chosen = list(order[: settings.refined])
    for count in range(1, 4):
        # Forms of fewer numbers have their turn, too.
        alike = [index for index in order if _count(tried[index][-1]) == count]
        chosen += [index for index in alike[:3] if index not in chosen]
    best = [tried[index] for index in chosen]
    refined = [refine(form, factors, shapes, problem) for _, factors, shapes, form in best]
    evidence = Evidence.of([form.squares for form in refined], problem.goal)
    return sorted(refined, key=evidence.of_form)


def other_forms(
    fit: Fit, block: int, forms: Sequence[ReadForm], *, settings: ReadingSettings = READING
) -> list[ReadForm]:
    """Forms that are another function than the first, and that the data do not rule out.

    A form that has the first as a special case is no other one.
    """
    problem = whiten(fit, block)
    evidence = Evidence.of([form.squares for form in forms], problem.goal)
    limit = evidence.of_form(forms[0]) - 2 * np.log(settings.odds)
    first = problem.rows @ forms[0].expression.at({"r": problem.points})
    as_first = replace(problem, goal=first)
    same = settings.apart**2 * float(first @ first)
    found = []
    for form in forms[1:]:
        if evidence.of_form(form) < limit:
            nearest = scan(form.form, as_first)
            if nearest is None or nearest[0] > same:
                found.append(form)
    return found


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
