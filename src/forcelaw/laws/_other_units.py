"""A law that keeps its own units, seen from others."""

from __future__ import annotations

from typing import Any

import equinox as eqx
from jaxtyping import Array, Float

from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws._law import Law
from forcelaw.laws._state import Attributes, State
from forcelaw.laws._units import Units


class InOtherUnits(Law):
    """What `Law.rescaled` gives for laws that cannot measure their own numbers anew."""

    law: Law
    length: float = eqx.field(static=True)
    time: float = eqx.field(static=True)
    attributes: tuple[tuple[str, float], ...] = eqx.field(static=True)

    @classmethod
    def of(cls, law: Law, units: Units) -> InOtherUnits:
        """The law as it is for states that are measured in `units`."""
        return cls(law, units.length, units.time, tuple(sorted(units.attributes.items())))

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        units = Units(self.length, self.time, dict(self.attributes))
        there = State(state.position * units.length, state.velocity * units.speed)
        own = {name: value * units.attribute(name) for name, value in attributes.node.items()}
        return self.law(graph, there, Attributes(own, attributes.edge)) / units.acceleration

    def rescaled(self, units: Units) -> Law:
        """See `Law.rescaled`."""
        mine = dict(self.attributes)
        names = {*mine, *units.attributes}
        both = Units(
            self.length * units.length,
            self.time * units.time,
            {name: mine.get(name, 1.0) * units.attribute(name) for name in names},
        )
        return self.law if _nearly_one(both) else InOtherUnits.of(self.law, both)

    def settings(self) -> dict[str, Any]:
        """It is not saved: its law is."""
        raise InputError(
            f"found a {type(self.law).__name__} in other units, expected the law itself; save that"
        )

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Law:
        """See `settings`."""
        raise InputError(f"found settings {sorted(settings)}, expected those of the law itself")


def _nearly_one(units: Units) -> bool:
    parts = (units.length, units.time, *units.attributes.values())
    return all(abs(part - 1) < 1e-12 for part in parts)
