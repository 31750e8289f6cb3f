"""The formula that `discover` returns: a law that also rolls itself out."""

from __future__ import annotations

from forcelaw.laws import Formula
from forcelaw.motion import Integrator
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.prediction.rollouts import Rollout, predict_motion


class FoundFormula(Formula):
    """A `Formula` with `rollout`, which laws cannot have: motion is the floor above them.

    It is saved, and loaded again, as the plain `Formula` that it is.
    """

    @classmethod
    def of(cls, formula: Formula) -> FoundFormula:
        """The same formula."""
        return cls(formula.pair, formula.one_body, formula.core, formula.shared)

    @classmethod
    def family(cls) -> str:
        """See `Law.family`."""
        return Formula.family()

    def rollout(
        self,
        initial: Initial,
        *,
        steps: int,
        dt: float,
        every: int = 1,
        integrator: Integrator | None = None,
    ) -> Rollout:
        """The motion from every initial state, and what it conserved; see `predict_motion`."""
        return predict_motion(self, initial, steps=steps, dt=dt, every=every, integrator=integrator)
