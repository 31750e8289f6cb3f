"""Which network leads from states to those much later: its weights, the steps and a cap.

Steps and caps are chosen on held-out pairs, as for formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.pairs_of_states.forces.central_forces import CAPS, Cap
from forcelaw.particles.pairs_of_states.networks.fitting import NetworkForce, shoot_network
from forcelaw.particles.pairs_of_states.networks.radial_network import RadialNetwork, TableForce
from forcelaw.particles.pairs_of_states.networks.settings import NETWORK, NetworkFitSettings
from forcelaw.particles.pairs_of_states.pair_parts import PairParts
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs
from forcelaw.particles.pairs_of_states.stretches import (
    EncounterSteps,
    EulerSteps,
    LeapfrogSteps,
    Scheme,
)

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class NetworkCandidate:
    """A network, how motion is followed under it, and how far it misses held-out ends."""

    force: NetworkForce
    coupling: str | None
    """The attribute whose product multiplies the force."""
    scheme: Scheme
    misses: Float[np.ndarray, " pair"]
    """Of held-out pairs, over the typical displacement by forces."""

    @property
    def median(self) -> float:
        """The usual miss."""
        return float(np.median(self.misses))

    def score(self, settings: NetworkFitSettings) -> float:
        """Mean decimal logarithm of misses; rounding is none."""
        return float(np.mean(np.log10(self.misses + settings.exact)))

    def followed(self, scheme: Scheme, check: StatePairs) -> NetworkCandidate:
        """The same under other steps."""
        problem = Problem.of(check, self.coupling)
        return replace(self, scheme=scheme, misses=self.force.misses(scheme, problem))

    def shot(
        self, learn: StatePairs, check: StatePairs, scales: int, settings: NetworkFitSettings
    ) -> NetworkCandidate:
        """Learned on from its weights."""
        problem = Problem.of(learn, self.coupling)
        force = shoot_network(self.force, self.scheme, problem, scales=scales, settings=settings)
        return replace(self, force=force).followed(self.scheme, check)


def search_network(
    pairs: StatePairs,
    *,
    step: float | None = None,
    seed: int = 0,
    settings: NetworkFitSettings = NETWORK,
    say: Say = lambda line: None,
) -> NetworkCandidate:
    """The network that leads from states to their ends.

    It begins with no force, is shot over few pairs in coarse steps, then in fine ones, and last
    over the pairs that it misses by most, whose encounters tell what is at small distances; there
    a cap of the total force on a body is tried.

    **Arguments:** `step` as of `search_pairs`.

    **Raises** `NotEnoughData` for too few pairs.
    """
    parts = PairParts.of(pairs, seed, least=settings.least, held=settings.held)
    first = parts.learn.only(np.arange(min(len(parts.learn), settings.first)))
    best = _choose_coupling(parts, first, step, seed, settings, say)
    best = _choose_scheme(best, parts, first, step, settings, say)

    def score(one: NetworkCandidate) -> float:
        return one.score(settings)

    for number in range(settings.hard_rounds):
        hard = _hard_ones(best, parts, settings)
        if number == 0:
            start = _near_and_capped(best, hard, settings, say)
            best = min(best, start.followed(start.scheme, parts.check), key=score)
        tried = best.shot(hard, parts.check, settings.fine_scales, settings)
        say(f"hard pairs: misses {tried.median:.2g}, {tried.score(settings):.3f}")
        if score(tried) > score(best):
            break
        best = tried
    return best


def _choose_coupling(
    parts: PairParts,
    first: StatePairs,
    step: float | None,
    seed: int,
    settings: NetworkFitSettings,
    say: Say,
) -> NetworkCandidate:
    """The attribute whose product multiplies the force, in coarse steps."""
    coarse = EulerSteps(settings.first_steps) if step else LeapfrogSteps(settings.first_steps)
    known = [name for name, value in first.attributes.items() if np.ptp(value) > 0]
    new = _without_force(parts.learn, seed, settings)
    brief = replace(settings, rounds=settings.brief)
    tried = [
        NetworkCandidate(new, name, coarse, np.zeros(0)).shot(first, parts.check, 1, brief)
        for name in (None, *known)
    ]
    best = min(tried, key=lambda one: one.score(settings))
    say(f"pairs act by the product of {best.coupling}" if best.coupling else "all pairs act alike")
    best = best.shot(first, parts.check, settings.scales, settings)
    say(f"network: misses {best.median:.2g} in coarse steps")
    return best


def _without_force(pairs: StatePairs, seed: int, settings: NetworkFitSettings) -> NetworkForce:
    """A network that says nothing yet, and a table for all distances."""
    distances = pairs.distances()
    low = np.log(np.quantile(distances, settings.seen) / settings.below)
    high = np.log(np.max(distances) * settings.above)
    middle = np.log(np.median(distances))
    # One value more at each end.
    gap = float(high - low) / (settings.values - 3)
    unit = pairs.displacement / float(np.median(pairs.stretch)) ** 2
    table = TableForce(float(low) - gap, gap, settings.values, unit)
    return NetworkForce(
        RadialNetwork.new(width=settings.width, middle=float(middle), seed=seed), table
    )


def _choose_scheme(
    best: NetworkCandidate,
    parts: PairParts,
    first: StatePairs,
    step: float | None,
    settings: NetworkFitSettings,
    say: Say,
) -> NetworkCandidate:
    """Fitted in fine steps: in those that miss least, of two kinds where their length is known."""
    if step is None:
        return replace(best, scheme=EncounterSteps()).shot(
            first, parts.check, settings.fine_scales, settings
        )
    count = round(float(parts.learn.stretch.max()) / step)
    scheme, other = EulerSteps(count, step), LeapfrogSteps(count, step)
    best = replace(best, scheme=scheme).shot(first, parts.check, settings.fine_scales, settings)
    brief = replace(settings, rounds=settings.brief)
    rival = replace(best, scheme=other).shot(first, parts.check, 2, brief)
    for one in (best, rival):
        say(f"{one.scheme.words}: misses {one.median:.2g}, {one.score(settings):.3f}")
    if rival.score(settings) < best.score(settings):
        best = rival.shot(first, parts.check, settings.fine_scales, settings)
        say(f"network: misses {best.median:.2g}")
    return best


def _hard_ones(
    best: NetworkCandidate, parts: PairParts, settings: NetworkFitSettings
) -> StatePairs:
    """Pairs that are missed by most, and as many others."""
    misses = best.force.misses(best.scheme, Problem.of(parts.learn, best.coupling))
    worst = np.argsort(-misses)[: settings.first // 2]
    others = np.setdiff1d(np.arange(len(parts.learn)), worst)[: settings.first - len(worst)]
    return parts.learn.only(np.concatenate([worst, others]))


def _near_and_capped(
    best: NetworkCandidate, hard: StatePairs, settings: NetworkFitSettings, say: Say
) -> NetworkCandidate:
    """Where to go on from: what is near as it is or as a power, and a cap or none.

    Few pairs come near, and a fit of all others says little there; a power is tried from several
    distances on. That which misses least of hard pairs is taken.
    """
    worst = hard.only(np.arange(min(len(hard), settings.first // 2)))
    problem = Problem.of(worst, best.coupling)

    def score(force: NetworkForce) -> float:
        return float(np.mean(np.log10(force.misses(best.scheme, problem) + settings.exact)))

    def least(forces: Iterable[NetworkForce]) -> tuple[float, NetworkForce]:
        return min(((score(one), one) for one in forces), key=lambda item: item[0])

    def capped(force: NetworkForce, kind: Cap) -> tuple[float, NetworkForce]:
        table = replace(force.table, cap=kind)
        found = least(replace(force, table=table, limit=table.unit * cap) for cap in settings.caps)
        width = settings.caps[1] / settings.caps[0]
        for _ in range(settings.narrowed):
            width **= 1 / 2
            around = (found[1].limit or 0.0) * np.array([1 / width, width])
            found = min(
                found,
                least(replace(force, table=table, limit=float(cap)) for cap in around),
                key=lambda item: item[0],
            )
        return found

    middle = int(np.searchsorted(best.force.table.places, best.force.network.middle))
    free = [best.force, *(best.force.continued(at, settings) for at in range(4, middle - 5))]
    tried = [(*capped(one, CAPS[1]), one) for one in free]
    plain = min(tried, key=lambda item: item[0])[2]
    choices = [least(free), *((value, force) for value, force, _ in tried), capped(plain, CAPS[2])]
    value, force = min(choices, key=lambda item: item[0])
    say(f"hard pairs: cap {force.table.cap} {force.limit}, {score(best.force):.3f} to {value:.3f}")
    return replace(best, force=force)
