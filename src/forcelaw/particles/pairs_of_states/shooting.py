"""Numbers of a force from pairs of states: robust shooting.

Levenberg and Marquardt's steps, with sensitivities by forward differentiation through the motion.
Encounters make motion chaotic: a pair that is missed by far says little, and counts by the
logarithm of its miss (Cauchy's loss), on a scale that shrinks while more and more pairs are met.
"""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Bool, Float

from forcelaw.device_arrays import to_device
from forcelaw.particles.pairs_of_states.forces.central_forces import Forces, Vectors
from forcelaw.particles.pairs_of_states.settings import PAIRS, PairsSettings
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs
from forcelaw.particles.pairs_of_states.stretches import Scheme, Start

_NOWHERE = 1e6
"""Miss of motion that cannot be followed, over the typical displacement."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Pairs on the device, and where their bodies came to be."""

    start: Start
    end: Float[np.ndarray, "dim body pair"]
    unit: float
    """The typical displacement by forces."""

    @classmethod
    def of(cls, pairs: StatePairs, coupling: str | None) -> Problem:
        """With the attribute whose product at both ends multiplies the force; None: none does."""
        first, second = np.triu_indices(pairs.position.shape[1], 1)
        if coupling is None:
            factor = np.ones((len(first), len(pairs)))
        else:
            value = pairs.attributes[coupling].T
            factor = value[first] * value[second]
        mass = pairs.attributes.get("mass", np.ones(pairs.position.shape[:2])).T
        with jax.enable_x64():
            arrays = (
                pairs.position.transpose(2, 1, 0),
                pairs.velocity.transpose(2, 1, 0),
                pairs.stretch,
                factor,
                mass,
            )
            start = Start(*(to_device(array, np.float64) for array in arrays))
        return cls(start, pairs.end.transpose(2, 1, 0), pairs.displacement)

    def misses(
        self, force: Forces, scheme: Scheme, numbers: Float[np.ndarray, " number"]
    ) -> Float[np.ndarray, " pair"]:
        """Root mean square miss of every pair over the typical displacement."""
        end = self.ends(force, scheme, numbers).transpose(2, 1, 0)
        with np.errstate(all="ignore"):
            sizes = np.sqrt(np.mean((end - self.end) ** 2, axis=(0, 1))) / self.unit
        return np.minimum(np.nan_to_num(sizes, nan=_NOWHERE, posinf=_NOWHERE), _NOWHERE)

    def ends(
        self, force: Forces, scheme: Scheme, numbers: Float[np.ndarray, " number"]
    ) -> Float[np.ndarray, "pair body dim"]:
        """Where bodies come to be under a force."""
        with jax.enable_x64():
            end = np.asarray(_end(force, scheme, to_device(numbers, np.float64), self.start))
        return end.transpose(2, 1, 0)

    def linearised(
        self, force: Forces, scheme: Scheme, numbers: Float[np.ndarray, " number"]
    ) -> tuple[Float[np.ndarray, "pair row"], Float[np.ndarray, "pair row number"]]:
        """What is missed, and its slopes, over the typical displacement; pairs astray are zero."""
        with jax.enable_x64():
            at = to_device(numbers, np.float64)
            end, slopes = (np.asarray(one) for one in _linearised(force, scheme, at, self.start))
        missed = ((end - self.end) / self.unit).reshape(-1, end.shape[-1]).T
        slopes = (slopes / self.unit).reshape(missed.shape[1], missed.shape[0], -1)
        slopes = slopes.transpose(1, 0, 2)
        both = np.concatenate([missed[..., None], slopes], axis=2)
        astray = ~np.isfinite(both.reshape(len(both), -1)).all(axis=1)
        both = np.where(np.asarray(astray)[:, None, None], 0, both)
        return both[..., 0], both[..., 1:]


@eqx.filter_jit
def _end(force: Forces, scheme: Scheme, numbers: Array, start: Start) -> Vectors:
    return scheme.end(force, numbers, start)


@eqx.filter_jit
def _linearised(
    force: Forces, scheme: Scheme, numbers: Array, start: Start
) -> tuple[Vectors, Float[Array, "dim body pair number"]]:
    def both(at: Array) -> tuple[Vectors, Vectors]:
        end = scheme.end(force, at, start)
        return end, end

    slopes, end = jax.jacfwd(both, has_aux=True)(numbers)
    return end, slopes


def shoot_pairs(
    force: Forces,
    scheme: Scheme,
    problem: Problem,
    numbers: Float[np.ndarray, " number"],
    *,
    free: Bool[np.ndarray, " number"] | None = None,
    settings: PairsSettings = PAIRS,
) -> Float[np.ndarray, " number"]:
    """The numbers that meet most ends, from where they are.

    **Arguments:** `free` those that may change; None: all.

    Levenberg, Quart. Appl. Math. 2, 164 (1944); Marquardt, SIAM J. 11, 431 (1963).
    """
    found = np.array(numbers, float)
    scale = np.inf
    for _ in range(settings.scales):
        usual = float(np.median(problem.misses(force, scheme, found)))
        if usual < settings.exact / 100 or not usual < _NOWHERE:
            break
        if np.isfinite(scale) and usual > 0.7 * scale:
            break
        scale = usual if np.isinf(scale) else max(usual, settings.shrink * scale)
        found = _on_one_scale(force, scheme, problem, found, scale, free, settings)
    return found


def _on_one_scale(
    force: Forces,
    scheme: Scheme,
    problem: Problem,
    start: Float[np.ndarray, " number"],
    scale: float,
    free: Bool[np.ndarray, " number"] | None,
    settings: PairsSettings,
) -> Float[np.ndarray, " number"]:
    found, damping = start, 1e-3

    def cost(at: np.ndarray) -> float:
        return float(np.sum(np.log1p((problem.misses(force, scheme, at) / scale) ** 2)))

    now = cost(found)
    for _ in range(settings.rounds):
        missed, slopes = problem.linearised(force, scheme, found)
        if free is not None:
            slopes = slopes * free
        rows = missed.shape[1]
        weight = 1 / (1 + np.mean(missed**2, axis=1) / scale**2)
        # A slope that an encounter has enlarged would outweigh all others.
        steep = np.sqrt(np.mean(slopes**2, axis=1)) * np.abs(found)
        usual = np.median(steep, axis=0) + 1e-30
        weight = weight / (1 + np.max(steep / (10 * usual), axis=1) ** 2) / rows
        hessian = np.einsum("p,pra,prb->ab", weight, slopes, slopes)
        pull = np.einsum("p,pra,pr->a", weight, slopes, missed)
        size = np.sqrt(np.diag(hessian)) + 1e-150
        hessian, pull = hessian / np.outer(size, size), pull / size
        downhill = None
        for _ in range(8):
            damped = hessian + damping * np.eye(len(pull))
            step = -np.linalg.lstsq(damped, pull, rcond=1e-14)[0] / size
            # No number more than doubles at once; those that say nothing yet go anywhere.
            says = usual > 1e-3 * scale
            far = np.max(np.abs(step) / np.where(says, np.abs(found), np.inf), initial=0)
            step = step / max(1.0, far)
            trial = cost(found + step)
            if trial < now:
                downhill = step, now - trial
                break
            damping = max(10 * damping, 1e-8)
        if downhill is None:
            break
        step, gain = downhill
        change = float(np.max(np.abs(step) / (np.abs(found) + 1e-12)))
        now, found, damping = now - gain, found + step, damping / 10
        if change < settings.settled or gain < 1e-6 * now:
            break
    return found
