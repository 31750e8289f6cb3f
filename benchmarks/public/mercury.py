"""What Newton's law leaves of Mercury's motion: the first post-Newtonian term, and its precession.

python -m benchmarks run public/mercury
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.numerics import least_squares
from forcelaw.particles.systems.solar_system import solar

TERMS = ("GM/r^4 r", "v^2/r^3 r", "(r.v)/r^3 v", "(r.v)^2/r^5 r")
"""Accelerations by the Sun that are linear in the square of a speed, each times GM."""
EINSTEIN = (4.0, -1.0, 4.0, 0.0)
"""Their factors in general relativity, over the square of the speed of light."""
LIGHT = 173.14463267424034
"""In astronomical units a day: to check results, never an input."""
PUBLISHED = 42.98
"""Arcseconds a century, of relativity alone (Park et al., AJ 153, 121, 2017)."""
PLANETS = ("mercury", "venus", "mars", "jupiter", "saturn")
"""Whose motion is explained: those whose pulls are those of points."""
HELD, SLIGHT = 0.25, 1.1
"""Share of time that chooses terms, and how much more the fewest may miss than the best."""
ARCSECONDS = 180 * 3600 / np.pi
SMOKE = ["--years", "4"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--years", nargs="+", type=float, default=[20.0, 50.0])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for years in options.years:
        yield Case({"years": years})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Masses and terms together from accelerations; terms by the last quarter of the time."""
    del options
    data = solar(years=case.arguments["years"])
    design, goal, when = equations(data)
    bodies = len(data.bodies)
    early = when <= np.quantile(data.time, 1 - HELD)
    tried = []
    for count in range(len(TERMS) + 1):
        for chosen in combinations(range(len(TERMS)), count):
            columns = [*range(bodies), *(bodies + term for term in chosen)]
            found, _ = least_squares(design[early][:, columns], goal[early], dependent=1e-15)
            missed = goal[~early] - design[~early][:, columns] @ found
            tried.append((chosen, float(np.sqrt(np.mean(missed**2)))))
    least = min(missed for _, missed in tried)
    chosen, missed = next(one for one in tried if one[1] <= SLIGHT * least)
    columns = [*range(bodies), *(bodies + term for term in chosen)]
    found, _ = least_squares(design[:, columns], goal, dependent=1e-15)
    factors = np.zeros(len(TERMS))
    factors[list(chosen)] = found[bodies:]
    gm = float(found[data.bodies.index("sun")])
    # Factors are of GM over the square of a speed, the first of GM^2.
    factors = factors / gm ** np.array([2, 1, 1, 1])
    mercury, sun = data.bodies.index("mercury"), data.bodies.index("sun")
    x = data.position[0, :, mercury] - data.position[0, :, sun]
    v = data.velocity[0, :, mercury] - data.velocity[0, :, sun]
    turned = precession(factors, gm, x, v)
    return {
        "terms": [TERMS[term] for term in chosen],
        "factors": (factors * LIGHT**2).tolist(),
        "newton": tried[0][1],
        "missed": missed,
        "precession": turned,
    }


def equations(data: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of accelerations, relative to their size: columns of masses, then of terms; times."""
    x, v, a = data.position[0], data.velocity[0], data.acceleration[0]
    sun, bodies = data.bodies.index("sun"), len(data.bodies)
    designs, goals = [], []
    for name in PLANETS:
        own = data.bodies.index(name)
        columns = np.zeros((len(x), 3, bodies + len(TERMS)))
        for other in set(range(bodies)) - {own}:
            apart = x[:, other] - x[:, own]
            columns[..., other] = apart / np.linalg.norm(apart, axis=1, keepdims=True) ** 3
        columns[..., bodies:] = np.stack(terms(x[:, own] - x[:, sun], v[:, own] - v[:, sun]), -1)
        size = np.linalg.norm(a[:, own], axis=1)[:, None]
        designs.append((columns / size[..., None]).reshape(-1, columns.shape[-1]))
        goals.append((a[:, own] / size).ravel())
    when = np.tile(np.repeat(data.time, 3), len(PLANETS))
    return np.concatenate(designs), np.concatenate(goals), when


def terms(x: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
    """`TERMS`, where GM is 1."""
    r = np.linalg.norm(x, axis=-1, keepdims=True)
    along = np.sum(x * v, axis=-1, keepdims=True)
    square = np.sum(v * v, axis=-1, keepdims=True)
    return x / r**4, square * x / r**3, along * v / r**3, along**2 * x / r**5


def precession(factors: np.ndarray, gm: float, x: np.ndarray, v: np.ndarray) -> float:
    """Arcseconds a century by which terms turn the mean ellipse of states, by Gauss's equation.

    Roy, Orbital Motion (2005), section 7.7.
    """
    r, square = np.linalg.norm(x, axis=1), np.sum(v * v, axis=1)
    axis = 1 / np.mean(2 / r - square / gm)
    toward = np.cross(v, np.cross(x, v)) / gm - x / r[:, None]
    e = float(np.linalg.norm(toward.mean(axis=0)))
    mean, size = np.sqrt(gm / axis**3), axis * (1 - e**2)
    f = np.linspace(0, 2 * np.pi, 4001)[:-1]
    r, speed = size / (1 + e * np.cos(f)), np.sqrt(gm / size)
    radial, across = np.stack([np.cos(f), np.sin(f)], 1), np.stack([-np.sin(f), np.cos(f)], 1)
    v = speed * e * np.sin(f)[:, None] * radial + (speed * size / r)[:, None] * across
    each = terms(r[:, None] * radial, v)
    units = gm ** np.array([2, 1, 1, 1])
    push = sum(factor * one for factor, one in zip(factors * units, each, strict=True))
    outward, forward = np.sum(push * radial, axis=1), np.sum(push * across, axis=1)
    rate = -outward * np.cos(f) + forward * (1 + r / size) * np.sin(f)
    rate *= np.sqrt(1 - e**2) / (mean * axis * e)
    # A step of the true anomaly takes r^2 over the angular momentum.
    orbit = float(np.mean(rate * r**2 / np.sqrt(gm * size))) * 2 * np.pi
    return orbit * ARCSECONDS * 36525 * mean / (2 * np.pi)


def figures(records: Sequence[Record]) -> dict[str, str]:
    rows = [
        [
            f"{record.arguments['years']:g}",
            ", ".join(f"`{term}`" for term in record.figures["terms"]),
            ", ".join(f"{factor:.4g}" for factor in record.figures["factors"]),
            f"{record.figures['newton']:.1e}",
            f"{record.figures['missed']:.1e}",
            f"{record.figures['precession']:.3f}",
        ]
        for record in records
    ]
    truth = ["relativity", "", ", ".join(f"{one:g}" for one in EINSTEIN), "", "", PUBLISHED]
    head = "years | terms | factors | Newton misses | with terms | arcseconds a century"
    found = f"{records[0].figures['precession']:.2f}" if records else "?"
    return {"table": table(head, [*rows, truth]), "precession": found}
