"""Fields that vary in time with a period: found in what all other terms leave of the changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize_scalar

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    Fit,
    MomentSettings,
    OneBody,
    Order,
    Reference,
    Terms,
    fit_terms,
    iterate_equations,
    list_waves,
)


@dataclass(frozen=True)
class FieldSettings:
    """What decides whether a field varies with a period."""

    rows: int = 20_000
    """Equations whose residuals are looked at."""
    chance: float = 1e-4
    """That a period is found where there is none."""
    finer: int = 4
    """Frequencies for each that a record of this length tells apart."""
    periods: float = 2.0
    """At least so many in a recording."""
    points: int = 3000
    """Snapshots whose means are looked at, at most."""
    rounds: int = 3
    """Times that the frequency is improved."""


FIELDS = FieldSettings()


class Means(NamedTuple):
    """Means over bodies of what a law leaves, snapshot by snapshot."""

    time: Float[np.ndarray, " snapshot"]
    value: Float[np.ndarray, "snapshot dim"]


def find_waves(
    data: Recordings,
    fit: Fit,
    order: Order,
    cutoff: float,
    varying: tuple[str, ...],
    *,
    seed: int = 0,
    settings: FieldSettings = FIELDS,
) -> tuple[OneBody, ...]:
    """The terms of a field whose period shows beside the terms of a fit; none where none shows.

    The field acts on all bodies alike or by one of the attributes that vary. Its period is that of
    the largest peak in the periodogram of mean residuals, if chance makes none so high (Scargle,
    Astrophys. J. 263, 835, 1982).
    """
    best: tuple[float, str, float] | None = None
    left = _mean_residuals(data, fit, order, cutoff, ("", *varying), seed, settings)
    for attribute, means in left.items():
        found = find_frequency(means, settings=settings)
        if found is not None and (best is None or found[1] > best[2]):
            best = found[0], attribute, found[1]
    if best is None:
        return ()
    frequency, attribute = best[:2]
    return list_waves(data.dim, attribute, frequency)


def sharpen_waves(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    reference: Reference,
    *,
    seed: int = 0,
    settings: FieldSettings = FIELDS,
) -> Terms:
    """The same terms with the frequency that they fit best with (Gauss & Newton).

    **Arguments:** `reference` what equations are weighted by.
    """
    waves = [term for term in terms.one_body if term.reads_time]
    if not waves:
        return terms
    both = {(wave.axis, wave.attribute): wave.frequency for wave in waves}
    for _ in range(settings.rounds):
        frequency = waves[0].frequency
        growing = [
            replace(wave, growing=True)
            for axis, attribute in both
            for wave in list_waves(data.dim, attribute, frequency)
            if wave.axis == axis
        ]
        wider = replace(terms, one_body=(*terms.one_body, *growing))
        weights = reference._replace(factors=np.append(reference.factors, np.zeros(len(growing))))
        fit = fit_terms(
            data, wider, order, cutoff, rows=settings.rows, seed=seed, reference=weights
        )
        start = wider.first_alone
        factors = dict(zip(wider.one_body, fit.factors[start:].tolist(), strict=True))
        frequency += _correction(factors, growing)
        terms = replace(
            terms,
            one_body=tuple(
                replace(term, frequency=frequency) if term.reads_time else term
                for term in terms.one_body
            ),
        )
        waves = [term for term in terms.one_body if term.reads_time]
    return terms


def _correction(factors: Mapping[OneBody, float], growing: Sequence[OneBody]) -> float:
    """The change of frequency of which growing waves are the derivatives of the others."""
    product, square = 0.0, 0.0
    for wave in growing:
        kind, sign = ("sin_time", 1) if wave.kind == "cos_time" else ("cos_time", -1)
        amplitude = sign * factors.get(replace(wave, kind=kind, growing=False), 0.0)
        product += amplitude * factors[wave]
        square += amplitude**2
    return product / square if square else 0.0


def find_frequency(means: Means, *, settings: FieldSettings = FIELDS) -> tuple[float, float] | None:
    """The frequency of a wave, in radians for a unit of time, and the share that it explains.

    None where chance would explain as much.
    """
    time, value = means
    if len(time) < 16:
        return None
    length, step = float(np.ptp(time)), float(np.median(np.diff(np.unique(time))))
    low, high = 2 * np.pi * settings.periods / length, np.pi / step
    if high <= low:
        return None
    count = int(settings.finer * length * (high - low) / (2 * np.pi)) + 2
    grid = np.linspace(low, high, count)
    share = np.array([_explained(means, one) for one in grid])
    best = int(np.argmax(share))
    # Changes overlap, so that as many means tell as half of them; two numbers for each axis.
    free = max(len(time) * value.shape[1] / 4 - 1, 1)
    chance = len(grid) * (1 - share[best]) ** free
    if chance > settings.chance:
        return None
    near = _nearest_peak(means, float(grid[best]))
    return (float(grid[best]) if near is None else near), float(share[best])


def _nearest_peak(means: Means, frequency: float) -> float | None:
    """The frequency of a wave beside one that is roughly known; None where none is explained."""
    width = np.pi / max(float(np.ptp(means.time)), 1e-300)
    found = minimize_scalar(
        lambda one: -_explained(means, one),
        bounds=(frequency - width, frequency + width),
        method="bounded",
        options={"xatol": 1e-7 * frequency},
    )
    return float(found.x) if found.fun < 0 else None


def _explained(means: Means, frequency: float) -> float:
    """The share of squares that a wave of this frequency explains, of any phase and direction."""
    time, value = means
    middle = value - value.mean(axis=0)
    waves = np.stack([np.cos(frequency * time), np.sin(frequency * time)], axis=1)
    waves = waves - waves.mean(axis=0)
    products, squares = waves.T @ middle, waves.T @ waves
    try:
        told = float((products * np.linalg.solve(squares, products)).sum())
    except np.linalg.LinAlgError:
        return 0.0
    return told / max(float((middle**2).sum()), 1e-300)


def _mean_residuals(
    data: Recordings,
    fit: Fit,
    order: Order,
    cutoff: float,
    attributes: Sequence[str],
    seed: int,
    settings: FieldSettings,
) -> dict[str, Means]:
    """By attribute: of bodies weighted by it, which is what a field on it leaves."""
    time: list[np.ndarray] = []
    value: dict[str, list[np.ndarray]] = {name: [] for name in attributes}
    sums = MomentSettings(rows=settings.rows)
    for equations in iterate_equations(data, fit.terms, order, cutoff, seed=seed, settings=sums):
        left = equations.value - equations.columns @ fit.factors
        part = equations.part
        snapshots, index = np.unique(equations.snapshot, return_inverse=True)
        time.append(part.time[snapshots])
        mass = part.attributes.get("mass")
        for name in attributes:
            own = part.attributes[name][equations.body] if name else np.ones(len(left))
            weight = own if mass is None else own / mass[equations.body]
            size = np.maximum(np.bincount(index, weight**2), 1e-300)
            means = [np.bincount(index, weight * axis) / size for axis in left.T]
            value[name].append(np.stack(means, axis=1))
    if not time:
        return {}
    every = np.concatenate(time)
    chosen = np.unique(np.linspace(0, len(every) - 1, settings.points).astype(int))
    return {
        name: Means(every[chosen], np.concatenate(parts)[chosen]) for name, parts in value.items()
    }
