"""Central laws by pysindy, with a dictionary that holds what most of them are made of.

Needs `pysindy` (2.1). It knows no pairs of bodies, so its columns are made here: for every function
of the dictionary the accelerations that it causes as a pair force, times the masses or charges
that the law has. It is given the accelerations that forcelaw estimates from the positions, and
regresses them by STLSQ on columns of one size; the threshold is chosen on held-out snapshots.
PySR needs Julia, which its installer downloads; where that is not reachable there is nothing to
compare.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from forcelaw.laws import Expression
from forcelaw.particles import Trajectories

POWERS = (-13, -12, -7, -6, -5, -4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3)
RATES, WAVES = (0.5, 1, 1.5, 2, 3, 4), (1, 2, 3, 4, 5, 6)
DICTIONARY = (
    *(f"r**({p})" for p in POWERS),
    *(f"exp(-{k}*r)*r**({q})" for k, q in product(RATES, (0, -1, -2))),
    *(f"{wave}({k}*r)*r**({q})" for wave, k, q in product(("cos", "sin"), WAVES, (0, -1, -2, -3))),
)
"""The true rates and wave numbers are among them, which nobody knows beforehand."""
THRESHOLDS = np.geomspace(1e-4, 1, 25)
"""Of factors of columns of unit size, over the largest."""
CLOSE = 1.05
"""The fewest terms are taken whose held-out squares are within this factor of the least..."""
EXACT = 1e-6
"""...and this share of all squares."""
SAMPLES = 6000
"""Snapshots that are used."""


def regress(known: Trajectories, ends: str | None) -> tuple[str, int]:
    """The formula that pysindy keeps, and its number of terms; `ends` multiplies all of them."""
    import pysindy  # type: ignore[import-not-found]

    flat = known.samples()
    some = np.random.default_rng(0).permutation(len(flat.position))[:SAMPLES]
    position, goal = flat.position[some], flat.acceleration[some]
    attributes = {key: value[some] for key, value in flat.attributes.items()}
    columns = np.stack([_column(text, position, attributes, ends) for text in DICTIONARY], axis=-1)
    train = np.arange(len(position)) % 5 > 0
    rows, held = (
        (columns[part].reshape(-1, len(DICTIONARY)), goal[part].ravel()) for part in (train, ~train)
    )
    size = np.sqrt(np.mean(rows[0] ** 2, axis=0))
    found = []
    for threshold in THRESHOLDS * np.sqrt(np.mean(rows[1] ** 2)):
        fit = pysindy.STLSQ(threshold=threshold, alpha=1e-10, max_iter=30)
        fit.fit(rows[0] / size, rows[1][:, None])
        factors = fit.coef_[0] / size
        error = float(np.mean((held[0] @ factors - held[1]) ** 2))
        found.append((np.count_nonzero(factors), error, factors))
    least = min(error for _, error, _ in found)
    most = CLOSE * least + EXACT * float(np.mean(held[1] ** 2))
    _, _, factors = min((one for one in found if one[1] <= most), key=lambda one: one[:2])
    both = {"mass": "*m_i*m_j", "charge": "*q_i*q_j", None: ""}[ends]
    parts = [f"{f:.6g}{both}*{DICTIONARY[k]}" for k, f in enumerate(factors) if f]
    return " + ".join(parts) or "0", len(parts)


def _column(
    text: str, position: np.ndarray, attributes: dict[str, np.ndarray], ends: str | None
) -> np.ndarray:
    """The accelerations that one function causes as a pair force."""
    difference = position[:, None] - position[:, :, None]
    r = np.linalg.norm(difference, axis=-1) + np.eye(position.shape[1])
    value = np.broadcast_to(Expression.parse(text).at({"r": r}), r.shape)
    value = value * (1 - np.eye(position.shape[1])) / r
    if ends is not None:
        value = value * attributes[ends][:, :, None] * attributes[ends][:, None]
    total = np.einsum("sij,sijd->sid", value, difference)
    mass = attributes.get("mass")
    return total if mass is None else total / mass[..., None]
