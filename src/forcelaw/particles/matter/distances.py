"""Whether recordings can tell a force against distance at all."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import fill_motion, find_pairs, largest_cutoff

_SNAPSHOTS = 20
"""Of each recording that are looked at."""
_ALIKE = 1e-2
"""Share of a distance by which others must differ to tell a force that changes with it."""


def check_distances(data: Recordings, cutoff: float | None) -> None:
    """**Raises** `NotEnoughData` where no two bodies are near, or all are equally far apart."""
    lengths = np.concatenate([_some(part, cutoff) for part in data])
    if not len(lengths):
        near = "within the cutoff" if cutoff is not None else "in one snapshot"
        raise wrong_input(
            data.name,
            found=f"no two bodies {near}",
            expected="some, whose forces on each other are looked for",
            then="record more bodies, or choose a longer cutoff",
            error=NotEnoughData,
        )
    low, high = float(lengths.min()), float(lengths.max())
    if high - low <= _ALIKE * high:
        raise wrong_input(
            data.name,
            found=f"distances between {low:.4g} and {high:.4g} alone",
            expected="some that differ: of one distance no force against distance is told",
            then="record bodies that come nearer and go farther",
            error=NotEnoughData,
        )


def _some(part: Recording, cutoff: float | None) -> Float[np.ndarray, " pair"]:
    filled = fill_motion(part)
    reach = np.inf if part.cell is None else largest_cutoff(part.cell)
    reach = min(reach, np.inf if cutoff is None else cutoff)
    found = [np.zeros(0)]
    for index in np.unique(np.linspace(0, part.n_times - 1, _SNAPSHOTS).astype(int)):
        one = slice(index, index + 1)
        pairs = find_pairs(part, filled.position[one], filled.known[one], int(index), reach)
        found.append(pairs.length)
    return np.concatenate(found)
