"""What may act beside a central force, each by a few numbers of which accelerations are linear."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.laws.attribute_names import AXES
from forcelaw.laws.expression import Node, Parameter, Variable
from forcelaw.particles.diagnosis import Cause
from forcelaw.particles.pairs_of_states.forces.central_forces import (
    Forces,
    PairForce,
    Vectors,
    lines_of,
    sum_on_bodies,
)


class Acting(eqx.Module):
    """How bodies are, and what of the central force acts on them."""

    position: Vectors
    velocity: Vectors
    mass: Float[Array, "body pair"]
    coupling: Float[Array, "line pair"]
    between: Float[Array, "dim line pair"]
    """On the first body of every line, from the second."""


class ForceBeside(eqx.Module):
    """An acceleration of bodies that is linear in its numbers."""

    cause: ClassVar[Cause]
    """What a law lacks that lacks it."""
    words: ClassVar[str]

    @property
    @abc.abstractmethod
    def count(self) -> int:
        """How many numbers it has."""

    @abc.abstractmethod
    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """Of all bodies."""


class OneBodyForce(ForceBeside):
    """It acts on a body alone, and a formula can hold it."""

    @abc.abstractmethod
    def components(self, numbers: Sequence[float]) -> list[Node]:
        """The force, one tree a component."""


class Drag(OneBodyForce):
    """Linear in the velocity, against it."""

    cause: ClassVar[Cause] = "velocity-dependent"
    words: ClassVar[str] = "drag"
    dim: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 1

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        return -numbers[0] * acting.velocity / acting.mass[None]

    def components(self, numbers: Sequence[float]) -> list[Node]:
        """See `OneBodyForce`."""
        return [-Parameter(numbers[0]) * Variable("v")] * self.dim


class QuadraticDrag(OneBodyForce):
    """As the square of the speed, against the velocity."""

    cause: ClassVar[Cause] = "velocity-dependent"
    words: ClassVar[str] = "a drag by the square of the speed"
    dim: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 1

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        square = jnp.sum(acting.velocity**2, axis=0)
        moves = square > 0
        speed = jnp.where(moves, jnp.sqrt(jnp.where(moves, square, 1)), 0)
        return -numbers[0] * speed[None] * acting.velocity / acting.mass[None]

    def components(self, numbers: Sequence[float]) -> list[Node]:
        """See `OneBodyForce`."""
        return [-Parameter(numbers[0]) * Variable("speed") * Variable("v")] * self.dim


class UniformField(OneBodyForce):
    """The same everywhere."""

    cause: ClassVar[Cause] = "external-field"
    words: ClassVar[str] = "a uniform field"
    dim: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return self.dim

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        return jnp.broadcast_to(numbers[:, None, None], acting.position.shape)

    def components(self, numbers: Sequence[float]) -> list[Node]:
        """See `OneBodyForce`."""
        return [Parameter(number) * Variable("m") for number in numbers]


class Trap(OneBodyForce):
    """Linear in the place, towards a centre that need not be the origin."""

    cause: ClassVar[Cause] = "external-field"
    words: ClassVar[str] = "a trap"
    dim: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 1 + self.dim

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        constant = numbers[1:, None, None]
        return (constant - numbers[0] * acting.position) / acting.mass[None]

    def components(self, numbers: Sequence[float]) -> list[Node]:
        """See `OneBodyForce`."""
        stiffness = Parameter(numbers[0])
        return [
            Parameter(constant) - stiffness * Variable(axis)
            for constant, axis in zip(numbers[1:], AXES, strict=False)
        ]


class MagneticField(OneBodyForce):
    """Across the velocity, along an axis that in the plane stands on it."""

    cause: ClassVar[Cause] = "velocity-dependent"
    words: ClassVar[str] = "a magnetic field"
    dim: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 1 if self.dim == 2 else 3

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        v = acting.velocity
        if len(v) == 2:
            turned = numbers[0] * jnp.stack([v[1], -v[0]])
        else:
            turned = jnp.cross(v, jnp.broadcast_to(numbers[:, None, None], v.shape), axis=0)
        return turned / acting.mass[None]

    def components(self, numbers: Sequence[float]) -> list[Node]:
        """See `OneBodyForce`."""
        v = [Variable(f"v{axis}") for axis in AXES[: self.dim]]
        b = list(map(Parameter, numbers))
        if self.dim == 2:
            return [b[0] * v[1], -b[0] * v[0]]
        turns = [((axis + 1) % 3, (axis + 2) % 3) for axis in range(3)]
        return [v[one] * b[other] - v[other] * b[one] for one, other in turns]


class Alignment(ForceBeside):
    """Velocities of two bodies draw near each other, by a constant and by a shrinking rate."""

    cause: ClassVar[Cause] = "velocity-dependent"
    words: ClassVar[str] = "friction between bodies"
    unit: float = eqx.field(static=True)
    """The typical distance."""

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 2

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        square = lines_of(acting.position)[1]
        rate = numbers[0] + numbers[1] / (1 + square / (self.unit / 2) ** 2)
        force = rate[None] * lines_of(acting.velocity)[0]
        return sum_on_bodies(force, -force, acting.mass.shape[0]) / acting.mass[None]


class Transverse(ForceBeside):
    """A share of the central force, turned by a right angle."""

    cause: ClassVar[Cause] = "transverse"
    words: ClassVar[str] = "a force across the line between bodies"

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 1

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        force = numbers[0] * jnp.stack([acting.between[1], -acting.between[0]])
        return sum_on_bodies(force, -force, acting.mass.shape[0]) / acting.mass[None]


class BodyFactors(ForceBeside):
    """Each body pulls by a factor of its own, and yields by another: a property not recorded."""

    cause: ClassVar[Cause] = "hidden-attribute"
    words: ClassVar[str] = "a property of the bodies that is not in the data"
    bodies: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return 2 * self.bodies

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        bodies = self.bodies
        first, second = np.triu_indices(bodies, 1)
        pulls, yields = numbers[:bodies], numbers[bodies:]
        on_first = (pulls[second] + yields[first])[None, :, None] * acting.between
        on_second = -(pulls[first] + yields[second])[None, :, None] * acting.between
        return sum_on_bodies(on_first, on_second, bodies) / acting.mass[None]


class Bends(ForceBeside):
    """The force against distance is of another form: lines between values at some distances."""

    cause: ClassVar[Cause] = "form"
    words: ClassVar[str] = "another form of the force"
    first: float = eqx.field(static=True)
    """Logarithm of the first distance."""
    gap: float = eqx.field(static=True)
    places: int = eqx.field(static=True)

    @property
    def count(self) -> int:
        """See `ForceBeside`."""
        return self.places

    def accelerations(self, numbers: Float[Array, " number"], acting: Acting) -> Vectors:
        """See `ForceBeside`."""
        apart, square = lines_of(acting.position)
        safe = jnp.where(square > 0, square, 1)
        place = jnp.clip((jnp.log(safe) / 2 - self.first) / self.gap, 0, self.places - 1)
        # Beyond the ends the value stays.
        hats = (jnp.maximum(0, 1 - jnp.abs(place - k)) for k in range(self.places))
        value = sum(number * hat for number, hat in zip(numbers, hats, strict=True))
        value = jnp.where(square > 0, value, 0)
        force = (acting.coupling * value / jnp.sqrt(safe))[None] * apart
        return sum_on_bodies(force, -force, acting.mass.shape[0]) / acting.mass[None]


class ForcesBeside(Forces):
    """A force between pairs and what acts beside it: its numbers, then those of each of these."""

    pair: PairForce
    own: int = eqx.field(static=True)
    """Numbers of the force between pairs, a cap included."""
    beside: tuple[ForceBeside, ...]

    def accelerations(
        self,
        numbers: Float[Array, " number"],
        position: Vectors,
        velocity: Vectors,
        coupling: Float[Array, "line pair"],
        mass: Float[Array, "body pair"],
    ) -> Vectors:
        """See `Forces`."""
        own, at = numbers[: self.own], self.own
        total = self.pair.accelerations(own, position, velocity, coupling, mass)
        between = self.pair.between(own, position, coupling)
        acting = Acting(position, velocity, mass, coupling, between)
        for one in self.beside:
            total = total + one.accelerations(numbers[at : at + one.count], acting)
            at += one.count
        return total
