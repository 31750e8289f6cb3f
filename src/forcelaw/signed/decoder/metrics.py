"""Scores of predicted signs, each computed by its definition; undefined scores are nan."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InputError, NotEnoughData
from forcelaw.storage import Record


@dataclass(frozen=True)
class ScoreSummary(Record):
    """One score over several splits."""

    mean: float
    """Of the values that are defined; nan without any."""
    std: float
    """Standard deviation between them (n - 1); nan for fewer than two."""
    count: int
    """Of the values that are defined."""
    values: tuple[float, ...]
    """Of every split; nan where the split cannot define the score."""


@dataclass(frozen=True)
class Reliability(Record):
    """Predicted probabilities of a positive sign beside the share of pairs that are positive.

    A value for each of several equal ranges of probability; None where a range has no pairs.
    """

    probability: tuple[float | None, ...]
    """Mean prediction."""
    positive: tuple[float | None, ...]
    """Share of positive signs."""
    count: tuple[int, ...]
    """Pairs."""
    error: float
    """The expected calibration error: the mean distance of the two over all pairs."""


def scores(
    sign: np.ndarray,
    probability: np.ndarray,
    threshold: float = 0.5,
) -> dict[str, float]:
    """How well probabilities of a positive sign agree with the true signs.

    **Arguments:**

    - `sign`: true signs, +1 or -1 `[pair]`.
    - `probability`: of a positive sign `[pair]`.
    - `threshold`: the probability from which a pair is called positive.

    **Returns** `auc`: probability that a random positive pair is ranked above a random negative
    one, ties counting half (the area under the ROC curve). `f1_macro`: mean of the F1 scores of the
    two classes. `f1_binary`: F1 score of the positive class. `f1_micro`: share of correct signs.
    `brier`: mean squared error of the probability. `precision_friend`: share of the pairs called
    positive that are; `recall_friend`: share of the positive pairs that are called so;
    `precision_enemy`, `recall_enemy`: the same of the negative ones. A score that the pairs cannot
    define is nan, never 0, and there is a warning: `auc` and `f1_macro` need pairs of both signs.

    **Raises** `InputError`: different lengths, signs other than +1 and -1, or values outside 0 to
    1.
    """
    sign, probability = np.asarray(sign), np.asarray(probability, np.float64)
    if sign.ndim != 1 or sign.shape != probability.shape:
        raise InputError(
            f"found signs of shape {sign.shape} and probabilities of shape {probability.shape}, "
            "expected one of each for every pair; pass predict_proba(...)[:, 1]"
        )
    if not np.isin(sign, (-1, 1)).all():
        raise InputError("found signs other than +1 and -1, expected true signs; map them first")
    if not ((probability >= 0) & (probability <= 1)).all():
        raise InputError(
            "found values outside 0 to 1 among the probabilities, expected probabilities; "
            "check the model for values that are not finite"
        )
    nan = float("nan")
    positive = sign > 0
    n_positive, n = int(positive.sum()), len(sign)
    both = 0 < n_positive < n
    if not both:
        what = "no pairs" if n == 0 else f"only {'positive' if n_positive else 'negative'} pairs"
        warnings.warn(f"{what} to score: auc and f1_macro are undefined (nan)", stacklevel=2)
    predicted = probability >= threshold
    return {
        "auc": area_under_curve(positive, probability) if both else nan,
        "f1_macro": (f1(positive, predicted) + f1(~positive, ~predicted)) / 2 if both else nan,
        "f1_binary": f1(positive, predicted) if n_positive else nan,
        "f1_micro": float((positive == predicted).mean()) if n else nan,
        "brier": float(((probability - positive) ** 2).mean()) if n else nan,
        "precision_friend": share(positive, predicted),
        "recall_friend": share(predicted, positive),
        "precision_enemy": share(~positive, ~predicted),
        "recall_enemy": share(~predicted, ~positive),
    }


def reliability(
    sign: Int[np.ndarray, " pair"], probability: Float[np.ndarray, " pair"], *, bins: int = 10
) -> Reliability:
    """Whether predicted probabilities of a positive sign agree with its frequency.

    **Arguments:** true signs, +1 or -1; `probability` of a positive one; `bins` equal ranges of it.

    The expected calibration error is that of Naeini, Cooper & Hauskrecht, AAAI 2015.
    """
    place = np.minimum((np.asarray(probability) * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    mean = np.bincount(place, weights=probability, minlength=bins) / np.maximum(count, 1)
    share = np.bincount(place, weights=np.asarray(sign) > 0, minlength=bins) / np.maximum(count, 1)

    def shown(values: np.ndarray) -> tuple[float | None, ...]:
        return tuple(float(v) if n else None for v, n in zip(values, count, strict=True))

    return Reliability(
        probability=shown(mean),
        positive=shown(share),
        count=tuple(count.tolist()),
        error=float((count * np.abs(mean - share)).sum() / max(count.sum(), 1)),
    )


def area_under_curve(positive: np.ndarray, score: np.ndarray) -> float:
    """The Mann-Whitney statistic over the product of the class sizes."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    above = rank[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * n_negative))


