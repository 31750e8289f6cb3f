"""Steps with splines evaluated at every distance, once for all forces that are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.particles.hidden.steps import Steps
from forcelaw.particles.kernels import RadialBasis

_PAIRS = 400_000
"""Of pairs at places whose splines are multiplied at a time: 13 MB each."""


@dataclass(frozen=True, eq=False)
class SplineSteps:
    """A recording's steps and the splines at its distances."""

    steps: Steps
    basis: RadialBasis
    first: Int[np.ndarray, "step node pair"]
    """The first of the splines that are not zero there."""
    values: Float[np.ndarray, "step node pair 4"]

    @classmethod
    def of(cls, steps: Steps, basis: RadialBasis) -> SplineSteps:
        """Splines at all distances of these steps."""
        first, values = basis.nonzero(steps.length.ravel())
        shape = steps.length.shape
        return cls(steps, basis, first.astype(np.int32).reshape(shape), values.reshape(*shape, 4))

    def thinned(self, pairs: int) -> SplineSteps:
        """Fewer steps, evenly spread, of at most so many pairs at places together."""
        steps = self.steps
        most = max(2, pairs // (len(steps.pairs.first) * steps.share.shape[1]))
        if len(steps.value) <= most:
            return self
        rows = np.linspace(0, len(steps.value) - 1, most).astype(int)
        return replace(
            self, steps=steps.only(rows), first=self.first[rows], values=self.values[rows]
        )

    def force(self, factors: Float[np.ndarray, " spline"]) -> Float[np.ndarray, "step node pair"]:
        """The force with these factors at all places."""
        total = factors[self.first] * self.values[..., 0]
        for k in range(1, self.values.shape[-1]):
            total += factors[self.first + k] * self.values[..., k]
        return total

    def columns(
        self, weights: Sequence[Float[np.ndarray, "receiver sender"]]
    ) -> Iterator[tuple[slice, Float[np.ndarray, "step body dim column"]]]:
        """Mean forces of all splines on every body, some steps at a time.

        **Arguments:** `weights` of senders at each receiver; of each table there are as many
        columns as splines.
        """
        steps = self.steps
        count, pairs = len(steps.value), len(steps.pairs.first)
        each = max(1, _PAIRS // (pairs * steps.share.shape[1]))
        for start in range(0, count, each):
            rows = slice(start, min(start + each, count))
            yield rows, self._columns(rows, weights)

    def _columns(
        self, rows: slice, weights: Sequence[Float[np.ndarray, "receiver sender"]]
    ) -> Float[np.ndarray, "step body dim column"]:
        steps, size = self.steps, self.basis.size
        first, second, bodies = steps.pairs
        some = rows.stop - rows.start
        shape = (some, bodies, steps.dim, len(weights) * size)
        total = np.zeros(shape)
        step = np.arange(some)[:, None]
        for node in range(steps.share.shape[1]):
            spline = self.first[rows, node][..., None] + np.arange(4)
            values = self.values[rows, node] * steps.share[rows, node, None, None]
            direction = steps.direction[rows, node]
            for own, sign, ends in ((first, 1.0, (first, second)), (second, -1.0, (second, first))):
                flat = (((step * bodies + own) * size)[..., None] + spline).ravel()
                for axis in range(steps.dim):
                    along = sign * direction[..., axis, None] * values
                    for table, weight in enumerate(weights):
                        summed = np.bincount(
                            flat,
                            (along * weight[ends][:, None]).ravel(),
                            minlength=some * bodies * size,
                        )
                        part = total[:, :, axis, table * size : (table + 1) * size]
                        part += summed.reshape(some, bodies, size)
        return total
