"""Which law a saved name stands for: a closed list, so that loading runs nothing from a file."""

from __future__ import annotations

from collections.abc import Iterable

from forcelaw.laws._attribute_springs import AttributeSpring
from forcelaw.laws._formula import Formula
from forcelaw.laws._hamiltonian import HamiltonianNetwork
from forcelaw.laws._law import Law
from forcelaw.laws._message import MessageNetwork
from forcelaw.laws._neural_springs import NeuralSpring
from forcelaw.laws._pair import PairNetwork
from forcelaw.laws._springs import BoundSprings, Spring, SpringLaw
from forcelaw.laws._tabulated import TabulatedForce

_FAMILIES: tuple[type[Law], ...] = (
    AttributeSpring,
    BoundSprings,
    Formula,
    HamiltonianNetwork,
    MessageNetwork,
    NeuralSpring,
    PairNetwork,
    Spring,
    SpringLaw,
    TabulatedForce,
)


def families(own: Iterable[type[Law]] = ()) -> dict[str, type[Law]]:
    """Every law family by its class name: those of `forcelaw.laws` and the caller's `own`."""
    return {family.family(): family for family in [*_FAMILIES, *own] if family is not Law}
