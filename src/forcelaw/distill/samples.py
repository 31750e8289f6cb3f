"""What a formula is sought for: named inputs, a target, and how much each sample counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from forcelaw.errors import InputError


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples in NumPy float64; make them with `Samples.of`."""

    variables: dict[str, np.ndarray]
    target: np.ndarray
    weights: np.ndarray
    """Weights with mean one."""

    @classmethod
    def of(cls, variables: Mapping[str, Any], target: Any, weights: Any = None) -> Samples:
        """Samples from arrays `[sample]`.

        **Raises** `InputError` naming the array whose length or values are wrong.
        """
        arrays = {name: np.asarray(value, np.float64) for name, value in variables.items()}
        goal = np.asarray(target, np.float64)
        weight = np.ones(goal.shape) if weights is None else np.asarray(weights, np.float64)
        for name, array in {**arrays, "target": goal, "weights": weight}.items():
            if array.ndim != 1 or array.shape != goal.shape or not len(array):
                raise InputError(
                    f"samples: {name!r} has shape {array.shape}, expected one number for each of "
                    f"the {goal.size} samples; give arrays of one length"
                )
            bad = np.flatnonzero(~np.isfinite(array))
            if bad.size:
                raise InputError(
                    f"samples: {name!r} is {array[bad[0]]} in sample {bad[0]}, expected finite "
                    "numbers; drop such samples"
                )
        if (weight < 0).any() or not weight.sum() > 0:
            raise InputError(
                "samples: found weights below zero or all zero, expected positive ones; drop "
                "samples that should not count"
            )
        return cls(arrays, goal, weight / weight.mean())

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def scale(self) -> float:
        """The weighted standard deviation of the target; its size if constant; 1 if zero."""
        mean = np.average(self.target, weights=self.weights)
        spread = float(np.sqrt(np.average((self.target - mean) ** 2, weights=self.weights)))
        return spread if spread > 1e-12 * abs(mean) else abs(float(mean)) or 1.0

    def take(self, rows: np.ndarray) -> Samples:
        """The samples at `rows` (indices or a mask)."""
        weights = self.weights[rows]
        variables = {name: value[rows] for name, value in self.variables.items()}
        return Samples(variables, self.target[rows], weights / (weights.mean() or 1.0))

    def at_most(self, count: int, *, seed: int) -> Samples:
        """A random subset of at most `count` samples."""
        if len(self) <= count:
            return self
        return self.take(np.random.default_rng(seed).permutation(len(self))[:count])


def relative_weights(target: Any) -> np.ndarray:
    """Weights `1 / (target^2 + median^2)`: relative errors count, small targets do not explode.

    For forces with a pole, where close encounters would otherwise be all that is fitted.
    """
    square = np.asarray(target, np.float64) ** 2
    typical = float(np.median(square)) or float(np.mean(square)) or 1.0
    return 1 / (square + typical)
