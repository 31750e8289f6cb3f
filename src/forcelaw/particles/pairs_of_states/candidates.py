"""A force with its numbers, how motion is followed under it, and how far it misses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.pairs_of_states.forces.central_forces import Cap, CentralForce, Forces
from forcelaw.particles.pairs_of_states.forces.forces_beside import ForcesBeside, OneBodyForce
from forcelaw.particles.pairs_of_states.settings import PairsSettings
from forcelaw.particles.pairs_of_states.shooting import Problem, shoot_pairs
from forcelaw.particles.pairs_of_states.stretches import Scheme


@dataclass(frozen=True, eq=False)
class Candidate:
    """A force with its numbers, and how far it misses held-out ends."""

    form: str
    force: CentralForce
    numbers: Float[np.ndarray, " number"]
    """Those of the force between pairs, a cap last, then those of what acts beside it."""
    coupling: str | None
    scheme: Scheme
    misses: Float[np.ndarray, " pair"]
    """Of held-out pairs, over the typical displacement by forces."""
    beside: tuple[OneBodyForce, ...] = ()
    """What acts beside the force between pairs."""

    @property
    def own(self) -> int:
        """How many numbers are of the force between pairs, a cap included."""
        return self.force.ties.shape[1] + (self.force.cap != "none")

    @property
    def cap(self) -> float | None:
        """The most that acts on a body in all."""
        return None if self.force.cap == "none" else float(self.numbers[self.own - 1])

    @property
    def constants(self) -> Float[np.ndarray, " constant"]:
        """Of the expression of the force between pairs."""
        return self.force.ties @ self.numbers[: self.force.ties.shape[1]]

    def of_cap(self, kind: Cap) -> Candidate:
        """One that has a cap with the same cap in another sense."""
        return replace(self, force=CentralForce(self.force.expression, self.force.ties, cap=kind))

    @property
    def forces(self) -> Forces:
        """All that acts."""
        if not self.beside:
            return self.force
        return ForcesBeside(self.force, self.own, self.beside)

    @property
    def median(self) -> float:
        """The usual miss."""
        return float(np.median(self.misses))

    def logs(self, settings: PairsSettings) -> Float[np.ndarray, " pair"]:
        """Decimal logarithms of misses; rounding is none."""
        return np.log10(self.misses + settings.exact)

    def score(self, settings: PairsSettings) -> float:
        """Their mean."""
        return float(np.mean(self.logs(settings)))

    def checked(self, numbers: Float[np.ndarray, " number"], check: Problem) -> Candidate:
        """The same with other numbers."""
        misses = check.misses(self.forces, self.scheme, numbers)
        return replace(self, numbers=numbers, misses=misses)

    def shot(
        self,
        learn: Problem,
        check: Problem,
        settings: PairsSettings,
        free: Bool[np.ndarray, " number"] | None = None,
    ) -> Candidate:
        """Fitted from its numbers on; see `shoot_pairs`."""
        numbers = shoot_pairs(
            self.forces, self.scheme, learn, self.numbers, free=free, settings=settings
        )
        return self.checked(numbers, check)


def fewest_numbers(
    tried: Sequence[Candidate], names: Sequence[str], settings: PairsSettings
) -> Candidate:
    """Of those that miss about as little as the best that of fewest numbers, the first of such."""
    errors = np.stack([one.logs(settings) for one in tried])
    good = as_good_as_the_best(errors, significance=settings.significance, slight=settings.slight)
    close = [
        (one, error.mean())
        for one, error, is_good in zip(tried, errors, good, strict=True)
        if is_good
    ]
    return min(close, key=lambda item: (len(item[0].numbers), names.index(item[0].form), item[1]))[
        0
    ]
