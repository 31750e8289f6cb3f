"""Self forces to choose from: drag and uniform fields."""

from __future__ import annotations

import dataclasses

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Expression, short_name
from forcelaw.particles._design import Design

_SMALL = 1e-2


@dataclasses.dataclass(frozen=True, eq=False)
class OwnTerm:
    """A self force that is linear in its factors."""

    texts: tuple[str, ...]
    """One expression a factor, without it."""
    axes: tuple[int, ...]
    """The component each factor acts on; empty where one factor acts on all alike."""
    columns: tuple[Float[np.ndarray, "row body dim"], ...]
    """The acceleration caused by each factor being one."""
    factors: tuple[float, ...] = ()

    def with_factors(self, factors: Float[np.ndarray, " factor"]) -> OwnTerm:
        """The same with these factors."""
        return dataclasses.replace(self, factors=tuple(factors.tolist()))

    def expressions(self) -> tuple[Expression, ...]:
        """As `Formula.own` wants them; components that are next to nothing are 0."""
        if not self.axes:
            return (_times(self.factors[0], self.texts[0]),)
        largest = max(map(abs, self.factors))
        return tuple(
            _times(factor, text) if abs(factor) > _SMALL * largest else Expression.parse("0")
            for factor, text in zip(self.factors, self.texts, strict=True)
        )


def _times(factor: float, text: str) -> Expression:
    return Expression.parse(repr(factor) if text == "1" else f"({factor!r})*{text}")


def own_terms(design: Design) -> list[OwnTerm]:
    """Drag linear or quadratic in the speed and uniform fields, each times 1 or an attribute."""
    dim = design.position.shape[2]
    speed = np.linalg.norm(design.velocity, axis=-1, keepdims=True)
    found = []
    varying = [name for name, value in design.attributes.items() if np.ptp(value) > 0]
    for name in (None, *varying):
        if name is None:
            factor, prefix = np.ones_like(design.mass), ""
        else:
            factor, prefix = design.attributes[name], f"{short_name(name)}*"
        scale = (factor / design.mass)[..., None]
        drag = scale * design.velocity
        found.append(OwnTerm((f"{prefix}v",), (), (design.seen(drag),)))
        found.append(OwnTerm((f"{prefix}speed*v",), (), (design.seen(speed * drag),)))
        columns = tuple(design.seen(scale * axis * np.ones_like(drag)) for axis in np.eye(dim))
        found.append(OwnTerm((prefix.rstrip("*") or "1",) * dim, tuple(range(dim)), columns))
    return found
