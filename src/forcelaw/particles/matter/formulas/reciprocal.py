"""Forces of one kind on another and of that on this one: one force, where both agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import chi2

from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.kernels import Fit
from forcelaw.particles.kernels.pair_terms import Alignment, Apart, Central, LineFriction
from forcelaw.particles.matter.formulas.joint_fit import JointFit, with_numbers

_MUTUAL = (Central, Apart, Alignment, LineFriction)
"""Directions that turn round with the pair: what acts so on both is Newton's third law."""


@dataclass(frozen=True)
class ReciprocalSettings:
    """What decides whether two forces are one."""

    significance: float = 2.0
    """Standard errors over parts of the data by which two forces must be better than one."""
    chance: float = 0.05
    """That two forces are better by more than chance, though they are one."""
    slight: float = 0.1
    """Share of the residual by which one may be worse, where that is errors of differences."""


RECIPROCAL = ReciprocalSettings()


class _Mutual(NamedTuple):
    """A force of a kind on another, and the one back: kinds of receivers, and blocks."""

    receivers: tuple[int, int]
    blocks: tuple[int, int]


def tie_reciprocal(
    fits: Sequence[Fit], joints: Sequence[JointFit], *, settings: ReciprocalSettings = RECIPROCAL
) -> tuple[list[JointFit], list[tuple[int, int]]]:
    """Formulas by receiver, those of mutual forces the same where the data do not tell them apart.

    With the pairs of kinds of which some are. Both have the same form then, and numbers that are
    fitted to both: by the covariances of both, the numbers nearest to those of each alone that
    are equal. Those of other forces move along.
    """
    joints, tied = list(joints), []
    for mutual in _mutual(fits):
        before = _left(fits, joints, mutual)
        best, least = None, np.inf
        for one in _together(fits, joints, mutual):
            after = _left(fits, one, mutual)
            if after.mean() < least and _as_good(before, after, fits, one, mutual, settings):
                best, least = one, after.mean()
        if best is not None:
            joints = best
            tied.append(mutual.receivers)
    return joints, list(dict.fromkeys(tied))


def _mutual(fits: Sequence[Fit]) -> Iterator[_Mutual]:
    """All pairs of forces that may be one."""
    for b, fit in enumerate(fits):
        for index, block in enumerate(fit.terms.blocks):
            if block.sender >= b or not isinstance(block.term, _MUTUAL):
                continue
            for other, back in enumerate(fits[block.sender].terms.blocks):
                same = (back.term, back.coupling, back.bonded) == (
                    block.term,
                    block.coupling,
                    block.bonded,
                )
                both = block.coupling.receiver == block.coupling.sender
                if back.sender == b and same and both:
                    yield _Mutual((block.sender, b), (other, index))


def _left(
    fits: Sequence[Fit], joints: Sequence[JointFit], mutual: _Mutual
) -> Float[np.ndarray, " fold"]:
    """What formulas leave of each part of the data of both receivers, where one is chance."""
    parts = []
    for receiver in mutual.receivers:
        fit = fits[receiver]
        factors, moments = joints[receiver].factors(fit), fit.moments
        past = fit.estimator.instruments
        squares = moments.zx if past else moments.xx
        products = moments.zy if past else moments.xy
        gains = 2 * products @ factors - np.einsum("i,fij,j->f", factors, squares, factors)
        parts.append((moments.yy - gains) / fit.residuals.long_run)
    return parts[0] + parts[1]


def _as_good(
    before: Float[np.ndarray, " fold"],
    after: Float[np.ndarray, " fold"],
    fits: Sequence[Fit],
    joints: Sequence[JointFit],
    mutual: _Mutual,
    settings: ReciprocalSettings,
) -> bool:
    numbers = joints[mutual.receivers[0]].forms[mutual.blocks[0]].numbers
    slight = float(chi2.ppf(1 - settings.chance, numbers)) / len(before)
    if not any(fits[receiver].estimator.instruments for receiver in mutual.receivers):
        slight = max(slight, settings.slight * float(before.mean()))
    errors = np.stack([before, after])
    good = as_good_as_the_best(errors, significance=settings.significance, slight=slight)
    return bool(good[1])


