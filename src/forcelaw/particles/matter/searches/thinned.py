"""Some stretches of recordings, for what need not see all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forcelaw.particles.data import Recording, Recordings


def thin(data: Recordings, rows: int, window: int, *, seed: int = 0) -> Recordings:
    """Some stretches of recordings that make about so many equations."""
    whole = sum(part.n_times * part.n_bodies for part in data)
    if whole <= 2 * rows:
        return data
    places = [
        (index, start)
        for index, part in enumerate(data)
        for start in range(0, max(part.n_times - window, 0) + 1, window)
    ]
    order = np.random.default_rng(seed).permutation(len(places))
    kept: list[Recording] = []
    total = 0
    for number in order:
        index, start = places[number]
        part = data.parts[index]
        kept.append(part.between(start, min(start + window, part.n_times)))
        total += max(kept[-1].n_times - 4, 0) * part.n_bodies
        if total >= rows and len(kept) > 1:
            break
    return replace(data, parts=tuple(kept))
