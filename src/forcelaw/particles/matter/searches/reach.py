"""How far forces reach, where nobody said so and too many others are within half the box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import (
    Order,
    Turning,
    fill_motion,
    fit_terms,
    largest_cutoff,
    nearest_image,
)
from forcelaw.particles.matter.candidate_terms import Candidates, find_candidates
from forcelaw.particles.matter.order_choice import choose_order
from forcelaw.particles.matter.searches.force_ends import find_end
from forcelaw.particles.matter.searches.thinned import thin
from forcelaw.particles.settings import NoiseName


@dataclass(frozen=True)
class ReachSettings:
    """What decides how far forces are looked for."""

    few: int = 250
    """Others within half the box, up to which all of them are looked at."""
    first: int = 200
    """Others within the distance that is tried first: four shells of neighbours in a liquid."""
    hidden: int = 60
    """Others that are looked at in any case where chance moves bodies: it hides weak forces."""
    rows: int = 4_000
    """Equations that are looked at."""
    window: int = 8
    """Snapshots of one stretch, of which four have no equations."""
    inside: float = 0.75
    """Share of the distance that is tried, within which forces must end: else others are tried."""
    wider: float = 1.4
    """By how much the next is longer."""
    beyond: float = 1.1
    """Times the distance at which forces end, up to which they are looked for: weak ones hide."""
    bodies: int = 100
    """Whose neighbours are counted."""


REACH = ReachSettings()


def find_reach(
    data: Recordings,
    order: Order | None,
    noise: NoiseName,
    *,
    seed: int = 0,
    settings: ReachSettings = REACH,
) -> float | None:
    """A distance that is shorter than half the box and beyond which no force shows.

    None where bodies are few enough to look at all others, or forces show everywhere: functions of
    the distance, of all terms that may act, are tried up to longer and longer distances, until the
    outer part of none of them explains more than chance.

    **Arguments:** `order` of the law; None: found.
    """
    widest = min(np.inf if p.cell is None else largest_cutoff(p.cell) for p in data)
    reach = _holding(data, settings.few, settings, seed)
    if reach >= widest or any(part.edges is not None for part in data):
        return None
    reach = _holding(data, settings.first, settings, seed)
    some = thin(data, settings.rows, settings.window, seed=seed)
    while reach < widest:
        candidates = find_candidates(some, reach)
        wanted = [order or choose_order(some, candidates, seed=seed).order]
        wanted += [Turning()] if data.has_heading else []
        ends, hides = [], False
        for one in wanted:
            for receiver in range(candidates.kinds):
                terms = candidates.terms(receiver, one)
                fit = fit_terms(
                    some, terms, one, reach, rows=10 * settings.rows, seed=seed, noise=noise
                )
                ends += [find_end(fit, index) for index in range(len(terms.blocks))]
                hides |= fit.estimator.instruments
        if max(ends) <= settings.inside * reach:
            least = _holding(data, settings.hidden, settings, seed) if hides else 0.0
            return min(max(settings.beyond * max(ends), least), reach)
        reach *= settings.wider
    return None


def _holding(data: Recordings, others: int, settings: ReachSettings, seed: int) -> float:
    """The distance within which a body has so many others, typically; inf where there are fewer."""
    distances = [_of_neighbour(part, others, settings, seed) for part in data]
    return float(min(distances, default=np.inf))


def _of_neighbour(part: Recording, number: int, settings: ReachSettings, seed: int) -> float:
    filled, middle = fill_motion(part), part.n_times // 2
    places = filled.position[middle][filled.known[middle]]
    if len(places) <= number:
        return np.inf
    some = np.random.default_rng(seed).permutation(len(places))[: settings.bodies]
    difference = places[None] - places[some, None]
    if part.cell is not None:
        difference = nearest_image(difference, part.cell.at(middle), part.cell.periodic)
    length = np.sort(np.linalg.norm(difference, axis=-1), axis=1)
    return float(np.median(length[:, number]))


def end_in_words(longest: float, candidates: Candidates) -> str:
    """How far forces were looked for, and where they end."""
    looked = f"forces were looked for up to {candidates.cutoff:.4g}"
    if longest < candidates.cutoff:
        return f"{looked}, and none acts beyond {longest:.4g}"
    whole = "half the box" if candidates.whole else "beyond which none shows"
    return f"{looked}, {whole}"