def _together(
    fits: Sequence[Fit], joints: Sequence[JointFit], mutual: _Mutual
) -> Iterator[list[JointFit]]:
    """The same formulas with one force in the place of two: of both, else that of either."""
    pair = [joints[r].forms[b] for r, b in zip(*mutual, strict=True)]
    if pair[0].form is pair[1].form:
        yield _equal(fits, joints, mutual)
        return
    for of in (0, 1):
        yield _taken_over(fits, joints, mutual, of)


def _equal(fits: Sequence[Fit], joints: Sequence[JointFit], mutual: _Mutual) -> list[JointFit]:
    """Both with equal numbers, by generalised least squares of the numbers of each alone."""
    first, second = (joints[r] for r in mutual.receivers)
    places = first.places(mutual.blocks[0]), second.places(mutual.blocks[1])
    size = len(first.numbers)
    numbers = np.concatenate([first.numbers, second.numbers])
    covariance = np.zeros((len(numbers), len(numbers)))
    covariance[:size, :size], covariance[size:, size:] = first.covariance, second.covariance
    apart = np.zeros((len(places[0]), len(numbers)))
    row = np.arange(len(places[0]))
    apart[row, places[0]], apart[row, size + places[1]] = 1, -1
    shared = covariance @ apart.T
    told = apart @ shared
    scale = np.sqrt(np.maximum(np.diag(told), 1e-300))
    inverse = np.linalg.pinv(told / scale / scale[:, None], rcond=1e-12, hermitian=True)
    step = shared @ (inverse / scale / scale[:, None])
    numbers = numbers - step @ (apart @ numbers)
    covariance = covariance - step @ shared.T
    # What pinv leaves of a difference is none.
    numbers[size + places[1]] = numbers[places[0]]
    surer = int(
        fits[mutual.receivers[1]].residuals.count > fits[mutual.receivers[0]].residuals.count
    )
    end = (first, second)[surer].forms[mutual.blocks[surer]]
    found = list(joints)
    for of, part in enumerate((slice(None, size), slice(size, None))):
        receiver, b = mutual.receivers[of], mutual.blocks[of]
        forms = list(joints[receiver].forms)
        forms[b] = replace(forms[b], last=end.last, closes=end.closes)
        found[receiver] = with_numbers(
            fits[receiver], forms, numbers[part], covariance[part, part], joints[receiver].others
        )
    return found


def _taken_over(
    fits: Sequence[Fit], joints: Sequence[JointFit], mutual: _Mutual, of: int
) -> list[JointFit]:
    """The force on one of both in the place of that on the other, with numbers and errors."""
    here, there = mutual.receivers[of], mutual.receivers[1 - of]
    b, other = mutual.blocks[of], mutual.blocks[1 - of]
    source, joint = joints[here], joints[there]
    own, place = source.places(b), joint.places(other)
    kept = np.setdiff1d(np.arange(len(joint.numbers)), place)
    numbers = np.concatenate([joint.numbers[kept], source.numbers[own]])
    covariance = np.zeros((len(numbers), len(numbers)))
    covariance[: len(kept), : len(kept)] = joint.covariance[np.ix_(kept, kept)]
    covariance[len(kept) :, len(kept) :] = source.covariance[np.ix_(own, own)]
    order = np.insert(np.arange(len(kept)), int(place[0]), len(kept) + np.arange(len(own)))
    forms, others = list(joint.forms), list(joint.others)
    forms[other], others[other] = source.forms[b], source.others[b]
    found = list(joints)
    found[there] = with_numbers(
        fits[there], forms, numbers[order], covariance[np.ix_(order, order)], others
    )
    return found
