"""The one abstraction of the house: a law gives every node its acceleration."""

from __future__ import annotations

import abc
from typing import Any

import equinox as eqx
from jaxtyping import Array, Float

from forcelaw.graph import Graph
from forcelaw.laws._state import Attributes, State
from forcelaw.laws._units import Units


class Law(eqx.Module):
    """Acceleration of every node from the graph, the state and the attributes.

    A law is a pytree: its floating arrays are its parameters. Subclasses are final. They are
    saved as their arrays plus `settings()`, and rebuilt by `type(law).from_settings(settings)`,
    which returns a law of the same structure whose arrays are then filled in.
    """

    @abc.abstractmethod
    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """The acceleration of every node, in length per time squared."""

    def rescaled(self, units: Units) -> Law:
        """The same law for states and attributes that are measured in `units`.

        It gives accelerations in these, too. Unless a law says otherwise, it is asked in its own.
        """
        from forcelaw.laws._other_units import InOtherUnits

        return self if units.same else InOtherUnits.of(self, units)

    @classmethod
    def family(cls) -> str:
        """The name under which laws of this class are saved."""
        return cls.__name__

    @abc.abstractmethod
    def settings(self) -> dict[str, Any]:
        """What JSON can hold and `from_settings` needs to build a law of this structure."""

    @classmethod
    @abc.abstractmethod
    def from_settings(cls, settings: dict[str, Any]) -> Law:
        """A law of the structure described by `settings`; its arrays are yet to be filled in."""
