"""Motion over a long stretch: in steps as the data were made, or in steps that encounters shorten.

All of it is differentiable in forward mode, by the few numbers of a law.
"""

from __future__ import annotations

import abc

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from forcelaw.particles.pairs_of_states.forces.central_forces import Forces, Vectors


class Start(eqx.Module):
    """Where motion begins, and what does not change."""

    position: Vectors
    velocity: Vectors
    stretch: Float[Array, " pair"]
    coupling: Float[Array, "line pair"]
    mass: Float[Array, "body pair"]


class Scheme(eqx.Module):
    """How motion is followed."""

    @abc.abstractmethod
    def end(self, force: Forces, numbers: Float[Array, " number"], start: Start) -> Vectors:
        """Positions at the end of each stretch."""

    @abc.abstractmethod
    def over(self, stretch: float) -> Scheme:
        """The same for stretches up to this one."""

    @property
    @abc.abstractmethod
    def words(self) -> str:
        """What is done, in a few words."""


class _InSteps(Scheme):
    """Steps of one length for all; a stretch that is over is left alone."""

    steps: int = eqx.field(static=True)
    """Over the longest stretch."""
    step: float | None = eqx.field(static=True, default=None)
    """Its length; None: as many steps for every stretch."""

    def over(self, stretch: float) -> Scheme:
        """See `Scheme`."""
        return self if self.step is None else type(self)(round(stretch / self.step), self.step)

    def _lengths(self, start: Start) -> tuple[Float[Array, " pair"], Int[Array, " pair"]]:
        whole = jnp.full(start.stretch.shape, self.steps)
        if self.step is None:
            return start.stretch / self.steps, whole
        counts = jnp.round(start.stretch / self.step).astype(whole.dtype)
        return start.stretch / jnp.maximum(counts, 1).astype(start.stretch.dtype), counts


class EulerSteps(_InSteps):
    """Kick, then drift, by the whole step: semi-implicit Euler."""

    def end(self, force: Forces, numbers: Float[Array, " number"], start: Start) -> Vectors:
        """See `Scheme`."""
        step, counts = self._lengths(start)

        def body(index: Int[Array, ""], now: tuple[Vectors, Vectors]) -> tuple[Vectors, Vectors]:
            x, v = now
            h = jnp.where(index < counts, step, 0)[None, None]
            v = v + h * force.accelerations(numbers, x, v, start.coupling, start.mass)
            return x + h * v, v

        return _loop(body, self.steps, (start.position, start.velocity))[0]

    @property
    def words(self) -> str:
        """See `Scheme`."""
        return "semi-implicit Euler steps"


class LeapfrogSteps(_InSteps):
    """Half a kick, a drift, half a kick: velocity Verlet."""

    def end(self, force: Forces, numbers: Float[Array, " number"], start: Start) -> Vectors:
        """See `Scheme`."""
        step, counts = self._lengths(start)

        def pulled(x: Vectors, v: Vectors) -> Vectors:
            return force.accelerations(numbers, x, v, start.coupling, start.mass)

        def body(
            index: Int[Array, ""], now: tuple[Vectors, Vectors, Vectors]
        ) -> tuple[Vectors, Vectors, Vectors]:
            x, v, a = now
            h = jnp.where(index < counts, step, 0)[None, None]
            half = v + h / 2 * a
            x = x + h * half
            a = pulled(x, half)
            return x, half + h / 2 * a, a

        first = (start.position, start.velocity, pulled(start.position, start.velocity))
        return _loop(body, self.steps, first)[0]

    @property
    def words(self) -> str:
        """See `Scheme`."""
        return "leapfrog steps"


class EncounterSteps(Scheme):
    """Runge-Kutta steps of fourth order, each a share of the time that the nearest encounter takes.

    Every pair of states has its own clock. Derivatives are those of the motion at the steps that
    were taken. Aarseth, Gravitational N-Body Simulations (2003), section 2.3, for such steps.
    """

    share: float = eqx.field(static=True, default=0.05)
    """Of the time in which two bodies would meet, or fall on each other."""
    least: float = eqx.field(static=True, default=1e-9)
    """Of the stretch."""
    most: int = eqx.field(static=True, default=20_000)
    """Steps; motion that is not at the end then is nowhere."""

    def end(self, force: Forces, numbers: Float[Array, " number"], start: Start) -> Vectors:
        """See `Scheme`."""
        bodies = start.position.shape[1]
        first, second = jnp.triu_indices(bodies, 1)

        def pulled(x: Vectors, v: Vectors) -> Vectors:
            return force.accelerations(numbers, x, v, start.coupling, start.mass)

        def safe(x: Vectors, v: Vectors, a: Vectors) -> Float[Array, " pair"]:
            apart, speed, pull = (one[:, second] - one[:, first] for one in (x, v, a))
            r, s, p = (jnp.sqrt(jnp.sum(one**2, axis=0) + 1e-300) for one in (apart, speed, pull))
            met = self.share * jnp.min(jnp.minimum(r / s, jnp.sqrt(r / p)), axis=0)
            # Bodies at one place would stand still.
            return jnp.maximum(met, self.least * start.stretch)

        def under_way(now: tuple[Vectors, Vectors, Array, Array]) -> Array:
            _, _, left, count = now
            return jnp.any(left > 0) & (count < self.most)

        def body(
            now: tuple[Vectors, Vectors, Array, Array],
        ) -> tuple[Vectors, Vectors, Array, Array]:
            x, v, left, count = now
            a = pulled(x, v)
            taken = jax.lax.stop_gradient(jnp.minimum(left, safe(x, v, a)))
            h = taken[None, None]
            v2 = v + h / 2 * a
            b = pulled(x + h / 2 * v, v2)
            v3 = v + h / 2 * b
            c = pulled(x + h / 2 * v2, v3)
            v4 = v + h * c
            d = pulled(x + h * v3, v4)
            x = x + h / 6 * (v + 2 * v2 + 2 * v3 + v4)
            v = v + h / 6 * (a + 2 * b + 2 * c + d)
            return x, v, jnp.where(taken < left, left - taken, 0), count + 1

        first_one = (start.position, start.velocity, start.stretch, jnp.asarray(0))
        x, _, left, _ = jax.lax.while_loop(under_way, body, first_one)
        return jnp.where(left[None, None] > 0, jnp.nan, x)

    def over(self, stretch: float) -> Scheme:
        """See `Scheme`."""
        del stretch
        return self

    @property
    def words(self) -> str:
        """See `Scheme`."""
        return "steps that encounters shorten"


def _loop(body, steps: int, first):
    """`fori_loop` as a scan, which differentiates."""
    final, _ = jax.lax.scan(lambda now, index: (body(index, now), None), first, jnp.arange(steps))
    return final