def f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    """F1 score; the truth must hold at least one member of the class."""
    return float(2 * (truth & predicted).sum() / (truth.sum() + predicted.sum()))


def share(wanted: np.ndarray, among: np.ndarray) -> float:
    """How much of `among` is `wanted` too; nan where there is nothing to look at."""
    return float(wanted[among].mean()) if among.any() else float("nan")


def best_threshold(
    sign: Int[np.ndarray, " pair"], probability: Float[np.ndarray, " pair"]
) -> float:
    """The threshold of the largest macro-F1, half way between two neighbouring probabilities.

    It is 0.5 where the signs are all the same. Use it on training pairs only, with probabilities
    from a model that was not fitted on them.
    """
    positive = (sign > 0).astype(np.float64)
    if positive.sum() in (0, len(sign)):
        return 0.5
    return _threshold(positive, probability)


def expected_threshold(probability: Float[np.ndarray, " pair"]) -> float:
    """The threshold of the largest macro-F1 if the probabilities are right, as `best_threshold`.

    Of the ratio of expected numbers. There have to be pairs.
    """
    return _threshold(np.asarray(probability, np.float64), probability)


def _threshold(
    positive: Float[np.ndarray, " pair"], probability: Float[np.ndarray, " pair"]
) -> float:
    """Of pairs that are positive by some share each, which may be 0 or 1."""
    order = np.argsort(probability, kind="stable")
    value, positive = probability[order], positive[order]
    n, n_positive = len(value), positive.sum()
    # With the k lowest called negative, `lost` positives are among them.
    k = np.arange(n + 1)
    lost = np.concatenate([[0], np.cumsum(positive)])
    f1_positive = 2 * (n_positive - lost) / (n_positive + n - k)
    f1_negative = 2 * (k - lost) / (n - n_positive + k)
    # A threshold cannot part equal probabilities.
    lower = np.concatenate([[-np.inf], value])
    upper = np.concatenate([value, [np.inf]])
    macro = np.where(upper > lower, f1_positive + f1_negative, -1.0)
    best = int(macro.argmax())
    if best in (0, n):
        return float(value[0]) if best == 0 else float(np.nextafter(value[-1], 2.0))
    return float((lower[best] + upper[best]) / 2)


def signs_from_probabilities(
    probability: Float[np.ndarray, " pair"], known: Bool[np.ndarray, " pair"], threshold: float
) -> Int[np.ndarray, " pair"]:
    """See `SpringEmbedding.predict`."""
    return np.where(probability >= np.where(known, threshold, 0.5), 1, -1).astype(np.int8)


def summary(values: Iterable[float | int]) -> ScoreSummary:
    """Mean, standard deviation and number of the values that are defined, and all values.

    What is nan is not defined.

    **Raises** `NotEnoughData`: there are no values.
    """
    each = [float(value) for value in values]
    if not each:
        raise NotEnoughData("found no values to summarise, expected at least one; run one seed")
    known = [value for value in each if not np.isnan(value)]
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else float("nan")
    mean = float(np.mean(known)) if known else float("nan")
    return ScoreSummary(mean, spread, len(known), tuple(each))
