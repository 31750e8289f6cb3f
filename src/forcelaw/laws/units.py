"""Units in which numbers are of order one, measured in the units that the data came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Units:
    """How large each unit is, in the units that are in use now."""

    length: float = 1.0
    time: float = 1.0
    attributes: Mapping[str, float] = field(default_factory=dict)
    """Of `mass`, `charge` and any other attribute of the bodies; one where none is named."""

    @property
    def speed(self) -> float:
        """Length over time."""
        return self.length / self.time

    @property
    def acceleration(self) -> float:
        """Length over time squared."""
        return self.speed / self.time

    @property
    def force(self) -> float:
        """Mass times acceleration; an acceleration where there are no masses."""
        return self.attribute("mass") * self.acceleration

    @property
    def same(self) -> bool:
        """Whether they are the units in use."""
        return all(unit == 1 for unit in (self.length, self.time, *self.attributes.values()))

    @property
    def inverse(self) -> Units:
        """The units in use now, measured in these."""
        own = {name: _one_over(unit) for name, unit in self.attributes.items()}
        return Units(_one_over(self.length), _one_over(self.time), own)

    def attribute(self, name: str) -> float:
        """The unit of an attribute."""
        return self.attributes.get(name, 1.0)


def _one_over(unit: float) -> float:
    """Exact for decimals: `1 / 1e-9` is `999999999.9999999`."""
    return float(1 / Fraction(repr(float(unit))))
