"""What formulas call things, and in which units they are measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forcelaw.laws.expression import Expression, Variable
from forcelaw.laws.units import Units

SHORT_NAMES = {"m": "mass", "q": "charge"}
"""How a formula calls these attributes; every other attribute goes by its own name."""
AXES = ("x", "y", "z")


def pair_units(pair: Expression, units: Units) -> dict[str, float]:
    """The unit of every variable of a pair force."""
    stems = {name: name.rpartition("_")[0] for name in pair.variables if name[-2:] in ("_i", "_j")}
    return {"r": units.length} | {n: _attribute_unit(stem, units) for n, stem in stems.items()}


def one_body_units(part: Expression, units: Units) -> dict[str, float]:
    """The unit of every variable of a one-body force."""
    known = dict.fromkeys(("v", "speed", "vx", "vy", "vz"), units.speed)
    known |= dict.fromkeys(AXES, units.length)
    return {
        name: known[name] if name in known else _attribute_unit(name, units)
        for name in part.variables
    }


def _attribute_unit(name: str, units: Units) -> float:
    return units.attribute(attribute_name(name, units.attributes) or name)


def short_name(attribute: str) -> str:
    """How formulas call a node attribute: `m` for `mass`, `q` for `charge`, else its name."""
    return {long: short for short, long in SHORT_NAMES.items()}.get(attribute, attribute)


def both_ends(*attributes: str) -> tuple[Variable, ...]:
    """Attributes of both bodies of a pair, as pair forces call them: `m_i` and `m_j` for `mass`."""
    return tuple(Variable(f"{short_name(name)}_{end}") for name in attributes for end in "ij")


def attribute_name(name: str, known: Mapping[str, Any]) -> str | None:
    """Which of the known attributes a formula calls `name`: `mass` for `m`; None if none."""
    long = SHORT_NAMES.get(name, name)
    return long if long in known else name if name in known else None
