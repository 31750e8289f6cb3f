"""What may multiply a force: nothing, or an attribute."""

from __future__ import annotations

import numpy as np

from forcelaw.laws import short_name
from forcelaw.laws.expression import Variable
from forcelaw.particles.equations import Design


def both_ends(name: str | None) -> tuple[Variable, ...]:
    """The attribute of both bodies of a pair, `m_i` and `m_j`; nothing for None."""
    return () if name is None else tuple(Variable(f"{short_name(name)}_{end}") for end in "ij")


def one_body(design: Design) -> list[tuple[Variable, ...]]:
    """Nothing, or one attribute that is not the same throughout."""
    varying = [name for name, value in design.attributes.items() if np.ptp(value) > 0]
    return [(), *((Variable(short_name(name)),) for name in varying)]
