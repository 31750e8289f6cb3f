"""Formulas fitted to equations themselves, not to the splines that they were read from.

Splines follow a force to some thousandths where it is steep. What formulas leave is less by far
where they are the law, and then tells forms apart, and terms that are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.data import Recordings
from forcelaw.particles.forms import ReadForm, dense_points, other_forms
from forcelaw.particles.kernels import (
    LARGEST,
    Fit,
    Moments,
    OneBody,
    Order,
    Reference,
    Residuals,
    Terms,
)
from forcelaw.particles.matter.formulas.exact_law import (
    ExactLaw,
    held_out_squares,
    solve_numbers,
    sum_exactly,
)
from forcelaw.particles.matter.formulas.force_ends import close_forms, may_close, refine_ends
from forcelaw.particles.matter.formulas.joint_fit import JointFit, write_down


@dataclass(frozen=True)
class ExactSettings:
    """What decides which form and which terms stay."""

    forms: int = 12
    """Of each block that are compared, at most."""
    rounds: int = 2
    """In which forms are compared: those that are left after numbers were fitted, once more."""
    passes: int = 3
    """Steps of Gauss and Newton at most, each a pass over the data."""
    significance: float = 2.0
    """Standard errors over parts of the data by which more numbers must be better."""
    slight: float = 0.1
    """Share of what the best leave by which others may leave more: that is errors of differences,
    which is never known to better than that."""
    ending: float = 100.0
    """Times what the best leave, up to which forms are kept while where they end follows their
    numbers: a hundredth of a distance bends the best."""
    followed: float = 3.0
    """Times the error of means over snapshots, as it is estimated, that explains the residual."""
    rounding: float = 1e-13
    """Share of the squares of changes that is none."""
    worse: float = 1.05
    """Times the median residual before, that a step may leave."""


EXACT = ExactSettings()


def fit_exactly(
    data: Recordings,
    fit: Fit,
    joint: JointFit,
    forms: Sequence[Sequence[ReadForm]],
    order: Order,
    cutoff: float,
    *,
    rows: int,
    seed: int = 0,
    settings: ExactSettings = EXACT,
) -> tuple[Fit, JointFit, ExactLaw]:
    """The fewest numbers that are as good as the best in all parts of the data, fitted exactly.

    Equations are weighted by how well snapshots follow the motion, so that encounters which they do
    not follow decide nothing. One-body terms that explain nothing beside the formulas are dropped.
    """

    def sums(options: Sequence[Sequence[ReadForm]]) -> tuple[Moments, Reference]:
        return sum_exactly(
            data, fit.terms, options, alone, median, order, cutoff, rows=rows, seed=seed
        )

    def measured(options: Sequence[Sequence[ReadForm]]) -> tuple[ExactLaw, float]:
        law = ExactLaw.of(fit.terms, [found[0] for found in options], alone)
        left = law.residuals(data, order, cutoff, rows=rows, seed=seed)
        return law, max(left.median, 1e-300)

    alone = np.array([one.value for one in joint.alone])
    distances = [dense_points(block.splines)[0] for block in fit.terms.blocks]
    options = [
        close_forms(block, _options(fit, b, joint.forms[b], forms[b], settings), cutoff)
        for b, block in enumerate(fit.terms.blocks)
    ]
    law, median = measured(options)
    for ending in [True] * may_close(options) + [False] * settings.rounds:
        given = _Comparison(sums(options)[0], options, settings)
        worse = settings.ending if ending else 0.0
        options, alone, kept = _choose(given, len(alone), distances, worse)
        fit = fit.within(_only(fit.terms, kept))
        options = refine_ends(
            data, fit.terms, options, alone, median, order, cutoff, rows=rows, seed=seed
        )
        law, median = measured(options)
    chosen = [found[0] for found in options]
    moments, weights = sums([[form] for form in chosen])
    for _ in range(settings.passes):
        steps = solve_numbers(moments, law.values, law.free)
        moved, factors = _moved(law, chosen, steps, distances)
        other = ExactLaw.of(fit.terms, moved, factors)
        after = other.residuals(data, order, cutoff, rows=rows, seed=seed).median
        if not after <= settings.worse * median:
            break
        gained, law, chosen, alone = median / max(after, 1e-300), other, moved, factors
        median = max(after, 1e-300)
        moments, weights = sums([[form] for form in chosen])
        if gained < settings.worse:
            break
    left = law.residuals(data, order, cutoff, rows=rows, seed=seed, reference=weights)
    numbers = np.concatenate([*(form.values for form in chosen), alone])
    ordered = [[form, *found[1:]] for form, found in zip(chosen, options, strict=True)]
    return fit, write_down(fit, ordered, numbers, _covariance(moments, law, left)), law


def _only(terms: Terms, kept: Sequence[int]) -> Terms:
    """The terms with some of those of one column."""
    singles = [terms.singles[k] for k in kept]
    return replace(
        terms,
        shaped=tuple(one for one in singles if not isinstance(one, OneBody)),
        one_body=tuple(one for one in singles if isinstance(one, OneBody)),
    )


def _options(
    fit: Fit, block: int, first: ReadForm, found: Sequence[ReadForm], settings: ExactSettings
) -> list[ReadForm]:
    """The form that was read, those of fewer numbers, and those that fit about as well."""
    rest = [form for form in found if form.form is not first.form]
    fewer = [form for form in rest if form.numbers < first.numbers]
    ranked = [*fewer, *other_forms(fit, block, [first, *rest]), *rest]
    unlike = list({id(form): form for form in ranked}.values())
    return [first, *unlike][: settings.forms]


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Sums over equations of several forms of each block."""

    sums: Moments
    options: Sequence[Sequence[ReadForm]]
    settings: ExactSettings

    @cached_property
    def places(self) -> list[list[range]]:
        """Of each form of each block its columns, that of its value first."""
        places, start = [], 0
        for forms in self.options:
            ends = start + np.cumsum([0, *(1 + form.numbers for form in forms)])
            places.append([range(low, high) for low, high in pairwise(ends.tolist())])
            start = int(ends[-1])
        return places

    @property
    def start(self) -> int:
        """The first column of one-body terms."""
        return self.places[-1][-1].stop if self.places else 0

    def columns(self, picked: Sequence[int], kept: Sequence[int]) -> tuple[list[int], list[int]]:
        """Those of values, and those of numbers, of some form of each block."""
        own = [self.places[b][k] for b, k in enumerate(picked)]
        free = [column for one in own for column in one[1:]]
        return [one[0] for one in own], free + [self.start + k for k in kept]

    def left(self, picked: Sequence[int], kept: Sequence[int]) -> Float[np.ndarray, " fold"]:
        """The squares that they leave of each fold, by numbers from the others."""
        return held_out_squares(self.sums, *self.columns(picked, kept))

    def as_good(self, errors: Sequence[np.ndarray]) -> Bool[np.ndarray, " model"]:
        """Those that are not worse than the best, by more than parts or differences tell."""
        settings, sums, table = self.settings, self.sums, np.array(errors)
        best = table[np.argmin(table.mean(axis=1))]
        # What differences between snapshots explain is no merit of a form.
        none = settings.followed**2 * sums.errors + settings.rounding * sums.yy
        none = none[np.flatnonzero(sums.count)]
        slight = float(np.mean(np.maximum(settings.slight * best, none)))
        good = as_good_as_the_best(table, significance=settings.significance, slight=slight)
        # Few encounters make one part decide all: what is worse in every part is worse.
        return good & ~(table > (1 + settings.slight) * best + none).all(axis=1)


