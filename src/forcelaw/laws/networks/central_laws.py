"""What the laws of one scalar between two bodies have in common."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any, ClassVar

import equinox as eqx
import jax
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.laws.expression import Expression
from forcelaw.laws.law import Law
from forcelaw.laws.networks.inserted_formula import WrittenScalar, insert_scalar
from forcelaw.laws.networks.radial_functions import Radial, Reading, described_inputs
from forcelaw.laws.scale import Scale
from forcelaw.laws.units import Units


class CentralLaw(Law):
    """A scalar of distance and attributes, the same function for all pairs, acts between bodies.

    It is learned, or a formula whose constants train. Rotations and permutations hold by
    construction, and so do, without a one-body force or energy, translations and, on symmetric
    graphs, Newton's third law. The masses are the attribute `mass`, or one where there is none.
    """

    radial: Radial | WrittenScalar
    one_body: Any
    """What acts on a body alone, or None."""
    reading: Reading
    dim: int = eqx.field(static=True)
    one_body_by_default: ClassVar[bool]
    """Whether something acts on a body alone unless the constructor is told otherwise."""

    def __init__(
        self,
        dim: int,
        names: Sequence[str] = (),
        *,
        key: PRNGKeyArray,
        logarithmic: Sequence[bool] | None = None,
        one_body: bool | None = None,
        hidden: Sequence[int] = (64, 64),
        activation: str = "tanh",
        power: float = 0.0,
        formula: str | Expression | None = None,
        scale: Scale | None = None,
    ) -> None:
        """See the class.

        **Arguments:** `names` the scalar attributes that may be read; `logarithmic` which of them
        are positive and read by their logarithm (default: `mass`); `one_body` whether something
        may act on a body alone; `power` where the learned power of the distance starts; `formula`
        in `r`, `m_i`, `m_j`, ... takes the place of the learned scalar, its constants are trained.
        """
        self.reading = Reading.of(names, logarithmic, scale)
        pair_key, one_body_key = jax.random.split(key)
        if formula is None:
            self.radial = Radial(
                len(names), key=pair_key, hidden=hidden, activation=activation, power=power
            )
        else:
            self.radial = insert_scalar(formula, symmetric=True)
        alone = self.one_body_by_default if one_body is None else one_body
        self.one_body = self._new_one_body(dim, key=one_body_key) if alone else None
        self.dim = dim

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read, in the order of the columns given to `pair`."""
        return self.reading.names

    def described(self) -> list[str]:
        """See `Law.described`."""
        return [*described_inputs(self.dim, self.names), self.radial.described]

    def rescaled(self, units: Units) -> Any:
        """See `Law.rescaled`: learned sizes are measured anew, and so is a written scalar."""
        if units.same:
            return self
        law = eqx.tree_at(lambda law: law.reading, self, self.reading.rescaled(units))
        if isinstance(self.radial, WrittenScalar):
            radial = self.radial.rescaled(units, self._written_unit(units))
            law = eqx.tree_at(lambda law: law.radial, law, radial)
        return law

    @abc.abstractmethod
    def _written_unit(self, units: Units) -> float:
        """The unit of the scalar."""

    @abc.abstractmethod
    def pair(
        self,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar force at distance `r`, attraction positive, in mass times acceleration."""

    @abc.abstractmethod
    def _new_one_body(self, dim: int, *, key: PRNGKeyArray) -> Any:
        """What acts on a body alone, untrained."""

    def _scalar(
        self,
        unit: Float[Array, ""],
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The scalar; a learned one knows its values in units of `unit`."""
        value = self.radial(self.reading, r, receiver, sender)
        return value if isinstance(self.radial, WrittenScalar) else unit * value

    def settings(self) -> JsonObject:
        """See `Law.settings`."""
        return {
            "dim": self.dim,
            "names": list(self.names),
            "logarithmic": list(self.reading.logarithmic),
            "own": self.one_body is not None,
            **self.radial.settings(),
        }

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """See `Law.from_settings`."""
        own = {"one_body": settings["own"]} if "own" in settings else {}
        rest = {name: value for name, value in settings.items() if name != "own"}
        return cls(**rest, **own, key=jax.random.key(0))
