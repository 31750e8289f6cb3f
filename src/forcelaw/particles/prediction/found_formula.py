"""The formula that `discover` returns: a law that also rolls itself out."""

from __future__ import annotations

from forcelaw.laws import Formula, Law
from forcelaw.particles.prediction.rollouts import Predictor


class FoundFormula(Formula, Predictor):
    """A `Formula` with `rollout`.

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

    def motion_law(self) -> Law:
        """See `Predictor.motion_law`."""
        return self