def _choose(
    given: _Comparison,
    alone: int,
    distances: Sequence[Float[np.ndarray, " point"]],
    worse: float = 0.0,
) -> tuple[list[list[ReadForm]], Float[np.ndarray, " term"], list[int]]:
    """Of each block the forms that are as good, the chosen first, with numbers that fit better.

    With the factors of one-body terms that are needed, and which these are.

    **Arguments:** `worse` times what the best form of a block leaves, up to which others are kept,
    and all terms of one body; zero: those that are as good.
    """
    picked, kept, good = [0] * len(given.options), list(range(alone)), []
    for b, forms in enumerate(given.options):
        errors = [given.left([*picked[:b], k, *picked[b + 1 :]], kept) for k in range(len(forms))]
        among = np.flatnonzero(given.as_good(errors)).tolist()
        picked[b] = min(among, key=lambda k: (forms[k].numbers, errors[k].mean()))
        least = worse * min(error.mean() for error in errors)
        good.append([k for k in range(len(forms)) if k in among or errors[k].mean() < least])
    for k in [] if worse else list(kept):
        fewer = [one for one in kept if one != k]
        none_is_left = not fewer and not given.options
        if (
            not none_is_left
            and given.as_good([given.left(picked, kept), given.left(picked, fewer)])[1]
        ):
            kept = fewer
    options = []
    for b, among in enumerate(good):
        ordered = [picked[b], *(k for k in among if k != picked[b])]
        moved = []
        for k in ordered:
            values, free = given.columns([*picked[:b], k, *picked[b + 1 :]], kept)
            factors = solve_numbers(given.sums, values, free)
            steps = factors[list(given.places[b][k][1:])]
            moved.append(_shifted(given.options[b][k], steps, distances[b]))
        options.append(moved)
    factors = solve_numbers(given.sums, *given.columns(picked, kept))
    return options, factors[[given.start + k for k in kept]], kept


