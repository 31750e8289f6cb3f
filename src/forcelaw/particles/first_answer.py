"""What regression of measured accelerations says before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forcelaw.laws import Formula
from forcelaw.particles.data import Trajectories
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings
from forcelaw.particles.learning import CONFIRMING
from forcelaw.particles.preparation import Prepared
from forcelaw.particles.selection import Distilled, Judging, settle_law
from forcelaw.training import Stage


@dataclass(frozen=True, eq=False)
class FirstAnswer:
    """What regression of measured accelerations says before anything is trained."""

    prepared: Prepared
    judging: Judging
    """In the data's own scales."""
    settled: Distilled | None
    """Likewise; None where the regression does not settle the law."""

    @property
    def formula(self) -> Formula | None:
        """The law that is settled, in the units of the data."""
        if self.settled is None:
            return None
        return self.settled.formula.rescaled(self.prepared.units.inverse)

    def stages(self, model: str, wanted: Sequence[Stage] | None) -> Sequence[Stage] | None:
        """The schedule that is wanted, or where the law is settled a shorter one than usual."""
        return CONFIRMING.get(model) if self.settled is not None and wanted is None else wanted


def answer_first(
    data: Trajectories, *, seed: int = 0, settings: DiscoverySettings = DISCOVERY
) -> FirstAnswer:
    """The first step of `discover`: seconds, and where accelerations were measured often all.

    **Raises** `NotEnoughData` for data in which no body acts on another.
    """
    prepared = Prepared.of(data, seed, settings=settings.learning.preparation)
    judging = Judging.of(
        prepared.split, prepared.sizes.names, seed=seed, settings=settings.selection
    )
    return FirstAnswer(prepared, judging, settle_law(judging, prepared.split, seed))
