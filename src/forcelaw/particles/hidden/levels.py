"""A few values that the numbers of all pairs take: how many, which, and how often each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class LevelSettings:
    """What decides how many values there are."""

    most: int = 3
    """Values that are tried: none and one, opposite signs, weak and strong beside none."""
    apart: float = 4.0
    """Spreads by which values must lie apart to be several."""
    rounds: int = 200
    """Of expectation and maximisation."""
    rare: float = 0.01
    """Share of pairs that a value has at least."""
    zero: float = 0.1
    """Share of the largest value below which a value is none, if its spread allows."""
    outliers: float = 0.01
    """Share of pairs that are of no value, at first."""


LEVELS = LevelSettings()


@dataclass(frozen=True, eq=False)
class Levels:
    """The values, sorted, with their shares and the spread around each."""

    value: Float[np.ndarray, " level"]
    share: Float[np.ndarray, " level"]
    spread: float
    """Standard deviation of true numbers around their value."""
    inflation: float
    """Stated errors are too small by this factor: equations in a row have errors in common."""

    @property
    def zero(self) -> int | None:
        """The level of pairs that do not act on each other; None where all do."""
        if len(self.value) < 2:
            return None
        least = int(np.argmin(np.abs(self.value)))
        largest = np.abs(self.value).max()
        return least if abs(self.value[least]) <= LEVELS.zero * largest else None


def find_levels(
    value: Float[np.ndarray, " pair"],
    deviation: Float[np.ndarray, " pair"],
    *,
    settings: LevelSettings = LEVELS,
) -> Levels:
    """The values of numbers with these standard errors, their number by BIC.

    A mixture of normal distributions, and a flat one for outliers (Banfield & Raftery, Biometrics
    49, 803, 1993).
    """
    told = np.isfinite(deviation) & (deviation < 0.5 * np.quantile(np.abs(value), 0.9))
    told = told if told.sum() >= 3 else np.ones_like(told)
    x, s = value[told], deviation[told]
    best: tuple[float, Levels] | None = None
    for count in range(1, settings.most + 1):
        score, found = _mixture(x, s, count, settings)
        gaps = np.diff(found.value)
        clear = count == 1 or bool(
            (gaps > settings.apart * found.spread).all() and found.share.min() > settings.rare
        )
        if clear and (best is None or score < best[0]):
            best = score, found
    assert best is not None
    found = best[1]
    nearest = np.abs(x[:, None] - found.value).min(axis=1)
    ratio = float(np.median(nearest / np.hypot(s, found.spread)) / 0.6745)
    return Levels(found.value, found.share, found.spread, max(1.0, ratio))


def _mixture(
    x: Float[np.ndarray, " pair"],
    s: Float[np.ndarray, " pair"],
    count: int,
    settings: LevelSettings,
) -> tuple[float, Levels]:
    """BIC and the mixture of so many values."""
    width = float(np.ptp(x)) or 1.0
    middle = np.quantile(x, (np.arange(count) + 0.5) / count)
    if count > 1:
        # The largest gaps between sorted numbers part them.
        inner = np.sort(x)[len(x) // 100 : len(x) - len(x) // 100]
        cut = np.sort(np.argsort(np.diff(inner))[-(count - 1) :])
        middle = np.array([part.mean() for part in np.split(inner, cut + 1)])
    share, flat = np.full(count, 1 / count), settings.outliers
    tau = max(width / (4 * count), 1e-12)
    total = -np.inf
    for _ in range(settings.rounds):
        sigma = np.hypot(s, tau)[:, None]
        logs = -0.5 * ((x[:, None] - middle) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))
        logs = logs + np.log((1 - flat) * share + 1e-300)
        every = np.c_[logs, np.full(len(x), np.log(flat / width))]
        most = every.max(axis=1, keepdims=True)
        density = most[:, 0] + np.log(np.exp(every - most).sum(axis=1))
        belongs = np.exp(every - density[:, None])
        own = belongs[:, :-1]
        flat = float(np.clip(belongs[:, -1].mean(), 1e-4, 0.3))
        share = own.sum(axis=0) / max(own.sum(), 1e-300)
        weight = own / sigma**2
        middle = (weight * x[:, None]).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-300)
        # The part of the squares that stated errors do not make.
        square = (x[:, None] - middle) ** 2
        gain = tau**2 / sigma**2
        tau2 = (own * (gain**2 * square + gain * s[:, None] ** 2)).sum() / max(own.sum(), 1e-300)
        tau = max(float(np.sqrt(tau2)), 1e-9 * width)
        before, total = total, float(density.sum())
        if abs(total - before) < 1e-8 * abs(total):
            break
    order = np.argsort(middle)
    bic = -2 * total + (2 * count + 1) * np.log(len(x))
    return bic, Levels(middle[order], share[order], tau, 1.0)