def _shifted(
    form: ReadForm, steps: Float[np.ndarray, " number"], r: Float[np.ndarray, " point"]
) -> ReadForm:
    """The form with these steps added; as it was where fewer distances have a force then.

    Where the equations hardly tell a number, a linear step may lead anywhere.
    """
    values = form.values + steps
    expression = form.expression.with_constants(form.ties @ values)
    moved = replace(form, values=values, expression=expression)
    return moved if _known_at(moved, r) >= _known_at(form, r) else form


def _known_at(form: ReadForm, r: Float[np.ndarray, " point"]) -> int:
    """At how many distances value and slopes are numbers whose squares are, too."""
    with np.errstate(all="ignore"):
        slopes = form.expression.slopes_at({"r": r}, form.ties @ form.values)
        slopes = np.broadcast_to(slopes, (len(form.ties), len(r)))
        values = np.abs(form.at(r, form.values))
        known = (values < LARGEST) & (np.abs(slopes) < LARGEST).all(axis=0)
    return int(known.sum())


def _moved(
    law: ExactLaw,
    forms: Sequence[ReadForm],
    factors: Float[np.ndarray, " column"],
    distances: Sequence[Float[np.ndarray, " point"]],
) -> tuple[list[ReadForm], Float[np.ndarray, " term"]]:
    """The forms with their steps added, and the factors of one-body terms."""
    moved = []
    for form, first, r in zip(forms, law.values, distances, strict=True):
        moved.append(_shifted(form, factors[first + 1 : first + 1 + form.numbers], r))
    return moved, factors[int(law.terms.offsets[-1]) :]


def _covariance(
    sums: Moments, law: ExactLaw, left: Residuals
) -> Float[np.ndarray, "number number"]:
    """Of all numbers: of residuals, and where parts of the data differ by more, of that.

    The latter by leaving out each part in turn (the jackknife: Tukey, Ann. Math. Stat. 29, 614,
    1958), since errors of differences are alike within an encounter.
    """
    whole, free = sums.whole, law.free
    squares = whole.xx[0][np.ix_(free, free)]
    size = np.sqrt(np.maximum(np.diag(squares), 1e-300))
    inverse = np.linalg.pinv(squares / size / size[:, None], rcond=1e-12, hermitian=True)
    plain = left.long_run * inverse / size / size[:, None]
    folds = np.flatnonzero(sums.count)
    apart = np.array(
        [solve_numbers(sums.without(fold), law.values, free)[free] for fold in folds.tolist()]
    )
    apart = apart - apart.mean(axis=0)
    jackknife = (len(folds) - 1) / len(folds) * (apart**2).sum(axis=0)
    times = np.sqrt(np.maximum(1, jackknife / np.maximum(np.diag(plain), 1e-300)))
    return plain * times * times[:, None]
