"""The formula that `discover` returns: a law that also rolls itself out."""

from __future__ import annotations

import equinox as eqx
from jax.core import Tracer

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

    def __repr__(self) -> str:
        constants = [part.constants for part in (self.pair, *self.one_body)]
        if any(isinstance(one, Tracer) or not eqx.is_array_like(one) for one in constants):
            # Inside transformations they are no numbers yet.
            return super().__repr__()
        texts = [self.pair.text(8), *([self.one_body_text(8)] if self.one_body else [])]
        core = f", core={self.core:g}" if self.core else ""
        return f"{type(self).__name__}.parse({', '.join(map(repr, texts))}{core})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"
